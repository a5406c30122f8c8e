// SPDX-License-Identifier: Apache-2.0
/*
 * The observer, and what the harness believes to be in flight: in lockstep with the reference they never lose track.
 */
#include "observer/observer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "observer/in_flight.h"
#include "random_sequence.h"
#include "reference.h"

static bool same_messages(struct rpcancel_call call, struct rpcancel_observed_call seen)
{
    return call.request == seen.request && call.cancel == seen.cancel && call.orphaned == seen.orphaned &&
           call.reply == seen.reply && (unsigned)call.phase == (unsigned)seen.phase && call.manager == seen.manager;
}

static void it_knows_what_is_on_its_way(void **state)
{
    (void)state;
    struct random_source random = {.state = 3};
    struct rpcancel_world world;
    struct rpcancel_observer observer;
    rpcancel_world_reset(&world);
    rpcancel_observer_reset(&observer);
    for (unsigned i = 0; i < 400000; i++) {
        struct rpcancel_operation operation = random_operation(&random);
        struct rpcancel_answer answer = rpcancel_step(&rpcancel_choices_documented, &world, operation);
        rpcancel_observe(&observer, operation, answer);
        for (unsigned lane = 0; lane < RPCANCEL_HANDLES_MAX; lane++) {
            assert_true(same_messages(world.lanes[lane].call, observer.lanes[lane].call));
            assert_true(same_messages(world.lanes[lane].earlier, observer.lanes[lane].earlier));
        }
        assert_int_equal(observer.link_lost, world.link_lost);
        if (random_below(&random, 300) == 0) {
            rpcancel_world_reset(&world);
            rpcancel_observer_reset(&observer);
        }
    }
}

/* What the reference refuses the harness knows to be impossible, and the reverse. */
static void it_knows_what_is_possible(void **state)
{
    (void)state;
    struct random_source random = {.state = 4};
    struct rpcancel_world world;
    struct rpcancel_observer observer;
    rpcancel_world_reset(&world);
    rpcancel_observer_reset(&observer);
    for (unsigned i = 0; i < 400000; i++) {
        struct rpcancel_operation operation = random_operation(&random);
        bool possible = rpcancel_is_possible(&observer, operation);
        struct rpcancel_answer answer = rpcancel_step(&rpcancel_choices_documented, &world, operation);
        bool is_client = rpcancel_operation_describe(operation.kind)->actor == RPCANCEL_ACTOR_CLIENT;
        if (!is_client && answer.kind != RPCANCEL_ANSWER_UNDEFINED)
            assert_int_equal(possible, rpcancel_answer_happened(answer));
        if (rpcancel_answer_happened(answer))
            assert_true(possible);
        rpcancel_observe(&observer, operation, answer);
        if (random_below(&random, 300) == 0) {
            rpcancel_world_reset(&world);
            rpcancel_observer_reset(&observer);
        }
    }
}

static void what_is_in_flight_can_be_delivered(void **state)
{
    (void)state;
    struct random_source random = {.state = 5};
    struct rpcancel_world world;
    struct rpcancel_observer observer;
    struct rpcancel_operation steps[RPCANCEL_HIDDEN_STEPS_MAX];
    rpcancel_world_reset(&world);
    rpcancel_observer_reset(&observer);
    for (unsigned i = 0; i < 100000; i++) {
        struct rpcancel_operation operation = random_operation(&random);
        rpcancel_observe(&observer, operation, rpcancel_step(&rpcancel_choices_documented, &world, operation));
        unsigned count = rpcancel_in_flight(&observer, steps);
        unsigned deliverable = 0;
        for (unsigned kind = RPCANCEL_OP_DELIVER_REQUEST; kind <= RPCANCEL_OP_DELIVER_REPLY; kind++) {
            for (unsigned n = 0; n < 2 * RPCANCEL_HANDLES_MAX; n++) {
                struct rpcancel_world copy = world;
                struct rpcancel_operation deliver = {
                    .kind = (uint8_t)kind, .handle = n / 2 & 3u, .earlier = n % 2 & 1u};
                deliverable += rpcancel_answer_happened(rpcancel_step(&rpcancel_choices_documented, &copy, deliver));
            }
        }
        assert_int_equal(count, deliverable);
        if (random_below(&random, 300) == 0) {
            rpcancel_world_reset(&world);
            rpcancel_observer_reset(&observer);
        }
    }
}

static void what_did_not_happen_changes_nothing(void **state)
{
    (void)state;
    struct random_source random = {.state = 6};
    struct rpcancel_observer observer, before;
    memset(&observer, 0x5A, sizeof observer);
    before = observer;
    for (unsigned i = 0; i < 10000; i++) {
        struct rpcancel_operation operation = random_operation(&random);
        rpcancel_observe(&observer, operation, rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED));
        rpcancel_observe(&observer, operation, rpcancel_answer_kind(RPCANCEL_ANSWER_UNDEFINED));
        rpcancel_observe(&observer, operation, rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED));
        assert_memory_equal(&observer, &before, sizeof observer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_knows_what_is_on_its_way),
        cmocka_unit_test(it_knows_what_is_possible),
        cmocka_unit_test(what_is_in_flight_can_be_delivered),
        cmocka_unit_test(what_did_not_happen_changes_nothing),
    };
    return cmocka_run_group_tests_name("observer", tests, NULL, NULL);
}
