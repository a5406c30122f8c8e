// SPDX-License-Identifier: Apache-2.0
/*
 * One association in every order in which calls are made, cancelled, given up, answered and lost, in every profile: the
 * search closes, and no promise of the two ends together is broken.
 */
#include "association/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "association/promises.h"

enum { H1 = 1u << RPCANCEL_ABANDON_ORPHANED, ALL = (1u << RPCANCEL_ABANDONMENTS) - 1 };

static const char *judge(void *context, const struct rpcancel_wire_edge *edge)
{
    return rpcancel_promise_broken(context, edge->from, edge->action, edge->outcome, edge->to);
}

static void print_path(const struct rpcancel_wire_search_result *result)
{
    for (unsigned i = 0; i < result->path_length; i++) {
        char text[80];
        rpcancel_action_print(result->path[i], text, sizeof text);
        print_message("  %s\n", text);
    }
}

static uint32_t search(enum rpcancel_wire_profile profile, bool multiplexed, bool keeps,
                       struct rpcancel_wire_limits limits)
{
    struct rpcancel_setup setup = {
        .choices = rpcancel_wire_choices_of(profile), .multiplexed = multiplexed, .keeps_connection = keeps};
    struct rpcancel_wire_mask rules;
    rpcancel_wire_rules(&rules, profile, RPCANCEL_SENDER_EITHER, RPCANCEL_NCACN_IP_TCP, ~0u);
    struct rpcancel_wire_search_options options = {
        .rules = &rules, .setup = &setup, .limits = limits, .judge = judge, .context = &setup};
    struct rpcancel_wire_search_result result;
    assert_true(rpcancel_setup_open(&setup, &options.start));
    rpcancel_wire_search(&options, &result);
    print_message(
        "profile %u%s%s, %u call(s): %u states, %u pairs, %llu unjudged, %llu edges, depth %u, %u fragments\n", profile,
        multiplexed ? ", multiplexed" : "", keeps ? ", keeps the connection" : "", limits.calls, result.states,
        result.pairs, (unsigned long long)result.unjudged, (unsigned long long)result.edges, result.depth,
        setup.fragments.count - 1);
    rpcancel_setup_close(&setup);
    if (result.violated >= 0) {
        print_path(&result);
        fail_msg("%s: %s", rpcancel_wire_rule_at((unsigned)result.violated)->id,
                 rpcancel_wire_rule_at((unsigned)result.violated)->text);
    }
    if (result.wrong) {
        print_path(&result);
        fail_msg("%s", result.wrong);
    }
    assert_int_equal(result.end, RPCANCEL_SEARCH_CLOSED);
    assert_int_equal(result.full, 0);
    return result.states;
}

static void one_call(void **state)
{
    const struct rpcancel_wire_limits limits = {1, 3, 3, 3, 1, true, true, true, ALL, 0};
    (void)state;
    for (unsigned profile = 0; profile < RPCANCEL_WIRE_PROFILES; profile++) {
        search(profile, false, false, limits);
        search(profile, false, true, limits);
    }
}

static void two_calls(void **state)
{
    const struct rpcancel_wire_limits limits = {2, 2, 2, 1, 0, true, true, true, H1, 0};
    (void)state;
    for (unsigned profile = 0; profile < RPCANCEL_WIRE_PROFILES; profile++) {
        search(profile, false, true, limits);
        search(profile, true, true, limits);
    }
}

int main(void)
{
    const struct CMUnitTest wire_search[] = {cmocka_unit_test(one_call), cmocka_unit_test(two_calls)};
    return cmocka_run_group_tests(wire_search, NULL, NULL);
}
