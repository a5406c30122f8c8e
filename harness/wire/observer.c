// SPDX-License-Identifier: Apache-2.0
#include "wire/observer.h"

#include "wire/presentation.h"

#include <assert.h>

#include "status.h"

enum { SYNTAX_SIZE = 20, RESULT_SIZE = 24, CONTEXT_HEAD = 24, MUCH = 0x400000, SATURATED = 255 };

/* The beginning of the UUID that asks for bind-time features, as little-endian octets; the bits are the last eight. */
static const uint8_t features_uuid[8] = {0x2C, 0x1C, 0xB7, 0x6C, 0x12, 0x98, 0x40, 0x45};

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

static struct rpcancel_wire_call *find(struct rpcancel_wire_observer *observer, uint32_t call_id)
{
    return (struct rpcancel_wire_call *)rpcancel_wire_find_call(observer, call_id);
}

bool rpcancel_wire_has_ended(const struct rpcancel_wire_observer *observer, uint32_t call_id)
{
    for (unsigned i = 0; i < observer->ended_count; i++) {
        if (observer->ended[i] == call_id)
            return true;
    }
    return false;
}

const struct rpcancel_wire_call *rpcancel_wire_assembling(const struct rpcancel_wire_observer *observer)
{
    for (unsigned i = 0; i < observer->call_places; i++) {
        if (observer->calls[i].phase == RPCANCEL_PHASE_ASSEMBLING && !observer->calls[i].orphaned)
            return &observer->calls[i];
    }
    return NULL;
}

unsigned rpcancel_wire_open_calls(const struct rpcancel_wire_observer *observer)
{
    unsigned count = 0;
    for (unsigned i = 0; i < observer->call_places; i++)
        count += observer->calls[i].phase != RPCANCEL_PHASE_NONE && !observer->calls[i].orphaned;
    return count;
}

static bool has_orphaned(const struct rpcancel_wire_observer *observer)
{
    for (unsigned i = 0; i < observer->call_places; i++) {
        if (observer->calls[i].orphaned)
            return true;
    }
    return false;
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
        return observer->bind_rank;
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

bool rpcancel_wire_is_cancel_fault(const struct rpcancel_pdu *pdu)
{
    if (pdu->type != RPCANCEL_PDU_FAULT)
        return false;
    if (pdu->fault.status == RPCANCEL_S_FAULT_CANCEL)
        return true;
    return pdu->fault.status == 0 && pdu->data.size >= 4 &&
           rpcancel_read_32(pdu->data.bytes, rpcancel_pdu_is_big_endian(pdu)) == RPCANCEL_S_FAULT_CANCEL;
}

/* ---- bind ---- */

uint8_t rpcancel_wire_features_asked(const struct rpcancel_pdu *bind, unsigned *elements)
{
    struct rpcancel_span list = bind->bind.contexts;
    bool big_endian = rpcancel_pdu_is_big_endian(bind);
    uint8_t features = 0;
    *elements = 0;
    while (list.size >= CONTEXT_HEAD) {
        size_t size = CONTEXT_HEAD + list.bytes[2] * (size_t)SYNTAX_SIZE;
        if (size > list.size)
            break;
        const uint8_t *uuid = list.bytes + CONTEXT_HEAD;
        uint8_t begin[8];
        if (list.bytes[2] > 0) {
            rpcancel_write_32(begin, rpcancel_read_32(uuid, big_endian), false);
            rpcancel_write_16(begin + 4, rpcancel_read_16(uuid + 4, big_endian), false);
            rpcancel_write_16(begin + 6, rpcancel_read_16(uuid + 6, big_endian), false);
            if (memcmp(begin, features_uuid, sizeof begin) == 0) {
                features |= uuid[8];
                ++*elements;
            }
        }
        list.bytes += size;
        list.size -= size;
    }
    return features;
}

static void take_results(struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_span list = pdu->bind_ack.results;
    bool big_endian = rpcancel_pdu_is_big_endian(pdu);
    for (; list.size >= RESULT_SIZE; list.bytes += RESULT_SIZE, list.size -= RESULT_SIZE) {
        unsigned result = rpcancel_read_16(list.bytes, big_endian);
        if (result == 0)
            observer->bind = RPCANCEL_BIND_ACCEPTED;
        else if (result == RPCANCEL_NEGOTIATE_ACK)
            observer->features_granted |= (uint8_t)rpcancel_read_16(list.bytes + 2, big_endian);
    }
}

static void take_bind(struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu)
{
    unsigned elements;
    observer->bind_rank = observer->sent;
    if (pdu->type != RPCANCEL_PDU_BIND)
        return;
    observer->bind = RPCANCEL_BIND_ASKED;
    observer->minor_version = pdu->minor_version;
    observer->offered_multiplexing = pdu->flags & RPCANCEL_PFC_CONC_MPX;
    observer->offered_signing = pdu->flags & RPCANCEL_PFC_SUPPORT_HEADER_SIGN;
    observer->client_receive = pdu->bind.max_receive;
    observer->features_asked = rpcancel_wire_features_asked(pdu, &elements);
    observer->feature_elements = (uint8_t)elements;
}

/* ---- what the client sends ---- */

static void count_up(uint8_t *counter, unsigned most)
{
    if (*counter < most)
        ++*counter;
}

static void err(struct rpcancel_wire_observer *observer, enum rpcancel_wire_error error)
{
    if (observer->error)
        return;
    observer->error = (uint8_t)error;
    observer->error_rank = observer->sent;
}

/* An open call that is not complete, or that certainly still executes: its operation waits for what did not come. */
static const struct rpcancel_wire_call *find_unfinished(const struct rpcancel_wire_observer *observer)
{
    for (unsigned i = 0; i < observer->call_places; i++) {
        const struct rpcancel_wire_call *call = &observer->calls[i];
        bool waits = call->class == RPCANCEL_CLASS_HOLD ||
                     (call->class == RPCANCEL_CLASS_PARK && call->cancels == 0 && !call->pending_cancel);
        if (call->phase == RPCANCEL_PHASE_ASSEMBLING ||
            (call->phase == RPCANCEL_PHASE_REQUESTED && waits && !call->orphaned && !observer->multiplexing))
            return call;
    }
    return NULL;
}

/* A place for another call; that of an orphaned one, of which nobody may hear again, when there is no other. */
static struct rpcancel_wire_call *free_place(struct rpcancel_wire_observer *observer, uint32_t call_id)
{
    struct rpcancel_wire_call *found = find(observer, call_id);
    for (unsigned i = 0; i < RPCANCEL_WIRE_CALLS_MAX && !found; i++) {
        if (observer->calls[i].phase == RPCANCEL_PHASE_NONE)
            found = &observer->calls[i];
    }
    for (unsigned i = 0; i < RPCANCEL_WIRE_CALLS_MAX && !found; i++) {
        if (observer->calls[i].orphaned)
            found = &observer->calls[i];
    }
    return found;
}

static void begin_call(struct rpcancel_wire_observer *observer, const struct rpcancel_wire_event *event)
{
    const struct rpcancel_pdu *pdu = &event->pdu;
    const struct rpcancel_wire_call *before = rpcancel_wire_find_call(observer, pdu->call_id);
    bool shares_number = before && before->orphaned; /* with a call that may still be answered */
    unsigned open = rpcancel_wire_open_calls(observer);
    bool is_last = pdu->flags & RPCANCEL_PFC_LAST_FRAG;
    const struct rpcancel_wire_call *unfinished = find_unfinished(observer);
    struct rpcancel_wire_call call = {
        .call_id = pdu->call_id,
        .phase = is_last ? RPCANCEL_PHASE_REQUESTED : RPCANCEL_PHASE_ASSEMBLING,
        .class = event->class,
        .drep = pdu->drep[0],
        .first = observer->sent,
        .last = is_last ? observer->sent : 0,
        .pending_cancel = pdu->flags & RPCANCEL_PFC_PENDING_CANCEL,
        .maybe = pdu->flags & RPCANCEL_PFC_MAYBE,
        .reused = rpcancel_wire_has_ended(observer, pdu->call_id) || before,
        .alone = open == 0,
        .cut_in = unfinished && !unfinished->orphaned,
        .cut_in_orphaned = unfinished && unfinished->orphaned,
        .announced_much = !is_last && pdu->request.alloc_hint > MUCH,
        .after_orphaned = has_orphaned(observer),
    };
    if (observer->bind != RPCANCEL_BIND_ACCEPTED)
        err(observer, RPCANCEL_WIRE_ERROR_UNBOUND);
    if (rpcancel_wire_assembling(observer) || (!observer->multiplexing && open > 0) || (before && !before->orphaned))
        err(observer, RPCANCEL_WIRE_ERROR_CUT_IN);
    struct rpcancel_wire_call *place = free_place(observer, pdu->call_id);
    if (place)
        *place = call;
    if (place && place - observer->calls == observer->call_places)
        observer->call_places++;
    if (!place || shares_number) /* whose reply the next one is, nobody can tell */
        observer->incomplete = true;
    observer->cut_into_orphaned |= call.cut_in_orphaned;
    observer->stray_reply = false;
    if (!observer->multiplexing) /* what was answered before, it has read by now (W28) */
        observer->ended_unknown = 0;
    if (pdu->call_id > observer->highest_call_id)
        observer->highest_call_id = pdu->call_id;
}

static void go_on_with_call(struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_wire_call *call = find(observer, pdu->call_id);
    if (!call || call->phase != RPCANCEL_PHASE_ASSEMBLING) {
        err(observer, RPCANCEL_WIRE_ERROR_FRAGMENT);
        return;
    }
    call->later_pending_cancel |= (pdu->flags & RPCANCEL_PFC_PENDING_CANCEL) != 0;
    call->went_on_after_orphaned |= call->orphaned > 0;
    observer->went_on_after_orphaned |= call->orphaned > 0;
    if (!(pdu->flags & RPCANCEL_PFC_LAST_FRAG))
        return;
    call->phase = RPCANCEL_PHASE_REQUESTED;
    call->last = observer->sent;
}

static void add_probe(struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu,
                      enum rpcancel_wire_probe_kind kind)
{
    unsigned i = 0;
    while (i < observer->probe_places && observer->probes[i].rank)
        i++;
    if (i == RPCANCEL_WIRE_PROBES_MAX)
        return; /* what it would have shown, another one shows */
    if (i == observer->probe_places)
        observer->probe_places++;
    observer->probes[i] = (struct rpcancel_wire_probe){
        .call_id = pdu->call_id,
        .kind = (uint8_t)kind,
        .rank = observer->sent,
        .flags = pdu->flags,
        .plain = pdu->data.size == 0 && pdu->auth.value.size == 0,
        .has_verifier = pdu->auth.value.size > 0,
        .before_bind = observer->bind == RPCANCEL_BIND_NONE,
    };
}

static void take_cancel(struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_wire_call *call = find(observer, pdu->call_id);
    if (!call || call->orphaned) {
        add_probe(observer, pdu, call ? RPCANCEL_PROBE_CANCEL_AFTER_ORPHANED : RPCANCEL_PROBE_STRAY_CANCEL);
        return;
    }
    add_probe(observer, pdu, RPCANCEL_PROBE_LIVE_CANCEL);
    count_up(&call->cancels, SATURATED);
    if (call->phase == RPCANCEL_PHASE_ASSEMBLING)
        count_up(&call->cancels_assembling, SATURATED);
    call->last_cancel = observer->sent;
}

static void take_orphaned(struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_wire_call *call = find(observer, pdu->call_id);
    if (!call) {
        add_probe(observer, pdu, RPCANCEL_PROBE_STRAY_ORPHANED);
        return;
    }
    add_probe(observer, pdu, call->orphaned ? RPCANCEL_PROBE_SECOND_ORPHANED : RPCANCEL_PROBE_LIVE_ORPHANED);
    observer->orphaned_sent = true;
    if (call->orphaned == 0) {
        call->orphaned_phase = call->phase;
        call->orphaned_rank = observer->sent;
    }
    count_up(&call->orphaned, 2);
}

static enum rpcancel_wire_error error_of_octets(struct rpcancel_span octets)
{
    unsigned type = octets.size > 2 && octets.bytes[0] == 5 ? octets.bytes[2] : RPCANCEL_PDU_REQUEST;
    if (type == RPCANCEL_PDU_PING || (type >= RPCANCEL_PDU_WORKING && type <= RPCANCEL_PDU_CANCEL_ACK))
        return RPCANCEL_WIRE_ERROR_DATAGRAM;
    return type >= RPCANCEL_PDU_RTS ? RPCANCEL_WIRE_ERROR_TYPE : RPCANCEL_WIRE_ERROR_UNREADABLE;
}

static void take_client_pdu(struct rpcancel_wire_observer *observer, const struct rpcancel_wire_event *event)
{
    const struct rpcancel_pdu *pdu = &event->pdu;
    observer->sent++;
    if (event->kind == RPCANCEL_WIRE_UNREADABLE) {
        err(observer, error_of_octets(event->octets));
        return;
    }
    if (pdu->type != RPCANCEL_PDU_CO_CANCEL && pdu->type != RPCANCEL_PDU_ORPHANED)
        observer->other = observer->sent;
    switch (pdu->type) {
    case RPCANCEL_PDU_REQUEST:
        if (pdu->flags & RPCANCEL_PFC_FIRST_FRAG)
            begin_call(observer, event);
        else
            go_on_with_call(observer, pdu);
        break;
    case RPCANCEL_PDU_BIND:
    case RPCANCEL_PDU_ALTER_CONTEXT:
        if ((pdu->type == RPCANCEL_PDU_BIND) == (observer->bind != RPCANCEL_BIND_NONE))
            err(observer, RPCANCEL_WIRE_ERROR_UNBOUND);
        else
            take_bind(observer, pdu);
        break;
    case RPCANCEL_PDU_CO_CANCEL:
        take_cancel(observer, pdu);
        break;
    case RPCANCEL_PDU_ORPHANED:
        take_orphaned(observer, pdu);
        break;
    case RPCANCEL_PDU_AUTH3:
        break;
    default:
        err(observer, pdu->type == RPCANCEL_PDU_RTS ? RPCANCEL_WIRE_ERROR_TYPE : RPCANCEL_WIRE_ERROR_SENDER);
    }
}

/* ---- what the server sends ---- */

static void end_call(struct rpcancel_wire_observer *observer, struct rpcancel_wire_call *call)
{
    uint32_t call_id = call->call_id;
    unsigned at = 0;
    memset(call, 0, sizeof *call);
    while (observer->call_places > 0 && observer->calls[observer->call_places - 1].phase == RPCANCEL_PHASE_NONE)
        observer->call_places--;
    while (at < observer->ended_count && observer->ended[at] != call_id)
        at++;
    if (at == RPCANCEL_WIRE_ENDED_MAX)
        at--; /* the oldest is forgotten */
    else if (at == observer->ended_count)
        observer->ended_count++;
    memmove(observer->ended + 1, observer->ended, at * sizeof observer->ended[0]);
    observer->ended[0] = call_id;
    count_up(&observer->ended_unknown, RPCANCEL_WIRE_ENDED_MAX);
}

static void take_reply(struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_wire_call *call = find(observer, pdu->call_id);
    if (!call) {
        observer->stray_reply = true;
        return;
    }
    if (call->orphaned && call->orphaned_rank == 0)
        count_up(&call->fragments_after_orphaned, 2);
    if (pdu->type == RPCANCEL_PDU_FAULT || pdu->flags & RPCANCEL_PFC_LAST_FRAG)
        end_call(observer, call);
    else if (call->phase == RPCANCEL_PHASE_REQUESTED)
        call->phase = RPCANCEL_PHASE_ANSWERING;
}

static void take_server_pdu(struct rpcancel_wire_observer *observer, const struct rpcancel_wire_event *event)
{
    const struct rpcancel_pdu *pdu = &event->pdu;
    observer->error_answered = observer->error != RPCANCEL_WIRE_ERROR_NONE;
    observer->refused =
        event->kind == RPCANCEL_WIRE_PDU && pdu->type == RPCANCEL_PDU_FAULT && !rpcancel_wire_is_cancel_fault(pdu);
    if (event->kind != RPCANCEL_WIRE_PDU)
        return;
    switch (pdu->type) {
    case RPCANCEL_PDU_BIND_ACK:
        if (observer->bind != RPCANCEL_BIND_ASKED)
            break;
        observer->bind = RPCANCEL_BIND_REFUSED; /* unless a context was accepted */
        observer->multiplexing = observer->offered_multiplexing && pdu->flags & RPCANCEL_PFC_CONC_MPX;
        observer->server_receive = pdu->bind_ack.max_receive;
        take_results(observer, pdu);
        observer->bind_rank = 0;
        break;
    case RPCANCEL_PDU_ALTER_CONTEXT_RESP:
        if (observer->bind == RPCANCEL_BIND_REFUSED || observer->bind == RPCANCEL_BIND_ACCEPTED)
            take_results(observer, pdu);
        observer->bind_rank = 0;
        break;
    case RPCANCEL_PDU_BIND_NAK:
        observer->bind = RPCANCEL_BIND_REFUSED;
        observer->bind_rank = 0;
        break;
    case RPCANCEL_PDU_RESPONSE:
    case RPCANCEL_PDU_FAULT:
        take_reply(observer, pdu);
        break;
    default:
        break;
    }
}

/* ---- ranks ---- */

/* Calls |change| with every rank that is kept. */
static void each_rank(struct rpcancel_wire_observer *observer, void (*change)(uint8_t *rank, uint8_t *context),
                      uint8_t *context)
{
    change(&observer->other, context);
    change(&observer->bind_rank, context);
    change(&observer->error_rank, context);
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

/* Takes the gaps out of the ranks; what is up to |known| becomes 0. */
static void close_gaps(struct rpcancel_wire_observer *observer, unsigned known)
{
    uint8_t ranks[256] = {0};
    uint8_t next = 0;
    for (unsigned i = 0; i < observer->call_places; i++) {
        struct rpcancel_wire_call *call = &observer->calls[i];
        if (call->last_cancel <= known)
            call->cancels_read = call->cancels;
    }
    each_rank(observer, mark, ranks);
    for (unsigned rank = 0; rank < sizeof ranks; rank++)
        ranks[rank] = rank > known && ranks[rank] ? ++next : 0;
    each_rank(observer, map, ranks);
    for (unsigned i = 0; i < observer->probe_places; i++) {
        if (!observer->probes[i].rank)
            memset(&observer->probes[i], 0, sizeof observer->probes[i]);
    }
    while (observer->probe_places > 0 && !observer->probes[observer->probe_places - 1].rank)
        observer->probe_places--;
    observer->sent = next;
}

static_assert(3 + 4 * RPCANCEL_WIRE_CALLS_MAX + RPCANCEL_WIRE_PROBES_MAX < 255, "ranks fit an octet");

void rpcancel_wire_observe(struct rpcancel_wire_observer *observer, const struct rpcancel_wire_event *event)
{
    unsigned known = rpcancel_wire_known_read(observer, event);
    if (event->kind == RPCANCEL_WIRE_CLOSED) {
        observer->client_closed |= event->sender == RPCANCEL_SENDER_CLIENT;
        return;
    }
    if (event->sender == RPCANCEL_SENDER_CLIENT)
        take_client_pdu(observer, event);
    else
        take_server_pdu(observer, event);
    close_gaps(observer, known);
}
