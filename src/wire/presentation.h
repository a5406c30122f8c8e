// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WIRE_PRESENTATION_H
#define RPCANCEL_WIRE_PRESENTATION_H
/*
 * The lists in bind, bind_ack, alter_context and alter_context_resp: presentation contexts and their results, C706
 * 12.6.3.1 (p_cont_list_t, p_result_list_t); bind-time features, MS-RPCE 2.2.2.14.
 *
 * Lists are read an entry at a time, from a span that becomes shorter, and written an entry at a time; no entry is
 * copied but for its numbers. All functions may be called from any thread.
 */
#include "wire/bytes.h"

enum {
    RPCANCEL_SYNTAX_SIZE = 20,        /* a UUID and a version */
    RPCANCEL_CONTEXT_LEAST_SIZE = 24, /* without transfer syntaxes */
    RPCANCEL_RESULT_SIZE = 24
};

struct rpcancel_uuid {
    uint32_t time_low;
    uint16_t time_mid, time_high;
    uint8_t rest[8];
};

struct rpcancel_syntax {
    struct rpcancel_uuid uuid;
    uint32_t version; /* major in the lower half */
};

struct rpcancel_context {
    uint16_t id;
    uint8_t transfer_count, reserved;
    struct rpcancel_syntax abstract;
    struct rpcancel_span transfers; /* |transfer_count| syntaxes, as on the wire */
};

/* Results of a negotiation, C706 p_cont_def_result_t; the last one MS-RPCE 2.2.2.4. */
enum { RPCANCEL_ACCEPTANCE, RPCANCEL_USER_REJECTION, RPCANCEL_PROVIDER_REJECTION, RPCANCEL_NEGOTIATE_ACK };

/* Reasons of a rejection, C706 p_provider_reason_t. */
enum {
    RPCANCEL_REASON_NOT_SPECIFIED,
    RPCANCEL_ABSTRACT_SYNTAX_NOT_SUPPORTED,
    RPCANCEL_TRANSFER_SYNTAXES_NOT_SUPPORTED,
    RPCANCEL_LOCAL_LIMIT_EXCEEDED
};

/* Bits of bind-time features, MS-RPCE 2.2.2.14. */
enum { RPCANCEL_FEATURE_SECURITY_CONTEXT_MULTIPLEXING = 1, RPCANCEL_FEATURE_KEEP_CONNECTION_ON_ORPHAN = 2 };

struct rpcancel_result {
    uint16_t result;
    uint16_t reason; /* with RPCANCEL_NEGOTIATE_ACK, the features that are granted */
    struct rpcancel_syntax transfer;
};

/* NDR, version 2.0: the transfer syntax that everybody has. */
extern const struct rpcancel_syntax rpcancel_syntax_ndr;

bool rpcancel_syntax_is(const struct rpcancel_syntax *one, const struct rpcancel_syntax *other);

/* rpcancel_uuid_read and rpcancel_uuid_write take 16 octets. */
void rpcancel_uuid_read(const uint8_t *bytes, bool big_endian, struct rpcancel_uuid *uuid);
void rpcancel_uuid_write(uint8_t *bytes, bool big_endian, const struct rpcancel_uuid *uuid);

/* Each takes the first entry off |*list| and sets |*entry| to it; false, with nothing done, when no whole one is there.
 */
bool rpcancel_context_next(struct rpcancel_span *list, bool big_endian, struct rpcancel_context *entry);
bool rpcancel_syntax_next(struct rpcancel_span *list, bool big_endian, struct rpcancel_syntax *entry);
bool rpcancel_result_next(struct rpcancel_span *list, bool big_endian, struct rpcancel_result *entry);

/*
 * Each writes one entry to the |capacity| octets at |out|; returns the octets written, 0 when they are too few. A
 * context is written with the |count| transfer syntaxes at |transfers|; its |transfer_count| and |transfers| are not
 * looked at.
 */
size_t rpcancel_context_write(uint8_t *out, size_t capacity, bool big_endian, const struct rpcancel_context *context,
                              const struct rpcancel_syntax *transfers, uint8_t count);
size_t rpcancel_result_write(uint8_t *out, size_t capacity, bool big_endian, const struct rpcancel_result *result);

/* rpcancel_context_list_size and rpcancel_result_list_size set |*size| to the octets that the first |count| entries of
 * |list| take; false when they are not all there. */
bool rpcancel_context_list_size(struct rpcancel_span list, unsigned count, size_t *size);
bool rpcancel_result_list_size(struct rpcancel_span list, unsigned count, size_t *size);

/*
 * rpcancel_context_asks_features tells whether |context| negotiates bind-time features instead of a syntax: its first
 * transfer syntax says so, further ones do not matter (MS-RPCE 2.2.2.14). Sets |*features| to the bits asked for.
 */
bool rpcancel_context_asks_features(const struct rpcancel_context *context, bool big_endian, uint64_t *features);

/* rpcancel_syntax_of_features returns the transfer syntax that asks for those bits. */
struct rpcancel_syntax rpcancel_syntax_of_features(uint64_t features);

#endif
