// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TEST_SAMBA_H
#define RPCANCEL_TEST_SAMBA_H
/*
 * Conversations as methods of the class TestDCERPC_BIND of Samba's python/samba/tests/dcerpc/raw_protocol.py: they send
 * what the sequence sends by the class' own helpers, and assert what the rules demand. The server is asked for the
 * operation 0 of the management interface, which returns at once.
 */
#include <stdio.h>

#include "export/conversation.h"

/* rpcancel_samba_target fills |*target| with what these tests know of a server. */
void rpcancel_samba_target(struct rpcancel_target *target);

enum { RPCANCEL_SAMBA_NAME_MAX = 96 };

/* rpcancel_samba_name writes the name of the method into |out|: `test_`, the file name |path| without folders and
 * ending, and the id of the rule it is about, if there is one. */
void rpcancel_samba_name(const struct rpcancel_conversation *conversation, const char *path,
                         char out[RPCANCEL_SAMBA_NAME_MAX]);

/* rpcancel_samba_obstacle returns why |conversation| cannot be such a method, as a line for people; NULL: it can.
 * Static storage. */
const char *rpcancel_samba_obstacle(const struct rpcancel_conversation *conversation);

/* rpcancel_test_source_samba writes the method |name|, which must have no obstacle; |title| is its first comment. */
void rpcancel_test_source_samba(const struct rpcancel_conversation *conversation, const char *name, const char *title,
                                FILE *out);

/* rpcancel_samba_knownfail writes the line for a file in Samba's selftest/knownfail.d that says the method is expected
 * to fail. */
void rpcancel_samba_knownfail(const char *name, FILE *out);

#endif
