// SPDX-License-Identifier: Apache-2.0
/* Plugins in a process of their own that are none, or do what they must not. Whatever they do, the harness says what
 * happened, names the plugin, and leaves nothing running. */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "process_group.h"
#include "runtime/runtime.h"
#include "sequence/sequence.h"

#define PLUGIN(name) TEST_BUILD_DIRECTORY "/plugin-" name ".so"
#define WHO(name) "plugin-" name ".so "

enum { GENEROUS_MS = 60000, SHORT_MS = 300 };

static const struct rpcancel_operation status_a = {.kind = RPCANCEL_OP_STATUS};

static void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("`%s` does not say `%s`", text, part);
    if (strchr(text, '\n'))
        fail_msg("`%s` is more than a line", text);
}

/* Neither a child, dead or alive, nor anything in the groups whose numbers are in |file|, which it removes. */
static void assert_nothing_left(const char *file)
{
    assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
    FILE *numbers = fopen(file, "r");
    int process;
    while (numbers && fscanf(numbers, "%d", &process) == 1)
        assert_true(process_group_ends(process, 20));
    if (numbers)
        fclose(numbers);
    unlink(file);
}

/* ---- what cannot be opened ---- */

struct refusal {
    const char *how;
    bool in_process_too; /* it does no harm there */
    unsigned start_ms;
    const char *says;
};

static void refuse(const struct refusal *refusal, bool in_process)
{
    char failure[RPCANCEL_FAILURE_TEXT_MAX] = "";
    bool usage = true;
    struct rpcancel_runtime_options options = {.in_process = in_process, .start_ms = refusal->start_ms};
    if (rpcancel_runtime_open(refusal->how, &options, failure, &usage))
        fail_msg("%s was opened", refusal->how);
    assert_false(usage);
    assert_says(failure, refusal->says);
    assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

static void names_what_is_no_plugin(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"plugin:no-such.so", true, 0,
         "the plugin no-such.so cannot be loaded: cannot open shared object file: No such file or directory; expected "
         "a shared object"},
        {"plugin:/dev/null", true, 0, "the plugin /dev/null cannot be loaded: "},
        {"plugin:" TEST_SOURCE_DIRECTORY "/README.md", true, 0,
         "README.md cannot be loaded: invalid ELF header; expected a shared object"},
        {"plugin:" TEST_BUILD_DIRECTORY "/rpcancel", true, 0, "rpcancel cannot be loaded: cannot dynamically load "},
        {"plugin:" PLUGIN("no-entry"), true, 0,
         WHO("no-entry") "exports no rpcancel_plugin_entry; expected the function that rpcancel/plugin.h declares"},
        {"plugin:" PLUGIN("no-table"), true, 0, WHO("no-table") "has no table; rpcancel_plugin_entry must return one"},
        {"plugin:" PLUGIN("other-abi"), true, 0, WHO("other-abi") "has ABI 7 of rpcancel/plugin.h; expected 1"},
        {"plugin:" PLUGIN("dies-at-load"), false, 0,
         WHO("dies-at-load") "was killed by signal 6 (Aborted) instead of answering `describe`"},
        {"plugin:" PLUGIN("hangs-at-load"), false, SHORT_MS,
         WHO("hangs-at-load") "did not answer `describe` within 300 ms"},
        {"plugin:" PLUGIN("hostile") " open fail", true, 0, WHO("hostile") "did not open: open returned NULL"},
        {"plugin:" PLUGIN("hostile") " open abort", false, 0,
         WHO("hostile") "was killed by signal 6 (Aborted) instead of answering `describe`"},
        {"plugin:" PLUGIN("hostile") " open exit", false, 0, WHO("hostile") "ended with exit code 7 instead of"},
        {"plugin:" PLUGIN("hostile") " open hang", false, SHORT_MS, WHO("hostile") "did not answer `describe` within"},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        refuse(&refusals[i], false);
        if (refusals[i].in_process_too)
            refuse(&refusals[i], true);
    }
}

static void passes_on_why_open_failed(void **state)
{
    (void)state;
    static const struct refusal refusal = {
        "plugin:" PLUGIN("hostile") " open fail", false, 0,
        "did not open: open returned NULL; last on its standard error: `no such interface`"};
    refuse(&refusal, false);
}

static void tells_a_wrong_command_from_a_missing_file(void **state)
{
    (void)state;
    static const char *const commands[] = {"plugin:", "plugin:  ", "plugin:'x.so", "plugin:x.so \\"};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char failure[RPCANCEL_FAILURE_TEXT_MAX] = "";
        bool usage = false;
        struct rpcancel_runtime_options options = {0};
        assert_null(rpcancel_runtime_open(commands[i], &options, failure, &usage));
        assert_true(usage);
        assert_says(failure, "the plugin's file and arguments: byte ");
    }
}

/* ---- what happens during a dialogue ---- */

struct misdeed {
    const char *arguments; /* of plugin-hostile.so */
    enum rpcancel_exchange exchange;
    const char *says;
};

static struct rpcancel_runtime *open_hostile(const char *arguments, const char *numbers, unsigned deadline_ms)
{
    char how[512], failure[RPCANCEL_FAILURE_TEXT_MAX] = "";
    bool usage;
    struct rpcancel_runtime_options options = {.deadline_ms = deadline_ms};
    snprintf(how, sizeof how, "plugin:%s %s %s", PLUGIN("hostile"), arguments, numbers);
    struct rpcancel_runtime *runtime = rpcancel_runtime_open(how, &options, failure, &usage);
    if (!runtime)
        fail_msg("%s: %s", how, failure);
    return runtime;
}

static void make_numbers(char path[64])
{
    strcpy(path, "/tmp/rpcancel-test-XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
}

/* Asks for the status and, if that is answered, for a reset, and compares how that went. */
static void check_misdeed(const struct misdeed *misdeed)
{
    char numbers[64];
    struct rpcancel_answer answer;
    bool hangs = misdeed->exchange == RPCANCEL_EXCHANGE_HUNG;
    make_numbers(numbers);
    struct rpcancel_runtime *runtime = open_hostile(misdeed->arguments, numbers, hangs ? SHORT_MS : GENEROUS_MS);
    enum rpcancel_exchange exchange = runtime->functions->execute(runtime, status_a, &answer);
    if (exchange == RPCANCEL_EXCHANGE_ANSWERED)
        exchange = runtime->functions->reset(runtime);
    if (exchange != misdeed->exchange)
        fail_msg("%s: exchange %d, not %d: %s", misdeed->arguments, (int)exchange, (int)misdeed->exchange,
                 runtime->failure);
    assert_says(runtime->failure, misdeed->says);
    if (exchange != RPCANCEL_EXCHANGE_ANSWERED) {
        exchange = runtime->functions->execute(runtime, status_a, &answer);
        assert_int_equal(exchange, RPCANCEL_EXCHANGE_BROKEN);
        assert_says(runtime->failure, "starts again with a reset");
    }
    runtime->functions->close(runtime);
    assert_nothing_left(numbers);
}

static void check_misdeeds(const struct misdeed *misdeeds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_misdeed(&misdeeds[i]);
}

#define CHECK_MISDEEDS(misdeeds) check_misdeeds(misdeeds, sizeof(misdeeds) / sizeof(misdeeds)[0])

static void names_how_a_plugin_died(void **state)
{
    (void)state;
    static const struct misdeed misdeeds[] = {
        {"execute abort", RPCANCEL_EXCHANGE_CRASHED,
         WHO("hostile") "was killed by signal 6 (Aborted) instead of answering `status a`"},
        {"execute exit", RPCANCEL_EXCHANGE_CRASHED,
         WHO("hostile") "ended with exit code 7 instead of answering `status a`; last on its standard error: "
                        "`farewell`"},
        {"execute terminate", RPCANCEL_EXCHANGE_CRASHED, "was killed by signal 15 (Terminated) instead of answering"},
        {"execute close-descriptors", RPCANCEL_EXCHANGE_CRASHED, "instead of answering `status a`"},
        {"execute fault", RPCANCEL_EXCHANGE_CRASHED, "was killed by signal 11 (Segmentation fault) instead of"},
        {"execute become-another", RPCANCEL_EXCHANGE_CRASHED, "ended with exit code 0 instead of answering"},
        {"execute become-a-sleeper", RPCANCEL_EXCHANGE_CRASHED, "closed its output and went on running instead of"},
        {"execute leave-the-thread", RPCANCEL_EXCHANGE_CRASHED, "ended with exit code "},
        {"execute eat-memory", RPCANCEL_EXCHANGE_CRASHED, "instead of answering `status a`"},
        {"reset abort", RPCANCEL_EXCHANGE_CRASHED, "was killed by signal 6 (Aborted) instead of answering `reset`"},
        {"reset exit", RPCANCEL_EXCHANGE_CRASHED, "ended with exit code 7 instead of answering `reset`"},
    };
    CHECK_MISDEEDS(misdeeds);
}

static void notices_a_plugin_that_falls_silent(void **state)
{
    (void)state;
    static const struct misdeed misdeeds[] = {
        {"execute hang", RPCANCEL_EXCHANGE_HUNG, WHO("hostile") "did not answer `status a` within 300 ms"},
        {"execute hang-stubbornly", RPCANCEL_EXCHANGE_HUNG, "did not answer `status a` within 300 ms"},
        {"execute stop", RPCANCEL_EXCHANGE_HUNG, "did not answer `status a` within 300 ms"},
        {"reset hang", RPCANCEL_EXCHANGE_HUNG, "did not answer `reset` within 300 ms"},
    };
    CHECK_MISDEEDS(misdeeds);
}

static void names_an_answer_without_a_meaning(void **state)
{
    (void)state;
    static const struct misdeed misdeeds[] = {
        {"execute answer-8", RPCANCEL_EXCHANGE_BROKEN,
         WHO("hostile") "answered `status a` with `kind 8`; expected kind 0 to 7 (RPCANCEL_PLUGIN_ANSWER_…)"},
        {"execute answer-255", RPCANCEL_EXCHANGE_BROKEN, "answered `status a` with `kind 255`; expected kind 0 to 7"},
        {"execute answer-done", RPCANCEL_EXCHANGE_BROKEN,
         "answered `status a` with `done`; expected the code that the function returned"},
        {"execute answer-null", RPCANCEL_EXCHANGE_BROKEN, "answered `status a` with `null`; expected the code"},
        {"execute announce-kind", RPCANCEL_EXCHANGE_BROKEN,
         WHO("hostile") "announced kind 99, handle 0, earlier 0, thread 0; expected kind 1 to 4"},
        {"execute announce-handle", RPCANCEL_EXCHANGE_BROKEN, "announced kind 2, handle 4, earlier 0, thread 0"},
        {"execute announce-thread", RPCANCEL_EXCHANGE_BROKEN, "announced kind 1, handle 0, earlier 0, thread 3"},
        {"execute announce-nothing", RPCANCEL_EXCHANGE_BROKEN, "announced NULL; expected an event"},
        {"execute announce-much", RPCANCEL_EXCHANGE_BROKEN, "announced more than 64 events before an answer"},
        {"reset announce", RPCANCEL_EXCHANGE_BROKEN, "announced an event outside of execute"},
        {"open announce", RPCANCEL_EXCHANGE_BROKEN, "announced an event outside of execute"},
    };
    CHECK_MISDEEDS(misdeeds);
}

static void is_not_disturbed_by_what_a_plugin_writes(void **state)
{
    (void)state;
    static const struct misdeed misdeeds[] = {
        {"open write", RPCANCEL_EXCHANGE_ANSWERED, ""},
        {"execute write", RPCANCEL_EXCHANGE_ANSWERED, ""},
        {"reset write", RPCANCEL_EXCHANGE_ANSWERED, ""},
        {"execute read", RPCANCEL_EXCHANGE_ANSWERED, ""},
        {"execute announce", RPCANCEL_EXCHANGE_ANSWERED, ""},
        {"execute close-standard", RPCANCEL_EXCHANGE_ANSWERED, ""},
    };
    CHECK_MISDEEDS(misdeeds);
}

static enum rpcancel_exchange ask_anything(struct rpcancel_runtime *runtime, unsigned kind, char text[], size_t size)
{
    struct rpcancel_operation operation =
        rpcancel_operation_canonical((struct rpcancel_operation){.kind = (uint8_t)kind});
    struct rpcancel_answer answer;
    rpcancel_operation_print(operation, text, size);
    return runtime->functions->execute(runtime, operation, &answer);
}

/* Every operation there is, of a new process each. */
static void ask_for_everything(const char *arguments, unsigned deadline_ms, enum rpcancel_exchange expected)
{
    char numbers[64];
    make_numbers(numbers);
    struct rpcancel_runtime *runtime = open_hostile(arguments, numbers, deadline_ms);
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        char text[RPCANCEL_OPERATION_TEXT_MAX], quoted[RPCANCEL_OPERATION_TEXT_MAX + 2];
        enum rpcancel_exchange exchange = ask_anything(runtime, kind, text, sizeof text);
        if (exchange != expected)
            fail_msg("%s: %s: exchange %d: %s", arguments, text, (int)exchange, runtime->failure);
        snprintf(quoted, sizeof quoted, "`%s`", text);
        assert_says(runtime->failure, quoted);
        assert_int_equal(runtime->functions->reset(runtime), RPCANCEL_EXCHANGE_ANSWERED);
    }
    runtime->functions->close(runtime);
    assert_nothing_left(numbers);
}

static void names_whatever_a_plugin_fails_at(void **state)
{
    (void)state;
    ask_for_everything("execute abort", GENEROUS_MS, RPCANCEL_EXCHANGE_CRASHED);
    ask_for_everything("execute exit", GENEROUS_MS, RPCANCEL_EXCHANGE_CRASHED);
    ask_for_everything("execute hang", 20, RPCANCEL_EXCHANGE_HUNG);
    ask_for_everything("execute answer-8", GENEROUS_MS, RPCANCEL_EXCHANGE_BROKEN);
}

/* What a plugin does to its process is gone with it, and never was the harness's. */
static void keeps_what_is_its_own(void **state)
{
    (void)state;
    char before[512], after[512];
    struct rlimit limit, limit_after;
    static const struct misdeed misdeeds[] = {
        {"execute move-out", RPCANCEL_EXCHANGE_ANSWERED, ""},
        {"execute handle-signals", RPCANCEL_EXCHANGE_ANSWERED, ""},
    };
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    CHECK_MISDEEDS(misdeeds);
    assert_non_null(getcwd(after, sizeof after));
    assert_string_equal(after, before);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit_after), 0);
    assert_true(limit.rlim_cur == limit_after.rlim_cur && limit.rlim_max == limit_after.rlim_max);
}

/* No document of C says what comes of that, so anything may; but it is told, and nothing is left. */
static void outlives_what_is_undefined(void **state)
{
    (void)state;
    static const char *const arguments[] = {"execute jump", "execute be-two"};
    for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++) {
        char numbers[64];
        struct rpcancel_answer answer;
        make_numbers(numbers);
        struct rpcancel_runtime *runtime = open_hostile(arguments[i], numbers, SHORT_MS);
        enum rpcancel_exchange exchange = RPCANCEL_EXCHANGE_ANSWERED;
        for (unsigned times = 0; times < 20 && exchange == RPCANCEL_EXCHANGE_ANSWERED; times++)
            exchange = runtime->functions->execute(runtime, status_a, &answer);
        print_message("%s: exchange %d: %s\n", arguments[i], (int)exchange, runtime->failure);
        assert_int_not_equal(exchange, RPCANCEL_EXCHANGE_ANSWERED);
        assert_true(runtime->failure[0] != '\0');
        runtime->functions->close(runtime);
        assert_nothing_left(numbers);
    }
}

static void passes_on_the_code_and_the_event(void **state)
{
    (void)state;
    char numbers[64];
    struct rpcancel_answer answer;
    make_numbers(numbers);
    struct rpcancel_runtime *runtime = open_hostile("execute announce", numbers, GENEROUS_MS);
    assert_string_equal(runtime->name, "hostile");
    assert_string_equal(runtime->version, "");
    assert_int_equal(runtime->control[RPCANCEL_OP_DELIVER_CANCEL], RPCANCEL_HIDDEN);
    assert_int_equal(runtime->control[RPCANCEL_OP_DISPATCH], RPCANCEL_COMMAND);
    assert_int_equal(runtime->functions->execute(runtime, status_a, &answer), RPCANCEL_EXCHANGE_ANSWERED);
    assert_true(rpcancel_answer_is_code(answer, 87));
    assert_int_equal(runtime->event_count, 1);
    assert_int_equal(runtime->events[0].operation.kind, RPCANCEL_OP_AWAIT);
    assert_true(rpcancel_answer_is_code(runtime->events[0].answer, 0));
    runtime->functions->close(runtime);
    assert_nothing_left(numbers);
}

/* The process is a copy of this one, and what it has not written yet is nobody's last words. */
static void keeps_apart_what_the_harness_writes(void **state)
{
    (void)state;
    char numbers[64];
    struct rpcancel_answer answer;
    make_numbers(numbers);
    printf("[ harness ]");
    struct rpcancel_runtime *runtime = open_hostile("execute exit", numbers, GENEROUS_MS);
    assert_int_equal(runtime->functions->execute(runtime, status_a, &answer), RPCANCEL_EXCHANGE_CRASHED);
    assert_string_equal(runtime->error_tail, "farewell\n");
    runtime->functions->close(runtime);
    assert_nothing_left(numbers);
}

/* ---- the end ---- */

/* |lines|: how many processes there were. */
static unsigned count_lines(const char *path)
{
    unsigned count = 0;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    for (int c; (c = fgetc(file)) != EOF;)
        count += c == '\n';
    fclose(file);
    return count;
}

static void starts_a_new_process_after_an_exception(void **state)
{
    (void)state;
    char numbers[64];
    struct rpcancel_answer answer;
    make_numbers(numbers);
    struct rpcancel_runtime *runtime = open_hostile("execute raise", numbers, GENEROUS_MS);
    assert_int_equal(runtime->functions->reset(runtime), RPCANCEL_EXCHANGE_ANSWERED);
    assert_int_equal(count_lines(numbers), 1);
    assert_int_equal(runtime->functions->execute(runtime, status_a, &answer), RPCANCEL_EXCHANGE_ANSWERED);
    assert_int_equal(answer.kind, RPCANCEL_ANSWER_EXCEPTION);
    assert_int_equal(answer.code, 0xC0000005u);
    assert_int_equal(runtime->functions->reset(runtime), RPCANCEL_EXCHANGE_ANSWERED);
    assert_int_equal(count_lines(numbers), 2);
    runtime->functions->close(runtime);
    assert_nothing_left(numbers);
}

static void tells_how_the_end_went(void **state)
{
    (void)state;
    static const struct misdeed misdeeds[] = {
        {"nowhere nothing", RPCANCEL_EXCHANGE_ANSWERED, ""},
        {"close write", RPCANCEL_EXCHANGE_ANSWERED, ""},
        {"close abort", RPCANCEL_EXCHANGE_CRASHED,
         WHO("hostile") "was killed by signal 6 (Aborted) when it was closed"},
        {"close exit", RPCANCEL_EXCHANGE_CRASHED,
         WHO("hostile") "ended with exit code 7 when it was closed; last on its standard error: `farewell`"},
        {"close hang", RPCANCEL_EXCHANGE_HUNG, WHO("hostile") "did not end within 300 ms when it was closed"},
        {"close hang-stubbornly", RPCANCEL_EXCHANGE_HUNG, "did not end within 300 ms when it was closed"},
    };
    for (size_t i = 0; i < sizeof misdeeds / sizeof misdeeds[0]; i++) {
        char numbers[64];
        struct rpcancel_answer answer;
        make_numbers(numbers);
        bool hangs = misdeeds[i].exchange == RPCANCEL_EXCHANGE_HUNG;
        struct rpcancel_runtime *runtime = open_hostile(misdeeds[i].arguments, numbers, hangs ? SHORT_MS : GENEROUS_MS);
        assert_int_equal(runtime->functions->execute(runtime, status_a, &answer), RPCANCEL_EXCHANGE_ANSWERED);
        assert_int_equal(runtime->functions->finish(runtime), misdeeds[i].exchange);
        assert_says(runtime->failure, misdeeds[i].says);
        runtime->functions->close(runtime);
        assert_nothing_left(numbers);
    }
}

/* ---- a harness that goes away ---- */

/* In a process of its own: opens a stubborn plugin and dies without tidying up. */
static _Noreturn void be_a_dying_harness(const char *numbers)
{
    open_hostile("open become-stubborn", numbers, GENEROUS_MS);
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

static void leaves_nothing_when_the_harness_is_killed(void **state)
{
    (void)state;
    char numbers[64];
    int status;
    make_numbers(numbers);
    /* Orphans become this process's children, so that it sees when all of them have gone: the guard, too. */
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    pid_t harness = fork();
    if (harness == 0)
        be_a_dying_harness(numbers);
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
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
    assert_int_equal(count_lines(numbers), 1);
    assert_nothing_left(numbers);
}

/* ---- in process ---- */

static void tells_mistakes_in_process(void **state)
{
    (void)state;
    char failure[RPCANCEL_FAILURE_TEXT_MAX] = "";
    bool usage;
    struct rpcancel_answer answer;
    struct rpcancel_runtime_options options = {.in_process = true};
    struct rpcancel_runtime *runtime =
        rpcancel_runtime_open("plugin:" PLUGIN("hostile") " execute answer-8", &options, failure, &usage);
    assert_non_null(runtime);
    assert_int_equal(runtime->functions->execute(runtime, status_a, &answer), RPCANCEL_EXCHANGE_BROKEN);
    assert_says(runtime->failure, WHO("hostile") "answered `status a` with `kind 8`; expected kind 0 to 7");
    runtime->functions->close(runtime);
    assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_what_is_no_plugin),
        cmocka_unit_test(passes_on_why_open_failed),
        cmocka_unit_test(tells_a_wrong_command_from_a_missing_file),
        cmocka_unit_test(names_how_a_plugin_died),
        cmocka_unit_test(notices_a_plugin_that_falls_silent),
        cmocka_unit_test(names_an_answer_without_a_meaning),
        cmocka_unit_test(is_not_disturbed_by_what_a_plugin_writes),
        cmocka_unit_test(names_whatever_a_plugin_fails_at),
        cmocka_unit_test(keeps_what_is_its_own),
        cmocka_unit_test(outlives_what_is_undefined),
        cmocka_unit_test(passes_on_the_code_and_the_event),
        cmocka_unit_test(keeps_apart_what_the_harness_writes),
        cmocka_unit_test(starts_a_new_process_after_an_exception),
        cmocka_unit_test(tells_how_the_end_went),
        cmocka_unit_test(leaves_nothing_when_the_harness_is_killed),
        cmocka_unit_test(tells_mistakes_in_process),
    };
    return cmocka_run_group_tests_name("plugin_failures", tests, NULL, NULL);
}
