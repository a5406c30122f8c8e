// SPDX-License-Identifier: Apache-2.0
/* What an observer makes of what the client sends. */
#include "wire/observer_parts.h"
#include "wire/presentation.h"

enum { MUCH = 0x400000, SATURATED = 255 };

/* The beginning of the UUID that asks for bind-time features, as little-endian octets; the bits are the last eight. */
static const uint8_t features_uuid[8] = {0x2C, 0x1C, 0xB7, 0x6C, 0x12, 0x98, 0x40, 0x45};

static void err(struct rpcancel_wire_observer *observer, enum rpcancel_wire_error error)
{
    if (observer->error)
        return;
    observer->error = (uint8_t)error;
    observer->error_rank = observer->sent;
}

/* ---- bind ---- */

/* Takes the first presentation context off |*list|; returns where it begins, or NULL. */
static const uint8_t *next_context(struct rpcancel_span *list)
{
    const uint8_t *context = list->bytes;
    if (list->size < RPCANCEL_CONTEXT_LEAST_SIZE)
        return NULL;
    size_t size = RPCANCEL_CONTEXT_LEAST_SIZE + context[2] * (size_t)RPCANCEL_SYNTAX_SIZE;
    if (size > list->size)
        return NULL;
    list->bytes += size;
    list->size -= size;
    return context;
}

uint8_t rpcancel_wire_features_asked(const struct rpcancel_pdu *bind, unsigned *elements)
{
    struct rpcancel_span list = bind->bind.contexts;
    bool big_endian = rpcancel_pdu_is_big_endian(bind);
    uint8_t features = 0;
    *elements = 0;
    for (const uint8_t *context; (context = next_context(&list));) {
        const uint8_t *uuid = context + RPCANCEL_CONTEXT_LEAST_SIZE;
        uint8_t begin[8];
        if (context[2] > 0) {
            rpcancel_write_32(begin, rpcancel_read_32(uuid, big_endian), false);
            rpcancel_write_16(begin + 4, rpcancel_read_16(uuid + 4, big_endian), false);
            rpcancel_write_16(begin + 6, rpcancel_read_16(uuid + 6, big_endian), false);
            if (memcmp(begin, features_uuid, sizeof begin) == 0) {
                features |= uuid[8];
                ++*elements;
            }
        }
    }
    return features;
}

/* Notes which presentation contexts are asked for: results have their order, and not their numbers. */
static void take_contexts(struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *bind)
{
    struct rpcancel_span list = bind->bind.contexts;
    observer->contexts_lost |= observer->binds > 1;
    observer->asked_count = 0;
    memset(observer->asked, 0, sizeof observer->asked);
    for (const uint8_t *context; (context = next_context(&list));) {
        if (observer->asked_count == RPCANCEL_WIRE_CONTEXTS_MAX)
            observer->contexts_lost = true;
        else
            observer->asked[observer->asked_count++] =
                (uint16_t)rpcancel_read_16(context, rpcancel_pdu_is_big_endian(bind));
    }
}

static bool is_accepted(const struct rpcancel_wire_observer *observer, unsigned context_id)
{
    bool is_found = observer->contexts_lost;
    for (unsigned i = 0; i < observer->accepted_count; i++)
        is_found |= observer->accepted[i] == context_id;
    return is_found;
}

static void take_bind(struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu)
{
    unsigned elements;
    uint8_t features = rpcancel_wire_features_asked(pdu, &elements);
    observer->bind_rank = observer->sent;
    rpcancel_count_up(&observer->binds, SATURATED);
    observer->authenticated |= pdu->auth.value.size > 0;
    take_contexts(observer, pdu);
    if (pdu->type != RPCANCEL_PDU_BIND) {
        observer->altered_features = features;
        observer->altered_elements = (uint8_t)elements;
        return;
    }
    observer->bind = RPCANCEL_BIND_ASKED;
    observer->minor_version = pdu->minor_version;
    observer->offered_multiplexing = pdu->flags & RPCANCEL_PFC_CONC_MPX;
    observer->offered_signing = pdu->flags & RPCANCEL_PFC_SUPPORT_HEADER_SIGN;
    observer->client_receive = pdu->bind.max_receive;
    observer->features_asked = features;
    observer->feature_elements = (uint8_t)elements;
}

/* ---- calls ---- */

/* An open call that is not complete, or that certainly still executes: its operation waits for what did not come. */
static const struct rpcancel_wire_call *find_unfinished(const struct rpcancel_wire_observer *observer)
{
    for (unsigned i = 0; i < observer->call_places; i++) {
        const struct rpcancel_wire_call *call = &observer->calls[i];
        if (call->phase == RPCANCEL_PHASE_ASSEMBLING ||
            (call->phase == RPCANCEL_PHASE_REQUESTED && rpcancel_wire_surely_waits(call) && !call->orphaned &&
             !observer->multiplexing))
            return call;
    }
    return NULL;
}

/* A call that is over for the client may still keep the server from beginning another one: with multiplexing only one
 * whose request is not complete. */
static bool may_be_in_its_way(const struct rpcancel_wire_observer *observer, const struct rpcancel_wire_call *call)
{
    return call->phase && rpcancel_wire_is_over_for_client(call) && !call->is_passed &&
           (!observer->multiplexing || call->phase == RPCANCEL_PHASE_ASSEMBLING);
}

/* The call to forget: a maybe call that the server is past, since who answers those has done so; or an orphaned one,
 * which the server is past, or else the oldest. NULL: there is none. */
static struct rpcancel_wire_call *find_to_lose(struct rpcancel_wire_observer *observer)
{
    struct rpcancel_wire_call *found = NULL;
    for (unsigned i = 0; i < RPCANCEL_WIRE_CALLS_MAX; i++) {
        struct rpcancel_wire_call *call = &observer->calls[i];
        if (!call->orphaned && call->maybe && call->is_passed)
            return call;
        if (call->orphaned && (!found || call->is_passed > found->is_passed ||
                               (call->is_passed == found->is_passed && call->first < found->first)))
            found = call;
    }
    return found;
}

/* Forgets a call, and returns its place. NULL: there is none that may be forgotten. */
static struct rpcancel_wire_call *lose(struct rpcancel_wire_observer *observer)
{
    struct rpcancel_wire_call *lost = find_to_lose(observer);
    if (!lost)
        return NULL;
    if (!observer->has_lost || lost->call_id < observer->lost_low)
        observer->lost_low = lost->call_id;
    if (!observer->has_lost || lost->call_id > observer->lost_high)
        observer->lost_high = lost->call_id;
    observer->has_lost = true;
    observer->has_lost_orphaned |= lost->orphaned > 0;
    observer->is_lost_in_the_way |= may_be_in_its_way(observer, lost);
    observer->is_lost_unknown |= lost->class == RPCANCEL_CLASS_UNKNOWN;
    observer->is_lost_much |= lost->announced_much;
    observer->lost_rank = observer->sent;
    return lost;
}

/* A place for another call: that of the one whose call_id is taken, when there is one; a free one; or that of one that
 * is forgotten. NULL: there is none. */
static struct rpcancel_wire_call *free_place(struct rpcancel_wire_observer *observer, uint32_t call_id)
{
    struct rpcancel_wire_call *found = rpcancel_observer_find(observer, call_id);
    for (unsigned i = 0; i < RPCANCEL_WIRE_CALLS_MAX && !found; i++) {
        if (observer->calls[i].phase == RPCANCEL_PHASE_NONE)
            found = &observer->calls[i];
    }
    return found ? found : lose(observer);
}

static bool has_orphaned(const struct rpcancel_wire_observer *observer)
{
    bool is_there = observer->has_lost_orphaned;
    for (unsigned i = 0; i < observer->call_places; i++)
        is_there |= observer->calls[i].orphaned > 0;
    return is_there;
}

static bool may_be_in_the_way(const struct rpcancel_wire_observer *observer)
{
    bool is_in_the_way = observer->is_lost_in_the_way;
    for (unsigned i = 0; i < observer->call_places; i++)
        is_in_the_way |= may_be_in_its_way(observer, &observer->calls[i]);
    return is_in_the_way;
}

static struct rpcancel_wire_call new_call(const struct rpcancel_wire_observer *observer,
                                          const struct rpcancel_wire_event *event)
{
    const struct rpcancel_pdu *pdu = &event->pdu;
    const struct rpcancel_wire_call *unfinished = find_unfinished(observer);
    bool is_last = pdu->flags & RPCANCEL_PFC_LAST_FRAG;
    return (struct rpcancel_wire_call){
        .call_id = pdu->call_id,
        .phase = is_last ? RPCANCEL_PHASE_REQUESTED : RPCANCEL_PHASE_ASSEMBLING,
        .class = event->class,
        .drep = pdu->drep[0],
        .first = observer->sent,
        .last = is_last ? observer->sent : 0,
        .pending_cancel = pdu->flags & RPCANCEL_PFC_PENDING_CANCEL,
        .maybe = pdu->flags & RPCANCEL_PFC_MAYBE,
        .reused = rpcancel_wire_has_ended(observer, pdu->call_id),
        .alone = observer->call_places == 0 && !observer->has_lost,
        .cut_in = unfinished && !unfinished->orphaned,
        .cut_in_orphaned = unfinished && unfinished->orphaned,
        .announced_much = pdu->request.alloc_hint > MUCH,
        .in_fragments = !is_last,
        .decreased = pdu->call_id < observer->highest_call_id,
        .began_over = may_be_in_the_way(observer),
        .after_orphaned = has_orphaned(observer),
    };
}

/* What is on its way when the client begins with |call_id| again may be a reply to the call that had it before: where
 * the client need not have read that, and gave the call up, or had no reply to wait for. */
static bool is_taken_for_another(const struct rpcancel_wire_observer *observer, uint32_t call_id)
{
    bool is_unread = false;
    for (unsigned i = 0; i < observer->ended_unknown; i++)
        is_unread |= observer->ended[i] == call_id;
    return is_unread && observer->has_crossed;
}

/* The client begins again with the call_id of a request that it has not completed, and the only thing wrong so far is
 * that. */
static bool cuts_in_on_itself(const struct rpcancel_wire_observer *observer, const struct rpcancel_wire_call *call)
{
    const struct rpcancel_wire_call *before = rpcancel_wire_find_call(observer, call->call_id);
    return before && before->phase == RPCANCEL_PHASE_ASSEMBLING && !before->orphaned && !observer->error &&
           !observer->incomplete && !observer->authenticated && !before->announced_much && !call->announced_much;
}

static void begin_call(struct rpcancel_wire_observer *observer, const struct rpcancel_wire_event *event)
{
    const struct rpcancel_pdu *pdu = &event->pdu;
    const struct rpcancel_wire_call *before = rpcancel_wire_find_call(observer, pdu->call_id);
    struct rpcancel_wire_call call = new_call(observer, event);
    call.cut_in_itself = cuts_in_on_itself(observer, &call);
    bool is_ambiguous = before || rpcancel_wire_is_lost(observer, pdu->call_id) ||
                        is_taken_for_another(observer, pdu->call_id); /* whose reply is next, nobody can tell */
    unsigned open = rpcancel_wire_open_calls(observer);
    if (observer->bind != RPCANCEL_BIND_ACCEPTED || !is_accepted(observer, pdu->request.context_id))
        err(observer, RPCANCEL_WIRE_ERROR_UNBOUND);
    observer->interleaved |= observer->multiplexing && (rpcancel_wire_assembling(observer) || observer->is_cut_short);
    if (rpcancel_wire_assembling(observer) || (!observer->multiplexing && open > 0) ||
        (before && !rpcancel_wire_is_over_for_client(before)))
        err(observer, RPCANCEL_WIRE_ERROR_CUT_IN);
    observer->began_over |= call.began_over;
    struct rpcancel_wire_call *place = free_place(observer, pdu->call_id);
    observer->incomplete |= !place || is_ambiguous;
    if (place)
        *place = call;
    if (place && place - observer->calls == observer->call_places)
        observer->call_places++;
    observer->stray_reply = observer->is_cut_short = false;
    if (observer->open_fault == pdu->call_id)
        observer->is_fault_open = false;
    if (!observer->multiplexing) /* what was answered before, it has read by now (W28) */
        observer->ended_unknown = 0;
    if (pdu->call_id > observer->highest_call_id)
        observer->highest_call_id = pdu->call_id;
}

static void go_on_with_call(struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_wire_call *call = rpcancel_observer_find(observer, pdu->call_id);
    if (rpcancel_wire_is_lost(observer, pdu->call_id)) { /* which of both it is, nobody can tell */
        observer->went_on_after_orphaned = true;
        err(observer, RPCANCEL_WIRE_ERROR_CROSSED);
        return;
    }
    if (!call || call->phase != RPCANCEL_PHASE_ASSEMBLING) {
        bool has_crossed = rpcancel_wire_was_cut_short(observer, pdu->call_id);
        err(observer, has_crossed ? RPCANCEL_WIRE_ERROR_CROSSED : RPCANCEL_WIRE_ERROR_FRAGMENT);
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
        .before_bind = observer->bind == RPCANCEL_BIND_NONE,
    };
}

/* A header alone, and where the association has one a verifier, with flags that some client was seen to send (W47, W48,
 * W52). */
static bool is_usual(const struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu)
{
    const unsigned seen = 1u << 0x00 | 1u << 0x02 | 1u << 0x03 | 1u << 0x04 | 1u << 0x06 | 1u << 0x07;
    unsigned flags = pdu->flags & ~(observer->multiplexing ? RPCANCEL_PFC_CONC_MPX : 0u);
    bool is_alone = pdu->data.size == 0 && (pdu->auth.value.size == 0 || observer->authenticated);
    return is_alone && flags < 8 && seen >> flags & 1u;
}

static void take_cancel(struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_wire_call *call = rpcancel_observer_find(observer, pdu->call_id);
    if (!call || call->orphaned) {
        if (!rpcancel_wire_is_lost(observer, pdu->call_id))
            add_probe(observer, pdu, call ? RPCANCEL_PROBE_CANCEL_AFTER_ORPHANED : RPCANCEL_PROBE_STRAY_CANCEL);
        if (call)
            rpcancel_count_up(&call->cancels_after_orphaned, SATURATED);
        return;
    }
    add_probe(observer, pdu, RPCANCEL_PROBE_LIVE_CANCEL);
    rpcancel_count_up(&call->cancels, SATURATED);
    if (call->phase == RPCANCEL_PHASE_ASSEMBLING)
        rpcancel_count_up(&call->cancels_assembling, SATURATED);
    call->last_cancel = observer->sent;
}

static void take_orphaned(struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_wire_call *call = rpcancel_observer_find(observer, pdu->call_id);
    if (!call) {
        unsigned ended = rpcancel_observer_find_ended(observer, pdu->call_id);
        if (ended < RPCANCEL_WIRE_ENDED_MAX)
            observer->ended_orphaned |= UINT32_C(1) << ended;
        if (!rpcancel_wire_is_lost(observer, pdu->call_id))
            add_probe(observer, pdu, RPCANCEL_PROBE_STRAY_ORPHANED);
        observer->has_crossed = true;
        return;
    }
    add_probe(observer, pdu, call->orphaned ? RPCANCEL_PROBE_SECOND_ORPHANED : RPCANCEL_PROBE_LIVE_ORPHANED);
    observer->orphaned_sent = true;
    if (call->orphaned == 0) {
        call->orphaned_phase = call->phase;
        call->orphaned_rank = observer->sent;
    }
    rpcancel_count_up(&call->orphaned, 2);
}

static enum rpcancel_wire_error error_of_octets(struct rpcancel_span octets)
{
    unsigned type = octets.size > 2 && octets.bytes[0] == 5 ? octets.bytes[2] : RPCANCEL_PDU_REQUEST;
    if (type == RPCANCEL_PDU_PING || (type >= RPCANCEL_PDU_WORKING && type <= RPCANCEL_PDU_CANCEL_ACK))
        return RPCANCEL_WIRE_ERROR_DATAGRAM;
    return type >= RPCANCEL_PDU_RTS ? RPCANCEL_WIRE_ERROR_TYPE : RPCANCEL_WIRE_ERROR_UNREADABLE;
}

void rpcancel_observer_take_client(struct rpcancel_wire_observer *observer, const struct rpcancel_wire_event *event)
{
    const struct rpcancel_pdu *pdu = &event->pdu;
    observer->sent++;
    if (event->kind == RPCANCEL_WIRE_UNREADABLE) {
        err(observer, error_of_octets(event->octets));
        return;
    }
    if (pdu->type != RPCANCEL_PDU_CO_CANCEL && pdu->type != RPCANCEL_PDU_ORPHANED)
        observer->other = observer->sent;
    else if (!is_usual(observer, pdu))
        err(observer, RPCANCEL_WIRE_ERROR_CANCEL);
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
        observer->cancel_sent = true;
        observer->verifier_sent |= pdu->auth.value.size > 0;
        take_cancel(observer, pdu);
        break;
    case RPCANCEL_PDU_ORPHANED:
        observer->any_orphaned_sent = true;
        observer->verifier_sent |= pdu->auth.value.size > 0;
        take_orphaned(observer, pdu);
        break;
    case RPCANCEL_PDU_AUTH3:
        if (!observer->authenticated)
            err(observer, RPCANCEL_WIRE_ERROR_UNBOUND);
        break;
    default:
        err(observer, pdu->type == RPCANCEL_PDU_RTS ? RPCANCEL_WIRE_ERROR_TYPE : RPCANCEL_WIRE_ERROR_SENDER);
    }
}
