// SPDX-License-Identifier: Apache-2.0
#include "engine/random_wire.h"

#include "runtime/target.h"
#include "wire/rules.h"

/* How often, of a hundred, and what; the argument is drawn from those below |arguments|. */
static const struct {
    uint8_t often, kind, arguments;
} choices[] = {
    {16, RPCANCEL_OP_SEND_REQUEST, RPCANCEL_REQUESTS},
    {10, RPCANCEL_OP_SEND_FIRST, RPCANCEL_REQUESTS},
    {4, RPCANCEL_OP_SEND_MIDDLE, RPCANCEL_FRAGMENTS},
    {10, RPCANCEL_OP_SEND_LAST, RPCANCEL_FRAGMENTS},
    {18, RPCANCEL_OP_SEND_CO_CANCEL, RPCANCEL_FORMS},
    {14, RPCANCEL_OP_SEND_ORPHANED, RPCANCEL_FORMS},
    {2, RPCANCEL_OP_SAME_CALL_ID, 1},
    {12, RPCANCEL_OP_SETTLE, 1},
    {2, RPCANCEL_OP_AWAIT_FIRST, 1},
    {5, RPCANCEL_OP_RELEASE, 1},
    {2, RPCANCEL_OP_SEND_WRONG, RPCANCEL_WRONG_TYPES},
    {2, RPCANCEL_OP_DISCONNECT, 1},
    {3, RPCANCEL_OP_ASSOCIATE, RPCANCEL_ASSOCIATIONS},
};
enum { CHOICES = sizeof choices / sizeof choices[0], HUNDRED = 100, PLAIN_OF_HUNDRED = 70 };

/* Mostly one of the four plain ones. */
static unsigned draw_request(struct rpcancel_random *random, uint8_t lacks)
{
    bool is_plain = rpcancel_random_below(random, HUNDRED) < PLAIN_OF_HUNDRED;
    unsigned request = rpcancel_random_below(random, is_plain ? RPCANCEL_REQUEST_STREAM + 1 : RPCANCEL_REQUESTS);
    bool is_lacking = lacks >> rpcancel_target_class((enum rpcancel_request_kind)request) & 1u;
    return is_lacking ? (unsigned)RPCANCEL_REQUEST_FAST : request;
}

static struct rpcancel_operation draw_of(struct rpcancel_random *random,
                                         const struct rpcancel_random_wire_options *options, unsigned choice)
{
    struct rpcancel_operation operation = {.kind = choices[choice].kind};
    bool is_request = operation.kind == RPCANCEL_OP_SEND_REQUEST || operation.kind == RPCANCEL_OP_SEND_FIRST;
    operation.handle = rpcancel_random_below(random, options->handles) & 3u;
    operation.argument =
        (is_request ? draw_request(random, options->lacks) : rpcancel_random_below(random, choices[choice].arguments)) &
        7u;
    return operation;
}

static struct rpcancel_operation draw(struct rpcancel_random *random,
                                      const struct rpcancel_random_wire_options *options)
{
    unsigned left = rpcancel_random_below(random, HUNDRED), choice = 0;
    while (left >= choices[choice].often)
        left -= choices[choice++].often;
    struct rpcancel_operation operation = draw_of(random, options, choice);
    /* Without the operation that releases, it would be the end of the run. */
    if (operation.kind == RPCANCEL_OP_RELEASE && options->lacks & RPCANCEL_WIRE_NEEDS_HOLD)
        operation.kind = RPCANCEL_OP_SETTLE;
    return operation;
}

bool rpcancel_random_wire_sequence(struct rpcancel_random *random, const struct rpcancel_random_wire_options *options,
                                   struct rpcancel_sequence *sequence)
{
    sequence->count = 0;
    for (unsigned i = 0; i < options->length; i++) {
        struct rpcancel_operation operation;
        if (i == 0) /* and of `settle` alone nobody could tell that it is of the wire */
            operation = draw_of(random, options, CHOICES - 1);
        else if (i + 1 == options->length)
            operation = (struct rpcancel_operation){.kind = RPCANCEL_OP_SETTLE};
        else
            operation = draw(random, options);
        if (!rpcancel_sequence_append(sequence, operation, 0, 0))
            return false;
    }
    return true;
}
