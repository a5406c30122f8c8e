// SPDX-License-Identifier: Apache-2.0
/*
 * rpcancel/fuzz.h: one input on a plugin in this process. A run (engine/run.h) does what check and replay do with a
 * sequence; what it found is told here.
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "coverage/one_call_index.h"
#include "engine/run.h"
#include "feedback.h"
#include "feedback_afl.h"
#include "mutator_libfuzzer.h"
#include "passed_over.h"
#include "progress.h"
#include "rpcancel/fuzz.h"
#include "runtime/plugin.h"
#include "violation.h"

enum { EXIT_USAGE = 2, EXIT_TROUBLE = 3 };

static struct {
    const struct rpcancel_plugin *plugin; /* the one that |runtime| is of */
    struct rpcancel_runtime *runtime;
    struct rpcancel_rule_set rules;
    struct rpcancel_sequence sequence;
    struct rpcancel_run run;
    struct rpcancel_feedback feedback;
    struct rpcancel_progress progress;
    /* While progress.shared: */
    struct rpcancel_tallies tallies;        /* of this input */
    struct rpcancel_one_call_index *states; /* NULL where deliveries are hidden, and nobody knows the state */
    struct rpcancel_world guide;            /* what the reference makes of the same operations */
    uint64_t operations;                    /* that happened, in all inputs */
    clock_t begin;
} session;

/* Libraries hold only what somebody refers to, and libFuzzer merely looks whether there is a mutator. */
__attribute__((used)) static size_t (*const mutator)(uint8_t *data, size_t size, size_t max_size,
                                                     unsigned seed) = LLVMFuzzerCustomMutator;

/* ---- begin and end ---- */

static void end_session(void)
{
    fprintf(stderr, "operations: %" PRIu64 "\n", session.operations);
    if (session.runtime)
        session.runtime->functions->close(session.runtime);
    session.runtime = NULL;
    rpcancel_one_call_index_close(session.states);
    session.states = NULL;
    rpcancel_run_free(&session.run);
    rpcancel_sequence_free(&session.sequence);
}

static void note(void *feedback, const struct rpcancel_situation *situation)
{
    struct rpcancel_operation operation = situation->operation;
    rpcancel_feedback_note(feedback, situation);
    if (!session.states)
        return;
    rpcancel_step(&rpcancel_choices_documented, &session.guide, operation);
    int state = rpcancel_one_call_index_state(session.states, &session.guide, operation.handle);
    if (state >= 0)
        rpcancel_progress_state(&session.progress, (unsigned)state);
}

static void open_progress(void)
{
    const char *path = getenv("RPCANCEL_PROGRESS");
    if (path && *path && !rpcancel_run_hides(session.runtime))
        session.states = rpcancel_one_call_index_open();
    unsigned states = session.states ? rpcancel_one_call_index_state_count(session.states) : 0;
    if (!rpcancel_progress_open(&session.progress, rpcancel_rule_set_size(&session.rules), states))
        exit(EXIT_TROUBLE);
    if (session.progress.shared)
        session.run.tallies = &session.tallies;
}

static void begin_session(void)
{
    const char *name = getenv("RPCANCEL_PROFILE");
    enum rpcancel_profile profile = RPCANCEL_PROFILE_DOCUMENTED;
    if (name && !rpcancel_profile_from_name(name, &profile)) {
        fprintf(stderr, "RPCANCEL_PROFILE: found '%s', expected documented, documented-98 or windows\n", name);
        exit(EXIT_USAGE);
    }
    rpcancel_rule_set_init(&session.rules, profile, ~(unsigned)RPCANCEL_LEVELS_LENIENT);
    session.run.rules = &session.rules;
    rpcancel_pass_over_begin();
    session.run.situated = note;
    session.run.situated_context = &session.feedback;
    session.begin = clock();
    atexit(end_session);
}

static void open_plugin(const struct rpcancel_plugin *plugin)
{
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    struct rpcancel_plugin_opening opening = {.table = plugin, .who = "the plugin"};
    if (!session.plugin)
        begin_session();
    if (session.runtime)
        session.runtime->functions->close(session.runtime);
    session.plugin = plugin;
    session.runtime = rpcancel_plugin_open(&opening, failure);
    if (!session.runtime) {
        fprintf(stderr, "%s\n", failure);
        exit(EXIT_TROUBLE);
    }
    if (!session.progress.shared)
        open_progress();
}

/* ---- findings ---- */

static void print_statistics(void)
{
    fprintf(stderr, "operations: %" PRIu64 "\n", session.operations);
}

_Noreturn void rpcancel_fuzz_raised(void);
_Noreturn void rpcancel_fuzz_misused(void);

/* Functions with names for the stack; the statistics end what is printed, as they do for a violation. */
__attribute__((noinline)) void rpcancel_fuzz_raised(void)
{
    fprintf(stderr, "RAISED %s\n", session.run.failure);
    rpcancel_violation_print_trace(&session.run);
    print_statistics();
    abort();
}

__attribute__((noinline)) void rpcancel_fuzz_misused(void)
{
    fprintf(stderr, "MISUSED %s\n", session.run.failure);
    rpcancel_violation_print_trace(&session.run);
    print_statistics();
    abort();
}

/* A rule that the run broke and that is not passed over, or -1. */
static int find_violated(enum rpcancel_run_end end)
{
    for (unsigned i = 0; end == RPCANCEL_RUN_VIOLATED && i < session.run.violated_count; i++) {
        if (!rpcancel_is_passed_over(session.run.violated[i]))
            return session.run.violated[i];
    }
    return -1;
}

static void tell(enum rpcancel_run_end end, int rule)
{
    struct rpcancel_violation violation = {.run = &session.run,
                                           .operations = session.operations,
                                           .seconds = (double)(clock() - session.begin) / CLOCKS_PER_SEC};
    if (rule >= 0) {
        violation.rule = (unsigned)rule;
        rpcancel_violation_abort(&violation);
    }
    if (end == RPCANCEL_RUN_CRASHED)
        rpcancel_fuzz_raised();
    /* Otherwise the harness cannot follow up all that may have happened unseen. */
    if (end == RPCANCEL_RUN_BROKEN && session.runtime->failure[0])
        rpcancel_fuzz_misused();
}

static void count(enum rpcancel_run_end end)
{
    uint64_t happened = 0, decisions = 0;
    for (size_t i = 0; i < session.run.step_count; i++)
        happened += rpcancel_answer_happened(session.run.steps[i].answer);
    session.operations += happened;
    if (!session.progress.shared)
        return;
    for (unsigned i = 0; i < rpcancel_rule_count(); i++) {
        decisions += session.tallies.rules[i].decided;
        if (session.tallies.rules[i].decided)
            rpcancel_progress_rule(&session.progress, i);
        session.tallies.rules[i].decided = 0;
    }
    rpcancel_progress_input(&session.progress, happened, decisions, end == RPCANCEL_RUN_VIOLATED);
}

int rpcancel_fuzz_one(const struct rpcancel_plugin *plugin, const uint8_t *data, size_t size)
{
    if (plugin != session.plugin || !session.plugin)
        open_plugin(plugin);
    session.sequence.count = 0;
    if (!rpcancel_sequence_read_binary(&session.sequence, data, size))
        return 0; /* no memory for a sequence of that length */
    rpcancel_sequence_drop_wire(&session.sequence);
    rpcancel_feedback_afl_begin();
    rpcancel_feedback_begin();
    session.feedback = (struct rpcancel_feedback){0};
    session.runtime->failure[0] = '\0';
    rpcancel_world_reset(&session.guide);
    enum rpcancel_run_end end = rpcancel_run_sequence(&session.run, session.runtime, &session.sequence);
    int rule = find_violated(end);
    if (rule >= 0)
        rpcancel_feedback_violated((unsigned)rule);
    rpcancel_feedback_afl_end();
    count(end);
    tell(end, rule);
    return 0;
}
