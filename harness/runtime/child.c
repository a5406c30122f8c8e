// SPDX-License-Identifier: Apache-2.0
/*
 * A runtime in a child process, spoken to in lock-step: one line out, one line in (docs/runtime-protocol.md).
 *
 * In the common case an exchange is one write(2), one poll(2) and one read(2), and takes no memory.
 */
#define _GNU_SOURCE
#include "runtime/child.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/answers.h"
#include "runtime/child_failure.h"
#include "runtime/child_line.h"
#include "runtime/command_words.h"
#include "runtime/description.h"
#include "runtime/guard.h"
#include "runtime/lines.h"
#include "runtime/pipes.h"
#include "runtime/process.h"
#include "sequence/sequence.h"

enum {
    DESCRIPTION_MAX = 2 * RPCANCEL_RUNTIME_NAME_MAX + 64,
    SLICE_MS = 100, /* so often an interruption is looked for */
};

struct child {
    struct rpcancel_runtime runtime; /* first, so that a pointer to it is a pointer to the child */
    struct rpcancel_child_program program;
    struct rpcancel_guard guard;
    struct rpcancel_process process;
    struct rpcancel_lines lines;
    uint64_t id;      /* of the last line sent to this process */
    const char *what; /* what that line asked for */
    const char *line; /* the last line taken from |lines| */
    unsigned deadline_ms;
    unsigned start_ms;
    const volatile sig_atomic_t *interrupted; /* or NULL: never */
    bool is_late;                             /* the exchange in hand began after that */
    bool used;                                /* an operation was asked of this process since it started or was reset */
    bool in_doubt;     /* its state cannot be trusted: it caught an exception, or cannot forget */
    bool is_described; /* an earlier process has described the runtime */
};

static struct child *child_of(struct rpcancel_runtime *runtime)
{
    return (struct child *)runtime;
}

static bool is_interrupted(const struct child *child)
{
    return child->interrupted && *child->interrupted;
}

/* ---- what can go wrong; each ends the process ---- */

/* Whoever wrote a function of the harness's own form knows nothing of lines. */
static struct rpcancel_child_failure failure_of(struct child *child)
{
    return (struct rpcancel_child_failure){.runtime = &child->runtime,
                                           .process = &child->process,
                                           .who = child->program.who,
                                           .id = child->program.function ? 0 : child->id,
                                           .what = child->what};
}

static enum rpcancel_exchange broken(struct child *child, const char *expected)
{
    rpcancel_process_finish(&child->process, RPCANCEL_PATIENCE_NONE, &child->guard, NULL);
    struct rpcancel_child_failure failure = failure_of(child);
    rpcancel_child_say_broken(&failure, child->line, expected);
    return RPCANCEL_EXCHANGE_BROKEN;
}

/* The child itself says why there is no answer. */
static enum rpcancel_exchange failed(struct child *child, const char *why)
{
    rpcancel_process_finish(&child->process, RPCANCEL_PATIENCE_NONE, &child->guard, NULL);
    struct rpcancel_child_failure failure = failure_of(child);
    rpcancel_child_say_failed(&failure, why);
    return RPCANCEL_EXCHANGE_BROKEN;
}

static enum rpcancel_exchange flooded(struct child *child, const char *how)
{
    rpcancel_process_finish(&child->process, RPCANCEL_PATIENCE_NONE, &child->guard, NULL);
    struct rpcancel_child_failure failure = failure_of(child);
    rpcancel_child_say_flooded(&failure, how);
    return RPCANCEL_EXCHANGE_BROKEN;
}

static enum rpcancel_exchange hung(struct child *child, unsigned limit_ms)
{
    rpcancel_process_finish(&child->process, RPCANCEL_PATIENCE_NONE, &child->guard, NULL);
    struct rpcancel_child_failure failure = failure_of(child);
    rpcancel_child_say_hung(&failure, limit_ms, &child->lines);
    return RPCANCEL_EXCHANGE_HUNG;
}

/* Nobody waits for the answer any longer. */
static enum rpcancel_exchange abandoned(struct child *child)
{
    rpcancel_process_finish(&child->process, RPCANCEL_PATIENCE_NONE, &child->guard, NULL);
    snprintf(child->runtime.failure, sizeof child->runtime.failure, "interrupted");
    return RPCANCEL_EXCHANGE_BROKEN;
}

/* The child itself says that what it called does not return. It can be asked on, and knows what to do at a reset. */
static enum rpcancel_exchange stuck(struct child *child)
{
    struct rpcancel_child_failure failure = failure_of(child);
    rpcancel_child_say_stuck(&failure);
    child->runtime.told_hung = true;
    return RPCANCEL_EXCHANGE_HUNG;
}

static enum rpcancel_exchange crashed(struct child *child)
{
    int status = 0;
    bool by_itself = rpcancel_process_finish(&child->process, RPCANCEL_PATIENCE_MS, &child->guard, &status);
    struct rpcancel_child_failure failure = failure_of(child);
    rpcancel_child_say_crashed(&failure, by_itself ? &status : NULL, &child->lines);
    return RPCANCEL_EXCHANGE_CRASHED;
}

/* ---- one exchange ---- */

/* Waits for output, until |deadline| or an interruption. */
static enum rpcancel_process_event wait_for_output(struct child *child, int64_t deadline)
{
    for (;;) {
        int64_t slice = rpcancel_clock_ms() + SLICE_MS;
        enum rpcancel_process_event event = rpcancel_process_wait(&child->process, slice < deadline ? slice : deadline);
        if (event != RPCANCEL_PROCESS_EXPIRED || slice >= deadline || (is_interrupted(child) && !child->is_late))
            return event;
    }
}

/* Waits until more of the child's output was read. */
static enum rpcancel_exchange read_more(struct child *child, unsigned limit_ms, int64_t deadline)
{
    enum rpcancel_process_event event = wait_for_output(child, deadline);
    if (event == RPCANCEL_PROCESS_EXPIRED)
        return is_interrupted(child) ? abandoned(child) : hung(child, limit_ms);
    if (event == RPCANCEL_PROCESS_ENDED)
        return crashed(child);
    ssize_t count = rpcancel_lines_fill(&child->lines, child->process.output);
    if (count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR)))
        return RPCANCEL_EXCHANGE_ANSWERED;
    return crashed(child);
}

static enum rpcancel_exchange take_event(struct child *child)
{
    struct rpcancel_runtime *runtime = &child->runtime;
    const char *expected;
    if (runtime->event_count == RPCANCEL_EVENTS_MAX)
        return flooded(child, "announced more events than can be");
    if (!rpcancel_child_read_event(child->line, &runtime->events[runtime->event_count], &expected))
        return broken(child, expected);
    runtime->event_count++;
    return RPCANCEL_EXCHANGE_ANSWERED;
}

/* What a function that shares the code of runtime/dialogue.h says when there is no answer; NULL when it says no such
 * thing. */
static const char *failure_in(const struct child *child)
{
    static const char word[] = " failed ";
    const char *at = child->line + strspn(child->line, "0123456789");
    return child->program.function && strncmp(at, word, strlen(word)) == 0 ? at + strlen(word) : NULL;
}

static enum rpcancel_exchange take_answer(struct child *child, struct rpcancel_child_line *parts)
{
    const char *expected;
    const char *why = failure_in(child);
    if (why)
        return failed(child, why);
    if (!rpcancel_child_read_answer(child->line, parts, &expected))
        return broken(child, expected);
    if (parts->id != child->id)
        return broken(child, "that number in front of the answer");
    return RPCANCEL_EXCHANGE_ANSWERED;
}

/* Reads lines up to the answer. */
static enum rpcancel_exchange read_answer(struct child *child, unsigned limit_ms, int64_t deadline,
                                          struct rpcancel_child_line *parts)
{
    for (;;) {
        char *line;
        size_t length;
        enum rpcancel_exchange exchange;
        switch (rpcancel_lines_next(&child->lines, &line, &length)) {
        case RPCANCEL_LINES_TOO_LONG:
            return flooded(child, "wrote more than 4096 bytes without a newline");
        case RPCANCEL_LINES_UNFINISHED:
            exchange = read_more(child, limit_ms, deadline);
            break;
        default:
            child->line = line;
            if (strlen(line) != length)
                return broken(child, "a line without zero bytes");
            if (!rpcancel_child_line_is_event(line))
                return take_answer(child, parts);
            exchange = take_event(child);
            break;
        }
        if (exchange != RPCANCEL_EXCHANGE_ANSWERED)
            return exchange;
    }
}

/* Sends |what|, which is shorter than RPCANCEL_OPERATION_TEXT_MAX and lives until its answer was taken in, and reads
 * the answer. */
static enum rpcancel_exchange ask(struct child *child, const char *what, unsigned limit_ms,
                                  struct rpcancel_child_line *parts)
{
    enum { NUMBER_MAX = 20 };
    char line[NUMBER_MAX + 1 + RPCANCEL_OPERATION_TEXT_MAX + 1];
    char *end = line + NUMBER_MAX;
    char *first = end;
    uint64_t number = ++child->id;
    do {
        *--first = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    *end++ = ' ';
    child->what = what;
    while (*what)
        *end++ = *what++;
    *end++ = '\n';

    child->is_late = is_interrupted(child);
    unsigned patience_ms = child->is_late && limit_ms > RPCANCEL_LATE_MS ? RPCANCEL_LATE_MS : limit_ms;
    int64_t deadline = rpcancel_clock_ms() + patience_ms;
    size_t size = (size_t)(end - first);
    if (rpcancel_process_write(&child->process, first, size, deadline) == RPCANCEL_PROCESS_EXPIRED)
        return hung(child, limit_ms);
    return read_answer(child, limit_ms, deadline, parts);
}

/* ---- start and end of the process ---- */

static bool start_process(struct child *child)
{
    const struct rpcancel_child_program *program = &child->program;
    char *failure = child->runtime.failure;
    if (program->function)
        return rpcancel_process_start_function(&child->process, program->function, program->context, &child->guard,
                                               failure);
    return rpcancel_process_start(&child->process, program->words, &child->guard, failure);
}

/* Takes in what the process says of the runtime. All processes have to say the same: a run whose beginning had another
 * delivery than its end could not be judged. */
static enum rpcancel_exchange take_description(struct child *child, const char *keys)
{
    char before[DESCRIPTION_MAX], now[DESCRIPTION_MAX];
    const char *expected;
    rpcancel_description_write(&child->runtime, before, sizeof before);
    if (!rpcancel_description_read(&child->runtime, keys, &expected))
        return broken(child, expected);
    rpcancel_description_write(&child->runtime, now, sizeof now);
    if (child->is_described && strcmp(before, now) != 0) {
        rpcancel_description_read(&child->runtime, before, &expected);
        return broken(child, "the name, version, delivery and dispatch that it had when it was started before");
    }
    child->is_described = true;
    return RPCANCEL_EXCHANGE_ANSWERED;
}

/* Starts the process. `describe` is asked each time: its answer shows that the process is up. */
static enum rpcancel_exchange start(struct child *child)
{
    child->runtime.error_tail[0] = '\0';
    if (!start_process(child))
        return RPCANCEL_EXCHANGE_BROKEN;
    rpcancel_lines_reset(&child->lines);
    child->id = 0;
    child->used = child->in_doubt = false;
    struct rpcancel_child_line parts;
    enum rpcancel_exchange exchange = ask(child, "describe", child->start_ms, &parts);
    child->runtime.event_count = 0;
    if (exchange != RPCANCEL_EXCHANGE_ANSWERED)
        return exchange;
    if (!rpcancel_answer_is_code(parts.answer, 0) && parts.answer.kind != RPCANCEL_ANSWER_UNIMPLEMENTED)
        return broken(child, "0 or unimplemented");
    return take_description(child, parts.keys);
}

/* Ends the process in good order: it sees the end of its input. */
static void stop(struct child *child)
{
    rpcancel_close(&child->process.input);
    rpcancel_process_finish(&child->process, RPCANCEL_PATIENCE_MS, &child->guard, NULL);
}

/* ---- the functions of the runtime ---- */

/* Has the process forget what it was asked, if there is anything to forget and it can be trusted to. Where it cannot,
 * it is in doubt then. */
static enum rpcancel_exchange forget(struct child *child)
{
    struct rpcancel_child_line parts;
    child->runtime.event_count = 0;
    if (child->process.pid == 0 || !child->used || child->in_doubt)
        return RPCANCEL_EXCHANGE_ANSWERED;
    enum rpcancel_exchange exchange = ask(child, "reset", child->deadline_ms, &parts);
    child->runtime.event_count = 0;
    if (exchange != RPCANCEL_EXCHANGE_ANSWERED)
        return exchange;
    child->used = !rpcancel_answer_is_code(parts.answer, 0);
    child->in_doubt = child->used;
    return child->used && parts.answer.kind != RPCANCEL_ANSWER_UNIMPLEMENTED ? broken(child, "0 or unimplemented")
                                                                             : RPCANCEL_EXCHANGE_ANSWERED;
}

static enum rpcancel_exchange child_reset(struct rpcancel_runtime *runtime)
{
    struct child *child = child_of(runtime);
    enum rpcancel_exchange exchange = forget(child);
    if (exchange != RPCANCEL_EXCHANGE_ANSWERED || (child->process.pid != 0 && !child->used))
        return exchange;
    stop(child);
    return start(child);
}

static enum rpcancel_exchange child_conclude(struct rpcancel_runtime *runtime)
{
    return forget(child_of(runtime));
}

static enum rpcancel_exchange child_execute(struct rpcancel_runtime *runtime, struct rpcancel_operation operation,
                                            struct rpcancel_answer *answer)
{
    struct child *child = child_of(runtime);
    if (child->process.pid == 0) {
        snprintf(runtime->failure, sizeof runtime->failure, "the child does not run; it starts again with a reset");
        return RPCANCEL_EXCHANGE_BROKEN;
    }
    char text[RPCANCEL_OPERATION_TEXT_MAX];
    rpcancel_operation_print(operation, text, sizeof text);
    child->used = true;
    runtime->told_hung = false;
    struct rpcancel_child_line parts;
    enum rpcancel_exchange exchange = ask(child, text, child->deadline_ms, &parts);
    if (exchange != RPCANCEL_EXCHANGE_ANSWERED)
        return exchange;
    if (parts.hung)
        return stuck(child);
    const char *expected;
    if (!rpcancel_child_answer_of(operation, &parts, answer, &expected))
        return broken(child, expected);
    child->in_doubt |= rpcancel_leaves_doubt(operation, *answer);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

/* How the end of a plugin's process goes is the plugin's doing; a program may end as it likes. */
static enum rpcancel_exchange child_finish(struct rpcancel_runtime *runtime)
{
    struct child *child = child_of(runtime);
    int status = 0;
    if (!child->program.function || child->process.pid == 0 || is_interrupted(child))
        return RPCANCEL_EXCHANGE_ANSWERED;
    rpcancel_close(&child->process.input);
    bool by_itself = rpcancel_process_finish(&child->process, (int)child->deadline_ms, &child->guard, &status);
    if (by_itself && status == 0)
        return RPCANCEL_EXCHANGE_ANSWERED;
    struct rpcancel_child_failure failure = failure_of(child);
    rpcancel_child_say_bad_end(&failure, by_itself ? &status : NULL, child->deadline_ms);
    return by_itself ? RPCANCEL_EXCHANGE_CRASHED : RPCANCEL_EXCHANGE_HUNG;
}

static void child_close(struct rpcancel_runtime *runtime)
{
    struct child *child = child_of(runtime);
    stop(child);
    rpcancel_guard_end(&child->guard);
    free(child->program.memory);
    free(child);
}

static const struct rpcancel_runtime_functions functions = {.reset = child_reset,
                                                            .execute = child_execute,
                                                            .conclude = child_conclude,
                                                            .close = child_close,
                                                            .finish = child_finish};

/* A child that no longer reads shows itself by what it answers, not by killing the harness. */
static void survive_broken_pipes(void)
{
    struct sigaction action;
    if (sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL)
        signal(SIGPIPE, SIG_IGN);
}

struct rpcancel_runtime *rpcancel_child_open(const struct rpcancel_child_program *program,
                                             const struct rpcancel_runtime_options *options,
                                             char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    struct child *child = calloc(1, sizeof *child);
    if (!child) {
        free(program->memory);
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "out of memory");
        return NULL;
    }
    child->runtime.functions = &functions;
    child->program = *program;
    child->guard.lifeline = -1;
    child->process.input = child->process.output = child->process.error = -1;
    child->deadline_ms = rpcancel_deadline(options);
    child->start_ms = rpcancel_start_limit(options);
    child->interrupted = options->interrupted;
    survive_broken_pipes();
    if (!rpcancel_guard_start(&child->guard))
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "cannot start a guard process: %s", strerror(errno));
    else if (start(child) == RPCANCEL_EXCHANGE_ANSWERED)
        return &child->runtime;
    else
        memcpy(failure, child->runtime.failure, RPCANCEL_FAILURE_TEXT_MAX);
    child_close(&child->runtime);
    return NULL;
}

struct rpcancel_runtime *rpcancel_runtime_open_child(const char *command,
                                                     const struct rpcancel_runtime_options *options,
                                                     char failure[RPCANCEL_FAILURE_TEXT_MAX], bool *usage)
{
    char **words;
    char error[RPCANCEL_COMMAND_WORDS_ERROR_MAX];
    enum rpcancel_command_words_result result = rpcancel_command_words_split(command, &words, error);
    *usage = result == RPCANCEL_COMMAND_WORDS_MALFORMED;
    struct rpcancel_child_program program = {.words = words, .memory = words, .who = "the child"};
    if (result == RPCANCEL_COMMAND_WORDS_OK)
        return rpcancel_child_open(&program, options, failure);
    snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "the child's command: %s", error);
    return NULL;
}
