// SPDX-License-Identifier: Apache-2.0
#include "association/watch.h"

#include <string.h>

#include "wire/event.h"

/* An observer as the table keeps it: in whole words. */
union kept_observer {
    struct rpcancel_wire_observer observer;
    uint64_t words[(sizeof(struct rpcancel_wire_observer) + 7) / 8];
};

struct seen_event {
    uint32_t observer;
    uint16_t fragment;
    uint8_t sender;
    uint8_t released; /* not 0: nothing was sent, but the application of that call was told to go on */
};
static_assert(sizeof(struct seen_event) == 8, "no padding: bytes are identity");

struct seen_result {
    uint32_t observer;
    bool judged;
    struct rpcancel_wire_verdict verdict;
};

/* ---- one event ---- */

static struct rpcancel_wire_event event_of(const struct rpcancel_watch *watch, const struct seen_event *seen,
                                           struct rpcancel_kept_fragment *kept)
{
    enum rpcancel_pdu_sender sender = (enum rpcancel_pdu_sender)seen->sender;
    if (seen->released)
        return (struct rpcancel_wire_event){.kind = RPCANCEL_WIRE_RELEASED, .released = seen->released};
    if (seen->fragment == RPCANCEL_END_OF_CONNECTION)
        return rpcancel_wire_closed(sender);
    rpcancel_fragment_at(watch->setup, seen->fragment, kept);
    struct rpcancel_wire_event event;
    rpcancel_wire_event_of(sender, kept->bytes, kept->size, &event);
    if (event.kind == RPCANCEL_WIRE_PDU && event.pdu.type == RPCANCEL_PDU_REQUEST &&
        event.pdu.flags & RPCANCEL_PFC_FIRST_FRAG)
        event.class = (uint8_t)watch->class;
    return event;
}

/* Whether a rule on more than the header had something to say. Nobody owes that a connection ends or does not. */
static bool is_judged(const struct rpcancel_wire_mask *decided)
{
    for (unsigned i = 0; i < rpcancel_wire_rule_count(); i++) {
        if (rpcancel_wire_mask_has(decided, i) && strcmp(rpcancel_wire_rule_at(i)->function, "header") != 0)
            return true;
    }
    return false;
}

static struct seen_result look(struct rpcancel_watch *watch, const struct seen_event *seen)
{
    union kept_observer kept;
    struct rpcancel_kept_fragment fragment;
    struct seen_result result;
    bool is_new;
    rpcancel_flat_table_get(&watch->observers, seen->observer, &kept);
    struct rpcancel_wire_event event = event_of(watch, seen, &fragment);
    result.verdict = rpcancel_wire_judge(&watch->rules, &kept.observer, &event);
    result.judged =
        event.kind != RPCANCEL_WIRE_PDU || !(seen->sender & watch->role) || is_judged(&result.verdict.decided);
    rpcancel_wire_observe(&kept.observer, &event);
    result.observer = rpcancel_flat_table_add(&watch->observers, &kept, &is_new);
    return result;
}

static void count(struct rpcancel_watch *watch, const struct seen_result *result,
                  struct rpcancel_watch_verdict *verdict)
{
    verdict->events++;
    verdict->unjudged += !result->judged;
    for (unsigned i = 0; i < rpcancel_wire_rule_count(); i++) {
        watch->decided[i] += rpcancel_wire_mask_has(&result->verdict.decided, i);
        if (verdict->violated < 0 && rpcancel_wire_mask_has(&result->verdict.violated, i))
            verdict->violated = (int)i;
    }
}

static void show_event(struct rpcancel_watch *watch, uint32_t *observer, struct seen_event seen,
                       struct rpcancel_watch_verdict *verdict)
{
    bool is_new;
    seen.observer = *observer;
    struct seen_result *result = rpcancel_flat_memo_at(&watch->seen, &seen, &is_new);
    if (result && is_new)
        *result = look(watch, &seen);
    if (!result || result->observer == RPCANCEL_NO_ITEM) {
        watch->no_memory = true;
        return;
    }
    *observer = result->observer;
    if (!seen.released)
        count(watch, result, verdict);
}

static void show(struct rpcancel_watch *watch, uint32_t *observer, enum rpcancel_pdu_sender sender, uint16_t fragment,
                 struct rpcancel_watch_verdict *verdict)
{
    show_event(watch, observer, (struct seen_event){.fragment = fragment, .sender = (uint8_t)sender}, verdict);
}

/* ---- edges ---- */

/* Who sends what an observer sees when it leaves; what the other end sends it sees when it arrives. */
static enum rpcancel_pdu_sender own_sender(unsigned place)
{
    return place == RPCANCEL_WATCH_AT_CLIENT ? RPCANCEL_SENDER_CLIENT : RPCANCEL_SENDER_SERVER;
}

void rpcancel_watch_edge(struct rpcancel_watch *watch, struct rpcancel_watched *watched,
                         const struct rpcancel_association_state *from, struct rpcancel_action action,
                         const struct rpcancel_step_outcome *outcome, struct rpcancel_watch_verdict *verdict)
{
    bool is_answer = action.kind == RPCANCEL_ACTION_RESPOND || action.kind == RPCANCEL_ACTION_FAULT;
    *verdict = (struct rpcancel_watch_verdict){.violated = -1};
    for (unsigned place = 0; place < RPCANCEL_WATCH_PLACES && is_answer && watch->class == RPCANCEL_CLASS_HOLD; place++)
        show_event(watch, &watched->observers[place], (struct seen_event){.released = from->fates[action.call].call_id},
                   verdict);
    if (action.kind == RPCANCEL_ACTION_ARRIVE_CLIENT)
        show(watch, &watched->observers[RPCANCEL_WATCH_AT_CLIENT], RPCANCEL_SENDER_SERVER, from->to_client[0], verdict);
    if (action.kind == RPCANCEL_ACTION_ARRIVE_SERVER)
        show(watch, &watched->observers[RPCANCEL_WATCH_AT_SERVER], RPCANCEL_SENDER_CLIENT, from->to_server[0], verdict);
    for (unsigned i = 0; i < outcome->sent_count; i++) {
        for (unsigned place = 0; place < RPCANCEL_WATCH_PLACES; place++) {
            if (outcome->sent[i].sender == own_sender(place))
                show(watch, &watched->observers[place], own_sender(place), outcome->sent[i].fragment, verdict);
        }
    }
}

/* ---- the bind ---- */

static bool begin(struct rpcancel_watch *watch, struct rpcancel_watched *start, struct rpcancel_watch_verdict *verdict)
{
    *verdict = (struct rpcancel_watch_verdict){.violated = -1};
    for (unsigned place = 0; place < RPCANCEL_WATCH_PLACES; place++) {
        union kept_observer kept;
        bool is_new;
        memset(&kept, 0, sizeof kept);
        rpcancel_wire_observer_reset(&kept.observer, place == RPCANCEL_WATCH_AT_CLIENT);
        start->observers[place] = rpcancel_flat_table_add(&watch->observers, &kept, &is_new);
        if (start->observers[place] == RPCANCEL_NO_ITEM)
            return false;
        for (unsigned i = 0; i < watch->setup->greeting.sent_count; i++)
            show(watch, &start->observers[place], (enum rpcancel_pdu_sender)watch->setup->greeting.sent[i].sender,
                 watch->setup->greeting.sent[i].fragment, verdict);
    }
    return !watch->no_memory;
}

bool rpcancel_watch_open(struct rpcancel_watch *watch, struct rpcancel_watched *start,
                         struct rpcancel_watch_verdict *verdict)
{
    watch->observers = (struct rpcancel_flat_table){0};
    watch->seen = (struct rpcancel_flat_memo){0};
    watch->no_memory = false;
    memset(watch->decided, 0, sizeof watch->decided);
    if (rpcancel_flat_table_open(&watch->observers, sizeof(union kept_observer)) &&
        rpcancel_flat_memo_open(&watch->seen, sizeof(struct seen_event), sizeof(struct seen_result)) &&
        begin(watch, start, verdict))
        return true;
    rpcancel_watch_close(watch);
    return false;
}

void rpcancel_watch_close(struct rpcancel_watch *watch)
{
    rpcancel_flat_table_close(&watch->observers);
    rpcancel_flat_memo_close(&watch->seen);
}
