// SPDX-License-Identifier: Apache-2.0
/*
 * One association in every order in which calls are made, cancelled, given up, answered and lost, in every profile: the
 * search closes, no rule of the wire objects, and no promise of the two ends together is broken.
 */
#include "association/search.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "association/promises.h"

enum { EVERY_HYPOTHESIS = (1u << RPCANCEL_ABANDONMENTS) - 1 };

struct variety {
    bool multiplexed, keeps_connection;
    enum rpcancel_pdu_sender role; /* whose rules judge */
};

static void expect_nothing_wrong(const struct rpcancel_wire_search_result *result)
{
    for (unsigned i = 0; i < result->path_length; i++) {
        char text[RPCANCEL_ACTION_TEXT_MAX];
        rpcancel_action_print(result->path[i], text, sizeof text);
        print_message("  %s\n", text);
    }
    if (result->violated >= 0)
        fail_msg("%s", rpcancel_wire_rule_at((unsigned)result->violated)->id);
    if (result->wrong)
        fail_msg("%s", result->wrong);
    assert_int_equal(result->end, RPCANCEL_SEARCH_CLOSED);
    assert_int_equal(result->full, 0);
}

static void search(enum rpcancel_wire_profile profile, struct variety variety, struct rpcancel_wire_limits limits,
                   struct rpcancel_wire_search_result *result)
{
    struct rpcancel_setup setup = {.choices = rpcancel_wire_choices_of(profile),
                                   .multiplexed = variety.multiplexed,
                                   .keeps_connection = variety.keeps_connection};
    struct rpcancel_wire_mask rules;
    struct rpcancel_wire_search_options options = {.setup = &setup,
                                                   .limits = limits,
                                                   .rules = &rules,
                                                   .role = variety.role,
                                                   .judge = rpcancel_promise_broken,
                                                   .context = &setup};
    rpcancel_wire_rules(&rules, profile, variety.role, RPCANCEL_NCACN_IP_TCP, ~0u);
    assert_true(rpcancel_setup_open(&setup, &options.start));
    rpcancel_wire_search(&options, result);
    rpcancel_setup_close(&setup);
    print_message("profile %u%s%s, %u call(s): %" PRIu32 " states, %" PRIu32 " pairs, %" PRIu64 " edges, %" PRIu64
                  " unjudged\n",
                  profile, variety.multiplexed ? ", multiplexed" : "", variety.keeps_connection ? ", keeps" : "",
                  limits.calls, result->states, result->pairs, result->edges, result->unjudged);
    expect_nothing_wrong(result);
    /* C706 speaks of everything that a client and a server send each other here. */
    bool is_c706 = profile == RPCANCEL_WIRE_C706 || profile == RPCANCEL_WIRE_FREEDCE;
    if (is_c706)
        assert_int_equal(result->unjudged, 0);
}

static void one_call(void **state)
{
    (void)state;
    for (unsigned profile = 0; profile < RPCANCEL_WIRE_PROFILES; profile++) {
        struct rpcancel_wire_limits limits = {.calls = 1,
                                              .request_fragments = 3,
                                              .response_fragments = 3,
                                              .cancels = 3,
                                              .with_pending_cancel = true,
                                              .with_fault = true,
                                              .with_loss = true,
                                              .abandonments = EVERY_HYPOTHESIS};
        struct rpcancel_wire_search_result result;
        search((enum rpcancel_wire_profile)profile, (struct variety){false, false, RPCANCEL_SENDER_EITHER}, limits,
               &result);
        search((enum rpcancel_wire_profile)profile, (struct variety){false, true, RPCANCEL_SENDER_EITHER}, limits,
               &result);
        limits.class = RPCANCEL_CLASS_PARK;
        search((enum rpcancel_wire_profile)profile, (struct variety){false, true, RPCANCEL_SENDER_EITHER}, limits,
               &result);
        limits.class = RPCANCEL_CLASS_HOLD;
        search((enum rpcancel_wire_profile)profile, (struct variety){false, true, RPCANCEL_SENDER_EITHER}, limits,
               &result);
    }
}

/* Who cancels what does not exist keeps no rule of clients. */
static void calls_that_do_not_exist(void **state)
{
    (void)state;
    for (unsigned profile = 0; profile < RPCANCEL_WIRE_PROFILES; profile++) {
        struct rpcancel_wire_search_result result;
        search((enum rpcancel_wire_profile)profile, (struct variety){false, true, RPCANCEL_SENDER_SERVER},
               (struct rpcancel_wire_limits){.calls = 1,
                                             .request_fragments = 2,
                                             .response_fragments = 1,
                                             .cancels = 1,
                                             .strays = 1,
                                             .abandonments = 1},
               &result);
    }
}

static void two_calls(void **state)
{
    const struct rpcancel_wire_limits limits = {
        .calls = 2, .request_fragments = 2, .response_fragments = 1, .cancels = 1, .abandonments = 1};
    (void)state;
    for (unsigned profile = 0; profile < RPCANCEL_WIRE_PROFILES; profile++) {
        struct rpcancel_wire_search_result result;
        search((enum rpcancel_wire_profile)profile, (struct variety){false, false, RPCANCEL_SENDER_EITHER}, limits,
               &result);
        search((enum rpcancel_wire_profile)profile, (struct variety){false, true, RPCANCEL_SENDER_EITHER}, limits,
               &result);
    }
}

static void two_calls_at_once(void **state)
{
    const struct rpcancel_wire_limits limits = {
        .calls = 2, .request_fragments = 2, .response_fragments = 1, .cancels = 1, .abandonments = 1};
    struct rpcancel_wire_search_result result;
    (void)state;
    search(RPCANCEL_WIRE_C706, (struct variety){true, true, RPCANCEL_SENDER_EITHER}, limits, &result);
    search(RPCANCEL_WIRE_WINDOWS, (struct variety){true, true, RPCANCEL_SENDER_EITHER}, limits, &result);
}

/* A bound that is too small leaves the search open, and says so. */
static void open_at_the_limit(void **state)
{
    struct rpcancel_setup setup = {.choices = rpcancel_wire_choices_of(RPCANCEL_WIRE_CORE)};
    struct rpcancel_wire_search_options options = {
        .setup = &setup,
        .limits = {.calls = 1, .request_fragments = 3, .response_fragments = 3, .cancels = 30},
        .memory = 1};
    struct rpcancel_wire_search_result result;
    (void)state;
    assert_true(rpcancel_setup_open(&setup, &options.start));
    rpcancel_wire_search(&options, &result);
    rpcancel_setup_close(&setup);
    assert_int_equal(result.end, RPCANCEL_SEARCH_MEMORY);
}

int main(void)
{
    const struct CMUnitTest wire_search[] = {cmocka_unit_test(one_call), cmocka_unit_test(calls_that_do_not_exist),
                                             cmocka_unit_test(two_calls), cmocka_unit_test(two_calls_at_once),
                                             cmocka_unit_test(open_at_the_limit)};
    return cmocka_run_group_tests(wire_search, NULL, NULL);
}
