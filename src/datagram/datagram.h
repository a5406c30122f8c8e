// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DATAGRAM_H
#define RPCANCEL_DATAGRAM_H
/*
 * Connectionless PDUs (C706 12.5): datagrams as octets and as structures. Types and their names are those of
 * wire/pdu.h, REQUEST (0) to CANCEL_ACK (10).
 *
 * A datagram has 80 octets of header, as many of body as |len| in the header says, and with auth_proto not 0 a verifier
 * behind that. Decoding takes one whole datagram and no memory: what has no fixed size stays where it is, and the
 * structure points at it. Encoding a decoded datagram gives the same octets, whatever they were. Byte order is the
 * sender's (drep) both ways, in UUIDs too; a UUID compares equal whoever sent it.
 *
 * No function here keeps state; all may be called from any thread.
 */
#include "wire/pdu.h"
#include "wire/presentation.h"

enum {
    RPCANCEL_DATAGRAM_HEADER_SIZE = 80,
    RPCANCEL_DATAGRAM_MAX = 1464, /* octets of those that the ends of this folder send; less than Ethernet carries */
    RPCANCEL_DATAGRAM_BODY_MAX = 65535, /* |len| has 16 bits; what a datagram of UDP has room for is less */
    RPCANCEL_DATAGRAM_TYPES = 11,
    RPCANCEL_CANCEL_BODY_SIZE = 8,
    RPCANCEL_CANCEL_ACK_BODY_SIZE = 9,       /* an NDR boolean has one octet */
    RPCANCEL_CANCEL_ACK_LONG_BODY_SIZE = 12, /* of those who take it for four */
    RPCANCEL_FACK_BODY_SIZE = 16,            /* without selective acknowledgement */
    RPCANCEL_NO_HINT = 0xFFFF                /* of interface and activity */
};

/* The first flags, C706 table 12-2; 0x01 and 0x80 are for implementations. */
enum {
    RPCANCEL_PF_LAST_FRAG = 0x02,
    RPCANCEL_PF_FRAG = 0x04,
    RPCANCEL_PF_NO_FACK = 0x08,
    RPCANCEL_PF_MAYBE = 0x10,
    RPCANCEL_PF_IDEMPOTENT = 0x20,
    RPCANCEL_PF_BROADCAST = 0x40
};

/* The second flags, C706 table 12-3; 0x01 is for implementations, 0x04 to 0x80 must be 0. */
enum { RPCANCEL_PF2_CANCEL_PENDING = 0x02, RPCANCEL_PF2_MUST_BE_ZERO = 0xFC };

/* cl_cancel; without a body it orphans the call. */
struct rpcancel_cancel_body {
    bool is_present;
    uint32_t version, cancel_id;
};

/* cancel_ack; without a body it says that the server has orphaned the call. */
struct rpcancel_cancel_ack_body {
    bool is_present;
    bool is_long;         /* 12 octets: the boolean has four */
    uint8_t accepting[4]; /* server_is_accepting as on the wire; the last three only when |is_long| */
    uint32_t version, cancel_id;
};

/* fack, and nocall of those who say with it what they have received. */
struct rpcancel_fack_body {
    bool is_present;
    uint8_t version, padding;
    uint16_t window_size; /* KiB */
    uint32_t max_tsdu, max_fragment;
    uint16_t serial;
    uint16_t mask_count;        /* selack_len */
    struct rpcancel_span masks; /* |mask_count| times 4 octets, as on the wire */
};

struct rpcancel_datagram {
    uint8_t version;                 /* 4 */
    uint8_t type;                    /* enum rpcancel_pdu_type, up to RPCANCEL_PDU_CANCEL_ACK */
    uint8_t version_rest, type_rest; /* the high 4 and the high 3 bits of their octets, in place; 0 by C706 */
    uint8_t flags;                   /* RPCANCEL_PF_… */
    uint8_t flags2;                  /* RPCANCEL_PF2_… */
    uint8_t drep[3];
    uint8_t auth_protocol;
    uint16_t serial;
    struct rpcancel_uuid object, interface, activity;
    uint32_t server_boot; /* 0 from a client that does not know it yet */
    uint32_t interface_version;
    uint32_t sequence; /* with |activity| it names the call */
    uint16_t opnum, interface_hint, activity_hint, fragment;
    union { /* by |type|; request, response, ping, working and ack have none */
        struct rpcancel_cancel_body cancel;
        struct rpcancel_cancel_ack_body cancel_ack;
        struct rpcancel_fack_body fack; /* of nocall too */
        uint32_t status;                /* of fault and reject */
    };
    struct rpcancel_span data; /* stub data; of types without any, what follows the fixed body */
    struct rpcancel_span auth; /* what follows the body: the verifier, with |auth_protocol| */
};

/* rpcancel_datagram_is_big_endian tells the byte order that drep says. */
static inline bool rpcancel_datagram_is_big_endian(const struct rpcancel_datagram *datagram)
{
    return datagram->drep[0] >> 4 == 0;
}

/* rpcancel_datagram_is_accepting tells what server_is_accepting of a cancel_ack with a body says. Four octets are true
 * when any of them is not 0: a boolean of four octets in either byte order, or one octet and padding of zeros. */
static inline bool rpcancel_datagram_is_accepting(const struct rpcancel_cancel_ack_body *ack)
{
    return ack->accepting[0] || (ack->is_long && (ack->accepting[1] || ack->accepting[2] || ack->accepting[3]));
}

/* rpcancel_uuid_is tells whether both are the same. */
static inline bool rpcancel_uuid_is(const struct rpcancel_uuid *one, const struct rpcancel_uuid *other)
{
    return one->time_low == other->time_low && one->time_mid == other->time_mid && one->time_high == other->time_high &&
           memcmp(one->rest, other->rest, sizeof one->rest) == 0;
}

/*
 * X(enumerator, what was expected)
 *
 * What can be wrong with a datagram. Those up to MASKS leave no meaning and are errors always; the others only where
 * RPCANCEL_STRICT was asked for.
 */
#define RPCANCEL_DATAGRAM_ERRORS(X)                                                                  \
    X(NONE, "nothing is wrong")                                                                      \
    X(INCOMPLETE, "80 octets of header, and as many octets of body as len says")                     \
    X(VERSION, "rpc_vers 4")                                                                         \
    X(TYPE, "a type of connectionless PDUs, 0 to 10")                                                \
    X(LENGTH, "a len that a body of this type has")                                                  \
    X(MASKS, "as many selective acknowledgements as selack_len says")                                \
    X(UNUSED_BITS, "0 in the high bits of rpc_vers and ptype")                                       \
    X(DREP, "a drep of C706 14.1, its last octet 0")                                                 \
    X(FLAGS2, "0 in the second flags but for 0x01 and 0x02, and 0x02 on a response or a fault only") \
    X(BODY_VERSION, "version 0 of the body")                                                         \
    X(CANCEL_ID, "a cancel_id from 1")                                                               \
    X(BOOLEAN, "0 or 1 as server_is_accepting")                                                      \
    X(EXCESS, "the end of the body")                                                                 \
    X(TRAILER, "the end of the datagram behind the body, as auth_proto is 0")                        \
    X(AUTH_MISSING, "a verifier, as auth_proto is not 0")

enum rpcancel_datagram_error {
#define RPCANCEL_X(error, text) RPCANCEL_DATAGRAM_ERROR_##error,
    RPCANCEL_DATAGRAM_ERRORS(RPCANCEL_X)
#undef RPCANCEL_X
        RPCANCEL_DATAGRAM_ERROR_COUNT
};

struct rpcancel_datagram_complaint {
    enum rpcancel_datagram_error error;
    size_t offset; /* of the octet at which it shows, from the beginning of the datagram */
};

/* rpcancel_datagram_error_text returns what was expected. Static storage. */
const char *rpcancel_datagram_error_text(enum rpcancel_datagram_error error);

/*
 * rpcancel_datagram_decode reads the datagram in the |size| octets at |bytes| into |*datagram|, which points into them
 * afterwards. Returns true, with |*complaint| NONE; or false with |*complaint| set. The members of the header are set
 * in any case in which 80 octets are there.
 */
bool rpcancel_datagram_decode(const uint8_t *bytes, size_t size, enum rpcancel_strictness strictness,
                              struct rpcancel_datagram *datagram, struct rpcancel_datagram_complaint *complaint);

/* rpcancel_datagram_size returns how many octets |datagram| takes. */
size_t rpcancel_datagram_size(const struct rpcancel_datagram *datagram);

/*
 * rpcancel_datagram_encode writes |datagram| to the |capacity| octets at |out|, which nothing in |datagram| points
 * into. |len| and selack_len follow from the parts. Returns the octets written; 0, with nothing written, when they do
 * not fit or the body is longer than RPCANCEL_DATAGRAM_BODY_MAX.
 */
size_t rpcancel_datagram_encode(const struct rpcancel_datagram *datagram, uint8_t *out, size_t capacity);

/*
 * rpcancel_datagram_init sets |*datagram| to one of |type| without body, data or verifier: version 4, little-endian,
 * ASCII, IEEE, without hints; all else 0.
 */
void rpcancel_datagram_init(struct rpcancel_datagram *datagram, enum rpcancel_pdu_type type);

/* rpcancel_datagram_name returns the name of |datagram|'s type as people read it: "cl_cancel", and of the two forms of
 * cl_cancel and cancel_ack that without a body: "cl_cancel (orphan)". Static storage. */
const char *rpcancel_datagram_name(const struct rpcancel_datagram *datagram);

#endif
