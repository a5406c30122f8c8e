// SPDX-License-Identifier: Apache-2.0
/*
 * Prints a dictionary for fuzzing engines that mutate bytes: every operation on the first two handles, on a
 * dispatcher's thread and on the program's own, with every argument. Engines that use the mutator of the project need
 * none.
 */
#include <stdio.h>
#include <string.h>

#include "sequence/sequence.h"
#include "sequence/spelling.h"

enum { HANDLES = 2 };

/* The canonical operations of |kind| that the dictionary has; those that mean the same are printed once. */
static void print_kind(unsigned kind)
{
    static const uint8_t threads[] = {RPCANCEL_THREAD_T1, RPCANCEL_THREAD_WORKER};
    uint8_t uses = rpcancel_operation_describe(kind)->uses;
    unsigned handles = uses & RPCANCEL_USES_HANDLE ? HANDLES : 1, lives = uses & RPCANCEL_USES_EARLIER ? 2 : 1;
    unsigned thread_count = uses & RPCANCEL_USES_THREAD ? 2 : 1, arguments = rpcancel_argument_values(kind);
    for (unsigned i = 0; i < handles * lives * thread_count * arguments; i++) {
        struct rpcancel_operation operation = {.kind = (uint8_t)kind};
        operation.handle = i % handles & 3u;
        operation.earlier = i / handles % lives & 1u;
        operation.thread = threads[i / handles / lives % thread_count] & 3u;
        operation.argument = i / handles / lives / thread_count & 7u;
        char text[RPCANCEL_OPERATION_TEXT_MAX];
        uint8_t record[RPCANCEL_BINARY_RECORD];
        rpcancel_operation_print(operation, text, sizeof text);
        rpcancel_binary_put(operation, record);
        printf("# %s\n\"\\x%02X\\x%02X\"\n", text, record[0], record[1]);
    }
}

int main(void)
{
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++)
        print_kind(kind);
    return fflush(stdout) == 0 ? 0 : 3;
}
