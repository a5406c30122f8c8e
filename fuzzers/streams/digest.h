// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_DIGEST_H
#define RPCANCEL_FUZZERS_STREAMS_DIGEST_H
/* Octets that come in pieces, to be held against others: how many there are, and a hash of them. Begins as zero. */
#include "wire/bytes.h"

struct rpcancel_stub_digest {
    size_t size;
    uint64_t hash;
};

static inline void rpcancel_stub_digest_add(struct rpcancel_stub_digest *digest, struct rpcancel_span octets)
{
    uint64_t hash = digest->size ? digest->hash : UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < octets.size; i++)
        hash = (hash ^ octets.bytes[i]) * UINT64_C(1099511628211);
    digest->hash = hash;
    digest->size += octets.size;
}

static inline bool rpcancel_stub_digest_is(const struct rpcancel_stub_digest *digest, struct rpcancel_span octets)
{
    struct rpcancel_stub_digest other = {0, 0};
    rpcancel_stub_digest_add(&other, octets);
    return digest->size == other.size && (other.size == 0 || digest->hash == other.hash);
}

#endif
