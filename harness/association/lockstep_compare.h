// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_LOCKSTEP_COMPARE_H
#define RPCANCEL_LOCKSTEP_COMPARE_H
/* Whether a world and its associations say the same; for lockstep.c. */
#include "association/lockstep.h"

struct rpcancel_comparison {
    const struct rpcancel_lockstep_options *options;
    struct rpcancel_network *network;
    char *text;           /* RPCANCEL_LOCKSTEP_TEXT_MAX octets, for how they disagree */
    unsigned differences; /* bit n: the operation shows difference n */
    bool answered;        /* both gave a return code */
};

/* rpcancel_compare_states tells whether they agree on everything that is on its way and known of; else sets the text.
 */
bool rpcancel_compare_states(struct rpcancel_comparison *comparison, const struct rpcancel_world *world,
                             const struct rpcancel_routes *routes);

/* rpcancel_compare_answers tells whether |answer|, which the reference gave in |world| to |operation|, is what the
 * associations' applications know. Operations that ask nothing of a network agree. */
bool rpcancel_compare_answers(struct rpcancel_comparison *comparison, const struct rpcancel_world *world,
                              const struct rpcancel_routes *routes, struct rpcancel_operation operation,
                              struct rpcancel_answer answer);

#endif
