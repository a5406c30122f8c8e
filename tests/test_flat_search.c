// SPDX-License-Identifier: Apache-2.0
/* The search that associations and datagrams share: on a walk over numbers, of which everything is known. And memos. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#include "flat_memo.h"
#include "flat_search.h"

/* From a number two ways lead on: to the next one, and to its double; up to |most|. What is watched is how often it was
 * doubled, modulo four. */
struct walk {
    struct rpcancel_flat_search search;
    struct rpcancel_flat_table observers;
    uint64_t most, wrong; /* |wrong| ends the search, when it is not 0 */
    volatile sig_atomic_t stop;
    unsigned progressed;
    uint8_t path[64];
    unsigned length;
};

static struct walk *running;

static void follow(void *context, const void *state, const void *watched, unsigned lead)
{
    struct walk *walk = context;
    uint64_t number;
    uint32_t doubled;
    memcpy(&number, state, sizeof number);
    memcpy(&doubled, watched, sizeof doubled);
    number = lead == 0 ? number + 1 : number * 2;
    if (number > walk->most)
        return;
    doubled = (doubled + lead) % 4;
    walk->search.edges++;
    if (number == walk->wrong) {
        walk->length = rpcancel_flat_search_path(&walk->search, lead, walk->path, sizeof walk->path);
        rpcancel_flat_search_end(&walk->search, RPCANCEL_SEARCH_WRONG);
        return;
    }
    rpcancel_flat_search_add(&walk->search, &number, &doubled, lead);
}

static void note_progress(uint32_t pairs, uint32_t expanded, uint64_t edges)
{
    assert_true(expanded % 4096 == 0 && expanded <= pairs && edges + 1 >= pairs);
    running->progressed++;
}

static void begin(struct walk *walk)
{
    const uint64_t one = 1;
    const uint32_t none = 0;
    running = walk;
    walk->search.leads = 2;
    walk->search.follow = follow;
    walk->search.context = walk;
    walk->search.observers = &walk->observers;
    walk->search.stop = &walk->stop;
    assert_true(rpcancel_flat_search_open(&walk->search, sizeof one, sizeof none));
    rpcancel_flat_search_add(&walk->search, &one, &none, 0);
    rpcancel_flat_search_run(&walk->search);
}

static void everything_is_found_once(void **state)
{
    (void)state;
    struct walk walk = {.most = 10000};
    walk.search.progress = note_progress;
    begin(&walk);
    assert_int_equal(walk.search.end, RPCANCEL_SEARCH_CLOSED);
    assert_int_equal(walk.search.states.count, 10000);
    /* A deque and a dictionary of another language count as many. */
    assert_int_equal(walk.search.pairs.count, 39989);
    assert_int_equal(walk.search.edges, 59974);
    assert_int_equal(walk.search.depth, 32);
    assert_int_equal(walk.progressed, walk.search.pairs.count / 4096);
    rpcancel_flat_search_close(&walk.search);
}

static void the_way_is_a_shortest_one(void **state)
{
    (void)state;
    static const uint8_t way[] = {0, 0, 1, 1, 1, 0}; /* 1 2 3 6 12 24 25 */
    struct walk walk = {.most = 1000, .wrong = 25};
    begin(&walk);
    assert_int_equal(walk.search.end, RPCANCEL_SEARCH_WRONG);
    assert_int_equal(walk.length, sizeof way);
    assert_memory_equal(walk.path, way, sizeof way);
    assert_int_equal(rpcancel_flat_search_path(&walk.search, 0, walk.path, 2), 2); /* the last ones */
    assert_memory_equal(walk.path, way + 4, 2);
    rpcancel_flat_search_close(&walk.search);
}

static void a_search_ends_at_its_limits(void **state)
{
    (void)state;
    struct walk walk = {.most = 1000000};
    walk.search.memory = 1 << 20;
    begin(&walk);
    assert_int_equal(walk.search.end, RPCANCEL_SEARCH_MEMORY);
    assert_true(walk.search.pairs.count < 1000000);
    rpcancel_flat_search_close(&walk.search);
    struct walk stopped = {.most = 1000000, .stop = 1};
    begin(&stopped);
    assert_int_equal(stopped.search.end, RPCANCEL_SEARCH_STOPPED);
    assert_int_equal(stopped.search.expanding, 4096);
    rpcancel_flat_search_close(&stopped.search);
}

static void a_memo_has_a_value_for_each_key(void **state)
{
    (void)state;
    struct rpcancel_flat_memo memo;
    bool is_new;
    assert_true(rpcancel_flat_memo_open(&memo, sizeof(uint64_t), sizeof(uint32_t)));
    for (unsigned turn = 0; turn < 2; turn++) {
        for (uint64_t key = 0; key < 5000; key++) {
            uint32_t *value = rpcancel_flat_memo_at(&memo, &key, &is_new);
            assert_non_null(value);
            assert_int_equal(is_new, turn == 0);
            if (is_new)
                *value = (uint32_t)key * 3;
            assert_int_equal(*value, key * 3);
        }
    }
    rpcancel_flat_memo_close(&memo);
    rpcancel_flat_memo_close(&memo); /* a cleared one */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_found_once),
        cmocka_unit_test(the_way_is_a_shortest_one),
        cmocka_unit_test(a_search_ends_at_its_limits),
        cmocka_unit_test(a_memo_has_a_value_for_each_key),
    };
    return cmocka_run_group_tests_name("flat_search", tests, NULL, NULL);
}
