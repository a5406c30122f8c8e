// SPDX-License-Identifier: Apache-2.0
#include "datagram/client.h"

const char *rpcancel_datagram_end_name(enum rpcancel_datagram_end end)
{
    static const char *const names[RPCANCEL_DATAGRAM_ENDS] = {"response",  "fault",   "reject",
                                                              "cancelled", "timeout", "lost"};
    return names[end];
}

static void stop_timers(struct rpcancel_datagram_client *client)
{
    client->ping_timer = client->cancel_timer = client->timeout_timer = RPCANCEL_NEVER;
    client->quit_timer = client->quit_end_timer = RPCANCEL_NEVER;
}

void rpcancel_datagram_client_init(struct rpcancel_datagram_client *client,
                                   const struct rpcancel_datagram_client_host *host,
                                   const struct rpcancel_datagram_choices *choices,
                                   const struct rpcancel_uuid *activity, const struct rpcancel_syntax *interface)
{
    memset(client, 0, sizeof *client);
    client->host = host;
    client->choices = choices;
    client->activity = *activity;
    client->interface = *interface;
    client->timeout = RPCANCEL_NEVER;
    stop_timers(client);
}

/* ---- what the client sends ---- */

static void prepare(const struct rpcancel_datagram_client *client, enum rpcancel_pdu_type type,
                    struct rpcancel_datagram *datagram)
{
    rpcancel_datagram_init(datagram, type);
    datagram->activity = client->activity;
    datagram->interface = client->interface.uuid;
    datagram->interface_version = client->interface.version;
    datagram->server_boot = client->server_boot;
    datagram->sequence = client->sequence;
    datagram->opnum = client->opnum;
    datagram->flags = client->is_idempotent ? RPCANCEL_PF_IDEMPOTENT : 0;
}

static void send_datagram(struct rpcancel_datagram_client *client, const struct rpcancel_datagram *datagram)
{
    uint8_t bytes[RPCANCEL_DATAGRAM_MAX];
    size_t size = rpcancel_datagram_encode(datagram, bytes, sizeof bytes);
    client->host->send(client->host->context, bytes, size);
}

static void send_plain(struct rpcancel_datagram_client *client, enum rpcancel_pdu_type type)
{
    struct rpcancel_datagram datagram;
    prepare(client, type, &datagram);
    send_datagram(client, &datagram);
}

static void send_request(struct rpcancel_datagram_client *client)
{
    struct rpcancel_datagram datagram;
    prepare(client, RPCANCEL_PDU_REQUEST, &datagram);
    datagram.data = client->stub_data;
    client->ping_timer = RPCANCEL_TIMEOUT_PING;
    send_datagram(client, &datagram);
}

static void send_cancel(struct rpcancel_datagram_client *client)
{
    struct rpcancel_datagram datagram;
    prepare(client, RPCANCEL_PDU_CL_CANCEL, &datagram);
    datagram.cancel.is_present = true;
    datagram.cancel.cancel_id = client->cancels; /* the last one stands for those before it */
    client->cancel_timer = client->interval;
    send_datagram(client, &datagram);
}

static void send_quit(struct rpcancel_datagram_client *client)
{
    client->quit_timer = RPCANCEL_QUIT_INTERVAL;
    send_plain(client, RPCANCEL_PDU_CL_CANCEL);
}

/* ---- the end of a call ---- */

static void rest(struct rpcancel_datagram_client *client)
{
    client->state = RPCANCEL_DATAGRAM_IDLE;
    client->stub_data = (struct rpcancel_span){NULL, 0};
    stop_timers(client);
}

static void complete(struct rpcancel_datagram_client *client, enum rpcancel_datagram_end end, uint32_t status,
                     const struct rpcancel_datagram *response)
{
    bool pending = client->was_pending || client->cancels > client->acknowledged;
    struct rpcancel_datagram_result result = {.sequence = client->sequence, .end = end, .status = status};
    result.cancel_pending = client->choices->counts_pending && pending;
    if (response) {
        result.big_endian = rpcancel_datagram_is_big_endian(response);
        result.stub_data = response->data;
    }
    client->host->completed(client->host->context, &result);
}

/* The server may execute on: it is told until it says that it knows. */
static void begin_to_quit(struct rpcancel_datagram_client *client)
{
    rest(client);
    if (!client->choices->quits)
        return;
    client->state = RPCANCEL_DATAGRAM_ORPHANING;
    client->quit_end_timer = RPCANCEL_QUIT_TIMEOUT;
    send_quit(client);
}

static void give_up(struct rpcancel_datagram_client *client, enum rpcancel_datagram_end end)
{
    if (end == RPCANCEL_DATAGRAM_END_TIMEOUT) {
        client->is_accepting = false;
        client->was_pending = true;
    }
    begin_to_quit(client);
    complete(client, end, 0, NULL);
}

static void end_call(struct rpcancel_datagram_client *client, enum rpcancel_datagram_end end,
                     const struct rpcancel_datagram *datagram)
{
    bool is_response = end == RPCANCEL_DATAGRAM_END_RESPONSE;
    uint32_t status = end == RPCANCEL_DATAGRAM_END_FAULT || end == RPCANCEL_DATAGRAM_END_REJECT ? datagram->status : 0;
    rest(client);
    client->is_answered = is_response || end == RPCANCEL_DATAGRAM_END_FAULT;
    if (client->is_answered && !client->is_idempotent)
        send_plain(client, RPCANCEL_PDU_ACK);
    complete(client, end, status, is_response ? datagram : NULL);
}

/* ---- what the caller asks for ---- */

bool rpcancel_datagram_client_call(struct rpcancel_datagram_client *client, uint16_t opnum,
                                   struct rpcancel_span stub_data, bool is_idempotent, uint32_t timeout)
{
    if (client->state != RPCANCEL_DATAGRAM_IDLE ||
        stub_data.size > RPCANCEL_DATAGRAM_MAX - RPCANCEL_DATAGRAM_HEADER_SIZE)
        return false;
    client->sequence++;
    client->opnum = opnum;
    client->stub_data = stub_data;
    client->is_idempotent = is_idempotent;
    client->timeout = timeout;
    client->state = RPCANCEL_DATAGRAM_CALLING;
    client->is_accepting = true;
    client->is_known = client->is_answered = client->was_pending = false;
    client->pings = 0;
    client->cancels = client->acknowledged = 0;
    send_request(client);
    return true;
}

/* A cancel waits for its acknowledgement. */
static bool repeats_cancel(const struct rpcancel_datagram_client *client)
{
    return client->cancels > client->acknowledged && client->is_accepting;
}

/* What the server said may have changed whether one does. A repetition that is due is not put off. */
static void set_cancel_timer(struct rpcancel_datagram_client *client)
{
    if (!repeats_cancel(client))
        client->cancel_timer = RPCANCEL_NEVER;
    else if (client->cancel_timer == RPCANCEL_NEVER)
        client->cancel_timer = client->interval;
}

bool rpcancel_datagram_client_cancel(struct rpcancel_datagram_client *client)
{
    if (client->state != RPCANCEL_DATAGRAM_CALLING)
        return false;
    client->cancels++;
    if (client->timeout_timer == RPCANCEL_NEVER) /* from the first one on */
        client->timeout_timer = client->timeout;
    client->interval = client->choices->cancel_interval;
    if (repeats_cancel(client))
        send_cancel(client);
    if (client->timeout_timer == 0)
        give_up(client, RPCANCEL_DATAGRAM_END_TIMEOUT);
    return true;
}

bool rpcancel_datagram_client_orphan(struct rpcancel_datagram_client *client)
{
    if (client->state != RPCANCEL_DATAGRAM_CALLING)
        return false;
    begin_to_quit(client);
    return true;
}

/* ---- what the server sends ---- */

static void take_ack_of_orphan(struct rpcancel_datagram_client *client)
{
    if (client->state == RPCANCEL_DATAGRAM_ORPHANING)
        rest(client);
    else if (!client->choices->ack_ends_call || repeats_cancel(client)) /* W123 */
        end_call(client, RPCANCEL_DATAGRAM_END_CANCELLED, NULL);
}

static void take_cancel_ack(struct rpcancel_datagram_client *client, const struct rpcancel_cancel_ack_body *ack)
{
    if (!ack->is_present) {
        take_ack_of_orphan(client);
        return;
    }
    if (client->state != RPCANCEL_DATAGRAM_CALLING || ack->version != 0) /* W119 */
        return;
    bool fits = client->choices->takes_last_id_only
                    ? repeats_cancel(client) && ack->cancel_id == client->cancels /* W123, W124 */
                    : ack->cancel_id >= client->acknowledged;
    if (!fits)
        return;
    client->is_known = true;
    client->acknowledged = ack->cancel_id;
    client->is_accepting = rpcancel_datagram_is_accepting(ack);
    if (client->choices->ack_ends_call)
        end_call(client, RPCANCEL_DATAGRAM_END_CANCELLED, NULL);
    else
        set_cancel_timer(client);
}

/* The server does not know the call, or has not all of its request. */
static void take_nocall(struct rpcancel_datagram_client *client, const struct rpcancel_datagram *datagram)
{
    client->pings = 0;
    if (client->state == RPCANCEL_DATAGRAM_ORPHANING) {
        rest(client);
        return;
    }
    /* One that was under way for long says nothing new. */
    if (datagram->fack.is_present || (client->is_known && !client->is_idempotent))
        return;
    if (client->is_idempotent) { /* it may run again, and then has not seen a cancel */
        client->acknowledged = 0;
        client->is_accepting = true;
        client->was_pending = false;
    }
    send_request(client);
    set_cancel_timer(client);
}

static void take_end(struct rpcancel_datagram_client *client, const struct rpcancel_datagram *datagram)
{
    enum rpcancel_datagram_end end = datagram->type == RPCANCEL_PDU_RESPONSE ? RPCANCEL_DATAGRAM_END_RESPONSE
                                     : datagram->type == RPCANCEL_PDU_FAULT  ? RPCANCEL_DATAGRAM_END_FAULT
                                                                             : RPCANCEL_DATAGRAM_END_REJECT;
    if (client->state == RPCANCEL_DATAGRAM_ORPHANING) {
        if (end != RPCANCEL_DATAGRAM_END_RESPONSE) /* as good as an acknowledgement */
            rest(client);
    } else if (end == RPCANCEL_DATAGRAM_END_RESPONSE && datagram->flags & RPCANCEL_PF_FRAG) {
        give_up(client, RPCANCEL_DATAGRAM_END_LOST);
    } else {
        end_call(client, end, datagram);
    }
}

/* For a call that is over: an acknowledgement that was lost is sent again. */
static void take_again(struct rpcancel_datagram_client *client, const struct rpcancel_datagram *datagram)
{
    bool ends = datagram->type == RPCANCEL_PDU_RESPONSE || datagram->type == RPCANCEL_PDU_FAULT;
    if (ends && client->is_answered && !client->is_idempotent && datagram->sequence == client->sequence)
        send_plain(client, RPCANCEL_PDU_ACK);
}

static void take_datagram(struct rpcancel_datagram_client *client, const struct rpcancel_datagram *datagram)
{
    if (datagram->flags2 & RPCANCEL_PF2_CANCEL_PENDING)
        client->was_pending = true;
    switch (datagram->type) {
    case RPCANCEL_PDU_RESPONSE:
    case RPCANCEL_PDU_FAULT:
    case RPCANCEL_PDU_REJECT:
        take_end(client, datagram);
        break;
    case RPCANCEL_PDU_WORKING:
    case RPCANCEL_PDU_FACK:
        client->pings = 0;
        client->is_known = true;
        break;
    case RPCANCEL_PDU_NOCALL:
        take_nocall(client, datagram);
        break;
    case RPCANCEL_PDU_CANCEL_ACK:
        take_cancel_ack(client, &datagram->cancel_ack);
        break;
    default: /* what clients send */
        break;
    }
}

void rpcancel_datagram_client_receive(struct rpcancel_datagram_client *client, const uint8_t *bytes, size_t size)
{
    struct rpcancel_datagram datagram;
    struct rpcancel_datagram_complaint complaint;
    if (!rpcancel_datagram_decode(bytes, size, RPCANCEL_LENIENT, &datagram, &complaint) ||
        !rpcancel_uuid_is(&datagram.activity, &client->activity))
        return;
    if (client->state == RPCANCEL_DATAGRAM_IDLE) {
        take_again(client, &datagram);
        return;
    }
    if (datagram.sequence != client->sequence)
        return;
    bool is_same = client->server_boot == 0 || client->server_boot == datagram.server_boot;
    if (!is_same && client->state == RPCANCEL_DATAGRAM_CALLING) {
        give_up(client, RPCANCEL_DATAGRAM_END_LOST);
    } else if (is_same) {
        client->server_boot = datagram.server_boot;
        take_datagram(client, &datagram);
    }
}

/* ---- time ---- */

uint32_t rpcancel_datagram_client_next(const struct rpcancel_datagram_client *client)
{
    uint32_t next = rpcancel_timer_sooner(client->ping_timer, client->cancel_timer);
    next = rpcancel_timer_sooner(next, client->timeout_timer);
    next = rpcancel_timer_sooner(next, client->quit_timer);
    return rpcancel_timer_sooner(next, client->quit_end_timer);
}

static void ping(struct rpcancel_datagram_client *client)
{
    if (++client->pings > RPCANCEL_PINGS_MAX) {
        give_up(client, RPCANCEL_DATAGRAM_END_LOST);
        return;
    }
    client->ping_timer = RPCANCEL_TIMEOUT_PING;
    send_plain(client, RPCANCEL_PDU_PING);
}

/* The interval doubles; MS-RPCE 3.2.2.2 limits it, while a cancel waits, to the cancel time-out or 2 s if that is more.
 */
static void repeat_cancel(struct rpcancel_datagram_client *client)
{
    uint32_t most = client->choices->cancel_interval_max;
    uint32_t limit = client->timeout > RPCANCEL_CANCEL_LIMIT_LEAST ? client->timeout : RPCANCEL_CANCEL_LIMIT_LEAST;
    if (client->interval < most)
        client->interval = rpcancel_timer_sooner(rpcancel_timer_sooner(client->interval * 2, most), limit);
    send_cancel(client);
}

/* What runs out now: each of these is set anew, or all of them stop. */
static void fire(struct rpcancel_datagram_client *client)
{
    if (client->timeout_timer == 0)
        give_up(client, RPCANCEL_DATAGRAM_END_TIMEOUT);
    if (client->cancel_timer == 0)
        repeat_cancel(client);
    if (client->ping_timer == 0)
        ping(client);
    if (client->quit_end_timer == 0)
        rest(client);
    if (client->quit_timer == 0)
        send_quit(client);
}

void rpcancel_datagram_client_elapse(struct rpcancel_datagram_client *client, uint32_t ms)
{
    for (uint32_t next; (next = rpcancel_datagram_client_next(client)) <= ms && next != RPCANCEL_NEVER; ms -= next) {
        uint32_t *timers[] = {&client->ping_timer, &client->cancel_timer, &client->timeout_timer, &client->quit_timer,
                              &client->quit_end_timer};
        rpcancel_timers_pass(timers, sizeof timers / sizeof timers[0], next);
        fire(client);
    }
    uint32_t *timers[] = {&client->ping_timer, &client->cancel_timer, &client->timeout_timer, &client->quit_timer,
                          &client->quit_end_timer};
    rpcancel_timers_pass(timers, sizeof timers / sizeof timers[0], ms);
}
