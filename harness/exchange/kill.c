// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "exchange/changes.h"

static const uint64_t memory_max = UINT64_C(1) << 29;

/* Small ones first: each shows what those before it do not. */
/* clang-format off */
static const struct rpcancel_exchange_slice attempts[] = {
    {.name = "core", .text = "", .capacity = 4,
     .limits = {.calls = 1, .cancels = 2, .faults = true, .gives_up = true}},
    {.name = "two-in-turn", .text = "", .capacity = 2, .reorders = true,
     .limits = {.calls = 2, .cancels = 1, .gives_up = true}},
    {.name = "strays-to-server", .text = "", .capacity = 3, .reorders = true,
     .limits = {.calls = 1, .cancels = 1, .gives_up = true, .strays = 1, .stray_to = RPCANCEL_SENDER_SERVER}},
    {.name = "strays-to-client", .text = "", .capacity = 3, .reorders = true,
     .limits = {.calls = 1, .cancels = 2, .strays = 1, .stray_to = RPCANCEL_SENDER_CLIENT}},
    {.name = "timeout", .text = "", .capacity = 2, .timeout = 1500,
     .limits = {.calls = 1, .cancels = 2, .is_slow = true, .loses = true}},
    {.name = "reordering", .text = "", .capacity = 2, .reorders = true,
     .limits = {.calls = 1, .cancels = 2, .is_slow = true}},
    {.name = "phases", .text = "", .capacity = 2, .tick = 1000,
     .limits = {.calls = 1, .cancels = 1, .is_slow = true, .loses = true, .doubles = true}},
};
/* clang-format on */

static void print_path(struct rpcancel_exchange_setup *setup, const struct rpcancel_exchange_state *start,
                       const struct rpcancel_exchange_search_result *result, struct rpcancel_exchange_kill *kill)
{
    struct rpcancel_exchange_state state = *start;
    kill->path_length = result->path_length;
    for (unsigned i = 0; i < result->path_length; i++)
        rpcancel_exchange_step_print(setup, &state, result->path[i], kill->path[i], sizeof kill->path[i]);
}

/* Returns false when the slice could not be searched to its end. */
static bool try(const struct rpcancel_exchange_mutant *mutant, const struct rpcancel_exchange_slice *slice,
                const volatile sig_atomic_t *stop, struct rpcancel_exchange_kill *kill)
{
    struct rpcancel_exchange_subject subject = {.profile = mutant->profile,
                                                .ends = mutant->ends,
                                                .change = &mutant->change,
                                                .by_rules_alone = !mutant->is_hidden,
                                                .by_promises_alone = mutant->is_hidden};
    struct rpcancel_exchange_search_options options = {.memory = memory_max, .stop = stop};
    struct rpcancel_exchange_setup setup;
    struct rpcancel_exchange_search_result result;
    if (!rpcancel_exchange_search_slice(slice, &subject, &options, &setup, &result))
        return false;
    kill->pairs += result.pairs;
    if (result.end == RPCANCEL_SEARCH_WRONG) {
        kill->end = result.violated >= 0 ? RPCANCEL_EXCHANGE_KILLED_BY_RULE : RPCANCEL_EXCHANGE_KILLED_BY_PROMISE;
        kill->rule = result.violated;
        kill->promise = result.wrong;
        kill->slice = slice->name;
        print_path(&setup, &options.start, &result, kill);
    }
    rpcancel_exchange_close(&setup);
    return result.end == RPCANCEL_SEARCH_WRONG || result.end == RPCANCEL_SEARCH_CLOSED;
}

void rpcancel_exchange_kill_try(const struct rpcancel_exchange_mutant *mutant, const volatile sig_atomic_t *stop,
                                struct rpcancel_exchange_kill *kill)
{
    memset(kill, 0, sizeof *kill);
    kill->rule = -1;
    /* The last one is for the rule that wants repetition, which Microsoft's profiles do not have. */
    unsigned all = sizeof attempts / sizeof attempts[0];
    unsigned count = mutant->profile == RPCANCEL_WIRE_MS_RPCE ? all - 1 : all;
    for (unsigned i = 0; i < count && kill->end == RPCANCEL_EXCHANGE_SURVIVED; i++) {
        if (!try(mutant, &attempts[i], stop, kill))
            kill->end = RPCANCEL_EXCHANGE_KILL_FAILED;
    }
}
