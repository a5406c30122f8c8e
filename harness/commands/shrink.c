// SPDX-License-Identifier: Apache-2.0
/* rpcancel shrink: the smallest sequence that still fails in the same way. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/outputs.h"
#include "commands/files.h"
#include "engine/shrink.h"
#include "report/output.h"
#include "report/private_findings.h"

static const char *const name = "shrink";

enum { DEFAULT_RUNS = 20000, RUNS_MAX = 1000000000, BESIDE = 32 /* column of the comment on the last operation */ };

struct settings {
    struct rpcancel_runtime_choice choice;
    const char *file;
    const char *out; /* "-" unless --out says otherwise */
    int rule;        /* index, -1: the first that is broken */
    uint64_t runs;
};

/* What is shrunk, and what came of it. */
struct shrinking {
    const struct settings *settings;
    struct rpcancel_runtime *runtime;
    struct rpcancel_rule_set rules;
    struct rpcancel_sequence sequence;
    struct rpcancel_run run;
    struct rpcancel_failure_kind kind;
    struct rpcancel_shrink_result result;
};

static void print_help(void)
{
    printf("Usage: rpcancel shrink [OPTION…] FILE\n\n"
           "Makes the failing sequence in FILE, text or binary, as small as it gets while it still fails in the\n"
           "same way on a runtime: it breaks the same rule, or crashes or hangs it where the same rule would have\n"
           "decided. The result ends with the operation that fails.\n\n" RPCANCEL_RUNTIME_HELP
           "  --rule ID          judge by this rule alone, where FILE breaks others first\n"
           "  --runs N           make N runs on the runtime at most (default %d)\n"
           "  --out F            where the result goes: *.bin is binary, anything else text (default: text on\n"
           "                     standard output)\n\n"
           "Where the failure is a missing answer most runs wait for --deadline; a short one saves much time.\n"
           "Ctrl-C ends it with the smallest sequence so far. The last line on standard error says how far it came\n"
           "and how many of %d runs of the result show the failure.\n\n"
           "Exit codes: 0 shrunk, and shown by every one of these runs · 3 FILE cannot be read, does not fail there,\n"
           "or not reliably; the result cannot be written; interrupted · 2 usage.\n",
           DEFAULT_RUNS, RPCANCEL_ATTEMPTS);
}

/* ---- arguments ---- */

static bool take_rule(struct settings *settings, const char *id)
{
    settings->rule = rpcancel_rule_find(id);
    if (settings->rule >= 0)
        return true;
    rpcancel_usage(name, "--rule: there is no rule %s (see `rpcancel rules`)", id);
    return false;
}

static bool take_option(void *context, int option, const char *value)
{
    struct settings *settings = context;
    switch (option) {
    case 'r':
        return take_rule(settings, value);
    case 'n':
        return rpcancel_take_number(name, "runs", value, RPCANCEL_ATTEMPTS, RUNS_MAX, &settings->runs);
    case 'o':
        settings->out = value;
        return rpcancel_can_hold_sequence(name, value);
    default:
        return rpcancel_runtime_choice_take(&settings->choice, name, option, value);
    }
}

/* Returns -1 to go on, else the exit code. */
static int read_arguments(struct settings *settings, int argc, char **argv)
{
    static const struct option options[] = {
        RPCANCEL_RUNTIME_LONG_OPTIONS,          {"rule", required_argument, NULL, 'r'},
        {"runs", required_argument, NULL, 'n'}, {"out", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},       {0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    int refused = rpcancel_options_read(&command_line, argc, argv, settings);
    if (refused >= 0)
        return refused;
    if (argc - optind != 1)
        return rpcancel_usage(name, "expected one argument, FILE, found %d", argc - optind);
    settings->file = argv[optind];
    const struct rpcancel_named_output output = {"--out", settings->out};
    if (!rpcancel_outputs_spare(name, &output, 1, &settings->file, 1) ||
        !rpcancel_runtime_choice_is_spared(&settings->choice, name, &output, 1) ||
        !rpcancel_runtime_choice_fits(&settings->choice, name))
        return RPCANCEL_EXIT_USAGE;
    struct rpcancel_rule_set rules;
    rpcancel_runtime_choice_rules(&settings->choice, &rules, ~0u);
    if (settings->rule >= 0 && !rpcancel_rule_set_has(&rules, (unsigned)settings->rule))
        return rpcancel_usage(name, "--rule: %s is not in force under the profile %s",
                              rpcancel_rule_at((unsigned)settings->rule)->id,
                              rpcancel_runtime_choice_profile(&settings->choice));
    return -1;
}

/* ---- the failure ---- */

/* Leaves only rule |index| in |set|. */
static void keep_only(struct rpcancel_rule_set *set, int index)
{
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        unsigned kept = 0;
        for (unsigned n = 0; n < set->count[kind]; n++) {
            if (set->index[kind][n] != index)
                continue;
            set->index[kind][kept] = set->index[kind][n];
            set->judge[kind][kept] = set->judge[kind][n];
            kept++;
        }
        set->count[kind] = (uint8_t)kept;
    }
    set->wire = (struct rpcancel_wire_mask){{0}};
    if (rpcancel_rule_is_of_wire(
            rpcancel_rule_at((unsigned)index))) /* it is in force, the arguments were held to that */
        rpcancel_wire_mask_add(&set->wire, (unsigned)index - rpcancel_rule_count());
}

/* Says what happened instead of a failure. */
static void explain(const struct shrinking *shrinking)
{
    const struct settings *settings = shrinking->settings;
    const struct rpcancel_run *run = &shrinking->run;
    const char *rule = settings->rule < 0 ? "a rule" : rpcancel_rule_at((unsigned)settings->rule)->id;
    if (run->end == RPCANCEL_RUN_OK) {
        rpcancel_say(name, "%s: does not fail: %zu operation%s carried out, %u times, and no answer breaks %s",
                     settings->file, run->items_taken, run->items_taken == 1 ? "" : "s", RPCANCEL_ATTEMPTS, rule);
        if (run->unexpected)
            rpcancel_say(name, "%zu of the answers %s not what the sequence expects: `rpcancel replay` shows which",
                         run->unexpected, run->unexpected == 1 ? "is" : "are");
    } else {
        rpcancel_say(name, "%s: no failure that could be kept, at operation %zu of %zu: %s", settings->file,
                     run->items_taken, shrinking->sequence.count, run->failure);
    }
}

static bool is_failure(const struct shrinking *shrinking, struct rpcancel_failure_kind kind)
{
    bool failed =
        kind.end == RPCANCEL_RUN_VIOLATED || kind.end == RPCANCEL_RUN_CRASHED || kind.end == RPCANCEL_RUN_HUNG;
    return failed && (shrinking->settings->rule < 0 || kind.rule == shrinking->settings->rule);
}

/* Finds out how the sequence fails; false, and said what happened instead, when it does not. */
static bool find_failure(struct shrinking *shrinking)
{
    for (unsigned attempt = 0; attempt < RPCANCEL_ATTEMPTS; attempt++) {
        rpcancel_run_sequence(&shrinking->run, shrinking->runtime, &shrinking->sequence);
        shrinking->kind = rpcancel_failure_of(&shrinking->run);
        if (is_failure(shrinking, shrinking->kind))
            return true;
        if (shrinking->run.end != RPCANCEL_RUN_OK)
            break;
    }
    explain(shrinking);
    return false;
}

/* ---- the result ---- */

/* The first line: what the sequence shows. */
static void write_heading(const struct shrinking *shrinking, FILE *out)
{
    if (shrinking->kind.end == RPCANCEL_RUN_VIOLATED) {
        const struct rpcancel_rule *rule = rpcancel_rule_at((unsigned)shrinking->kind.rule);
        fprintf(out, "# %s (%s): %s\n", rule->id, rpcancel_level_name((enum rpcancel_level)rule->level), rule->text);
    } else {
        fprintf(out, "# The runtime %s: %s\n", shrinking->kind.end == RPCANCEL_RUN_CRASHED ? "crashed" : "hung",
                shrinking->run.failure);
    }
}

/* The last operation, with the answer that is wrong or what came in its place. */
static void write_last(const struct shrinking *shrinking, FILE *out)
{
    const struct rpcancel_run *run = &shrinking->run;
    const struct rpcancel_sequence *sequence = &shrinking->sequence;
    const struct rpcancel_run_step *wrong = &run->steps[run->last_step];
    char text[RPCANCEL_OPERATION_TEXT_MAX], operation[RPCANCEL_OPERATION_TEXT_MAX], answer[RPCANCEL_ANSWER_TEXT_MAX];
    rpcancel_operation_print(sequence->items[sequence->count - 1].operation, text, sizeof text);
    if (run->end != RPCANCEL_RUN_VIOLATED) {
        fprintf(out, "%-*s # %s%s\n", BESIDE, text, run->end == RPCANCEL_RUN_CRASHED ? "crashed" : "hung",
                run->at_reset ? " at the reset after this" : "");
        return;
    }
    rpcancel_operation_print(wrong->operation, operation, sizeof operation);
    rpcancel_answer_print(wrong->answer, answer, sizeof answer);
    bool itself = strcmp(operation, text) == 0; /* or what the runtime announced meanwhile */
    fprintf(out, "%-*s # %s%s%s\n", BESIDE, text, itself ? "" : operation, itself ? "" : ": ", answer);
}

static bool write_text(const struct shrinking *shrinking, FILE *out)
{
    struct rpcancel_sequence before = shrinking->sequence;
    before.count--;
    write_heading(shrinking, out);
    if (!rpcancel_sequence_write_text(&before, out))
        return false;
    write_last(shrinking, out);
    return !ferror(out);
}

/* Writes the result to |output|, which it ends. */
static bool save(const struct shrinking *shrinking, struct rpcancel_output *output)
{
    const char *path = shrinking->settings->out;
    bool binary = rpcancel_form_of_name(path) == RPCANCEL_FORM_BINARY;
    bool is_private = rpcancel_is_private(shrinking->kind.end, shrinking->settings->choice.how);
    bool written = binary ? rpcancel_sequence_write_bytes(&shrinking->sequence, output->file)
                          : write_text(shrinking, output->file);
    return (written ? rpcancel_output_end_as(name, path, output, is_private)
                    : rpcancel_output_end(name, path, output, false)) == RPCANCEL_EXIT_CONFORMANT;
}

/* Says how it ended; returns the exit code that stands for it. */
static enum rpcancel_exit_code conclude(const struct shrinking *shrinking)
{
    const struct rpcancel_shrink_result *result = &shrinking->result;
    bool shown = result->shown == RPCANCEL_ATTEMPTS;
    switch (result->end) {
    case RPCANCEL_SHRINK_INTERRUPTED:
        rpcancel_say(name, "interrupted; %s", shown ? "this is the smallest so far" : "nothing was shrunk");
        return RPCANCEL_EXIT_TROUBLE;
    case RPCANCEL_SHRINK_BROKEN:
        rpcancel_say(name, "ended early: %s", result->failure);
        return RPCANCEL_EXIT_TROUBLE;
    case RPCANCEL_SHRINK_SPENT:
        rpcancel_say(name, "ended by --runs; more may make it smaller");
        break;
    default:
        break;
    }
    if (!shown && result->end != RPCANCEL_SHRINK_SPENT)
        rpcancel_say(name, "%s: fails now and then, in %u of %u more runs: not shrunk", shrinking->settings->file,
                     result->shown, RPCANCEL_ATTEMPTS);
    return shown ? RPCANCEL_EXIT_CONFORMANT : RPCANCEL_EXIT_TROUBLE;
}

/* ---- all of it ---- */

static enum rpcancel_exit_code shrink(struct shrinking *shrinking, struct rpcancel_output *output)
{
    size_t before = shrinking->sequence.count;
    const struct rpcancel_shrink_options options = {
        .kind = shrinking->kind,
        .runs = (unsigned)shrinking->settings->runs,
        .interrupted = rpcancel_interrupted(),
        .progress = rpcancel_progress_of_shrinking(),
    };
    rpcancel_shrink(&shrinking->run, shrinking->runtime, &shrinking->sequence, &options, &shrinking->result);
    rpcancel_progress_clear();
    enum rpcancel_exit_code code = conclude(shrinking);
    if (shrinking->result.shown < RPCANCEL_ATTEMPTS)
        rpcancel_output_discard(output);
    else if (!save(shrinking, output))
        code = RPCANCEL_EXIT_TROUBLE;
    fflush(stdout);
    fprintf(stderr, "shrink: %zu operation%s to %zu, %u runs, shown %u of %u\n", before, before == 1 ? "" : "s",
            shrinking->sequence.count, shrinking->result.runs, shrinking->result.shown, RPCANCEL_ATTEMPTS);
    return code;
}

static enum rpcancel_exit_code run(struct shrinking *shrinking)
{
    const struct settings *settings = shrinking->settings;
    struct rpcancel_output output;
    if (!rpcancel_private_output_is_possible(name, settings->out, settings->choice.how))
        return RPCANCEL_EXIT_TROUBLE;
    if (!rpcancel_output_open(&output, settings->out)) {
        rpcancel_say(name, "%s: %s", settings->out, strerror(errno));
        return RPCANCEL_EXIT_TROUBLE;
    }
    rpcancel_runtime_choice_rules(&settings->choice, &shrinking->rules, ~0u);
    if (settings->rule >= 0)
        keep_only(&shrinking->rules, settings->rule);
    shrinking->run.rules = &shrinking->rules;
    enum rpcancel_exit_code code = RPCANCEL_EXIT_TROUBLE;
    if (find_failure(shrinking))
        code = shrink(shrinking, &output);
    else
        rpcancel_output_discard(&output);
    rpcancel_run_free(&shrinking->run);
    return code;
}

static bool load(const char *path, struct rpcancel_sequence *sequence)
{
    enum rpcancel_form form;
    if (!rpcancel_sequence_load(name, path, sequence, &form))
        return false;
    if (sequence->count == 0)
        rpcancel_say(name, "%s: has no operation", path);
    return sequence->count > 0;
}

int rpcancel_command_shrink(int argc, char **argv)
{
    struct settings settings = {.out = "-", .rule = -1, .runs = DEFAULT_RUNS};
    struct shrinking shrinking = {.settings = &settings};
    enum rpcancel_exit_code code = RPCANCEL_EXIT_TROUBLE;
    rpcancel_runtime_choice_init(&settings.choice);
    int argument_code = read_arguments(&settings, argc, argv);
    if (argument_code >= 0)
        return argument_code;
    /* Read before Ctrl-C is watched: a read may wait for ever, as on a terminal. */
    if (load(settings.file, &shrinking.sequence))
        shrinking.runtime = rpcancel_runtime_choice_open(&settings.choice, name, &code);
    if (shrinking.runtime) {
        code = run(&shrinking);
        shrinking.runtime->functions->close(shrinking.runtime);
    }
    rpcancel_sequence_free(&shrinking.sequence);
    return (int)code;
}
