// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_EDGE_LINES_H
#define RPCANCEL_EDGE_LINES_H
/*
 * What an exhaustive search reaches, as text: a line for each operation that happens in a world,
 *
 *     WORLD <tab> OPERATION <tab> ANSWER <tab> WORLD
 *
 * with the operation and the answer as sequences have them and the worlds as engine/world_text.h prints them. Each such
 * edge is one line, however many observers stand before it, so that the lines are the state graph of what is searched.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/explore.h"
#include "engine/world_text.h"
#include "flat_table.h"

struct rpcancel_edge_lines {
    FILE *out;                         /* not owned */
    unsigned calls;                    /* handles that are printed */
    struct rpcancel_flat_table worlds; /* those whose edges are written */
    uint32_t pair;                     /* number of the pair whose edges come now */
    bool is_written;                   /* they are written */
    bool has_failed;                   /* there was no memory: lines are missing */
    char from[RPCANCEL_WORLD_TEXT_MAX];
};

/* rpcancel_edge_lines_open prepares |lines| for the edges between worlds of |calls| handles, to be written to |out|;
 * false without memory. End with rpcancel_edge_lines_close, which leaves |out| open and which a cleared struct may be
 * given to as well. */
bool rpcancel_edge_lines_open(struct rpcancel_edge_lines *lines, FILE *out, unsigned calls);
void rpcancel_edge_lines_close(struct rpcancel_edge_lines *lines);

/* rpcancel_edge_lines_edge writes one edge; its signature is that of the search's callback, |context| is the lines. */
void rpcancel_edge_lines_edge(void *context, const struct rpcancel_edge *edge);

#endif
