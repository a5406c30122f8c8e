// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DIAGRAM_H
#define RPCANCEL_DIAGRAM_H
/*
 * The state diagram: what an exhaustive search of one call reaches, folded to the rows of the client and the server
 * table, as a graph in the DOT language.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/explore.h"
#include "rules/rules.h"

enum { RPCANCEL_DIAGRAM_STATES = (int)RPCANCEL_CLIENT_ROWS * (int)RPCANCEL_SERVER_ROWS };

/* Bit n of kinds[from][to]: an operation of kind n leads from one state to the other. Zero-initialise. */
struct rpcancel_diagram {
    bool reached[RPCANCEL_DIAGRAM_STATES];
    uint64_t kinds[RPCANCEL_DIAGRAM_STATES][RPCANCEL_DIAGRAM_STATES];
};

/* rpcancel_diagram_edge adds one edge; its signature is that of the search's callback, |context| is the diagram. */
void rpcancel_diagram_edge(void *context, const struct rpcancel_edge *edge);

/* rpcancel_diagram_write prints the graph. Operations that change no row are left out. */
void rpcancel_diagram_write(const struct rpcancel_diagram *diagram, FILE *out);

#endif
