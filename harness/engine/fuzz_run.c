// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "engine/fuzz_run.h"

#include <assert.h>
#include <errno.h>
#include <ftw.h>
#include <glob.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/pipes.h"
#include "runtime/process.h"

/* How long an engine may take to start and to end, beside what it was given to fuzz. */
enum { GRACE_MS = 30000, LOOK_MS = 200, INPUT_BYTES = 256, WORDS_MAX = 32, WORD_MAX = PATH_MAX + 64 };

/* The words of a command. */
struct command {
    unsigned count;
    char *words[WORDS_MAX + 1];
    char text[WORDS_MAX][WORD_MAX];
};

__attribute__((format(printf, 2, 3))) static void add(struct command *command, const char *format, ...)
{
    assert(command->count < WORDS_MAX);
    char *text = command->text[command->count];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, WORD_MAX, format, arguments);
    va_end(arguments);
    command->words[command->count++] = text;
    command->words[command->count] = NULL;
}

/* ---- the temporary folder ---- */

static bool make_folder(char folder[PATH_MAX])
{
    const char *parent = getenv("TMPDIR");
    snprintf(folder, PATH_MAX, "%s/rpcancel-fuzz-XXXXXX", parent && *parent ? parent : "/tmp");
    return mkdtemp(folder) != NULL;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    return remove(path);
}

static void remove_folder(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* afl-fuzz begins with an input that is not empty. */
static bool write_seed(const char *folder)
{
    static const struct rpcancel_operation first = {.kind = RPCANCEL_OP_INIT};
    uint8_t record[RPCANCEL_BINARY_RECORD];
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/seeds", folder);
    if (mkdir(path, 0700) != 0)
        return false;
    snprintf(path, sizeof path, "%s/seeds/init", folder);
    rpcancel_binary_put(first, record);
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(record, sizeof record, 1, file) == 1;
    return file && fclose(file) == 0 && written;
}

/* ---- the command ---- */

static void command_libfuzzer(struct command *command, const struct rpcancel_fuzz_run *run, const char *folder)
{
    add(command, "%s", run->target);
    add(command, "-seed=%u", (unsigned)(run->seed % UINT32_MAX) + 1); /* 0 would be chance */
    add(command, "-max_len=%d", INPUT_BYTES);
    add(command, "-len_control=0");
    add(command, "-max_total_time=%u", run->seconds);
    add(command, "-verbosity=0");
    add(command, "-print_final_stats=1");
    add(command, "-artifact_prefix=%s/", folder);
}

static void command_afl(struct command *command, const struct rpcancel_fuzz_run *run, const char *folder)
{
    static const char *const settings[] = {"AFL_NO_UI=1",
                                           "AFL_NO_AFFINITY=1",
                                           "AFL_SKIP_CPUFREQ=1",
                                           "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1",
                                           "AFL_FAST_CAL=1",
                                           "AFL_CUSTOM_MUTATOR_ONLY=1",
                                           "AFL_BENCH_UNTIL_CRASH=1"};
    const char *slash = strrchr(run->target, '/');
    for (unsigned i = 0; i < sizeof settings / sizeof settings[0]; i++)
        add(command, "%s", settings[i]);
    add(command, "AFL_CUSTOM_MUTATOR_LIBRARY=%.*slibrpcancel-mutator-afl.so",
        slash ? (int)(slash - run->target + 1) : 0, run->target);
    add(command, "AFL_INPUT_LEN_MAX=%d", INPUT_BYTES);
    add(command, "afl-fuzz");
    add(command, "-i");
    add(command, "%s/seeds", folder);
    add(command, "-o");
    add(command, "%s/out", folder);
    add(command, "-V");
    add(command, "%u", run->seconds);
    add(command, "-s");
    add(command, "%u", (unsigned)(run->seed % INT_MAX));
    add(command, "--");
    add(command, "%s", run->target);
}

/* ---- what came of it ---- */

/* Appends what the first file that matches |pattern| in |folder| holds; false when there is none. */
static bool read_crash(const char *folder, const char *pattern, struct rpcancel_sequence *sequence)
{
    char path[PATH_MAX + 64];
    glob_t found;
    uint8_t bytes[INPUT_BYTES];
    snprintf(path, sizeof path, "%s/%s", folder, pattern);
    if (glob(path, 0, NULL, &found) != 0)
        return false;
    FILE *file = fopen(found.gl_pathv[0], "rb");
    globfree(&found);
    if (!file)
        return false;
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    bool is_read = length > 0 && rpcancel_sequence_read_binary(sequence, bytes, length);
    rpcancel_sequence_drop_wire(sequence);
    return is_read;
}

/* The number behind |label| in |text|, or 0. */
static uint64_t number_behind(const char *text, const char *label)
{
    const char *at = strstr(text, label);
    return at ? strtoull(at + strlen(label) + strspn(at + strlen(label), " :"), NULL, 10) : 0;
}

static uint64_t afl_executions(const char *folder)
{
    char path[PATH_MAX + 64], text[8192];
    snprintf(path, sizeof path, "%s/out/default/fuzzer_stats", folder);
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return number_behind(text, "execs_done");
}

/* Waits for the engine to end, for as long as it may take. */
static bool wait_for_end(const struct rpcancel_fuzz_run *run, struct rpcancel_process *process,
                         const struct rpcancel_guard *guard, int *status)
{
    enum rpcancel_process_event event = RPCANCEL_PROCESS_EXPIRED;
    int64_t end = rpcancel_clock_ms() + (int64_t)run->seconds * 1000 + GRACE_MS;
    rpcancel_close(&process->output); /* everything goes to standard error */
    while (event != RPCANCEL_PROCESS_ENDED && !(run->stop && *run->stop) && rpcancel_clock_ms() < end)
        event = rpcancel_process_wait(process, rpcancel_clock_ms() + LOOK_MS);
    int patience = event == RPCANCEL_PROCESS_ENDED ? RPCANCEL_PATIENCE_MS : RPCANCEL_PATIENCE_NONE;
    return rpcancel_process_finish(process, patience, guard, status);
}

/* Runs the command. False: it did not come to its end, and |failure| says why. */
static bool run_command(const struct rpcancel_fuzz_run *run, struct command *command, struct rpcancel_process *process,
                        int *status, char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    struct rpcancel_guard guard;
    if (!rpcancel_guard_start(&guard)) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "cannot start a process: %s", strerror(errno));
        return false;
    }
    bool started = rpcancel_process_start(process, command->words, &guard, failure);
    bool ended = started && wait_for_end(run, process, &guard, status);
    if (started && !ended)
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "%s",
                 run->stop && *run->stop ? "interrupted" : "the fuzzer did not end when its time was over");
    rpcancel_guard_end(&guard);
    return ended;
}

/* An engine that ended with an exit code of its own, without a crash: its last line should say why. */
static void explain(char *tail, int status, char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    size_t length = strlen(tail);
    while (length > 0 && tail[length - 1] == '\n')
        tail[--length] = '\0';
    const char *line = strrchr(tail, '\n');
    if (WIFEXITED(status))
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "the fuzzer ended with exit code %d: %.180s", WEXITSTATUS(status),
                 line ? line + 1 : tail);
    else
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "the fuzzer was ended by signal %d", WTERMSIG(status));
}

static enum rpcancel_fuzz_end run_in(const struct rpcancel_fuzz_run *run, const char *folder, struct command *command,
                                     struct rpcancel_sequence *sequence, uint64_t *executions,
                                     char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    struct rpcancel_process process;
    int status;
    add(command, "/bin/sh"); /* afl-fuzz says on standard output what is wrong */
    add(command, "-c");
    add(command, "exec \"$@\" >&2");
    add(command, "sh");
    add(command, "env");
    add(command, "RPCANCEL_MUTANT=%s", run->mutant);
    if (run->afl)
        command_afl(command, run, folder);
    else
        command_libfuzzer(command, run, folder);
    if (!run_command(run, command, &process, &status, failure))
        return RPCANCEL_FUZZ_FAILED;
    char tail[RPCANCEL_ERROR_TAIL_MAX + 1];
    memcpy(tail, process.error_tail, process.error_tail_length);
    tail[process.error_tail_length] = '\0';
    *executions = run->afl ? afl_executions(folder) : number_behind(tail, "stat::number_of_executed_units");
    if (read_crash(folder, run->afl ? "out/default/crashes/id:*" : "crash-*", sequence))
        return RPCANCEL_FUZZ_CRASHED;
    if (status == 0)
        return RPCANCEL_FUZZ_NOTHING;
    explain(tail, status, failure);
    return RPCANCEL_FUZZ_FAILED;
}

enum rpcancel_fuzz_end rpcancel_fuzz_run(const struct rpcancel_fuzz_run *run, struct rpcancel_sequence *sequence,
                                         uint64_t *executions, char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    char folder[PATH_MAX];
    enum rpcancel_fuzz_end end = RPCANCEL_FUZZ_FAILED;
    *executions = 0;
    struct command *command = calloc(1, sizeof *command);
    if (!command) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "out of memory");
        return end;
    }
    if (access(run->target, X_OK) != 0) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "%.180s: %s", run->target, strerror(errno));
    } else if (!make_folder(folder)) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "%.180s: %s", folder, strerror(errno));
    } else {
        if (!run->afl || write_seed(folder))
            end = run_in(run, folder, command, sequence, executions, failure);
        else
            snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "%.180s: %s", folder, strerror(errno));
        remove_folder(folder);
    }
    free(command);
    return end;
}
