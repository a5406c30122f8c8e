// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TEST_SOURCE_H
#define RPCANCEL_TEST_SOURCE_H
/*
 * Scenarios as C source: a test of its own that demands, answer by answer, what the documents say.
 *
 * Both styles call the documented functions by their names, and the functions of facade/scenario.h for what is no
 * function of the API.
 */
#include <stdio.h>

#include "export/scenario.h"

/* rpcancel_test_source_cmocka writes a program with one cmocka test. Compiled with src/ in the include path and linked
 * with the façade and cmocka, it runs on the reference. */
void rpcancel_test_source_cmocka(const struct rpcancel_scenario *scenario, const char *title, FILE *out);

/* rpcancel_test_source_wine writes a test function in the manner of Wine's tests (ok, todo_wine). The last demand that
 * the rule the scenario is about makes is marked todo_wine when |todo|, as is usual for what is known to fail. */
void rpcancel_test_source_wine(const struct rpcancel_scenario *scenario, const char *title, bool todo, FILE *out);

/* ---- what both styles share ---- */

/* rpcancel_source_expression writes the call that carries out |step|'s operation; false when it is no call but a
 * statement, which is written whole, with its semicolon. */
bool rpcancel_source_expression(const struct rpcancel_scenario_step *step, FILE *out);

/* rpcancel_source_condition writes what |step| demands of the variable |name|: `status == RPC_S_OK || …`. The step must
 * have a demand. */
void rpcancel_source_condition(const struct rpcancel_scenario_step *step, const char *name, FILE *out);

/* rpcancel_source_only_code returns the name of the one status code that |step| allows, NULL when it allows others. */
const char *rpcancel_source_only_code(const struct rpcancel_scenario_step *step);

/* rpcancel_source_variable returns the variable that holds the answer: `status`, or `binding` for a binding handle. */
const char *rpcancel_source_variable(const struct rpcancel_scenario_step *step);

/* How a style writes a test's body. */
struct rpcancel_source_style {
    /* Writes a step of whose answer the rules demand something. |is_point|: it is what the test is about. */
    void (*demand)(const struct rpcancel_scenario_step *step, bool is_point, FILE *out);
    /* Tells whether |demand| needs the variable for the step. */
    bool (*needs_variable)(const struct rpcancel_scenario_step *step);
};

/* rpcancel_source_function writes the test as a static function: its name, |parameters|, the body.
 * |first| are the first statements behind the declarations. */
void rpcancel_source_function(const struct rpcancel_scenario *scenario, const struct rpcancel_source_style *style,
                              const char *parameters, const char *first, FILE *out);

/* rpcancel_source_name writes the name of the test, an identifier, into |out|. */
enum { RPCANCEL_SOURCE_NAME_MAX = 128 };
void rpcancel_source_name(const struct rpcancel_scenario *scenario, char out[RPCANCEL_SOURCE_NAME_MAX]);

/* rpcancel_source_comment writes the comment at the head of the test: |title|, the rule, its source, the sequence. */
void rpcancel_source_comment(const struct rpcancel_scenario *scenario, const char *title, FILE *out);

/* rpcancel_source_step_comment writes a comment with the step's operation and the rules that decide its answer. */
void rpcancel_source_step_comment(const struct rpcancel_scenario_step *step, FILE *out);

#endif
