// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WANT_H
#define RPCANCEL_WANT_H
/*
 * What a rule wants: found by asking the rule about every answer there is.
 */
#include <stddef.h>

#include "rules/judge.h"

/* rpcancel_want_print writes by which answers of |operation| rule |index| would hold where |observer| stands, into
 * |out| of |size| bytes, terminated and cut to fit: `0 RPC_S_OK or 1818 RPC_S_CALL_CANCELLED`, `anything but …`. What
 * the rule does not apply to is left out. */
void rpcancel_want_print(unsigned index, const struct rpcancel_observer *observer, struct rpcancel_operation operation,
                         char *out, size_t size);

#endif
