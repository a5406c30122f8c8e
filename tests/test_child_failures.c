// SPDX-License-Identifier: Apache-2.0
/* Children that do not keep to the child protocol, or do not even start. Whatever they do, the harness says what
 * happened and leaves nothing running; child_script_close checks the latter. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "child_script.h"

enum { GENEROUS_MS = 60000, SHORT_MS = 300 };

static const struct rpcancel_operation status_a = {.kind = RPCANCEL_OP_STATUS};

static void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("`%s` does not say `%s`", text, part);
    if (strchr(text, '\n'))
        fail_msg("`%s` is more than a line", text);
}

/* ---- commands that start nothing ---- */

static void refuse(const char *how, bool usage, const char *says)
{
    char failure[RPCANCEL_FAILURE_TEXT_MAX] = "";
    bool its_usage = !usage;
    struct rpcancel_runtime_options options = {0};
    assert_null(rpcancel_runtime_open(how, &options, failure, &its_usage));
    assert_int_equal(its_usage, usage);
    assert_says(failure, says);
}

static void tells_a_wrong_command_from_a_missing_program(void **state)
{
    (void)state;
    refuse("child:", true, "the child's command: byte 1: expected the name of a program");
    refuse("child:  ", true, "expected the name of a program");
    refuse("child:sh -c 'echo", true, "the child's command: byte 7: this ' is not closed");
    refuse("child:sh \\", true, "expected a character after this \\");
    refuse("chil:sh", true,
           "unknown runtime `chil:sh`; expected reference, child:COMMAND, plugin:FILE, tcp:HOST:PORT or "
           "tcp-listen:COMMAND");
    refuse("child:/nonexistent/child -v", false, "cannot start `/nonexistent/child`: No such file or directory");
    refuse("child:rpcancel-no-such-program", false, "cannot start `rpcancel-no-such-program`: No such file");
    refuse("child:/tmp", false, "cannot start `/tmp`: Is a directory");
    assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

static void names_what_keeps_a_file_from_running(void **state)
{
    (void)state;
    char path[] = "/tmp/rpcancel-test-XXXXXX";
    char how[64];
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, "echo I am no program\n", 21), 21);
    close(file);
    snprintf(how, sizeof how, "child:%s", path);
    refuse(how, false, "Permission denied");
    assert_int_equal(chmod(path, 0700), 0);
    refuse(how, false, "Exec format error"); /* no shell steps in */
    unlink(path);
    assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

/* ---- children that fail before they are up ---- */

static void names_how_a_start_fails(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        const char *says;
    } cases[] = {
        {"exit 3", "the child ended with exit code 3 instead of answering `describe`"},
        {"echo 'no such interface' >&2; exit 1", "exit code 1 instead of answering `describe`; "
                                                 "last on its standard error: `no such interface`"},
        {"kill -ABRT $$", "the child was killed by signal 6 (Aborted) instead of answering `describe`"},
        {"echo usage: child FILE", "answered `1 describe` with `usage: child FILE`; expected the number of the line"},
        {"serve 5", "answered `1 describe` with `1 5`; expected 0 or unimplemented"},
        {"serve refused", "answered `1 describe` with `1 refused`; expected 0 or unimplemented"},
        {"serve 0 name=", "expected name= and version= of 1 to 63 printable characters"},
        {"serve 0 delivery=event", "expected delivery=command or delivery=hidden"},
        {"serve 0 dispatch=maybe", "expected dispatch=command, dispatch=event or dispatch=hidden"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct child_script child;
        child_script_open(&child, cases[i].script, GENEROUS_MS);
        assert_null(child.runtime);
        assert_false(child.usage);
        assert_says(child.failure, cases[i].says);
        child_script_close(&child);
    }
}

/* ---- children that fail while they are asked for `status a`, line 2 ---- */

struct failing_child {
    const char *script; /* after its answer to `describe`, the first time it is started */
    enum rpcancel_exchange exchange;
    const char *says;
};

static void check_failure(const struct failing_child *c)
{
    char script[1024];
    struct child_script child;
    snprintf(script, sizeof script, "[ \"$(wc -l <pids)\" = 1 ] || serve unimplemented\nanswer unimplemented\n%s\n",
             c->script);
    child_script_open(&child, script, c->exchange == RPCANCEL_EXCHANGE_HUNG ? SHORT_MS : GENEROUS_MS);
    if (!child.runtime)
        fail_msg("%s: %s", c->script, child.failure);
    struct rpcancel_answer answer;
    enum rpcancel_exchange exchange = child.runtime->functions->execute(child.runtime, status_a, &answer);
    if (exchange != c->exchange)
        fail_msg("%s: exchange %d, not %d: %s", c->script, (int)exchange, (int)c->exchange, child.runtime->failure);
    assert_says(child.runtime->failure, c->says);
    assert_true(child_script_groups_end(&child, 20)); /* at once, not only when it is closed */
    exchange = child.runtime->functions->execute(child.runtime, status_a, &answer);
    assert_int_equal(exchange, RPCANCEL_EXCHANGE_BROKEN);
    assert_says(child.runtime->failure, "starts again with a reset");
    assert_int_equal(child.runtime->functions->reset(child.runtime), RPCANCEL_EXCHANGE_ANSWERED);
    assert_int_equal(child_script_starts(&child), 2);
    child_script_close(&child);
}

static void check_failures(const struct failing_child *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_failure(&cases[i]);
}

#define CHECK_FAILURES(cases) check_failures(cases, sizeof(cases) / sizeof(cases)[0])

static void names_how_a_child_died(void **state)
{
    (void)state;
    static const struct failing_child cases[] = {
        {"exit 0", RPCANCEL_EXCHANGE_CRASHED, "the child ended with exit code 0 instead of answering `status a`"},
        {"read -r line; exit 134", RPCANCEL_EXCHANGE_CRASHED, "ended with exit code 134"},
        {"read -r line; kill -SEGV $$", RPCANCEL_EXCHANGE_CRASHED,
         "was killed by signal 11 (Segmentation fault) instead of answering `status a`"},
        {"read -r line; printf '2 17'; exit 7", RPCANCEL_EXCHANGE_CRASHED,
         "exit code 7 instead of answering `status a`, after the unfinished line `17`"},
        {"read -r line; printf 'one\\ntwo \\033[1m\\n\\n' >&2; exit 1", RPCANCEL_EXCHANGE_CRASHED,
         "; last on its standard error: `two ?[1m`"},
    };
    CHECK_FAILURES(cases);
}

static void is_not_kept_waiting_by_what_a_dead_child_started(void **state)
{
    (void)state;
    static const struct failing_child cases[] = {
        {"sleep 300 & exit 5", RPCANCEL_EXCHANGE_CRASHED, "ended with exit code 5 instead of answering"},
        {"sh -c 'trap \"\" TERM; while :; do sleep 1; done' & kill -KILL $$", RPCANCEL_EXCHANGE_CRASHED,
         "was killed by signal 9 (Killed) instead of answering"},
        {"(sleep 0.5; echo 2 87; sleep 300) & exec sleep 0.1", RPCANCEL_EXCHANGE_CRASHED, "ended with exit code 0"},
    };
    CHECK_FAILURES(cases);
}

static void notices_a_child_that_falls_silent(void **state)
{
    (void)state;
    static const struct failing_child cases[] = {
        {"read -r line; sleep 300; echo 2 0", RPCANCEL_EXCHANGE_HUNG,
         "the child did not answer `status a` within 300 ms"},
        {"trap '' TERM; while :; do sleep 1; done", RPCANCEL_EXCHANGE_HUNG, "did not answer `status a`"},
        {"kill -STOP $$", RPCANCEL_EXCHANGE_HUNG, "did not answer `status a`"},
        {"sleep 300 & wait", RPCANCEL_EXCHANGE_HUNG, "did not answer `status a`"},
        {"printf '2 17'; echo stuck >&2; sleep 300", RPCANCEL_EXCHANGE_HUNG,
         "within 300 ms, after the unfinished line `17`; last on its standard error: `stuck`"},
        {"while :; do printf x; sleep 0.05; done", RPCANCEL_EXCHANGE_HUNG, "after the unfinished line `x"},
        {"while :; do echo error; done >&2", RPCANCEL_EXCHANGE_HUNG, "`error`"},
        {"exec >&-; sleep 300", RPCANCEL_EXCHANGE_CRASHED,
         "the child closed its output and went on running instead of answering `status a`"},
    };
    CHECK_FAILURES(cases);
}

static void asks_on_where_a_child_says_that_it_hangs(void **state)
{
    (void)state;
    struct child_script child;
    struct rpcancel_answer answer;
    child_script_open(&child, "answer unimplemented; answer hung; answer 0; answer 997; serve hung", GENEROUS_MS);
    assert_non_null(child.runtime);
    const struct rpcancel_runtime_functions *functions = child.runtime->functions;
    assert_int_equal(functions->execute(child.runtime, status_a, &answer), RPCANCEL_EXCHANGE_HUNG);
    assert_string_equal(child.runtime->failure, "the child says that `status a` does not return");
    assert_true(child.runtime->told_hung);
    assert_int_equal(functions->reset(child.runtime), RPCANCEL_EXCHANGE_ANSWERED);
    assert_int_equal(functions->execute(child.runtime, status_a, &answer), RPCANCEL_EXCHANGE_ANSWERED);
    assert_int_equal(answer.code, 997);
    assert_false(child.runtime->told_hung);
    assert_int_equal(functions->reset(child.runtime), RPCANCEL_EXCHANGE_BROKEN); /* which no reset may answer */
    assert_int_equal(child_script_starts(&child), 1);
    child_script_close(&child);
}

static void quotes_a_line_it_cannot_understand(void **state)
{
    (void)state;
    static const struct failing_child cases[] = {
        {"echo hello; sleep 300", RPCANCEL_EXCHANGE_BROKEN,
         "the child answered `2 status a` with `hello`; expected the number of the line it answers, and a decimal "
         "code"},
        {"echo 1 0; sleep 300", RPCANCEL_EXCHANGE_BROKEN, "with `1 0`; expected that number in front of the answer"},
        {"echo 3 0; sleep 300", RPCANCEL_EXCHANGE_BROKEN, "with `3 0`; expected that number in front of the answer"},
        {"echo; sleep 300", RPCANCEL_EXCHANGE_BROKEN, "with ``; expected the number"},
        {"echo event exploded; sleep 300", RPCANCEL_EXCHANGE_BROKEN,
         "with `event exploded`; expected event dispatched HANDLE @THREAD"},
        {"printf '2 0\\000x\\n'; sleep 300", RPCANCEL_EXCHANGE_BROKEN,
         "with `2 0`; expected a line without zero bytes"},
        {"printf '2 \\001\\377ok\\n'; sleep 300", RPCANCEL_EXCHANGE_BROKEN, "with `2 ??ok`; expected"},
        {"echo 2 $(printf '%0100d' 5)x; sleep 300", RPCANCEL_EXCHANGE_BROKEN,
         "with `2 00000000000000000000000000000000000000000000000000000000000000…`; expected"},
    };
    CHECK_FAILURES(cases);
}

static void stops_a_flood(void **state)
{
    (void)state;
    static const struct failing_child cases[] = {
        {"head -c 100000 /dev/zero | tr '\\000' x; sleep 300", RPCANCEL_EXCHANGE_BROKEN,
         "the child wrote more than 4096 bytes without a newline instead of answering `status a`"},
        {"trap '' TERM; while :; do echo event notified a; done", RPCANCEL_EXCHANGE_BROKEN,
         "the child announced more events than can be instead of answering `status a`"},
        {"while :; do echo y; done", RPCANCEL_EXCHANGE_BROKEN, "with `y`; expected"},
    };
    CHECK_FAILURES(cases);
}

static void keeps_the_end_of_standard_error(void **state)
{
    (void)state;
    struct child_script child;
    child_script_open(&child,
                      "answer 0\n"
                      "i=0; while [ $i -lt 500 ]; do echo \"line $i\"; i=$((i + 1)); done >&2\n"
                      "exit 1\n",
                      GENEROUS_MS);
    assert_non_null(child.runtime);
    struct rpcancel_answer answer;
    assert_int_equal(child.runtime->functions->execute(child.runtime, status_a, &answer), RPCANCEL_EXCHANGE_CRASHED);
    assert_says(child.runtime->failure, "; last on its standard error: `line 499`");
    const char *tail = child.runtime->error_tail;
    assert_true(strlen(tail) > RPCANCEL_ERROR_TAIL_MAX - 20 && strlen(tail) <= RPCANCEL_ERROR_TAIL_MAX);
    assert_int_equal(strncmp(tail, "line 2", 6), 0); /* begins with a whole line */
    assert_string_equal(tail + strlen(tail) - 18, "line 498\nline 499\n");
    child_script_close(&child);
}

static void closes_a_child_that_will_not_go(void **state)
{
    (void)state;
    struct child_script child;
    child_script_open(&child, "trap '' TERM\nanswer 0\n(sleep 300) &\nwhile :; do sleep 1; done", GENEROUS_MS);
    assert_non_null(child.runtime);
    child_script_close(&child);
}

static void survives_writing_to_a_dead_child(void **state)
{
    (void)state;
    struct child_script child;
    child_script_open(&child, "answer 0\nexit 4", GENEROUS_MS);
    assert_non_null(child.runtime);
    assert_true(child_script_groups_end(&child, 20));
    struct rpcancel_answer answer;
    assert_int_equal(child.runtime->functions->execute(child.runtime, status_a, &answer), RPCANCEL_EXCHANGE_CRASHED);
    assert_says(child.runtime->failure, "ended with exit code 4 instead of answering `status a`");
    child_script_close(&child);
}

/* ---- a harness that goes away ---- */

static void *open_in_a_thread(void *child)
{
    child_script_open(child, "serve 0", GENEROUS_MS);
    return NULL;
}

/* A surprise that process.h warns of; it comes with what protects against a harness whose guard was killed as well. */
static void ends_a_child_with_the_thread_that_started_it(void **state)
{
    (void)state;
    struct child_script child;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, open_in_a_thread, &child), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_non_null(child.runtime);
    assert_true(child_script_groups_end(&child, 20));
    child_script_close(&child);
}

/* In a process of its own: opens |script| and dies without tidying up. The folder's name is written to |report|. */
static _Noreturn void be_a_dying_harness(const char *script, int report)
{
    struct child_script child;
    child_script_open(&child, script, GENEROUS_MS);
    if (!child.runtime || write(report, &child, sizeof child) != (ssize_t)sizeof child)
        _exit(1);
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

static void leaves_nothing_when_the_harness_is_killed(void **state)
{
    (void)state;
    int report[2];
    struct child_script child;
    int status;
    assert_int_equal(pipe(report), 0);
    /* Orphans become this process's children, so that it sees when all of them have gone: the guard, too. */
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    pid_t harness = fork();
    if (harness == 0)
        be_a_dying_harness("trap '' TERM\nanswer 0\n(while :; do sleep 1; done) &\nwhile :; do sleep 1; done",
                           report[1]);
    assert_int_equal(read(report[0], &child, sizeof child), sizeof child);
    close(report[0]);
    close(report[1]);
    assert_int_equal(waitpid(harness, &status, 0), harness);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    bool gone = false;
    for (unsigned tries = 0; !gone && tries < 2000; tries++) {
        while (waitpid(-1, NULL, WNOHANG) > 0)
            continue;
        gone = waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD;
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    assert_true(gone);
    assert_true(child_script_groups_end(&child, 1));
    child_script_remove(&child);
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
}

static void works_without_standard_descriptors(void **state)
{
    (void)state;
    pid_t harness = fork();
    if (harness == 0) {
        struct child_script child;
        struct rpcancel_answer answer = {0};
        for (int fd = 0; fd <= 2; fd++)
            close(fd);
        child_script_open(&child, "answer 0\nserve 1791\n", GENEROUS_MS);
        bool good = child.runtime &&
                    child.runtime->functions->execute(child.runtime, status_a, &answer) == RPCANCEL_EXCHANGE_ANSWERED;
        if (child.runtime)
            child.runtime->functions->close(child.runtime);
        child_script_remove(&child);
        _exit(good && answer.code == 1791 ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(harness, &status, 0), harness);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void closes_nothing_it_did_not_open(void **state)
{
    (void)state;
    struct rlimit usual;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
    struct rlimit none = {.rlim_cur = STDERR_FILENO + 1, .rlim_max = usual.rlim_max};
    char failure[RPCANCEL_FAILURE_TEXT_MAX] = "";
    bool usage = true;
    struct rpcancel_runtime_options options = {0};
    assert_int_not_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    struct rpcancel_runtime *runtime = rpcancel_runtime_open("child:true", &options, failure, &usage);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
    assert_null(runtime);
    assert_says(failure, "cannot start a guard process: Too many open files");
    assert_int_not_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_a_wrong_command_from_a_missing_program),
        cmocka_unit_test(names_what_keeps_a_file_from_running),
        cmocka_unit_test(names_how_a_start_fails),
        cmocka_unit_test(names_how_a_child_died),
        cmocka_unit_test(is_not_kept_waiting_by_what_a_dead_child_started),
        cmocka_unit_test(notices_a_child_that_falls_silent),
        cmocka_unit_test(asks_on_where_a_child_says_that_it_hangs),
        cmocka_unit_test(quotes_a_line_it_cannot_understand),
        cmocka_unit_test(stops_a_flood),
        cmocka_unit_test(keeps_the_end_of_standard_error),
        cmocka_unit_test(closes_a_child_that_will_not_go),
        cmocka_unit_test(survives_writing_to_a_dead_child),
        cmocka_unit_test(ends_a_child_with_the_thread_that_started_it),
        cmocka_unit_test(leaves_nothing_when_the_harness_is_killed),
        cmocka_unit_test(works_without_standard_descriptors),
        cmocka_unit_test(closes_nothing_it_did_not_open),
    };
    return cmocka_run_group_tests_name("child_failures", tests, NULL, NULL);
}
