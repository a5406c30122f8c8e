// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_INTERNED_H
#define RPCANCEL_INTERNED_H
/*
 * Records of bytes that are kept once and have numbers, from 0 in the order in which they were first added. They may be
 * of any length; two are the same when length and bytes are.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RPCANCEL_NOT_INTERNED UINT32_MAX

struct rpcancel_interned {
    uint8_t *bytes;
    size_t used, room;
    size_t *begins; /* of each record; one more than there are */
    uint32_t count, records_room;
    uint32_t *slots; /* number + 1, 0 is free */
    uint32_t slots_room;
};

/* All zero is one that is empty. rpcancel_interned_close releases it and leaves it empty; _clear leaves the memory. */
void rpcancel_interned_close(struct rpcancel_interned *interned);
void rpcancel_interned_clear(struct rpcancel_interned *interned);

/* rpcancel_interned_add returns the number of the record of |size| bytes at |record|, which is copied if it is new;
 * RPCANCEL_NOT_INTERNED when there is no memory. */
uint32_t rpcancel_interned_add(struct rpcancel_interned *interned, const void *record, size_t size);

/* rpcancel_interned_at returns record |number| and sets |*size|. It is valid until the next one is added, and aligned
 * for nothing: copy it. */
const void *rpcancel_interned_at(const struct rpcancel_interned *interned, uint32_t number, size_t *size);

#endif
