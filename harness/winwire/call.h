// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WINWIRE_CALL_H
#define RPCANCEL_WINWIRE_CALL_H
/* The runtime as a client of the test interface, over ncacn_ip_tcp. */
#include <stdbool.h>
#include <stdio.h>

/* winwire_list_kinds writes a line for each kind of calls. */
void winwire_list_kinds(FILE *to);

/* winwire_are_kinds: whether each of |names|, which end with NULL, is one. */
bool winwire_are_kinds(char *const *names);

/* winwire_call makes the calls of these |kinds|, ended by NULL; of all, if there is none. Each ends in a line on stdout
 * that says how. Calls may fail, as the server likes. 0, or 3 after a message on stderr: no binding handle could be
 * made. */
int winwire_call(const char *host, const char *port, char *const *kinds);

#endif
