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
#include "engine/state_class.h"

/* Bit n of kinds[from][to]: an operation of kind n leads from one state to the other. Zero-initialise. */
struct rpcancel_diagram {
    bool reached[RPCANCEL_STATE_CLASSES];
    uint64_t kinds[RPCANCEL_STATE_CLASSES][RPCANCEL_STATE_CLASSES];
};

/* rpcancel_diagram_edge adds one edge; its signature is that of the search's callback, |context| is the diagram. */
void rpcancel_diagram_edge(void *context, const struct rpcancel_edge *edge);

/* rpcancel_diagram_write prints the graph. Operations that change no row are left out. */
void rpcancel_diagram_write(const struct rpcancel_diagram *diagram, FILE *out);

#endif
