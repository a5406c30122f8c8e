// SPDX-License-Identifier: Apache-2.0
/* Random sequences of the wire: the same seed gives the same, nothing is asked for that a server lacks, and everything
 * that can be drawn is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/random_wire.h"
#include "wire/rules.h"

enum { LENGTH = 20, ROUNDS = 2000 };

static void same_seed_same_sequence(void **state)
{
    (void)state;
    const struct rpcancel_random_wire_options options = {.length = LENGTH, .handles = 4};
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct rpcancel_random one = {seed}, other = {seed};
        struct rpcancel_sequence first = {0}, second = {0};
        assert_true(rpcancel_random_wire_sequence(&one, &options, &first));
        assert_true(rpcancel_random_wire_sequence(&other, &options, &second));
        assert_int_equal(first.count, LENGTH);
        assert_int_equal(second.count, LENGTH);
        for (size_t i = 0; i < LENGTH; i++)
            assert_memory_equal(&first.items[i].operation, &second.items[i].operation,
                                sizeof(struct rpcancel_operation));
        rpcancel_sequence_free(&first);
        rpcancel_sequence_free(&second);
    }
}

static void everything_is_drawn(void **state)
{
    (void)state;
    const struct rpcancel_random_wire_options options = {.length = LENGTH, .handles = 2};
    unsigned kinds[RPCANCEL_ALL_KINDS] = {0}, requests[RPCANCEL_REQUESTS] = {0};
    struct rpcancel_random random = {1};
    struct rpcancel_sequence sequence = {0};
    for (unsigned round = 0; round < ROUNDS; round++) {
        assert_true(rpcancel_random_wire_sequence(&random, &options, &sequence));
        assert_int_equal(sequence.items[0].operation.kind, RPCANCEL_OP_ASSOCIATE);
        assert_int_equal(sequence.items[LENGTH - 1].operation.kind, RPCANCEL_OP_SETTLE);
        for (size_t i = 0; i < sequence.count; i++) {
            struct rpcancel_operation operation = sequence.items[i].operation;
            assert_true(operation.handle < options.handles);
            kinds[operation.kind]++;
            if (operation.kind == RPCANCEL_OP_SEND_REQUEST)
                requests[operation.argument]++;
        }
    }
    for (unsigned kind = RPCANCEL_OPERATION_KINDS; kind < RPCANCEL_ALL_KINDS; kind++) {
        /* The ones that wait for what need not come, and those for clients, are not for it. */
        bool is_left_out = kind == RPCANCEL_OP_AWAIT_REPLY || kind == RPCANCEL_OP_RUN_CLIENT;
        assert_int_equal(kinds[kind] > 0, !is_left_out);
    }
    for (unsigned request = 0; request < RPCANCEL_REQUESTS; request++)
        assert_true(requests[request] > 0);
    rpcancel_sequence_free(&sequence);
}

static void what_is_lacking_is_not_asked_for(void **state)
{
    (void)state;
    const struct rpcancel_random_wire_options options = {.length = LENGTH,
                                                         .handles = 4,
                                                         .lacks = RPCANCEL_WIRE_NEEDS_PARK | RPCANCEL_WIRE_NEEDS_HOLD |
                                                                  RPCANCEL_WIRE_NEEDS_STREAM};
    struct rpcancel_random random = {1};
    struct rpcancel_sequence sequence = {0};
    for (unsigned round = 0; round < ROUNDS; round++) {
        assert_true(rpcancel_random_wire_sequence(&random, &options, &sequence));
        for (size_t i = 0; i < sequence.count; i++) {
            struct rpcancel_operation operation = sequence.items[i].operation;
            bool is_request = operation.kind == RPCANCEL_OP_SEND_REQUEST || operation.kind == RPCANCEL_OP_SEND_FIRST;
            assert_int_not_equal(operation.kind, RPCANCEL_OP_RELEASE);
            assert_false(is_request &&
                         (operation.argument == RPCANCEL_REQUEST_PARK || operation.argument == RPCANCEL_REQUEST_HOLD ||
                          operation.argument == RPCANCEL_REQUEST_STREAM ||
                          operation.argument == RPCANCEL_REQUEST_PARK_PENDING_CANCEL));
        }
    }
    rpcancel_sequence_free(&sequence);
}

int main(void)
{
    const struct CMUnitTest random_wire[] = {
        cmocka_unit_test(same_seed_same_sequence),
        cmocka_unit_test(everything_is_drawn),
        cmocka_unit_test(what_is_lacking_is_not_asked_for),
    };
    return cmocka_run_group_tests(random_wire, NULL, NULL);
}
