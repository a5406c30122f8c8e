// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_PROCESS_GROUP_H
#define RPCANCEL_TESTS_PROCESS_GROUP_H
/*
 * What runs in a process group, for tests that show that nothing is left running.
 */
#include <stdbool.h>
#include <sys/types.h>

/* process_group_size returns how many processes of |group| run; zombies do not. */
unsigned process_group_size(pid_t group);

/* process_group_ends waits up to |seconds| for |group| to be empty, and tells whether it is. */
bool process_group_ends(pid_t group, unsigned seconds);

#endif
