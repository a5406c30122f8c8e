// SPDX-License-Identifier: Apache-2.0
#include "datagram/observer.h"

void rpcancel_datagram_observer_reset(struct rpcancel_datagram_observer *observer, enum rpcancel_datagram_place place,
                                      bool controlled)
{
    memset(observer, 0, sizeof *observer);
    observer->place = (uint8_t)place;
    observer->controlled = controlled;
}

bool rpcancel_datagram_is_sent_by_clients(unsigned type)
{
    return type == RPCANCEL_PDU_REQUEST || type == RPCANCEL_PDU_PING || type == RPCANCEL_PDU_FACK ||
           type == RPCANCEL_PDU_CL_CANCEL || type == RPCANCEL_PDU_ACK;
}

static bool is_of(const struct rpcancel_datagram_call *call, const struct rpcancel_datagram *datagram)
{
    return call->sequence == datagram->sequence && rpcancel_uuid_is(&call->activity, &datagram->activity);
}

const struct rpcancel_datagram_call *rpcancel_datagram_find_call(const struct rpcancel_datagram_observer *observer,
                                                                 const struct rpcancel_datagram_event *event)
{
    for (uint32_t i = observer->count; i-- > 0;) {
        if (is_of(&observer->calls[i], &event->datagram))
            return &observer->calls[i];
    }
    return NULL;
}

uint32_t rpcancel_datagram_forget(struct rpcancel_datagram_observer *observer, uint32_t count)
{
    uint32_t highest = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (observer->calls[i].sequence > highest)
            highest = observer->calls[i].sequence;
    }
    observer->count -= count;
    memmove(&observer->calls[0], &observer->calls[count], observer->count * sizeof observer->calls[0]);
    return highest;
}

/* The call that |event| is of, from now on if need be. */
static struct rpcancel_datagram_call *open_call(struct rpcancel_datagram_observer *observer,
                                                const struct rpcancel_datagram_event *event)
{
    const struct rpcancel_datagram_call *found = rpcancel_datagram_find_call(observer, event);
    if (found)
        return &observer->calls[found - observer->calls];
    if (observer->count == RPCANCEL_DATAGRAM_CALLS_MAX) {
        observer->lost = true;
        rpcancel_datagram_forget(observer, 1);
    }
    struct rpcancel_datagram_call *call = &observer->calls[observer->count++];
    memset(call, 0, sizeof *call);
    call->activity = event->datagram.activity;
    call->sequence = event->datagram.sequence;
    return call;
}

/* ---- time ---- */

static void pass(uint32_t *since, uint32_t ms)
{
    *since = ms > RPCANCEL_SINCE_MAX - *since ? RPCANCEL_SINCE_MAX : *since + ms;
}

bool rpcancel_datagram_waits_for_ack(const struct rpcancel_datagram_call *call)
{
    return call->sent_id > 0 && !call->ended && !call->orphan_sent && !call->refuses &&
           !(call->has_ack && call->acked_id >= call->sent_id);
}

static void pass_time(struct rpcancel_datagram_observer *observer, uint32_t ms)
{
    for (uint32_t i = 0; i < observer->count; i++) {
        struct rpcancel_datagram_call *call = &observer->calls[i];
        if (rpcancel_datagram_waits_for_ack(call) && observer->place == RPCANCEL_AT_CLIENT)
            pass(&call->since_sent, ms);
        if (call->timeout > 0 && !call->ended)
            pass(&call->since_cancel, ms);
    }
}

/* ---- what a client sends ---- */

static void end(struct rpcancel_datagram_call *call)
{
    call->ended = true;
    call->timeout = call->since_sent = call->since_cancel = 0;
}

static void note_request(struct rpcancel_datagram_call *call, const struct rpcancel_datagram *request)
{
    call->requested = true;
    call->interface = request->interface;
    call->opnum = request->opnum;
    call->idempotent = (request->flags & RPCANCEL_PF_IDEMPOTENT) != 0;
}

static bool knows_earlier(const struct rpcancel_datagram_observer *observer, const struct rpcancel_datagram_call *call)
{
    for (uint32_t i = 0; i < observer->count; i++) {
        const struct rpcancel_datagram_call *other = &observer->calls[i];
        if (other->requested && !other->rejected && other->sequence <= call->sequence &&
            rpcancel_uuid_is(&other->activity, &call->activity))
            return true;
    }
    return false;
}

static bool knows_later(const struct rpcancel_datagram_observer *observer, const struct rpcancel_datagram_call *call)
{
    for (uint32_t i = 0; i < observer->count; i++) {
        const struct rpcancel_datagram_call *other = &observer->calls[i];
        if (other->requested && other->sequence > call->sequence && rpcancel_uuid_is(&other->activity, &call->activity))
            return true;
    }
    return false;
}

static void note_cancel(struct rpcancel_datagram_observer *observer, struct rpcancel_datagram_call *call,
                        const struct rpcancel_cancel_body *cancel)
{
    if (!cancel->is_present) {
        call->orphan_sent = true;
        call->since_sent = 0;
        bool is_due = knows_earlier(observer, call) && !knows_later(observer, call);
        call->owes_orphan_ack = observer->place == RPCANCEL_AT_SERVER && is_due;
        return;
    }
    if (cancel->version != 0) {
        call->other_version = true;
        return;
    }
    call->sent_id = cancel->cancel_id;
    call->since_sent = 0;
    if (cancel->cancel_id > call->highest_id)
        call->highest_id = cancel->cancel_id;
}

static void note_client(struct rpcancel_datagram_observer *observer, const struct rpcancel_datagram_event *event)
{
    struct rpcancel_datagram_call *call = open_call(observer, event);
    unsigned type = event->datagram.type;
    if (rpcancel_datagram_is_sent_by_clients(type))
        call->sent_known = true;
    else
        call->sent_foreign = true;
    if (event->kind != RPCANCEL_DATAGRAM_PDU)
        return;
    if (type == RPCANCEL_PDU_REQUEST)
        note_request(call, &event->datagram);
    else if (type == RPCANCEL_PDU_CL_CANCEL)
        note_cancel(observer, call, &event->datagram.cancel);
}

/* ---- what a server sends ---- */

static enum rpcancel_datagram_ack kind_of_ack(const struct rpcancel_datagram_call *call,
                                              const struct rpcancel_cancel_ack_body *ack)
{
    if (call->last_ack == RPCANCEL_ACK_MATCHING || call->last_ack == RPCANCEL_ACK_ORPHAN)
        return (enum rpcancel_datagram_ack)call->last_ack; /* what ends it has come */
    if (call->cancels == 0)
        return RPCANCEL_ACK_UNCANCELLED;
    if (!ack->is_present)
        return RPCANCEL_ACK_ORPHAN;
    if (ack->version != 0)
        return RPCANCEL_ACK_OTHER_VERSION;
    return ack->cancel_id == call->cancels ? RPCANCEL_ACK_MATCHING : RPCANCEL_ACK_OTHER_ID;
}

static void note_cancel_ack(struct rpcancel_datagram_call *call, const struct rpcancel_cancel_ack_body *ack)
{
    call->last_ack = (uint8_t)kind_of_ack(call, ack);
    if (!ack->is_present) {
        call->orphan_acked = true;
        call->owes_orphan_ack = false;
        return;
    }
    if (ack->version != 0 || (call->has_ack && ack->cancel_id < call->acked_id))
        return;
    call->has_ack = true;
    call->acked_id = ack->cancel_id;
    call->refuses = !rpcancel_datagram_is_accepting(ack);
    if (!rpcancel_datagram_waits_for_ack(call))
        call->since_sent = 0;
}

static void note_server(struct rpcancel_datagram_observer *observer, const struct rpcancel_datagram_event *event)
{
    struct rpcancel_datagram_call *call = open_call(observer, event);
    bool is_early = observer->place == RPCANCEL_AT_CLIENT && observer->controlled && !call->requested;
    if (event->kind != RPCANCEL_DATAGRAM_PDU || is_early) /* a client takes nothing in for a call to come */
        return;
    switch (event->datagram.type) {
    case RPCANCEL_PDU_RESPONSE:
    case RPCANCEL_PDU_FAULT:
    case RPCANCEL_PDU_REJECT:
        call->replied = true;
        if (event->datagram.type == RPCANCEL_PDU_REJECT) { /* of whatever was sent for it last */
            call->rejected = true;
            call->owes_orphan_ack = false;
        }
        end(call);
        break;
    case RPCANCEL_PDU_NOCALL: /* the call may run again, which has not seen a cancel then */
        if (!event->datagram.fack.is_present && call->idempotent) {
            call->has_ack = call->refuses = false;
            call->acked_id = 0;
        }
        break;
    case RPCANCEL_PDU_CANCEL_ACK:
        note_cancel_ack(call, &event->datagram.cancel_ack);
        break;
    default:
        break;
    }
}

/* ---- what ends tell ---- */

static void note_told(struct rpcancel_datagram_observer *observer, const struct rpcancel_datagram_event *event)
{
    struct rpcancel_datagram_call *call = open_call(observer, event);
    switch (event->kind) {
    case RPCANCEL_DATAGRAM_CANCELLED:
        call->cancels++;
        call->timeout = event->timeout == UINT32_MAX ? 0 : event->timeout + 1;
        call->since_cancel = 0;
        break;
    case RPCANCEL_DATAGRAM_ENDED:
        end(call);
        break;
    default:
        call->posted = event->count > UINT32_MAX - call->posted ? UINT32_MAX : call->posted + event->count;
        break;
    }
}

void rpcancel_datagram_observe(struct rpcancel_datagram_observer *observer, const struct rpcancel_datagram_event *event)
{
    pass_time(observer, event->elapsed);
    if (event->kind == RPCANCEL_DATAGRAM_SETTLED)
        return;
    if (event->kind != RPCANCEL_DATAGRAM_PDU && event->kind != RPCANCEL_DATAGRAM_UNREADABLE)
        note_told(observer, event);
    else if (event->kind == RPCANCEL_DATAGRAM_UNREADABLE && event->octets.size < RPCANCEL_DATAGRAM_HEADER_SIZE)
        return;
    else if (event->sender == RPCANCEL_SENDER_CLIENT)
        note_client(observer, event);
    else
        note_server(observer, event);
}
