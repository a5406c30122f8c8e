// SPDX-License-Identifier: Apache-2.0
#include "trim.h"

#include <assert.h>
#include <string.h>

/* Takes smaller blocks until one can be left out without leaving nothing. */
static void settle(struct rpcancel_trim *trim)
{
    while (trim->block > 0 && trim->at >= trim->count) {
        trim->block /= 2;
        trim->at = 0;
    }
    while (trim->at == 0 && trim->block > 0 && trim->block >= trim->count)
        trim->block /= 2;
    trim->done = trim->block == 0;
}

unsigned rpcancel_trim_begin(struct rpcancel_trim *trim, const uint8_t *data, size_t size)
{
    const uint8_t *cursor = data;
    trim->count = 0;
    trim->at = 0;
    trim->done = true;
    struct rpcancel_operation operation;
    while (rpcancel_binary_next(&cursor, data + size, &operation)) {
        if (trim->count == RPCANCEL_DRAFT_MAX)
            return 0;
        trim->operations[trim->count++] = operation;
    }
    if (trim->count == 0)
        return 0;
    unsigned most = 0;
    for (size_t block = trim->count / 2; block > 0; block /= 2)
        most += (unsigned)((trim->count + block - 1) / block);
    trim->block = trim->count / 2;
    trim->done = trim->block == 0;
    if (trim->count * RPCANCEL_BINARY_RECORD < size) {
        trim->block = 0;
        trim->done = false;
        most++;
    }
    return most;
}

size_t rpcancel_trim_propose(const struct rpcancel_trim *trim, uint8_t *out)
{
    assert(!trim->done);
    size_t size = 0;
    for (size_t i = 0; i < trim->count; i++) {
        if (i - trim->at < trim->block) /* wraps around below |at| */
            continue;
        rpcancel_binary_put(trim->operations[i], out + size);
        size += RPCANCEL_BINARY_RECORD;
    }
    return size;
}

void rpcancel_trim_judge(struct rpcancel_trim *trim, bool good)
{
    assert(!trim->done);
    size_t left = trim->count - trim->at;
    size_t block = trim->block < left ? trim->block : left;
    if (trim->block == 0) { /* canonical form, whatever is thought of it */
        trim->block = trim->count / 2;
    } else if (good) {
        memmove(&trim->operations[trim->at], &trim->operations[trim->at + block],
                (left - block) * sizeof trim->operations[0]);
        trim->count -= block;
    } else {
        trim->at += block;
    }
    settle(trim);
}
