// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "doctor/watch.h"

#include <assert.h>
#include <string.h>
#include <time.h>

#include "engine/run.h"

static_assert((int)RPCANCEL_OPERATION_KINDS <= 64, "a bit for each kind");

static uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* What the inner runtime says of itself becomes what the outer one says. */
static enum rpcancel_exchange pass_on(struct rpcancel_watch *watch, enum rpcancel_exchange exchange)
{
    struct rpcancel_runtime *outer = &watch->runtime, *inner = watch->inner;
    memcpy(outer->events, inner->events, inner->event_count * sizeof inner->events[0]);
    outer->event_count = inner->event_count;
    for (unsigned i = 0; i < inner->event_count; i++)
        watch->announced += rpcancel_is_dispatch(inner->events[i].operation.kind);
    inner->event_count = 0;
    if (exchange != RPCANCEL_EXCHANGE_ANSWERED) {
        memcpy(outer->failure, inner->failure, sizeof outer->failure);
        memcpy(outer->error_tail, inner->error_tail, sizeof outer->error_tail);
    }
    return watch->last = exchange;
}

static enum rpcancel_exchange watch_reset(struct rpcancel_runtime *runtime)
{
    struct rpcancel_watch *watch = (struct rpcancel_watch *)runtime;
    uint64_t start = now_us();
    enum rpcancel_exchange exchange = watch->inner->functions->reset(watch->inner);
    unsigned took = (unsigned)(now_us() - start);
    watch->resets++;
    watch->slowest_reset_us = took > watch->slowest_reset_us ? took : watch->slowest_reset_us;
    return pass_on(watch, exchange);
}

static void take_answer(struct rpcancel_watched_kind *kind, struct rpcancel_answer answer)
{
    bool is_stub =
        answer.kind == RPCANCEL_ANSWER_EXCEPTION && answer.code == (uint32_t)RPCANCEL_UNIMPLEMENTED_EXCEPTION;
    kind->unimplemented += is_stub || answer.kind == RPCANCEL_ANSWER_UNIMPLEMENTED;
    kind->refused += answer.kind == RPCANCEL_ANSWER_REFUSED;
    kind->undefined += answer.kind == RPCANCEL_ANSWER_UNDEFINED;
    kind->codes += answer.kind < RPCANCEL_ANSWER_EXCEPTION;
    if (answer.kind != RPCANCEL_ANSWER_EXCEPTION || is_stub)
        return;
    kind->exceptions++;
    kind->exception = answer.code;
}

static enum rpcancel_exchange watch_execute(struct rpcancel_runtime *runtime, struct rpcancel_operation operation,
                                            struct rpcancel_answer *answer)
{
    struct rpcancel_watch *watch = (struct rpcancel_watch *)runtime;
    struct rpcancel_watched_kind *kind = &watch->kinds[operation.kind];
    uint64_t start = now_us();
    enum rpcancel_exchange exchange = watch->inner->functions->execute(watch->inner, operation, answer);
    unsigned took = (unsigned)(now_us() - start);
    kind->asked++;
    kind->slowest_us = took > kind->slowest_us ? took : kind->slowest_us;
    if (exchange == RPCANCEL_EXCHANGE_ANSWERED)
        take_answer(kind, *answer);
    return pass_on(watch, exchange);
}

static void watch_close(struct rpcancel_runtime *runtime)
{
    (void)runtime;
}

static const struct rpcancel_runtime_functions functions = {
    .reset = watch_reset, .execute = watch_execute, .close = watch_close};

void rpcancel_watch_init(struct rpcancel_watch *watch, struct rpcancel_runtime *inner)
{
    *watch = (struct rpcancel_watch){.inner = inner};
    watch->runtime.functions = &functions;
    memcpy(watch->runtime.name, inner->name, sizeof inner->name);
    memcpy(watch->runtime.control, inner->control, sizeof inner->control);
}

rpcancel_kind_mask rpcancel_watch_lacking(const struct rpcancel_watch *watch)
{
    rpcancel_kind_mask mask = 0;
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        const struct rpcancel_watched_kind *watched = &watch->kinds[kind];
        if (watched->unimplemented > 0 && watched->codes + watched->exceptions == 0)
            mask |= (rpcancel_kind_mask)1 << kind;
    }
    return mask;
}
