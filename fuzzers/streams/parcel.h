// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_PARCEL_H
#define RPCANCEL_FUZZERS_STREAMS_PARCEL_H
/*
 * The inputs of the targets that take packets or datagrams: parcels of octets.
 *
 * The first octet holds settings; a target's head says which. Then come parcels, each behind two octets, little-endian:
 * bits 0-10 are how many octets it has, bits 11-15 are its tag, of which the target's head says what it means. The end
 * of the input cuts the last one off. So every string of octets means something, and what is done to one parcel harms
 * no other.
 */
#include "wire/bytes.h"
#include "wire/pdu.h"

enum { RPCANCEL_PARCEL_HEAD = 2, RPCANCEL_PARCEL_MAX = 2047, RPCANCEL_PARCEL_TAGS = 32 };

struct rpcancel_parcel {
    unsigned tag;
    struct rpcancel_span bytes;
};

/* rpcancel_parcels_begin sets |*rest| to what follows the settings in the |size| octets at |data|, and returns the
 * settings, 0 where there are none. */
uint8_t rpcancel_parcels_begin(const uint8_t *data, size_t size, struct rpcancel_span *rest);

/* rpcancel_parcel_next takes the first parcel off |*rest|; false at the end. */
bool rpcancel_parcel_next(struct rpcancel_span *rest, struct rpcancel_parcel *parcel);

/* rpcancel_parcel_write_head writes the two octets before a parcel of |size| octets, RPCANCEL_PARCEL_MAX at most. */
void rpcancel_parcel_write_head(uint8_t *out, unsigned tag, size_t size);

/* rpcancel_parcels_print prints the settings and the parcels, a line each, to standard error. */
void rpcancel_parcels_print(const uint8_t *data, size_t size);

#endif
