// SPDX-License-Identifier: Apache-2.0
#include "doctor/capabilities.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- lists of words ---- */

struct words {
    char text[RPCANCEL_CAME_MAX];
    unsigned count;
};

__attribute__((format(printf, 2, 3))) static void add_word(struct words *words, const char *format, ...)
{
    size_t length = strlen(words->text);
    va_list arguments;
    words->count++;
    length += (size_t)snprintf(words->text + length, sizeof words->text - length, "%s", length ? ", " : "");
    va_start(arguments, format);
    if (length < sizeof words->text)
        vsnprintf(words->text + length, sizeof words->text - length, format, arguments);
    va_end(arguments);
}

/* A kind of operation, as one is written. */
static void add_kind(struct words *words, unsigned kind, const char *what)
{
    char text[RPCANCEL_OPERATION_TEXT_MAX];
    rpcancel_operation_print((struct rpcancel_operation){.kind = (uint8_t)kind}, text, sizeof text);
    add_word(words, "`%s`%s", text, what);
}

/* ---- what the runtime controls ---- */

static void judge_delivery(struct rpcancel_notes *notes, unsigned delivery)
{
    if (delivery == RPCANCEL_COMMAND)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "delivery=command", NULL,
                          "messages arrive when the harness says so: each order of a race can be told and judged");
    else
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "delivery=hidden", NULL,
                          "messages arrive unseen: no `deliver` is asked for, `settle` waits in its place, and an "
                          "answer breaks a rule only when no arrival explains it; what a race hides is not judged, and "
                          "`check --strict` counts no SKIP");
}

static void judge_dispatch(struct rpcancel_notes *notes, unsigned dispatch)
{
    if (dispatch == RPCANCEL_COMMAND)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "dispatch=command", NULL,
                          "manager routines start when the harness says so; with delivery=hidden `dispatch a @t1` "
                          "waits for the request");
    else if (dispatch == RPCANCEL_EVENT)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "dispatch=event", NULL,
                          "the runtime starts manager routines and says so by `event dispatched`; the harness asks for "
                          "no `dispatch`, and waits with `settle`");
    else
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, "dispatch=hidden",
                          "announce dispatches (dispatch=event), or start manager routines on command",
                          "manager routines start unseen: nothing that a server asks in one can be judged, and each "
                          "sequence ends where a `dispatch` stands");
}

void rpcancel_judge_controls(struct rpcancel_notes *notes, const uint8_t control[RPCANCEL_OPERATION_KINDS])
{
    judge_delivery(notes, control[RPCANCEL_OP_DELIVER_REQUEST]);
    judge_dispatch(notes, control[RPCANCEL_OP_DISPATCH]);
}

/* ---- the same twice ---- */

/* `status a`: 1914 RPC_S_INVALID_ASYNC_HANDLE, then 997 … */
static void say_difference(char *out, size_t size, const struct rpcancel_trial *one, const struct rpcancel_trial *other,
                           int at)
{
    char operation[RPCANCEL_OPERATION_TEXT_MAX], first[RPCANCEL_ANSWER_TEXT_MAX], second[RPCANCEL_ANSWER_TEXT_MAX];
    rpcancel_operation_print(one->steps[at].operation, operation, sizeof operation);
    rpcancel_answer_print(one->steps[at].answer, first, sizeof first);
    rpcancel_answer_print(other->steps[at].answer, second, sizeof second);
    if (strcmp(first, second) == 0)
        snprintf(out, size, "it went on behind `%s` once, and ended there once", operation);
    else
        snprintf(out, size, "`%s` was answered %s, then %s", operation, first, second);
}

void rpcancel_judge_reset(struct rpcancel_notes *notes, const struct rpcancel_trial runs[3])
{
    static const char tried[] = "reset, and the same sequence again";
    char what[256];
    int first = rpcancel_trial_difference(&runs[0], &runs[1]);
    int second = rpcancel_trial_difference(&runs[1], &runs[2]);
    if (first < 0 && second < 0) {
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, tried, NULL, "the same %u answers, three times", runs[0].count);
    } else if (first >= 0 && second < 0) {
        say_difference(what, sizeof what, &runs[0], &runs[1], first);
        rpcancel_note_add(notes, RPCANCEL_NOTE_UNUSABLE, tried,
                          "let `reset` forget all handles, calls and messages, or answer it with `unimplemented`: the "
                          "process is then started anew for each sequence",
                          "%s, and that again: something outlives the reset", what);
    } else {
        say_difference(what, sizeof what, &runs[1], &runs[2], second);
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, tried,
                          "answers that vary are reported as failures that show now and then; let `settle` wait for "
                          "everything, and answer `reset` with `unimplemented` while in doubt",
                          "%s: answers depend on time or chance, or on what was before", what);
    }
}

bool rpcancel_judge_twice(struct rpcancel_notes *notes, const char *group, const struct rpcancel_trial *one,
                          const struct rpcancel_trial *other)
{
    char what[256], tried[RPCANCEL_TRIED_MAX];
    int at = rpcancel_trial_difference(one, other);
    if (at < 0)
        return true;
    snprintf(tried, sizeof tried, "%s, the same trial twice", group);
    say_difference(what, sizeof what, one, other, at);
    rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, tried,
                      "answers that vary are reported as failures that show now and then; let `settle` wait for "
                      "everything that is on its way",
                      "%s: answers depend on time or chance", what);
    return false;
}

/* ---- groups ---- */

static bool is_in(rpcancel_kind_mask mask, unsigned kind)
{
    return mask >> kind & 1u;
}

rpcancel_kind_mask rpcancel_group_lacking(unsigned number, const struct rpcancel_watch *watch)
{
    return rpcancel_watch_lacking(watch) & rpcancel_trial_groups[number].kinds;
}

/* A stub of the client's may raise, and memory that is not there may fault. */
static bool may_raise(unsigned kind)
{
    return kind == RPCANCEL_OP_CALL || kind == RPCANCEL_OP_INIT_BAD_MEMORY;
}

/* What can be asked of the runtime, and was not. */
static bool is_untried(unsigned number, const struct rpcancel_watch *watch, unsigned kind)
{
    return is_in(rpcancel_trial_groups[number].kinds, kind) && watch->runtime.control[kind] == RPCANCEL_COMMAND &&
           watch->kinds[kind].asked == 0;
}

static void list_kinds(unsigned number, const struct rpcancel_watch *watch, struct words *lacking,
                       struct words *raising)
{
    rpcancel_kind_mask missing = rpcancel_group_lacking(number, watch);
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        const struct rpcancel_watched_kind *watched = &watch->kinds[kind];
        char raised[48];
        if (is_in(missing, kind))
            add_kind(lacking, kind, "");
        if (!is_in(rpcancel_trial_groups[number].kinds, kind) || watched->exceptions == 0 || may_raise(kind))
            continue;
        snprintf(raised, sizeof raised, " 0x%08X", (unsigned)watched->exception);
        add_kind(raising, kind, raised);
    }
}

/* The first step whose answer is not what a valid use leads to; what is behind it may follow from that. */
static const struct rpcancel_trial_step *first_unexpected(const struct rpcancel_trial *trial)
{
    for (unsigned i = 0; i < trial->count; i++) {
        const struct rpcancel_trial_step *step = &trial->steps[i];
        bool is_answer = step->answer.kind != RPCANCEL_ANSWER_UNIMPLEMENTED &&
                         step->answer.kind != RPCANCEL_ANSWER_EXCEPTION; /* those are told as such */
        if (is_answer && step->expectation != 0 && !(rpcancel_expectation_of(step->answer) & step->expectation))
            return step;
    }
    return NULL;
}

static void list_unexpected(unsigned number, const struct rpcancel_trials *trials, struct words *unexpected)
{
    for (unsigned t = 0; t < RPCANCEL_TRIAL_TEXTS_MAX; t++) {
        const struct rpcancel_trial_step *step = first_unexpected(&trials->of[number][t]);
        char operation[RPCANCEL_OPERATION_TEXT_MAX], answer[RPCANCEL_ANSWER_TEXT_MAX],
            expected[RPCANCEL_EXPECTATION_TEXT_MAX];
        if (!step || !is_in(rpcancel_trial_groups[number].kinds, step->operation.kind))
            continue;
        rpcancel_operation_print(step->operation, operation, sizeof operation);
        rpcancel_answer_print(step->answer, answer, sizeof answer);
        rpcancel_expectation_print(step->expectation, expected, sizeof expected);
        add_word(unexpected, "`%s` %s (not %s)", operation, answer, expected);
    }
}

/* Operations that are there, and refused or never announced: the run says so of the trial. */
static const char *what_was_refused(unsigned number, const struct rpcancel_trials *trials)
{
    for (unsigned t = 0; t < RPCANCEL_TRIAL_TEXTS_MAX; t++) {
        const struct rpcancel_trial *trial = &trials->of[number][t];
        if (trial->end == RPCANCEL_RUN_UNIMPLEMENTED && !strstr(trial->failure, "is not implemented") &&
            is_in(rpcancel_trial_groups[number].kinds, trial->missing.kind))
            return trial->failure;
    }
    return "";
}

enum { WAY_MAX = RPCANCEL_FAILURE_TEXT_MAX };

/* Writes what kept a trial of the group's from its end, or from meaning anything; false: nothing did that is not the
 * group's own to tell. */
static bool find_in_the_way(unsigned number, const struct rpcancel_trials *trials, char out[WAY_MAX])
{
    for (unsigned t = 0; t < RPCANCEL_TRIAL_TEXTS_MAX; t++) {
        const struct rpcancel_trial *trial = &trials->of[number][t];
        const struct rpcancel_trial_step *step = first_unexpected(trial);
        char operation[RPCANCEL_OPERATION_TEXT_MAX], answer[RPCANCEL_ANSWER_TEXT_MAX];
        if (trial->end != RPCANCEL_RUN_OK) {
            snprintf(out, WAY_MAX, "%s", trial->failure);
            return true;
        }
        if (!step || is_in(rpcancel_trial_groups[number].kinds, step->operation.kind))
            continue;
        rpcancel_operation_print(step->operation, operation, sizeof operation);
        rpcancel_answer_print(step->answer, answer, sizeof answer);
        snprintf(out, WAY_MAX, "`%s` was answered %s", operation, answer);
        return true;
    }
    return false;
}

/* Whether something of the group was not tried, or in vain, and why. */
static bool is_kept_from(unsigned number, const struct rpcancel_trials *trials, const struct rpcancel_watch *watch,
                         char why[WAY_MAX])
{
    bool has_untried = false;
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++)
        has_untried |= is_untried(number, watch, kind);
    if (!find_in_the_way(number, trials, why))
        return false;
    return has_untried || strstr(why, "was answered");
}

static void judge_lacking(struct rpcancel_notes *notes, const char *name, const struct words *lacking,
                          const struct rpcancel_forecast *forecast)
{
    struct rpcancel_note *note =
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, name, NULL, "%s: unimplemented", lacking->text);
    if (forecast)
        rpcancel_note_remedy(note, "that alone makes %u of %u rules UNIMPLEMENTED: implement, or list them as known",
                             forecast->unimplemented, forecast->rules);
}

void rpcancel_judge_group(struct rpcancel_notes *notes, unsigned number, const struct rpcancel_trials *trials,
                          const struct rpcancel_watch *watch, const struct rpcancel_forecast *forecast)
{
    const char *name = rpcancel_trial_groups[number].name;
    struct words lacking = {.count = 0}, raising = {.count = 0}, unexpected = {.count = 0};
    const char *refused = what_was_refused(number, trials);
    char why[WAY_MAX];
    list_kinds(number, watch, &lacking, &raising);
    list_unexpected(number, trials, &unexpected);
    if (lacking.count > 0)
        judge_lacking(notes, name, &lacking, forecast);
    if (raising.count > 0)
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, name,
                          "pass exceptions on only where the function raises one; a check calls this CRASH",
                          "%s: raised in a valid use", raising.text);
    if (refused[0])
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, name,
                          "`refused` is for what cannot be: wait for the request; with dispatch=event write `event "
                          "dispatched` before `settle` is answered",
                          "%s", refused);
    if (unexpected.count > 0)
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, name,
                          "if the shim is at fault, mend it before you believe a FAIL; whether it is wrong is for the "
                          "rules",
                          "answered otherwise than a valid use leads one to think: %s", unexpected.text);
    if (lacking.count + raising.count + unexpected.count == 0 && !refused[0] &&
        !is_kept_from(number, trials, watch, why))
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, name, NULL, "implemented, and a valid use of each succeeds");
}

void rpcancel_judge_untried(struct rpcancel_notes *notes, const struct rpcancel_trials *trials,
                            const struct rpcancel_watch *watch)
{
    bool is_told[RPCANCEL_TRIAL_GROUPS_MAX] = {false};
    for (unsigned i = 0; i < rpcancel_trial_group_count; i++) {
        char why[WAY_MAX], other[WAY_MAX];
        struct words names = {.count = 0};
        if (is_told[i] || !is_kept_from(i, trials, watch, why))
            continue;
        for (unsigned k = i; k < rpcancel_trial_group_count; k++) {
            bool is_same = is_kept_from(k, trials, watch, other) && strcmp(why, other) == 0;
            is_told[k] |= is_same;
            if (is_same)
                add_word(&names, "%s", rpcancel_trial_groups[k].name);
        }
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, "not tried to the end", NULL, "%s: because %s", names.text,
                          why);
    }
}

rpcancel_kind_mask rpcancel_trials_lacking(const struct rpcancel_trials *trials, const struct rpcancel_watch *watch)
{
    rpcancel_kind_mask mask = rpcancel_watch_lacking(watch);
    for (unsigned g = 0; g < rpcancel_trial_group_count; g++) {
        for (unsigned t = 0; t < RPCANCEL_TRIAL_TEXTS_MAX; t++) {
            if (trials->of[g][t].end == RPCANCEL_RUN_UNIMPLEMENTED)
                mask |= (rpcancel_kind_mask)1 << trials->of[g][t].missing.kind;
        }
    }
    return mask;
}

/* ---- stubs ---- */

/* What was seen of a function. */
struct constant {
    const char *function;
    struct rpcancel_answer answer;
    rpcancel_expectation due; /* of the first asking that says */
    unsigned asked;
    bool is_constant, is_wrong, is_varied; /* all answers are the same; one was not due; not the same was due always */
};

static void take_constant(struct constant *constant, const struct rpcancel_trial_step *step)
{
    if (constant->asked++ == 0)
        constant->answer = step->answer;
    constant->is_constant &= step->answer.kind == RPCANCEL_ANSWER_CODE && constant->answer.code == step->answer.code;
    if (step->expectation == 0)
        return;
    constant->is_wrong |= (rpcancel_expectation_of(step->answer) & step->expectation) == 0;
    constant->is_varied |= constant->due != 0 && constant->due != step->expectation;
    constant->due = step->expectation;
}

static void collect(struct constant *constant, const struct rpcancel_trials *trials)
{
    for (unsigned g = 0; g < RPCANCEL_TRIAL_GROUPS_MAX; g++) {
        for (unsigned i = 0; i < RPCANCEL_TRIAL_TEXTS_MAX * RPCANCEL_TRIAL_STEPS_MAX; i++) {
            const struct rpcancel_trial *trial = &trials->of[g][i / RPCANCEL_TRIAL_STEPS_MAX];
            const struct rpcancel_trial_step *step = &trial->steps[i % RPCANCEL_TRIAL_STEPS_MAX];
            if (i % RPCANCEL_TRIAL_STEPS_MAX < trial->count && step->answer.kind <= RPCANCEL_ANSWER_EXCEPTION &&
                strcmp(rpcancel_operation_describe(step->operation.kind)->function, constant->function) == 0)
                take_constant(constant, step);
        }
    }
}

void rpcancel_judge_stubs(struct rpcancel_notes *notes, const struct rpcancel_trials *trials)
{
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        struct constant constant = {.function = rpcancel_operation_describe(kind)->function, .is_constant = true};
        bool is_known = strncmp(constant.function, "Rpc", 3) != 0;
        for (unsigned before = 0; before < kind; before++)
            is_known |= strcmp(rpcancel_operation_describe(before)->function, constant.function) == 0;
        if (is_known)
            continue;
        collect(&constant, trials);
        char answer[RPCANCEL_ANSWER_TEXT_MAX];
        rpcancel_answer_print(constant.answer, answer, sizeof answer);
        if (constant.is_constant && constant.is_wrong && constant.is_varied)
            rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, constant.function,
                              "if it is a stub, answer `unimplemented`; what holds by this answer alone is VACUOUS",
                              "answered %s to all of %u askings, where different answers are due, as a stub does",
                              answer, constant.asked);
    }
}

/* ---- what a check would come to ---- */

void rpcancel_judge_forecast(struct rpcancel_notes *notes, const struct rpcancel_forecast *forecast)
{
    bool is_lacking = forecast->unimplemented > 0;
    rpcancel_note_add(notes, is_lacking ? RPCANCEL_NOTE_WARNING : RPCANCEL_NOTE_OK, "rules within reach",
                      is_lacking ? "what is not decided is never passed; docs/runtime-protocol.md has a good order to "
                                   "implement in"
                                 : NULL,
                      "of %u rules a check would call %u UNIMPLEMENTED and %u SKIP; %u can be decided", forecast->rules,
                      forecast->unimplemented, forecast->skipped,
                      forecast->rules - forecast->unimplemented - forecast->skipped);
}
