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
