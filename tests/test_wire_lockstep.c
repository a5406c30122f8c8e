// SPDX-License-Identifier: Apache-2.0
/*
 * The abstract network of the reference and associations of the wire in lockstep: in every state that can be reached
 * they say the same, in every profile and by every hypothesis of what an abortive cancel sends; and where they do not,
 * it is found.
 */
#include "association/lockstep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lockstep_lines.h"
#include "mutants/mutants.h"

static void has_all_of_the_reference(const struct rpcancel_lockstep_result *result)
{
    assert_int_equal(result->worlds, result->worlds_of_reference);
    assert_int_equal(result->world_edges, result->world_edges_of_reference);
    assert_int_equal(result->left_out, 0);
    assert_true(result->answers > 0);
}

/* What the profile and the hypothesis make of a call that was given up, and of a connection that ends. */
static void differs_as_documented(const struct rpcancel_lockstep_options *options,
                                  const struct rpcancel_lockstep_result *result)
{
    const struct rpcancel_wire_choices *choices = rpcancel_wire_choices_of(options->profile);
    bool disconnects = options->abandonment == RPCANCEL_ABANDON_CANCEL_DISCONNECT;
    bool is_c706 = options->profile == RPCANCEL_WIRE_C706 || options->profile == RPCANCEL_WIRE_FREEDCE;
    const uint64_t *differences = result->differences;
    assert_int_equal(differences[RPCANCEL_DIFFERENCE_REPLY_WITHHELD] > 0, !disconnects);
    assert_int_equal(differences[RPCANCEL_DIFFERENCE_REPLY_CLOSED] > 0,
                     disconnects || (choices->closes_after_orphaned && !options->shared));
    assert_int_equal(differences[RPCANCEL_DIFFERENCE_LOSS_IS_CANCEL] > 0, is_c706);
    assert_int_equal(differences[RPCANCEL_DIFFERENCE_PARTED] > 0, options->abandonment != RPCANCEL_ABANDON_ORPHANED);
    assert_int_equal(differences[RPCANCEL_DIFFERENCE_RESERVED_CODE] > 0, options->every_argument);
}

static void every_profile(struct rpcancel_lockstep_options options)
{
    for (unsigned profile = 0; profile < RPCANCEL_WIRE_PROFILES; profile++) {
        for (unsigned how = 0; how < RPCANCEL_ABANDONMENTS; how++) {
            struct rpcancel_lockstep_result result;
            if (options.shared && how == RPCANCEL_ABANDON_CANCEL_DISCONNECT)
                continue; /* which ends the other calls as well */
            options.profile = (enum rpcancel_wire_profile)profile;
            options.abandonment = (enum rpcancel_client_abandonment)how;
            lockstep_agrees(&options, &result);
            differs_as_documented(&options, &result);
            if (!options.shared)
                has_all_of_the_reference(&result);
        }
    }
}

static void one_call(void **state)
{
    (void)state;
    every_profile((struct rpcancel_lockstep_options){.calls = 1, .threads = 1, .every_argument = true, .cancels = 2});
}

static void one_handle_used_again(void **state)
{
    struct rpcancel_lockstep_options options = {.calls = 1, .threads = 1, .earlier = true, .cancels = 2};
    struct rpcancel_lockstep_result result;
    (void)state;
    lockstep_agrees(&options, &result);
    has_all_of_the_reference(&result);
}

static void one_handle_on_a_shared_association(void **state)
{
    (void)state;
    every_profile(
        (struct rpcancel_lockstep_options){.shared = true, .calls = 1, .threads = 1, .earlier = true, .cancels = 1});
}

/* Defects of the reference that the other network does not have. */
static void a_disagreement_is_found(void **state)
{
    static const char *const mutants[] = {"cancel-lost-while-queued", "abortive-cancel-not-sent",
                                          "nonabortive-cancel-not-sent", "test-cancel-consumes-flag"};
    (void)state;
    for (unsigned i = 0; i < sizeof mutants / sizeof mutants[0]; i++) {
        struct rpcancel_lockstep_result result;
        struct rpcancel_lockstep_options options = {.calls = 1, .threads = 1, .cancels = 2};
        options.step = rpcancel_mutant_find(mutants[i]);
        assert_non_null(options.step);
        rpcancel_lockstep(&options, &result);
        assert_int_equal(result.end, RPCANCEL_LOCKSTEP_DISAGREE);
        lockstep_print_path(&result);
        assert_true(result.path_length > 2 && result.path_length < 10 && strlen(result.text) > 0);
    }
}

int main(void)
{
    const struct CMUnitTest wire_lockstep[] = {cmocka_unit_test(one_call), cmocka_unit_test(one_handle_used_again),
                                               cmocka_unit_test(one_handle_on_a_shared_association),
                                               cmocka_unit_test(a_disagreement_is_found)};
    return cmocka_run_group_tests(wire_lockstep, NULL, NULL);
}
