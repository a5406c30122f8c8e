// SPDX-License-Identifier: Apache-2.0
#include "engine/view.h"

#include <string.h>

void rpcancel_view_reset(struct rpcancel_view *view, bool hidden)
{
    view->hidden = hidden;
    rpcancel_set_reset(&view->now);
}

/* ---- one item of an exchange ---- */

/* The members dropped at one item, and the rules they were dropped for. */
struct dropped {
    unsigned item;
    unsigned members;
    uint32_t any;                                                 /* violated in at least one of them */
    uint32_t all;                                                 /* violated in each of them */
    struct rpcancel_observer where[RPCANCEL_RULES_PER_OPERATION]; /* by position in the masks */
};

static void drop(struct dropped *dropped, const struct rpcancel_observer *member, uint32_t violated)
{
    for (unsigned n = 0; n < RPCANCEL_RULES_PER_OPERATION; n++) {
        if (violated & ~dropped->any & 1u << n)
            dropped->where[n] = *member;
    }
    dropped->all = dropped->members == 0 ? violated : dropped->all & violated;
    dropped->any |= violated;
    dropped->members++;
}

/* Sets |after| to what the members of |before| become through |item|. Returns the rules that decide in every member
 * left. */
static uint32_t take_item(const struct rpcancel_rule_set *set, const struct rpcancel_observer_set *before,
                          struct rpcancel_observer_set *after, const struct rpcancel_event *item,
                          struct dropped *dropped)
{
    uint32_t decided = ~0u;
    rpcancel_set_clear(after);
    after->overflowed = before->overflowed;
    for (unsigned i = 0; i < before->count; i++) {
        struct rpcancel_observer member = before->members[i];
        struct rpcancel_verdict verdict = rpcancel_judge(set, &member, item->operation, item->answer);
        if (verdict.violated) {
            drop(dropped, &member, verdict.violated);
            continue;
        }
        decided &= verdict.decided;
        rpcancel_observe(&member, item->operation, item->answer);
        rpcancel_set_add(after, &member);
    }
    return decided;
}

/* Brings unseen deliveries into |set| before |item| is judged. */
static void reckon_with_hidden(struct rpcancel_observer_set *set, const struct rpcancel_event *item)
{
    if (!rpcancel_answer_happened(item->answer)) {
        rpcancel_set_close(set);
    } else if (item->operation.kind == RPCANCEL_OP_SETTLE) {
        rpcancel_set_settle(set);
    } else {
        rpcancel_set_close(set);
        /* A runtime may do what we think impossible where documents leave room; that excludes no member. */
        (void)rpcancel_set_keep_possible(set, item->operation);
    }
}

/* ---- one order of an exchange ---- */

static unsigned item_at(unsigned position, unsigned answered)
{
    if (position == answered)
        return 0; /* the operation that was answered */
    return position < answered ? position + 1 : position;
}

/* Follows up the order in which |answered| announcements come before the operation. Leaves what it leads to in
 * view->order; on false that is empty, |dropped| says why, and |*reached| is the position where it ended. */
static bool follow(struct rpcancel_view *view, const struct rpcancel_rule_set *set, const struct rpcancel_event *items,
                   unsigned count, unsigned answered, uint32_t *decided, struct dropped *dropped, unsigned *reached)
{
    rpcancel_set_copy(&view->order, &view->now);
    for (unsigned position = 0; position < count; position++) {
        unsigned i = item_at(position, answered);
        dropped->item = i;
        dropped->members = 0;
        dropped->any = 0;
        dropped->all = 0;
        if (view->hidden)
            reckon_with_hidden(&view->order, &items[i]);
        decided[i] = take_item(set, &view->order, &view->next, &items[i], dropped);
        rpcancel_set_copy(&view->order, &view->next);
        *reached = position;
        if (view->order.count == 0)
            return false;
    }
    return true;
}

static void name_rules(const struct rpcancel_rule_set *set, const struct rpcancel_event *items,
                       const struct dropped *dropped, struct rpcancel_view_judgement *judgement)
{
    unsigned kind = items[dropped->item].operation.kind;
    uint32_t rules = dropped->all ? dropped->all : dropped->any;
    judgement->item = dropped->item;
    judgement->count = 0;
    for (unsigned n = 0; n < set->count[kind]; n++) {
        if (!(rules & 1u << n))
            continue;
        judgement->rules[judgement->count] = set->index[kind][n];
        judgement->where[judgement->count] = dropped->where[n];
        judgement->count++;
    }
}

static void merge(struct rpcancel_observer_set *into, const struct rpcancel_observer_set *from)
{
    into->overflowed |= from->overflowed;
    for (unsigned i = 0; i < from->count; i++)
        rpcancel_set_add(into, &from->members[i]);
}

/* The common case, for speed: delivery is controlled and nothing was announced, so there is one course only. */
static enum rpcancel_view_result take_only_course(struct rpcancel_observer *member, const struct rpcancel_rule_set *set,
                                                  const struct rpcancel_event *item,
                                                  struct rpcancel_view_judgement *judgement)
{
    struct rpcancel_verdict verdict = rpcancel_judge(set, member, item->operation, item->answer);
    judgement->decided[0] = verdict.decided;
    if (verdict.violated) {
        struct dropped dropped = {.item = 0};
        drop(&dropped, member, verdict.violated);
        name_rules(set, item, &dropped, judgement);
        return RPCANCEL_VIEW_CONTRADICTED;
    }
    rpcancel_observe(member, item->operation, item->answer);
    return RPCANCEL_VIEW_CONSISTENT;
}

enum rpcancel_view_result rpcancel_view_take(struct rpcancel_view *view, const struct rpcancel_rule_set *set,
                                             const struct rpcancel_event *items, unsigned count,
                                             struct rpcancel_view_judgement *judgement)
{
    uint32_t decided[RPCANCEL_VIEW_ITEMS_MAX];
    struct dropped dropped;
    unsigned furthest = 0;
    bool overflowed = false;
    if (!view->hidden && count == 1 && view->now.count == 1)
        return take_only_course(&view->now.members[0], set, &items[0], judgement);
    rpcancel_set_clear(&view->merged);
    memset(judgement->decided, 0xFF, sizeof judgement->decided[0] * count);
    for (unsigned answered = 0; answered < count; answered++) {
        unsigned reached = 0;
        bool lives = follow(view, set, items, count, answered, decided, &dropped, &reached);
        overflowed |= view->order.overflowed;
        if (lives) {
            merge(&view->merged, &view->order);
            for (unsigned i = 0; i < count; i++)
                judgement->decided[i] &= decided[i];
        } else if (answered == 0 || reached > furthest) {
            furthest = reached; /* of the orders that fail, the one that explains most says what is wrong */
            name_rules(set, items, &dropped, judgement);
        }
    }
    if (overflowed || view->merged.overflowed)
        return RPCANCEL_VIEW_OVERFLOWED;
    if (view->merged.count == 0)
        return RPCANCEL_VIEW_CONTRADICTED;
    rpcancel_set_copy(&view->now, &view->merged);
    return RPCANCEL_VIEW_CONSISTENT;
}

/* ---- questions ---- */

uint32_t rpcancel_view_applicable(const struct rpcancel_view *view, const struct rpcancel_rule_set *set,
                                  struct rpcancel_operation operation)
{
    uint32_t rules = view->now.count ? ~0u : 0;
    for (unsigned i = 0; i < view->now.count; i++) {
        /* Which rules decide may hang on the kind of answer; success is the answer most of them speak about. */
        rules &= rpcancel_judge(set, &view->now.members[i], operation, rpcancel_answer_code(0)).decided;
    }
    return rules;
}

bool rpcancel_view_can(const struct rpcancel_view *view, struct rpcancel_operation operation)
{
    for (unsigned i = 0; i < view->now.count; i++) {
        if (!rpcancel_is_possible(&view->now.members[i], operation))
            return false;
    }
    return true;
}

bool rpcancel_view_is_quiet(const struct rpcancel_view *view)
{
    struct rpcancel_operation steps[RPCANCEL_HIDDEN_STEPS_MAX];
    for (unsigned i = 0; i < view->now.count; i++) {
        if (rpcancel_in_flight(&view->now.members[i], steps) != 0)
            return false;
    }
    return true;
}

bool rpcancel_view_runs(const struct rpcancel_view *view, struct rpcancel_operation dispatch)
{
    for (unsigned i = 0; i < view->now.count; i++) {
        const struct rpcancel_observed_lane *lane = &view->now.members[i].lanes[dispatch.handle];
        const struct rpcancel_observed_call *call = dispatch.earlier ? &lane->earlier : &lane->call;
        bool is_of_kind = call->synchronous == (dispatch.kind == RPCANCEL_OP_DISPATCH_SYNCHRONOUS);
        if (!is_of_kind || !rpcancel_seen_on(*call, dispatch.thread))
            return false;
    }
    return true;
}

unsigned rpcancel_view_close(struct rpcancel_view *view)
{
    if (view->hidden)
        rpcancel_set_close(&view->now);
    return view->now.count;
}

bool rpcancel_view_is_exactly(const struct rpcancel_view *view, const struct rpcancel_observer *observer)
{
    return view->now.count == 1 && memcmp(&view->now.members[0], observer, sizeof *observer) == 0;
}
