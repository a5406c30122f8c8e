// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SHRINK_MOVES_H
#define RPCANCEL_SHRINK_MOVES_H
/*
 * Moves: the ways in which shrinking changes a sequence.
 *
 * A move builds candidates from the smallest sequence so far and tries them one after the other, always in the same
 * order. It returns true once one of them took the place of the smallest sequence, false when none did.
 */
#include "engine/shrinker.h"

typedef bool rpcancel_shrink_move(struct rpcancel_shrinker *shrinker);

/* ---- shrink_drop.c: leaving operations out ---- */

/* All that lets time pass: with a runtime in real time, every run after that takes a fraction of the time. */
rpcancel_shrink_move rpcancel_shrink_drop_elapses;
/* All operations on one handle, or on the earlier calls of one. */
rpcancel_shrink_move rpcancel_shrink_drop_calls;
/* Blocks: halves, quarters, … single operations (delta debugging). */
rpcancel_shrink_move rpcancel_shrink_drop_blocks;
/* Any two operations, which may only go together; while the sequence is short. */
rpcancel_shrink_move rpcancel_shrink_drop_pairs;

/* ---- shrink_names.c: fewer and lower handles and threads ---- */

rpcancel_shrink_move rpcancel_shrink_merge_handles;
rpcancel_shrink_move rpcancel_shrink_merge_threads;
/* Two handles, or two threads, change places: the one used first comes to be the lower one. */
rpcancel_shrink_move rpcancel_shrink_swap_names;

/* ---- shrink_simplify.c: simpler operations, in a simpler order ---- */

/* One `settle` in place of two or more deliveries. */
rpcancel_shrink_move rpcancel_shrink_settle;
rpcancel_shrink_move rpcancel_shrink_lower_arguments;
/* An operation takes place earlier. */
rpcancel_shrink_move rpcancel_shrink_advance;

/* ---- shrink_change.c: another operation in the place of one ---- */

/* Of a kind that comes first in the table of operations, on the same handle and thread. */
rpcancel_shrink_move rpcancel_shrink_replace;
/* An operation takes place elsewhere, earlier or later, and another can go. */
rpcancel_shrink_move rpcancel_shrink_move_and_drop;
/* Any operation in the place of one, and another can go. */
rpcancel_shrink_move rpcancel_shrink_change_and_drop;

/* ---- shrink_mend.c, shrink_detour.c: other ways to the failure ---- */

/* Up to two operations go; what makes no sense without them goes too, or takes place on another thread, or is about the
 * other call of its handle. */
rpcancel_shrink_move rpcancel_shrink_drop_and_mend;
/* Two operations in the place of three or more in a row. */
rpcancel_shrink_move rpcancel_shrink_detour;

#endif
