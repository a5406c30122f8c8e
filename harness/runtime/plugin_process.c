// SPDX-License-Identifier: Apache-2.0
/*
 * Plugins in a process of their own: a fork of the harness that loads the plugin and is spoken to like a child. Without
 * one (--in-process), the plugin is loaded here.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "runtime/child.h"
#include "runtime/command_words.h"
#include "runtime/description.h"
#include "runtime/dialogue.h"
#include "runtime/pipes.h"
#include "runtime/plugin.h"

static_assert((int)RPCANCEL_PLUGIN_WHO_MAX <= (int)RPCANCEL_CHILD_WHO_MAX, "who is spoken of fits");

enum { EXIT_CHANNEL_FAILED = 3 };

/* The end of a long path says more than its beginning. */
static void name_plugin(char who[RPCANCEL_PLUGIN_WHO_MAX], const char *file)
{
    enum { SHOWN_MAX = 60 };
    size_t length = strlen(file);
    bool cut = length > SHOWN_MAX;
    snprintf(who, RPCANCEL_PLUGIN_WHO_MAX, "the plugin %s%s", cut ? "…" : "", cut ? file + length - SHOWN_MAX : file);
}

/* Loads and opens the plugin that |words|, a file's name and arguments, stand for. |memory| becomes the runtime's. */
static struct rpcancel_runtime *load_and_open(char **words, void *memory, char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    struct rpcancel_plugin_opening opening = {.arguments = (const char *const *)words + 1, .memory = memory};
    name_plugin(opening.who, words[0]);
    while (opening.arguments[opening.count])
        opening.count++;
    if (rpcancel_plugin_load(words[0], opening.who, &opening.table, failure))
        return rpcancel_plugin_open(&opening, failure);
    free(memory);
    return NULL;
}

/* ---- in the plugin's process ---- */

struct service {
    char **words;
    struct rpcancel_runtime *runtime; /* NULL until the harness asked for a description */
    int input, output;
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
};

static struct rpcancel_said describe(void *context, char out[RPCANCEL_DESCRIPTION_MAX])
{
    struct service *service = context;
    service->runtime = load_and_open(service->words, NULL, service->failure);
    if (!service->runtime)
        return (struct rpcancel_said){.failure = service->failure};
    rpcancel_description_write(service->runtime, out, RPCANCEL_DESCRIPTION_MAX);
    return (struct rpcancel_said){.answer = rpcancel_answer_code(0)};
}

static struct rpcancel_said say(struct rpcancel_runtime *runtime, enum rpcancel_exchange exchange,
                                struct rpcancel_answer answer)
{
    struct rpcancel_said said = {.answer = answer, .events = runtime->events, .event_count = runtime->event_count};
    runtime->event_count = 0;
    if (exchange != RPCANCEL_EXCHANGE_ANSWERED)
        said.failure = runtime->failure;
    if (answer.facts & RPCANCEL_FACT_SIGNATURE_ASYC)
        said.signature = 0x43595341;
    return said;
}

static struct rpcancel_said reset(void *context)
{
    struct rpcancel_runtime *runtime = ((struct service *)context)->runtime;
    return say(runtime, runtime->functions->reset(runtime), rpcancel_answer_code(0));
}

static struct rpcancel_said execute(void *context, struct rpcancel_operation operation)
{
    struct rpcancel_runtime *runtime = ((struct service *)context)->runtime;
    struct rpcancel_answer answer = {0};
    enum rpcancel_exchange exchange = runtime->functions->execute(runtime, operation, &answer);
    return say(runtime, exchange, answer);
}

static size_t read_lines(void *context, char *out, size_t size)
{
    return rpcancel_read_some(((struct service *)context)->input, out, size);
}

static bool write_lines(void *context, const char *text, size_t length)
{
    return rpcancel_write_all(((struct service *)context)->output, text, length);
}

/* Moves the harness's channel to where the plugin does not write by accident: its standard input is empty, and its
 * standard output goes where its standard error does. */
static bool move_channel(struct service *service)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    service->input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    service->output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    setvbuf(stdout, NULL, _IOLBF, 0);
    return nothing >= 0 && service->input >= 0 && service->output >= 0 && dup2(nothing, STDIN_FILENO) >= 0 &&
           dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
}

/* The whole life of the process; |words| are the file's name and its arguments. Returns the exit code. */
static int serve(void *words)
{
    static struct service service;
    const struct rpcancel_dialogue dialogue = {.context = &service,
                                               .describe = describe,
                                               .reset = reset,
                                               .execute = execute,
                                               .read = read_lines,
                                               .write = write_lines};
    prctl(PR_SET_NAME, "rpcancel-plugin");
    service.words = words;
    if (!move_channel(&service)) {
        fprintf(stderr, "cannot set up the plugin's process: %s\n", strerror(errno));
        return EXIT_CHANNEL_FAILED;
    }
    if (!rpcancel_dialogue_hold(&dialogue)) {
        fputs("the plugin's process cannot write to the harness any more\n", stderr);
        return EXIT_CHANNEL_FAILED;
    }
    if (service.runtime)
        service.runtime->functions->close(service.runtime);
    return 0;
}

/* ---- in the harness ---- */

struct rpcancel_runtime *rpcancel_runtime_open_plugin(const char *command,
                                                      const struct rpcancel_runtime_options *options,
                                                      char failure[RPCANCEL_FAILURE_TEXT_MAX], bool *usage)
{
    char **words;
    char error[RPCANCEL_COMMAND_WORDS_ERROR_MAX];
    enum rpcancel_command_words_result result = rpcancel_command_words_split(command, &words, error);
    *usage = result == RPCANCEL_COMMAND_WORDS_MALFORMED;
    if (result != RPCANCEL_COMMAND_WORDS_OK) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "the plugin's file and arguments: %s", error);
        return NULL;
    }
    if (options->in_process)
        return load_and_open(words, words, failure);
    struct rpcancel_child_program program = {.function = serve, .context = words, .memory = words};
    name_plugin(program.who, words[0]);
    return rpcancel_child_open(&program, options, failure);
}
