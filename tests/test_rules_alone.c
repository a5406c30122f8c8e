// SPDX-License-Identifier: Apache-2.0
/*
 * Observer and rules judge without the reference implementation: this program links nothing else of the project, so
 * that it stops linking when one of them begins to call into src/.
 */
#include "rules/judge.h"
#include "status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_right_answer_holds_and_a_wrong_one_does_not(void **state)
{
    (void)state;
    struct rpcancel_rule_set set;
    rpcancel_rule_set_init(&set, RPCANCEL_PROFILE_DOCUMENTED, ~0u);
    struct rpcancel_observer observer;
    rpcancel_observer_reset(&observer);
    const struct rpcancel_operation init = {.kind = RPCANCEL_OP_INIT};

    struct rpcancel_verdict right = rpcancel_judge(&set, &observer, init, rpcancel_answer_code(RPCANCEL_S_OK));
    assert_int_not_equal(right.decided, 0);
    assert_int_equal(right.violated, 0);
    struct rpcancel_verdict wrong = rpcancel_judge(&set, &observer, init, rpcancel_answer_code(RPCANCEL_S_INVALID_ARG));
    assert_int_not_equal(wrong.violated, 0);
}

static void the_observer_changes_what_is_right(void **state)
{
    (void)state;
    struct rpcancel_rule_set set;
    rpcancel_rule_set_init(&set, RPCANCEL_PROFILE_DOCUMENTED, ~0u);
    struct rpcancel_observer observer;
    rpcancel_observer_reset(&observer);
    const struct rpcancel_operation init = {.kind = RPCANCEL_OP_INIT};
    const struct rpcancel_operation call = {.kind = RPCANCEL_OP_CALL};
    const struct rpcancel_operation status = {.kind = RPCANCEL_OP_STATUS};
    const struct rpcancel_answer ok = rpcancel_answer_code(RPCANCEL_S_OK);
    const struct rpcancel_answer pending = rpcancel_answer_code(RPCANCEL_S_ASYNC_CALL_PENDING);

    rpcancel_observe(&observer, init, ok);
    assert_int_equal(rpcancel_judge(&set, &observer, status, pending).decided, 0);
    rpcancel_observe(&observer, call, ok);
    assert_int_not_equal(rpcancel_judge(&set, &observer, status, pending).decided, 0);
    assert_int_equal(rpcancel_judge(&set, &observer, status, pending).violated, 0);
    assert_int_not_equal(rpcancel_judge(&set, &observer, status, ok).violated, 0);
}

int main(void)
{
    const struct CMUnitTest rules_alone[] = {
        cmocka_unit_test(a_right_answer_holds_and_a_wrong_one_does_not),
        cmocka_unit_test(the_observer_changes_what_is_right),
    };
    return cmocka_run_group_tests(rules_alone, NULL, NULL);
}
