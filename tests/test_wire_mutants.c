// SPDX-License-Identifier: Apache-2.0
/* Mutants of an association are killed by a rule of the wire, or by a promise where packets do not show them; variants
 * live. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "association/changes.h"

static void print_kill(const struct rpcancel_wire_mutant *mutant, const struct rpcancel_wire_kill *kill)
{
    print_message("%s: %s (%llu pairs)\n", mutant->change.name,
                  kill->rule >= 0 ? rpcancel_wire_rule_at((unsigned)kill->rule)->id
                  : kill->promise ? kill->promise
                                  : "lives",
                  (unsigned long long)kill->pairs);
    for (unsigned i = 0; i < kill->path_length; i++) {
        char text[RPCANCEL_ACTION_TEXT_MAX];
        rpcancel_action_print(kill->path[i], text, sizeof text);
        print_message("    %s\n", text);
    }
}

static void mutants_die(void **state)
{
    unsigned alive = 0;
    (void)state;
    for (unsigned i = 0; i < rpcancel_wire_defect_count; i++) {
        struct rpcancel_wire_kill kill;
        rpcancel_wire_kill_try(&rpcancel_wire_defects[i], NULL, &kill);
        print_kill(&rpcancel_wire_defects[i], &kill);
        alive +=
            kill.end != (rpcancel_wire_defects[i].is_hidden ? RPCANCEL_WIRE_KILL_PROMISE : RPCANCEL_WIRE_KILL_RULE);
    }
    assert_int_equal(alive, 0);
}

static void variants_live(void **state)
{
    unsigned dead = 0;
    (void)state;
    for (unsigned i = 0; i < rpcancel_wire_variant_count; i++) {
        struct rpcancel_wire_kill kill;
        rpcancel_wire_kill_try(&rpcancel_wire_variants[i], NULL, &kill);
        print_kill(&rpcancel_wire_variants[i], &kill);
        dead += kill.end != RPCANCEL_WIRE_KILL_SURVIVED;
    }
    assert_int_equal(dead, 0);
}

int main(void)
{
    const struct CMUnitTest wire_mutants[] = {cmocka_unit_test(mutants_die), cmocka_unit_test(variants_live)};
    return cmocka_run_group_tests(wire_mutants, NULL, NULL);
}
