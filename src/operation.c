// SPDX-License-Identifier: Apache-2.0
#include "operation.h"

#include <assert.h>

enum { USES_NOTHING = 0, USES_HANDLE = 1, USES_EARLIER = 2, USES_THREAD = 4, USES_ARGUMENT = 8 };

/* The table's columns name flags without their prefix, so that it stays readable. */
#define HANDLE USES_HANDLE
#define EARLIER USES_EARLIER
#define THREAD USES_THREAD
#define ARGUMENT USES_ARGUMENT
#define NOTHING USES_NOTHING

static const struct rpcancel_operation_description descriptions[RPCANCEL_ALL_KINDS] = {
#define RPCANCEL_X(kind, byte, words, suffix, actor, uses, argument, function) \
    {#kind, words, suffix, function, byte, RPCANCEL_ACTOR_##actor, uses, RPCANCEL_ARGUMENT_##argument},
    RPCANCEL_ALL_OPERATIONS(RPCANCEL_X)
#undef RPCANCEL_X
};

static const uint32_t fault_codes[] = {
#define RPCANCEL_X(code) code,
    RPCANCEL_FAULT_CODES(RPCANCEL_X)
#undef RPCANCEL_X
};
static_assert(sizeof fault_codes / sizeof fault_codes[0] == RPCANCEL_FAULT_CODE_COUNT, "one position per code");
static_assert((int)USES_HANDLE == (int)RPCANCEL_USES_HANDLE && (int)USES_EARLIER == (int)RPCANCEL_USES_EARLIER &&
                  (int)USES_THREAD == (int)RPCANCEL_USES_THREAD && (int)USES_ARGUMENT == (int)RPCANCEL_USES_ARGUMENT,
              "the table's flags are the header's");

const struct rpcancel_operation_description *rpcancel_operation_describe(unsigned kind)
{
    assert(kind < RPCANCEL_ALL_KINDS);
    return &descriptions[kind];
}

static unsigned argument_range(unsigned argument)
{
    switch (argument) {
    case RPCANCEL_ARGUMENT_SIZE:
        return RPCANCEL_BAD_SIZES;
    case RPCANCEL_ARGUMENT_MEMBER:
        return RPCANCEL_MEMBERS;
    case RPCANCEL_ARGUMENT_FAULT:
        return RPCANCEL_FAULT_CODE_COUNT;
    case RPCANCEL_ARGUMENT_SUBSCRIBED:
        return RPCANCEL_CALL_EVENTS;
    case RPCANCEL_ARGUMENT_UNSUBSCRIBED:
        return RPCANCEL_EVENT_UNSUPPORTED + 1;
    case RPCANCEL_ARGUMENT_TAKEN:
        return RPCANCEL_EVENT_DISCONNECT + 1;
    case RPCANCEL_ARGUMENT_TIMEOUT:
        return RPCANCEL_TIMEOUTS;
    case RPCANCEL_ARGUMENT_CALL_TIMEOUT:
        return RPCANCEL_TIMEOUT_ONE + 1;
    case RPCANCEL_ARGUMENT_ASSOCIATION:
        return RPCANCEL_ASSOCIATIONS;
    case RPCANCEL_ARGUMENT_REQUEST:
        return RPCANCEL_REQUESTS;
    case RPCANCEL_ARGUMENT_FRAGMENT:
        return RPCANCEL_FRAGMENTS;
    case RPCANCEL_ARGUMENT_FORM:
        return RPCANCEL_FORMS;
    case RPCANCEL_ARGUMENT_WRONG:
        return RPCANCEL_WRONG_TYPES;
    case RPCANCEL_ARGUMENT_RELAY:
        return RPCANCEL_RELAYS;
    default:
        return 1;
    }
}

struct rpcancel_operation rpcancel_operation_canonical(struct rpcancel_operation operation)
{
    const struct rpcancel_operation_description *d = rpcancel_operation_describe(operation.kind);
    if (!(d->uses & USES_HANDLE))
        operation.handle = 0;
    if (!(d->uses & USES_EARLIER))
        operation.earlier = 0;
    if (!(d->uses & USES_THREAD))
        operation.thread = 0;
    if (!(d->uses & USES_ARGUMENT))
        operation.argument = 0;
    unsigned argument = operation.argument % argument_range(d->argument);
    operation.argument = argument & operation.argument & 7u; /* no bit is set that was not */
    return operation;
}

uint32_t rpcancel_fault_code(unsigned position)
{
    return fault_codes[position % RPCANCEL_FAULT_CODE_COUNT];
}
