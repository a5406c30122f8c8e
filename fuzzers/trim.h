// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_TRIM_H
#define RPCANCEL_FUZZERS_TRIM_H
/*
 * Trimming: makes an input shorter by leaving out whole parts (parts.h), first half of them, then quarters, then
 * eighths, which are single ones in a short input. It proposes; somebody else runs what is proposed and says whether it
 * is still good. Nothing is left to chance: the same input and the same verdicts give the same result. Sizes are in
 * bytes.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parts.h"

struct rpcancel_trim {
    size_t count; /* parts kept so far */
    size_t block; /* how many the next proposal leaves out; 0: none, it is what is kept in canonical form */
    size_t at;    /* the first of them */
    bool done;    /* there is nothing left to propose */
    uint16_t begins[RPCANCEL_PARTS_MAX + 1];
    uint8_t bytes[RPCANCEL_PARTS_SIZE_MAX];
};

/* rpcancel_trim_begin starts on the |size| bytes at |data|, at most RPCANCEL_PARTS_SIZE_MAX, which it copies. It
 * returns how many proposals there will be at most; 0 when there is nothing to leave out, or more than
 * RPCANCEL_PARTS_MAX parts. */
unsigned rpcancel_trim_begin(struct rpcancel_trim *trim, const uint8_t *data, size_t size);

/* rpcancel_trim_propose writes the next proposal to |out| and returns its size: at least one part, never more than
 * the input had. |out| holds as much as the input. Only while |done| is false. */
size_t rpcancel_trim_propose(const struct rpcancel_trim *trim, uint8_t *out);

/* rpcancel_trim_judge takes in whether the last proposal was good, and goes on. */
void rpcancel_trim_judge(struct rpcancel_trim *trim, bool good);

#endif
