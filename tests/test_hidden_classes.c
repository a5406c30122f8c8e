// SPDX-License-Identifier: Apache-2.0
/* Mutants where delivery is hidden: exhaustive search tells their classes. Takes long. */
#include "engine/classify.h"
#include "engine/generated.h"
#include "engine/hidden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct rpcancel_hidden_result seen;
static struct rpcancel_classification found;

static enum rpcancel_mutant_class classify_hidden(struct rpcancel_hidden *hidden, const char *name)
{
    struct rpcancel_stepper step;
    assert_true(rpcancel_stepper_find(name, strlen(name), &step, NULL));
    rpcancel_hidden_classify(hidden, &step, &seen);
    return seen.mutant_class;
}

static void traces_are_told_apart(void **state)
{
    struct rpcancel_classify_options options = {.choices = &rpcancel_choices_documented, .memory = UINT64_C(1) << 30};
    const struct rpcancel_stepper none = {0};
    (void)state;
    rpcancel_tables_init();
    struct rpcancel_hidden *hidden = rpcancel_hidden_open(&options);
    assert_non_null(hidden);
    rpcancel_hidden_classify(hidden, &none, &seen);
    assert_int_equal(seen.mutant_class, RPCANCEL_MUTANT_EQUIVALENT);
    assert_int_equal(seen.path_length, 0);
    assert_int_equal(classify_hidden(hidden, "generated:cancel@outstanding+dispatched/dropped/cancel"),
                     RPCANCEL_MUTANT_KILLED);
    assert_string_equal(rpcancel_rule_at((unsigned)seen.rule)->function, "RpcServerTestCancel");
    assert_int_equal(classify_hidden(hidden, "generated:cancel@cancelling+queued/code/1915"),
                     RPCANCEL_MUTANT_UNSPECIFIED);
    assert_int_equal(seen.path_length, 5);
    assert_int_equal(seen.answer.code, 1915);
    rpcancel_hidden_close(hidden);
    options.without_rule = rpcancel_rule_at((unsigned)rpcancel_rule_find("RpcServerTestCancel/11"));
    hidden = rpcancel_hidden_open(&options);
    assert_non_null(hidden);
    assert_int_equal(classify_hidden(hidden, "generated:test-cancel-invalid@no-call+uncancelled+link+worker/code/1725"),
                     RPCANCEL_MUTANT_MISSED);
    assert_int_equal(seen.path_length, 1);
    rpcancel_hidden_close(hidden);
}

/* Of what is seen when delivery is hidden nothing is unseen when it is controlled. */
static void hidden_delivery_shows_no_more(void **state)
{
    enum { EVERY = 2003 };
    const struct rpcancel_classify_options options = {.choices = &rpcancel_choices_documented,
                                                      .memory = UINT64_C(1) << 30};
    struct rpcancel_generated list;
    (void)state;
    rpcancel_tables_init();
    struct rpcancel_hidden *hidden = rpcancel_hidden_open(&options);
    assert_non_null(hidden);
    assert_true(rpcancel_generated_open(&list, &rpcancel_choices_documented, RPCANCEL_SLICE_CORE, 0));
    for (unsigned i = 0; i < list.count; i += EVERY) {
        const struct rpcancel_stepper step = {.fault = list.faults[i]};
        rpcancel_hidden_classify(hidden, &step, &seen);
        rpcancel_classify(&step, &options, &found);
        assert_true(seen.mutant_class < RPCANCEL_MUTANT_MISSED && found.mutant_class < RPCANCEL_MUTANT_MISSED);
        if (seen.mutant_class == RPCANCEL_MUTANT_KILLED)
            assert_int_equal(found.mutant_class, RPCANCEL_MUTANT_KILLED);
        if (found.mutant_class == RPCANCEL_MUTANT_EQUIVALENT)
            assert_int_equal(seen.mutant_class, RPCANCEL_MUTANT_EQUIVALENT);
    }
    rpcancel_generated_close(&list);
    rpcancel_hidden_close(hidden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(traces_are_told_apart),
        cmocka_unit_test(hidden_delivery_shows_no_more),
    };
    return cmocka_run_group_tests_name("hidden_classes", tests, NULL, NULL);
}
