// SPDX-License-Identifier: Apache-2.0
#include "engine/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/shrink.h"
#include "engine/want.h"

enum {
    SHRINK_RUNS = 400,
    BROKEN_IN_A_ROW = 3, /* after so many the runtime is given up on */
    HUNG_IN_A_ROW = 3
};

static struct rpcancel_check_rule *row_of(struct rpcancel_check *check, unsigned index)
{
    for (size_t i = 0; i < check->rule_count; i++) {
        if (check->rules[i].index == index)
            return &check->rules[i];
    }
    return NULL;
}

static bool is_failure(enum rpcancel_run_end end)
{
    return end == RPCANCEL_RUN_VIOLATED || end == RPCANCEL_RUN_CRASHED || end == RPCANCEL_RUN_HUNG;
}

/* ---- describing a failure ---- */

/* An answer as people read it, with what it shows of the structure when that is not as it should be. */
static void print_got(struct rpcancel_answer answer, char *out, size_t size)
{
    const unsigned all =
        RPCANCEL_FACT_LOOKED | RPCANCEL_FACT_SIGNATURE_ASYC | RPCANCEL_FACT_CLEARED | RPCANCEL_FACT_KEPT;
    size_t length = rpcancel_answer_print(answer, out, size);
    if (answer.facts && answer.facts != all && length < size)
        snprintf(out + length, size - length, "%s%s%s",
                 answer.facts & RPCANCEL_FACT_SIGNATURE_ASYC ? "" : " other-signature",
                 answer.facts & RPCANCEL_FACT_CLEARED ? "" : " not-cleared",
                 answer.facts & RPCANCEL_FACT_KEPT ? "" : " not-kept");
}

/* Describes how |run| broke the rule of |row|. */
static void describe(struct rpcancel_check_rule *row, const struct rpcancel_run *run)
{
    struct rpcancel_check_failure *failure = &row->failure;
    failure->end = run->end;
    if (run->end != RPCANCEL_RUN_VIOLATED && !run->at_reset) {
        failure->got[0] = failure->want[0] = '\0';
        snprintf(row->message, sizeof row->message, "%s", run->failure);
        return;
    }
    const struct rpcancel_run_step *step = &run->steps[run->last_step];
    if (rpcancel_rule_is_of_wire(rpcancel_rule_at(row->index))) {
        snprintf(failure->got, sizeof failure->got, "%s", run->got);
        snprintf(failure->want, sizeof failure->want, "%s", rpcancel_rule_at(row->index)->text);
        snprintf(row->message, sizeof row->message, "got %s, want: %.290s", failure->got, failure->want);
        return;
    }
    for (unsigned i = 0; i < run->violated_count; i++) {
        if (run->violated[i] == row->index)
            rpcancel_want_print(row->index, &run->where[i], step->operation, failure->want, sizeof failure->want);
    }
    print_got(step->answer, failure->got, sizeof failure->got);
    snprintf(row->message, sizeof row->message, "got %s, want %.290s", failure->got, failure->want);
}

/* The line of |sequence| at which |run| ended. */
static uint32_t line_of_end(const struct rpcancel_run *run, const struct rpcancel_sequence *sequence)
{
    return run->items_taken ? sequence->items[run->items_taken - 1].line : 1;
}

/* Makes |failure| show the first |count| items of |sequence|, without their expectations. */
static bool copy_items(struct rpcancel_check_failure *failure, const struct rpcancel_sequence *sequence, size_t count)
{
    failure->sequence.count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!rpcancel_sequence_append(&failure->sequence, sequence->items[i].operation, 0, 0))
            return false;
    }
    return true;
}

/* Of the rules that |run| names; what fell at the reset had broken them before. */
static enum rpcancel_verdict_word failure_verdict(const struct rpcancel_run *run)
{
    return run->end == RPCANCEL_RUN_VIOLATED || run->at_reset ? RPCANCEL_VERDICT_FAIL
           : run->end == RPCANCEL_RUN_CRASHED                 ? RPCANCEL_VERDICT_CRASH
                                                              : RPCANCEL_VERDICT_HANG;
}

static bool is_steady(const struct rpcancel_check_failure *failure)
{
    return failure->shown == failure->attempts;
}

/* The worst that can be said of a rule wins; of equals, what was shown each time over what came and went, and then the
 * shorter sequence. */
static bool is_worse(const struct rpcancel_check_rule *row, enum rpcancel_verdict_word verdict, bool steady,
                     size_t length)
{
    if (!row->has_failure || row->verdict != verdict)
        return !row->has_failure || verdict > row->verdict;
    if (steady != is_steady(&row->failure))
        return steady;
    return length < row->failure.sequence.count;
}

/* Whether the failure that check->run is would be the one to report of any rule, if it is shown each time. */
static bool is_news(struct rpcancel_check *check)
{
    const struct rpcancel_run *run = &check->run;
    bool is_news = run->violated_count == 0;
    for (unsigned i = 0; i < run->violated_count && !is_news; i++) {
        const struct rpcancel_check_rule *row = row_of(check, run->violated[i]);
        is_news = row && is_worse(row, failure_verdict(run), true, run->items_taken);
    }
    return is_news;
}

/* |attempts| is how often it was tried, and |shown| how often it was shown. */
static void note_failure(struct rpcancel_check *check, const struct rpcancel_check_sequence *sequence, unsigned shown,
                         unsigned attempts)
{
    const struct rpcancel_run *run = &check->run;
    enum rpcancel_verdict_word verdict = failure_verdict(run);
    for (unsigned i = 0; i < run->violated_count; i++) {
        struct rpcancel_check_rule *row = row_of(check, run->violated[i]);
        if (!row || !is_worse(row, verdict, shown == attempts, run->items_taken) ||
            !copy_items(&row->failure, &sequence->sequence, run->items_taken))
            continue;
        row->has_failure = true;
        row->verdict = verdict;
        row->failure.found_in = sequence->name;
        row->failure.line = line_of_end(run, &sequence->sequence);
        row->failure.shown = shown;
        row->failure.attempts = attempts;
        describe(row, run);
    }
}

/* ---- running ---- */

static enum rpcancel_verdict_word sequence_verdict(enum rpcancel_run_end end)
{
    static const enum rpcancel_verdict_word verdicts[RPCANCEL_RUN_ENDS] = {
        [RPCANCEL_RUN_OK] = RPCANCEL_VERDICT_PASS,
        [RPCANCEL_RUN_VIOLATED] = RPCANCEL_VERDICT_FAIL,
        [RPCANCEL_RUN_UNIMPLEMENTED] = RPCANCEL_VERDICT_UNIMPLEMENTED,
        [RPCANCEL_RUN_CRASHED] = RPCANCEL_VERDICT_CRASH,
        [RPCANCEL_RUN_HUNG] = RPCANCEL_VERDICT_HANG,
        [RPCANCEL_RUN_BROKEN] = RPCANCEL_VERDICT_HARNESS_ERROR,
    };
    return verdicts[end];
}

static void describe_sequence(struct rpcancel_check *check, struct rpcancel_check_sequence *sequence)
{
    const struct rpcancel_run *run = &check->run;
    size_t length = 0;
    if (run->end != RPCANCEL_RUN_VIOLATED) {
        snprintf(sequence->message, sizeof sequence->message, "%s", run->failure);
        return;
    }
    char got[RPCANCEL_RUN_GOT_MAX];
    if (run->got[0])
        memcpy(got, run->got, sizeof got);
    else
        print_got(run->steps[run->last_step].answer, got, sizeof got);
    length = (size_t)snprintf(sequence->message, sizeof sequence->message, "got %s, which breaks", got);
    for (unsigned i = 0; i < run->violated_count && length < sizeof sequence->message; i++)
        length += (size_t)snprintf(sequence->message + length, sizeof sequence->message - length, "%s %s", i ? "," : "",
                                   rpcancel_rule_at(run->violated[i])->id);
}

static bool is_interrupted(const struct rpcancel_check *check)
{
    return check->options.interrupted && *check->options.interrupted;
}

/* Runs |sequence| once under |rules|, again if it fails in a way that was not seen as often before, and notes what that
 * says about rules and the sequence. */
static void run_under(struct rpcancel_check *check, struct rpcancel_check_sequence *sequence,
                      const struct rpcancel_rule_set *rules, struct rpcancel_tallies *tallies)
{
    struct rpcancel_run *run = &check->run;
    run->rules = rules;
    run->tallies = tallies;
    tallies->here.sequence = sequence->name;
    rpcancel_run_sequence(run, check->runtime, &sequence->sequence);
    sequence->verdict = sequence_verdict(run->end);
    sequence->line = line_of_end(run, &sequence->sequence);
    sequence->taken = run->items_taken;
    sequence->at_reset = run->at_reset;
    sequence->unexpected = run->unexpected;
    if (run->end == RPCANCEL_RUN_OK)
        return;
    if (run->end == RPCANCEL_RUN_BROKEN && is_interrupted(check)) {
        sequence->verdict = RPCANCEL_VERDICT_SKIP; /* it was abandoned */
        snprintf(sequence->message, sizeof sequence->message, "interrupted");
        return;
    }
    if (is_failure(run->end) || (run->at_reset && run->violated_count > 0)) {
        if (is_news(check)) {
            unsigned again = rpcancel_run_repeat(run, check->runtime, &sequence->sequence, rpcancel_failure_of(run),
                                                 RPCANCEL_ATTEMPTS - 1);
            /* A try that was abandoned shows neither the one nor the other. */
            note_failure(check, sequence, 1 + again, is_interrupted(check) ? 1 + again : RPCANCEL_ATTEMPTS);
        }
        /* No rule is to blame for what fell at the reset. */
        for (unsigned i = 0; i < run->violated_count && !run->at_reset; i++)
            sequence->attributed |= row_of(check, run->violated[i]) != NULL;
    }
    describe_sequence(check, sequence);
    if (!check->last_words_of && check->runtime->error_tail[0] && run->end >= RPCANCEL_RUN_CRASHED) {
        check->last_words_of = sequence->name;
        memcpy(check->last_words, check->runtime->error_tail, sizeof check->last_words);
    }
}

static bool has_rules(const struct rpcancel_rule_set *set)
{
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        if (set->count[kind])
            return true;
    }
    return !rpcancel_wire_mask_is_empty(&set->wire);
}

static void run_sequence(struct rpcancel_check *check, struct rpcancel_check_sequence *sequence)
{
    run_under(check, sequence, &check->binding, &check->tallies);
    enum rpcancel_verdict_word verdict = sequence->verdict;
    if (verdict != RPCANCEL_VERDICT_PASS && verdict != RPCANCEL_VERDICT_FAIL &&
        verdict != RPCANCEL_VERDICT_UNIMPLEMENTED)
        return;
    if (!has_rules(&check->lenient))
        return;
    struct rpcancel_check_sequence again = *sequence;
    run_under(check, &again, &check->lenient, &check->lenient_tallies);
    if (verdict == RPCANCEL_VERDICT_PASS && again.verdict != verdict) {
        *sequence = again;
        if (again.verdict == RPCANCEL_VERDICT_FAIL)
            sequence->verdict = RPCANCEL_VERDICT_NONSTRICT;
    }
}

/* Whether the runtime fails so steadily that going on would only cost time. */
static bool give_up(struct rpcancel_check *check, enum rpcancel_verdict_word last, unsigned *broken, unsigned *hung)
{
    *broken = last == RPCANCEL_VERDICT_HARNESS_ERROR ? *broken + 1 : 0;
    *hung = last == RPCANCEL_VERDICT_HANG && !check->runtime->told_hung ? *hung + 1 : 0;
    if (*broken < BROKEN_IN_A_ROW && *hung < HUNG_IN_A_ROW)
        return false;
    snprintf(check->failure, sizeof check->failure, "given up after %u sequences in a row without %s", *broken + *hung,
             *broken ? "a conversation that makes sense" : "an answer in time");
    return true;
}

/* What follows would not be run, and nothing said of it. */
static bool is_runtime_gone(struct rpcancel_check *check, size_t done)
{
    if (check->runtime->is_gone)
        snprintf(check->failure, sizeof check->failure,
                 "given up after %zu of %zu sequences: the runtime is gone, and was not started again", done,
                 check->chosen_count);
    return check->runtime->is_gone;
}

static void run_chosen(struct rpcancel_check *check)
{
    size_t done = 0;
    unsigned broken = 0, hung = 0;
    for (size_t i = 0; i < check->sequence_count; i++) {
        if (!check->sequences[i].chosen)
            continue;
        if (!is_interrupted(check)) {
            if (check->options.progress)
                check->options.progress(check->options.progress_context, done, check->chosen_count);
            run_sequence(check, &check->sequences[i]);
        }
        if (check->sequences[i].verdict == RPCANCEL_VERDICT_SKIP) { /* it was not run, or abandoned */
            check->interrupted = true;
            snprintf(check->failure, sizeof check->failure, "interrupted after %zu of %zu sequences", done,
                     check->chosen_count);
            return;
        }
        done++;
        if (done < check->chosen_count && is_runtime_gone(check, done))
            return;
        if (done < check->chosen_count && give_up(check, check->sequences[i].verdict, &broken, &hung))
            return;
    }
    check->complete = true;
}

/* ---- verdicts ---- */

/* Whether the failure of |row| is worth shrinking: one that comes and goes would shrink to a sequence that shows it by
 * luck or not at all, and where a missing answer is the failure, every try waits for a deadline. */
static bool can_shrink(const struct rpcancel_check_rule *row)
{
    return row->has_failure && row->verdict != RPCANCEL_VERDICT_HANG && is_steady(&row->failure);
}

/* Leaves the failure as it was found when the shorter sequence does not show it again. */
static void shrink_failure(struct rpcancel_check *check, struct rpcancel_check_rule *row)
{
    struct rpcancel_run *run = &check->run;
    struct rpcancel_check_failure *failure = &row->failure;
    const struct rpcancel_failure_kind kind = {failure->end, (int)row->index};
    const struct rpcancel_shrink_options options = {
        .kind = kind, .was_shown = true, .runs = SHRINK_RUNS, .interrupted = check->options.interrupted};
    struct rpcancel_shrink_result result;
    run->rules = row->binding ? &check->binding : &check->lenient;
    run->tallies = NULL;
    struct rpcancel_sequence whole = failure->sequence;
    failure->sequence = (struct rpcancel_sequence){0};
    if (copy_items(failure, &whole, whole.count)) {
        rpcancel_shrink(run, check->runtime, &failure->sequence, &options, &result);
        if (result.shown == RPCANCEL_ATTEMPTS) {
            describe(row, run);
            rpcancel_sequence_free(&whole);
            return;
        }
    }
    rpcancel_sequence_free(&failure->sequence);
    failure->sequence = whole;
}

static void conclude_rule(struct rpcancel_check *check, struct rpcancel_check_rule *row)
{
    char message[RPCANCEL_MESSAGE_MAX];
    enum rpcancel_verdict_word verdict = rpcancel_verdict_of(row->index, &check->in_force, &check->tallies, message);
    row->checked = check->tallies.rules[row->index].decided;
    if (!row->has_failure) {
        row->verdict = verdict;
        snprintf(row->message, sizeof row->message, "%s", message);
    } else if (!row->binding) {
        row->verdict = RPCANCEL_VERDICT_NONSTRICT;
    }
}

void rpcancel_check_run(struct rpcancel_check *check, struct rpcancel_runtime *runtime)
{
    check->runtime = runtime;
    run_chosen(check);
    for (size_t i = 0; i < check->rule_count; i++) {
        unsigned rule = check->rules[i].index;
        if (!check->rules[i].binding)
            check->tallies.rules[rule] = check->lenient_tallies.rules[rule];
    }
    for (size_t i = 0; i < check->rule_count; i++) {
        struct rpcancel_check_rule *row = &check->rules[i];
        if (can_shrink(row) && !is_interrupted(check))
            shrink_failure(check, row);
        conclude_rule(check, row);
    }
}
