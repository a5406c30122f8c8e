// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "observer/set.h"
#include "random_sequence.h"
#include "reference.h"

static struct rpcancel_observer_set set;

static struct rpcancel_operation parse(const char *text)
{
    struct rpcancel_operation operation;
    struct rpcancel_sequence_error error;
    if (!rpcancel_operation_parse(&operation, text, strlen(text), &error))
        fail_msg("%s", error.expected);
    return operation;
}

/* Tells |observer| that the operation |text| succeeded. */
static void tell(struct rpcancel_observer *observer, const char *text)
{
    rpcancel_observe(observer, parse(text), rpcancel_answer_code(0));
}

static bool has(const struct rpcancel_observer_set *in, const struct rpcancel_observer *observer)
{
    for (unsigned i = 0; i < in->count; i++) {
        if (memcmp(&in->members[i], observer, sizeof *observer) == 0)
            return true;
    }
    return false;
}

/* The |number|-th of many observers that differ. */
static struct rpcancel_observer numbered(unsigned number)
{
    struct rpcancel_observer observer;
    rpcancel_observer_reset(&observer);
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        observer.lanes[i].call.phase = number & 7u;
        number >>= 3;
    }
    return observer;
}

static void members_are_distinct(void **state)
{
    (void)state;
    rpcancel_set_clear(&set);
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < 1000; i++) {
            struct rpcancel_observer observer = numbered(i);
            assert_true(rpcancel_set_add(&set, &observer));
            assert_int_equal(set.count, round == 0 ? i + 1 : 1000);
        }
    }
    for (unsigned i = 0; i < 1000; i++) {
        struct rpcancel_observer observer = numbered(i);
        assert_memory_equal(&set.members[i], &observer, sizeof observer);
    }
}

static void one_too_many_overflows_and_stays_so(void **state)
{
    (void)state;
    struct rpcancel_observer_set copy;
    rpcancel_set_clear(&set);
    for (unsigned i = 0; i < RPCANCEL_SET_MAX; i++) {
        struct rpcancel_observer observer = numbered(i);
        assert_true(rpcancel_set_add(&set, &observer));
    }
    struct rpcancel_observer known = numbered(5), other = numbered(RPCANCEL_SET_MAX);
    assert_true(rpcancel_set_add(&set, &known));
    assert_false(set.overflowed);
    assert_false(rpcancel_set_add(&set, &other));
    assert_true(set.overflowed);
    rpcancel_set_copy(&copy, &set);
    assert_true(copy.overflowed);
    rpcancel_set_reset(&set);
    assert_false(set.overflowed);
}

static void a_copy_goes_its_own_way(void **state)
{
    (void)state;
    struct rpcancel_observer_set copy;
    rpcancel_set_clear(&set);
    for (unsigned i = 0; i < 100; i++) {
        struct rpcancel_observer observer = numbered(i);
        rpcancel_set_add(&set, &observer);
    }
    rpcancel_set_copy(&copy, &set);
    struct rpcancel_observer known = numbered(50), other = numbered(100);
    rpcancel_set_add(&copy, &known);
    assert_int_equal(copy.count, 100);
    rpcancel_set_add(&copy, &other);
    assert_int_equal(copy.count, 101);
    assert_int_equal(set.count, 100);
}

static void closing_adds_what_may_have_arrived(void **state)
{
    (void)state;
    rpcancel_set_reset(&set);
    tell(&set.members[0], "init a");
    rpcancel_set_close(&set);
    assert_int_equal(set.count, 1);
    tell(&set.members[0], "call a");
    tell(&set.members[0], "cancel a");
    rpcancel_set_close(&set); /* nothing, the request, or both arrived; the cancel never overtakes */
    assert_int_equal(set.count, 3);
    rpcancel_set_close(&set);
    assert_int_equal(set.count, 3);
}

static void different_calls_arrive_independently(void **state)
{
    (void)state;
    static const char *const steps[] = {"init a", "call a", "cancel a", "init b", "call b", "cancel b"};
    rpcancel_set_reset(&set);
    for (unsigned i = 0; i < sizeof steps / sizeof steps[0]; i++)
        tell(&set.members[0], steps[i]);
    rpcancel_set_close(&set);
    assert_int_equal(set.count, 9);
}

static void settling_leaves_nothing_on_its_way(void **state)
{
    (void)state;
    struct rpcancel_operation steps[RPCANCEL_HIDDEN_STEPS_MAX];
    rpcancel_set_reset(&set);
    tell(&set.members[0], "init a");
    tell(&set.members[0], "call a");
    tell(&set.members[0], "cancel a");
    rpcancel_set_settle(&set);
    assert_int_equal(set.count, 1);
    assert_int_equal(rpcancel_in_flight(&set.members[0], steps), 0);
    assert_int_equal(set.members[0].lanes[0].call.phase, RPCANCEL_SEEN_QUEUED);
}

static void settling_tells_that_an_abortive_cancel_took_effect(void **state)
{
    (void)state;
    rpcancel_set_reset(&set);
    tell(&set.members[0], "init a");
    tell(&set.members[0], "call a");
    tell(&set.members[0], "cancel a abort");
    rpcancel_set_settle(&set);
    assert_int_equal(set.count, 1);
    assert_int_equal(set.members[0].lanes[0].handle.settled, 1);
}

static void what_happened_excludes_members(void **state)
{
    (void)state;
    rpcancel_set_reset(&set);
    tell(&set.members[0], "init a");
    tell(&set.members[0], "call a");
    rpcancel_set_close(&set);
    assert_int_equal(set.count, 2);
    assert_true(rpcancel_set_keep_possible(&set, parse("dispatch a @t1")));
    assert_int_equal(set.count, 1);
    assert_int_equal(set.members[0].lanes[0].call.phase, RPCANCEL_SEEN_QUEUED);
}

static void what_is_possible_nowhere_excludes_nothing(void **state)
{
    (void)state;
    rpcancel_set_reset(&set);
    tell(&set.members[0], "init a");
    tell(&set.members[0], "call a");
    rpcancel_set_close(&set);
    assert_false(rpcancel_set_keep_possible(&set, parse("hand-off a")));
    assert_int_equal(set.count, 2);
}

/* Operations on two handles, so that the set stays small; seldom those that leave nothing to deliver. */
static struct rpcancel_operation small_operation(struct random_source *source)
{
    struct rpcancel_operation operation = random_operation(source);
    bool empties = operation.kind == RPCANCEL_OP_LOSE_LINK || operation.kind == RPCANCEL_OP_SETTLE;
    if (set.count > RPCANCEL_SET_MAX / 4) /* as a run does */
        return (struct rpcancel_operation){.kind = RPCANCEL_OP_SETTLE};
    if (empties && random_below(source, 30) != 0)
        operation.kind = (uint8_t)(RPCANCEL_OP_DELIVER_REQUEST + random_below(source, 4));
    operation.handle &= 1u;
    return operation;
}

static bool is_delivery(unsigned kind)
{
    return kind >= RPCANCEL_OP_DELIVER_REQUEST && kind <= RPCANCEL_OP_DELIVER_REPLY;
}

/* Tells the set of everything but deliveries. */
static void tell_set(struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    struct rpcancel_observer_set before;
    if (operation.kind == RPCANCEL_OP_SETTLE)
        rpcancel_set_settle(&set);
    rpcancel_set_close(&set);
    if (is_delivery(operation.kind) || operation.kind == RPCANCEL_OP_SETTLE)
        return;
    rpcancel_set_keep_possible(&set, operation);
    rpcancel_set_copy(&before, &set);
    rpcancel_set_clear(&set);
    for (unsigned i = 0; i < before.count; i++) {
        rpcancel_observe(&before.members[i], operation, answer);
        rpcancel_set_add(&set, &before.members[i]);
    }
    rpcancel_set_close(&set);
}

/* An observer that hears of deliveries as well must always be a member. */
static void the_truth_is_always_a_member(void **state)
{
    (void)state;
    struct random_source source = {.state = 7};
    unsigned deliveries = 0, largest = 0;
    for (unsigned run = 0; run < 100; run++) {
        struct rpcancel_world world;
        struct rpcancel_observer truth;
        rpcancel_world_reset(&world);
        rpcancel_observer_reset(&truth);
        rpcancel_set_reset(&set);
        for (unsigned step = 0; step < 1500; step++) {
            struct rpcancel_operation operation = small_operation(&source);
            struct rpcancel_answer answer = rpcancel_step(&rpcancel_choices_documented, &world, operation);
            if (!rpcancel_answer_happened(answer))
                continue;
            rpcancel_observe(&truth, operation, answer);
            tell_set(operation, answer);
            deliveries += is_delivery(operation.kind);
            largest = set.count > largest ? set.count : largest;
            assert_false(set.overflowed);
            assert_true(has(&set, &truth));
        }
    }
    assert_true(deliveries > 500);
    assert_true(largest > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_distinct),
        cmocka_unit_test(one_too_many_overflows_and_stays_so),
        cmocka_unit_test(a_copy_goes_its_own_way),
        cmocka_unit_test(closing_adds_what_may_have_arrived),
        cmocka_unit_test(different_calls_arrive_independently),
        cmocka_unit_test(settling_leaves_nothing_on_its_way),
        cmocka_unit_test(settling_tells_that_an_abortive_cancel_took_effect),
        cmocka_unit_test(what_happened_excludes_members),
        cmocka_unit_test(what_is_possible_nowhere_excludes_nothing),
        cmocka_unit_test(the_truth_is_always_a_member),
    };
    return cmocka_run_group_tests_name("observer_set", tests, NULL, NULL);
}
