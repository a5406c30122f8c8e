// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_STATE_CLASS_H
#define RPCANCEL_STATE_CLASS_H
/*
 * State classes: where a handle and its current call stand, folded to the rows of the client and the server table.
 */
#include "observer/observer.h"
#include "rules/rules.h"

enum { RPCANCEL_STATE_CLASSES = (int)RPCANCEL_CLIENT_ROWS * (int)RPCANCEL_SERVER_ROWS };

/* rpcancel_state_class returns client row * RPCANCEL_SERVER_ROWS + server row of |handle|. */
unsigned rpcancel_state_class(const struct rpcancel_observer *observer, unsigned handle);

#endif
