// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TRIED_H
#define RPCANCEL_TRIED_H
/*
 * Which sequences were tried already: a set of 64-bit hashes of their operations. Two sequences of one hash, of which
 * the second would be taken for tried, are not to be expected among the few thousands of one shrinking.
 */
#include "flat_table.h"
#include "sequence/sequence.h"

/* Zero-initialise, end with rpcancel_tried_free. */
struct rpcancel_tried {
    struct rpcancel_flat_table hashes; /* opened by the first sequence */
};

enum rpcancel_tried_added { RPCANCEL_TRIED_NEW, RPCANCEL_TRIED_KNOWN, RPCANCEL_TRIED_NO_MEMORY };

/* rpcancel_tried_add adds |sequence|, whose operations are canonical, unless it is there already. */
enum rpcancel_tried_added rpcancel_tried_add(struct rpcancel_tried *tried, const struct rpcancel_sequence *sequence);

void rpcancel_tried_free(struct rpcancel_tried *tried);

#endif
