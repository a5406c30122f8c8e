// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FLAT_MEMO_H
#define RPCANCEL_FLAT_MEMO_H
/*
 * What was worked out once: a value for each key. Keys are flat, as items of a flat table are; values are of one size.
 */
#include "flat_table.h"

struct rpcancel_flat_memo {
    struct rpcancel_flat_table keys;
    size_t value_size; /* octets */
    uint8_t *values;   /* by number of their keys */
    uint32_t room;     /* values there is memory for */
};

/* rpcancel_flat_memo_open makes an empty one; false without memory. |key_size| is a multiple of 8. End with
 * rpcancel_flat_memo_close, which a cleared one may be given to as well. */
bool rpcancel_flat_memo_open(struct rpcancel_flat_memo *memo, size_t key_size, size_t value_size);
void rpcancel_flat_memo_close(struct rpcancel_flat_memo *memo);

/* rpcancel_flat_memo_at returns where the value of |key| is, until the next call. |*is_new| is set to whether it still
 * has to be written there. NULL when there is no memory. */
void *rpcancel_flat_memo_at(struct rpcancel_flat_memo *memo, const void *key, bool *is_new);

#endif
