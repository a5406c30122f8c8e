// SPDX-License-Identifier: Apache-2.0
/* Scenarios in the manner of Wine's tests. */
#include "export/test_source.h"

static void put_any_demand(const struct rpcancel_scenario_step *step, const char *mark, FILE *out)
{
    const char *variable = rpcancel_source_variable(step);
    bool is_pointer = variable[0] == 'b';
    fprintf(out, "    %s = ", variable);
    rpcancel_source_expression(step, out);
    fprintf(out, ";\n    %sok(", mark);
    rpcancel_source_condition(step, variable, out);
    fprintf(out, ", \"got %s\\n\", %s);\n", is_pointer ? "%p" : "%ld", variable);
}

static void put_demand(const struct rpcancel_scenario_step *step, bool is_point, FILE *out)
{
    (void)is_point;
    put_any_demand(step, "", out);
}

static void put_todo_demand(const struct rpcancel_scenario_step *step, bool is_point, FILE *out)
{
    put_any_demand(step, is_point ? "todo_wine " : "", out);
}

static bool needs_variable(const struct rpcancel_scenario_step *step)
{
    (void)step;
    return true;
}

void rpcancel_test_source_wine(const struct rpcancel_scenario *scenario, const char *title, bool todo, FILE *out)
{
    const struct rpcancel_source_style style = {todo ? put_todo_demand : put_demand, needs_variable};
    rpcancel_source_comment(scenario, title, out);
    fputs("\n/* What is no function of the API (issue_call, deliver, start_manager, on_thread, …) is the test "
          "program's:\n"
          " * a stub, a wait until the message has arrived, a manager routine, a server thread. */\n",
          out);
    rpcancel_source_function(scenario, &style, "void", "", out);
}
