// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_RULES_REPORT_H
#define RPCANCEL_RULES_REPORT_H
/*
 * The rules, the statements they stem from, and the state × operation tables, written for people and programs.
 */
#include <stdbool.h>
#include <stdio.h>

/* rpcancel_rules_markdown writes docs/rules.md. */
void rpcancel_rules_markdown(FILE *out);

/* rpcancel_rules_json writes one JSON object (docs/rules.schema.json); false when memory is exhausted. */
bool rpcancel_rules_json(FILE *out);

/* rpcancel_rules_terminal writes a line per rule. */
void rpcancel_rules_terminal(FILE *out);

/* rpcancel_statement_as_name returns "rule", "unspecified" or "out-of-reach". */
const char *rpcancel_statement_as_name(unsigned as);

/* rpcancel_rule_names_statement tells whether rule |index| stems from the statement |id|. */
bool rpcancel_rule_names_statement(unsigned index, const char *id);

#endif
