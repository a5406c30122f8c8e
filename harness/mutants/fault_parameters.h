// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FAULT_PARAMETERS_H
#define RPCANCEL_FAULT_PARAMETERS_H
/*
 * What the parameters of faults stand for; internal to faults. Positions are no names: the words for them are.
 */
#include "mutants/fault.h"

/* DROPPED: what may stay as it was. DOUBLED: those of them that are used up. */
enum rpcancel_fault_field {
    RPCANCEL_FIELD_NOTIFICATION,
    RPCANCEL_FIELD_REQUEST,
    RPCANCEL_FIELD_CANCEL,
    RPCANCEL_FIELD_ORPHANED,
    RPCANCEL_FIELD_REPLY, /* with what it carries */
    RPCANCEL_FIELDS_USED_UP,
    RPCANCEL_FIELD_RESULT = RPCANCEL_FIELDS_USED_UP,
    RPCANCEL_FIELD_CANCELLED,
    RPCANCEL_FIELD_OUTCOME,
    RPCANCEL_FIELD_LINK,
    RPCANCEL_FIELDS
};

/* NEXT: a phase of the handle, then of a thread, then of the call. */
enum {
    RPCANCEL_CLIENT_PHASES = RPCANCEL_HANDLE_RETURNED + 1, /* those that struct rpcancel_handle can have */
    RPCANCEL_PLACES = (int)RPCANCEL_CLIENT_PHASES + (int)RPCANCEL_CALL_PHASES
};

/* GUARD: as if the handle or the call were in that place, the link were up, or another operation had been asked. */
enum { RPCANCEL_GUARD_LINK = RPCANCEL_PLACES, RPCANCEL_GUARD_OPERATION, RPCANCEL_GUARDS };

/* CODE: rpcancel_fault_answer returns the answer at |parameter|. The other answers to the same question were tried by
 * `explore --flips`; these are those that the documents speak of. */
struct rpcancel_answer rpcancel_fault_answer(unsigned parameter);

/* rpcancel_fault_instead_of returns the kind of operation that one of |kind| is taken for without the guard that keeps
 * them apart; |kind| itself where there is none. */
unsigned rpcancel_fault_instead_of(unsigned kind);

#endif
