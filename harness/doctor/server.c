// SPDX-License-Identifier: Apache-2.0
/* Servers over TCP: each operation of the target is tried once, on a connection of its own. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "doctor/doctor.h"
#include "doctor/server_reply.h"
#include "runtime/process.h"
#include "runtime/tcp.h"

enum {
    QUIET_MS = 300,  /* so long a call that waits has to be silent */
    SECOND_MS = 1000 /* for an answer beside something else that waits */
};

/* A connection, and the reply that is waited for. */
struct line {
    struct rpcancel_tcp_connection connection;
    struct rpcancel_wire_tap tap;
    struct rpcancel_server_reply reply;
    bool is_whole; /* the reply */
    uint32_t call_id;
};

struct server {
    struct rpcancel_doctor *doctor;
    struct sockaddr_in address;
    unsigned deadline_ms;
    struct line first, second;
};

/* ---- what arrives ---- */

static void take_pdu(struct line *line, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_server_reply *reply = &line->reply;
    bool is_fragment = pdu->type == RPCANCEL_PDU_RESPONSE && pdu->call_id == line->call_id;
    struct rpcancel_result result = {0};
    struct rpcancel_span list = pdu->bind_ack.results;
    if (pdu->type == RPCANCEL_PDU_BIND_ACK) {
        bool has_result = rpcancel_result_next(&list, rpcancel_pdu_is_big_endian(pdu), &result);
        reply->said = RPCANCEL_SAID_BIND_ACK;
        reply->result = has_result ? result.result : RPCANCEL_PROVIDER_REJECTION;
        reply->reason = result.reason;
        reply->is_multiplexed = pdu->flags & RPCANCEL_PFC_CONC_MPX;
    } else if (pdu->type == RPCANCEL_PDU_BIND_NAK) {
        reply->said = RPCANCEL_SAID_BIND_NAK;
        reply->reason = pdu->bind_nak.reason;
    } else if (pdu->type == RPCANCEL_PDU_FAULT && pdu->call_id == line->call_id) {
        reply->said = RPCANCEL_SAID_FAULT;
        reply->status = pdu->fault.status;
        reply->is_cancel = rpcancel_wire_is_cancel_fault(pdu);
    } else if (is_fragment) {
        if (reply->fragments++ == 0 && pdu->data.size >= sizeof reply->number)
            reply->number = rpcancel_read_32(pdu->data.bytes, rpcancel_pdu_is_big_endian(pdu));
        reply->octets += pdu->data.size;
        reply->said = RPCANCEL_SAID_RESPONSE;
    } else {
        return;
    }
    line->is_whole = !is_fragment || pdu->flags & RPCANCEL_PFC_LAST_FRAG;
}

static void take_nonsense(struct line *line, struct rpcancel_span octets)
{
    size_t kept = octets.size < sizeof line->reply.text ? octets.size : sizeof line->reply.text - 1;
    for (size_t i = 0; i < kept; i++)
        line->reply.text[i] = octets.bytes[i] >= ' ' && octets.bytes[i] <= '~' ? (char)octets.bytes[i] : '.';
    line->reply.said = RPCANCEL_SAID_NONSENSE;
    line->is_whole = true;
}

static void passed(void *context, unsigned connection, const struct rpcancel_wire_event *event)
{
    struct line *line = context;
    (void)connection;
    if (event->sender != RPCANCEL_SENDER_SERVER || line->is_whole)
        return;
    if (event->kind == RPCANCEL_WIRE_PDU)
        take_pdu(line, &event->pdu);
    else if (event->kind == RPCANCEL_WIRE_UNREADABLE)
        take_nonsense(line, event->octets);
}

static void opened(void *context, unsigned connection)
{
    (void)context;
    (void)connection;
}

static void received(void *context, const struct rpcancel_pdu *pdu)
{
    (void)context; /* the tap has it */
    (void)pdu;
}

/* ---- asking ---- */

static void begin_reply(struct line *line)
{
    line->reply = (struct rpcancel_server_reply){.said = RPCANCEL_SAID_NOTHING};
    line->is_whole = false;
}

/* Waits for a whole reply, |ms| at most. */
static struct rpcancel_server_reply wait_for(struct line *line, unsigned ms)
{
    int64_t start = rpcancel_clock_ms(), until = start + ms;
    struct rpcancel_tcp_connection *connection = &line->connection;
    while (!line->is_whole && connection->socket >= 0 && rpcancel_clock_ms() < until &&
           !rpcancel_tcp_is_interrupted(connection))
        rpcancel_tcp_receive(connection, until);
    if (!line->is_whole && line->reply.said != RPCANCEL_SAID_NO_CONNECT)
        line->reply.said = connection->socket < 0 ? RPCANCEL_SAID_END : RPCANCEL_SAID_NOTHING;
    line->reply.took_ms = (unsigned)(rpcancel_clock_ms() - start);
    return line->reply;
}

static void send_request(struct line *line, const struct rpcancel_target_operation *operation)
{
    begin_reply(line);
    line->call_id++;
    if (line->connection.socket >= 0)
        rpcancel_tcp_send_request(&line->connection, line->call_id, operation, RPCANCEL_PFC_SINGLE, 0,
                                  RPCANCEL_CLASS_UNKNOWN);
}

static void send_cancel(struct line *line, uint32_t call_id)
{
    rpcancel_tcp_send_cancel(&line->connection, RPCANCEL_PDU_CO_CANCEL, call_id, RPCANCEL_FORM_03);
}

static struct rpcancel_server_reply call(struct line *line, const struct rpcancel_target_operation *operation,
                                         unsigned ms)
{
    send_request(line, operation);
    return wait_for(line, ms);
}

/* Connects anew, and only that. */
static struct rpcancel_server_reply open_line(struct server *server, struct line *line)
{
    rpcancel_tcp_close(&line->connection);
    *line = (struct line){.tap = {.context = line, .opened = opened, .passed = passed}};
    line->connection = (struct rpcancel_tcp_connection){.socket = -1,
                                                        .deadline_ms = server->deadline_ms,
                                                        .tap = &line->tap,
                                                        .target = &server->doctor->target,
                                                        .interrupted = server->doctor->options.interrupted,
                                                        .received = received};
    int64_t start = rpcancel_clock_ms();
    if (!rpcancel_tcp_open(&line->connection, &server->address)) {
        line->reply.said = RPCANCEL_SAID_NO_CONNECT;
        line->reply.error = errno;
    }
    line->reply.took_ms = (unsigned)(rpcancel_clock_ms() - start);
    return line->reply;
}

static struct rpcancel_server_reply bind_line(struct line *line, enum rpcancel_association_kind how, unsigned ms)
{
    begin_reply(line);
    rpcancel_tcp_send_bind(&line->connection, ++line->call_id, how);
    return wait_for(line, ms);
}

/* Connects and binds; returns what came of the one that failed, or of the bind. */
static struct rpcancel_server_reply associate(struct server *server, struct line *line,
                                              enum rpcancel_association_kind how, unsigned ms)
{
    struct rpcancel_server_reply reply = open_line(server, line);
    return reply.said == RPCANCEL_SAID_NO_CONNECT ? reply : bind_line(line, how, ms);
}

static const struct rpcancel_target_operation *operation_of(const struct server *server,
                                                            enum rpcancel_wire_operation_class class)
{
    return &server->doctor->target.classes[class];
}

/* `fast` on a connection of its own. */
static struct rpcancel_server_reply call_fast_anew(struct server *server, struct line *line, unsigned ms)
{
    struct rpcancel_server_reply reply = associate(server, line, RPCANCEL_ASSOCIATION_PLAIN, ms);
    return rpcancel_reply_is_bound(&reply) ? call(line, operation_of(server, RPCANCEL_CLASS_FAST), ms) : reply;
}

/* How long an answer beside something else may take. */
static unsigned second_limit(const struct server *server)
{
    return server->deadline_ms < SECOND_MS ? server->deadline_ms : SECOND_MS;
}

static void close_all(struct server *server)
{
    rpcancel_tcp_close(&server->first.connection);
    rpcancel_tcp_close(&server->second.connection);
}

/* ---- what is tried ---- */

static void try_to_reach(struct server *server)
{
    struct rpcancel_notes *notes = &server->doctor->notes;
    const struct rpcancel_target_operation *fast = operation_of(server, RPCANCEL_CLASS_FAST);
    struct rpcancel_server_reply reply = open_line(server, &server->first);
    rpcancel_judge_connect(notes, &reply);
    if (rpcancel_doctor_is_stopped(server->doctor))
        return;
    reply = bind_line(&server->first, RPCANCEL_ASSOCIATION_PLAIN, server->deadline_ms);
    if (*server->doctor->options.interrupted)
        return;
    rpcancel_judge_bind(notes, &reply);
    if (!rpcancel_reply_is_bound(&reply))
        return;
    reply = call(&server->first, fast, server->deadline_ms);
    if (*server->doctor->options.interrupted)
        return;
    rpcancel_judge_fast(notes, &reply, fast->opnum, server->deadline_ms);
}

static void try_second(struct server *server)
{
    struct rpcancel_server_reply reply = call_fast_anew(server, &server->second, second_limit(server));
    if (!*server->doctor->options.interrupted)
        rpcancel_judge_second(&server->doctor->notes, &reply);
}

/* With something that waits, if there is such a thing, `fast` beside it. */
static void try_multiplexing(struct server *server)
{
    const struct rpcancel_target_operation *park = operation_of(server, RPCANCEL_CLASS_PARK);
    struct rpcancel_server_reply other = {0};
    struct rpcancel_server_reply bind =
        associate(server, &server->first, RPCANCEL_ASSOCIATION_MULTIPLEXED, server->deadline_ms);
    bool is_tried = rpcancel_reply_is_bound(&bind) && bind.is_multiplexed && park->is_known;
    if (is_tried) {
        send_request(&server->first, park);
        const uint32_t parked = server->first.call_id;
        other = call(&server->first, operation_of(server, RPCANCEL_CLASS_FAST), second_limit(server));
        if (server->first.connection.socket >= 0) /* what waits goes, and leaves no thread behind */
            send_cancel(&server->first, parked);
    }
    if (!*server->doctor->options.interrupted)
        rpcancel_judge_multiplexed(&server->doctor->notes, &bind, is_tried, &other);
}

static void try_park(struct server *server)
{
    struct rpcancel_server_reply after = {0}, before;
    before = associate(server, &server->first, RPCANCEL_ASSOCIATION_PLAIN, server->deadline_ms);
    if (rpcancel_reply_is_bound(&before))
        before = call(&server->first, operation_of(server, RPCANCEL_CLASS_PARK), QUIET_MS);
    if (before.said == RPCANCEL_SAID_NOTHING) {
        send_cancel(&server->first, server->first.call_id);
        after = wait_for(&server->first, server->deadline_ms);
    }
    if (!*server->doctor->options.interrupted)
        rpcancel_judge_park(&server->doctor->notes, &before, &after);
}

/* Calls `release` until it says that it let something go, where it says so: the call may not have begun. */
static struct rpcancel_server_reply release(struct server *server)
{
    const struct timespec pause = {0, 10 * 1000000};
    const struct rpcancel_target_operation *operation = &server->doctor->target.release;
    int64_t until = rpcancel_clock_ms() + server->deadline_ms;
    struct rpcancel_server_reply reply =
        associate(server, &server->second, RPCANCEL_ASSOCIATION_PLAIN, server->deadline_ms);
    if (!rpcancel_reply_is_bound(&reply))
        return reply;
    do {
        reply = call(&server->second, operation, server->deadline_ms);
        if (reply.said != RPCANCEL_SAID_RESPONSE || !operation->counts || reply.number > 0)
            break;
        nanosleep(&pause, NULL);
    } while (rpcancel_clock_ms() < until && !*server->doctor->options.interrupted);
    return reply;
}

static void try_hold(struct server *server)
{
    struct rpcancel_server_reply released = {0}, after = {0}, before;
    before = associate(server, &server->first, RPCANCEL_ASSOCIATION_PLAIN, server->deadline_ms);
    if (rpcancel_reply_is_bound(&before))
        before = call(&server->first, operation_of(server, RPCANCEL_CLASS_HOLD), QUIET_MS);
    if (before.said == RPCANCEL_SAID_NOTHING) {
        released = release(server);
        after = wait_for(&server->first, released.said == RPCANCEL_SAID_RESPONSE ? server->deadline_ms : 0);
    }
    if (!*server->doctor->options.interrupted)
        rpcancel_judge_hold(&server->doctor->notes, server->doctor->target.release.counts, &before, &released, &after);
}

static void try_stream(struct server *server)
{
    struct rpcancel_server_reply reply =
        associate(server, &server->first, RPCANCEL_ASSOCIATION_PLAIN, server->deadline_ms);
    if (rpcancel_reply_is_bound(&reply))
        reply = call(&server->first, operation_of(server, RPCANCEL_CLASS_STREAM), server->deadline_ms);
    if (!*server->doctor->options.interrupted)
        rpcancel_judge_stream(&server->doctor->notes, &reply);
}

static void try_alive(struct server *server)
{
    struct rpcancel_server_reply reply = call_fast_anew(server, &server->first, server->deadline_ms);
    if (!*server->doctor->options.interrupted)
        rpcancel_judge_alive(&server->doctor->notes, &reply);
}

static void try_operations(struct server *server)
{
    const struct {
        bool is_possible;
        void (*function)(struct server *server);
    } trials[] = {
        {true, try_second},
        {true, try_multiplexing},
        {operation_of(server, RPCANCEL_CLASS_PARK)->is_known, try_park},
        {operation_of(server, RPCANCEL_CLASS_HOLD)->is_known && server->doctor->target.release.is_known, try_hold},
        {operation_of(server, RPCANCEL_CLASS_STREAM)->is_known, try_stream},
        {true, try_alive},
    };
    for (unsigned i = 0; i < sizeof trials / sizeof trials[0] && !*server->doctor->options.interrupted; i++) {
        if (!trials[i].is_possible)
            continue;
        trials[i].function(server);
        close_all(server); /* a server of one connection at a time has to see that */
    }
}

void rpcancel_doctor_see_server(struct rpcancel_doctor *doctor)
{
    const char *address = doctor->how + strlen("tcp:");
    struct rpcancel_rule_set set;
    struct server *server = calloc(1, sizeof *server);
    if (!server) {
        rpcancel_note_add(&doctor->notes, RPCANCEL_NOTE_UNUSABLE, "start", NULL, "out of memory");
        return;
    }
    server->doctor = doctor;
    server->deadline_ms = rpcancel_tcp_deadline(&doctor->options, &doctor->target);
    server->first.connection.socket = server->second.connection.socket = -1;
    if (rpcancel_tcp_may_speak_to(address, doctor->options.allow_host, &server->address, doctor->usage)) {
        snprintf(doctor->name, sizeof doctor->name, "tcp:%.50s", address);
        rpcancel_rule_set_init_wire(&set, doctor->options.wire_profile, RPCANCEL_SUBJECT_SERVER, ~0u);
        try_to_reach(server);
        bool is_reached = !rpcancel_doctor_is_stopped(doctor);
        if (is_reached)
            try_operations(server);
        if (is_reached && !*doctor->options.interrupted)
            rpcancel_judge_unnamed(&doctor->notes, &doctor->target, &set);
    }
    close_all(server);
    free(server);
}
