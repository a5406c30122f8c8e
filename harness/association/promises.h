// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ASSOCIATION_PROMISES_H
#define RPCANCEL_ASSOCIATION_PROMISES_H
/* What holds of both ends together, whoever looks at the packets: no cancel is lost and none is made up (W75, W76),
 * what was given up is silent (W102, W112), every other call ends, once (W36). */
#include "association/association.h"

/* rpcancel_promise_broken returns which promise the step from |before| to |after| by |action| breaks, in a few words,
 * or NULL. */
const char *rpcancel_promise_broken(const struct rpcancel_setup *setup, const struct rpcancel_association_state *before,
                                    struct rpcancel_action action, const struct rpcancel_step_outcome *outcome,
                                    const struct rpcancel_association_state *after);

#endif
