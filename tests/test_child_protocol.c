// SPDX-License-Identifier: Apache-2.0
/* The child protocol with children that keep to it. Those that do not are in test_child_failures.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "child_script.h"
#include "sequence/sequence.h"

enum { GENEROUS_MS = 60000 };

static struct rpcancel_operation operation(const char *text)
{
    struct rpcancel_operation parsed;
    struct rpcancel_sequence_error error;
    assert_true(rpcancel_operation_parse(&parsed, text, strlen(text), &error));
    return parsed;
}

static struct rpcancel_answer execute(struct child_script *child, const char *text)
{
    struct rpcancel_answer answer = {0};
    enum rpcancel_exchange exchange = child->runtime->functions->execute(child->runtime, operation(text), &answer);
    if (exchange != RPCANCEL_EXCHANGE_ANSWERED)
        fail_msg("%s: %s", text, child->runtime->failure);
    return answer;
}

static void reset(struct child_script *child)
{
    if (child->runtime->functions->reset(child->runtime) != RPCANCEL_EXCHANGE_ANSWERED)
        fail_msg("reset: %s", child->runtime->failure);
}

static void open_well(struct child_script *child, const char *script)
{
    child_script_open(child, script, GENEROUS_MS);
    if (!child->runtime)
        fail_msg("%s", child->failure);
    assert_false(child->usage);
}

static void learns_what_a_child_is(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        const char *name;
        const char *version;
        enum rpcancel_control delivery;
        enum rpcancel_control dispatch;
    } cases[] = {
        {"unimplemented", "child", "", RPCANCEL_HIDDEN, RPCANCEL_COMMAND},
        {"0", "child", "", RPCANCEL_HIDDEN, RPCANCEL_COMMAND},
        {"0 name=wine version=8.0~repack", "wine", "8.0~repack", RPCANCEL_HIDDEN, RPCANCEL_COMMAND},
        {"0 delivery=command dispatch=event more=1", "child", "", RPCANCEL_COMMAND, RPCANCEL_EVENT},
        {"0 dispatch=hidden delivery=hidden name=x", "x", "", RPCANCEL_HIDDEN, RPCANCEL_HIDDEN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char script[100];
        struct child_script child;
        snprintf(script, sizeof script, "serve %s", cases[i].answer);
        open_well(&child, script);
        assert_string_equal(child.runtime->name, cases[i].name);
        assert_string_equal(child.runtime->version, cases[i].version);
        for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
            enum rpcancel_control control = RPCANCEL_COMMAND;
            if (kind >= RPCANCEL_OP_DELIVER_REQUEST && kind <= RPCANCEL_OP_DELIVER_REPLY)
                control = cases[i].delivery;
            if (rpcancel_is_dispatch(kind))
                control = cases[i].dispatch;
            assert_int_equal(child.runtime->control[kind], control);
        }
        child_script_close(&child);
    }
}

static void speaks_as_the_manual_says(void **state)
{
    (void)state;
    struct child_script child;
    open_well(&child, "while read -r line; do echo \"$line\" >>asked; echo \"${line%% *} 0\"; done");
    execute(&child, "init a");
    execute(&child, "call a");
    execute(&child, "cancel a abort");
    execute(&child, "test-cancel a' @t2");
    reset(&child);
    execute(&child, "test-cancel 0 @w");
    char asked[200];
    child_script_text(&child, "asked", asked, sizeof asked);
    assert_string_equal(asked, "1 describe\n2 init a\n3 call a\n4 cancel a abort\n5 test-cancel a' @t2\n6 reset\n"
                               "7 test-cancel 0 @w\n");
    child_script_close(&child);
}

static void passes_every_kind_of_answer_on(void **state)
{
    (void)state;
    struct child_script child;
    open_well(&child, "answer unimplemented\n"
                      "answer 1791\n"
                      "answer exception 0x80000100\n"
                      "answer refused\n"
                      "answer undefined\n"
                      "answer unimplemented\n"
                      "answer 0 handle=set\n"
                      "printf '8 1725\\r\\n'\n"
                      "serve 0\n");
    struct rpcancel_answer answer = execute(&child, "test-cancel a @t1");
    assert_true(rpcancel_answer_is_code(answer, 1791));
    answer = execute(&child, "test-cancel a @t1");
    assert_true(answer.kind == RPCANCEL_ANSWER_EXCEPTION && answer.code == 0x80000100u);
    assert_int_equal(execute(&child, "test-cancel a @t1").kind, RPCANCEL_ANSWER_REFUSED);
    assert_int_equal(execute(&child, "complete a").kind, RPCANCEL_ANSWER_UNDEFINED);
    assert_int_equal(execute(&child, "complete a").kind, RPCANCEL_ANSWER_UNIMPLEMENTED);
    assert_int_equal(execute(&child, "get-call-handle a").kind, RPCANCEL_ANSWER_HANDLE);
    assert_true(rpcancel_answer_is_code(execute(&child, "test-cancel 0 @w"), 1725));
    child_script_close(&child);
}

/* Events stand before the answer they preceded; those that follow it belong to the next exchange. */
static void collects_events(void **state)
{
    (void)state;
    struct child_script child;
    open_well(&child, "echo event disconnected\n" /* before anything was asked: of no use to anyone */
                      "answer unimplemented\n"
                      "read -r line\n"
                      "printf 'event dispatched a @t1\\nevent notified b\\n2 0\\nevent disconnected\\n'\n"
                      "serve 0\n");
    assert_int_equal(child.runtime->event_count, 0);
    execute(&child, "settle");
    assert_int_equal(child.runtime->event_count, 2);
    assert_int_equal(child.runtime->events[0].operation.kind, RPCANCEL_OP_DISPATCH);
    assert_int_equal(child.runtime->events[0].operation.thread, RPCANCEL_THREAD_T1);
    assert_int_equal(child.runtime->events[0].answer.kind, RPCANCEL_ANSWER_DONE);
    assert_int_equal(child.runtime->events[1].operation.kind, RPCANCEL_OP_AWAIT);
    assert_int_equal(child.runtime->events[1].operation.handle, 1);
    assert_true(rpcancel_answer_is_code(child.runtime->events[1].answer, 0));
    execute(&child, "status a");
    assert_int_equal(child.runtime->event_count, 3);
    assert_int_equal(child.runtime->events[2].operation.kind, RPCANCEL_OP_LOSE_LINK);
    reset(&child);
    assert_int_equal(child.runtime->event_count, 0);
    child_script_close(&child);
}

static void resets_only_what_was_used(void **state)
{
    (void)state;
    struct child_script child;
    open_well(&child, "while read -r id what; do echo \"$what\" >>asked; echo \"$id 0\"; done");
    reset(&child);
    reset(&child);
    execute(&child, "init a");
    reset(&child);
    reset(&child);
    execute(&child, "init b");
    char asked[200];
    child_script_text(&child, "asked", asked, sizeof asked);
    assert_string_equal(asked, "describe\ninit a\nreset\ninit b\n");
    child_script_close(&child);
}

/* What falls when it is to forget does so while it is known which sequence it was. */
static void forgets_at_the_end_of_a_sequence(void **state)
{
    (void)state;
    struct child_script child;
    open_well(&child, "while read -r id what; do\n"
                      "    echo \"$what\" >>asked\n"
                      "    case $what in reset) [ -e once ] && exit 7; >once ;; esac\n"
                      "    echo \"$id 0\"\n"
                      "done");
    const struct rpcancel_runtime_functions *functions = child.runtime->functions;
    assert_int_equal(functions->conclude(child.runtime), RPCANCEL_EXCHANGE_ANSWERED); /* nothing to forget */
    execute(&child, "init a");
    assert_int_equal(functions->conclude(child.runtime), RPCANCEL_EXCHANGE_ANSWERED);
    reset(&child); /* which is done already */
    execute(&child, "init b");
    assert_int_equal(functions->conclude(child.runtime), RPCANCEL_EXCHANGE_CRASHED);
    assert_non_null(strstr(child.runtime->failure, "ended with exit code 7 instead of answering `"));
    assert_int_equal(child_script_starts(&child), 1);
    reset(&child);
    assert_int_equal(child_script_starts(&child), 2);
    char asked[200];
    child_script_text(&child, "asked", asked, sizeof asked);
    assert_string_equal(asked, "describe\ninit a\nreset\ninit b\nreset\ndescribe\n");
    child_script_close(&child);
}

static void starts_a_child_anew_that_cannot_reset(void **state)
{
    (void)state;
    struct child_script child;
    open_well(&child, "while read -r id what; do\n"
                      "    case $what in reset) echo \"$id unimplemented\" ;; *) echo \"$id 0\" ;; esac\n"
                      "done\n"
                      ">ended\n");
    for (unsigned i = 1; i <= 4; i++) {
        reset(&child);
        assert_int_equal(child_script_starts(&child), i);
        execute(&child, "init a");
        assert_int_equal(child_script_wrote(&child, "ended"), i > 1);
        assert_int_equal(child.runtime->functions->conclude(child.runtime), RPCANCEL_EXCHANGE_ANSWERED);
        assert_int_equal(child_script_starts(&child), i); /* it is not started for nothing */
    }
    child_script_close(&child);
}

static void starts_a_child_anew_after_an_exception(void **state)
{
    (void)state;
    static const struct {
        const char *exception;
        const char *operation;
        unsigned starts;
    } cases[] = {
        {"exception 0xC0000005", "status a", 2},
        {"exception 1914", "status a", 2},
        {"exception 0xC0000005", "call a", 2},
        {"exception 1914", "call a", 1},                 /* what a stub is documented to do */
        {"exception 0x80000100", "test-cancel 0 @w", 1}, /* a function that Wine lacks */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char script[100];
        struct child_script child;
        snprintf(script, sizeof script, "answer unimplemented\nanswer %s\nserve 0\n", cases[i].exception);
        open_well(&child, script);
        assert_int_equal(execute(&child, cases[i].operation).kind, RPCANCEL_ANSWER_EXCEPTION);
        execute(&child, "init a"); /* the sequence itself goes on in the same process */
        assert_int_equal(child_script_starts(&child), 1);
        reset(&child);
        assert_int_equal(child_script_starts(&child), cases[i].starts);
        child_script_close(&child);
    }
}

static void ends_a_child_by_the_end_of_its_input(void **state)
{
    (void)state;
    struct child_script first;
    struct child_script second;
    open_well(&first, "while read -r id what; do echo \"$id 0\"; done; echo >ended; sleep 0.2; echo >really");
    open_well(&second, "serve 0");
    second.descriptors = first.descriptors; /* what must be left when both are closed */
    /* The second child must not hold the first one's input open. */
    first.runtime->functions->close(first.runtime);
    first.runtime = NULL;
    assert_true(child_script_wrote(&first, "ended"));
    assert_true(child_script_wrote(&first, "really"));
    child_script_close(&second);
    child_script_close(&first);
}

static void reads_standard_error_apart(void **state)
{
    (void)state;
    struct child_script child;
    open_well(&child, "answer 0\n"
                      "read -r line\n"
                      "i=0; while [ $i -lt 3000 ]; do echo \"$i: quite a long line for a log of errors\"; "
                      "i=$((i + 1)); done >&2\n" /* more than a pipe holds */
                      "echo 2 0\n"
                      "serve 0\n");
    execute(&child, "init a");
    execute(&child, "init b");
    assert_string_equal(child.runtime->error_tail, "");
    child_script_close(&child);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_what_a_child_is),
        cmocka_unit_test(speaks_as_the_manual_says),
        cmocka_unit_test(passes_every_kind_of_answer_on),
        cmocka_unit_test(collects_events),
        cmocka_unit_test(resets_only_what_was_used),
        cmocka_unit_test(forgets_at_the_end_of_a_sequence),
        cmocka_unit_test(starts_a_child_anew_that_cannot_reset),
        cmocka_unit_test(starts_a_child_anew_after_an_exception),
        cmocka_unit_test(ends_a_child_by_the_end_of_its_input),
        cmocka_unit_test(reads_standard_error_apart),
    };
    return cmocka_run_group_tests_name("child_protocol", tests, NULL, NULL);
}
