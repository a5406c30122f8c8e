// SPDX-License-Identifier: Apache-2.0
#include "engine/generated.h"

#include <stdlib.h>
#include <string.h>

#include "engine/explore.h"
#include "rules/tables.h"

enum { CELLS_MAX = 1024 };
static const uint64_t memory = UINT64_C(1) << 30;

/* A cell, and which faults of it are in the list. */
struct cell {
    struct rpcancel_fault here; /* without kind and parameter */
    uint32_t listed[RPCANCEL_FAULT_KINDS];
};

struct lister {
    struct rpcancel_generated *list;
    const struct rpcancel_choices *choices;
    enum rpcancel_slice slice;
    unsigned room;
    struct cell cells[CELLS_MAX];
    bool failed;
};

static struct cell *find_cell(struct lister *lister, const struct rpcancel_fault *here)
{
    unsigned count = lister->list->cells;
    for (unsigned i = 0; i < count; i++) {
        if (rpcancel_fault_compare(&lister->cells[i].here, here) == 0)
            return &lister->cells[i];
    }
    if (count == CELLS_MAX)
        return NULL;
    lister->list->cells++;
    lister->cells[count].here = *here;
    return &lister->cells[count];
}

static void list_fault(struct lister *lister, const struct rpcancel_fault *fault)
{
    struct rpcancel_generated *list = lister->list;
    if (list->count == lister->room) {
        unsigned room = lister->room ? 2 * lister->room : 1024;
        struct rpcancel_fault *faults = realloc(list->faults, room * sizeof *faults);
        if (!faults) {
            lister->failed = true;
            return;
        }
        list->faults = faults;
        lister->room = room;
    }
    list->faults[list->count++] = *fault;
}

static bool makes_a_difference(const struct lister *lister, const struct rpcancel_fault *fault,
                               const struct rpcancel_edge *edge)
{
    struct rpcancel_world world = edge->from->world;
    struct rpcancel_answer answer = rpcancel_fault_step(fault, lister->choices, &world, edge->operation);
    bool same = answer.kind == edge->answer.kind && answer.code == edge->answer.code;
    return !same || memcmp(&world, &edge->to->world, sizeof world) != 0;
}

static void take_edge(void *context, const struct rpcancel_edge *edge)
{
    struct lister *lister = context;
    struct rpcancel_fault fault = {.operation = edge->operation.kind};
    rpcancel_fault_class(&edge->from->world, edge->operation, fault.where);
    if (lister->slice != RPCANCEL_SLICE_CORE && fault.operation < RPCANCEL_ASYNCHRONOUS_KINDS &&
        !rpcancel_fault_is_of_thread(&fault))
        return;
    struct cell *cell = find_cell(lister, &fault);
    if (!cell) {
        lister->failed = true;
        return;
    }
    for (unsigned kind = RPCANCEL_FAULT_CODE; kind < RPCANCEL_FAULT_KINDS; kind++) {
        fault.kind = (uint8_t)kind;
        unsigned count = rpcancel_fault_parameter_count((enum rpcancel_fault_kind)kind);
        for (unsigned parameter = 0; parameter < count; parameter++) {
            fault.parameter = (uint8_t)parameter;
            if (cell->listed[kind] >> parameter & 1u || !rpcancel_fault_is_apt(&fault) ||
                !makes_a_difference(lister, &fault, edge))
                continue;
            cell->listed[kind] |= 1u << parameter;
            list_fault(lister, &fault);
        }
    }
}

bool rpcancel_generated_open(struct rpcancel_generated *list, const struct rpcancel_choices *choices,
                             enum rpcancel_slice slice, unsigned earlier)
{
    *list = (struct rpcancel_generated){0};
    struct lister *lister = calloc(1, sizeof *lister);
    struct rpcancel_explore_result *result = calloc(1, sizeof *result);
    bool listed = lister && result;
    if (listed) {
        *lister = (struct lister){.list = list, .choices = choices, .slice = slice};
        const struct rpcancel_explore_options options = {
            .calls = 1,
            .threads = 1,
            .earlier = earlier,
            .every_argument = true,
            .slice = slice,
            .memory = memory,
            .step = {.function = rpcancel_step},
            .choices = choices,
            .edge = take_edge,
            .edge_context = lister,
        };
        rpcancel_explore(&options, result);
        listed = !lister->failed && result->end == RPCANCEL_EXPLORE_CLOSED;
    }
    free(lister);
    free(result);
    if (!listed)
        rpcancel_generated_close(list);
    else
        qsort(list->faults, list->count, sizeof *list->faults, rpcancel_fault_compare);
    return listed;
}

void rpcancel_generated_close(struct rpcancel_generated *list)
{
    free(list->faults);
    *list = (struct rpcancel_generated){0};
}
