// SPDX-License-Identifier: Apache-2.0
#include "engine/product.h"

#include <stdlib.h>
#include <string.h>

#include "engine/alphabet.h"
#include "engine/worth_trying.h"
#include "flat_table.h"
#include "mutants/ask.h"
#include "rules/judge.h"

enum { FIRST_ROOM = 1 << 10, LOOK_EVERY = 1 << 10 };

struct side {
    struct rpcancel_world world;
    struct rpcancel_observer observer;
};

struct state {
    struct side side[2]; /* of |step|, of |other| */
};

static_assert(sizeof(struct state) % sizeof(uint64_t) == 0, "a table of them can be");

struct search {
    const struct rpcancel_product_options *options;
    struct rpcancel_product_result *result;
    struct rpcancel_alphabet alphabet;
    struct rpcancel_flat_table states;
    uint32_t *parents; /* by the number of the state */
    uint16_t *leads;
    uint32_t room; /* of these two */
    uint32_t expanding;
    bool ended;
};

/* ---- states ---- */

static void end_search(struct search *search, enum rpcancel_product_end end)
{
    search->result->end = end;
    search->ended = true;
}

/* Makes room for twice as many states; false when there is none. */
static bool make_room(struct search *search)
{
    uint32_t room = search->room ? 2 * search->room : FIRST_ROOM;
    if ((uint64_t)room * (sizeof(struct state) + 14) > search->options->memory)
        return false;
    void *parents = realloc(search->parents, room * sizeof *search->parents);
    search->parents = parents ? parents : search->parents;
    void *leads = realloc(search->leads, room * sizeof *search->leads);
    search->leads = leads ? leads : search->leads;
    if (!parents || !leads)
        return false;
    search->room = room;
    return true;
}

static void add(struct search *search, const struct state *state, unsigned lead)
{
    bool is_new;
    uint32_t number = rpcancel_flat_table_add(&search->states, state, &is_new);
    if (number == RPCANCEL_NO_ITEM || (number == search->room && !make_room(search))) {
        end_search(search, RPCANCEL_PRODUCT_MEMORY);
        return;
    }
    if (!is_new)
        return;
    search->result->states = search->states.count;
    search->parents[number] = search->expanding;
    search->leads[number] = (uint16_t)lead;
}

/* ---- differences ---- */

unsigned rpcancel_product_place(struct rpcancel_cell_place place)
{
    static_assert(RPCANCEL_CLIENT_ROWS <= 12 && 6 * 12 * 9 > RPCANCEL_PRODUCT_PLACES, "see below");
    unsigned before = 0;
    for (unsigned i = 0; i < place.table; i++)
        before += rpcancel_table_at(i)->rows * rpcancel_table_at(i)->columns;
    return before + place.row * rpcancel_table_at(place.table)->columns + place.column;
}

struct rpcancel_cell_place rpcancel_product_place_at(unsigned number)
{
    unsigned table = 0;
    for (; table + 1 < rpcancel_table_count(); table++) {
        unsigned cells = rpcancel_table_at(table)->rows * rpcancel_table_at(table)->columns;
        if (number < cells)
            break;
        number -= cells;
    }
    unsigned columns = rpcancel_table_at(table)->columns;
    return (struct rpcancel_cell_place){(uint8_t)table, (uint8_t)(number / columns), (uint8_t)(number % columns)};
}

static bool is_same(struct rpcancel_answer a, struct rpcancel_answer b)
{
    return a.kind == b.kind && a.code == b.code && a.facts == b.facts;
}

static enum rpcancel_difference tell(const struct rpcancel_cell *cell, struct rpcancel_answer answer,
                                     struct rpcancel_answer other)
{
    if (cell->mark == RPCANCEL_MARK_TRANSITION)
        return RPCANCEL_DIFFERENCE_STUB;
    if (!rpcancel_cell_is_owed(cell))
        return RPCANCEL_DIFFERENCE_SILENT;
    if (!rpcancel_answer_happened(answer))
        return RPCANCEL_DIFFERENCE_REFUSED;
    if (!rpcancel_cell_allows(cell, answer))
        return RPCANCEL_DIFFERENCE_WRONG;
    return rpcancel_cell_allows(cell, other) ? RPCANCEL_DIFFERENCE_LEFT_OPEN : RPCANCEL_DIFFERENCE_ACCOUNTS;
}

static void keep_path(const struct search *search, struct rpcancel_product_path *path, unsigned lead)
{
    unsigned depth = 0;
    for (uint32_t number = search->expanding; number != 0; number = search->parents[number])
        depth++;
    path->length = depth + 1;
    if (depth < RPCANCEL_PRODUCT_PATH_MAX)
        path->operations[depth] = search->alphabet.operations[lead];
    for (uint32_t number = search->expanding; number != 0; number = search->parents[number]) {
        if (--depth < RPCANCEL_PRODUCT_PATH_MAX)
            path->operations[depth] = search->alphabet.operations[search->leads[number]];
    }
}

static void note(struct search *search, const struct state *from, unsigned lead,
                 const struct rpcancel_answer answers[2])
{
    struct rpcancel_situation situation;
    rpcancel_situate(&situation, &from->side[0].observer, search->alphabet.operations[lead]);
    const struct rpcancel_cell *cell = rpcancel_cell_find(&situation, search->options->profile);
    enum rpcancel_difference difference = tell(cell, answers[0], answers[1]);
    search->result->places[difference][rpcancel_product_place(rpcancel_cell_place_of(cell))] = true;
    struct rpcancel_product_path *first = &search->result->first[difference];
    if (search->result->counts[difference]++ > 0)
        return;
    keep_path(search, first, lead);
    first->answer = answers[0];
    first->other = answers[1];
}

/* ---- the search ---- */

static bool is_same_account(const struct state *state)
{
    return memcmp(&state->side[0].observer, &state->side[1].observer, sizeof state->side[0].observer) == 0;
}

/* Where accounts differ a program may be able to ask here and not there. */
static bool is_asked_of_both(const struct state *from, struct rpcancel_operation operation, const bool happened[2])
{
    if (happened[0] && happened[1])
        return true;
    return is_same_account(from) && !rpcancel_makes_a_call(operation.kind);
}

static void follow(struct search *search, const struct state *from, unsigned lead)
{
    const struct rpcancel_product_options *options = search->options;
    struct rpcancel_operation operation = search->alphabet.operations[lead];
    struct state to = *from;
    struct rpcancel_answer answers[2];
    for (unsigned i = 0; i < 2; i++) {
        const struct rpcancel_stepper *step = i == 0 ? &options->step : &options->other;
        answers[i] = rpcancel_ask(step, options->choices, &to.side[i].world, &from->side[i].observer, operation);
    }
    bool happened[2] = {rpcancel_answer_happened(answers[0]), rpcancel_answer_happened(answers[1])};
    bool is_beyond =
        rpcancel_makes_a_call(operation.kind) && (rpcancel_count_earlier(&to.side[0].world) > options->earlier ||
                                                  rpcancel_count_earlier(&to.side[1].world) > options->earlier);
    if ((!happened[0] && !happened[1]) || is_beyond)
        return;
    search->result->edges++;
    for (unsigned i = 0; i < 2; i++)
        rpcancel_observe(&to.side[i].observer, operation, answers[i]);
    bool is_asked = !rpcancel_returns_no_code(operation.kind) && is_asked_of_both(from, operation, happened);
    if (is_asked && !is_same(answers[0], answers[1])) {
        note(search, from, lead, answers);
        if (!is_same_account(&to))
            return;
    }
    add(search, &to, lead);
}

static void expand(struct search *search)
{
    struct state from;
    rpcancel_flat_table_get(&search->states, search->expanding, &from);
    for (unsigned lead = 0; lead < search->alphabet.count && !search->ended; lead++)
        follow(search, &from, lead);
}

void rpcancel_product(const struct rpcancel_product_options *options, struct rpcancel_product_result *result)
{
    memset(result, 0, sizeof *result);
    struct search search = {.options = options, .result = result};
    struct state start;
    memset(&start, 0, sizeof start);
    for (unsigned i = 0; i < 2; i++) {
        rpcancel_world_reset(&start.side[i].world);
        rpcancel_observer_reset(&start.side[i].observer);
    }
    rpcancel_alphabet_init_slice(&search.alphabet, options->calls, options->threads, options->every_argument,
                                 options->slice);
    if (rpcancel_flat_table_open(&search.states, sizeof start))
        add(&search, &start, 0);
    else
        end_search(&search, RPCANCEL_PRODUCT_MEMORY);
    for (; search.expanding < result->states && !search.ended; search.expanding++) {
        expand(&search);
        if (search.expanding % LOOK_EVERY == 0 && options->stop && *options->stop)
            end_search(&search, RPCANCEL_PRODUCT_STOPPED);
    }
    rpcancel_flat_table_close(&search.states);
    free(search.parents);
    free(search.leads);
}
