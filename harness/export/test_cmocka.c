// SPDX-License-Identifier: Apache-2.0
/* Scenarios as cmocka tests. */
#include <ctype.h>

#include "export/test_source.h"

/* What Windows was seen to do with the structure shows in no status code. */
static void put_facts(const struct rpcancel_scenario_step *step, FILE *out)
{
    char client = (char)('a' + step->operation.handle);
    fprintf(out, "    assert_int_equal(%c.Signature, 0x43595341);\n", client);
    fprintf(out, "    assert_int_equal(%c.Size, sizeof(%c));\n", client, client);
    fprintf(out, "    assert_true(%c.Lock == 0 && %c.Flags == 0 && !%c.StubInfo && !%c.RuntimeInfo);\n", client, client,
            client, client);
}

static bool looks_at_structure(const struct rpcancel_scenario_step *step)
{
    for (unsigned n = 0; n < step->rule_count; n++) {
        const struct rpcancel_rule *rule = rpcancel_rule_at(step->rules[n]);
        if (rule->level == RPCANCEL_LEVEL_OBSERVED && step->operation.kind == RPCANCEL_OP_INIT)
            return true;
    }
    return false;
}

static void put_demand(const struct rpcancel_scenario_step *step, bool is_point, FILE *out)
{
    (void)is_point;
    const char *code = rpcancel_source_only_code(step);
    if (code) {
        fputs("    assert_int_equal(", out);
        rpcancel_source_expression(step, out);
        fprintf(out, ", %s);\n", code);
    } else {
        const char *variable = rpcancel_source_variable(step);
        fprintf(out, "    %s = ", variable);
        rpcancel_source_expression(step, out);
        fputs(";\n    assert_true(", out);
        rpcancel_source_condition(step, variable, out);
        fputs(");\n", out);
    }
    if (looks_at_structure(step))
        put_facts(step, out);
}

static bool needs_variable(const struct rpcancel_scenario_step *step)
{
    return !rpcancel_source_only_code(step);
}

void rpcancel_test_source_cmocka(const struct rpcancel_scenario *scenario, const char *title, FILE *out)
{
    static const struct rpcancel_source_style style = {put_demand, needs_variable};
    char name[RPCANCEL_SOURCE_NAME_MAX] = "", group[RPCANCEL_SOURCE_NAME_MAX];
    rpcancel_source_name(scenario, name);
    for (size_t i = 0; i < sizeof name; i++)
        group[i] = (char)tolower((unsigned char)name[i]); /* cmocka makes file names of it */
    rpcancel_source_comment(scenario, title, out);
    fputs("#include <setjmp.h>\n#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <string.h>\n\n"
          "#include <cmocka.h>\n\n#include \"facade/scenario.h\"\n\n",
          out);
    rpcancel_source_function(scenario, &style, "void **context", "    (void)context;\n", out);
    fprintf(out,
            "\nint main(void)\n{\n    const struct CMUnitTest tests[] = {\n        cmocka_unit_test(test_%s),\n    };\n"
            "    return cmocka_run_group_tests_name(\"%s\", tests, NULL, NULL);\n}\n",
            name, group);
}
