// SPDX-License-Identifier: Apache-2.0
#include "flat_search.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_EVERY = 4096 /* pairs between looks at the limits */ };

struct pair {
    uint32_t state; /* its number */
    uint8_t watched[RPCANCEL_FLAT_WATCHED_MAX];
};
static_assert(sizeof(struct pair) == 16, "no padding: bytes are identity");

bool rpcancel_flat_search_open(struct rpcancel_flat_search *search, size_t state_size, size_t watched_size)
{
    assert(watched_size <= RPCANCEL_FLAT_WATCHED_MAX);
    search->watched_size = watched_size;
    search->state = malloc(state_size);
    search->end = RPCANCEL_SEARCH_CLOSED;
    if (search->state && rpcancel_flat_table_open(&search->states, state_size) &&
        rpcancel_flat_table_open(&search->pairs, sizeof(struct pair)))
        return true;
    search->end = RPCANCEL_SEARCH_MEMORY;
    return false;
}

void rpcancel_flat_search_close(struct rpcancel_flat_search *search)
{
    rpcancel_flat_table_close(&search->states);
    rpcancel_flat_table_close(&search->pairs);
    free(search->state);
    free(search->parents);
    free(search->leads_to);
}

void rpcancel_flat_search_end(struct rpcancel_flat_search *search, enum rpcancel_search_end end)
{
    search->end = end;
    search->ended = true;
}

static bool make_room(struct rpcancel_flat_search *search)
{
    if (search->pairs.room == search->room)
        return true;
    uint32_t *parents = realloc(search->parents, search->pairs.room * sizeof *parents);
    search->parents = parents ? parents : search->parents;
    uint8_t *leads = realloc(search->leads_to, search->pairs.room);
    search->leads_to = leads ? leads : search->leads_to;
    if (!parents || !leads)
        return false;
    search->room = search->pairs.room;
    return true;
}

void rpcancel_flat_search_add(struct rpcancel_flat_search *search, const void *state, const void *watched,
                              unsigned lead)
{
    bool is_new;
    struct pair pair = {.state = rpcancel_flat_table_add(&search->states, state, &is_new)};
    memcpy(pair.watched, watched, search->watched_size);
    uint32_t number =
        pair.state == RPCANCEL_NO_ITEM ? RPCANCEL_NO_ITEM : rpcancel_flat_table_add(&search->pairs, &pair, &is_new);
    if (number == RPCANCEL_NO_ITEM || !make_room(search)) {
        rpcancel_flat_search_end(search, RPCANCEL_SEARCH_MEMORY);
        return;
    }
    if (is_new) {
        search->parents[number] = search->expanding;
        search->leads_to[number] = (uint8_t)lead;
    }
}

static void look_at_limits(struct rpcancel_flat_search *search)
{
    const size_t beside = sizeof *search->parents + sizeof *search->leads_to;
    uint64_t octets = (uint64_t)search->states.room * search->states.item_size +
                      (uint64_t)search->pairs.room * (search->pairs.item_size + beside) +
                      (uint64_t)search->observers->room * search->observers->item_size;
    if (search->stop && *search->stop)
        rpcancel_flat_search_end(search, RPCANCEL_SEARCH_STOPPED);
    else if (search->memory && octets > search->memory)
        rpcancel_flat_search_end(search, RPCANCEL_SEARCH_MEMORY);
    else if (search->progress)
        search->progress(search->pairs.count, search->expanding, search->edges);
}

void rpcancel_flat_search_run(struct rpcancel_flat_search *search)
{
    uint32_t level_end = 1; /* first pair of the next depth */
    while (search->expanding < search->pairs.count && !search->ended) {
        struct pair pair;
        if (search->expanding == level_end) {
            level_end = search->pairs.count;
            search->depth++;
        }
        rpcancel_flat_table_get(&search->pairs, search->expanding, &pair);
        rpcancel_flat_table_get(&search->states, pair.state, search->state);
        for (unsigned lead = 0; lead < search->leads && !search->ended; lead++)
            search->follow(search->context, search->state, pair.watched, lead);
        if (!search->ended && ++search->expanding % LOOK_EVERY == 0)
            look_at_limits(search);
    }
}

unsigned rpcancel_flat_search_path(const struct rpcancel_flat_search *search, unsigned lead, uint8_t *path,
                                   unsigned most)
{
    unsigned count = 0;
    path[count++] = (uint8_t)lead;
    for (uint32_t pair = search->expanding; pair != 0 && count < most; pair = search->parents[pair])
        path[count++] = search->leads_to[pair];
    for (unsigned i = 0; i < count / 2; i++) {
        uint8_t first = path[i];
        path[i] = path[count - 1 - i];
        path[count - 1 - i] = first;
    }
    return count;
}
