// SPDX-License-Identifier: Apache-2.0
#include "flat_memo.h"

#include <stdlib.h>

bool rpcancel_flat_memo_open(struct rpcancel_flat_memo *memo, size_t key_size, size_t value_size)
{
    *memo = (struct rpcancel_flat_memo){.value_size = value_size};
    return rpcancel_flat_table_open(&memo->keys, key_size);
}

void rpcancel_flat_memo_close(struct rpcancel_flat_memo *memo)
{
    rpcancel_flat_table_close(&memo->keys);
    free(memo->values);
    *memo = (struct rpcancel_flat_memo){0};
}

static bool make_room(struct rpcancel_flat_memo *memo)
{
    if (memo->room == memo->keys.room)
        return true;
    uint8_t *values = realloc(memo->values, memo->keys.room * memo->value_size);
    if (!values)
        return false;
    memo->values = values;
    memo->room = memo->keys.room;
    return true;
}

void *rpcancel_flat_memo_at(struct rpcancel_flat_memo *memo, const void *key, bool *is_new)
{
    uint32_t at = rpcancel_flat_table_add(&memo->keys, key, is_new);
    return at == RPCANCEL_NO_ITEM || !make_room(memo) ? NULL : memo->values + (size_t)at * memo->value_size;
}
