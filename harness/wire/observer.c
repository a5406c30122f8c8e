// SPDX-License-Identifier: Apache-2.0
/* What an observer tells, and how the places in the order are kept. */
#include <assert.h>

#include "status.h"
#include "wire/observer_parts.h"

void rpcancel_wire_observer_reset(struct rpcancel_wire_observer *observer, bool controlled)
{
    memset(observer, 0, sizeof *observer);
    observer->controlled = controlled;
}

const char *rpcancel_wire_class_name(enum rpcancel_wire_operation_class class)
{
    static const char *const names[RPCANCEL_WIRE_CLASSES] = {"", "fast", "park", "hold", "stream"};
    return names[class];
}

/* ---- looking ---- */

const struct rpcancel_wire_call *rpcancel_wire_find_call(const struct rpcancel_wire_observer *observer,
                                                         uint32_t call_id)
{
    for (unsigned i = 0; i < observer->call_places; i++) {
        if (observer->calls[i].phase != RPCANCEL_PHASE_NONE && observer->calls[i].call_id == call_id)
            return &observer->calls[i];
    }
    return NULL;
}

struct rpcancel_wire_call *rpcancel_observer_find(struct rpcancel_wire_observer *observer, uint32_t call_id)
{
    return (struct rpcancel_wire_call *)rpcancel_wire_find_call(observer, call_id);
}

unsigned rpcancel_observer_find_ended(const struct rpcancel_wire_observer *observer, uint32_t call_id)
{
    for (unsigned i = 0; i < observer->ended_count && call_id <= observer->highest_call_id; i++) {
        if (observer->ended[i] == call_id)
            return i;
    }
    return RPCANCEL_WIRE_ENDED_MAX; /* most calls have one that none had before them */
}

bool rpcancel_wire_has_ended(const struct rpcancel_wire_observer *observer, uint32_t call_id)
{
    return rpcancel_observer_find_ended(observer, call_id) < RPCANCEL_WIRE_ENDED_MAX;
}

bool rpcancel_wire_is_lost(const struct rpcancel_wire_observer *observer, uint32_t call_id)
{
    return observer->has_lost && call_id >= observer->lost_low && call_id <= observer->lost_high &&
           !rpcancel_wire_find_call(observer, call_id);
}

bool rpcancel_wire_was_orphaned(const struct rpcancel_wire_observer *observer, uint32_t call_id)
{
    const struct rpcancel_wire_call *call = rpcancel_wire_find_call(observer, call_id);
    unsigned at = rpcancel_observer_find_ended(observer, call_id);
    if (call)
        return call->orphaned > 0;
    return at < RPCANCEL_WIRE_ENDED_MAX && observer->ended_orphaned >> at & 1u;
}

const struct rpcancel_wire_call *rpcancel_wire_assembling(const struct rpcancel_wire_observer *observer)
{
    for (unsigned i = 0; i < observer->call_places; i++) {
        if (observer->calls[i].phase == RPCANCEL_PHASE_ASSEMBLING && !observer->calls[i].orphaned)
            return &observer->calls[i];
    }
    return NULL;
}

bool rpcancel_wire_is_over_for_client(const struct rpcancel_wire_call *call)
{
    return call->orphaned > 0 || (call->maybe && call->phase != RPCANCEL_PHASE_ASSEMBLING);
}

bool rpcancel_wire_surely_waits(const struct rpcancel_wire_call *call)
{
    return (call->class == RPCANCEL_CLASS_HOLD && !call->released) ||
           (call->class == RPCANCEL_CLASS_PARK && call->cancels == 0 && !call->pending_cancel);
}

bool rpcancel_wire_was_cut_short(const struct rpcancel_wire_observer *observer, uint32_t call_id)
{
    return observer->is_cut_short && observer->cut_short == call_id;
}

unsigned rpcancel_wire_open_calls(const struct rpcancel_wire_observer *observer)
{
    unsigned count = 0;
    for (unsigned i = 0; i < observer->call_places; i++) {
        const struct rpcancel_wire_call *call = &observer->calls[i];
        count += call->phase != RPCANCEL_PHASE_NONE && !rpcancel_wire_is_over_for_client(call);
    }
    return count;
}

unsigned rpcancel_wire_known_read(const struct rpcancel_wire_observer *observer,
                                  const struct rpcancel_wire_event *event)
{
    if (event->kind != RPCANCEL_WIRE_PDU || event->sender != RPCANCEL_SENDER_SERVER)
        return 0;
    const struct rpcancel_wire_call *call = rpcancel_wire_find_call(observer, event->pdu.call_id);
    switch (event->pdu.type) {
    case RPCANCEL_PDU_BIND_ACK:
    case RPCANCEL_PDU_BIND_NAK:
    case RPCANCEL_PDU_ALTER_CONTEXT_RESP:
        return observer->binds == 1 ? observer->bind_rank : 0;
    case RPCANCEL_PDU_RESPONSE:
        if (!call)
            return 0;
        return call->phase == RPCANCEL_PHASE_ASSEMBLING ? call->first : call->last;
    case RPCANCEL_PDU_FAULT: /* it may come before the last fragment was read (W35) */
        return call ? call->first : 0;
    default:
        return 0;
    }
}

bool rpcancel_wire_goes_on_with_fault(const struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu)
{
    return pdu->type == RPCANCEL_PDU_FAULT && !(pdu->flags & RPCANCEL_PFC_FIRST_FRAG) && observer->is_fault_open &&
           observer->open_fault == pdu->call_id;
}

bool rpcancel_wire_is_cancel_fault(const struct rpcancel_pdu *pdu)
{
    if (pdu->type != RPCANCEL_PDU_FAULT)
        return false;
    if (pdu->fault.status == RPCANCEL_S_FAULT_CANCEL)
        return true;
    return pdu->fault.status == 0 && pdu->data.size >= 4 &&
           rpcancel_read_32(pdu->data.bytes, rpcancel_pdu_is_big_endian(pdu)) == RPCANCEL_S_FAULT_CANCEL;
}

/* ---- ranks ---- */

/* Calls |change| with every rank that is kept. */
static void each_rank(struct rpcancel_wire_observer *observer, void (*change)(uint8_t *rank, uint8_t *context),
                      uint8_t *context)
{
    change(&observer->other, context);
    change(&observer->refusal_rank, context);
    change(&observer->bind_rank, context);
    change(&observer->error_rank, context);
    change(&observer->lost_rank, context);
    for (unsigned i = 0; i < observer->call_places; i++) {
        struct rpcancel_wire_call *call = &observer->calls[i];
        if (call->phase == RPCANCEL_PHASE_NONE)
            continue;
        change(&call->first, context);
        change(&call->last, context);
        change(&call->last_cancel, context);
        change(&call->orphaned_rank, context);
    }
    for (unsigned i = 0; i < observer->probe_places; i++)
        change(&observer->probes[i].rank, context);
}

static void mark(uint8_t *rank, uint8_t *used)
{
    used[*rank] = 1;
}

static void map(uint8_t *rank, uint8_t *to)
{
    *rank = to[*rank];
}

static void clear(uint8_t *rank, uint8_t *unused)
{
    (void)unused;
    *rank = 0;
}

/* Gives the ranks above |known| numbers without gaps, and returns how many there are. */
static uint8_t renumber(struct rpcancel_wire_observer *observer, unsigned known)
{
    uint8_t ranks[256];
    uint8_t next = 0;
    memset(ranks, 0, observer->sent + 1u);
    each_rank(observer, mark, ranks);
    for (unsigned rank = 0; rank <= observer->sent; rank++)
        ranks[rank] = rank > known && ranks[rank] ? ++next : 0;
    if (next < observer->sent)
        each_rank(observer, map, ranks);
    return next;
}

/* Takes the gaps out of the ranks; what is up to |known| becomes 0. */
static void close_gaps(struct rpcancel_wire_observer *observer, unsigned known)
{
    uint8_t next = 0;
    for (unsigned i = 0; i < observer->call_places; i++) {
        struct rpcancel_wire_call *call = &observer->calls[i];
        if (call->last_cancel <= known)
            call->cancels_read = call->cancels;
    }
    if (known < observer->sent)
        next = renumber(observer, known);
    else
        each_rank(observer, clear, NULL);
    for (unsigned i = 0; i < observer->probe_places; i++) {
        if (!observer->probes[i].rank)
            memset(&observer->probes[i], 0, sizeof observer->probes[i]);
    }
    while (observer->probe_places > 0 && !observer->probes[observer->probe_places - 1].rank)
        observer->probe_places--;
    observer->sent = next;
}

static_assert(RPCANCEL_WIRE_ENDED_MAX <= 32, "ended_orphaned has a bit for each");
static_assert(5 + 4 * RPCANCEL_WIRE_CALLS_MAX + RPCANCEL_WIRE_PROBES_MAX < 255, "ranks fit an octet");

void rpcancel_wire_observe(struct rpcancel_wire_observer *observer, const struct rpcancel_wire_event *event)
{
    unsigned known = rpcancel_wire_known_read(observer, event);
    if (event->kind == RPCANCEL_WIRE_CLOSED) {
        observer->client_closed |= event->sender == RPCANCEL_SENDER_CLIENT;
        return;
    }
    if (event->kind == RPCANCEL_WIRE_RELEASED) {
        rpcancel_observer_release(observer, event->released);
        return;
    }
    if (event->sender == RPCANCEL_SENDER_CLIENT)
        rpcancel_observer_take_client(observer, event);
    else
        rpcancel_observer_take_server(observer, event, known);
    close_gaps(observer, known);
}
