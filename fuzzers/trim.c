// SPDX-License-Identifier: Apache-2.0
#include "trim.h"

#include <assert.h>
#include <string.h>

/* Blocks are at least this part of what is left. Finer ones cost a fuzzer more executions than shorter inputs save
 * it, and what goes with them is missed by the mutator (docs/fuzzing.md). */
enum { FINEST_PART = 8 };

/* Takes smaller blocks until one can be left out without leaving nothing. */
static void settle(struct rpcancel_trim *trim)
{
    while (trim->block > 0 && trim->at >= trim->count) {
        trim->block /= 2;
        trim->at = 0;
    }
    while (trim->at == 0 && trim->block > 0 && trim->block >= trim->count)
        trim->block /= 2;
    trim->done = trim->block * FINEST_PART < trim->count;
}

/* Where the block ends: behind how many parts. */
static size_t block_end(const struct rpcancel_trim *trim)
{
    size_t left = trim->count - trim->at;
    return trim->at + (trim->block < left ? trim->block : left);
}

unsigned rpcancel_trim_begin(struct rpcancel_trim *trim, const uint8_t *data, size_t size)
{
    trim->count = rpcancel_parts(data, size, trim->bytes, trim->begins);
    trim->at = 0;
    trim->done = true;
    if (trim->count == 0)
        return 0;
    unsigned most = 0;
    for (size_t block = trim->count / 2; block > 0; block /= 2)
        most += (unsigned)((trim->count + block - 1) / block);
    trim->block = trim->count / 2;
    trim->done = trim->block == 0;
    if (trim->begins[trim->count] < size) {
        trim->block = 0;
        trim->done = false;
        most++;
    }
    return most;
}

size_t rpcancel_trim_propose(const struct rpcancel_trim *trim, uint8_t *out)
{
    assert(!trim->done);
    size_t before = trim->begins[trim->at], behind = trim->begins[block_end(trim)], end = trim->begins[trim->count];
    memcpy(out, trim->bytes, before);
    memcpy(out + before, trim->bytes + behind, end - behind);
    return before + end - behind;
}

/* Leaves the block out for good. */
static void leave_out(struct rpcancel_trim *trim)
{
    size_t end = block_end(trim), block = end - trim->at, size = (size_t)trim->begins[end] - trim->begins[trim->at];
    memmove(trim->bytes + trim->begins[trim->at], trim->bytes + trim->begins[end],
            (size_t)trim->begins[trim->count] - trim->begins[end]);
    for (size_t i = end; i <= trim->count; i++)
        trim->begins[i - block] = (uint16_t)(trim->begins[i] - size);
    trim->count -= block;
}

void rpcancel_trim_judge(struct rpcancel_trim *trim, bool good)
{
    assert(!trim->done);
    if (trim->block == 0) /* canonical form, whatever is thought of it */
        trim->block = trim->count / 2;
    else if (good)
        leave_out(trim);
    else
        trim->at = block_end(trim);
    settle(trim);
}
