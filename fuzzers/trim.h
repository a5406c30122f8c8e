// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_TRIM_H
#define RPCANCEL_FUZZERS_TRIM_H
/*
 * Trimming: makes a sequence shorter by leaving out whole operations, first half of them, then quarters, and so on down
 * to single ones. It proposes; somebody else runs what is proposed and says whether it is still good. Nothing is left
 * to chance: the same sequence and the same verdicts give the same result. Sizes are in bytes of the binary form.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "draft.h"

struct rpcancel_trim {
    size_t count; /* operations kept so far */
    size_t block; /* how many the next proposal leaves out; 0: none, it is what is kept in canonical form */
    size_t at;    /* where they begin */
    bool done;    /* there is nothing left to propose */
    struct rpcancel_operation operations[RPCANCEL_DRAFT_MAX];
};

/* rpcancel_trim_begin starts on the |size| bytes at |data|, which it copies. It returns how many proposals there will
 * be at most; 0 when there is nothing to leave out, or more than RPCANCEL_DRAFT_MAX operations. */
unsigned rpcancel_trim_begin(struct rpcancel_trim *trim, const uint8_t *data, size_t size);

/* rpcancel_trim_propose writes the next proposal to |out| and returns its size: at least one operation, never more than
 * the input had. |out| holds as much as the input. Only while |done| is false. */
size_t rpcancel_trim_propose(const struct rpcancel_trim *trim, uint8_t *out);

/* rpcancel_trim_judge takes in whether the last proposal was good, and goes on. */
void rpcancel_trim_judge(struct rpcancel_trim *trim, bool good);

#endif
