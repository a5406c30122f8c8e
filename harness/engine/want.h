// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WANT_H
#define RPCANCEL_WANT_H
/*
 * What a rule wants: found by asking the rule about every answer there is.
 */
#include <stddef.h>

#include "rules/judge.h"
#include "sequence/sequence.h"

/* rpcancel_want_candidates lists every answer that |operation| may be given, short of codes without a name, in the
 * order of their bits in a set; one exception stands for all. Returns how many there are. */
enum { RPCANCEL_WANT_CANDIDATES_MAX = 64 };
unsigned rpcancel_want_candidates(struct rpcancel_answer out[RPCANCEL_WANT_CANDIDATES_MAX],
                                  struct rpcancel_operation operation);

/* Answers by which a rule holds, and answers that break it; answers it does not apply to are in neither. */
struct rpcancel_want {
    rpcancel_expectation holds;
    rpcancel_expectation breaks;
};

/* rpcancel_want_of asks rule |index| about the answers of |operation| where |observer| stands. Codes without a name are
 * not asked about, and one exception stands for all. */
struct rpcancel_want rpcancel_want_of(unsigned index, const struct rpcancel_observer *observer,
                                      struct rpcancel_operation operation);

/* rpcancel_want_print writes by which answers of |operation| rule |index| would hold where |observer| stands, into
 * |out| of |size| bytes, terminated and cut to fit: `0 RPC_S_OK or 1818 RPC_S_CALL_CANCELLED`, `anything but …`. What
 * the rule does not apply to is left out. */
void rpcancel_want_print(unsigned index, const struct rpcancel_observer *observer, struct rpcancel_operation operation,
                         char *out, size_t size);

#endif
