// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_MUTANT_WORDS_H
#define RPCANCEL_MUTANT_WORDS_H
/* The words that mutants and variants written by hand are written in; for their files only. */
#include "reference.h"

static inline struct rpcancel_handle *handle_of(struct rpcancel_world *world, struct rpcancel_operation operation)
{
    return &world->lanes[operation.handle].handle;
}

static inline bool is_waiting(struct rpcancel_handle handle)
{
    return handle.phase == RPCANCEL_HANDLE_OUTSTANDING || handle.phase == RPCANCEL_HANDLE_CANCELLING;
}

static inline bool is_over(struct rpcancel_handle handle)
{
    return handle.phase == RPCANCEL_HANDLE_ANSWERED || handle.phase == RPCANCEL_HANDLE_FAILED;
}

static inline bool is_cancel(struct rpcancel_operation operation)
{
    return operation.kind == RPCANCEL_OP_CANCEL || operation.kind == RPCANCEL_OP_CANCEL_ABORT;
}

#endif
