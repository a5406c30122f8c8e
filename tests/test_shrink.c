// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/shrink.h"
#include "fake_runtime.h"

enum { RUNS = 400 };

static struct rpcancel_rule_set rules;
static struct rpcancel_sequence sequence;

/* A runtime that does whatever it is asked to and answers 0 to everything. */
static enum rpcancel_exchange always_zero(struct fake_runtime *fake, struct rpcancel_operation operation,
                                          struct rpcancel_answer *answer)
{
    (void)fake;
    bool returns_code = operation.kind == RPCANCEL_OP_TEST_CANCEL || operation.kind == RPCANCEL_OP_STATUS ||
                        operation.kind == RPCANCEL_OP_CANCEL || operation.kind == RPCANCEL_OP_CALL;
    if (answer->kind == RPCANCEL_ANSWER_CODE || returns_code)
        *answer = rpcancel_answer_code(0);
    else if (!rpcancel_answer_happened(*answer))
        *answer = rpcancel_answer_kind(RPCANCEL_ANSWER_DONE);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void read_sequence(const char *text)
{
    struct rpcancel_sequence_error error;
    sequence = (struct rpcancel_sequence){0};
    assert_true(rpcancel_sequence_read_text(&sequence, text, strlen(text), &error));
}

static void assert_sequence(const char *expected)
{
    char text[1024] = "";
    size_t length = 0;
    for (size_t i = 0; i < sequence.count; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length, "%s", i ? "; " : "");
        length += rpcancel_operation_print(sequence.items[i].operation, text + length, sizeof text - length);
    }
    assert_string_equal(text, expected);
}

/* Shrinks the sequence |text| on a runtime that |change| spoils, keeping the first rule that it breaks there. */
static void shrink(const char *text, fake_change *change, bool hide, unsigned runs)
{
    struct fake_runtime fake;
    fake_runtime_open(&fake, change, hide, 1);
    rpcancel_rule_set_init(&rules, RPCANCEL_PROFILE_DOCUMENTED, ~0u);
    struct rpcancel_run run = {.rules = &rules};
    read_sequence(text);
    assert_int_equal(rpcancel_run_sequence(&run, &fake.runtime, &sequence), RPCANCEL_RUN_VIOLATED);
    struct rpcancel_failure_kind kind = {RPCANCEL_RUN_VIOLATED, run.violated[0]};
    unsigned resets = fake.resets;
    rpcancel_shrink(&run, &fake.runtime, &sequence, kind, runs);
    assert_true(fake.resets - resets <= runs);
    rpcancel_run_free(&run);
    fake_runtime_close(&fake);
}

static void what_is_left_still_makes_sense(void **state)
{
    (void)state;
    shrink("init b\ninit a\ncall a\ndeliver request a\ndispatch a @t1\nget-call-handle a\n"
           "test-cancel a @t1\ncomplete a @t1\n",
           always_zero, false, RUNS);
    assert_sequence("init a; call a; deliver request a; dispatch a @t1; test-cancel a @t1");
    rpcancel_sequence_free(&sequence);
}

static void unseen_deliveries_need_no_place_in_it(void **state)
{
    (void)state;
    shrink("init b\ninit a\ncall a\nsettle\ndispatch a @t1\nget-call-handle a\ntest-cancel a @t1\n", always_zero, true,
           RUNS);
    assert_sequence("init a; call a; dispatch a @t1; test-cancel a @t1");
    rpcancel_sequence_free(&sequence);
}

static void a_call_keeps_the_init_that_it_needs(void **state)
{
    (void)state;
    shrink("init a\nget-call-handle a\ncall a\nstatus a\n", always_zero, false, RUNS);
    assert_sequence("init a; call a; status a");
    rpcancel_sequence_free(&sequence);
}

static void a_misuse_that_was_there_may_stay(void **state)
{
    (void)state;
    shrink("init b\ndispatch a @t1\ninit c\ntest-cancel a @t1\n", always_zero, false, RUNS);
    assert_sequence("dispatch a @t1; test-cancel a @t1");
    rpcancel_sequence_free(&sequence);
}

static void it_ends_when_its_runs_are_spent(void **state)
{
    (void)state;
    shrink("init b\ninit c\ninit d\ninit a\ncall a\ndeliver request a\ndispatch a @t1\ntest-cancel a @t1\n",
           always_zero, false, 2);
    assert_int_equal(sequence.count, 7); /* one that was in vain, one that left out an operation */
    rpcancel_sequence_free(&sequence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_still_makes_sense),      cmocka_unit_test(unseen_deliveries_need_no_place_in_it),
        cmocka_unit_test(a_call_keeps_the_init_that_it_needs), cmocka_unit_test(a_misuse_that_was_there_may_stay),
        cmocka_unit_test(it_ends_when_its_runs_are_spent),
    };
    return cmocka_run_group_tests_name("shrink", tests, NULL, NULL);
}
