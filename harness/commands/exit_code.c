// SPDX-License-Identifier: Apache-2.0
#include "commands/exit_code.h"

enum rpcancel_exit_code rpcancel_exit_stronger(enum rpcancel_exit_code a, enum rpcancel_exit_code b)
{
    static const enum rpcancel_exit_code by_strength[] = {
        RPCANCEL_EXIT_USAGE,   RPCANCEL_EXIT_TROUBLE, RPCANCEL_EXIT_RUNTIME,   RPCANCEL_EXIT_STALE,
        RPCANCEL_EXIT_FINDING, RPCANCEL_EXIT_FLOOR,   RPCANCEL_EXIT_CONFORMANT};
    unsigned i = 0;
    while (by_strength[i] != a && by_strength[i] != b)
        i++;
    return by_strength[i];
}

int rpcancel_exit_for_bisect(enum rpcancel_exit_code code, bool interrupted)
{
    switch (code) {
    case RPCANCEL_EXIT_USAGE:
        return RPCANCEL_BISECT_ABORT;
    case RPCANCEL_EXIT_TROUBLE:
        return interrupted ? RPCANCEL_BISECT_ABORT : RPCANCEL_BISECT_SKIP;
    case RPCANCEL_EXIT_STALE:
        return RPCANCEL_EXIT_CONFORMANT;
    default:
        return (int)code;
    }
}
