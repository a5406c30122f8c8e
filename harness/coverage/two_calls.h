// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TWO_CALLS_H
#define RPCANCEL_TWO_CALLS_H
/*
 * Pairs of calls: an operation, the state class of the call it is about, and that of another call at the same time;
 * folded from everything that two calls on two dispatcher threads can come to. Which of the two is a and which is b,
 * and which runs on @t1, makes no difference and is searched only once.
 *
 * An operation about no call, or about every call, is paired with both classes, in either order. A cell is the number
 * of such a pair; only some cells can be reached.
 *
 * Constant once it is opened; threads may share it.
 */
#include <signal.h>

#include "engine/alphabet.h"
#include "engine/explore.h"
#include "engine/state_class.h"

enum {
    /* `test-cancel 0` on a thread that serves no call is a column of its own, behind the kinds of operation. */
    RPCANCEL_TWO_CALL_COLUMNS = RPCANCEL_OPERATION_KINDS + 1,
    RPCANCEL_TWO_CALL_CELLS = RPCANCEL_STATE_CLASSES * RPCANCEL_STATE_CLASSES * RPCANCEL_TWO_CALL_COLUMNS,
    RPCANCEL_TWO_CALL_CELLS_AT_ONCE = RPCANCEL_HANDLES_MAX * (RPCANCEL_HANDLES_MAX - 1) / 2,
    RPCANCEL_TWO_CALL_PATH_MAX = 128
};

struct rpcancel_two_calls {
    struct rpcancel_pair_table pairs; /* those that stand for all that look alike */
    struct rpcancel_alphabet alphabet;
    uint32_t count;       /* cells that can be reached */
    uint32_t *first_pair; /* by cell: number + 1 of the first pair it was reached in, 0 when it cannot be */
    uint16_t *first_lead; /* by cell: position in the alphabet of the operation */
    uint64_t edge_count;  /* of the search */
};

/* Where the handles of a world stand. */
struct rpcancel_standing {
    uint8_t classes[RPCANCEL_HANDLES_MAX];
    uint8_t counted; /* bit n: handle n is looked at, as no earlier call of it is alive */
};

/* rpcancel_two_call_stands tells whether the argument of |operation| stands for all: one bad size and one member do,
 * and two fault codes, one that reaches the client as it is, and one reserved, of which nobody documents what the
 * client sees. The others lead to the same classes. */
bool rpcancel_two_call_stands(struct rpcancel_operation operation);

/*
 * rpcancel_two_calls_open searches, which takes a second or two, with the arguments that stand for all; with
 * |every_argument| it takes all of them, for several times as long, to show that they do. NULL when memory is
 * exhausted, the search could not end, or |*stop| became other than 0 (NULL: never). Release it with
 * rpcancel_two_calls_close; NULL is allowed there.
 */
struct rpcancel_two_calls *rpcancel_two_calls_open(bool every_argument, const volatile sig_atomic_t *stop);
void rpcancel_two_calls_close(struct rpcancel_two_calls *calls);

/* rpcancel_two_call_can tells whether |cell| (below RPCANCEL_TWO_CALL_CELLS) can be reached. */
static inline bool rpcancel_two_call_can(const struct rpcancel_two_calls *calls, uint32_t cell)
{
    return calls->first_pair[cell] != 0;
}

/* rpcancel_two_call_loss returns the cell of losing the link while two calls are in the classes |one| and |other|. */
uint32_t rpcancel_two_call_loss(unsigned one, unsigned other);

/* rpcancel_two_call_cells writes the cells that |operation| is, asked where |world| and |standing| are, and returns how
 * many there are. They need not be different, nor such as can be reached. */
unsigned rpcancel_two_call_cells(const struct rpcancel_world *world, const struct rpcancel_standing *standing,
                                 struct rpcancel_operation operation, uint32_t out[RPCANCEL_TWO_CALL_CELLS_AT_ONCE]);

/* rpcancel_two_call_path writes a shortest sequence that ends with |cell|, which can be reached, on handles a and b,
 * and returns its length: at most RPCANCEL_TWO_CALL_PATH_MAX. */
unsigned rpcancel_two_call_path(const struct rpcancel_two_calls *calls, uint32_t cell,
                                struct rpcancel_operation out[RPCANCEL_TWO_CALL_PATH_MAX]);

#endif
