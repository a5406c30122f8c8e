// SPDX-License-Identifier: Apache-2.0
#include "exchange/watch.h"

#include <stddef.h>
#include <string.h>

#include "datagram/event.h"

enum {
    CALLS_KEPT = 5, /* those made, and a few that only strays and mutants speak of */
    OBSERVER_OCTETS =
        (offsetof(struct rpcancel_datagram_observer, calls) + CALLS_KEPT * sizeof(struct rpcancel_datagram_call) + 7) /
        8 * 8
};
static_assert(OBSERVER_OCTETS <= sizeof(struct rpcancel_datagram_observer), "a beginning of it");

/* What an observer sees: bytes are identity. */
struct seen_event {
    uint32_t observer, sequence, number, elapsed;
    uint16_t datagram;
    uint8_t kind; /* enum rpcancel_datagram_event_kind */
    uint8_t sender;
    uint32_t unused;
};
static_assert(sizeof(struct seen_event) == 24, "no padding");

struct seen_result {
    struct rpcancel_wire_verdict verdict;
    uint32_t observer; /* afterwards */
    bool is_unjudged;
};

/* ---- events ---- */

static uint8_t end_of(uint32_t end)
{
    switch (end) {
    case RPCANCEL_DATAGRAM_END_RESPONSE:
    case RPCANCEL_DATAGRAM_END_FAULT:
    case RPCANCEL_DATAGRAM_END_REJECT:
        return RPCANCEL_TOLD_ANSWERED;
    case RPCANCEL_DATAGRAM_END_CANCELLED:
        return RPCANCEL_TOLD_CANCELLED;
    case RPCANCEL_DATAGRAM_END_TIMEOUT:
        return RPCANCEL_TOLD_TIMEOUT;
    default:
        return RPCANCEL_TOLD_OTHERWISE;
    }
}

/* |kept| stays as long as the event. */
static struct rpcancel_datagram_event event_of(const struct rpcancel_exchange_watch *watch,
                                               const struct seen_event *seen, struct rpcancel_kept_datagram *kept)
{
    enum rpcancel_pdu_sender sender = (enum rpcancel_pdu_sender)seen->sender;
    if (seen->kind == RPCANCEL_DATAGRAM_PDU) {
        rpcancel_datagram_at(watch->setup, seen->datagram, kept);
        return rpcancel_datagram_event_of(sender, kept->bytes, kept->size, seen->elapsed);
    }
    struct rpcancel_datagram_event event =
        rpcancel_datagram_told((enum rpcancel_datagram_event_kind)seen->kind, sender, &rpcancel_exchange_activity,
                               seen->sequence, seen->elapsed);
    event.end = end_of(seen->number);
    event.count = seen->number;
    event.timeout = watch->setup->timeout;
    return event;
}

/* Rules are about cancels, and not about whatever else passes. */
static bool is_about_cancels(const struct rpcancel_datagram_event *event)
{
    return event->datagram.type == RPCANCEL_PDU_CL_CANCEL || event->datagram.type == RPCANCEL_PDU_CANCEL_ACK;
}

static struct seen_result look(struct rpcancel_exchange_watch *watch, const struct seen_event *seen)
{
    struct rpcancel_datagram_observer observer;
    struct rpcancel_kept_datagram kept;
    struct seen_result result = {.observer = RPCANCEL_NO_ITEM};
    bool is_new, is_pdu = seen->kind == RPCANCEL_DATAGRAM_PDU;
    memset(&observer, 0, sizeof observer);
    rpcancel_flat_table_get(&watch->observers, seen->observer, &observer);
    struct rpcancel_datagram_event event = event_of(watch, seen, &kept);
    if (seen->sender & watch->role) {
        result.verdict = rpcancel_datagram_judge(&watch->rules, &observer, &event);
        result.is_unjudged = is_pdu && is_about_cancels(&event) && rpcancel_wire_mask_is_empty(&result.verdict.decided);
    }
    rpcancel_datagram_observe(&observer, &event);
    if (observer.count <= CALLS_KEPT)
        result.observer = rpcancel_flat_table_add(&watch->observers, &observer, &is_new);
    return result;
}

static void count(struct rpcancel_exchange_watch *watch, const struct seen_result *result,
                  struct rpcancel_exchange_verdict *verdict)
{
    verdict->events++;
    verdict->unjudged += result->is_unjudged;
    for (unsigned i = rpcancel_wire_mask_next(&result->verdict.decided, 0); i < RPCANCEL_WIRE_RULES_MAX;
         i = rpcancel_wire_mask_next(&result->verdict.decided, i + 1)) {
        watch->decided[i]++;
        if (verdict->violated < 0 && rpcancel_wire_mask_has(&result->verdict.violated, i))
            verdict->violated = (int)i;
    }
}

static void show(struct rpcancel_exchange_watch *watch, uint32_t *observer, struct seen_event seen,
                 struct rpcancel_exchange_verdict *verdict)
{
    bool is_new;
    if (watch->no_memory)
        return;
    seen.observer = *observer;
    struct seen_result *result = rpcancel_flat_memo_at(&watch->seen, &seen, &is_new);
    if (result && is_new)
        *result = look(watch, &seen);
    if (!result || result->observer == RPCANCEL_NO_ITEM) {
        watch->no_memory = true;
        return;
    }
    *observer = result->observer;
    count(watch, result, verdict);
}

/* ---- edges ---- */

static bool is_seen_at(const struct rpcancel_exchange_event *event, unsigned place)
{
    if (place == RPCANCEL_EXCHANGE_BETWEEN)
        return event->kind == RPCANCEL_EXCHANGE_SENT || event->kind == RPCANCEL_EXCHANGE_STRAYED;
    if (event->kind == RPCANCEL_EXCHANGE_STRAYED)
        return false;
    bool is_own =
        event->sender == (place == RPCANCEL_EXCHANGE_AT_CLIENT ? RPCANCEL_SENDER_CLIENT : RPCANCEL_SENDER_SERVER);
    return event->kind == RPCANCEL_EXCHANGE_ARRIVED ? !is_own : is_own;
}

static struct seen_event seen_of(const struct rpcancel_exchange_event *event)
{
    static const uint8_t kinds[] = {[RPCANCEL_EXCHANGE_SENT] = RPCANCEL_DATAGRAM_PDU,
                                    [RPCANCEL_EXCHANGE_ARRIVED] = RPCANCEL_DATAGRAM_PDU,
                                    [RPCANCEL_EXCHANGE_CANCELLED] = RPCANCEL_DATAGRAM_CANCELLED,
                                    [RPCANCEL_EXCHANGE_ENDED] = RPCANCEL_DATAGRAM_ENDED,
                                    [RPCANCEL_EXCHANGE_POSTED] = RPCANCEL_DATAGRAM_POSTED,
                                    [RPCANCEL_EXCHANGE_STRAYED] = RPCANCEL_DATAGRAM_PDU};
    return (struct seen_event){.sequence = event->sequence,
                               .number = event->number,
                               .datagram = event->datagram,
                               .kind = kinds[event->kind],
                               .sender = event->sender};
}

/* Time has passed before the first thing that happened, and behind the last one all is done. In between time is of no
 * account. */
static void show_place(struct rpcancel_exchange_watch *watch, struct rpcancel_exchange_watched *watched, unsigned place,
                       const struct rpcancel_exchange_outcome *outcome, struct rpcancel_exchange_verdict *verdict)
{
    static const enum rpcancel_pdu_sender own[] = {[RPCANCEL_EXCHANGE_AT_CLIENT] = RPCANCEL_SENDER_CLIENT,
                                                   [RPCANCEL_EXCHANGE_AT_SERVER] = RPCANCEL_SENDER_SERVER,
                                                   [RPCANCEL_EXCHANGE_BETWEEN] = RPCANCEL_SENDER_EITHER};
    bool is_between = place == RPCANCEL_EXCHANGE_BETWEEN;
    if (!(watch->role & own[place])) /* where one end alone is judged, the other does not see all that passes */
        return;
    uint32_t elapsed = is_between ? 0 : outcome->elapsed;
    for (unsigned i = 0; i < outcome->count; i++) {
        if (!is_seen_at(&outcome->events[i], place))
            continue;
        struct seen_event seen = seen_of(&outcome->events[i]);
        seen.elapsed = elapsed;
        elapsed = 0;
        show(watch, &watched->observers[place], seen, verdict);
    }
    struct seen_event settled = {.kind = RPCANCEL_DATAGRAM_SETTLED, .elapsed = elapsed, .sender = (uint8_t)own[place]};
    if (!is_between)
        show(watch, &watched->observers[place], settled, verdict);
}

void rpcancel_exchange_watch_edge(struct rpcancel_exchange_watch *watch, struct rpcancel_exchange_watched *watched,
                                  const struct rpcancel_exchange_outcome *outcome,
                                  struct rpcancel_exchange_verdict *verdict)
{
    *verdict = (struct rpcancel_exchange_verdict){.violated = -1};
    for (unsigned place = 0; place < RPCANCEL_EXCHANGE_PLACES; place++)
        show_place(watch, watched, place, outcome, verdict);
}

/* ---- beginning and end ---- */

static bool begin(struct rpcancel_exchange_watch *watch, struct rpcancel_exchange_watched *start)
{
    static const enum rpcancel_datagram_place places[] = {[RPCANCEL_EXCHANGE_AT_CLIENT] = RPCANCEL_AT_CLIENT,
                                                          [RPCANCEL_EXCHANGE_AT_SERVER] = RPCANCEL_AT_SERVER,
                                                          [RPCANCEL_EXCHANGE_BETWEEN] = RPCANCEL_BETWEEN};
    for (unsigned place = 0; place < RPCANCEL_EXCHANGE_PLACES; place++) {
        struct rpcancel_datagram_observer observer;
        bool is_new;
        rpcancel_datagram_observer_reset(&observer, places[place], place != RPCANCEL_EXCHANGE_BETWEEN);
        start->observers[place] = rpcancel_flat_table_add(&watch->observers, &observer, &is_new);
        if (start->observers[place] == RPCANCEL_NO_ITEM)
            return false;
    }
    return true;
}

bool rpcancel_exchange_watch_open(struct rpcancel_exchange_watch *watch, struct rpcancel_exchange_watched *start)
{
    watch->observers = (struct rpcancel_flat_table){0};
    watch->seen = (struct rpcancel_flat_memo){0};
    watch->no_memory = false;
    memset(watch->decided, 0, sizeof watch->decided);
    if (rpcancel_flat_table_open(&watch->observers, OBSERVER_OCTETS) &&
        rpcancel_flat_memo_open(&watch->seen, sizeof(struct seen_event), sizeof(struct seen_result)) &&
        begin(watch, start))
        return true;
    rpcancel_exchange_watch_close(watch);
    return false;
}

void rpcancel_exchange_watch_close(struct rpcancel_exchange_watch *watch)
{
    rpcancel_flat_table_close(&watch->observers);
    rpcancel_flat_memo_close(&watch->seen);
}
