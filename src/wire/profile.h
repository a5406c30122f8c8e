// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WIRE_PROFILE_H
#define RPCANCEL_WIRE_PROFILE_H
/*
 * What an association does where the documents of the wire differ: C706, MS-RPCE, what Windows servers were seen to do,
 * and what FreeDCE does. Every choice names the statement it comes from (docs/serve.md).
 */
#include <stdbool.h>

enum rpcancel_wire_profile {
    RPCANCEL_WIRE_CORE, /* what all of them share; in doubt as C706 has it */
    RPCANCEL_WIRE_C706,
    RPCANCEL_WIRE_MS_RPCE,
    RPCANCEL_WIRE_WINDOWS,
    RPCANCEL_WIRE_FREEDCE,
    RPCANCEL_WIRE_PROFILES
};

struct rpcancel_wire_choices {
    bool counts_cancels;       /* cancel_count is how many co_cancel PDUs came (W58); else 0 (W72) */
    bool says_cancel_pending;  /* a cancel nobody took sets PENDING_CANCEL on the reply (W63) */
    bool takes_pending_cancel; /* PENDING_CANCEL on a first request fragment is a cancel (W59); else it is refused (W70)
                                */
    bool orphaned_ends_assembly; /* orphaned discards the fragments of its call (W101); else it is ignored (W107) */
    bool knows_maybe;            /* a maybe call gets no answer (W37); else the flag is ignored */
    bool closes_after_orphaned; /* a client closes after orphaned, unless it was granted to keep the connection (W96) */
    bool short_context_id;      /* responses carry the low octet of p_cont_id (seen on Windows by Samba's tests) */
    bool one_of_each_syntax;    /* a bind accepts an interface in one of its contexts only (seen so as well) */
};

/* rpcancel_wire_choices_of returns the choices of |profile|. Static storage. */
const struct rpcancel_wire_choices *rpcancel_wire_choices_of(enum rpcancel_wire_profile profile);

/* rpcancel_wire_profile_name returns the name of |profile|. Static storage. */
const char *rpcancel_wire_profile_name(enum rpcancel_wire_profile profile);

/* rpcancel_wire_profile_from_name sets |*profile| to the one called |name| (core, c706, ms-rpce, windows, freedce). */
bool rpcancel_wire_profile_from_name(const char *name, enum rpcancel_wire_profile *profile);

#endif
