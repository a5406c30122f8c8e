// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ANSWERS_H
#define RPCANCEL_ANSWERS_H
/*
 * Which answers an operation can have, whoever gives them: what runtimes outside the harness say is held against this
 * before it is judged.
 */
#include <stdbool.h>

#include "answer.h"
#include "operation.h"

/* rpcancel_asks_handle tells whether operations of |kind| are answered NULL or HANDLE, not with a code. */
bool rpcancel_asks_handle(unsigned kind);

/* rpcancel_answer_is_possible tells whether |operation| can have |answer|; if not, |*expected| says what it can have
 * (static storage). */
bool rpcancel_answer_is_possible(struct rpcancel_operation operation, struct rpcancel_answer answer,
                                 const char **expected);

/* rpcancel_leaves_doubt tells whether |answer| is an exception after which the state of the runtime cannot be trusted.
 * Some say nothing against it: a client's stub raises the codes that functions return, as documented, and a stub of
 * Wine for a function it lacks does nothing but raise. */
bool rpcancel_leaves_doubt(struct rpcancel_operation operation, struct rpcancel_answer answer);

#endif
