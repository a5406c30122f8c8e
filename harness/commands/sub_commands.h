// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SUB_COMMANDS_H
#define RPCANCEL_SUB_COMMANDS_H
/* Commands that one option turns into others, with options of their own: `explore --wire` and `mutants --wire`, on
 * associations instead of the reference, `--datagrams` of both, on calls over datagrams, and `mutants --generated`; and
 * `pcap annotate`.
 */
#include <stdbool.h>

/* rpcancel_has_option tells whether |option|, such as "--wire", is among the arguments. */
bool rpcancel_has_option(int argc, char **argv, const char *option);

/* All have the contract of a command. */
int rpcancel_explore_wire(int argc, char **argv);
int rpcancel_explore_datagrams(int argc, char **argv);
int rpcancel_mutants_wire(int argc, char **argv);
int rpcancel_mutants_datagrams(int argc, char **argv);
int rpcancel_mutants_generated(int argc, char **argv);
int rpcancel_serve_over_datagrams(int argc, char **argv);
int rpcancel_pcap_annotate(int argc, char **argv);

/* rpcancel_serve_may tells whether a server may be at |address|: an IPv4 address of this machine's loopback network, or
 * with |allow_host| any. Else it is a usage error, and said why. */
bool rpcancel_serve_may(const char *address, bool allow_host);

#endif
