// SPDX-License-Identifier: Apache-2.0
/* rpcancel replay: sequences from files, run on a runtime. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "capture/record.h"
#include "commands/command.h"
#include "commands/files.h"
#include "commands/outputs.h"
#include "engine/run.h"
#include "engine/verdict.h"
#include "report/private_findings.h"
#include "report/trace.h"
#include "runtime/tcp.h"

static const char *const name = "replay";

static const char help[] =
    "Usage: rpcancel replay [OPTION…] PATH…\n\n"
    "Runs the sequences in the files PATH, and in the folders PATH and below (files named *.seq,\n"
    "*.bin or without a dot). A sequence fails when an answer breaks a rule, is not what the\n"
    "sequence expects, or does not come.\n\n" RPCANCEL_RUNTIME_HELP
    "  --strict           rules of the levels should and historical count as well\n"
    "  --trace            show every answer, not only those of failing sequences\n"
    "  --capture FILE     of the wire: write the PDUs of both sides as a pcapng capture, in packets that\n"
    "                     might have carried them; comments tell operations and broken rules. What crashes\n"
    "                     somebody else's program goes to private-findings beside it "
    "(docs/disclosure.md)\n" RPCANCEL_BISECT_HELP;

static void print_help(void)
{
    fputs(help, stdout);
}

struct replay {
    struct rpcancel_runtime_choice choice;
    bool strict, trace, bisect;
    const char *capture; /* where --capture goes to; NULL: nowhere */
    struct rpcancel_output output;
    bool is_private; /* what was captured shows how to crash somebody else's program, or memory of it */
    struct rpcancel_record record;
    struct rpcancel_sequence_files files;
    struct rpcancel_runtime *runtime;
    struct rpcancel_run run;
    enum rpcancel_exit_code code; /* the strongest so far */
    size_t passed, failed, unimplemented, passed_over;
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
        replay->unimplemented++;
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

/* Reads all files, before Ctrl-C is watched: a read may wait for ever, as on a terminal. False when memory is
 * exhausted. */
static bool load_all(struct replay *replay, const struct rpcancel_paths *paths)
{
    struct rpcancel_sequence_files *files = &replay->files;
    if (!rpcancel_sequence_files_load(name, files, paths))
        return false;
    bool unfit = files->unreadable > 0;
    for (size_t i = 0; i < files->count; i++) {
        if (files->list[i].sequence.count == 0) {
            rpcancel_say(name, "%s: has no operation", files->list[i].path);
            unfit = true;
        }
    }
    if (unfit)
        weigh(replay, RPCANCEL_EXIT_TROUBLE);
    return true;
}

/* False when the sequence could not be run, nor could those behind it. */
static bool replay_one(struct replay *replay, const struct rpcancel_sequence_file *file)
{
    replay->record.title = file->path;
    enum rpcancel_run_end end = rpcancel_run_sequence(&replay->run, replay->runtime, &file->sequence);
    if (end == RPCANCEL_RUN_BROKEN && (replay->runtime->is_gone || *rpcancel_interrupted()))
        return false;
    replay->is_private |= rpcancel_is_private(end, replay->choice.how);
    const char *verdict = judge(replay);
    bool passed = strcmp(verdict, "PASS") == 0;
    replay->passed += passed;
    replay->failed += !passed;
    if (passed && !replay->trace)
        return true;
    printf("%s %s\n", verdict, file->path);
    rpcancel_trace_print(&replay->run, stdout);
    if (replay->run.end >= RPCANCEL_RUN_CRASHED && replay->runtime->error_tail[0])
        printf("      last words of the runtime on its standard error:\n%s", replay->runtime->error_tail);
    return true;
}

/* There are sequences for each subject, and a runtime has to do with those of its own; counts the others. */
static bool is_of_other_kind(struct replay *replay, const struct rpcancel_sequence *sequence)
{
    bool is_other = rpcancel_sequence_subject(sequence) != replay->runtime->functions->subject;
    replay->passed_over += is_other;
    return is_other;
}

static int replay_all(struct replay *replay)
{
    struct rpcancel_rule_set rules;
    const unsigned binding = ~(unsigned)RPCANCEL_LEVELS_LENIENT;
    rpcancel_runtime_choice_rules(&replay->choice, &rules, replay->strict ? ~0u : binding);
    replay->run.rules = &rules;
    const struct rpcancel_sequence_files *files = &replay->files;
    for (size_t i = 0; i < files->count; i++) {
        bool is_wanted = files->list[i].sequence.count > 0 && !is_of_other_kind(replay, &files->list[i].sequence);
        if (!*rpcancel_interrupted() && (!is_wanted || replay_one(replay, &files->list[i])))
            continue;
        rpcancel_say(name, "%s after %zu of %zu sequences",
                     *rpcancel_interrupted() ? "interrupted" : "the runtime is gone, and was not started again,", i,
                     files->count);
        weigh(replay, *rpcancel_interrupted() ? RPCANCEL_EXIT_TROUBLE : RPCANCEL_EXIT_RUNTIME);
        break;
    }
    static const char *const why[] = {
        [RPCANCEL_SUBJECT_API] = "they are of the wire, for --runtime tcp:HOST:PORT or tcp-listen:COMMAND",
        [RPCANCEL_SUBJECT_SERVER] = "they have no operation of the wire for servers",
        [RPCANCEL_SUBJECT_CLIENT] = "they have no operation of the wire for clients",
    };
    size_t run = replay->passed + replay->failed;
    if (replay->passed_over > 0)
        printf("%zu passed over: %s\n", replay->passed_over, why[replay->runtime->functions->subject]);
    if (run == 0 && replay->passed_over > 0)
        weigh(replay, RPCANCEL_EXIT_TROUBLE); /* what was asked for was not done */
    printf("replay: %zu sequence%s, %zu passed, %zu failed\n", run, run == 1 ? "" : "s", replay->passed,
           replay->failed);
    if (replay->bisect && replay->code == RPCANCEL_EXIT_FINDING && replay->failed == replay->unimplemented)
        replay->code = RPCANCEL_EXIT_TROUBLE; /* what could not be played to its end shows nothing */
    rpcancel_run_free(&replay->run);
    return (int)replay->code;
}

/* The port of the server in question, for the packets of a capture. */
static uint16_t server_port(const struct replay *replay)
{
    struct sockaddr_in address;
    const char *how = replay->choice.how;
    if (strncmp(how, "tcp:", 4) == 0 && rpcancel_tcp_read_address(how + 4, &address))
        return ntohs(address.sin_port);
    return 135; /* of the endpoint mapper, RFC 1060 */
}

static enum rpcancel_exit_code begin_capture(struct replay *replay)
{
    if (!replay->capture)
        return RPCANCEL_EXIT_CONFORMANT;
    if (rpcancel_runtime_subject(replay->choice.how) == RPCANCEL_SUBJECT_API)
        return (enum rpcancel_exit_code)rpcancel_usage(
            name, "--capture goes with runtimes that are spoken to in PDUs, tcp: and tcp-listen:");
    if (!rpcancel_private_output_is_possible(name, replay->capture, replay->choice.how) ||
        !rpcancel_output_begin(name, replay->capture, &replay->output))
        return RPCANCEL_EXIT_TROUBLE;
    char comment[RPCANCEL_MESSAGE_MAX];
    snprintf(comment, sizeof comment, "rpcancel replay --runtime %.200s, profile %s", replay->choice.how,
             rpcancel_runtime_choice_profile(&replay->choice));
    rpcancel_record_begin(&replay->record, replay->output.file, server_port(replay), true, comment);
    replay->run.witness = &replay->record.witness;
    return RPCANCEL_EXIT_CONFORMANT;
}

/* What passed was recorded, whatever became of it. */
static enum rpcancel_exit_code end_capture(struct replay *replay)
{
    if (!replay->output.file)
        return RPCANCEL_EXIT_CONFORMANT;
    if (!replay->runtime) { /* nothing passed: an earlier capture stays */
        rpcancel_output_discard(&replay->output);
        return RPCANCEL_EXIT_CONFORMANT;
    }
    return rpcancel_output_end_as(name, replay->capture, &replay->output, replay->is_private);
}

static int run_all(struct replay *replay)
{
    replay->runtime = rpcancel_runtime_choice_open(&replay->choice, name, &replay->code);
    if (!replay->runtime)
        return (int)replay->code;
    int code = replay_all(replay);
    replay->is_private |= replay->runtime->suspicion.text[0] != '\0';
    enum rpcancel_exit_code closed = rpcancel_runtime_choice_close(replay->runtime, name);
    return (int)rpcancel_exit_stronger((enum rpcancel_exit_code)code, closed);
}

static int open_and_replay(struct replay *replay, const struct rpcancel_paths *paths)
{
    const struct rpcancel_named_output output = {"--capture", replay->capture};
    if (!rpcancel_outputs_spare(name, &output, 1, (const char *const *)paths->list, paths->count) ||
        !rpcancel_runtime_choice_is_spared(&replay->choice, name, &output, 1))
        return RPCANCEL_EXIT_USAGE;
    if (paths->count == 0)
        return rpcancel_usage(name, "there is no sequence (a file named *.seq or *.bin or without a dot) to replay");
    if (!load_all(replay, paths))
        return RPCANCEL_EXIT_TROUBLE;
    enum rpcancel_exit_code code = begin_capture(replay);
    if (code != RPCANCEL_EXIT_CONFORMANT)
        return (int)code;
    code = (enum rpcancel_exit_code)run_all(replay);
    return (int)rpcancel_exit_stronger(code, end_capture(replay));
}

static bool take_option(void *context, int option, const char *value)
{
    struct replay *replay = context;
    switch (option) {
    case 's':
        replay->strict = true;
        return true;
    case 't':
        replay->trace = true;
        return true;
    case RPCANCEL_BISECT_OPTION:
        replay->bisect = true;
        return true;
    case 'C':
        replay->capture = value;
        return true;
    default:
        return rpcancel_runtime_choice_take(&replay->choice, name, option, value);
    }
}

static int replay(struct replay *replay, int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"strict", no_argument, NULL, 's'},
                                            {"trace", no_argument, NULL, 't'},
                                            {"capture", required_argument, NULL, 'C'},
                                            RPCANCEL_BISECT_LONG_OPTION,
                                            RPCANCEL_RUNTIME_LONG_OPTIONS,
                                            {NULL, 0, NULL, 0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    rpcancel_runtime_choice_init(&replay->choice);
    int refused = rpcancel_options_read(&command_line, argc, argv, replay);
    if (refused >= 0)
        return refused;
    if (optind == argc)
        return rpcancel_usage(name, "expected at least one file or folder");
    struct rpcancel_paths paths = {0};
    int code = RPCANCEL_EXIT_TROUBLE;
    if (rpcancel_paths_add_all(name, &paths, argv + optind, argc - optind))
        code = open_and_replay(replay, &paths);
    rpcancel_sequence_files_free(&replay->files);
    rpcancel_paths_free(&paths);
    return code;
}

int rpcancel_command_replay(int argc, char **argv)
{
    struct replay request = {.code = RPCANCEL_EXIT_CONFORMANT, .bisect = rpcancel_asks_for_bisect(argc, argv)};
    int code = replay(&request, argc, argv);
    return request.bisect ? rpcancel_end_for_bisect(code) : code;
}
