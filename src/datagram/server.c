// SPDX-License-Identifier: Apache-2.0
#include "datagram/server.h"

void rpcancel_datagram_server_init(struct rpcancel_datagram_server *server,
                                   const struct rpcancel_datagram_server_host *host,
                                   const struct rpcancel_datagram_choices *choices, uint32_t boot)
{
    memset(server, 0, sizeof *server);
    server->host = host;
    server->choices = choices;
    server->boot = boot;
    for (unsigned i = 0; i < RPCANCEL_ACTIVITIES_MAX; i++)
        server->activities[i].resend_timer = RPCANCEL_NEVER;
}

/* ---- what the server sends ---- */

static void send_datagram(const struct rpcancel_datagram_server *server, uint64_t peer,
                          const struct rpcancel_datagram *datagram)
{
    uint8_t bytes[RPCANCEL_DATAGRAM_MAX];
    size_t size = rpcancel_datagram_encode(datagram, bytes, sizeof bytes);
    server->host->send(server->host->context, peer, bytes, size);
}

/* An answer to |asked| itself: it names the same call, and the server as the client knows it. */
static void prepare_answer(const struct rpcancel_datagram_server *server, const struct rpcancel_datagram *asked,
                           enum rpcancel_pdu_type type, struct rpcancel_datagram *datagram)
{
    rpcancel_datagram_init(datagram, type);
    datagram->object = asked->object;
    datagram->interface = asked->interface;
    datagram->activity = asked->activity;
    datagram->interface_version = asked->interface_version;
    datagram->server_boot = asked->server_boot ? asked->server_boot : server->boot;
    datagram->sequence = asked->sequence;
    datagram->opnum = asked->opnum;
    datagram->activity_hint = asked->activity_hint;
}

static void answer_plain(const struct rpcancel_datagram_server *server, uint64_t peer,
                         const struct rpcancel_datagram *asked, enum rpcancel_pdu_type type)
{
    struct rpcancel_datagram datagram;
    prepare_answer(server, asked, type, &datagram);
    send_datagram(server, peer, &datagram);
}

static void reject(const struct rpcancel_datagram_server *server, uint64_t peer, const struct rpcancel_datagram *asked,
                   uint32_t status)
{
    struct rpcancel_datagram datagram;
    prepare_answer(server, asked, RPCANCEL_PDU_REJECT, &datagram);
    datagram.status = status;
    send_datagram(server, peer, &datagram);
}

static void send_reply(const struct rpcancel_datagram_server *server, const struct rpcancel_activity *activity)
{
    struct rpcancel_datagram datagram;
    rpcancel_datagram_init(&datagram, activity->is_fault ? RPCANCEL_PDU_FAULT : RPCANCEL_PDU_RESPONSE);
    datagram.activity = activity->uuid;
    datagram.interface = activity->interface.uuid;
    datagram.interface_version = activity->interface.version;
    datagram.server_boot = server->boot;
    datagram.sequence = activity->sequence;
    datagram.opnum = activity->opnum;
    if (activity->cancel_pending && server->choices->says_cancel_pending)
        datagram.flags2 = RPCANCEL_PF2_CANCEL_PENDING;
    if (activity->is_fault)
        datagram.status = activity->status;
    else
        datagram.data = activity->stub_data;
    send_datagram(server, activity->peer, &datagram);
}

static void acknowledge_cancel(const struct rpcancel_datagram_server *server, const struct rpcancel_activity *activity,
                               uint64_t peer, const struct rpcancel_datagram *asked)
{
    struct rpcancel_datagram datagram;
    prepare_answer(server, asked, RPCANCEL_PDU_CANCEL_ACK, &datagram);
    datagram.cancel_ack.is_present = true;
    datagram.cancel_ack.cancel_id = activity->cancels;
    datagram.cancel_ack.accepting[0] = activity->state == RPCANCEL_ACTIVITY_EXECUTING;
    send_datagram(server, peer, &datagram);
}

/* ---- activities ---- */

static struct rpcancel_activity *find_activity(struct rpcancel_datagram_server *server,
                                               const struct rpcancel_uuid *uuid)
{
    for (unsigned i = 0; i < RPCANCEL_ACTIVITIES_MAX; i++) {
        struct rpcancel_activity *activity = &server->activities[i];
        if (activity->state != RPCANCEL_ACTIVITY_NONE && rpcancel_uuid_is(&activity->uuid, uuid))
            return activity;
    }
    return NULL;
}

/* A place for another activity: one that is free, or one that has no call. NULL: every one has. */
static struct rpcancel_activity *find_place(struct rpcancel_datagram_server *server)
{
    struct rpcancel_activity *idle = NULL;
    for (unsigned i = 0; i < RPCANCEL_ACTIVITIES_MAX; i++) {
        struct rpcancel_activity *activity = &server->activities[i];
        if (activity->state == RPCANCEL_ACTIVITY_NONE)
            return activity;
        if (activity->state == RPCANCEL_ACTIVITY_IDLE && !idle)
            idle = activity;
    }
    return idle;
}

static void rest(struct rpcancel_activity *activity)
{
    activity->state = RPCANCEL_ACTIVITY_IDLE;
    activity->stub_data = (struct rpcancel_span){NULL, 0};
    activity->resend_timer = RPCANCEL_NEVER;
}

static void orphan(struct rpcancel_datagram_server *server, struct rpcancel_activity *activity)
{
    if (activity->state == RPCANCEL_ACTIVITY_FINAL)
        rest(activity);
    if (activity->state != RPCANCEL_ACTIVITY_EXECUTING)
        return;
    activity->state = RPCANCEL_ACTIVITY_ORPHANED;
    server->host->orphaned(server->host->context, server, (unsigned)(activity - server->activities));
}

/* ---- requests ---- */

/* Why a request is not executed; 0: it is. */
static uint32_t refusal(const struct rpcancel_datagram *request, const struct rpcancel_interface *interface)
{
    if (request->auth_protocol != 0)
        return RPCANCEL_NCA_UNSUPPORTED_AUTHN_LEVEL;
    if (request->flags & RPCANCEL_PF_FRAG)
        return RPCANCEL_NCA_UNSPEC_REJECT;
    if (!interface)
        return RPCANCEL_NCA_UNK_IF;
    return request->opnum < interface->operations ? 0 : RPCANCEL_NCA_OP_RNG_ERROR;
}

static void execute(struct rpcancel_datagram_server *server, struct rpcancel_activity *activity, uint64_t peer,
                    const struct rpcancel_datagram *datagram, const struct rpcancel_interface *interface)
{
    memset(activity, 0, sizeof *activity);
    activity->uuid = datagram->activity;
    activity->peer = peer;
    activity->state = RPCANCEL_ACTIVITY_EXECUTING;
    activity->flags = datagram->flags;
    activity->sequence = datagram->sequence;
    activity->interface.uuid = datagram->interface;
    activity->interface.version = datagram->interface_version;
    activity->opnum = datagram->opnum;
    activity->resend_timer = RPCANCEL_NEVER;
    struct rpcancel_datagram_request request = {(unsigned)(activity - server->activities), interface, datagram->opnum,
                                                rpcancel_datagram_is_big_endian(datagram), datagram->data};
    server->host->request(server->host->context, server, &request);
}

/* A ping, or a request that came before: the client asks where its call is. */
static void tell_state(struct rpcancel_datagram_server *server, struct rpcancel_activity *activity, uint64_t peer,
                       const struct rpcancel_datagram *asked)
{
    activity->peer = peer;
    if (activity->state == RPCANCEL_ACTIVITY_EXECUTING)
        answer_plain(server, peer, asked, RPCANCEL_PDU_WORKING);
    else if (activity->state == RPCANCEL_ACTIVITY_FINAL)
        send_reply(server, activity);
}

static void take_request(struct rpcancel_datagram_server *server, uint64_t peer,
                         const struct rpcancel_datagram *datagram)
{
    struct rpcancel_activity *activity = find_activity(server, &datagram->activity);
    struct rpcancel_syntax syntax = {datagram->interface, datagram->interface_version};
    const struct rpcancel_interface *interface = server->host->find_interface(server->host->context, &syntax);
    uint32_t why = refusal(datagram, interface);
    if (activity && datagram->sequence < activity->sequence)
        return;
    if (activity && datagram->sequence == activity->sequence) {
        tell_state(server, activity, peer, datagram);
        return;
    }
    if (activity) /* the client has done with the one before, whether the server knows or not */
        orphan(server, activity);
    if (activity && activity->state == RPCANCEL_ACTIVITY_ORPHANED)
        return; /* it still executes; the client asks again */
    if (!activity && why == 0) {
        activity = find_place(server);
        why = activity ? 0 : RPCANCEL_NCA_SERVER_TOO_BUSY;
    }
    if (why)
        reject(server, peer, datagram, why);
    else
        execute(server, activity, peer, datagram, interface);
}

static void take_ping(struct rpcancel_datagram_server *server, uint64_t peer, const struct rpcancel_datagram *datagram)
{
    struct rpcancel_activity *activity = find_activity(server, &datagram->activity);
    if (!activity || datagram->sequence > activity->sequence)
        answer_plain(server, peer, datagram, RPCANCEL_PDU_NOCALL);
    else if (datagram->sequence == activity->sequence)
        tell_state(server, activity, peer, datagram);
}

static void take_ack(struct rpcancel_datagram_server *server, const struct rpcancel_datagram *datagram)
{
    struct rpcancel_activity *activity = find_activity(server, &datagram->activity);
    if (activity && datagram->sequence == activity->sequence && activity->state == RPCANCEL_ACTIVITY_FINAL)
        rest(activity);
}

/* ---- cancels ---- */

static void take_cancel(struct rpcancel_datagram_server *server, struct rpcancel_activity *activity, uint64_t peer,
                        const struct rpcancel_datagram *datagram)
{
    uint32_t cancel_id = datagram->cancel.cancel_id;
    if (datagram->cancel.version != 0 || datagram->sequence > activity->sequence) /* W119 */
        return;
    if (cancel_id <= activity->cancels) { /* W120 */
        if (server->choices->acks_again && cancel_id > 0)
            acknowledge_cancel(server, activity, peer, datagram);
        return;
    }
    if (activity->state == RPCANCEL_ACTIVITY_EXECUTING) {
        uint32_t more = cancel_id - activity->cancels;
        activity->cancels = cancel_id;
        activity->cancel_pending = true;
        server->host->cancel(server->host->context, server, (unsigned)(activity - server->activities), more);
    }
    acknowledge_cancel(server, activity, peer, datagram);
}

static void take_cancel_or_orphan(struct rpcancel_datagram_server *server, uint64_t peer,
                                  const struct rpcancel_datagram *datagram)
{
    struct rpcancel_activity *activity = find_activity(server, &datagram->activity);
    if (!activity || datagram->sequence < activity->sequence)
        return;
    if (datagram->cancel.is_present) {
        take_cancel(server, activity, peer, datagram);
        return;
    }
    bool is_seen = datagram->sequence == activity->sequence;
    if (is_seen || server->choices->acks_unseen_orphan) /* W129 */
        answer_plain(server, peer, datagram, RPCANCEL_PDU_CANCEL_ACK);
    if (is_seen)
        orphan(server, activity);
}

void rpcancel_datagram_server_receive(struct rpcancel_datagram_server *server, uint64_t peer, const uint8_t *bytes,
                                      size_t size)
{
    struct rpcancel_datagram datagram;
    struct rpcancel_datagram_complaint complaint;
    if (!rpcancel_datagram_decode(bytes, size, RPCANCEL_LENIENT, &datagram, &complaint))
        return;
    if (datagram.server_boot != 0 && datagram.server_boot != server->boot) {
        if (datagram.type <= RPCANCEL_PDU_PING || datagram.type == RPCANCEL_PDU_CL_CANCEL)
            reject(server, peer, &datagram, RPCANCEL_NCA_WRONG_BOOT_TIME);
        return;
    }
    switch (datagram.type) {
    case RPCANCEL_PDU_REQUEST:
        take_request(server, peer, &datagram);
        break;
    case RPCANCEL_PDU_PING:
        take_ping(server, peer, &datagram);
        break;
    case RPCANCEL_PDU_CL_CANCEL:
        take_cancel_or_orphan(server, peer, &datagram);
        break;
    case RPCANCEL_PDU_ACK:
        take_ack(server, &datagram);
        break;
    default: /* fack: there are no fragments; and what clients do not send (W128) */
        break;
    }
}

/* ---- replies ---- */

static void reply(struct rpcancel_datagram_server *server, struct rpcancel_activity *activity)
{
    if (activity->state == RPCANCEL_ACTIVITY_ORPHANED || activity->flags & RPCANCEL_PF_MAYBE) {
        rest(activity);
        return;
    }
    activity->state = RPCANCEL_ACTIVITY_FINAL;
    /* Of an idempotent call nothing is acknowledged: the reply is there for those who ask. */
    if (!(activity->flags & RPCANCEL_PF_IDEMPOTENT))
        activity->resend_timer = RPCANCEL_TIMEOUT_RESEND;
    send_reply(server, activity);
}

void rpcancel_datagram_server_respond(struct rpcancel_datagram_server *server, unsigned call,
                                      struct rpcancel_span stub_data)
{
    struct rpcancel_activity *activity = &server->activities[call];
    activity->stub_data = stub_data;
    reply(server, activity);
}

void rpcancel_datagram_server_fault(struct rpcancel_datagram_server *server, unsigned call, uint32_t status)
{
    struct rpcancel_activity *activity = &server->activities[call];
    activity->is_fault = true;
    activity->status = status;
    reply(server, activity);
}

bool rpcancel_datagram_server_take_cancel(struct rpcancel_datagram_server *server, unsigned call)
{
    bool pending = server->activities[call].cancel_pending;
    server->activities[call].cancel_pending = false;
    return pending;
}

/* ---- time ---- */

uint32_t rpcancel_datagram_server_next(const struct rpcancel_datagram_server *server)
{
    uint32_t next = RPCANCEL_NEVER;
    for (unsigned i = 0; i < RPCANCEL_ACTIVITIES_MAX; i++)
        next = rpcancel_timer_sooner(next, server->activities[i].resend_timer);
    return next;
}

static void pass(struct rpcancel_datagram_server *server, uint32_t ms)
{
    for (unsigned i = 0; i < RPCANCEL_ACTIVITIES_MAX; i++) {
        uint32_t *timer = &server->activities[i].resend_timer;
        rpcancel_timers_pass(&timer, 1, ms);
    }
}

static void resend(struct rpcancel_datagram_server *server, struct rpcancel_activity *activity)
{
    if (++activity->resends > RPCANCEL_RESENDS_MAX) {
        rest(activity);
        return;
    }
    activity->resend_timer = RPCANCEL_TIMEOUT_RESEND;
    send_reply(server, activity);
}

void rpcancel_datagram_server_elapse(struct rpcancel_datagram_server *server, uint32_t ms)
{
    for (uint32_t next; (next = rpcancel_datagram_server_next(server)) <= ms && next != RPCANCEL_NEVER; ms -= next) {
        pass(server, next);
        for (unsigned i = 0; i < RPCANCEL_ACTIVITIES_MAX; i++) {
            if (server->activities[i].resend_timer == 0)
                resend(server, &server->activities[i]);
        }
    }
    pass(server, ms);
}
