// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "runtime/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/pipes.h"

/* What is ready before the fork: after it, in a process that may have had threads, only async-signal-safe functions
 * may be used. */
struct plan {
    char path[RPCANCEL_PATH_MAX];
    char *const *words;
    int (*function)(void *context); /* in place of a program */
    void *context;
    int input[2];
    int output[2];
    int error[2];
    int report[2]; /* carries errno when the program could not be run; closed by its running */
    pid_t harness;
};

/* Sets errno to what is wrong with |path| as a program; 0 when nothing is. */
static int check_program(const char *path)
{
    struct stat status;
    if (stat(path, &status) < 0)
        return errno;
    if (S_ISDIR(status.st_mode))
        return EISDIR;
    return access(path, X_OK) < 0 ? errno : 0;
}

int rpcancel_process_find(const char *name, char path[RPCANCEL_PATH_MAX])
{
    const char *folder = getenv("PATH");
    int error = ENOENT;
    if (strchr(name, '/'))
        folder = ""; /* the name says where it is */
    else if (!folder)
        folder = "/usr/bin:/bin";
    for (bool more = true; more;) {
        int length = (int)strcspn(folder, ":");
        int printed = snprintf(path, RPCANCEL_PATH_MAX, "%.*s%s%s", length, folder, length ? "/" : "", name);
        int found = printed >= RPCANCEL_PATH_MAX ? ENAMETOOLONG : check_program(path);
        if (found == 0)
            return 0;
        if (found != ENOENT && found != ENOTDIR)
            error = found;
        more = folder[length] == ':';
        folder += length + 1;
    }
    return error;
}

static bool open_pipes(struct plan *plan)
{
    return rpcancel_pipe(plan->input) && rpcancel_pipe(plan->output) && rpcancel_pipe(plan->error) &&
           rpcancel_pipe(plan->report);
}

static void close_pipes(struct plan *plan, int end)
{
    rpcancel_close(&plan->input[end]);
    rpcancel_close(&plan->output[!end]);
    rpcancel_close(&plan->error[!end]);
    rpcancel_close(&plan->report[!end]);
}

/* What follows up to the next line runs in the new process. */

static void leave_harness(const struct plan *plan)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != plan->harness)
        _exit(127); /* the harness went away before the line above took effect */
    dup2(plan->input[0], STDIN_FILENO);
    dup2(plan->output[1], STDOUT_FILENO);
    dup2(plan->error[1], STDERR_FILENO);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
}

static _Noreturn void become_program(const struct plan *plan)
{
    execv(plan->path, plan->words);
    int error = errno;
    ssize_t ignored = write(plan->report[1], &error, sizeof error);
    (void)ignored;
    _exit(127);
}

static _Noreturn void become_function(const struct plan *plan)
{
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    closefrom(STDERR_FILENO + 1); /* the guard would otherwise not notice the harness's end */
    exit(plan->function(plan->context));
}

/* ---- in the harness ---- */

/* Waits until the new process runs what it is to run (0) or has reported why it cannot. */
static int read_report(int fd)
{
    int error = 0;
    ssize_t count;
    do {
        count = read(fd, &error, sizeof error);
    } while (count < 0 && errno == EINTR);
    return count == (ssize_t)sizeof error ? error : 0;
}

/* Starts the program of |plan|. Returns 0 or an error number. */
static int run(struct rpcancel_process *process, struct plan *plan, const struct rpcancel_guard *guard)
{
    plan->harness = getpid();
    fflush(NULL); /* or a function that ends would write what the harness has not written yet */
    pid_t pid = fork();
    if (pid == 0) {
        leave_harness(plan);
        if (plan->function)
            become_function(plan);
        become_program(plan);
    }
    if (pid < 0)
        return errno;
    rpcancel_guard_watch(guard, pid);
    close_pipes(plan, 0);
    process->pid = pid;
    process->input = plan->input[1];
    process->output = plan->output[0];
    process->error = plan->error[0];
    plan->input[1] = plan->output[0] = plan->error[0] = -1;
    fcntl(process->input, F_SETFL, O_NONBLOCK);
    fcntl(process->output, F_SETFL, O_NONBLOCK);
    fcntl(process->error, F_SETFL, O_NONBLOCK);
    int error = read_report(plan->report[0]);
    if (error)
        rpcancel_process_finish(process, RPCANCEL_PATIENCE_MS, guard, NULL);
    return error;
}

/* |error| is what is wrong already. Returns 0 or an error number. */
static int start(struct rpcancel_process *process, struct plan *plan, const struct rpcancel_guard *guard, int error)
{
    *process = (struct rpcancel_process){.input = -1, .output = -1, .error = -1};
    if (error == 0 && !open_pipes(plan))
        error = errno;
    if (error == 0)
        error = run(process, plan, guard);
    close_pipes(plan, 0);
    close_pipes(plan, 1);
    return error;
}

static const struct plan no_plan = {.input = {-1, -1}, .output = {-1, -1}, .error = {-1, -1}, .report = {-1, -1}};

bool rpcancel_process_start(struct rpcancel_process *process, char *const words[], const struct rpcancel_guard *guard,
                            char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    struct plan plan = no_plan;
    plan.words = words;
    int error = start(process, &plan, guard, rpcancel_process_find(words[0], plan.path));
    if (error != 0)
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "cannot start `%.150s`: %s", words[0], strerror(error));
    errno = error;
    return error == 0;
}

bool rpcancel_process_start_function(struct rpcancel_process *process, int (*function)(void *context), void *context,
                                     const struct rpcancel_guard *guard, char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    struct plan plan = no_plan;
    plan.function = function;
    plan.context = context;
    int error = start(process, &plan, guard, 0);
    if (error != 0)
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "cannot start a process: %s", strerror(error));
    return error == 0;
}
