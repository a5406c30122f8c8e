// SPDX-License-Identifier: Apache-2.0
#include "coverage/after_loss.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "coverage/bits.h"
#include "reference.h"

enum progress { UNSEEN, ENTERED, DONE };

/* What a new edge is worth. Losing the link and ending a call behind it are things that a handle can do once a
 * sequence: more than all that is done on the way. So is, where a handle is alone, an edge about no call, as no chain
 * of several handles will have it. */
enum { WORTH = 1, WORTH_ONCE = 1 << 8, WORTH_ALONE = 1 << 16 };

struct move {
    uint32_t edge;
    uint32_t to;
};

struct rpcancel_after_loss {
    const struct rpcancel_coverage_map *map;
    uint32_t pairs;
    uint32_t *after;    /* by pair: where losing the link leads, or RPCANCEL_NO_PAIR where it is lost already */
    uint32_t *first;    /* by pair, and one more: its first move */
    struct move *moves; /* to other pairs, but for losing the link */
    uint64_t *planned;  /* bit n: edge n is on a way planned before */
    uint8_t *classes;   /* by pair: its state class */
    unsigned way_count; /* planned before, for other handles */
    uint8_t way_classes[RPCANCEL_HANDLES_MAX]; /* in which they lose the link */
    /* of the way being planned */
    const struct rpcancel_covered *covered;
    bool alone;
    uint8_t *progress; /* by pair: enum progress */
    uint32_t *value;   /* by pair: new edges on the best way from it */
    uint32_t *best;    /* by pair: the move that it begins with, or RPCANCEL_NO_PAIR */
    uint32_t *reached; /* by pair: the move it was first reached by, plus 1; 0 when it was not */
    uint32_t *queue;   /* pairs in the order they were reached */
};

static const struct rpcancel_operation lose_link = {.kind = RPCANCEL_OP_LOSE_LINK};

/* ---- the moves ---- */

/* The pair that |edge| leads to. */
static uint32_t target_of(const struct rpcancel_one_call *slice, uint32_t edge)
{
    struct rpcancel_operation operation = rpcancel_one_call_operation_of_edge(slice, edge);
    struct rpcancel_pair pair;
    rpcancel_pair_get(&slice->pairs, rpcancel_one_call_pair_of_edge(slice, edge), &pair);
    struct rpcancel_answer answer = rpcancel_step(&rpcancel_choices_documented, &pair.world, operation);
    rpcancel_observe(&pair.observer, operation, answer);
    return rpcancel_one_call_pair(slice, &pair, 0);
}

static uint8_t class_of(const struct rpcancel_one_call *slice, uint32_t number)
{
    struct rpcancel_pair pair;
    rpcancel_pair_get(&slice->pairs, number, &pair);
    return (uint8_t)rpcancel_state_class(&pair.observer, 0);
}

static void find_moves(struct rpcancel_after_loss *after)
{
    const struct rpcancel_one_call *slice = after->map->one_call;
    uint32_t count = 0;
    for (uint32_t number = 0; number < after->pairs; number++) {
        int64_t loss = rpcancel_one_call_edge(slice, number, lose_link);
        after->after[number] = loss >= 0 ? target_of(slice, (uint32_t)loss) : RPCANCEL_NO_PAIR;
        after->first[number] = count;
        after->classes[number] = class_of(slice, number);
        for (unsigned lead = 0; lead < slice->alphabet.count; lead++) {
            int64_t edge = rpcancel_one_call_edge(slice, number, slice->alphabet.operations[lead]);
            uint32_t to = edge >= 0 && edge != loss ? target_of(slice, (uint32_t)edge) : number;
            if (to != number)
                after->moves[count++] = (struct move){(uint32_t)edge, to};
        }
    }
    after->first[after->pairs] = count;
}

struct rpcancel_after_loss *rpcancel_after_loss_open(const struct rpcancel_coverage_map *map)
{
    struct rpcancel_after_loss *after = calloc(1, sizeof *after);
    if (!after)
        return NULL;
    size_t pairs = map->one_call->pairs.count;
    after->map = map;
    after->pairs = (uint32_t)pairs;
    after->after = calloc(pairs, sizeof *after->after);
    after->first = calloc(pairs + 1, sizeof *after->first);
    after->moves = calloc(map->one_call->edge_count, sizeof *after->moves);
    after->planned = calloc(rpcancel_bits_words(map->one_call->edge_numbers), sizeof *after->planned);
    after->classes = calloc(pairs, sizeof *after->classes);
    after->progress = calloc(pairs, sizeof *after->progress);
    after->value = calloc(pairs, sizeof *after->value);
    after->best = calloc(pairs, sizeof *after->best);
    after->reached = calloc(pairs, sizeof *after->reached);
    after->queue = calloc(pairs, sizeof *after->queue);
    if (after->after && after->first && after->moves && after->planned && after->classes && after->progress &&
        after->value && after->best) {
        find_moves(after);
        return after;
    }
    rpcancel_after_loss_close(after);
    return NULL;
}

void rpcancel_after_loss_close(struct rpcancel_after_loss *after)
{
    if (!after)
        return;
    free(after->after);
    free(after->first);
    free(after->moves);
    free(after->planned);
    free(after->classes);
    free(after->progress);
    free(after->value);
    free(after->best);
    free(after->reached);
    free(after->queue);
    free(after);
}

/* ---- the best way ---- */

static bool is_about_no_call(unsigned kind)
{
    return kind == RPCANCEL_OP_INIT_BAD_MEMORY || kind == RPCANCEL_OP_TEST_CANCEL_INVALID ||
           kind == RPCANCEL_OP_TEST_CANCEL_ZERO;
}

static bool is_new(const struct rpcancel_after_loss *after, uint32_t edge)
{
    uint32_t item = after->map->begin[RPCANCEL_COVERS_EDGE] + edge;
    return !rpcancel_bits_have(after->planned, edge) && !rpcancel_covered_has(after->covered, item);
}

/* What a move is worth. */
static uint32_t worth_of(const struct rpcancel_after_loss *after, const struct move *move)
{
    unsigned kind = rpcancel_one_call_operation_of_edge(after->map->one_call, move->edge).kind;
    bool ends_call =
        kind == RPCANCEL_OP_RAISE || kind == RPCANCEL_OP_SERVER_COMPLETE || kind == RPCANCEL_OP_SERVER_ABORT;
    if (!is_new(after, move->edge))
        return 0;
    return ends_call ? WORTH_ONCE : WORTH;
}

/* What the new edges of pair |number| are worth that leave it as it is; with |plan| they are planned. */
static uint32_t stay_at(struct rpcancel_after_loss *after, uint32_t number, bool plan)
{
    const struct rpcancel_one_call *slice = after->map->one_call;
    const struct move *move = &after->moves[after->first[number]];
    const struct move *end = &after->moves[after->first[number + 1]];
    uint32_t worth = 0;
    for (unsigned lead = 0; lead < slice->alphabet.count; lead++) {
        uint32_t edge = number * slice->alphabet.count + lead;
        if (!rpcancel_bits_have(slice->edges, edge))
            continue;
        bool leaves = move < end && move->edge == edge;
        move += leaves;
        if (leaves || !is_new(after, edge))
            continue;
        bool about_no_call = is_about_no_call(slice->alphabet.operations[lead].kind);
        worth += !about_no_call ? (uint32_t)WORTH : after->alone ? (uint32_t)WORTH_ALONE : 0u;
        if (plan)
            rpcancel_bits_add(after->planned, edge);
    }
    return worth;
}

/* Finds the best way on from pair |number|. The few moves that lead back are passed over. */
static uint32_t evaluate(struct rpcancel_after_loss *after, uint32_t number)
{
    uint32_t most = 0;
    if (after->progress[number] == DONE)
        return after->value[number];
    after->progress[number] = ENTERED;
    after->best[number] = RPCANCEL_NO_PAIR;
    for (uint32_t i = after->first[number]; i < after->first[number + 1]; i++) {
        const struct move *move = &after->moves[i];
        if (after->progress[move->to] == ENTERED)
            continue;
        uint32_t value = evaluate(after, move->to) + worth_of(after, move);
        if (value > most) {
            most = value;
            after->best[number] = i;
        }
    }
    after->progress[number] = DONE;
    after->value[number] = most + stay_at(after, number, false);
    return after->value[number];
}

static void add(struct rpcancel_way *way, struct rpcancel_operation operation)
{
    assert(way->length < sizeof way->operations / sizeof way->operations[0]);
    way->operations[way->length++] = operation;
}

static uint32_t source_of(const struct rpcancel_after_loss *after, const struct move *move)
{
    return rpcancel_one_call_pair_of_edge(after->map->one_call, move->edge);
}

static void write_way(struct rpcancel_after_loss *after, uint32_t from, struct rpcancel_way *way)
{
    const struct rpcancel_one_call *slice = after->map->one_call;
    uint32_t number = after->after[way->loses_in];
    unsigned left = 0;
    for (uint32_t at = way->loses_in; at != from; at = source_of(after, &after->moves[after->reached[at] - 1]))
        left++;
    assert(left < RPCANCEL_ONE_CALL_PATH_MAX);
    way->length = left;
    for (uint32_t at = way->loses_in; at != from;) {
        const struct move *move = &after->moves[after->reached[at] - 1];
        way->operations[--left] = rpcancel_one_call_operation_of_edge(slice, move->edge);
        at = source_of(after, move);
    }
    add(way, lose_link);
    rpcancel_bits_add(after->planned, (size_t)rpcancel_one_call_edge(slice, way->loses_in, lose_link));
    stay_at(after, number, true);
    while (after->best[number] != RPCANCEL_NO_PAIR) {
        const struct move *move = &after->moves[after->best[number]];
        add(way, rpcancel_one_call_operation_of_edge(slice, move->edge));
        rpcancel_bits_add(after->planned, move->edge);
        number = move->to;
        stay_at(after, number, true);
    }
}

/* What losing the link in pair |number| is worth, together with the handles of the ways planned before. */
static uint32_t value_of_loss(const struct rpcancel_after_loss *after, uint32_t number)
{
    const struct rpcancel_coverage_map *map = after->map;
    uint32_t loss = (uint32_t)rpcancel_one_call_edge(map->one_call, number, lose_link);
    uint32_t value = is_new(after, loss) ? WORTH_ONCE : 0;
    for (unsigned i = 0; i < after->way_count; i++) {
        uint32_t cell = rpcancel_two_call_loss(after->classes[number], after->way_classes[i]);
        value += !rpcancel_covered_has(after->covered, map->begin[RPCANCEL_COVERS_PAIR] + cell);
    }
    return value;
}

/* Whether losing the link is still to be covered, with any second handle, while one is in the class of pair |number|.
 */
static bool lacks_loss(const struct rpcancel_after_loss *after, uint32_t number)
{
    for (unsigned other = 0; other < RPCANCEL_STATE_CLASSES; other++) {
        uint32_t cell = rpcancel_two_call_loss(after->classes[number], other);
        if (rpcancel_two_call_can(after->map->two_calls, cell) &&
            !rpcancel_covered_has(after->covered, after->map->begin[RPCANCEL_COVERS_PAIR] + cell))
            return true;
    }
    return false;
}

/* Sets |reached| for all that can be reached from pair |from| while the link is there; returns how many pairs are in
 * the queue. */
static uint32_t reach(struct rpcancel_after_loss *after, uint32_t from)
{
    const struct rpcancel_one_call *slice = after->map->one_call;
    uint32_t count = 0;
    memset(after->reached, 0, after->pairs * sizeof *after->reached);
    after->queue[count++] = from;
    for (uint32_t next = 0; next < count; next++) {
        uint32_t number = after->queue[next];
        for (uint32_t i = after->first[number]; i < after->first[number + 1]; i++) {
            const struct move *move = &after->moves[i];
            bool settles = rpcancel_one_call_operation_of_edge(slice, move->edge).kind == RPCANCEL_OP_SETTLE;
            if (after->reached[move->to] || move->to == from || (settles && from != 0))
                continue;
            after->reached[move->to] = i + 1;
            after->queue[count++] = move->to;
        }
    }
    return count;
}

void rpcancel_after_loss_begin(struct rpcancel_after_loss *after, const struct rpcancel_covered *covered, bool alone)
{
    after->covered = covered;
    after->alone = alone;
    after->way_count = 0;
    memset(after->planned, 0, rpcancel_bits_words(after->map->one_call->edge_numbers) * sizeof *after->planned);
}

bool rpcancel_after_loss_plan(struct rpcancel_after_loss *after, unsigned handle, uint32_t number,
                              struct rpcancel_way *way)
{
    uint32_t most = 0, count = reach(after, number);
    memset(after->progress, UNSEEN, after->pairs);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t pair = after->queue[i];
        if (after->after[pair] == RPCANCEL_NO_PAIR)
            continue;
        uint32_t value = evaluate(after, after->after[pair]) + value_of_loss(after, pair);
        value += after->way_count == 0 && !after->alone && lacks_loss(after, pair);
        if (value > most) {
            most = value;
            way->loses_in = pair;
        }
    }
    if (most < (after->alone ? (uint32_t)WORTH_ALONE : 1u))
        return false;
    way->handle = handle;
    after->way_classes[after->way_count++] = after->classes[way->loses_in];
    write_way(after, number, way);
    return true;
}
