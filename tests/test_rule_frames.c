// SPDX-License-Identifier: Apache-2.0
/* Every rule has a function of its own that stands on the stack while its violation is reported, whatever the compiler
 * made of it: crash de-duplication tells rules apart by it. */
#include <execinfo.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/rules.h"

/* Longer than any of the functions, with every instrumentation. */
enum { FRAMES = 8, FUNCTION_BYTES = 1024 };

static void *frames[FRAMES];
static int frame_count;
static const struct rpcancel_rule *reported;
static const void *given;

static void report(const struct rpcancel_rule *rule, void *context)
{
    frame_count = backtrace(frames, FRAMES);
    reported = rule;
    given = context;
}

static uintptr_t address_of(const struct rpcancel_rule *rule)
{
    return (uintptr_t)rule->violated;
}

/* The rule in whose function |address| lies, or NULL. */
static const struct rpcancel_rule *owner(uintptr_t address)
{
    const struct rpcancel_rule *nearest = NULL;
    for (unsigned i = 0; i < rpcancel_rule_count(); i++) {
        const struct rpcancel_rule *rule = rpcancel_rule_at(i);
        if (address_of(rule) < address && (!nearest || address_of(rule) > address_of(nearest)))
            nearest = rule;
    }
    return nearest && address - address_of(nearest) < FUNCTION_BYTES ? nearest : NULL;
}

static void no_two_rules_share_a_function(void **state)
{
    (void)state;
    for (unsigned i = 0; i < rpcancel_rule_count(); i++) {
        for (unsigned j = 0; j < i; j++)
            assert_true(address_of(rpcancel_rule_at(i)) != address_of(rpcancel_rule_at(j)));
    }
}

static void the_function_of_the_rule_calls_the_report(void **state)
{
    (void)state;
    for (unsigned i = 0; i < rpcancel_rule_count(); i++) {
        const struct rpcancel_rule *rule = rpcancel_rule_at(i);
        unsigned seen = 0, own = 0;
        int context;
        rule->violated(report, &context);
        assert_ptr_equal(reported, rule);
        assert_ptr_equal(given, &context);
        assert_true(frame_count > 2);
        for (int j = 0; j < 4 && j < frame_count; j++) {
            const struct rpcancel_rule *who = owner((uintptr_t)frames[j]);
            seen += who != NULL;
            own += who == rule;
        }
        if (seen != 1 || own != 1)
            fail_msg("%s: %u functions of rules on the stack, %u its own", rule->id, seen, own);
    }
}

int main(void)
{
    const struct CMUnitTest rule_frames[] = {
        cmocka_unit_test(no_two_rules_share_a_function),
        cmocka_unit_test(the_function_of_the_rule_calls_the_report),
    };
    return cmocka_run_group_tests(rule_frames, NULL, NULL);
}
