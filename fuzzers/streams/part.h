// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_PART_H
#define RPCANCEL_FUZZERS_STREAMS_PART_H
/* What follows the settings of an input, part by part: pieces of a stream (stream.c), or parcels (parcel.c). Programs
 * link one of the two. */
#include "wire/bytes.h"

/* rpcancel_part_next takes the first part off |*rest|, all its octets; false where there is none. */
bool rpcancel_part_next(struct rpcancel_span *rest, struct rpcancel_span *part);

#endif
