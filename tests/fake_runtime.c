// SPDX-License-Identifier: Apache-2.0
#include "fake_runtime.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "status.h"

static enum rpcancel_exchange fake_reset(struct rpcancel_runtime *runtime)
{
    struct fake_runtime *fake = (struct fake_runtime *)runtime;
    fake->resets++;
    return fake->reference->functions->reset(fake->reference);
}

static enum rpcancel_exchange fake_execute(struct rpcancel_runtime *runtime, struct rpcancel_operation operation,
                                           struct rpcancel_answer *answer)
{
    struct fake_runtime *fake = (struct fake_runtime *)runtime;
    fake->operations++;
    enum rpcancel_exchange exchange = fake->reference->functions->execute(fake->reference, operation, answer);
    return fake->change && exchange == RPCANCEL_EXCHANGE_ANSWERED ? fake->change(fake, operation, answer) : exchange;
}

static enum rpcancel_exchange fake_conclude(struct rpcancel_runtime *runtime)
{
    struct fake_runtime *fake = (struct fake_runtime *)runtime;
    if (fake->concluded != RPCANCEL_EXCHANGE_ANSWERED)
        snprintf(runtime->failure, sizeof runtime->failure, "it fell");
    return fake->concluded;
}

static void fake_close(struct rpcancel_runtime *runtime)
{
    fake_runtime_close((struct fake_runtime *)runtime);
}

static const struct rpcancel_runtime_functions functions = {
    .reset = fake_reset, .execute = fake_execute, .conclude = fake_conclude, .close = fake_close};

void fake_runtime_open(struct fake_runtime *fake, fake_change *change, bool hide, uint64_t seed)
{
    const struct rpcancel_runtime_options options = {.hide_delivery = hide, .seed = seed};
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    *fake = (struct fake_runtime){.change = change};
    fake->reference = rpcancel_runtime_open_reference(&options, failure);
    assert_non_null(fake->reference);
    fake->runtime.functions = &functions;
    snprintf(fake->runtime.name, sizeof fake->runtime.name, "fake");
    memcpy(fake->runtime.control, fake->reference->control, sizeof fake->runtime.control);
}

void fake_runtime_close(struct fake_runtime *fake)
{
    fake->reference->functions->close(fake->reference);
}

void fake_announce(struct fake_runtime *fake, struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    assert_true(fake->runtime.event_count < RPCANCEL_EVENTS_MAX);
    fake->runtime.events[fake->runtime.event_count++] = (struct rpcancel_event){operation, answer};
}

enum rpcancel_exchange fake_never_cancelled(struct fake_runtime *fake, struct rpcancel_operation operation,
                                            struct rpcancel_answer *answer)
{
    (void)fake;
    if (operation.kind == RPCANCEL_OP_TEST_CANCEL && rpcancel_answer_is_code(*answer, 0))
        answer->code = RPCANCEL_S_CALL_IN_PROGRESS;
    return RPCANCEL_EXCHANGE_ANSWERED;
}
