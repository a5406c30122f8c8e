// SPDX-License-Identifier: Apache-2.0
#include "engine/shrink_order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/tried.h"
#include "random_sequence.h"

static struct rpcancel_sequence read_sequence(const char *text)
{
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_sequence_error error;
    assert_true(rpcancel_sequence_read_text(&sequence, text, strlen(text), &error));
    return sequence;
}

/* |a| is smaller than |b|, and so |b| is not smaller than |a|. */
static void assert_smaller(const char *a, const char *b)
{
    struct rpcancel_sequence smaller = read_sequence(a), larger = read_sequence(b);
    if (!rpcancel_is_smaller(&smaller, &larger) || rpcancel_is_smaller(&larger, &smaller))
        fail_msg("not smaller than\n%sbut should be:\n%s", b, a);
    rpcancel_sequence_free(&smaller);
    rpcancel_sequence_free(&larger);
}

static void fewer_operations_count_first(void **state)
{
    (void)state;
    assert_smaller("", "init a\n");
    assert_smaller("init d\nabort c 0x1C00000D\n", "init a\ninit a\ninit a\n");
}

static void then_handles_threads_and_arguments(void **state)
{
    (void)state;
    assert_smaller("init d\ninit d\ntest-cancel 0 @t1\ntest-cancel 0 @w\n",
                   "init a\ninit b\ntest-cancel 0 @t1\ntest-cancel 0 @t1\n");
    assert_smaller("test-cancel 0 @w\ntest-cancel 0 @w\nabort a 87\n",
                   "test-cancel 0 @t1\ntest-cancel 0 @t2\nabort a 5\n");
    assert_smaller("settle\nabort a 5\n", "init a\nabort a 1818\n");
    assert_smaller("abort a 5\nabort a 997\n", "abort a 1818\nabort a 0\n"); /* 0 + 3 is 1 + 2: the bytes decide */
    assert_smaller("abort a 1818\nabort a 1818\n", "abort a 5\nabort a 997\n");
}

static void then_the_bytes(void **state)
{
    (void)state;
    assert_smaller("init a\nsettle\n", "settle\ninit a\n");
    assert_smaller("init a\ncall a\n", "init b\ncall b\n");
    assert_smaller("cancel a\n", "cancel a abort\n");
    assert_smaller("deliver cancel a\n", "deliver cancel a'\n");
    assert_smaller("dispatch a @t1\n", "dispatch a @t2\n");
}

static void nothing_is_smaller_than_itself_and_one_of_two_is_the_smaller(void **state)
{
    (void)state;
    struct random_source source = {.state = 7};
    for (unsigned i = 0; i < 2000; i++) {
        struct rpcancel_sequence a = random_sequence(&source, 3), b = random_sequence(&source, 3);
        size_t size_a, size_b;
        for (size_t j = 0; j < a.count; j++)
            a.items[j].expected = 0;
        for (size_t j = 0; j < b.count; j++)
            b.items[j].expected = 0;
        uint8_t *bytes_a = binary_of(&a, &size_a), *bytes_b = binary_of(&b, &size_b);
        bool same = size_a == size_b && memcmp(bytes_a, bytes_b, size_a) == 0;
        assert_false(rpcancel_is_smaller(&a, &a));
        assert_int_equal(rpcancel_is_smaller(&a, &b) + rpcancel_is_smaller(&b, &a), same ? 0 : 1);
        free(bytes_a);
        free(bytes_b);
        rpcancel_sequence_free(&a);
        rpcancel_sequence_free(&b);
    }
}

static void what_was_tried_is_known(void **state)
{
    (void)state;
    struct rpcancel_tried tried = {0};
    struct rpcancel_sequence sequence = {0};
    for (unsigned i = 0; i < 3000; i++) { /* each a prefix of the next */
        struct rpcancel_operation operation = {.kind = (uint8_t)(i % 3), .handle = i / 3 & 3u};
        assert_int_equal(rpcancel_tried_add(&tried, &sequence), RPCANCEL_TRIED_NEW);
        assert_true(rpcancel_sequence_append(&sequence, operation, 0, 0));
    }
    assert_int_equal(tried.hashes.count, 3000);
    for (size_t count = 0; count < 3000; count += 7) {
        sequence.count = count;
        assert_int_equal(rpcancel_tried_add(&tried, &sequence), RPCANCEL_TRIED_KNOWN);
    }
    assert_int_equal(tried.hashes.count, 3000);
    rpcancel_sequence_free(&sequence);
    rpcancel_tried_free(&tried);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fewer_operations_count_first),
        cmocka_unit_test(then_handles_threads_and_arguments),
        cmocka_unit_test(then_the_bytes),
        cmocka_unit_test(nothing_is_smaller_than_itself_and_one_of_two_is_the_smaller),
        cmocka_unit_test(what_was_tried_is_known),
    };
    return cmocka_run_group_tests_name("shrink_order", tests, NULL, NULL);
}
