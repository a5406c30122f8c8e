// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ASSOCIATION_PROMISES_H
#define RPCANCEL_ASSOCIATION_PROMISES_H
/* What holds of both ends together, whoever looks at the packets: no cancel is lost and none is made up (W75, W76),
 * what was given up is silent (W102, W112), every other call ends, once (W36). */
#include "association/search.h"

/* rpcancel_promise_broken returns which promise |edge| breaks, in a few words, or NULL. It is a judge for searches;
 * |setup| is the struct rpcancel_setup of the association. */
const char *rpcancel_promise_broken(void *setup, const struct rpcancel_wire_edge *edge);

#endif
