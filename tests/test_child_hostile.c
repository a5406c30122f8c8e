// SPDX-License-Identifier: Apache-2.0
/* Children that mean harm: they die or hang at any operation, do not let go of what they were given, change what they
 * are. docs/hostile.md has them in a table. child_script_close checks that nothing of them is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "child_script.h"
#include "operation.h"
#include "sequence/sequence.h"

enum { GENEROUS_MS = 60000, SHORT_MS = 300, VERY_SHORT_MS = 30 };

static const struct rpcancel_operation status_a = {.kind = RPCANCEL_OP_STATUS};

static void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("`%s` does not say `%s`", text, part);
}

static void open_child(struct child_script *child, const char *script, unsigned deadline_ms)
{
    child_script_open(child, script, deadline_ms);
    if (!child->runtime)
        fail_msg("%s: %s", script, child->failure);
}

/* Asks for every operation there is, each of a new process that does |script| in place of an answer. */
static void ask_for_everything(const char *script, unsigned deadline_ms, enum rpcancel_exchange expected)
{
    struct child_script child;
    open_child(&child, script, deadline_ms);
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        struct rpcancel_operation operation =
            rpcancel_operation_canonical((struct rpcancel_operation){.kind = (uint8_t)kind});
        struct rpcancel_answer answer;
        char text[RPCANCEL_OPERATION_TEXT_MAX], quoted[RPCANCEL_OPERATION_TEXT_MAX + 8];
        rpcancel_operation_print(operation, text, sizeof text);
        snprintf(quoted, sizeof quoted, expected == RPCANCEL_EXCHANGE_BROKEN ? "`2 %s`" : "`%s`", text);
        enum rpcancel_exchange exchange = child.runtime->functions->execute(child.runtime, operation, &answer);
        if (exchange != expected)
            fail_msg("%s: exchange %d: %s", text, (int)exchange, child.runtime->failure);
        assert_says(child.runtime->failure, quoted);
        assert_int_equal(child.runtime->functions->reset(child.runtime), RPCANCEL_EXCHANGE_ANSWERED);
    }
    assert_int_equal(child_script_starts(&child), RPCANCEL_OPERATION_KINDS + 1);
    child_script_close(&child);
}

static void names_whatever_a_child_dies_at(void **state)
{
    (void)state;
    ask_for_everything("answer 0\nread -r line; kill -SEGV $$", GENEROUS_MS, RPCANCEL_EXCHANGE_CRASHED);
}

static void names_whatever_a_child_ends_at(void **state)
{
    (void)state;
    ask_for_everything("answer 0\nread -r line; exit 0", GENEROUS_MS, RPCANCEL_EXCHANGE_CRASHED);
}

static void names_whatever_a_child_hangs_at(void **state)
{
    (void)state;
    ask_for_everything("answer 0\nread -r line; exec sleep 300", VERY_SHORT_MS, RPCANCEL_EXCHANGE_HUNG);
}

static void names_whatever_a_child_talks_nonsense_at(void **state)
{
    (void)state;
    ask_for_everything("answer 0\nread -r line; echo 2 4294967296; exec sleep 300", GENEROUS_MS,
                       RPCANCEL_EXCHANGE_BROKEN);
}

/* Asks for `status a` of a child that then does |script|, and compares. */
static void check_deed(const char *script, unsigned deadline_ms, enum rpcancel_exchange expected, const char *says)
{
    struct child_script child;
    struct rpcancel_answer answer;
    open_child(&child, script, deadline_ms);
    enum rpcancel_exchange exchange = child.runtime->functions->execute(child.runtime, status_a, &answer);
    if (exchange != expected)
        fail_msg("%s: exchange %d: %s", script, (int)exchange, child.runtime->failure);
    if (exchange == RPCANCEL_EXCHANGE_ANSWERED)
        assert_true(rpcancel_answer_is_code(answer, 87));
    else
        assert_says(child.runtime->failure, says);
    child_script_close(&child);
}

static void takes_an_answer_in_drops(void **state)
{
    (void)state;
    check_deed("answer 0\nread -r line\nfor c in 2 ' ' 8 7; do printf \"$c\"; sleep 0.05; done; echo; serve 0",
               GENEROUS_MS, RPCANCEL_EXCHANGE_ANSWERED, "");
}

static void does_not_mind_a_child_that_stops_listening(void **state)
{
    (void)state;
    /* Its input is closed before the line comes: writing fails, and it is heard all the same. */
    check_deed("answer 0\nexec <&-\necho 2 87\nsleep 300", GENEROUS_MS, RPCANCEL_EXCHANGE_ANSWERED, "");
    check_deed("answer 0\nexec <&-\nsleep 300", SHORT_MS, RPCANCEL_EXCHANGE_HUNG, "did not answer `status a`");
}

/* One that left the group holds the pipes open; it is its own business, and nobody's wait. */
static void does_not_wait_for_a_daemon(void **state)
{
    (void)state;
    check_deed("answer 0\nsetsid sleep 3 &\nsleep 0.2\nexit 5", GENEROUS_MS, RPCANCEL_EXCHANGE_CRASHED,
               "ended with exit code 5 instead of answering `status a`");
    check_deed("answer 0\nsetsid sh -c 'sleep 0.5; echo 2 87; sleep 2' & exec sleep 300", SHORT_MS,
               RPCANCEL_EXCHANGE_HUNG, "did not answer `status a`");
}

/* Of memory the harness sets no limit; ulimit does, and what comes of it is told. */
static void tells_that_memory_ran_out(void **state)
{
    (void)state;
    check_deed("answer 0\nulimit -v 60000\nx=xxxxxxxxxxxxxxxx\nwhile :; do x=$x$x; done", GENEROUS_MS,
               RPCANCEL_EXCHANGE_CRASHED, "instead of answering `status a`");
}

static void wants_the_same_description_each_time(void **state)
{
    (void)state;
    static const char *const others[] = {"name=other", "name=one version=2", "name=one delivery=command",
                                         "name=one dispatch=event"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        char script[256];
        struct child_script child;
        struct rpcancel_answer answer;
        snprintf(script, sizeof script, "[ \"$(wc -l <pids)\" = 1 ] || serve 0 %s\nanswer 0 name=one\nexit 1\n",
                 others[i]);
        open_child(&child, script, GENEROUS_MS);
        enum rpcancel_exchange exchange = child.runtime->functions->execute(child.runtime, status_a, &answer);
        assert_int_equal(exchange, RPCANCEL_EXCHANGE_CRASHED);
        assert_int_equal(child.runtime->functions->reset(child.runtime), RPCANCEL_EXCHANGE_BROKEN);
        assert_says(child.runtime->failure, "expected the name, version, delivery and dispatch that it had when");
        assert_string_equal(child.runtime->name, "one");
        assert_string_equal(child.runtime->version, "");
        assert_int_equal(child.runtime->control[RPCANCEL_OP_DELIVER_CANCEL], RPCANCEL_HIDDEN);
        child_script_close(&child);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_whatever_a_child_dies_at),
        cmocka_unit_test(names_whatever_a_child_ends_at),
        cmocka_unit_test(names_whatever_a_child_hangs_at),
        cmocka_unit_test(names_whatever_a_child_talks_nonsense_at),
        cmocka_unit_test(takes_an_answer_in_drops),
        cmocka_unit_test(does_not_mind_a_child_that_stops_listening),
        cmocka_unit_test(does_not_wait_for_a_daemon),
        cmocka_unit_test(tells_that_memory_ran_out),
        cmocka_unit_test(wants_the_same_description_each_time),
    };
    return cmocka_run_group_tests_name("child_hostile", tests, NULL, NULL);
}
