// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CHAIN_H
#define RPCANCEL_CHAIN_H
/*
 * Chains: routes on which up to four handles go ways of their own, side by side, to the loss of the link and beyond it.
 * The link can be lost once a sequence; with several handles less sequences do.
 */
#include "coverage/after_loss.h"
#include "coverage/route.h"

/*
 * rpcancel_chain_make takes |route| along the |count| |ways|, each of a handle of its own, and does at every place all
 * that is new there. With more than one handle a way may come to an end early, as they share dispatchers, room and what
 * settles; a single one from the beginning is gone whole.
 */
void rpcancel_chain_make(struct rpcancel_route *route, const struct rpcancel_way *ways, unsigned count);

#endif
