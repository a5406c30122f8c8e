// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SUITE_APART_H
#define RPCANCEL_SUITE_APART_H
/*
 * Telling states apart by answers that rules judge: for every two states of a machine a shortest sequence of inputs,
 * all of them possible in both, after which a rule has to object to one of them taken for the other.
 */
#include "suite/machine.h"

enum rpcancel_apart_how {
    /* No answer would do in both states: whatever stands in for one of them is found out in one place or the other.
     * The same both ways round. */
    RPCANCEL_APART_CERTAINLY,
    /* The answer that the reference gives in the actual state breaks a rule in the expected one. An implementation
     * that answers otherwise where no rule judges may get by. Not the same both ways round. */
    RPCANCEL_APART_BY_REFERENCE
};

enum { RPCANCEL_APART_INPUTS_MAX = 250 /* in one sequence; longer ones are not looked for */ };

struct rpcancel_apart {
    const struct rpcancel_machine *machine;
    enum rpcancel_apart_how how;
    /* By expected * states + actual state. */
    uint8_t *length; /* of the sequence; 0: there is none */
    uint16_t *first; /* its first input; the rest is that of the two states it leads to */
};

/* rpcancel_apart_find finds them all, in about states² * inputs steps for each length there is; false when memory is
 * exhausted. Release it with rpcancel_apart_close. |machine| must outlive it. */
bool rpcancel_apart_find(struct rpcancel_apart *apart, const struct rpcancel_machine *machine,
                         enum rpcancel_apart_how how);
void rpcancel_apart_close(struct rpcancel_apart *apart);

static inline unsigned rpcancel_apart_length(const struct rpcancel_apart *apart, uint32_t expected, uint32_t actual)
{
    return apart->length[(size_t)expected * apart->machine->states + actual];
}

/* rpcancel_apart_write writes the inputs of the sequence for two states that have one. Returns how many there are. */
unsigned rpcancel_apart_write(const struct rpcancel_apart *apart, uint32_t expected, uint32_t actual,
                              uint16_t inputs[RPCANCEL_APART_INPUTS_MAX]);

/* rpcancel_apart_tells tells whether the |count| inputs at |inputs| tell |actual| from |expected|, as |how| has it. */
bool rpcancel_apart_tells(const struct rpcancel_machine *machine, enum rpcancel_apart_how how, uint32_t expected,
                          uint32_t actual, const uint16_t *inputs, unsigned count);

#endif
