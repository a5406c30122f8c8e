// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WIRE_COMMANDS_H
#define RPCANCEL_WIRE_COMMANDS_H
/* `explore --wire` and `mutants --wire`: commands with options of their own, on associations instead of the reference.
 */
#include <stdbool.h>

/* rpcancel_has_wire_option tells whether --wire is among the arguments. */
bool rpcancel_has_wire_option(int argc, char **argv);

/* Both have the contract of a command. */
int rpcancel_explore_wire(int argc, char **argv);
int rpcancel_mutants_wire(int argc, char **argv);

#endif
