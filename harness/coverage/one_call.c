// SPDX-License-Identifier: Apache-2.0
#include "coverage/one_call.h"

#include <assert.h>
#include <stdlib.h>

#include "coverage/bits.h"

enum { PAIRS_MAX = UINT16_MAX /* many times what there are */ };

static bool is_own_thread(struct rpcancel_operation operation)
{
    return operation.thread == RPCANCEL_THREAD_WORKER;
}

static void index_alphabet(struct rpcancel_one_call *slice)
{
    rpcancel_one_call_alphabet(&slice->alphabet);
    for (unsigned lead = 0; lead < slice->alphabet.count; lead++) {
        struct rpcancel_operation operation = slice->alphabet.operations[lead];
        assert(lead < UINT8_MAX);
        if (!operation.earlier)
            slice->leads[operation.kind][is_own_thread(operation)][operation.argument] = (uint8_t)(lead + 1);
    }
}

static void add_edge(void *context, const struct rpcancel_edge *edge)
{
    struct rpcancel_one_call *slice = context;
    assert(edge->number < PAIRS_MAX);
    slice->edge_count += rpcancel_bits_add(slice->edges, (size_t)edge->number * slice->alphabet.count + edge->lead);
}

struct rpcancel_one_call *rpcancel_one_call_open(void)
{
    struct rpcancel_one_call *slice = calloc(1, sizeof *slice);
    if (!slice)
        return NULL;
    index_alphabet(slice);
    slice->states = rpcancel_one_call_index_open();
    slice->edges = calloc(rpcancel_bits_words((size_t)PAIRS_MAX * slice->alphabet.count), sizeof *slice->edges);
    if (slice->states && slice->edges && rpcancel_one_call_search(&slice->pairs, add_edge, slice)) {
        slice->edge_numbers = slice->pairs.count * slice->alphabet.count;
        return slice;
    }
    rpcancel_one_call_close(slice);
    return NULL;
}

void rpcancel_one_call_close(struct rpcancel_one_call *slice)
{
    if (!slice)
        return;
    rpcancel_one_call_index_close(slice->states);
    rpcancel_pair_table_close(&slice->pairs);
    free(slice->edges);
    free(slice);
}

bool rpcancel_one_call_project(const struct rpcancel_pair *pair, unsigned handle, struct rpcancel_pair *one)
{
    *one = (struct rpcancel_pair){.world.link_lost = pair->world.link_lost,
                                  .observer.link_lost = pair->observer.link_lost};
    one->world.lanes[0] = pair->world.lanes[handle];
    one->observer.lanes[0] = pair->observer.lanes[handle];
    one->world.lanes[0].call.manager = 0;
    one->observer.lanes[0].call.manager = 0;
    one->observer.lanes[0].earlier = (struct rpcancel_observed_call){0}; /* what is left of one that is over */
    return !rpcancel_call_alive(one->world.lanes[0].earlier);
}

uint32_t rpcancel_one_call_pair(const struct rpcancel_one_call *slice, const struct rpcancel_pair *pair,
                                unsigned handle)
{
    struct rpcancel_pair one;
    struct rpcancel_pair_key key;
    if (!rpcancel_one_call_project(pair, handle, &one))
        return RPCANCEL_NO_PAIR;
    rpcancel_pair_key(&slice->pairs, &one, &key);
    return rpcancel_pair_find(&slice->pairs, &key);
}

int64_t rpcancel_one_call_edge(const struct rpcancel_one_call *slice, uint32_t number,
                               struct rpcancel_operation operation)
{
    unsigned lead = slice->leads[operation.kind][is_own_thread(operation)][operation.argument];
    if (number == RPCANCEL_NO_PAIR || lead == 0 || operation.earlier)
        return -1;
    size_t edge = (size_t)number * slice->alphabet.count + lead - 1;
    return rpcancel_bits_have(slice->edges, edge) ? (int64_t)edge : -1;
}

uint32_t rpcancel_one_call_pair_of_edge(const struct rpcancel_one_call *slice, uint32_t edge)
{
    return edge / slice->alphabet.count;
}

struct rpcancel_operation rpcancel_one_call_operation_of_edge(const struct rpcancel_one_call *slice, uint32_t edge)
{
    return slice->alphabet.operations[edge % slice->alphabet.count];
}

unsigned rpcancel_one_call_path(const struct rpcancel_one_call *slice, uint32_t number,
                                struct rpcancel_operation out[RPCANCEL_ONE_CALL_PATH_MAX])
{
    unsigned length = 0;
    for (uint32_t at = number; at != 0; at = slice->pairs.parents[at])
        length++;
    assert(length < RPCANCEL_ONE_CALL_PATH_MAX);
    unsigned left = length;
    for (uint32_t at = number; at != 0; at = slice->pairs.parents[at])
        out[--left] = slice->alphabet.operations[slice->pairs.leads[at]];
    return length;
}
