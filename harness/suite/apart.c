// SPDX-License-Identifier: Apache-2.0
#include "suite/apart.h"

#include <stdlib.h>

static bool differ(enum rpcancel_apart_how how, const struct rpcancel_transition *expected,
                   const struct rpcancel_transition *actual)
{
    rpcancel_expectation answers = how == RPCANCEL_APART_CERTAINLY ? actual->allowed : actual->given;
    return answers && !(expected->allowed & answers);
}

/* Whether a sequence of |length| inputs that begins with |input| does it, when those of fewer are known. */
static bool tells(const struct rpcancel_apart *apart, uint32_t expected, uint32_t actual, unsigned input,
                  unsigned length)
{
    const struct rpcancel_transition *a = rpcancel_machine_at(apart->machine, expected, input);
    const struct rpcancel_transition *b = rpcancel_machine_at(apart->machine, actual, input);
    if (!rpcancel_transition_is_possible(a) || !rpcancel_transition_is_possible(b))
        return false;
    if (length == 1)
        return differ(apart->how, a, b);
    unsigned rest = rpcancel_apart_length(apart, a->next, b->next);
    return rest > 0 && rest < length;
}

/* Looks for a sequence of |length| inputs for two states that have none yet. */
static bool find(struct rpcancel_apart *apart, uint32_t expected, uint32_t actual, unsigned length)
{
    size_t at = (size_t)expected * apart->machine->states + actual;
    for (unsigned input = 0; input < apart->machine->inputs; input++) {
        if (!tells(apart, expected, actual, input, length))
            continue;
        apart->length[at] = (uint8_t)length;
        apart->first[at] = (uint16_t)input;
        return true;
    }
    return false;
}

static bool find_all_of(struct rpcancel_apart *apart, unsigned length)
{
    bool found = false;
    for (uint32_t expected = 0; expected < apart->machine->states; expected++) {
        for (uint32_t actual = 0; actual < apart->machine->states; actual++) {
            if (actual != expected && rpcancel_apart_length(apart, expected, actual) == 0)
                found |= find(apart, expected, actual, length);
        }
    }
    return found;
}

bool rpcancel_apart_find(struct rpcancel_apart *apart, const struct rpcancel_machine *machine,
                         enum rpcancel_apart_how how)
{
    size_t pairs = (size_t)machine->states * machine->states;
    *apart = (struct rpcancel_apart){machine, how, calloc(pairs, sizeof *apart->length),
                                     calloc(pairs, sizeof *apart->first)};
    if (!apart->length || !apart->first) {
        rpcancel_apart_close(apart);
        return false;
    }
    for (unsigned length = 1; length <= RPCANCEL_APART_INPUTS_MAX && find_all_of(apart, length); length++)
        ;
    return true;
}

void rpcancel_apart_close(struct rpcancel_apart *apart)
{
    free(apart->length);
    free(apart->first);
    *apart = (struct rpcancel_apart){0};
}

unsigned rpcancel_apart_write(const struct rpcancel_apart *apart, uint32_t expected, uint32_t actual,
                              uint16_t inputs[RPCANCEL_APART_INPUTS_MAX])
{
    unsigned count = 0, length = rpcancel_apart_length(apart, expected, actual);
    while (count < length) {
        unsigned input = apart->first[(size_t)expected * apart->machine->states + actual];
        inputs[count++] = (uint16_t)input;
        expected = rpcancel_machine_at(apart->machine, expected, input)->next;
        actual = rpcancel_machine_at(apart->machine, actual, input)->next;
    }
    return count;
}

bool rpcancel_apart_tells(const struct rpcancel_machine *machine, enum rpcancel_apart_how how, uint32_t expected,
                          uint32_t actual, const uint16_t *inputs, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        const struct rpcancel_transition *a = rpcancel_machine_at(machine, expected, inputs[i]);
        const struct rpcancel_transition *b = rpcancel_machine_at(machine, actual, inputs[i]);
        if (!rpcancel_transition_is_possible(a) || !rpcancel_transition_is_possible(b))
            return false;
        if (differ(how, a, b))
            return true;
        expected = a->next;
        actual = b->next;
    }
    return false;
}
