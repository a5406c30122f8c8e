// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FLAT_TABLE_H
#define RPCANCEL_FLAT_TABLE_H
/*
 * A set of items of one size, whole and numbered in the order in which they came: no two are ever taken for one. Items
 * are flat: bytes without pointers or padding, equal when their bytes are. (The pairs of harness/engine have a table of
 * their own, which knows their inside and is made for hundreds of millions.)
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RPCANCEL_NO_ITEM UINT32_MAX

struct rpcancel_flat_table {
    size_t item_size; /* octets, a multiple of 8 */
    uint32_t count;
    uint32_t room;   /* items there is memory for */
    uint8_t *items;  /* in the order of their numbers */
    uint32_t *slots; /* hash table of numbers + 1, 0 is empty */
    uint32_t mask;   /* number of slots - 1 */
};

/* rpcancel_flat_table_open makes an empty table; false without memory. End with rpcancel_flat_table_close, which a
 * cleared table may be given to as well. */
bool rpcancel_flat_table_open(struct rpcancel_flat_table *table, size_t item_size);
void rpcancel_flat_table_close(struct rpcancel_flat_table *table);

/* rpcancel_flat_table_add returns the number of the item like |item|, which is added when there is none. |*is_new| is
 * set to whether it was. RPCANCEL_NO_ITEM when there is no memory. */
uint32_t rpcancel_flat_table_add(struct rpcancel_flat_table *table, const void *item, bool *is_new);

/* rpcancel_flat_table_get copies item |number|, below |count|, to |item|. */
void rpcancel_flat_table_get(const struct rpcancel_flat_table *table, uint32_t number, void *item);

#endif
