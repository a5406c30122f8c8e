// SPDX-License-Identifier: Apache-2.0
#include "doctor/forecast.h"

#include <string.h>

#include "engine/check.h"

/* The reference, that lacks something. */
struct lacking {
    struct rpcancel_runtime runtime; /* first */
    struct rpcancel_runtime *reference;
    rpcancel_kind_mask mask;
};

static enum rpcancel_exchange lacking_reset(struct rpcancel_runtime *runtime)
{
    struct lacking *lacking = (struct lacking *)runtime;
    return lacking->reference->functions->reset(lacking->reference);
}

static enum rpcancel_exchange lacking_execute(struct rpcancel_runtime *runtime, struct rpcancel_operation operation,
                                              struct rpcancel_answer *answer)
{
    struct lacking *lacking = (struct lacking *)runtime;
    if (!(lacking->mask >> operation.kind & 1u))
        return lacking->reference->functions->execute(lacking->reference, operation, answer);
    *answer = rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void lacking_close(struct rpcancel_runtime *runtime)
{
    (void)runtime;
}

static const struct rpcancel_runtime_functions functions = {
    .reset = lacking_reset, .execute = lacking_execute, .close = lacking_close};

/* The reference announces nothing, and starts manager routines when it is told to. */
static void take_control(struct lacking *lacking, const uint8_t control[RPCANCEL_OPERATION_KINDS])
{
    memcpy(lacking->runtime.control, lacking->reference->control, RPCANCEL_OPERATION_KINDS);
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        if (control[kind] == RPCANCEL_HIDDEN)
            lacking->runtime.control[kind] = RPCANCEL_HIDDEN;
    }
}

static void count(const struct rpcancel_check *check, struct rpcancel_forecast *forecast)
{
    *forecast = (struct rpcancel_forecast){.rules = (unsigned)check->rule_count};
    for (size_t i = 0; i < check->rule_count; i++) {
        forecast->unimplemented += check->rules[i].verdict == RPCANCEL_VERDICT_UNIMPLEMENTED;
        forecast->skipped += check->rules[i].verdict == RPCANCEL_VERDICT_SKIP;
    }
}

bool rpcancel_forecast_make(struct rpcancel_forecast *forecast, enum rpcancel_profile profile,
                            rpcancel_kind_mask lacking_mask, const uint8_t control[RPCANCEL_OPERATION_KINDS])
{
    static struct rpcancel_check check; /* large for a stack */
    const struct rpcancel_check_options options = {.profile = profile};
    const struct rpcancel_runtime_options reference = {.hide_delivery =
                                                           control[RPCANCEL_OP_DELIVER_REQUEST] != RPCANCEL_COMMAND,
                                                       .seed = 1,
                                                       .windows_profile = profile == RPCANCEL_PROFILE_WINDOWS};
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    struct lacking lacking = {.runtime.functions = &functions, .mask = lacking_mask};
    lacking.reference = rpcancel_runtime_open_reference(&reference, failure);
    if (!lacking.reference)
        return false;
    take_control(&lacking, control);
    bool is_prepared = rpcancel_check_prepare(&check, rpcancel_catalogue, rpcancel_catalogue_count, &options) ==
                       RPCANCEL_CHECK_PREPARED;
    if (is_prepared) {
        rpcancel_check_run(&check, &lacking.runtime);
        count(&check, forecast);
    }
    rpcancel_check_free(&check);
    lacking.reference->functions->close(lacking.reference);
    return is_prepared;
}
