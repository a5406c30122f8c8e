// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_JUDGE_H
#define RPCANCEL_JUDGE_H
/*
 * The judge: which rules decide an answer, and which of them it breaks.
 */
#include "rules.h"
#include "wire/rules.h"

enum { RPCANCEL_RULES_PER_OPERATION = 32 };

/* The rules in force, by the kind of operation whose answer they judge. Fill once, then share between threads. */
struct rpcancel_rule_set {
    enum rpcancel_profile profile;
    uint8_t count[RPCANCEL_OPERATION_KINDS];
    uint8_t index[RPCANCEL_OPERATION_KINDS][RPCANCEL_RULES_PER_OPERATION]; /* into the table of rules */
    rpcancel_rule_function *judge[RPCANCEL_OPERATION_KINDS][RPCANCEL_RULES_PER_OPERATION];
    struct rpcancel_wire_mask wire; /* of a runtime that is spoken to in PDUs, the only ones */
};

/* Bit n of a mask is rule set->index[kind][n]. */
struct rpcancel_verdict {
    uint32_t decided;  /* the rules that apply */
    uint32_t violated; /* those of them that the answer breaks */
};

/* The levels, as a mask, whose rules decide over conformity only where somebody wants it strict. */
enum { RPCANCEL_LEVELS_LENIENT = 1 << RPCANCEL_LEVEL_SHOULD | 1 << RPCANCEL_LEVEL_HISTORICAL };

/* rpcancel_rule_set_init fills |set| with the rules in force under |profile|. |levels| is a mask of enum
 * rpcancel_level (bit n: level n) to choose from, ~0u for all. */
void rpcancel_rule_set_init(struct rpcancel_rule_set *set, enum rpcancel_profile profile, unsigned levels);

/* rpcancel_rule_set_remove takes |rule| of the API, one of the table of rules, out of force. */
void rpcancel_rule_set_remove(struct rpcancel_rule_set *set, const struct rpcancel_rule *rule);

/* rpcancel_rule_set_init_wire fills it with the rules of the wire that judge |subject|, a server or a client, over
 * ncacn_ip_tcp. */
void rpcancel_rule_set_init_wire(struct rpcancel_rule_set *set, enum rpcancel_wire_profile profile,
                                 enum rpcancel_test_subject subject, unsigned levels);

/* rpcancel_rule_set_has tells whether rule |index|, of the whole table, is in |set|. */
bool rpcancel_rule_set_has(const struct rpcancel_rule_set *set, unsigned index);

/* rpcancel_rule_set_size returns how many rules are in force that can judge the answer of some operation. */
unsigned rpcancel_rule_set_size(const struct rpcancel_rule_set *set);

/* rpcancel_judge applies the rules in force to |answer|, given by |operation| where |observer| stands (before
 * rpcancel_observe is told). An answer that did not happen decides nothing. */
struct rpcancel_verdict rpcancel_judge(const struct rpcancel_rule_set *set, const struct rpcancel_observer *observer,
                                       struct rpcancel_operation operation, struct rpcancel_answer answer);

/* rpcancel_judge_situation is rpcancel_judge for a caller that has situated the operation already. */
struct rpcancel_verdict rpcancel_judge_situation(const struct rpcancel_rule_set *set,
                                                 const struct rpcancel_situation *situation,
                                                 struct rpcancel_answer answer);

/* rpcancel_situate finds the rows and the call that |operation| is about. */
void rpcancel_situate(struct rpcancel_situation *situation, const struct rpcancel_observer *observer,
                      struct rpcancel_operation operation);

#endif
