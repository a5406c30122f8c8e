// SPDX-License-Identifier: Apache-2.0
/*
 * rpcancel-child: the driver of child runtimes on the façade, asked through pipes as the harness asks it.
 */
#define _GNU_SOURCE

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/wait.h>
#include <unistd.h>

#include "random_sequence.h"
#include "reference.h"
#include "status.h"

enum { OPTIONS_MAX = 6, OUTPUT_MAX = 1 << 20 };

struct child {
    pid_t process;
    int to;
    FILE *from;
};

static struct child start(const char *const options[])
{
    int in[2], out[2];
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    const char *arguments[OPTIONS_MAX + 2] = {TEST_BUILD_DIRECTORY "/rpcancel-child"};
    for (unsigned i = 0; options && options[i]; i++)
        arguments[i + 1] = options[i];
    struct child child = {.process = fork(), .to = in[1]};
    assert_true(child.process >= 0);
    if (child.process == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        dup2(out[1], STDERR_FILENO);
        close(in[1]);
        close(out[0]);
        execv(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    child.from = fdopen(out[0], "r");
    assert_non_null(child.from);
    return child;
}

static void tell(const struct child *child, const char *text, size_t length)
{
    assert_int_equal(write(child->to, text, length), length);
}

static void expect_line(const struct child *child, const char *expected)
{
    char line[512];
    assert_non_null(fgets(line, sizeof line, child->from));
    line[strcspn(line, "\n")] = '\0';
    assert_string_equal(line, expected);
}

/* Ends the input and returns the exit code. */
static int stop(struct child *child)
{
    int status = 0;
    close(child->to);
    assert_int_equal(waitpid(child->process, &status, 0), child->process);
    fclose(child->from);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* Tells |input| as it stands; returns the exit code, and what was said, errors too, in |said|. */
static int converse(const char *const options[], const char *input, size_t length, char *said)
{
    struct child child = start(options);
    tell(&child, input, length);
    close(child.to);
    child.to = dup(STDERR_FILENO);
    size_t got = fread(said, 1, OUTPUT_MAX - 1, child.from);
    said[got] = '\0';
    return stop(&child);
}

static char output[OUTPUT_MAX];

static void assert_says(const char *const options[], const char *input, const char *expected)
{
    assert_int_equal(converse(options, input, strlen(input), output), 0);
    assert_string_equal(output, expected);
}

/* ---- the same as the reference implementation ---- */

/* The answer line that |answer| must become, without its number. */
static void expected_line(struct rpcancel_answer answer, char *out, size_t size)
{
    static const char *const words[] = {
        [RPCANCEL_ANSWER_DONE] = "0",
        [RPCANCEL_ANSWER_NULL] = "0 handle=null",
        [RPCANCEL_ANSWER_HANDLE] = "0 handle=set",
        [RPCANCEL_ANSWER_REFUSED] = "refused",
        [RPCANCEL_ANSWER_UNDEFINED] = "undefined",
        [RPCANCEL_ANSWER_UNIMPLEMENTED] = "unimplemented",
    };
    if (answer.kind == RPCANCEL_ANSWER_CODE)
        snprintf(out, size, "%u%s", (unsigned)answer.code,
                 answer.facts & RPCANCEL_FACT_LOOKED ? " signature=0x43595341 cleared=1 kept=1" : "");
    else if (answer.kind == RPCANCEL_ANSWER_EXCEPTION)
        snprintf(out, size, "exception 0x%08X", (unsigned)answer.code);
    else
        snprintf(out, size, "%s", words[answer.kind]);
}

/* Random operations that mostly can happen: without a bias most would be refused. */
static struct rpcancel_operation likely_operation(struct random_source *source, const struct rpcancel_choices *choices,
                                                  const struct rpcancel_world *world)
{
    struct rpcancel_operation operation = random_operation(source);
    for (unsigned tries = 0; tries < 20; tries++) {
        struct rpcancel_world copy = *world;
        operation = random_operation(source);
        if (operation.kind == RPCANCEL_OP_LOSE_LINK && random_below(source, 20))
            continue;
        if (rpcancel_answer_happened(rpcancel_step(choices, &copy, operation)))
            break;
    }
    return operation;
}

static unsigned lock_step(const char *const options[], const struct rpcancel_choices *choices, uint64_t seed)
{
    enum { SEQUENCES = 150, STEPS = 200 };
    struct random_source source = {.state = seed};
    struct child child = start(options);
    unsigned id = 0, happened = 0;
    for (unsigned i = 0; i < SEQUENCES; i++) {
        struct rpcancel_world world;
        static struct rpcancel_answer answers[STEPS];
        static char lines[STEPS * 64];
        rpcancel_world_reset(&world);
        size_t length = (size_t)snprintf(lines, sizeof lines, "%u reset\n", ++id);
        unsigned first = id;
        for (unsigned step = 0; step < STEPS; step++) {
            char text[RPCANCEL_OPERATION_TEXT_MAX];
            struct rpcancel_operation operation = likely_operation(&source, choices, &world);
            rpcancel_operation_print(operation, text, sizeof text);
            length += (size_t)snprintf(lines + length, sizeof lines - length, "%u %s\n", ++id, text);
            answers[step] = rpcancel_step(choices, &world, operation);
            happened += rpcancel_answer_happened(answers[step]);
        }
        tell(&child, lines, length);
        char expected[96];
        snprintf(expected, sizeof expected, "%u 0", first);
        expect_line(&child, expected);
        for (unsigned step = 0; step < STEPS; step++) {
            int written = snprintf(expected, sizeof expected, "%u ", first + 1 + step);
            expected_line(answers[step], expected + written, sizeof expected - (size_t)written);
            expect_line(&child, expected);
        }
    }
    assert_int_equal(stop(&child), 0);
    return happened;
}

static void answers_are_those_of_the_reference(void **context)
{
    (void)context;
    assert_true(lock_step(NULL, &rpcancel_choices_documented, 1) > 20000);
}

static void answers_are_those_of_the_profile_windows(void **context)
{
    (void)context;
    const char *const options[] = {"--profile", "windows", NULL};
    assert_true(lock_step(options, &rpcancel_choices_windows, 2) > 20000);
}

/* ---- describing itself, delivery ---- */

static void describes_itself(void **context)
{
    (void)context;
    const char *const hidden[] = {"--delivery", "hidden", NULL};
    char said[256];
    assert_int_equal(converse(NULL, "7 describe\n", 11, output), 0);
    assert_int_equal(sscanf(output, "7 0 name=reference version=%255s delivery=command dispatch=command\n", said), 1);
    assert_non_null(strstr(output, "delivery=command dispatch=command\n"));
    assert_int_equal(converse(hidden, "7 describe\n", 11, output), 0);
    assert_non_null(strstr(output, " delivery=hidden dispatch=command\n"));
}

static void hidden_messages_are_not_delivered_on_command(void **context)
{
    (void)context;
    const char *const options[] = {"--delivery", "hidden", "--seed", "3", NULL};
    assert_says(options, "1 init a\n2 call a\n3 deliver request a\n4 dispatch a @t1\n5 deliver reply a\n6 settle\n",
                "1 0 signature=0x43595341 cleared=1 kept=1\n2 0\n3 unimplemented\n4 0\n5 unimplemented\n6 0\n");
    assert_says(options,
                "1 synchronous-call a\n2 deliver request a\n3 dispatch a synchronous @t1\n4 return a\n5 settle\n"
                "6 returned a\n",
                "1 0\n2 unimplemented\n3 0\n4 0\n5 0\n6 0\n");
}

/* Whether a cancel that was just sent has arrived is left to chance; after settle it has, and it stays so. */
static void hidden_messages_arrive_at_random_times(void **context)
{
    (void)context;
    unsigned early = 0;
    enum { SEEDS = 40 };
    for (unsigned seed = 0; seed < SEEDS; seed++) {
        char number[16];
        const char *const options[] = {"--delivery", "hidden", "--seed", number, NULL};
        snprintf(number, sizeof number, "%u", seed);
        const char *input = "1 init a\n2 call a\n3 dispatch a @t1\n4 cancel a\n5 test-cancel a @t1\n6 settle\n"
                            "7 test-cancel 0 @t1\n8 complete a @t1\n9 settle\n10 await a\n11 complete a\n";
        assert_int_equal(converse(options, input, strlen(input), output), 0);
        assert_non_null(strstr(output, "\n3 0\n4 0\n5 "));
        assert_non_null(strstr(output, "\n6 0\n7 0\n8 0\n9 0\n10 0\n11 0\n"));
        early += strstr(output, "\n5 0\n") != NULL;
        char *first = strdup(output);
        assert_int_equal(converse(options, input, strlen(input), output), 0);
        assert_string_equal(output, first); /* the same seed, the same deliveries */
        free(first);
    }
    assert_in_range(early, 5, SEEDS - 5);
}

/* ---- lies ---- */

static void lies_change_codes_on_the_way_out(void **context)
{
    (void)context;
    const char *const everywhere[] = {"--lie", "1725=0", NULL};
    const char *const one_kind[] = {"--lie", "test-cancel-invalid:1702=1791", "--lie", "init-bad-size:87=5", NULL};
    const char *input = "1 test-cancel 0 @w\n2 test-cancel invalid @w\n3 init a size-too-small\n";
    assert_says(NULL, input, "1 1725\n2 1702\n3 87\n");
    assert_says(everywhere, input, "1 0\n2 1702\n3 87\n");
    assert_says(one_kind, input, "1 1725\n2 1791\n3 5\n");
}

/* A lie is told to the harness only: the call goes on as it did. */
static void lies_change_nothing_inside(void **context)
{
    (void)context;
    const char *const options[] = {"--lie", "complete:997=0", NULL};
    assert_says(options, "1 init a\n2 call a\n3 complete a\n4 status a\n",
                "1 0 signature=0x43595341 cleared=1 kept=1\n2 0\n3 0\n4 997\n");
}

/* ---- bad input ---- */

static void bad_options_are_usage_errors(void **context)
{
    (void)context;
    static const char *const bad[][3] = {
        {"--delivery", "sometimes", "expected command or hidden"},
        {"--profile", "linux", "expected documented or windows"},
        {"--seed", "-1", "expected a decimal number"},
        {"--seed", "99999999999999999999", "expected a decimal number"},
        {"--lie", "1791", "expected [OPERATION:]FROM=TO"},
        {"--lie", "1791=", "expected [OPERATION:]FROM=TO"},
        {"--lie", "1791=0x", "expected [OPERATION:]FROM=TO"},
        {"--lie", "4294967296=0", "expected [OPERATION:]FROM=TO"},
        {"--lie", "test cancel:1791=0", "expected [OPERATION:]FROM=TO"},
        {"--lie", "testcancel:1791=0", "expected [OPERATION:]FROM=TO"},
        {"--seed", NULL, "expected a value after it"},
        {"--what", NULL, "expected --delivery, --seed, --profile, --mutant, --lie or --help"},
    };
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *const options[] = {bad[i][0], bad[i][1], NULL};
        assert_int_equal(converse(options, "", 0, output), 2);
        assert_non_null(strstr(output, bad[i][0]));
        assert_non_null(strstr(output, bad[i][2]));
    }
}

static void unknown_operations_are_not_implemented(void **context)
{
    (void)context;
    const char *input = "1 frobnicate a\n2 cancel z\n3 settle\n";
    assert_int_equal(converse(NULL, input, strlen(input), output), 0);
    assert_non_null(strstr(output, "1 unimplemented\n2 unimplemented\n3 0\n"));
    assert_non_null(strstr(output, "unknown operation \"frobnicate a\""));
}

static void lines_that_are_none_end_the_child(void **context)
{
    (void)context;
    static const char *const bad[] = {
        "settle\n", "12\n", "x1 settle\n", "\n", "1settle\n", "-1 settle\n", "123456789012345678901 settle\n"};
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(converse(NULL, bad[i], strlen(bad[i]), output), 3);
        assert_non_null(strstr(output, "expected \"ID WHAT\""));
    }
}

static void endless_lines_end_the_child(void **context)
{
    (void)context;
    static char line[5000];
    memset(line, '1', sizeof line);
    assert_int_equal(converse(NULL, line, sizeof line, output), 3);
    assert_non_null(strstr(output, "at most 4095 bytes"));
}

static void the_end_of_input_is_the_end(void **context)
{
    (void)context;
    assert_says(NULL, "", "");
    assert_says(NULL, "1 settle\n2 sett", "1 0\n");
}

static void carriage_returns_do_not_matter(void **context)
{
    (void)context;
    assert_says(NULL, "1 reset\r\n2 test-cancel 0 @w\r\n", "1 0\n2 1725\n");
}

static void lines_may_arrive_in_pieces(void **context)
{
    (void)context;
    struct child child = start(NULL);
    const char *line = "41 test-cancel 0 @w\n";
    for (const char *byte = line; *byte; byte++) {
        tell(&child, byte, 1);
        usleep(500);
    }
    expect_line(&child, "41 1725");
    assert_int_equal(stop(&child), 0);
}

int main(void)
{
    const struct CMUnitTest child_driver[] = {
        cmocka_unit_test(answers_are_those_of_the_reference),
        cmocka_unit_test(answers_are_those_of_the_profile_windows),
        cmocka_unit_test(describes_itself),
        cmocka_unit_test(hidden_messages_are_not_delivered_on_command),
        cmocka_unit_test(hidden_messages_arrive_at_random_times),
        cmocka_unit_test(lies_change_codes_on_the_way_out),
        cmocka_unit_test(lies_change_nothing_inside),
        cmocka_unit_test(bad_options_are_usage_errors),
        cmocka_unit_test(unknown_operations_are_not_implemented),
        cmocka_unit_test(lines_that_are_none_end_the_child),
        cmocka_unit_test(endless_lines_end_the_child),
        cmocka_unit_test(the_end_of_input_is_the_end),
        cmocka_unit_test(carriage_returns_do_not_matter),
        cmocka_unit_test(lines_may_arrive_in_pieces),
    };
    return cmocka_run_group_tests(child_driver, NULL, NULL);
}
