// SPDX-License-Identifier: Apache-2.0
/* rpcancel replay: sequences from files, run on a runtime. */
#include <getopt.h>
#include <string.h>

#include "commands/command.h"
#include "commands/files.h"
#include "engine/run.h"
#include "report/trace.h"

static const char *const name = "replay";

static const char help[] =
    "Usage: rpcancel replay [OPTION…] PATH…\n\n"
    "Runs the sequences in the files PATH, and in the folders PATH and below (files named *.seq,\n"
    "*.bin or without a dot). A sequence fails when an answer breaks a rule, is not what the\n"
    "sequence expects, or does not come.\n\n" RPCANCEL_RUNTIME_HELP
    "  --strict           rules of the levels should and historical count as well\n"
    "  --trace            show every answer, not only those of failing sequences\n";

struct replay {
    struct rpcancel_runtime_choice choice;
    bool strict;
    bool trace;
    struct rpcancel_runtime *runtime;
    struct rpcancel_run run;
    enum rpcancel_exit_code code;
    size_t passed, failed;
};

static void weigh(struct replay *replay, enum rpcancel_exit_code code)
{
    replay->code = rpcancel_exit_stronger(replay->code, code);
}

/* Says in a word how the run ended, and weighs it. */
static const char *judge(struct replay *replay)
{
    switch (replay->run.end) {
    case RPCANCEL_RUN_OK:
        if (replay->run.unexpected == 0)
            return "PASS";
        weigh(replay, RPCANCEL_EXIT_FINDING);
        return "UNEXPECTED";
    case RPCANCEL_RUN_VIOLATED:
        weigh(replay, RPCANCEL_EXIT_FINDING);
        return "FAIL";
    case RPCANCEL_RUN_UNIMPLEMENTED:
        weigh(replay, RPCANCEL_EXIT_FINDING);
        return "UNIMPLEMENTED";
    case RPCANCEL_RUN_CRASHED:
        weigh(replay, RPCANCEL_EXIT_RUNTIME);
        return "CRASH";
    case RPCANCEL_RUN_HUNG:
        weigh(replay, RPCANCEL_EXIT_RUNTIME);
        return "HANG";
    default:
        weigh(replay, RPCANCEL_EXIT_TROUBLE);
        return "HARNESS-ERROR";
    }
}

static void replay_one(struct replay *replay, const char *path, const struct rpcancel_sequence *sequence)
{
    rpcancel_run_sequence(&replay->run, replay->runtime, sequence);
    const char *verdict = judge(replay);
    bool passed = strcmp(verdict, "PASS") == 0;
    replay->passed += passed;
    replay->failed += !passed;
    if (passed && !replay->trace)
        return;
    printf("%s %s\n", verdict, path);
    rpcancel_trace_print(&replay->run, stdout);
    if (replay->run.end >= RPCANCEL_RUN_CRASHED && replay->runtime->error_tail[0])
        printf("      last words of the runtime on its standard error:\n%s", replay->runtime->error_tail);
}

static int replay_all(struct replay *replay, const struct rpcancel_paths *paths)
{
    struct rpcancel_rule_set rules;
    const unsigned lenient = 1u << RPCANCEL_LEVEL_SHOULD | 1u << RPCANCEL_LEVEL_HISTORICAL;
    rpcancel_rule_set_init(&rules, replay->choice.profile, replay->strict ? ~0u : ~lenient);
    replay->run.rules = &rules;
    for (size_t i = 0; i < paths->count; i++) {
        struct rpcancel_sequence sequence = {0};
        enum rpcancel_form form;
        if (*rpcancel_interrupted()) {
            rpcancel_say(name, "interrupted after %zu of %zu sequences", i, paths->count);
            weigh(replay, RPCANCEL_EXIT_TROUBLE);
            break;
        }
        if (rpcancel_sequence_load(name, paths->list[i], &sequence, &form))
            replay_one(replay, paths->list[i], &sequence);
        else
            weigh(replay, RPCANCEL_EXIT_TROUBLE);
        rpcancel_sequence_free(&sequence);
    }
    printf("replay: %zu sequences, %zu passed, %zu failed\n", replay->passed + replay->failed, replay->passed,
           replay->failed);
    rpcancel_run_free(&replay->run);
    return (int)replay->code;
}

static int open_and_replay(struct replay *replay, const struct rpcancel_paths *paths)
{
    if (paths->count == 0)
        return rpcancel_usage(name, "there is no sequence (a file named *.seq or *.bin or without a dot) to replay");
    replay->runtime = rpcancel_runtime_choice_open(&replay->choice, name, &replay->code);
    if (!replay->runtime)
        return (int)replay->code;
    rpcancel_interrupts_watch();
    int code = replay_all(replay, paths);
    replay->runtime->functions->close(replay->runtime);
    return code;
}

int rpcancel_command_replay(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"strict", no_argument, NULL, 's'},
                                            {"trace", no_argument, NULL, 't'},
                                            RPCANCEL_RUNTIME_LONG_OPTIONS,
                                            {NULL, 0, NULL, 0}};
    struct replay replay = {.code = RPCANCEL_EXIT_CONFORMANT};
    int option;
    rpcancel_runtime_choice_init(&replay.choice);
    while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return rpcancel_bad_option(name, option, argv[optind - 1]);
        if (option == 'h') {
            fputs(help, stdout);
            return RPCANCEL_EXIT_CONFORMANT;
        }
        if (option == 's')
            replay.strict = true;
        else if (option == 't')
            replay.trace = true;
        else if (!rpcancel_runtime_choice_take(&replay.choice, name, option, optarg))
            return RPCANCEL_EXIT_USAGE;
    }
    if (optind == argc)
        return rpcancel_usage(name, "expected at least one file or folder");
    struct rpcancel_paths paths = {0};
    int code = RPCANCEL_EXIT_TROUBLE;
    bool found = true;
    for (int i = optind; found && i < argc; i++)
        found = rpcancel_paths_add(name, &paths, argv[i]);
    if (found)
        code = open_and_replay(&replay, &paths);
    rpcancel_paths_free(&paths);
    return code;
}
