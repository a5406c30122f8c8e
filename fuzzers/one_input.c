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

#include "engine/run.h"
#include "feedback.h"
#include "feedback_afl.h"
#include "mutator_libfuzzer.h"
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
    uint64_t operations; /* that happened, in all inputs */
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
    rpcancel_run_free(&session.run);
    rpcancel_sequence_free(&session.sequence);
}

static void note(void *feedback, const struct rpcancel_situation *situation)
{
    rpcancel_feedback_note(feedback, situation);
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

static void tell(enum rpcancel_run_end end)
{
    struct rpcancel_violation violation = {.run = &session.run,
                                           .operations = session.operations,
                                           .seconds = (double)(clock() - session.begin) / CLOCKS_PER_SEC};
    switch (end) {
    case RPCANCEL_RUN_VIOLATED:
        violation.rule = session.run.violated[0];
        rpcancel_violation_abort(&violation);
    case RPCANCEL_RUN_CRASHED:
        rpcancel_fuzz_raised();
    case RPCANCEL_RUN_BROKEN:
        if (session.runtime->failure[0])
            rpcancel_fuzz_misused();
        break; /* the harness cannot follow up all that may have happened unseen */
    default:
        break; /* to the end, or to an operation that is not implemented */
    }
}

static void count_operations(void)
{
    for (size_t i = 0; i < session.run.step_count; i++)
        session.operations += rpcancel_answer_happened(session.run.steps[i].answer);
}

int rpcancel_fuzz_one(const struct rpcancel_plugin *plugin, const uint8_t *data, size_t size)
{
    if (plugin != session.plugin || !session.plugin)
        open_plugin(plugin);
    session.sequence.count = 0;
    if (!rpcancel_sequence_read_binary(&session.sequence, data, size))
        return 0; /* no memory for a sequence of that length */
    rpcancel_feedback_afl_begin();
    rpcancel_feedback_begin();
    session.feedback = (struct rpcancel_feedback){0};
    session.runtime->failure[0] = '\0';
    enum rpcancel_run_end end = rpcancel_run_sequence(&session.run, session.runtime, &session.sequence);
    if (end == RPCANCEL_RUN_VIOLATED)
        rpcancel_feedback_violated(session.run.violated[0]);
    rpcancel_feedback_afl_end();
    count_operations();
    tell(end);
    return 0;
}
