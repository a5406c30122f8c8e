// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_PLUGIN_NAMES_H
#define RPCANCEL_TESTS_PLUGIN_NAMES_H
/*
 * Asks plugin-marked.so for each documented function, to see whose function its calls reach.
 */
#include <stdbool.h>

enum { PLUGIN_NAMES_COUNT = 7 };

/* plugin_names_own returns how many of the PLUGIN_NAMES_COUNT documented functions that the plugin calls are its own.
 */
unsigned plugin_names_own(const char *build_directory, bool in_process);

#endif
