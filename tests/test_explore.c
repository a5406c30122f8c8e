// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
/*
 * The exhaustive search: that it closes, that rules, tables and reference agree on every edge, that flips and mutants
 * are caught, and that it says so when it did not come to an end.
 */
#include "engine/explore.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/diagram.h"
#include "engine/edge_lines.h"
#include "rules/tables.h"

static struct rpcancel_explore_options one_call(void)
{
    return (struct rpcancel_explore_options){
        .calls = 1,
        .threads = 1,
        .earlier = 1,
        .memory = UINT64_C(1) << 30,
        .profile = RPCANCEL_PROFILE_DOCUMENTED,
        .step = {.function = rpcancel_step},
        .choices = &rpcancel_choices_documented,
    };
}

static struct rpcancel_explore_result *explore(const struct rpcancel_explore_options *options)
{
    static struct rpcancel_explore_result result;
    rpcancel_tables_init();
    rpcancel_explore(options, &result);
    return &result;
}

static void assert_agreement(const struct rpcancel_explore_result *result)
{
    assert_int_equal(result->end, RPCANCEL_EXPLORE_CLOSED);
    assert_int_equal(result->unjudged, 0);
    assert_int_equal(result->overjudged, 0);
    assert_int_equal(result->outside, 0);
    assert_int_equal(result->path_length, 0);
}

/* The figures are facts about the reference and the observer: a change of either must be meant. */
static void one_call_closes(void **state)
{
    (void)state;
    struct rpcancel_explore_options options = one_call();
    options.earlier = 0;
    const struct rpcancel_explore_result *result = explore(&options);
    assert_agreement(result);
    assert_int_equal(result->states, 400);
    assert_int_equal(result->pairs, 1325);
    assert_int_equal(result->edges, 25070);
}

/* Every operation of |slice| and every argument, but no earlier calls. */
static const struct rpcancel_explore_result *explore_slice(enum rpcancel_slice slice, unsigned profile)
{
    struct rpcancel_explore_options options = one_call();
    options.profile = (enum rpcancel_profile)profile;
    options.slice = slice;
    options.every_argument = true;
    options.earlier = 0;
    options.flips = true;
    if (options.profile == RPCANCEL_PROFILE_WINDOWS)
        options.choices = &rpcancel_choices_windows;
    return explore(&options);
}

static void agree_on_slice(enum rpcancel_slice slice, unsigned profile, uint64_t alone[])
{
    const struct rpcancel_explore_result *result = explore_slice(slice, profile);
    assert_agreement(result);
    assert_int_equal(result->flips_missed, 0);
    assert_int_equal(result->flips_wrong, 0);
    assert_int_equal(result->flips_tried, result->flips_flagged + result->flips_unspecified);
    for (unsigned i = 0; i < rpcancel_rule_count(); i++) {
        const struct rpcancel_rule *rule = rpcancel_rule_at(i);
        alone[i] +=
            slice == RPCANCEL_SLICE_CORE ? 0 : result->flipped_alone[i]; /* the others have its operations too */
        if (!(rule->profiles >> profile & 1u) || !(rule->operations & rpcancel_slice_own_operations(slice)))
            continue;
        if (result->decided[i] == 0)
            fail_msg("%s was never decided", rule->id);
    }
}

/* And each rule flags a flip that no other one does. */
static void every_profile_agrees_on_every_edge_and_flip(void **state)
{
    uint64_t alone[RPCANCEL_EXPLORE_RULES_MAX] = {0};
    (void)state;
    for (unsigned slice = 0; slice < RPCANCEL_SLICES; slice++) {
        for (unsigned profile = 0; profile < RPCANCEL_PROFILES; profile++)
            agree_on_slice((enum rpcancel_slice)slice, profile, alone);
    }
    for (unsigned i = 0; i < rpcancel_rule_count(); i++) {
        if (alone[i] == 0)
            fail_msg("%s flags no flip on its own", rpcancel_rule_at(i)->id);
    }
}

/* The largest alphabets there are: all calls, all threads, every argument. */
static void every_slice_has_room_for_its_alphabet(void **state)
{
    (void)state;
    static struct rpcancel_alphabet alphabet;
    for (unsigned slice = 0; slice < RPCANCEL_SLICES; slice++) {
        rpcancel_alphabet_init_slice(&alphabet, RPCANCEL_HANDLES_MAX, RPCANCEL_DISPATCHERS_MAX, true,
                                     (enum rpcancel_slice)slice);
        assert_in_range(alphabet.count, 300, RPCANCEL_ALPHABET_MAX);
    }
}

static void every_mutant_dies_and_every_variant_lives(void **state)
{
    (void)state;
    for (unsigned i = 0; i < rpcancel_mutant_count(); i += TEST_EVERY) {
        const struct rpcancel_mutant *mutant = rpcancel_mutant_at(i);
        struct rpcancel_explore_options options = one_call();
        options.step.function = mutant->step;
        options.profile = mutant->profile;
        if (mutant->slice != RPCANCEL_SLICE_CORE) {
            options.slice = mutant->slice;
            options.every_argument = true;
            options.earlier = mutant->calls == RPCANCEL_MUTANT_EARLIER_CALL;
        }
        const struct rpcancel_explore_result *result = explore(&options);
        if (mutant->calls == RPCANCEL_MUTANT_TWO_CALLS && result->end == RPCANCEL_EXPLORE_CLOSED) {
            options.calls = options.threads = 2;
            options.earlier = 0;
            result = explore(&options);
        }
        if (result->end != (mutant->variant ? RPCANCEL_EXPLORE_CLOSED : RPCANCEL_EXPLORE_VIOLATED))
            fail_msg("%s: search ended with %d", mutant->name, result->end);
        if (!mutant->variant)
            assert_true(result->violated_rule >= 0 && result->path_length > 0);
    }
}

/* The path of a violation, carried out on the mutant from the beginning, ends with the answer noted. */
static void the_path_shows_the_violation(void **state)
{
    (void)state;
    struct rpcancel_explore_options options = one_call();
    options.step.function = rpcancel_mutant_find("escalation-ignored");
    const struct rpcancel_explore_result *result = explore(&options);
    struct rpcancel_world world;
    struct rpcancel_answer answer = {0};
    rpcancel_world_reset(&world);
    for (unsigned i = 0; i < result->path_length; i++)
        answer = rpcancel_take_step(&options.step, options.choices, &world, result->path[i]);
    assert_int_equal(answer.kind, result->path_answer.kind);
    assert_int_equal(answer.code, result->path_answer.code);
    assert_int_equal(result->path_length, 6); /* init, call, cancel, cancel abort, settle, await: none can go */
}

/* Whether |options|' step function breaks rule |id|; the path ends with it and shows no other rule on the way. */
static unsigned length_to(struct rpcancel_explore_options options, const char *id)
{
    options.only_rule = rpcancel_rule_at((unsigned)rpcancel_rule_find(id));
    const struct rpcancel_explore_result *result = explore(&options);
    if (result->end != RPCANCEL_EXPLORE_VIOLATED)
        return 0;
    assert_int_equal(result->violated_rule, rpcancel_rule_find(id));
    return result->path_length;
}

static void it_goes_on_to_the_rule_that_is_asked_for(void **state)
{
    (void)state;
    struct rpcancel_explore_options options = one_call();
    options.step.function = rpcancel_mutant_find("status-consumes-completion");
    assert_int_equal(length_to(options, "RpcAsyncGetCallStatus/7"),
                     6); /* init, call, lose link, settle, status twice */
    assert_int_equal(length_to(options, "asynchronous-call-state/2"), 7);
    assert_int_equal(length_to(options, "RpcServerTestCancel/1"), 0); /* this one it keeps */
    options.depth = 5;
    assert_int_equal(length_to(options, "RpcAsyncGetCallStatus/7"), 0);
}

/* Polling is answered wrongly; only behind that a test of what is no handle is, too. */
static struct rpcancel_answer wrong_once_polled(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                                struct rpcancel_operation operation)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    struct rpcancel_handle *handle = &world->lanes[0].handle;
    if (operation.kind == RPCANCEL_OP_STATUS && rpcancel_answer_is_code(answer, 997)) {
        handle->unused = 1;
        return rpcancel_answer_code(998);
    }
    if (operation.kind == RPCANCEL_OP_TEST_CANCEL_INVALID && handle->unused)
        return rpcancel_answer_code(0);
    return answer;
}

static void where_another_rule_is_broken_it_does_not_go_on(void **state)
{
    (void)state;
    struct rpcancel_explore_options options = one_call();
    options.step.function = wrong_once_polled;
    assert_int_equal(length_to(options, "RpcAsyncGetCallStatus/3"), 3);
    assert_int_equal(length_to(options, "RpcServerTestCancel/11"), 0); /* a run would have ended before */
}

static void limits_leave_it_open(void **state)
{
    (void)state;
    struct rpcancel_explore_options options = one_call();
    options.memory = 64 * 1024;
    assert_int_equal(explore(&options)->end, RPCANCEL_EXPLORE_MEMORY);
    options = one_call();
    options.depth = 3;
    const struct rpcancel_explore_result *result = explore(&options);
    assert_int_equal(result->end, RPCANCEL_EXPLORE_DEPTH);
    assert_int_equal(result->depth, 3);
    options = one_call();
    const volatile sig_atomic_t stop = 1;
    options.stop = &stop;
    assert_int_equal(explore(&options)->end, RPCANCEL_EXPLORE_STOPPED);
}

static struct rpcancel_answer never_pending(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                            struct rpcancel_operation operation)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    return rpcancel_answer_is_code(answer, 997) ? rpcancel_answer_code(998) : answer;
}

static void a_step_function_of_one_s_own_can_be_searched(void **state)
{
    (void)state;
    struct rpcancel_explore_options options = one_call();
    options.step.function = never_pending;
    const struct rpcancel_explore_result *result = explore(&options);
    assert_int_equal(result->end, RPCANCEL_EXPLORE_VIOLATED);
    assert_int_equal(result->path_answer.code, 998);
}

static void the_diagram_has_every_row_that_is_reached(void **state)
{
    (void)state;
    struct rpcancel_diagram *diagram = test_calloc(1, sizeof *diagram);
    struct rpcancel_explore_options options = one_call();
    bool client[RPCANCEL_CLIENT_ROWS] = {false}, server[RPCANCEL_SERVER_ROWS] = {false};
    options.every_argument = true;
    options.edge = rpcancel_diagram_edge;
    options.edge_context = diagram;
    explore(&options);
    for (unsigned i = 0; i < RPCANCEL_STATE_CLASSES; i++) {
        client[i / RPCANCEL_SERVER_ROWS] |= diagram->reached[i];
        server[i % RPCANCEL_SERVER_ROWS] |= diagram->reached[i];
    }
    for (unsigned i = 0; i < RPCANCEL_CLIENT_ROWS; i++)
        assert_true(client[i]);
    for (unsigned i = 0; i < RPCANCEL_SERVER_ROWS; i++)
        assert_true(server[i]);
    test_free(diagram);
}

static unsigned count_of_octet(const char *text, char octet)
{
    unsigned count = 0;
    for (; *text; text++)
        count += *text == octet;
    return count;
}

static unsigned count_of(const char *text, const char *part)
{
    unsigned count = 0;
    while ((text = strstr(text, part)) != NULL) {
        count++;
        text += strlen(part);
    }
    return count;
}

/* However many pairs a world is in, its edges are written once. */
static void every_edge_between_worlds_is_a_line(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    struct rpcancel_edge_lines lines;
    struct rpcancel_explore_options options = one_call();
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    assert_true(rpcancel_edge_lines_open(&lines, out, options.calls));
    options.earlier = 0;
    options.edge = rpcancel_edge_lines_edge;
    options.edge_context = &lines;
    const struct rpcancel_explore_result *result = explore(&options);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(lines.worlds.count, result->states);
    assert_false(lines.has_failed);
    rpcancel_edge_lines_close(&lines);
    assert_int_equal(count_of_octet(text, '\n') * 3, count_of_octet(text, '\t'));
    assert_int_equal(count_of(text, "\tsettle\tdone\t"), result->states);
    assert_int_equal(count_of(text, "\nup a=zeroed\tcall a\texception\tup a=zeroed\n"), 1);
    assert_int_equal(count_of(text, "\nup a=outstanding a:dispatched@t1\tcancel a abort\t0\t"
                                    "up a=aborted,cancelled,announced a:dispatched@t1,on-its-way,orphaned\n"),
                     1);
    free(text);
}

static void all_that_a_world_holds_is_printed(void **state)
{
    (void)state;
    struct rpcancel_world world = {.link_lost = 1};
    char text[RPCANCEL_WORLD_TEXT_MAX];
    world.lanes[0].handle.phase = RPCANCEL_HANDLE_CANCELLING;
    world.lanes[0].call = (struct rpcancel_call){
        .phase = RPCANCEL_CALL_ENDED_RUNNING, .manager = 2, .reply = 1, .outcome = RPCANCEL_RESULT_FAULT + 6};
    world.lanes[0].earlier = (struct rpcancel_call){
        .request = 1, .cancel = 1, .orphaned = 1, .reply = 1, .outcome = RPCANCEL_RESULT_SUCCESS};
    world.lanes[1].handle = (struct rpcancel_handle){
        .phase = RPCANCEL_HANDLE_FAILED, .result = RPCANCEL_RESULT_FAULT, .notification = RPCANCEL_NOTIFICATION_TAKEN};
    world.lanes[1].call = (struct rpcancel_call){.phase = RPCANCEL_CALL_ON_WORKER, .cancelled = 1};
    size_t length = rpcancel_world_print(&world, 2, text, sizeof text);
    assert_string_equal(text, "lost a=cancelling a:ended-running@t3,on-its-way,reply=0xC0000005 "
                              "a':unknown,on-its-way,request,cancel,orphaned,reply "
                              "b=failed,5,taken b:on-worker,cancelled");
    assert_int_equal(length, strlen(text));
    assert_int_equal(rpcancel_world_print(&world, 1, text, 12), 11);
    assert_string_equal(text, "lost a=canc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_call_closes),
        cmocka_unit_test(every_profile_agrees_on_every_edge_and_flip),
        cmocka_unit_test(every_slice_has_room_for_its_alphabet),
        cmocka_unit_test(every_mutant_dies_and_every_variant_lives),
        cmocka_unit_test(the_path_shows_the_violation),
        cmocka_unit_test(it_goes_on_to_the_rule_that_is_asked_for),
        cmocka_unit_test(where_another_rule_is_broken_it_does_not_go_on),
        cmocka_unit_test(limits_leave_it_open),
        cmocka_unit_test(a_step_function_of_one_s_own_can_be_searched),
        cmocka_unit_test(the_diagram_has_every_row_that_is_reached),
        cmocka_unit_test(every_edge_between_worlds_is_a_line),
        cmocka_unit_test(all_that_a_world_holds_is_printed),
    };
    return cmocka_run_group_tests_name("explore", tests, NULL, NULL);
}
