// SPDX-License-Identifier: Apache-2.0
#include "observer/notices.h"

enum { BITS = 3, EVENTS = 2, MASK = 7, WORD = 16, PLACES = 2 * RPCANCEL_HANDLES_MAX };

static uint64_t load(const struct rpcancel_observer *observer)
{
    return observer->notices[0] | (uint64_t)observer->notices[1] << WORD | (uint64_t)observer->notices[2] << 2 * WORD;
}

static void store(struct rpcancel_observer *observer, uint64_t bits)
{
    for (unsigned i = 0; i < 3; i++)
        observer->notices[i] = (uint16_t)(bits >> i * WORD);
}

/* The place of a call: lane by lane, the current one and the earlier one. */
static unsigned place_of(const struct rpcancel_observer *observer, const struct rpcancel_observed_call *call)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        if (call == &observer->lanes[i].call)
            return 2 * i;
        if (call == &observer->lanes[i].earlier)
            return 2 * i + 1;
    }
    return 0;
}

static unsigned get(const struct rpcancel_observer *observer, unsigned place, unsigned event)
{
    return load(observer) >> (place * EVENTS + event) * BITS & MASK;
}

static void set(struct rpcancel_observer *observer, unsigned place, unsigned event, unsigned notice)
{
    unsigned at = (place * EVENTS + event) * BITS;
    store(observer, (load(observer) & ~((uint64_t)MASK << at)) | (uint64_t)notice << at);
}

enum rpcancel_seen_subscription rpcancel_notice_of(const struct rpcancel_observer *observer,
                                                   const struct rpcancel_observed_call *call, unsigned event)
{
    return (enum rpcancel_seen_subscription)get(observer, place_of(observer, call), event);
}

/* Moves a notice on: |next| says what each becomes. */
static void change(struct rpcancel_observer *observer, unsigned place, unsigned event,
                   const uint8_t next[RPCANCEL_NOTICES])
{
    set(observer, place, event, next[get(observer, place, event)]);
}

static unsigned other_of(unsigned event)
{
    return event == RPCANCEL_EVENT_CANCEL ? RPCANCEL_EVENT_DISCONNECT : RPCANCEL_EVENT_CANCEL;
}

/* What has happened to the call before it subscribes, or while it is not subscribed, may be announced or not; an
 * abortive cancel, which may hide behind a nonabortive one, may be a disconnect. Whether subscriptions to the same
 * count is open. */
void rpcancel_notice_subscribed(struct rpcancel_observer *observer, const struct rpcancel_observed_call *call,
                                unsigned event)
{
    static const uint8_t next[RPCANCEL_NOTICES] = {
        [RPCANCEL_NOTICE_NONE] = RPCANCEL_NOTICE_ARMED,  [RPCANCEL_NOTICE_ARMED] = RPCANCEL_NOTICE_OPEN,
        [RPCANCEL_NOTICE_DUE] = RPCANCEL_NOTICE_OPEN,    [RPCANCEL_NOTICE_SETTLED] = RPCANCEL_NOTICE_OPEN,
        [RPCANCEL_NOTICE_TAKEN] = RPCANCEL_NOTICE_TAKEN, [RPCANCEL_NOTICE_OVER] = RPCANCEL_NOTICE_TAKEN,
        [RPCANCEL_NOTICE_OPEN] = RPCANCEL_NOTICE_OPEN,   [RPCANCEL_NOTICE_OPEN_DROPPED] = RPCANCEL_NOTICE_OPEN};
    unsigned place = place_of(observer, call);
    bool has_happened = call->cancelled != RPCANCEL_CANCELLED_NOT || call->orphaned || observer->link_lost;
    if (has_happened && get(observer, place, event) == RPCANCEL_NOTICE_NONE)
        set(observer, place, event, RPCANCEL_NOTICE_OPEN);
    else
        change(observer, place, event, next);
}

void rpcancel_notice_unsubscribed(struct rpcancel_observer *observer, const struct rpcancel_observed_call *call,
                                  unsigned event)
{
    static const uint8_t next[RPCANCEL_NOTICES] = {
        [RPCANCEL_NOTICE_NONE] = RPCANCEL_NOTICE_NONE,
        [RPCANCEL_NOTICE_ARMED] = RPCANCEL_NOTICE_NONE,
        [RPCANCEL_NOTICE_DUE] = RPCANCEL_NOTICE_OPEN_DROPPED, /* what is queued may still be delivered */
        [RPCANCEL_NOTICE_SETTLED] = RPCANCEL_NOTICE_OPEN_DROPPED,
        [RPCANCEL_NOTICE_TAKEN] = RPCANCEL_NOTICE_OVER,
        [RPCANCEL_NOTICE_OVER] = RPCANCEL_NOTICE_OVER,
        [RPCANCEL_NOTICE_OPEN] = RPCANCEL_NOTICE_OPEN_DROPPED,
        [RPCANCEL_NOTICE_OPEN_DROPPED] = RPCANCEL_NOTICE_OPEN_DROPPED};
    change(observer, place_of(observer, call), event, next);
}

void rpcancel_notice_taken(struct rpcancel_observer *observer, const struct rpcancel_observed_call *call,
                           unsigned event)
{
    static const uint8_t next[RPCANCEL_NOTICES] = {
        [RPCANCEL_NOTICE_NONE] = RPCANCEL_NOTICE_OVER,   [RPCANCEL_NOTICE_ARMED] = RPCANCEL_NOTICE_TAKEN,
        [RPCANCEL_NOTICE_DUE] = RPCANCEL_NOTICE_TAKEN,   [RPCANCEL_NOTICE_SETTLED] = RPCANCEL_NOTICE_TAKEN,
        [RPCANCEL_NOTICE_TAKEN] = RPCANCEL_NOTICE_TAKEN, [RPCANCEL_NOTICE_OVER] = RPCANCEL_NOTICE_OVER,
        [RPCANCEL_NOTICE_OPEN] = RPCANCEL_NOTICE_TAKEN,  [RPCANCEL_NOTICE_OPEN_DROPPED] = RPCANCEL_NOTICE_OVER};
    change(observer, place_of(observer, call), event, next);
    /* "No more than once per call": perhaps the other one does not come then. */
    unsigned other = get(observer, place_of(observer, call), other_of(event));
    if (other == RPCANCEL_NOTICE_DUE || other == RPCANCEL_NOTICE_SETTLED)
        set(observer, place_of(observer, call), other_of(event), RPCANCEL_NOTICE_OPEN);
}

/* Nothing of a call was announced yet, nor may it have been. */
static bool is_unannounced(const struct rpcancel_observer *observer, unsigned place, unsigned event)
{
    unsigned notice = get(observer, place, event);
    return notice == RPCANCEL_NOTICE_NONE || notice == RPCANCEL_NOTICE_ARMED;
}

void rpcancel_notice_happens(struct rpcancel_observer *observer, const struct rpcancel_observed_call *call,
                             unsigned event, bool is_certain)
{
    unsigned place = place_of(observer, call);
    bool is_due = is_certain && is_unannounced(observer, place, other_of(event));
    if (get(observer, place, event) == RPCANCEL_NOTICE_ARMED)
        set(observer, place, event, is_due ? RPCANCEL_NOTICE_DUE : RPCANCEL_NOTICE_OPEN);
}

void rpcancel_notices_in_doubt(struct rpcancel_observer *observer, const struct rpcancel_observed_call *call)
{
    for (unsigned event = 0; event < EVENTS; event++)
        rpcancel_notice_happens(observer, call, event, false);
}

void rpcancel_notices_settle(struct rpcancel_observer *observer)
{
    for (unsigned place = 0; place < PLACES; place++) {
        for (unsigned event = 0; event < EVENTS; event++) {
            if (get(observer, place, event) == RPCANCEL_NOTICE_DUE)
                set(observer, place, event, RPCANCEL_NOTICE_SETTLED);
        }
    }
}

void rpcancel_notices_forget(struct rpcancel_observer *observer, const struct rpcancel_observed_call *call)
{
    for (unsigned event = 0; event < EVENTS; event++)
        set(observer, place_of(observer, call), event, RPCANCEL_NOTICE_NONE);
}

void rpcancel_notices_move(struct rpcancel_observer *observer, unsigned lane)
{
    for (unsigned event = 0; event < EVENTS; event++) {
        set(observer, 2 * lane + 1, event, get(observer, 2 * lane, event));
        set(observer, 2 * lane, event, RPCANCEL_NOTICE_NONE);
    }
}
