// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FAULT_H
#define RPCANCEL_FAULT_H
/*
 * Faults: defects of the machine of one call that are data instead of code. A fault lies in one cell, a class of states
 * and a kind of operation; everywhere else the reference implementation answers. It has a name that does not change,
 *
 *     generated:OPERATION@CLASS/KIND/PARAMETER      generated:cancel@outstanding+queued/dropped/cancel
 *
 * and every name of that form is a fault, whether or not it makes a difference anywhere; which do, engine/generated.h
 * finds out. An operation that names no handle is looked at as one about `a`.
 *
 * Like the mutants written by hand a fault refuses at least what the reference refuses.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reference.h"

enum rpcancel_fault_kind {
    RPCANCEL_FAULT_NONE,    /* the reference */
    RPCANCEL_FAULT_CODE,    /* does what it should and answers something else */
    RPCANCEL_FAULT_NEXT,    /* the handle or the call goes to another phase */
    RPCANCEL_FAULT_DROPPED, /* something that changes besides the phase stays as it was */
    RPCANCEL_FAULT_DOUBLED, /* what was sent or announced is there once more after it arrived or was taken */
    RPCANCEL_FAULT_GUARD,   /* what would be answered with an error is carried out as if the state allowed it */
    RPCANCEL_FAULT_KINDS
};

/* What a class of states is made of. Which of them tell classes apart hangs on the operation. */
enum rpcancel_fault_dimension {
    RPCANCEL_DIMENSION_HANDLE,       /* enum rpcancel_handle_phase, also of a thread */
    RPCANCEL_DIMENSION_NOTIFICATION, /* enum rpcancel_notification */
    RPCANCEL_DIMENSION_CALL,         /* enum rpcancel_call_phase */
    RPCANCEL_DIMENSION_CANCELLED,    /* the call's flag */
    RPCANCEL_DIMENSION_LINK,         /* 1: lost */
    RPCANCEL_DIMENSION_THREAD,       /* of the operation; 1: the worker */
    RPCANCEL_DIMENSIONS
};

struct rpcancel_fault {
    uint8_t kind;                       /* enum rpcancel_fault_kind */
    uint8_t parameter;                  /* below rpcancel_fault_parameter_count(kind) */
    uint8_t operation;                  /* enum rpcancel_operation_kind */
    uint8_t where[RPCANCEL_DIMENSIONS]; /* the class: by dimension, 0 for one that does not count, else value + 1 */
};

enum { RPCANCEL_FAULT_NAME_MAX = 96 };

/* rpcancel_fault_class writes the class that |operation| is asked in where |world| stands into |where|. */
void rpcancel_fault_class(const struct rpcancel_world *world, struct rpcancel_operation operation,
                          uint8_t where[RPCANCEL_DIMENSIONS]);

/* rpcancel_fault_parameter_count returns how many parameters |kind| has. */
unsigned rpcancel_fault_parameter_count(enum rpcancel_fault_kind kind);

/* rpcancel_fault_is_of_thread tells whether |fault| lies in what threads that make synchronous calls are asked, or in
 * what becomes of them. */
bool rpcancel_fault_is_of_thread(const struct rpcancel_fault *fault);

/* rpcancel_fault_is_apt tells whether the parameter of |fault| is about the machine that carries its operation out:
 * another phase of the handle is none for what the server does. */
bool rpcancel_fault_is_apt(const struct rpcancel_fault *fault);

/* rpcancel_fault_step is rpcancel_step with |fault|; NONE: rpcancel_step itself. */
struct rpcancel_answer rpcancel_fault_step(const struct rpcancel_fault *fault, const struct rpcancel_choices *choices,
                                           struct rpcancel_world *world, struct rpcancel_operation operation);

/* rpcancel_fault_print writes the name of |fault|, which is not NONE. */
void rpcancel_fault_print(const struct rpcancel_fault *fault, char name[RPCANCEL_FAULT_NAME_MAX]);

/* rpcancel_fault_parse reads the |length| bytes at |name|; false when they are no such name. */
bool rpcancel_fault_parse(struct rpcancel_fault *fault, const char *name, size_t length);

const char *rpcancel_fault_kind_name(enum rpcancel_fault_kind kind);

/* rpcancel_fault_compare orders faults: by operation, class, kind, parameter. */
int rpcancel_fault_compare(const void *a, const void *b);

#endif
