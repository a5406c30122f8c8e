// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_MUTANTS_H
#define RPCANCEL_MUTANTS_H
/*
 * Mutants and variants: the reference implementation with deliberate changes, made from outside. A mutant has a
 * defect that some rule must name; a variant answers otherwise only where the documents are silent, and no rule may
 * object to it. Together they show that the rules are neither too weak nor too strong.
 *
 * Each is a step function with rpcancel_step's contract that calls rpcancel_step and changes what goes in, what
 * comes out, or the world after it. Other mutants are not written but generated: mutants/fault.h.
 */
#include <stdbool.h>
#include <stddef.h>

#include "mutants/fault.h"
#include "reference.h"
#include "rules/rules.h"

typedef struct rpcancel_answer rpcancel_step_function(const struct rpcancel_choices *choices,
                                                      struct rpcancel_world *world,
                                                      struct rpcancel_operation operation);

/* What takes steps: the reference, a mutant or variant written by hand, or the reference with a fault. A plain value.
 */
struct rpcancel_stepper {
    rpcancel_step_function *function; /* rpcancel_step for the reference; NULL: rpcancel_step with |fault| */
    struct rpcancel_fault fault;
};

static inline struct rpcancel_answer rpcancel_take_step(const struct rpcancel_stepper *stepper,
                                                        const struct rpcancel_choices *choices,
                                                        struct rpcancel_world *world,
                                                        struct rpcancel_operation operation)
{
    if (stepper->function)
        return stepper->function(choices, world, operation);
    return rpcancel_fault_step(&stepper->fault, choices, world, operation);
}

/* How many calls it takes to see a difference. */
enum rpcancel_mutant_calls {
    RPCANCEL_MUTANT_ONE_CALL,
    RPCANCEL_MUTANT_EARLIER_CALL, /* one made on a reused handle, or by the same thread, while an earlier one lives */
    RPCANCEL_MUTANT_TWO_CALLS     /* two alive at once */
};

struct rpcancel_mutant {
    const char *name;
    const char *text; /* the defect, or the other answer, in one sentence */
    rpcancel_step_function *step;
    bool variant; /* true: must live; false: must die */
    enum rpcancel_mutant_calls calls;
    enum rpcancel_profile profile; /* a mutant dies under this one; a variant lives under this and the narrower ones */
    const char *source;            /* of a mutant: where a bug of this kind was reported, or NULL */
    enum rpcancel_slice slice;     /* it differs in operations of this one: of the core in nothing, unless it is CORE */
};

unsigned rpcancel_mutant_count(void);
const struct rpcancel_mutant *rpcancel_mutant_at(unsigned index);

/* The mutants of mutants.c and the variants of variants.c; rpcancel_mutant_at lists the ones after the others. */
extern const struct rpcancel_mutant rpcancel_defects[];
extern const unsigned rpcancel_defect_count;
extern const struct rpcancel_mutant rpcancel_variants[];
extern const unsigned rpcancel_variant_count;

/* rpcancel_mutant_find returns the step function of the mutant or variant written by hand that has |name|, or NULL. */
rpcancel_step_function *rpcancel_mutant_find(const char *name);

/* rpcancel_stepper_find sets |*stepper| to what the |length| bytes at |name| name: a mutant or variant written by hand,
 * or a fault; and |*profile| (unless NULL) to the one that is meant to tell it from the reference or not to. False when
 * there is no such name. */
bool rpcancel_stepper_find(const char *name, size_t length, struct rpcancel_stepper *stepper,
                           enum rpcancel_profile *profile);

#endif
