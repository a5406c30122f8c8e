// SPDX-License-Identifier: Apache-2.0
/*
 * A server under test over TCP: we are its client, and every operation of the wire is a PDU, or the wait for one. What
 * the server makes of it is for whoever looks on at runtime->tap to judge.
 */
#define _POSIX_C_SOURCE 200809L
#include "runtime/tcp.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "runtime/process.h"
#include "wire/presentation.h"

enum {
    PAUSE_NS = 1000000,              /* until calls are released again */
    LONGER_PAUSE_NS = 20 * PAUSE_NS, /* until it is tried again whether the server is there */
    SECOND_CONNECTION_MS = 1000,     /* for the server to answer on one while another is open */
    PATIENCE_MS = 64                 /* for the server to close a connection that we leave */
};

struct tcp {
    struct rpcancel_runtime base; /* first, so that it leads back */
    struct sockaddr_in address;
    struct rpcancel_target target;
    unsigned deadline_ms;
    struct rpcancel_tcp_connection connection;
    struct rpcancel_tcp_control control;
    bool was_lost;        /* the server, by the sequence before; or it may be stuck */
    unsigned patience_ms; /* less each time that the server does not close in it: some wait for calls to end */
    unsigned
        lookout_ms; /* for the server to close over a cancel, before it is sent anything else; less each time too */
    /* of |connection| */
    bool is_bound, is_multiplexed, is_bind_answered, was_bind_sent;
    uint32_t last_call_id;
    uint32_t awaited;     /* call_id of the last barrier; 0: there was none */
    uint32_t awaited_at;  /* when it was sent, as calls have it */
    bool is_answered;     /* it is */
    bool is_cancel_last;  /* of what was sent and received */
    bool is_kept_waiting; /* a deadline went by in vain, and since then nothing happened that could change that */
    struct rpcancel_tcp_calls calls;
};

/* ---- what arrives ---- */

static void take_bind_ack(struct tcp *tcp, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_span list = pdu->bind_ack.results;
    struct rpcancel_result result;
    tcp->is_bind_answered = true;
    tcp->is_multiplexed = pdu->flags & RPCANCEL_PFC_CONC_MPX;
    tcp->is_bound =
        rpcancel_result_next(&list, rpcancel_pdu_is_big_endian(pdu), &result) && result.result == RPCANCEL_ACCEPTANCE;
}

static void take_reply(struct tcp *tcp, const struct rpcancel_pdu *pdu)
{
    bool is_end = pdu->type == RPCANCEL_PDU_FAULT || pdu->flags & RPCANCEL_PFC_LAST_FRAG;
    tcp->is_answered |= is_end && pdu->call_id == tcp->awaited;
    tcp->is_kept_waiting = false;
    rpcancel_tcp_calls_reply(&tcp->calls, pdu->call_id, is_end);
}

static void received(void *context, const struct rpcancel_pdu *pdu)
{
    struct tcp *tcp = context;
    tcp->is_cancel_last = false;
    switch (pdu->type) {
    case RPCANCEL_PDU_BIND_ACK:
        take_bind_ack(tcp, pdu);
        break;
    case RPCANCEL_PDU_BIND_NAK:
        tcp->is_bind_answered = true;
        break;
    case RPCANCEL_PDU_FAULT:
        tcp->is_bind_answered |= !tcp->is_bound;
        take_reply(tcp, pdu);
        break;
    case RPCANCEL_PDU_RESPONSE:
        take_reply(tcp, pdu);
        break;
    default:
        break;
    }
}

/* ---- what comes of operations ---- */

static enum rpcancel_exchange done(struct rpcancel_answer *answer)
{
    *answer = rpcancel_answer_kind(RPCANCEL_ANSWER_DONE);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static enum rpcancel_exchange refused(struct rpcancel_answer *answer)
{
    *answer = rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static enum rpcancel_exchange unimplemented(struct rpcancel_answer *answer)
{
    *answer = rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

__attribute__((format(printf, 3, 4))) static enum rpcancel_exchange fail(struct tcp *tcp, enum rpcancel_exchange how,
                                                                         const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(tcp->base.failure, sizeof tcp->base.failure, format, arguments);
    va_end(arguments);
    return how;
}

/* Who did not answer may be stuck, for everybody and for good: the next sequence is not to blame for that. */
static enum rpcancel_exchange hung(struct tcp *tcp, const char *what)
{
    tcp->base.kept_by = RPCANCEL_KEPT_BY_NOTHING;
    tcp->was_lost = true;
    if (rpcancel_tcp_is_interrupted(&tcp->connection))
        return fail(tcp, RPCANCEL_EXCHANGE_BROKEN, "interrupted");
    return fail(tcp, RPCANCEL_EXCHANGE_HUNG, "no %s within %u ms", what, tcp->deadline_ms);
}

/* The same, where calls may have kept the server from it. */
static enum rpcancel_exchange hung_unless(struct tcp *tcp, enum rpcancel_kept_by kept, const char *what)
{
    enum rpcancel_exchange result = hung(tcp, what);
    tcp->was_lost = kept == RPCANCEL_KEPT_BY_NOTHING;
    tcp->base.kept_by = (uint8_t)kept;
    return result;
}

/* What it means that the second connection was not answered as |asked| says; |what| was wanted there. */
static enum rpcancel_exchange unanswered(struct tcp *tcp, enum rpcancel_tcp_asked asked, const char *what)
{
    switch (asked) {
    case RPCANCEL_TCP_LATE:
        return hung(tcp, what);
    case RPCANCEL_TCP_REFUSED:
        tcp->was_lost = true;
        return fail(tcp, RPCANCEL_EXCHANGE_CRASHED, "the server takes no connection any more");
    case RPCANCEL_TCP_CUT:
        return fail(tcp, RPCANCEL_EXCHANGE_CRASHED,
                    "the server ended all of its connections, as one does that is started again");
    case RPCANCEL_TCP_CLOSED:
        return fail(tcp, RPCANCEL_EXCHANGE_BROKEN, "no %s: the server closes the connection", what);
    default:
        return fail(tcp, RPCANCEL_EXCHANGE_BROKEN, "no %s: %s", what, strerror(errno));
    }
}

/* ---- operations ---- */

static void forget(struct tcp *tcp)
{
    rpcancel_tcp_close(&tcp->connection);
    memset(&tcp->calls, 0, sizeof tcp->calls);
    tcp->is_bound = tcp->is_multiplexed = tcp->is_bind_answered = tcp->was_bind_sent = tcp->is_kept_waiting = false;
    tcp->is_cancel_last = false;
    tcp->last_call_id = tcp->awaited = 0;
}

static bool connect_again(struct tcp *tcp)
{
    forget(tcp);
    tcp->connection.is_big_endian = false;
    return rpcancel_tcp_open(&tcp->connection, &tcp->address);
}

/* connect_again failed. */
static enum rpcancel_exchange not_connected(struct tcp *tcp)
{
    if (rpcancel_tcp_is_interrupted(&tcp->connection) || errno == ETIMEDOUT)
        return hung(tcp, "connection");
    return unanswered(tcp, errno == ECONNREFUSED || errno == ECONNRESET ? RPCANCEL_TCP_REFUSED : RPCANCEL_TCP_UNABLE,
                      "connection");
}

static enum rpcancel_exchange associate(struct tcp *tcp, enum rpcancel_association_kind how,
                                        struct rpcancel_answer *answer)
{
    if ((tcp->connection.socket < 0 || tcp->was_bind_sent) && !connect_again(tcp))
        return not_connected(tcp);
    tcp->connection.is_big_endian = how == RPCANCEL_ASSOCIATION_BIG_ENDIAN;
    tcp->was_bind_sent = true;
    rpcancel_tcp_send_bind(&tcp->connection, ++tcp->last_call_id, how);
    if (!rpcancel_tcp_receive_until(&tcp->connection, &tcp->is_bind_answered, true))
        return hung(tcp, "answer to the bind");
    return rpcancel_tcp_asks_multiplexing(how) && tcp->is_bound && !tcp->is_multiplexed ? unimplemented(answer)
                                                                                        : done(answer);
}

/* A barrier was given up, and its answer is still to come. */
static bool is_barrier_open(const struct tcp *tcp)
{
    return tcp->awaited && !tcp->is_answered && tcp->connection.socket >= 0;
}

/* One that no PDU of the connection had. */
static uint32_t new_call_id(struct tcp *tcp)
{
    if (++tcp->last_call_id == tcp->target.call_id)
        tcp->last_call_id++;
    return tcp->last_call_id;
}

/* That of a request: the target's, where nothing else could be meant by it. */
static uint32_t request_call_id(struct tcp *tcp)
{
    bool is_fit = tcp->target.call_id && !rpcancel_tcp_calls_are_open(&tcp->calls) && !is_barrier_open(tcp);
    return is_fit ? tcp->target.call_id : new_call_id(tcp);
}

/* A server that closes over a cancel does so before it is sent the next request, or nobody could tell over what; and
 * one that has one call_id for all answers before another call of that one, if at all. */
static void look_out(struct tcp *tcp)
{
    struct pollfd polled = {tcp->connection.socket, POLLIN, 0};
    bool is_in_the_way = tcp->target.call_id && !rpcancel_tcp_calls_bar(&tcp->calls, false);
    bool is_worth_it = rpcancel_tcp_calls_are_open(&tcp->calls) ? is_in_the_way : tcp->is_cancel_last;
    if (!is_worth_it || tcp->connection.socket < 0)
        return;
    if (poll(&polled, 1, (int)tcp->lookout_ms) > 0)
        rpcancel_tcp_look(&tcp->connection);
    else
        tcp->lookout_ms /= 2;
    tcp->is_cancel_last = false;
}

static enum rpcancel_exchange begin_call(struct tcp *tcp, struct rpcancel_operation operation,
                                         struct rpcancel_answer *answer)
{
    struct rpcancel_tcp_call *call = &tcp->calls.of[operation.handle];
    const enum rpcancel_request_kind kind = (enum rpcancel_request_kind)operation.argument;
    struct rpcancel_tcp_request_form form = rpcancel_tcp_request_form(kind);
    enum rpcancel_wire_operation_class class = rpcancel_target_class(kind);
    bool is_whole = operation.kind == RPCANCEL_OP_SEND_REQUEST;
    if (!tcp->target.classes[class].is_known)
        return unimplemented(answer);
    look_out(tcp);
    if (tcp->connection.socket < 0 || !tcp->is_bound || (call->is_open && !call->is_orphaned))
        return refused(answer);
    if (is_barrier_open(tcp) && !tcp->is_multiplexed) /* a call of ours, which another one must not meet */
        return refused(answer);
    uint32_t call_id = call->is_numbered && call->same_call_id ? call->call_id : request_call_id(tcp);
    call = rpcancel_tcp_calls_begin(&tcp->calls, operation.handle, call_id);
    call->is_open = true;
    call->is_assembling = !is_whole;
    call->is_maybe = form.flags & RPCANCEL_PFC_MAYBE;
    call->is_due =
        form.flags & RPCANCEL_PFC_PENDING_CANCEL || class == RPCANCEL_CLASS_FAST || class == RPCANCEL_CLASS_STREAM;
    call->class = (uint8_t) class;
    uint8_t flags = (uint8_t)(form.flags | RPCANCEL_PFC_FIRST_FRAG | (is_whole ? RPCANCEL_PFC_LAST_FRAG : 0));
    rpcancel_tcp_send_request(&tcp->connection, call_id, &tcp->target.classes[class], flags, form.alloc_hint, class);
    return done(answer);
}

static enum rpcancel_exchange go_on_with_call(struct tcp *tcp, struct rpcancel_operation operation,
                                              struct rpcancel_answer *answer)
{
    struct rpcancel_tcp_call *call = &tcp->calls.of[operation.handle];
    bool is_last = operation.kind == RPCANCEL_OP_SEND_LAST;
    if (tcp->connection.socket < 0 || !tcp->is_bound)
        return refused(answer);
    if (!call->is_numbered) /* a fragment of nothing */
        rpcancel_tcp_calls_begin(&tcp->calls, operation.handle, new_call_id(tcp))->class = RPCANCEL_CLASS_FAST;
    uint8_t flags =
        (uint8_t)((is_last ? RPCANCEL_PFC_LAST_FRAG : 0) |
                  (operation.argument == RPCANCEL_FRAGMENT_PENDING_CANCEL ? RPCANCEL_PFC_PENDING_CANCEL : 0));
    call->is_assembling &= !is_last;
    rpcancel_tcp_send_request(&tcp->connection, call->call_id, &tcp->target.classes[call->class], flags, 0,
                              RPCANCEL_CLASS_UNKNOWN);
    return done(answer);
}

static enum rpcancel_exchange send_cancel(struct tcp *tcp, struct rpcancel_operation operation,
                                          struct rpcancel_answer *answer)
{
    struct rpcancel_tcp_call *call = &tcp->calls.of[operation.handle];
    bool is_orphaned = operation.kind == RPCANCEL_OP_SEND_ORPHANED;
    if (tcp->connection.socket < 0 && (tcp->was_bind_sent || !connect_again(tcp)))
        return tcp->was_bind_sent ? refused(answer) : not_connected(tcp);
    if (!call->is_numbered)
        rpcancel_tcp_calls_begin(&tcp->calls, operation.handle, new_call_id(tcp));
    rpcancel_tcp_send_cancel(&tcp->connection, is_orphaned ? RPCANCEL_PDU_ORPHANED : RPCANCEL_PDU_CO_CANCEL,
                             call->call_id, (enum rpcancel_cancel_form)operation.argument);
    tcp->is_cancel_last = true;
    if (is_orphaned)
        rpcancel_tcp_calls_orphan(&tcp->calls, call);
    /* What a server makes of the others is free, and of one for an orphaned call. */
    if (!is_orphaned && !call->is_orphaned && call->class == RPCANCEL_CLASS_PARK &&
        operation.argument < RPCANCEL_FORM_VERIFIER)
        call->is_due = true;
    tcp->is_kept_waiting = false;
    return done(answer);
}

static enum rpcancel_exchange send_wrong(struct tcp *tcp, enum rpcancel_wrong_type which,
                                         struct rpcancel_answer *answer)
{
    if (tcp->connection.socket < 0)
        return refused(answer);
    rpcancel_tcp_send_wrong(&tcp->connection, new_call_id(tcp), which);
    return done(answer);
}

/* Waits until |*condition| is |wanted|, which |waiting|, sent at |begun_at|, has to bring. */
static enum rpcancel_exchange await(struct tcp *tcp, const struct rpcancel_tcp_call *waiting, uint32_t begun_at,
                                    const bool *condition, bool wanted, struct rpcancel_answer *answer)
{
    enum rpcancel_kept_by kept = rpcancel_tcp_calls_keep(&tcp->calls, waiting, begun_at);
    bool is_waited_for = !tcp->is_kept_waiting || kept == RPCANCEL_KEPT_BY_NOTHING;
    if (!is_waited_for)
        rpcancel_tcp_look(&tcp->connection);
    if (*condition == wanted || tcp->connection.socket < 0 ||
        (is_waited_for && rpcancel_tcp_receive_until(&tcp->connection, condition, wanted)))
        return done(answer);
    tcp->is_kept_waiting = kept != RPCANCEL_KEPT_BY_NOTHING;
    return hung_unless(tcp, kept, waiting ? "reply to the call" : "answer to the barrier");
}

/* The barrier: a call whose answer shows that all before it was read. Where one cannot be made, refused. */
static enum rpcancel_exchange settle(struct tcp *tcp, struct rpcancel_answer *answer)
{
    look_out(tcp);
    if (tcp->connection.socket < 0)
        return done(answer);
    if (!tcp->is_bound)
        return refused(answer);
    if (rpcancel_tcp_calls_bar(&tcp->calls, tcp->is_multiplexed) ||
        (tcp->target.call_id && rpcancel_tcp_calls_are_open(&tcp->calls)))
        return refused(answer);
    if (is_barrier_open(tcp)) { /* the one before comes first */
        enum rpcancel_exchange result = await(tcp, NULL, tcp->awaited_at, &tcp->is_answered, true, answer);
        if (result != RPCANCEL_EXCHANGE_ANSWERED || tcp->connection.socket < 0)
            return result;
    }
    tcp->awaited = request_call_id(tcp);
    tcp->awaited_at = ++tcp->calls.now;
    tcp->is_answered = false;
    rpcancel_tcp_send_request(&tcp->connection, tcp->awaited, &tcp->target.classes[RPCANCEL_CLASS_FAST],
                              RPCANCEL_PFC_SINGLE, 0, RPCANCEL_CLASS_FAST);
    return await(tcp, NULL, tcp->awaited_at, &tcp->is_answered, true, answer);
}

static enum rpcancel_exchange await_reply(struct tcp *tcp, const struct rpcancel_tcp_call *call,
                                          struct rpcancel_answer *answer)
{
    if (!rpcancel_tcp_call_is_to_come(call))
        return tcp->connection.socket < 0 || !call->is_open ? done(answer) : refused(answer);
    return await(tcp, call, call->begun_at, &call->is_open, false, answer);
}

static enum rpcancel_exchange await_first(struct tcp *tcp, const struct rpcancel_tcp_call *call,
                                          struct rpcancel_answer *answer)
{
    if (!rpcancel_tcp_call_is_to_come(call) || tcp->connection.socket < 0)
        return refused(answer);
    return await(tcp, call, call->begun_at, &call->is_answered, true, answer);
}

/* Lets calls go on, again and again where the server says how many: what it does not say is open. */
static enum rpcancel_exchange release(struct tcp *tcp, struct rpcancel_answer *answer)
{
    const struct timespec pause = {0, PAUSE_NS};
    const unsigned held = rpcancel_tcp_calls_held(&tcp->calls);
    const int64_t begin = rpcancel_clock_ms();
    unsigned released = 0;
    bool is_counted;
    if (!tcp->target.release.is_known)
        return unimplemented(answer);
    if (held == 0 || tcp->connection.socket < 0)
        return done(answer);
    rpcancel_tcp_releases(&tcp->connection);
    for (;;) {
        enum rpcancel_tcp_asked asked = rpcancel_tcp_control_call(&tcp->control, &tcp->target.release);
        if (asked != RPCANCEL_TCP_ANSWERED)
            return unanswered(tcp, asked, "answer to the release");
        is_counted = tcp->target.release.counts && tcp->control.says_number;
        released = is_counted && tcp->control.number < held ? released + tcp->control.number : held;
        if (!is_counted || released >= held)
            break;
        rpcancel_tcp_look(&tcp->connection);
        if (rpcancel_tcp_calls_held(&tcp->calls) == 0 || tcp->connection.socket < 0)
            return done(answer); /* they were refused, or the connection is gone */
        int64_t waited = rpcancel_clock_ms() - begin;
        if (released > 0 && waited >= PATIENCE_MS)
            break; /* there is no more, or it is late */
        if (waited >= tcp->deadline_ms || rpcancel_tcp_is_interrupted(&tcp->connection))
            return hung_unless(tcp, rpcancel_tcp_calls_keep_held(&tcp->calls), "call that can be released");
        nanosleep(&pause, NULL);
    }
    /* Of several some may not have begun, and wait then for the next release. */
    rpcancel_tcp_calls_release(&tcp->calls, is_counted ? released >= held : held == 1);
    tcp->is_kept_waiting = false;
    return done(answer);
}

/* ---- the runtime ---- */

/* The server was lost, or is stuck. Somebody may be starting it again. */
static enum rpcancel_exchange await_return(struct tcp *tcp)
{
    const struct timespec pause = {0, LONGER_PAUSE_NS};
    int64_t until = rpcancel_clock_ms() + tcp->deadline_ms;
    enum rpcancel_tcp_asked asked;
    while (!tcp->base.is_gone && (asked = rpcancel_tcp_control_probe(&tcp->control)) != RPCANCEL_TCP_ANSWERED &&
           asked != RPCANCEL_TCP_CUT) {
        if (rpcancel_tcp_is_interrupted(&tcp->connection))
            return hung(tcp, "server");
        tcp->base.is_gone = rpcancel_clock_ms() >= until;
        nanosleep(&pause, NULL);
    }
    if (tcp->base.is_gone)
        return fail(tcp, RPCANCEL_EXCHANGE_BROKEN, "the server is gone, and was not started again within %u ms",
                    tcp->deadline_ms);
    tcp->was_lost = false;
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static enum rpcancel_exchange tcp_reset(struct rpcancel_runtime *runtime)
{
    struct tcp *tcp = (struct tcp *)runtime;
    forget(tcp);
    return tcp->was_lost ? await_return(tcp) : RPCANCEL_EXCHANGE_ANSWERED;
}

/* What a server made of the last PDU shows in whether it is still there once it has closed its end. The process that
 * ends does that, too: so another connection must answer then. */
static enum rpcancel_exchange tcp_conclude(struct rpcancel_runtime *runtime)
{
    struct tcp *tcp = (struct tcp *)runtime;
    if (!rpcancel_tcp_leave(&tcp->connection, tcp->patience_ms))
        tcp->patience_ms /= 2;
    forget(tcp);
    if (tcp->was_lost)
        return RPCANCEL_EXCHANGE_ANSWERED; /* which the run knows */
    enum rpcancel_tcp_asked asked = rpcancel_tcp_control_probe(&tcp->control);
    return asked == RPCANCEL_TCP_ANSWERED ? RPCANCEL_EXCHANGE_ANSWERED
                                          : unanswered(tcp, asked, "answer on another connection after the sequence");
}

static enum rpcancel_exchange tcp_execute(struct rpcancel_runtime *runtime, struct rpcancel_operation operation,
                                          struct rpcancel_answer *answer)
{
    struct tcp *tcp = (struct tcp *)runtime;
    switch (operation.kind) {
    case RPCANCEL_OP_ASSOCIATE:
        return associate(tcp, (enum rpcancel_association_kind)operation.argument, answer);
    case RPCANCEL_OP_SEND_REQUEST:
    case RPCANCEL_OP_SEND_FIRST:
        return begin_call(tcp, operation, answer);
    case RPCANCEL_OP_SEND_MIDDLE:
    case RPCANCEL_OP_SEND_LAST:
        return go_on_with_call(tcp, operation, answer);
    case RPCANCEL_OP_SEND_CO_CANCEL:
    case RPCANCEL_OP_SEND_ORPHANED:
        return send_cancel(tcp, operation, answer);
    case RPCANCEL_OP_SEND_WRONG:
        return send_wrong(tcp, (enum rpcancel_wrong_type)operation.argument, answer);
    case RPCANCEL_OP_SAME_CALL_ID:
        tcp->calls.of[operation.handle].same_call_id = true;
        return done(answer);
    case RPCANCEL_OP_AWAIT_REPLY:
        return await_reply(tcp, &tcp->calls.of[operation.handle], answer);
    case RPCANCEL_OP_AWAIT_FIRST:
        return await_first(tcp, &tcp->calls.of[operation.handle], answer);
    case RPCANCEL_OP_RELEASE:
        return release(tcp, answer);
    case RPCANCEL_OP_DISCONNECT:
        rpcancel_tcp_close(&tcp->connection);
        return done(answer);
    case RPCANCEL_OP_SETTLE:
        return settle(tcp, answer);
    default:
        return unimplemented(answer);
    }
}

static void tcp_close(struct rpcancel_runtime *runtime)
{
    struct tcp *tcp = (struct tcp *)runtime;
    tcp->connection.tap = NULL;
    rpcancel_tcp_close(&tcp->connection);
    rpcancel_tcp_close(&tcp->control.connection);
    free(tcp);
}

static const struct rpcancel_runtime_functions tcp_functions = {.reset = tcp_reset,
                                                                .execute = tcp_execute,
                                                                .conclude = tcp_conclude,
                                                                .close = tcp_close,
                                                                .subject = RPCANCEL_SUBJECT_SERVER};

static void describe(struct tcp *tcp, const char *address)
{
    snprintf(tcp->base.name, sizeof tcp->base.name, "tcp:%.50s", address);
    tcp->base.lacks = rpcancel_target_lacks(&tcp->target);
    memset(tcp->base.control, RPCANCEL_HIDDEN, sizeof tcp->base.control);
    tcp->base.control[RPCANCEL_OP_SETTLE] = RPCANCEL_COMMAND;
}

/* Calls `fast`, which barriers are made of: without, a server that does nothing wrong because it does nothing would
 * conform. */
static bool can_be_called(struct tcp *tcp, char came[RPCANCEL_TCP_CAME_MAX])
{
    const struct rpcancel_target_operation *fast = &tcp->target.classes[RPCANCEL_CLASS_FAST];
    enum rpcancel_tcp_asked asked = RPCANCEL_TCP_ANSWERED;
    if (!rpcancel_tcp_control_try(&tcp->control, fast, SECOND_CONNECTION_MS)) {
        forget(tcp); /* it serves one connection at a time, perhaps */
        asked = rpcancel_tcp_control_call(&tcp->control, fast);
    }
    return rpcancel_tcp_control_responded(&tcp->control, asked, came);
}

/* A server that closes or refuses before there is anything to judge is none that the target describes. One that answers
 * the bind with nothing, or anything with nonsense, is for the rules. */
static bool is_as_described(struct tcp *tcp, const char *address, char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    struct rpcancel_answer answer;
    char came[RPCANCEL_TCP_CAME_MAX];
    if (!rpcancel_tcp_open(&tcp->connection, &tcp->address)) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "tcp:%.64s: %s", address, strerror(errno));
        return false;
    }
    associate(tcp, RPCANCEL_ASSOCIATION_PLAIN, &answer);
    bool is_closed = tcp->connection.was_closed_by_server, is_refused = tcp->is_bind_answered && !tcp->is_bound;
    bool is_sound = !is_refused && !is_closed;
    if (is_refused)
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX,
                 "tcp:%.64s: the server does not accept the interface of the target, or NDR for it", address);
    else if (is_closed)
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "tcp:%.64s: the server closes the connection at the bind",
                 address);
    else if (tcp->is_bound && !can_be_called(tcp, came)) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX,
                 "tcp:%.64s: expected a response to `fast`, opnum %u of the target, found %s", address,
                 (unsigned)tcp->target.classes[RPCANCEL_CLASS_FAST].opnum, came);
        is_sound = false;
    }
    forget(tcp);
    tcp->was_lost = false;
    return is_sound;
}

struct rpcancel_runtime *rpcancel_runtime_open_tcp(const char *address, const struct rpcancel_runtime_options *options,
                                                   char failure[RPCANCEL_FAILURE_TEXT_MAX], bool *usage)
{
    struct sockaddr_in parsed;
    *usage = true;
    if (!rpcancel_tcp_may_speak_to(address, options->allow_host, &parsed, failure))
        return NULL;
    *usage = false;
    struct tcp *tcp = calloc(1, sizeof *tcp);
    if (!tcp) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "out of memory");
        return NULL;
    }
    if (options->target)
        tcp->target = *options->target;
    else
        rpcancel_target_default(&tcp->target);
    tcp->base.functions = &tcp_functions;
    tcp->address = parsed;
    tcp->deadline_ms = rpcancel_tcp_deadline(options, &tcp->target);
    tcp->connection = (struct rpcancel_tcp_connection){.socket = -1,
                                                       .deadline_ms = tcp->deadline_ms,
                                                       .target = &tcp->target,
                                                       .interrupted = options->interrupted,
                                                       .received = received,
                                                       .context = tcp};
    tcp->patience_ms = tcp->lookout_ms = PATIENCE_MS;
    rpcancel_tcp_control_init(&tcp->control, &tcp->connection, &tcp->address);
    describe(tcp, address);
    if (is_as_described(tcp, address, failure)) {
        tcp->connection.tap = &tcp->base.tap;
        return &tcp->base;
    }
    rpcancel_tcp_close(&tcp->connection);
    rpcancel_tcp_close(&tcp->control.connection);
    free(tcp);
    return NULL;
}
