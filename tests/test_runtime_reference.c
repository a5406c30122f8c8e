// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mutants/mutants.h"
#include "reference.h"
#include "runtime/runtime.h"
#include "sequence/sequence.h"
#include "status.h"

static struct rpcancel_runtime *open_reference(const struct rpcancel_runtime_options *options)
{
    char failure[RPCANCEL_FAILURE_TEXT_MAX] = "";
    bool usage = true;
    struct rpcancel_runtime *runtime = rpcancel_runtime_open("reference", options, failure, &usage);
    assert_string_equal(failure, "");
    assert_non_null(runtime);
    assert_false(usage);
    assert_int_equal(runtime->functions->reset(runtime), RPCANCEL_EXCHANGE_ANSWERED);
    return runtime;
}

static struct rpcancel_answer execute(struct rpcancel_runtime *runtime, struct rpcancel_operation operation)
{
    struct rpcancel_answer answer = {0};
    assert_int_equal(runtime->functions->execute(runtime, operation, &answer), RPCANCEL_EXCHANGE_ANSWERED);
    assert_int_equal(runtime->event_count, 0);
    return answer;
}

static struct rpcancel_answer say(struct rpcancel_runtime *runtime, const char *text)
{
    struct rpcancel_operation operation;
    struct rpcancel_sequence_error error;
    assert_true(rpcancel_operation_parse(&operation, text, strlen(text), &error));
    return execute(runtime, operation);
}

static bool same(struct rpcancel_answer a, struct rpcancel_answer b)
{
    return a.kind == b.kind && a.code == b.code && a.facts == b.facts;
}

/* Any operation; but seldom one that loses the link, after which little happens. */
static struct rpcancel_operation random_operation(uint32_t *random)
{
    *random = *random * 1664525u + 1013904223u;
    unsigned kind = (*random >> 8) % RPCANCEL_OPERATION_KINDS;
    if (kind == RPCANCEL_OP_LOSE_LINK && *random >> 28)
        kind = RPCANCEL_OP_SETTLE;
    return rpcancel_operation_canonical((struct rpcancel_operation){.kind = (uint8_t)kind,
                                                                    .handle = *random >> 16 & 1,
                                                                    .earlier = *random >> 18 & *random >> 19 & 1,
                                                                    .thread = *random >> 20 & 3,
                                                                    .argument = *random >> 22 & 7});
}

/* Runs |runtime| beside |step| on random operations; returns how many answers |reference| would have given otherwise.
 */
static unsigned run_beside(struct rpcancel_runtime *runtime, rpcancel_step_function *step,
                           const struct rpcancel_choices *choices, unsigned count)
{
    struct rpcancel_world world;
    struct rpcancel_world undisturbed;
    uint32_t random = 1;
    unsigned differences = 0;
    for (unsigned i = 0; i < count; i++) {
        if (i % 256 == 0) {
            assert_int_equal(runtime->functions->reset(runtime), RPCANCEL_EXCHANGE_ANSWERED);
            rpcancel_world_reset(&world);
        }
        struct rpcancel_operation operation = random_operation(&random);
        undisturbed = world;
        struct rpcancel_answer expected = step(choices, &world, operation);
        assert_true(same(execute(runtime, operation), expected));
        differences += !same(rpcancel_step(choices, &undisturbed, operation), expected);
    }
    return differences;
}

static void answers_as_the_reference_does(void **state)
{
    (void)state;
    struct rpcancel_runtime *runtime = open_reference(&(struct rpcancel_runtime_options){0});
    assert_string_equal(runtime->name, "reference");
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++)
        assert_int_equal(runtime->control[kind], RPCANCEL_COMMAND);
    assert_int_equal(run_beside(runtime, rpcancel_step, &rpcancel_choices_documented, 20000), 0);
    runtime->functions->close(runtime);
}

static void takes_the_choices_of_windows(void **state)
{
    (void)state;
    struct rpcancel_runtime *runtime = open_reference(&(struct rpcancel_runtime_options){.windows_profile = true});
    run_beside(runtime, rpcancel_step, &rpcancel_choices_windows, 20000);
    runtime->functions->reset(runtime);
    assert_int_equal(say(runtime, "status a").code, RPCANCEL_S_INVALID_BINDING);
    runtime->functions->close(runtime);
}

static void runs_a_mutant_instead(void **state)
{
    (void)state;
    unsigned different = 0;
    for (unsigned i = 0; i < rpcancel_mutant_count(); i++) {
        const struct rpcancel_mutant *mutant = rpcancel_mutant_at(i);
        struct rpcancel_runtime *runtime = open_reference(&(struct rpcancel_runtime_options){.mutant = mutant->name});
        different += run_beside(runtime, mutant->step, &rpcancel_choices_documented, 20000) > 0;
        runtime->functions->close(runtime);
    }
    assert_true(different > 0);
}

static void refuses_an_unknown_mutant(void **state)
{
    (void)state;
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    bool usage = false;
    struct rpcancel_runtime_options options = {.mutant = "no-such-mutant"};
    assert_null(rpcancel_runtime_open("reference", &options, failure, &usage));
    assert_true(usage);
    assert_string_equal(failure, "there is no mutant or variant `no-such-mutant`");
    options.mutant = NULL;
    usage = false;
    assert_null(rpcancel_runtime_open("references", &options, failure, &usage));
    assert_true(usage);
    assert_string_equal(failure, "unknown runtime `references`; expected reference, child:COMMAND, plugin:FILE, "
                                 "tcp:HOST:PORT or tcp-listen:COMMAND");
}

/* ---- hidden delivery ---- */

static void does_not_deliver_on_command_when_delivery_is_hidden(void **state)
{
    (void)state;
    struct rpcancel_runtime *runtime = open_reference(&(struct rpcancel_runtime_options){.hide_delivery = true});
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        bool hidden = strstr(rpcancel_operation_describe(kind)->words, "deliver") != NULL;
        assert_int_equal(runtime->control[kind], hidden ? RPCANCEL_HIDDEN : RPCANCEL_COMMAND);
    }
    say(runtime, "init a");
    say(runtime, "call a");
    assert_int_equal(say(runtime, "deliver request a").kind, RPCANCEL_ANSWER_UNIMPLEMENTED);
    runtime->functions->close(runtime);
}

static void prepare_cancelled_call(struct rpcancel_runtime *runtime)
{
    runtime->functions->reset(runtime);
    say(runtime, "init a");
    say(runtime, "call a");
    /* However slow its request is, whoever asks for the manager routine waits for it. */
    assert_int_equal(say(runtime, "dispatch a @t1").kind, RPCANCEL_ANSWER_DONE);
    say(runtime, "cancel a");
}

/* Both orders of every race must come up, or hidden delivery hides nothing. */
static void delivers_early_and_late(void **state)
{
    (void)state;
    enum { ROUNDS = 400 };
    struct rpcancel_runtime *runtime =
        open_reference(&(struct rpcancel_runtime_options){.hide_delivery = true, .seed = 7});
    unsigned cancel_seen = 0;
    unsigned reply_seen = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        prepare_cancelled_call(runtime);
        struct rpcancel_answer answer = say(runtime, "test-cancel a @t1");
        assert_true(rpcancel_answer_is_code(answer, 0) || rpcancel_answer_is_code(answer, 1791));
        cancel_seen += answer.code == 0;
        say(runtime, "complete a @t1");
        answer = say(runtime, "status a");
        assert_true(rpcancel_answer_is_code(answer, 0) || rpcancel_answer_is_code(answer, 997));
        reply_seen += answer.code == 0;
        assert_int_equal(say(runtime, "lose link").kind, RPCANCEL_ANSWER_DONE); /* it was up: only a command loses it */
    }
    assert_in_range(cancel_seen, ROUNDS / 10, ROUNDS * 9 / 10);
    assert_in_range(reply_seen, ROUNDS / 10, ROUNDS * 9 / 10);
    runtime->functions->close(runtime);
}

/* The same of a synchronous manager routine, and time goes by only where it is asked to. */
static void hides_the_messages_of_synchronous_calls(void **state)
{
    (void)state;
    enum { ROUNDS = 400 };
    struct rpcancel_runtime *runtime =
        open_reference(&(struct rpcancel_runtime_options){.hide_delivery = true, .seed = 11});
    unsigned returned = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        runtime->functions->reset(runtime);
        say(runtime, "set-call-timeout a 1");
        assert_int_equal(say(runtime, "synchronous-call a").kind, RPCANCEL_ANSWER_DONE);
        assert_int_equal(say(runtime, "dispatch a synchronous @t1").kind, RPCANCEL_ANSWER_DONE);
        assert_true(rpcancel_answer_is_code(say(runtime, "returned a"), RPCANCEL_S_WAIT_TIMEOUT));
        say(runtime, "return a");
        returned += rpcancel_answer_is_code(say(runtime, "returned a"), RPCANCEL_S_OK);
    }
    assert_in_range(returned, ROUNDS / 10, ROUNDS * 9 / 10);
    runtime->functions->close(runtime);
}

static void delivers_everything_at_a_settle(void **state)
{
    (void)state;
    struct rpcancel_runtime *runtime =
        open_reference(&(struct rpcancel_runtime_options){.hide_delivery = true, .seed = 3});
    for (unsigned i = 0; i < 200; i++) {
        prepare_cancelled_call(runtime);
        assert_int_equal(say(runtime, "settle").kind, RPCANCEL_ANSWER_DONE);
        assert_true(rpcancel_answer_is_code(say(runtime, "test-cancel a @t1"), 0));
    }
    runtime->functions->close(runtime);
}

/* What 64 cancels that race with a test for them came to, a bit each. */
static uint64_t races(uint64_t seed)
{
    struct rpcancel_runtime *runtime =
        open_reference(&(struct rpcancel_runtime_options){.hide_delivery = true, .seed = seed});
    uint64_t bits = 0;
    for (unsigned i = 0; i < 64; i++) {
        prepare_cancelled_call(runtime);
        bits = bits << 1 | rpcancel_answer_is_code(say(runtime, "test-cancel a @t1"), 0);
    }
    runtime->functions->close(runtime);
    return bits;
}

static void repeats_itself_for_the_same_seed_only(void **state)
{
    (void)state;
    assert_true(races(1) == races(1));
    assert_true(races(1) != races(2));
    assert_true(races(0) != races(1));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_as_the_reference_does),
        cmocka_unit_test(takes_the_choices_of_windows),
        cmocka_unit_test(runs_a_mutant_instead),
        cmocka_unit_test(refuses_an_unknown_mutant),
        cmocka_unit_test(does_not_deliver_on_command_when_delivery_is_hidden),
        cmocka_unit_test(delivers_early_and_late),
        cmocka_unit_test(hides_the_messages_of_synchronous_calls),
        cmocka_unit_test(delivers_everything_at_a_settle),
        cmocka_unit_test(repeats_itself_for_the_same_seed_only),
    };
    return cmocka_run_group_tests_name("runtime_reference", tests, NULL, NULL);
}
