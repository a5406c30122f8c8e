// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_GENERATED_H
#define RPCANCEL_GENERATED_H
/*
 * Generated mutants: all faults (mutants/fault.h) that make a difference somewhere in the machine of one call. A search
 * of the reference goes through all its states; a fault is listed if in one of them the step is another one with it, in
 * what is answered or in the state it leads to.
 */
#include "mutants/fault.h"

struct rpcancel_generated {
    unsigned count;
    struct rpcancel_fault *faults; /* in the order of rpcancel_fault_compare, none twice */
    unsigned cells;                /* class × operation, in which the reference carries something out */
};

/* rpcancel_generated_open fills |list|; |earlier| earlier calls of the handle may be alive. Of the core all faults are
 * listed, of synchronous calls those in what is their own: what threads are asked and what becomes of them, and the
 * server's operations that the core has not. False when there is no memory. End with rpcancel_generated_close. */
bool rpcancel_generated_open(struct rpcancel_generated *list, const struct rpcancel_choices *choices,
                             enum rpcancel_slice slice, unsigned earlier);
void rpcancel_generated_close(struct rpcancel_generated *list);

#endif
