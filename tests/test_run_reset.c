// SPDX-License-Identifier: Apache-2.0
/* Runtimes that fall when they are to forget a sequence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/run.h"
#include "fake_runtime.h"

static struct rpcancel_rule_set rules;
static struct rpcancel_run run;
static struct fake_runtime fake;

static const char cancelled_call[] = "init a\ncall a\ndeliver request a\ndispatch a @t1\ncancel a\n"
                                     "deliver cancel a\ntest-cancel a @t1\ncomplete a @t1\n";

static enum rpcancel_run_end run_text(const char *text)
{
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_sequence_error error;
    assert_true(rpcancel_sequence_read_text(&sequence, text, strlen(text), &error));
    enum rpcancel_run_end end = rpcancel_run_sequence(&run, &fake.runtime, &sequence);
    rpcancel_sequence_free(&sequence);
    return end;
}

static void what_falls_at_the_reset_fell_by_the_sequence_before_it(void **state)
{
    (void)state;
    static const struct {
        fake_change *change;
        enum rpcancel_exchange concluded;
        enum rpcancel_run_end end;
        unsigned violated;
    } cases[] = {
        {NULL, RPCANCEL_EXCHANGE_CRASHED, RPCANCEL_RUN_CRASHED, 0},
        {NULL, RPCANCEL_EXCHANGE_HUNG, RPCANCEL_RUN_HUNG, 0},
        /* a rule that was broken before is named as well */
        {fake_never_cancelled, RPCANCEL_EXCHANGE_CRASHED, RPCANCEL_RUN_CRASHED, 1},
        {fake_never_cancelled, RPCANCEL_EXCHANGE_BROKEN, RPCANCEL_RUN_BROKEN, 1},
    };
    rpcancel_rule_set_init(&rules, RPCANCEL_PROFILE_DOCUMENTED, ~0u);
    run.rules = &rules;
    fake_runtime_open(&fake, NULL, false, 1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fake.change = cases[i].change;
        fake.concluded = cases[i].concluded;
        assert_true(run_text(cancelled_call) == cases[i].end && run.at_reset);
        assert_int_equal(run.violated_count, cases[i].violated);
        assert_string_equal(run.failure, "at the reset after the sequence: it fell");
    }
    fake.concluded = RPCANCEL_EXCHANGE_ANSWERED;
    assert_true(run_text(cancelled_call) == RPCANCEL_RUN_VIOLATED && !run.at_reset);
    assert_string_equal(run.failure, "");
    rpcancel_run_free(&run);
    fake_runtime_close(&fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_falls_at_the_reset_fell_by_the_sequence_before_it)};
    return cmocka_run_group_tests_name("run_reset", tests, NULL, NULL);
}
