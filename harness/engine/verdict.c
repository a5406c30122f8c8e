// SPDX-License-Identifier: Apache-2.0
#include "engine/verdict.h"

#include <stdio.h>
#include <string.h>

#include "sequence/sequence.h"

static const char *const words[RPCANCEL_VERDICT_WORDS] = {
#define RPCANCEL_X(name, word) word,
    RPCANCEL_VERDICTS(RPCANCEL_X)
#undef RPCANCEL_X
};

const char *rpcancel_verdict_text(enum rpcancel_verdict_word verdict)
{
    return words[verdict];
}

bool rpcancel_verdict_from_text(const char *text, size_t length, enum rpcancel_verdict_word *verdict)
{
    for (unsigned i = 0; i < RPCANCEL_VERDICT_WORDS; i++) {
        if (strlen(words[i]) == length && memcmp(words[i], text, length) == 0) {
            *verdict = (enum rpcancel_verdict_word)i;
            return true;
        }
    }
    return false;
}

static bool has_other(const struct rpcancel_answers *answers, const struct rpcancel_answers *than)
{
    for (unsigned i = 0; i < answers->count; i++) {
        if (!rpcancel_answers_has(than, answers->list[i]))
            return true;
    }
    return false;
}

/* Where no other rule speaks of the function, what it answered to lines that no rule decides must do. */
static bool deviates_undecided(const struct rpcancel_rule *rule, const struct rpcancel_tallies *tallies,
                               const struct rpcancel_answers *held)
{
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        if (strcmp(rpcancel_operation_describe(kind)->function, rule->function) == 0 &&
            has_other(&tallies->kinds[kind].undecided, held))
            return true;
    }
    return false;
}

/* Whether the function was seen to answer otherwise than rule |index| wants, where another rule wanted that. A rule
 * that held by different answers shows as much by itself. |*alone|: no other rule speaks of the function. */
static bool is_contrasted(unsigned index, const struct rpcancel_rule_set *set, const struct rpcancel_tallies *tallies,
                          bool *alone)
{
    const struct rpcancel_rule *rule = rpcancel_rule_at(index);
    const struct rpcancel_answers *held = &tallies->rules[index].held;
    bool contrasted = held->count > 1;
    *alone = true;
    for (unsigned other = 0; other < rpcancel_rule_count(); other++) {
        const struct rpcancel_rule *neighbour = rpcancel_rule_at(other);
        const struct rpcancel_rule_tally *tally = &tallies->rules[other];
        if (other == index || strcmp(neighbour->function, rule->function) != 0 || !rpcancel_rule_set_has(set, other))
            continue;
        *alone = false;
        contrasted |= tally->decided && !tally->violated && has_other(&tally->held, held);
    }
    return contrasted;
}

static bool is_same_page(const struct rpcancel_rule *a, const struct rpcancel_rule *b)
{
    return strncmp(a->id, b->id, strcspn(a->id, "/") + 1) == 0;
}

/* A function that has nothing but success to answer is shown by what comes of it: its page has rules on what another
 * function answers then. None of them may be violated, and one must have held, with a contrast of its own. */
static bool is_shown_by_effect(unsigned index, const struct rpcancel_rule_set *set,
                               const struct rpcancel_tallies *tallies)
{
    const struct rpcancel_rule *rule = rpcancel_rule_at(index);
    bool shown = false;
    for (unsigned other = 0; other < rpcancel_rule_count(); other++) {
        const struct rpcancel_rule *effect = rpcancel_rule_at(other);
        const struct rpcancel_rule_tally *tally = &tallies->rules[other];
        bool alone;
        if (!is_same_page(rule, effect) || strcmp(effect->function, rule->function) == 0 ||
            !rpcancel_rule_set_has(set, other))
            continue;
        if (tally->violated)
            return false;
        shown |= tally->decided && is_contrasted(other, set, tallies, &alone);
    }
    return shown;
}

static bool is_discerning(unsigned index, const struct rpcancel_rule_set *set, const struct rpcancel_tallies *tallies)
{
    bool alone;
    if (is_contrasted(index, set, tallies, &alone))
        return true;
    return alone && (deviates_undecided(rpcancel_rule_at(index), tallies, &tallies->rules[index].held) ||
                     is_shown_by_effect(index, set, tallies));
}

static enum rpcancel_verdict_word pass_or_vacuous(unsigned index, const struct rpcancel_rule_set *set,
                                                  const struct rpcancel_tallies *tallies, char *message)
{
    char answer[RPCANCEL_ANSWER_TEXT_MAX];
    if (is_discerning(index, set, tallies))
        return RPCANCEL_VERDICT_PASS;
    rpcancel_answer_print(tallies->rules[index].held.list[0], answer, sizeof answer);
    snprintf(message, RPCANCEL_MESSAGE_MAX, "always %s: %s never answered as it should where something else was due",
             answer, rpcancel_rule_at(index)->function);
    return RPCANCEL_VERDICT_VACUOUS;
}

/* Writes the operations of the set |kinds| as sequences spell them, with a and @t1 for what they work on. */
static void print_operations(uint64_t kinds, char *out, size_t size)
{
    size_t length = 0;
    out[0] = '\0';
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        char text[RPCANCEL_OPERATION_TEXT_MAX];
        if (!(kinds >> kind & 1u) || length >= size)
            continue;
        rpcancel_operation_print((struct rpcancel_operation){.kind = (uint8_t)kind}, text, sizeof text);
        length += (size_t)snprintf(out + length, size - length, "%s`%s`", length ? ", " : "", text);
    }
}

static void say_unimplemented(const struct rpcancel_rule *rule, const struct rpcancel_rule_tally *tally, bool in_part,
                              char *message)
{
    char operations[RPCANCEL_MESSAGE_MAX / 2];
    if (tally->unimplemented) {
        snprintf(message, RPCANCEL_MESSAGE_MAX, "%s is not implemented%s", rule->function,
                 in_part ? " where this rule applies" : "");
        return;
    }
    print_operations(tally->missing, operations, sizeof operations);
    snprintf(message, RPCANCEL_MESSAGE_MAX, "%s was not reached: %s %s not implemented", rule->function, operations,
             (tally->missing & (tally->missing - 1)) ? "are" : "is");
}

static enum rpcancel_verdict_word never_decided(unsigned index, const struct rpcancel_tallies *tallies, char *message)
{
    const struct rpcancel_rule *rule = rpcancel_rule_at(index);
    const struct rpcancel_rule_tally *tally = &tallies->rules[index];
    uint64_t crashed = 0, hung = 0, happened = 0;
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        if (!(rule->operations >> kind & 1u))
            continue;
        crashed += tallies->kinds[kind].crashed;
        hung += tallies->kinds[kind].hung;
        happened += tallies->kinds[kind].happened;
    }
    if (crashed || hung) {
        snprintf(message, RPCANCEL_MESSAGE_MAX, "never decided: %s %s", rule->function, crashed ? "crashed" : "hung");
        return crashed ? RPCANCEL_VERDICT_CRASH : RPCANCEL_VERDICT_HANG;
    }
    if (tally->unimplemented || tally->unreached[RPCANCEL_RUN_UNIMPLEMENTED]) {
        say_unimplemented(rule, tally, happened > 0, message);
        return RPCANCEL_VERDICT_UNIMPLEMENTED;
    }
    bool cut_short = tally->unreached[RPCANCEL_RUN_VIOLATED] > 0;
    snprintf(message, RPCANCEL_MESSAGE_MAX, "%s",
             cut_short ? "not reached: sequences that lead to it ended at a violation before"
                       : "no sequence that was run decides it");
    return RPCANCEL_VERDICT_SKIP;
}

/* Says which sequences were not run, if any: one of them might have decided the rule. */
static void say_undecided(uint8_t lacks, char *message)
{
    size_t length = (size_t)snprintf(message, RPCANCEL_MESSAGE_MAX, "no sequence that was run decides it");
    const char *before = "; none was run to its end that asks for";
    for (unsigned class = RPCANCEL_CLASS_FAST; class < RPCANCEL_WIRE_CLASSES; class ++) {
        if (!(lacks >> class & 1u))
            continue;
        length += (size_t)snprintf(message + length, RPCANCEL_MESSAGE_MAX - length, "%s `%s`", before,
                                   rpcancel_wire_class_name((enum rpcancel_wire_operation_class) class));
        before = ",";
    }
    if (lacks & ~RPCANCEL_WIRE_NEEDS_CALL_IDS)
        snprintf(message + length, RPCANCEL_MESSAGE_MAX - length, ", which the target does not name");
}

/* A rule on PDUs that nothing broke. A server that answers nothing decides none of them: silence is shown by what it
 * answers next. */
static enum rpcancel_verdict_word of_wire(const struct rpcancel_rule *rule, const struct rpcancel_tallies *tallies,
                                          bool is_decided, char *message)
{
    uint8_t missing = rule->needs & tallies->lacks;
    if (missing & RPCANCEL_WIRE_NEEDS_CALL_IDS) {
        snprintf(message, RPCANCEL_MESSAGE_MAX,
                 "the target has every request be of one `call-id`, so that all replies fit");
        return RPCANCEL_VERDICT_SKIP;
    }
    if (is_decided)
        return RPCANCEL_VERDICT_PASS;
    if (!missing) {
        say_undecided(tallies->lacks, message);
        return RPCANCEL_VERDICT_SKIP;
    }
    enum rpcancel_wire_operation_class which = (enum rpcancel_wire_operation_class)__builtin_ctz(missing);
    snprintf(message, RPCANCEL_MESSAGE_MAX, "the target names no `%s`%s operation, which this rule needs",
             rpcancel_wire_class_name(which), which == RPCANCEL_CLASS_HOLD ? " and `release`" : "");
    return RPCANCEL_VERDICT_UNIMPLEMENTED;
}

enum rpcancel_verdict_word rpcancel_verdict_of(unsigned index, const struct rpcancel_rule_set *set,
                                               const struct rpcancel_tallies *tallies,
                                               char message[RPCANCEL_MESSAGE_MAX])
{
    const struct rpcancel_rule_tally *tally = &tallies->rules[index];
    message[0] = '\0';
    if (tally->crashed)
        return RPCANCEL_VERDICT_CRASH;
    if (tally->hung)
        return RPCANCEL_VERDICT_HANG;
    if (tally->violated)
        return RPCANCEL_VERDICT_FAIL;
    if (rpcancel_rule_is_of_wire(rpcancel_rule_at(index)))
        return of_wire(rpcancel_rule_at(index), tallies, tally->decided > 0, message);
    if (tally->decided)
        return pass_or_vacuous(index, set, tallies, message);
    return never_decided(index, tallies, message);
}
