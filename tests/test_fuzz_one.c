// SPDX-License-Identifier: Apache-2.0
/* rpcancel_fuzz_one, linked as somebody else would: what it does with an input, and what it says of what it finds.
 * What ends the program is tried in a process of its own. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "feedback.h"
#include "rpcancel/fuzz.h"

/* ---- a plugin that answers by a table, or as a stub would ---- */

static unsigned opened, reset, closed, asked;
static const struct rpcancel_plugin_host *host;
static struct rpcancel_plugin_answer answers[256]; /* by operation kind */

static void *open_stub(const struct rpcancel_plugin_host *its_host, int count, const char *const *arguments)
{
    assert_int_equal(count, 0);
    assert_true(!arguments || !arguments[0]);
    host = its_host;
    opened++;
    return &opened;
}

static int reset_stub(void *instance)
{
    (void)instance;
    reset++;
    return 0;
}

static void execute_stub(void *instance, const struct rpcancel_plugin_operation *operation,
                         struct rpcancel_plugin_answer *answer)
{
    (void)instance;
    asked++;
    *answer = answers[operation->kind];
    if (operation->kind == RPCANCEL_PLUGIN_OP_CALL) {
        const struct rpcancel_plugin_event event = {.kind = RPCANCEL_PLUGIN_EVENT_DISPATCHED};
        host->announce(host->context, &event);
    }
}

static void close_stub(void *instance)
{
    (void)instance;
    closed++;
}

static struct rpcancel_plugin stub = {.abi = RPCANCEL_PLUGIN_ABI,
                                      .size = sizeof stub,
                                      .name = "stub",
                                      .dispatch = RPCANCEL_PLUGIN_EVENT,
                                      .delivery = RPCANCEL_PLUGIN_HIDDEN,
                                      .open = open_stub,
                                      .reset = reset_stub,
                                      .execute = execute_stub,
                                      .close = close_stub};

/* What is right for the first steps. */
static int set_up(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 256; i++)
        answers[i] = (struct rpcancel_plugin_answer){.kind = RPCANCEL_PLUGIN_ANSWER_UNIMPLEMENTED};
    answers[RPCANCEL_PLUGIN_OP_INIT].kind = RPCANCEL_PLUGIN_ANSWER_CODE;
    answers[RPCANCEL_PLUGIN_OP_CALL].kind = RPCANCEL_PLUGIN_ANSWER_CODE;
    answers[RPCANCEL_PLUGIN_OP_TEST_CANCEL_ZERO] = (struct rpcancel_plugin_answer){.code = 1725};
    stub.dispatch = RPCANCEL_PLUGIN_EVENT;
    return 0;
}

/* ---- inputs ---- */

static const uint8_t init_a[] = {RPCANCEL_PLUGIN_OP_INIT, 0};
static const uint8_t call_a[] = {RPCANCEL_PLUGIN_OP_INIT, 0, RPCANCEL_PLUGIN_OP_CALL, 0};
/* init b; test-cancel 0 @w, and something behind it that is not reached when that answers wrongly */
static const uint8_t test_on_worker[] = {RPCANCEL_PLUGIN_OP_INIT, 1, RPCANCEL_PLUGIN_OP_TEST_CANCEL_ZERO, 0x18,
                                         RPCANCEL_PLUGIN_OP_INIT, 0};

#define RUN(input) rpcancel_fuzz_one(&stub, input, sizeof(input))

/* Runs |function| in a process of its own; |said| gets what it wrote to standard error. Returns its wait status. */
static int run_apart(void (*function)(void), char *said, size_t size)
{
    int ends[2], status;
    size_t length = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        function();
        exit(0);
    }
    close(ends[1]);
    for (ssize_t count; length < size - 1 && (count = read(ends[0], said + length, size - 1 - length)) > 0;)
        length += (size_t)count;
    said[length] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void assert_ends(void (*function)(void), int signal_number, int exit_code, const char *const *lines)
{
    char said[8192];
    int status = run_apart(function, said, sizeof said);
    for (; *lines; lines++) {
        if (!strstr(said, *lines))
            fail_msg("this does not say `%s`:\n%s", *lines, said);
    }
    if (signal_number)
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == signal_number);
    else
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == exit_code);
}

#define LINES(...)        \
    (const char *const[]) \
    {                     \
        __VA_ARGS__, NULL \
    }

/* ---- tests ---- */

static void runs_inputs_on_an_instance_that_it_resets(void)
{
    if (RUN(init_a) != 0 || RUN(init_a) != 0 || opened != 1 || reset != 1 || asked != 2 || closed != 0)
        _exit(70);
    struct rpcancel_plugin other = stub;
    if (rpcancel_fuzz_one(&other, init_a, sizeof init_a) != 0 || opened != 2 || closed != 1)
        _exit(71);
    RUN(init_a);
}

static void runs_inputs_and_says_how_many_operations_happened(void **state)
{
    (void)state;
    assert_ends(runs_inputs_on_an_instance_that_it_resets, 0, 0, LINES("operations: 4\n"));
}

static void run_a_wrong_test(void)
{
    answers[RPCANCEL_PLUGIN_OP_TEST_CANCEL_ZERO].code = 0;
    RUN(test_on_worker);
}

static void names_the_rule_that_an_answer_breaks(void **state)
{
    (void)state;
    assert_ends(run_a_wrong_test, SIGABRT, 0,
                LINES("VIOLATED RpcServerTestCancel/10 (", "source: ",
                      "sequence:\n  init b                           # 0 RPC_S_OK\n"
                      "  test-cancel 0 @w                 # 0 RPC_S_OK\ngot:  0 RPC_S_OK\nwant: "
                      "1725 RPC_S_NO_CALL_ACTIVE\noperations: 2\n"));
}

static void run_and_die_twice(void)
{
    RUN(test_on_worker);
    run_a_wrong_test();
}

static void counts_operations_of_all_inputs(void **state)
{
    (void)state;
    assert_ends(run_and_die_twice, SIGABRT, 0, LINES("\noperations: 5\n"));
}

static void run_an_announcement(void)
{
    static const uint8_t input[] = {
        RPCANCEL_PLUGIN_OP_INIT, 0, RPCANCEL_PLUGIN_OP_CALL, 0, RPCANCEL_PLUGIN_OP_TEST_CANCEL_ZERO, 0x18};
    answers[RPCANCEL_PLUGIN_OP_TEST_CANCEL_ZERO].code = 0;
    RUN(input);
}

static void tells_announcements_from_operations(void **state)
{
    (void)state;
    assert_ends(run_an_announcement, SIGABRT, 0,
                LINES("VIOLATED RpcServerTestCancel/10 (",
                      "sequence:\n  init a                           # 0 RPC_S_OK\n"
                      "  call a                           # 0 RPC_S_OK\n  # announced: dispatch a @t1\n"
                      "  test-cancel 0 @w                 # 0 RPC_S_OK\ngot:  0 RPC_S_OK\n"));
}

static void run_a_misuse(void)
{
    answers[RPCANCEL_PLUGIN_OP_CALL] = (struct rpcancel_plugin_answer){.code = 5};
    RUN(call_a);
}

static void tells_what_a_plugin_must_not_do(void **state)
{
    (void)state;
    assert_ends(run_a_misuse, SIGABRT, 0,
                LINES("MISUSED the plugin answered `call a` with `5 RPC_S_ACCESS_DENIED`; expected 0, or exception",
                      "sequence:\n  init a                           # 0 RPC_S_OK\noperations: 1\n"));
}

static void run_a_raise(void)
{
    answers[RPCANCEL_PLUGIN_OP_TEST_CANCEL_ZERO] =
        (struct rpcancel_plugin_answer){.kind = RPCANCEL_PLUGIN_ANSWER_EXCEPTION, .code = 0xC0000005};
    RUN(test_on_worker);
}

static void tells_an_exception_that_no_rule_allows(void **state)
{
    (void)state;
    assert_ends(run_a_raise, SIGABRT, 0,
                LINES("RAISED RpcServerTestCancel: exception 0xC0000005", "  test-cancel 0 @w                 # exc"));
}

static void run_no_plugin(void)
{
    rpcancel_fuzz_one(NULL, init_a, sizeof init_a);
}

static void run_a_bad_plugin(void)
{
    stub.dispatch = 9;
    RUN(init_a);
}

static void run_under_no_profile(void)
{
    setenv("RPCANCEL_PROFILE", "strict", 1);
    RUN(init_a);
}

static void says_what_keeps_it_from_running(void **state)
{
    (void)state;
    assert_ends(run_no_plugin, 0, 3, LINES("the plugin has no table; rpcancel_plugin_entry must return one\n"));
    assert_ends(run_a_bad_plugin, 0, 3, LINES("the plugin has 9 for dispatch; expected 0 (COMMAND)"));
    assert_ends(run_under_no_profile, 0, 2,
                LINES("RPCANCEL_PROFILE: found 'strict', expected documented, documented-98 or windows\n"));
}

static void run_under_profiles(void)
{
    /* corrupt b; status b. What a handle without a call answers is judged on Windows only. */
    static const uint8_t input[] = {RPCANCEL_PLUGIN_OP_INIT, 1, RPCANCEL_PLUGIN_OP_STATUS, 1};
    answers[RPCANCEL_PLUGIN_OP_STATUS] = (struct rpcancel_plugin_answer){.code = 1914};
    RUN(input);
}

static void judges_by_the_profile_of_the_environment(void **state)
{
    (void)state;
    assert_ends(run_under_profiles, 0, 0, LINES("operations: 2\n"));
    setenv("RPCANCEL_PROFILE", "windows", 1);
    assert_ends(run_under_profiles, SIGABRT, 0, LINES("VIOLATED RpcAsyncGetCallStatus/2 (observed)"));
    unsetenv("RPCANCEL_PROFILE");
}

static void tells_the_engine_where_an_input_has_been(void **state)
{
    (void)state;
    uint8_t after_init[RPCANCEL_FEEDBACK_SIZE];
    RUN(init_a);
    memcpy(after_init, rpcancel_feedback_bytes, sizeof after_init);
    assert_int_equal(after_init[RPCANCEL_FEEDBACK_RAN], 1);
    memset(rpcancel_feedback_bytes, 0, sizeof rpcancel_feedback_bytes); /* as libFuzzer does */
    RUN(call_a);
    unsigned news = 0;
    for (unsigned i = 0; i < RPCANCEL_FEEDBACK_SIZE; i++)
        news += rpcancel_feedback_bytes[i] && !after_init[i];
    assert_int_equal(news, 1); /* a call on an initialised handle */
    memset(rpcancel_feedback_bytes, 0, sizeof rpcancel_feedback_bytes);
    RUN(init_a);
    assert_memory_equal(rpcancel_feedback_bytes, after_init, sizeof after_init);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(runs_inputs_and_says_how_many_operations_happened, set_up),
        cmocka_unit_test_setup(names_the_rule_that_an_answer_breaks, set_up),
        cmocka_unit_test_setup(counts_operations_of_all_inputs, set_up),
        cmocka_unit_test_setup(tells_announcements_from_operations, set_up),
        cmocka_unit_test_setup(tells_what_a_plugin_must_not_do, set_up),
        cmocka_unit_test_setup(tells_an_exception_that_no_rule_allows, set_up),
        cmocka_unit_test_setup(says_what_keeps_it_from_running, set_up),
        cmocka_unit_test_setup(judges_by_the_profile_of_the_environment, set_up),
        cmocka_unit_test_setup(tells_the_engine_where_an_input_has_been, set_up),
    };
    return cmocka_run_group_tests_name("fuzz_one", tests, NULL, NULL);
}
