// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DIAGRAM_H
#define RPCANCEL_DIAGRAM_H
/*
 * State diagrams: what an exhaustive search of one call reaches, folded to rows of the state × operation tables, as a
 * graph in the DOT language. docs/states.md explains how to read one.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/explore.h"
#include "engine/state_class.h"

/* Whose rows a state of the diagram is. */
enum rpcancel_diagram_view {
    RPCANCEL_VIEW_BOTH, /* a row of the client's table together with one of the server's: complete, and large */
    RPCANCEL_VIEW_CLIENT,
    RPCANCEL_VIEW_SERVER,
    RPCANCEL_VIEWS
};

/* Bit n of kinds[from][to]: an operation of kind n leads from one state to the other. All zero but for |view|. */
struct rpcancel_diagram {
    enum rpcancel_diagram_view view;
    bool reached[RPCANCEL_STATE_CLASSES];
    uint64_t kinds[RPCANCEL_STATE_CLASSES][RPCANCEL_STATE_CLASSES];
};

/* rpcancel_view_name returns "both", "client" or "server". Static storage. */
const char *rpcancel_view_name(enum rpcancel_diagram_view view);

/* rpcancel_diagram_edge adds one edge; its signature is that of the search's callback, |context| is the diagram. */
void rpcancel_diagram_edge(void *context, const struct rpcancel_edge *edge);

/* rpcancel_diagram_write prints the graph; it is the same whenever the same edges were added. Operations that change no
 * row are left out. */
void rpcancel_diagram_write(const struct rpcancel_diagram *diagram, FILE *out);

#endif
