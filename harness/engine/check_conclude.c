// SPDX-License-Identifier: Apache-2.0
/* What a check amounts to, and where in the catalogue to look. */
#include <string.h>

#include "engine/check.h"

/* A sequence made to show a rule is called rules/, the rule's id, - and a few words. */
static struct rpcancel_place made_to_show(const struct rpcancel_check *check, const char *id)
{
    for (size_t i = 0; i < check->sequence_count; i++) {
        const char *name = check->sequences[i].name;
        size_t folder = strlen("rules/"), length = strlen(id);
        if (strncmp(name, "rules/", folder) == 0 && strncmp(name + folder, id, length) == 0 &&
            name[folder + length] == '-')
            return (struct rpcancel_place){.sequence = name, .line = 1};
    }
    return (struct rpcancel_place){.sequence = NULL};
}

struct rpcancel_place rpcancel_check_place(const struct rpcancel_check *check, const struct rpcancel_check_rule *rule)
{
    const struct rpcancel_rule_tally *tally = &check->tallies.rules[rule->index];
    if (rule->has_failure)
        return (struct rpcancel_place){.sequence = rule->failure.found_in, .line = rule->failure.line};
    if (tally->missed_at.sequence && tally->decided == 0)
        return tally->missed_at;
    if (tally->decided_at.sequence)
        return tally->decided_at;
    return made_to_show(check, rpcancel_rule_at(rule->index)->id);
}

/* Whether a rule that nothing decided has had its chance. Where messages are delivered unseen, luck has to do with it.
 */
static bool is_everything(const struct rpcancel_check *check)
{
    bool is_of_api = check->options.subject == RPCANCEL_SUBJECT_API;
    return check->complete && !check->filtered && !(is_of_api && rpcancel_run_hides(check->runtime));
}

bool rpcancel_check_is_problem(const struct rpcancel_check *check, const struct rpcancel_check_rule *rule)
{
    switch (rule->verdict) {
    case RPCANCEL_VERDICT_PASS:
    case RPCANCEL_VERDICT_XFAIL:
    case RPCANCEL_VERDICT_XPASS: /* the list is at fault, not the runtime */
    case RPCANCEL_VERDICT_NONSTRICT:
        return false;
    case RPCANCEL_VERDICT_SKIP:
        return check->options.strict && is_everything(check) && rule->binding && !rule->listed;
    default:
        return rule->binding && !rule->listed;
    }
}

bool rpcancel_check_is_unblamed(const struct rpcancel_check_sequence *sequence)
{
    bool failed = sequence->verdict == RPCANCEL_VERDICT_CRASH || sequence->verdict == RPCANCEL_VERDICT_HANG ||
                  sequence->verdict == RPCANCEL_VERDICT_HARNESS_ERROR;
    return failed && !sequence->attributed && !sequence->listed;
}

static enum rpcancel_conformity worse(enum rpcancel_conformity a, enum rpcancel_conformity b)
{
    return a > b ? a : b;
}

static enum rpcancel_conformity weight(enum rpcancel_verdict_word verdict)
{
    switch (verdict) {
    case RPCANCEL_VERDICT_CRASH:
    case RPCANCEL_VERDICT_HANG:
        return RPCANCEL_RUNTIME_FAILED;
    case RPCANCEL_VERDICT_HARNESS_ERROR:
        return RPCANCEL_HARNESS_FAILED;
    default:
        return RPCANCEL_NOT_CONFORMANT;
    }
}

bool rpcancel_check_shows_something(const struct rpcancel_check *check)
{
    for (size_t i = 0; i < check->rule_count; i++) {
        if (check->rules[i].checked > 0 || check->rules[i].listed)
            return true;
    }
    return false;
}

enum rpcancel_conformity rpcancel_check_conclude(const struct rpcancel_check *check)
{
    enum rpcancel_conformity conformity = check->complete      ? RPCANCEL_CONFORMANT
                                          : check->interrupted ? RPCANCEL_HARNESS_FAILED
                                                               : RPCANCEL_RUNTIME_FAILED;
    for (size_t i = 0; i < check->rule_count; i++) {
        if (rpcancel_check_is_problem(check, &check->rules[i]))
            conformity = worse(conformity, weight(check->rules[i].verdict));
    }
    for (size_t i = 0; i < check->sequence_count; i++) {
        const struct rpcancel_check_sequence *sequence = &check->sequences[i];
        if (rpcancel_check_is_unblamed(sequence))
            conformity = worse(conformity, weight(sequence->verdict));
    }
    return rpcancel_check_shows_something(check) ? conformity : worse(conformity, RPCANCEL_NOT_CONFORMANT);
}
