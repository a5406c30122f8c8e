// SPDX-License-Identifier: Apache-2.0
#include "engine/edge_lines.h"

#include <string.h>

#include "sequence/sequence.h"

bool rpcancel_edge_lines_open(struct rpcancel_edge_lines *lines, FILE *out, unsigned calls)
{
    memset(lines, 0, sizeof *lines);
    lines->out = out;
    lines->calls = calls;
    lines->pair = UINT32_MAX;
    return rpcancel_flat_table_open(&lines->worlds, sizeof(struct rpcancel_world));
}

void rpcancel_edge_lines_close(struct rpcancel_edge_lines *lines)
{
    rpcancel_flat_table_close(&lines->worlds);
}

/* What happens in a world does not depend on what an observer was told: the first pair with it has all its edges. */
static void begin_pair(struct rpcancel_edge_lines *lines, const struct rpcancel_edge *edge)
{
    const struct rpcancel_world *world = &edge->from->world;
    bool is_new = false;
    lines->pair = edge->number;
    if (rpcancel_flat_table_add(&lines->worlds, world, &is_new) == RPCANCEL_NO_ITEM)
        lines->has_failed = true;
    lines->is_written = is_new;
    if (is_new)
        rpcancel_world_print(world, lines->calls, lines->from, sizeof lines->from);
}

void rpcancel_edge_lines_edge(void *context, const struct rpcancel_edge *edge)
{
    struct rpcancel_edge_lines *lines = context;
    char operation[RPCANCEL_OPERATION_TEXT_MAX], answer[RPCANCEL_EXPECTATION_TEXT_MAX], to[RPCANCEL_WORLD_TEXT_MAX];
    if (edge->number != lines->pair)
        begin_pair(lines, edge);
    if (!lines->is_written)
        return;
    rpcancel_operation_print(edge->operation, operation, sizeof operation);
    rpcancel_expectation_print(rpcancel_expectation_of(edge->answer), answer, sizeof answer);
    rpcancel_world_print(&edge->to->world, lines->calls, to, sizeof to);
    fprintf(lines->out, "%s\t%s\t%s\t%s\n", lines->from, operation, answer, to);
}
