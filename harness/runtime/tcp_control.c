// SPDX-License-Identifier: Apache-2.0
/* A connection beside the one that is judged: it releases calls, and shows that the server is still there. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "runtime/process.h"
#include "runtime/tcp.h"

enum {
    /* A process that ends may close its connections before it closes its listener, and one that serves a single
     * connection may not have seen the end of the last one: so long a connection that is closed at the bind is tried
     * again. */
    AGAIN_MS = 200,
    PAUSE_NS = 1000000,
    /* No server closes a connection for being idle that was used this recently. There are some that close one behind a
     * release. */
    RECENT_MS = 1500
};

static void received(void *context, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_tcp_control *control = context;
    bool is_answer = pdu->type == RPCANCEL_PDU_RESPONSE || pdu->type == RPCANCEL_PDU_FAULT ||
                     pdu->type == RPCANCEL_PDU_BIND_ACK || pdu->type == RPCANCEL_PDU_BIND_NAK;
    /* The first one counts; that there is another is for the rules. */
    if (pdu->call_id != control->call_id || !is_answer || control->is_answered)
        return;
    control->is_answered = true;
    control->is_fault = pdu->type == RPCANCEL_PDU_FAULT || pdu->type == RPCANCEL_PDU_BIND_NAK;
    control->status = pdu->type == RPCANCEL_PDU_FAULT ? pdu->fault.status : 0;
    control->says_number = pdu->type == RPCANCEL_PDU_RESPONSE && pdu->data.size >= sizeof control->number;
    control->number = control->says_number ? rpcancel_read_32(pdu->data.bytes, false) : 0;
}

void rpcancel_tcp_control_init(struct rpcancel_tcp_control *control, const struct rpcancel_tcp_connection *like,
                               const struct sockaddr_in *address)
{
    *control = (struct rpcancel_tcp_control){.address = *address};
    control->connection = (struct rpcancel_tcp_connection){.socket = -1,
                                                           .deadline_ms = like->deadline_ms,
                                                           .target = like->target,
                                                           .interrupted = like->interrupted,
                                                           .received = received,
                                                           .context = control};
}

static enum rpcancel_tcp_asked wait_for_answer(struct rpcancel_tcp_control *control)
{
    if (!rpcancel_tcp_receive_until(&control->connection, &control->is_answered, true))
        return RPCANCEL_TCP_LATE;
    control->used_at = rpcancel_clock_ms();
    return control->is_answered ? RPCANCEL_TCP_ANSWERED : RPCANCEL_TCP_CLOSED;
}

/* Why there is no connection: is it the server that takes none? */
static enum rpcancel_tcp_asked why_not_open(void)
{
    switch (errno) {
    case ECONNREFUSED:
    case ECONNRESET:
        return RPCANCEL_TCP_REFUSED;
    case ETIMEDOUT:
        return RPCANCEL_TCP_LATE;
    default:
        return RPCANCEL_TCP_UNABLE;
    }
}

static enum rpcancel_tcp_asked try_to_bind(struct rpcancel_tcp_control *control)
{
    if (!rpcancel_tcp_open(&control->connection, &control->address))
        return why_not_open();
    control->is_answered = false;
    rpcancel_tcp_send_bind(&control->connection, ++control->call_id, RPCANCEL_ASSOCIATION_PLAIN);
    return wait_for_answer(control);
}

/* Nonsense is an answer, too: who sends it is there. */
static enum rpcancel_tcp_asked bind_anew(struct rpcancel_tcp_control *control)
{
    const struct timespec pause = {0, PAUSE_NS};
    int64_t until = rpcancel_clock_ms() + AGAIN_MS;
    enum rpcancel_tcp_asked asked;
    while ((asked = try_to_bind(control)) == RPCANCEL_TCP_CLOSED && !control->connection.was_heard) {
        if (rpcancel_clock_ms() >= until)
            return RPCANCEL_TCP_REFUSED;
        nanosleep(&pause, NULL);
    }
    return asked == RPCANCEL_TCP_CLOSED ? RPCANCEL_TCP_ANSWERED : asked;
}

static enum rpcancel_tcp_asked call_once(struct rpcancel_tcp_control *control,
                                         const struct rpcancel_target_operation *operation)
{
    const uint32_t fixed = control->connection.target->call_id;
    control->is_answered = control->connection.was_heard = false;
    control->call_id = fixed ? fixed : control->call_id + 1;
    rpcancel_tcp_send_request(&control->connection, control->call_id, operation, RPCANCEL_PFC_SINGLE, 0,
                              RPCANCEL_CLASS_UNKNOWN);
    enum rpcancel_tcp_asked asked = wait_for_answer(control);
    if (operation == &control->connection.target->release)
        control->used_at = 0;
    return asked;
}

/* Calls on the connection that is kept. CLOSED: there is none. */
static enum rpcancel_tcp_asked call_on_kept(struct rpcancel_tcp_control *control,
                                            const struct rpcancel_target_operation *operation)
{
    if (control->connection.socket < 0)
        return RPCANCEL_TCP_CLOSED;
    int64_t used_at = control->used_at;
    enum rpcancel_tcp_asked asked = call_once(control, operation);
    control->was_cut |= control->is_kept && asked == RPCANCEL_TCP_CLOSED && rpcancel_clock_ms() - used_at < RECENT_MS;
    return asked;
}

/* What comes late would be taken for the answer to something else. */
static enum rpcancel_tcp_asked ended(struct rpcancel_tcp_control *control, enum rpcancel_tcp_asked asked)
{
    if (asked != RPCANCEL_TCP_ANSWERED || !control->is_kept)
        rpcancel_tcp_close(&control->connection);
    return asked;
}

enum rpcancel_tcp_asked rpcancel_tcp_control_call(struct rpcancel_tcp_control *control,
                                                  const struct rpcancel_target_operation *operation)
{
    enum rpcancel_tcp_asked asked = call_on_kept(control, operation);
    if (asked == RPCANCEL_TCP_CLOSED) {
        asked = bind_anew(control);
        if (asked == RPCANCEL_TCP_ANSWERED)
            asked = control->connection.socket >= 0 ? call_once(control, operation) : RPCANCEL_TCP_CLOSED;
    }
    return ended(control, asked);
}

bool rpcancel_tcp_control_try(struct rpcancel_tcp_control *control, const struct rpcancel_target_operation *operation,
                              unsigned patience_ms)
{
    unsigned deadline_ms = control->connection.deadline_ms;
    control->connection.deadline_ms = patience_ms < deadline_ms ? patience_ms : deadline_ms;
    control->is_kept = true;
    bool is_answered = rpcancel_tcp_control_call(control, operation) == RPCANCEL_TCP_ANSWERED;
    /* Once more: one that closes the connection behind each answer does so without having ended. */
    control->is_kept =
        is_answered && rpcancel_tcp_control_call(control, operation) == RPCANCEL_TCP_ANSWERED && !control->was_cut;
    control->was_cut = false;
    control->connection.deadline_ms = deadline_ms;
    if (!control->is_kept)
        rpcancel_tcp_close(&control->connection);
    return is_answered;
}

bool rpcancel_tcp_control_responded(const struct rpcancel_tcp_control *control, enum rpcancel_tcp_asked asked,
                                    char came[RPCANCEL_TCP_CAME_MAX])
{
    if (asked == RPCANCEL_TCP_ANSWERED && control->is_fault)
        snprintf(came, RPCANCEL_TCP_CAME_MAX, "a fault with status 0x%08" PRIx32, control->status);
    else if (asked == RPCANCEL_TCP_LATE)
        snprintf(came, RPCANCEL_TCP_CAME_MAX, "nothing within %u ms", control->connection.deadline_ms);
    else if (asked == RPCANCEL_TCP_UNABLE)
        snprintf(came, RPCANCEL_TCP_CAME_MAX, "no connection: %s", strerror(errno));
    else
        snprintf(came, RPCANCEL_TCP_CAME_MAX, "the end of the connection");
    return asked == RPCANCEL_TCP_ANSWERED ? !control->is_fault : control->connection.was_heard;
}

enum rpcancel_tcp_asked rpcancel_tcp_control_probe(struct rpcancel_tcp_control *control)
{
    enum rpcancel_tcp_asked asked = call_on_kept(control, &control->connection.target->classes[RPCANCEL_CLASS_FAST]);
    if (asked == RPCANCEL_TCP_CLOSED)
        asked = bind_anew(control);
    if (asked == RPCANCEL_TCP_LATE && control->connection.was_heard)
        asked = RPCANCEL_TCP_ANSWERED;
    bool was_cut = control->was_cut;
    control->was_cut = false;
    ended(control, asked);
    return asked == RPCANCEL_TCP_ANSWERED && was_cut ? RPCANCEL_TCP_CUT : asked;
}
