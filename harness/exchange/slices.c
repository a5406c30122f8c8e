// SPDX-License-Identifier: Apache-2.0
#include "exchange/slices.h"

#define CLIENT RPCANCEL_SENDER_CLIENT
#define SERVER RPCANCEL_SENDER_SERVER

/* clang-format off */
const struct rpcancel_exchange_slice rpcancel_exchange_slices[] = {
    {.name = "core", .text = "one call, two cancels, a network that is prompt, in order and loses nothing",
     .capacity = 4,
     .limits = {.calls = 1, .cancels = 2, .faults = true, .gives_up = true}},
    {.name = "slow", .text = "time passes while datagrams are on their way", .capacity = 3,
     .limits = {.calls = 1, .cancels = 2, .faults = true, .gives_up = true, .is_slow = true}},
    {.name = "loss", .text = "any datagram may be lost", .capacity = 2,
     .limits = {.calls = 1, .cancels = 2, .gives_up = true, .is_slow = true, .loses = true}},
    {.name = "duplication", .text = "any datagram may come twice and more", .capacity = 3,
     .limits = {.calls = 1, .cancels = 2, .gives_up = true, .is_slow = true, .doubles = true}},
    {.name = "reordering", .text = "datagrams overtake each other", .capacity = 2, .reorders = true,
     .limits = {.calls = 1, .cancels = 2, .gives_up = true, .is_slow = true}},
    {.name = "combined", .text = "all three at once, one cancel", .capacity = 2, .reorders = true,
     .limits = {.calls = 1, .cancels = 1, .gives_up = true, .is_slow = true, .loses = true, .doubles = true}},
    {.name = "two-calls", .text = "two calls with one cancel each; datagrams of the first are late", .capacity = 2,
     .reorders = true,
     .limits = {.calls = 2, .cancels = 1, .gives_up = true, .is_slow = true}},
    {.name = "idempotent", .text = "a call that may run again, two cancels, reordering and loss", .capacity = 2,
     .reorders = true, .idempotent = true,
     .limits = {.calls = 1, .cancels = 2, .is_slow = true, .loses = true}},
    {.name = "timeout", .text = "a cancel time-out of 1500 ms, and loss", .capacity = 2, .timeout = 1500,
     .limits = {.calls = 1, .cancels = 2, .gives_up = true, .is_slow = true, .loses = true}},
    {.name = "phases", .text = "half a second passes at a time, and loss", .capacity = 2, .tick = 500,
     .limits = {.calls = 1, .cancels = 1, .is_slow = true, .loses = true}},
    {.name = "strays-to-server", .text = "one datagram that no client of ours sends", .capacity = 3, .reorders = true,
     .limits = {.calls = 1, .cancels = 1, .gives_up = true, .strays = 1, .stray_to = SERVER}},
    {.name = "strays-to-client", .text = "one datagram that no server of ours sends", .capacity = 3, .reorders = true,
     .limits = {.calls = 1, .cancels = 2, .strays = 1, .stray_to = CLIENT}},
};
/* clang-format on */
const unsigned rpcancel_exchange_slice_count = sizeof rpcancel_exchange_slices / sizeof rpcancel_exchange_slices[0];

bool rpcancel_exchange_search_slice(const struct rpcancel_exchange_slice *slice,
                                    const struct rpcancel_exchange_subject *subject,
                                    struct rpcancel_exchange_search_options *options,
                                    struct rpcancel_exchange_setup *setup,
                                    struct rpcancel_exchange_search_result *result)
{
    struct rpcancel_wire_mask rules;
    const struct rpcancel_exchange_limits *limits = &slice->limits;
    bool may_go_wrong = slice->reorders || limits->loses || limits->doubles || limits->is_slow || limits->strays > 0;
    bool all_are_ours = limits->strays == 0;
    options->role = all_are_ours ? RPCANCEL_SENDER_EITHER : (enum rpcancel_pdu_sender)slice->limits.stray_to;
    rpcancel_datagram_rules(&rules, subject->profile, options->role, ~0u);
    *setup = (struct rpcancel_exchange_setup){.choices = *rpcancel_datagram_choices_of(subject->ends),
                                              .capacity = slice->capacity,
                                              .reorders = slice->reorders,
                                              .idempotent = slice->idempotent,
                                              .timeout = slice->timeout ? slice->timeout : RPCANCEL_NEVER,
                                              .is_reliable = !may_go_wrong,
                                              .tick = slice->tick,
                                              .change = subject->change};
    options->setup = setup;
    options->limits = slice->limits;
    options->rules = &rules;
    options->with_promises = all_are_ours && !subject->by_rules_alone;
    if (subject->by_promises_alone)
        rules = (struct rpcancel_wire_mask){{0}};
    if (!rpcancel_exchange_open(setup, &options->start))
        return false;
    rpcancel_exchange_search(options, result);
    options->rules = NULL;
    return true;
}
