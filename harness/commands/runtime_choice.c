// SPDX-License-Identifier: Apache-2.0
#define _XOPEN_SOURCE 700 /* realpath */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands/command.h"
#include "commands/files.h"
#include "commands/outputs.h"
#include "report/private_findings.h"
#include "runtime/command_words.h"
#include "runtime/target.h"

enum { DEFAULT_SEED = 1 };

void rpcancel_runtime_choice_init(struct rpcancel_runtime_choice *choice)
{
    *choice = (struct rpcancel_runtime_choice){
        .how = "reference", .options = {.seed = DEFAULT_SEED}, .profile = RPCANCEL_PROFILE_DOCUMENTED};
}

static bool take_deadline(const char *command, const char *option, const char *value, unsigned *deadline)
{
    uint64_t number;
    if (!rpcancel_number(value, INT_MAX, &number) || number == 0) {
        rpcancel_usage(command, "%s: found \"%s\", expected milliseconds, 1 to %d", option, value, INT_MAX);
        return false;
    }
    *deadline = (unsigned)number;
    return true;
}

/* There are two axes: a name may be of the API, of the wire, or, as `windows`, of both. */
static bool take_profile(struct rpcancel_runtime_choice *choice, const char *command, const char *name)
{
    bool is_of_api = rpcancel_profile_from_name(name, &choice->profile);
    bool is_of_wire = rpcancel_wire_profile_from_name(name, &choice->options.wire_profile);
    choice->options.windows_profile = choice->profile == RPCANCEL_PROFILE_WINDOWS;
    choice->profile_name = name;
    if (is_of_api || is_of_wire)
        return true;
    rpcancel_usage(command,
                   "--profile: found \"%s\", expected documented, documented-98 or windows, or of the wire core, c706, "
                   "ms-rpce, windows or freedce",
                   name);
    return false;
}

bool rpcancel_runtime_choice_take(struct rpcancel_runtime_choice *choice, const char *command, int option,
                                  const char *value)
{
    switch (option) {
    case 'R':
        choice->how = value;
        return true;
    case 'P':
        return take_profile(choice, command, value);
    case 'H':
        choice->options.hide_delivery = true;
        return true;
    case 'S':
        if (rpcancel_number(value, UINT64_MAX, &choice->options.seed))
            return true;
        rpcancel_usage(command, "--seed: found \"%s\", expected a decimal number below 2 to the 64th", value);
        return false;
    case 'I':
        choice->options.in_process = true;
        return true;
    case 'G':
        choice->target = value;
        return true;
    case 'A':
        choice->options.allow_host = true;
        return true;
    case 'D':
        return take_deadline(command, "--deadline", value, &choice->options.deadline_ms);
    case 'T':
        return take_deadline(command, "--start-deadline", value, &choice->options.start_ms);
    default:
        choice->options.mutant = value;
        return true;
    }
}

/* One that nobody writes to would be waited for without end. What a shell makes of <(COMMAND) has no name of its own.
 */
static bool is_named_pipe(const char *path)
{
    struct stat status;
    char *real = realpath(path, NULL);
    bool is_pipe = real && lstat(real, &status) == 0 && S_ISFIFO(status.st_mode);
    free(real);
    return is_pipe;
}

bool rpcancel_runtime_choice_target(const char *command, const char *path, struct rpcancel_target *target)
{
    char failure[RPCANCEL_TARGET_TEXT_MAX];
    char *text;
    size_t length;
    if (is_named_pipe(path)) {
        rpcancel_say(command, "%s: found a named pipe, expected a file, or - for standard input", path);
        return false;
    }
    if (!rpcancel_file_read(command, path, &text, &length))
        return false;
    bool is_read = rpcancel_target_read(target, path, text, length, failure);
    if (!is_read)
        rpcancel_say(command, "%s", failure);
    free(text);
    return is_read;
}

/* The words of the runtime that may be files: of its command, or the plugin and its arguments. NULL: there are none, or
 * they are malformed, which opening it says. The caller frees them. */
static char **words_of(const char *how)
{
    char **words = NULL;
    char error[RPCANCEL_COMMAND_WORDS_ERROR_MAX];
    uint16_t port;
    const enum rpcancel_test_subject subject = rpcancel_runtime_subject(how);
    const char *command = strchr(how, ':');
    if (!command || subject == RPCANCEL_SUBJECT_SERVER)
        return NULL;
    command++;
    if (subject == RPCANCEL_SUBJECT_CLIENT && !rpcancel_listen_take_port(&command, &port))
        return NULL;
    rpcancel_command_words_split(command, &words, error);
    return words;
}

bool rpcancel_runtime_choice_is_spared(const struct rpcancel_runtime_choice *choice, const char *command,
                                       const struct rpcancel_named_output *outputs, size_t count)
{
    char **words = words_of(choice->how);
    size_t word_count = 0;
    while (words && words[word_count])
        word_count++;
    /* A program without a slash is looked for in PATH; of that name here is another file. */
    bool is_plugin = strncmp(choice->how, "plugin:", strlen("plugin:")) == 0;
    size_t first = word_count > 0 && !is_plugin && !strchr(words[0], '/');
    bool spared = rpcancel_outputs_spare(command, outputs, count, &choice->target, 1) &&
                  (word_count == 0 || rpcancel_outputs_spare(command, outputs, count,
                                                             (const char *const *)words + first, word_count - first));
    free(words);
    return spared;
}

static bool profile_fits(const struct rpcancel_runtime_choice *choice, const char *command)
{
    enum rpcancel_profile of_api;
    enum rpcancel_wire_profile of_wire;
    bool is_for_wire = rpcancel_runtime_subject(choice->how) != RPCANCEL_SUBJECT_API;
    const char *profile = choice->profile_name;
    if (!profile || (is_for_wire ? rpcancel_wire_profile_from_name(profile, &of_wire)
                                 : rpcancel_profile_from_name(profile, &of_api)))
        return true;
    rpcancel_usage(command, "--profile: found \"%s\", expected %s for --runtime %s", profile,
                   is_for_wire ? "core, c706, ms-rpce, windows or freedce" : "documented, documented-98 or windows",
                   choice->how);
    return false;
}

bool rpcancel_runtime_choice_fits(const struct rpcancel_runtime_choice *choice, const char *command)
{
    const struct rpcancel_runtime_options *options = &choice->options;
    const char *complaint = NULL;
    if (strcmp(choice->how, "reference") != 0 && (options->hide_delivery || options->mutant))
        complaint = "--hide-delivery and --mutant are for --runtime reference";
    else if (options->in_process && strncmp(choice->how, "plugin:", strlen("plugin:")) != 0)
        complaint = "--in-process is for --runtime plugin:FILE";
    else if ((choice->target || options->allow_host) &&
             rpcancel_runtime_subject(choice->how) != RPCANCEL_SUBJECT_SERVER)
        complaint = "--target and --allow-host are for --runtime tcp:HOST:PORT";
    if (complaint)
        rpcancel_usage(command, "%s; --runtime is %s", complaint, choice->how);
    return !complaint && profile_fits(choice, command);
}

struct rpcancel_runtime *rpcancel_runtime_choice_open(const struct rpcancel_runtime_choice *choice, const char *command,
                                                      enum rpcancel_exit_code *code)
{
    char failure[RPCANCEL_FAILURE_TEXT_MAX] = "";
    bool usage = false;
    if (!rpcancel_runtime_choice_fits(choice, command)) {
        *code = RPCANCEL_EXIT_USAGE;
        return NULL;
    }
    struct rpcancel_runtime_options options = choice->options;
    struct rpcancel_target target;
    if (choice->target && !rpcancel_runtime_choice_target(command, choice->target, &target)) {
        *code = RPCANCEL_EXIT_TROUBLE;
        return NULL;
    }
    options.target = choice->target ? &target : NULL;
    options.interrupted = rpcancel_interrupted();
    rpcancel_interrupts_watch();
    struct rpcancel_runtime *runtime = rpcancel_runtime_open(choice->how, &options, failure, &usage);
    if (runtime) {
        runtime->suspicion.is_wanted = choice->target && target.is_constant;
        return runtime;
    }
    if (usage) {
        *code = (enum rpcancel_exit_code)rpcancel_usage(command, "%s", failure);
    } else if (*rpcancel_interrupted()) {
        rpcancel_say(command, "interrupted before the runtime was there");
        *code = RPCANCEL_EXIT_TROUBLE;
    } else {
        rpcancel_say(command, "%s", failure);
        rpcancel_suggest_doctor(command);
        *code = RPCANCEL_EXIT_TROUBLE;
    }
    return NULL;
}

void rpcancel_suggest_doctor(const char *command)
{
    rpcancel_say(command, "`rpcancel doctor` with the same --runtime looks for the cause");
}

void rpcancel_runtime_choice_rules(const struct rpcancel_runtime_choice *choice, struct rpcancel_rule_set *set,
                                   unsigned levels)
{
    enum rpcancel_test_subject subject = rpcancel_runtime_subject(choice->how);
    if (subject != RPCANCEL_SUBJECT_API)
        rpcancel_rule_set_init_wire(set, choice->options.wire_profile, subject, levels);
    else
        rpcancel_rule_set_init(set, choice->profile, levels);
}

bool rpcancel_runtime_choice_is_of_api(const struct rpcancel_runtime_choice *choice, const char *command)
{
    if (rpcancel_runtime_subject(choice->how) == RPCANCEL_SUBJECT_API)
        return true;
    rpcancel_usage(command, "--runtime %s is spoken to in PDUs; expected reference, child:COMMAND or plugin:FILE here",
                   choice->how);
    return false;
}

/* What a response holds that it should not is a finding that nobody but the user is to see. */
static enum rpcancel_exit_code save_suspicion(const struct rpcancel_suspicion *suspicion, const char *command)
{
    static const char path[] = "suspected-memory.seq";
    char instead[RPCANCEL_PRIVATE_PATH_MAX];
    struct rpcancel_output output;
    if (!rpcancel_private_open(&output, path, instead))
        return rpcancel_cannot_write(command, RPCANCEL_PRIVATE_FOLDER);
    fputs(suspicion->text, output.file);
    if (!rpcancel_output_commit(&output))
        return rpcancel_cannot_write(command, instead);
    rpcancel_say(command,
                 "a response of `fast` is not the same as the first, as the target says it is: suspected memory");
    rpcancel_say_private(command, instead);
    return RPCANCEL_EXIT_FINDING;
}

enum rpcancel_exit_code rpcancel_runtime_choice_close(struct rpcancel_runtime *runtime, const char *command)
{
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    if (runtime->functions->finish && runtime->functions->finish(runtime) != RPCANCEL_EXCHANGE_ANSWERED) {
        rpcancel_say(command, "%s", runtime->failure);
        if (runtime->error_tail[0])
            fprintf(stderr, "last words of the runtime on its standard error:\n%s", runtime->error_tail);
        code = RPCANCEL_EXIT_RUNTIME;
    }
    if (runtime->suspicion.text[0])
        code = rpcancel_exit_stronger(code, save_suspicion(&runtime->suspicion, command));
    runtime->functions->close(runtime);
    return code;
}

const char *rpcancel_runtime_choice_profile(const struct rpcancel_runtime_choice *choice)
{
    return rpcancel_runtime_subject(choice->how) != RPCANCEL_SUBJECT_API
               ? rpcancel_wire_profile_name(choice->options.wire_profile)
               : rpcancel_profile_name(choice->profile);
}

void rpcancel_runtime_choice_write(const struct rpcancel_runtime_choice *choice, char *out, size_t size)
{
    const struct rpcancel_runtime_options *options = &choice->options;
    bool is_default = rpcancel_runtime_subject(choice->how) != RPCANCEL_SUBJECT_API
                          ? choice->options.wire_profile == RPCANCEL_WIRE_CORE
                          : choice->profile == RPCANCEL_PROFILE_DOCUMENTED;
    const char *profile = is_default ? NULL : rpcancel_runtime_choice_profile(choice);
    char deadline[32] = "", start[40] = "", seed[60] = "";
    if (options->deadline_ms)
        snprintf(deadline, sizeof deadline, " --deadline %u", options->deadline_ms);
    if (options->start_ms)
        snprintf(start, sizeof start, " --start-deadline %u", options->start_ms);
    if (options->hide_delivery)
        snprintf(seed, sizeof seed, " --hide-delivery --seed %" PRIu64, options->seed);
    snprintf(out, size, "%s%s%s%s%s%s%s%s%s%s%s", profile ? " --profile " : "", profile ? profile : "", deadline, start,
             options->in_process ? " --in-process" : "", seed, options->mutant ? " --mutant " : "",
             options->mutant ? options->mutant : "", choice->target ? " --target " : "",
             choice->target ? choice->target : "", options->allow_host ? " --allow-host" : "");
}
