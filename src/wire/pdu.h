// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WIRE_PDU_H
#define RPCANCEL_WIRE_PDU_H
/*
 * Connection-oriented PDUs (C706 12.6, MS-RPCE 2.2.2): fragments as octets and as structures.
 *
 * Decoding takes one whole fragment and no memory: what has no fixed size (stub data, presentation contexts, tokens)
 * stays where it is, and the structure points at it. Encoding a decoded fragment gives the same octets, whatever they
 * were: reserved fields and padding are kept. Byte order is the sender's (packed_drep) both ways.
 *
 * rpcancel_pdu_length cuts a stream into fragments. Contexts and results are read and written by wire/presentation.h.
 *
 * No function here keeps state; all may be called from any thread.
 */
#include "wire/bytes.h"

enum {
    RPCANCEL_PDU_HEADER_SIZE = 16,
    RPCANCEL_PDU_SIZE_MAX = 65535,    /* frag_length has 16 bits */
    RPCANCEL_PDU_MUST_RECEIVE = 1432, /* MustRecvFragSize, C706 appendix K */
    RPCANCEL_AUTH_TRAILER_SIZE = 8,   /* of the sec_trailer, before the auth_value */
    RPCANCEL_UUID_SIZE = 16
};

/* Who sends a PDU. */
enum rpcancel_pdu_sender {
    RPCANCEL_SENDER_CLIENT = 1,
    RPCANCEL_SENDER_SERVER = 2,
    RPCANCEL_SENDER_EITHER = 3,
    RPCANCEL_SENDER_NONE = 0 /* connectionless only */
};

/* Whether a PDU may carry an authentication verifier. */
enum rpcancel_pdu_auth { RPCANCEL_AUTH_NEVER, RPCANCEL_AUTH_OPTIONAL, RPCANCEL_AUTH_REQUIRED };

/*
 * X(enumerator, number, name, least frag_length, sender, verifier)
 *
 * Numbers: C706 12.4.1; 16: MS-RPCE 2.2.1.1.1; 20: MS-RPCH. Least sizes include the header, not a verifier.
 */
#define RPCANCEL_PDU_TYPES(X)                                             \
    X(REQUEST, 0, "request", 24, CLIENT, OPTIONAL)                        \
    X(PING, 1, "ping", 16, NONE, NEVER)                                   \
    X(RESPONSE, 2, "response", 24, SERVER, OPTIONAL)                      \
    X(FAULT, 3, "fault", 32, SERVER, OPTIONAL)                            \
    X(WORKING, 4, "working", 16, NONE, NEVER)                             \
    X(NOCALL, 5, "nocall", 16, NONE, NEVER)                               \
    X(REJECT, 6, "reject", 16, NONE, NEVER)                               \
    X(ACK, 7, "ack", 16, NONE, NEVER)                                     \
    X(CL_CANCEL, 8, "cl_cancel", 16, NONE, NEVER)                         \
    X(FACK, 9, "fack", 16, NONE, NEVER)                                   \
    X(CANCEL_ACK, 10, "cancel_ack", 16, NONE, NEVER)                      \
    X(BIND, 11, "bind", 28, CLIENT, OPTIONAL)                             \
    X(BIND_ACK, 12, "bind_ack", 26, SERVER, OPTIONAL)                     \
    X(BIND_NAK, 13, "bind_nak", 18, SERVER, NEVER)                        \
    X(ALTER_CONTEXT, 14, "alter_context", 28, CLIENT, OPTIONAL)           \
    X(ALTER_CONTEXT_RESP, 15, "alter_context_resp", 26, SERVER, OPTIONAL) \
    X(AUTH3, 16, "rpc_auth_3", 20, CLIENT, REQUIRED)                      \
    X(SHUTDOWN, 17, "shutdown", 16, SERVER, NEVER)                        \
    X(CO_CANCEL, 18, "co_cancel", 16, CLIENT, OPTIONAL)                   \
    X(ORPHANED, 19, "orphaned", 16, CLIENT, OPTIONAL)                     \
    X(RTS, 20, "rts", 20, EITHER, NEVER)

enum rpcancel_pdu_type {
#define RPCANCEL_X(type, number, name, size, sender, auth) RPCANCEL_PDU_##type = (number),
    RPCANCEL_PDU_TYPES(RPCANCEL_X)
#undef RPCANCEL_X
        RPCANCEL_PDU_TYPE_COUNT
};

struct rpcancel_pdu_type_description {
    const char *name;
    uint8_t least_size; /* octets, header included */
    uint8_t sender;     /* enum rpcancel_pdu_sender */
    uint8_t auth;       /* enum rpcancel_pdu_auth */
};

/* rpcancel_pdu_type_describe returns what is known of |type|, or NULL for a number that no type has. Static storage. */
const struct rpcancel_pdu_type_description *rpcancel_pdu_type_describe(unsigned type);

/* pfc_flags, C706 12.6.3.1 and MS-RPCE 2.2.2.3. Bit 0x04 means what the type says: header signing on bind, bind_ack,
 * alter_context, alter_context_resp and rpc_auth_3, a pending cancel on all others (W12). */
enum {
    RPCANCEL_PFC_FIRST_FRAG = 0x01,
    RPCANCEL_PFC_LAST_FRAG = 0x02,
    RPCANCEL_PFC_PENDING_CANCEL = 0x04,
    RPCANCEL_PFC_SUPPORT_HEADER_SIGN = 0x04,
    RPCANCEL_PFC_RESERVED_1 = 0x08,
    RPCANCEL_PFC_CONC_MPX = 0x10,
    RPCANCEL_PFC_DID_NOT_EXECUTE = 0x20,
    RPCANCEL_PFC_MAYBE = 0x40,
    RPCANCEL_PFC_OBJECT_UUID = 0x80,
    RPCANCEL_PFC_SINGLE = 0x03 /* first and last */
};

struct rpcancel_request_body {
    uint32_t alloc_hint;
    uint16_t context_id, opnum;
    uint8_t object[RPCANCEL_UUID_SIZE]; /* as on the wire; only with RPCANCEL_PFC_OBJECT_UUID */
};

struct rpcancel_response_body {
    uint32_t alloc_hint;
    uint16_t context_id;
    uint8_t cancel_count; /* cancels the server received for this call */
    uint8_t reserved;
};

struct rpcancel_fault_body {
    uint32_t alloc_hint;
    uint16_t context_id;
    uint8_t cancel_count;
    uint8_t reserved; /* MS-RPCE 2.2.2.8: bit 0, extended error information follows */
    uint32_t status;
    uint32_t reserved2;
};

/* bind and alter_context. */
struct rpcancel_bind_body {
    uint16_t max_transmit, max_receive;
    uint32_t group_id;
    uint8_t context_count, reserved;
    uint16_t reserved2;
    struct rpcancel_span contexts; /* |context_count| of them, as on the wire */
};

/* bind_ack and alter_context_resp. */
struct rpcancel_bind_ack_body {
    uint16_t max_transmit, max_receive;
    uint32_t group_id;
    struct rpcancel_span address; /* the secondary address, with its NUL */
    uint8_t padding[3];           /* to the next multiple of 4; as many as it takes */
    uint8_t result_count, reserved;
    uint16_t reserved2;
    struct rpcancel_span results; /* |result_count| of them, as on the wire */
};

struct rpcancel_bind_nak_body {
    uint16_t reason;
    bool has_versions; /* false: nothing comes after the reason, as some servers have it */
    uint8_t version_count;
    struct rpcancel_span versions; /* |version_count| times a major and a minor octet */
};

struct rpcancel_auth3_body {
    uint8_t padding[4]; /* any value */
};

struct rpcancel_rts_body {
    uint16_t flags, command_count; /* the commands are |data| */
};

/* The authentication verifier, when auth_length is not 0. */
struct rpcancel_auth_verifier {
    uint8_t type, level, reserved;
    uint32_t context_id;
    struct rpcancel_span padding; /* auth_pad_length octets between the body and the verifier */
    struct rpcancel_span value;   /* not empty when there is a verifier */
};

struct rpcancel_pdu {
    uint8_t version, minor_version;
    uint8_t type;  /* enum rpcancel_pdu_type */
    uint8_t flags; /* RPCANCEL_PFC_… */
    uint8_t drep[4];
    uint32_t call_id;
    union { /* by |type|; co_cancel, orphaned and shutdown have no body */
        struct rpcancel_request_body request;
        struct rpcancel_response_body response;
        struct rpcancel_fault_body fault;
        struct rpcancel_bind_body bind;
        struct rpcancel_bind_ack_body bind_ack;
        struct rpcancel_bind_nak_body bind_nak;
        struct rpcancel_auth3_body auth3;
        struct rpcancel_rts_body rts;
    };
    struct rpcancel_span data; /* stub data; of types without any, what follows the body */
    struct rpcancel_auth_verifier auth;
};

/* rpcancel_pdu_is_big_endian tells the byte order that packed_drep says. */
static inline bool rpcancel_pdu_is_big_endian(const struct rpcancel_pdu *pdu)
{
    return pdu->drep[0] >> 4 == 0;
}

/*
 * X(enumerator, what was expected)
 *
 * What can be wrong with a fragment. Those up to VERSIONS leave no meaning and are errors always; the others only where
 * RPCANCEL_STRICT was asked for: a receiver gets over them, and real senders have some of them.
 */
#define RPCANCEL_PDU_ERRORS(X)                                                                     \
    X(NONE, "nothing is wrong")                                                                    \
    X(INCOMPLETE, "16 octets of header, and as many octets as frag_length says")                   \
    X(VERSION, "rpc_vers 5")                                                                       \
    X(TYPE, "a type of connection-oriented PDUs, 0, 2, 3 or 11 to 20")                             \
    X(FRAG_LENGTH, "a frag_length that the header and the body of this type fit into")             \
    X(AUTH_LENGTH, "an auth_length that leaves room for the body and the 8 octets of sec_trailer") \
    X(AUTH_PAD_LENGTH, "an auth_pad_length that leaves room for the body")                         \
    X(CONTEXTS, "as many whole presentation contexts as n_context_elem says")                      \
    X(ADDRESS, "a secondary address and the list of results after it")                             \
    X(RESULTS, "as many whole results as n_results says")                                          \
    X(VERSIONS, "as many protocol versions as n_protocols says")                                   \
    X(MINOR_VERSION, "rpc_vers_minor 0 or 1")                                                      \
    X(DREP, "a packed_drep of C706 14.1, its last two octets 0")                                   \
    X(FLAGS, "pfc_flags that this type has")                                                       \
    X(RESERVED, "0 in a reserved field")                                                           \
    X(PADDING, "0 as padding")                                                                     \
    X(EXCESS, "the end of the body")                                                               \
    X(AUTH_FORBIDDEN, "auth_length 0, as this type has no verifier")                               \
    X(AUTH_MISSING, "a verifier")

enum rpcancel_pdu_error {
#define RPCANCEL_X(error, text) RPCANCEL_PDU_ERROR_##error,
    RPCANCEL_PDU_ERRORS(RPCANCEL_X)
#undef RPCANCEL_X
        RPCANCEL_PDU_ERROR_COUNT
};

/* How a fragment is not what it should be. */
struct rpcancel_pdu_complaint {
    enum rpcancel_pdu_error error;
    size_t offset; /* of the octet at which it shows, from the beginning of the fragment */
};

/* rpcancel_pdu_error_text returns what was expected. Static storage. */
const char *rpcancel_pdu_error_text(enum rpcancel_pdu_error error);

/*
 * rpcancel_pdu_length tells how long the fragment is that begins at |bytes|, of which |size| octets are there so far.
 * Returns its frag_length, from 16; 0 when more octets are needed to tell (fewer than 10 are there); or -1 with
 * |*complaint| set when no fragment begins there: another rpc_vers, or a frag_length below 16.
 */
int rpcancel_pdu_length(const uint8_t *bytes, size_t size, struct rpcancel_pdu_complaint *complaint);

enum rpcancel_strictness {
    RPCANCEL_LENIENT, /* what can be understood is accepted */
    RPCANCEL_STRICT   /* what the documents say a sender does is required */
};

/*
 * rpcancel_pdu_decode reads the fragment in the |size| octets at |bytes| into |*pdu|, which points into them
 * afterwards. Returns true, with |*complaint| NONE; or false with |*complaint| set. The members up to |call_id| are set
 * in any case in which 16 octets are there, so that what cannot be read can be answered.
 */
bool rpcancel_pdu_decode(const uint8_t *bytes, size_t size, enum rpcancel_strictness strictness,
                         struct rpcancel_pdu *pdu, struct rpcancel_pdu_complaint *complaint);

/* rpcancel_pdu_size returns how many octets |pdu| takes, its frag_length; above RPCANCEL_PDU_SIZE_MAX it has none. */
size_t rpcancel_pdu_size(const struct rpcancel_pdu *pdu);

/*
 * rpcancel_pdu_encode writes |pdu| to the |capacity| octets at |out|, which nothing in |pdu| points into. frag_length,
 * auth_length, auth_pad_length and the length of the secondary address follow from the parts. Returns the octets
 * written; 0, with nothing written, when they do not fit or are more than RPCANCEL_PDU_SIZE_MAX.
 */
size_t rpcancel_pdu_encode(const struct rpcancel_pdu *pdu, uint8_t *out, size_t capacity);

/*
 * rpcancel_pdu_take_data takes as much off |*stub_data| as a fragment of |fragment_max| octets, at least 32, has room
 * for beside what |pdu| is without data, in multiples of 8 unless it is all; sets |pdu->data| to it, and
 * RPCANCEL_PFC_LAST_FRAG as
 * |*stub_data| is empty then. Returns whether it is.
 */
bool rpcancel_pdu_take_data(struct rpcancel_pdu *pdu, struct rpcancel_span *stub_data, size_t fragment_max);

/*
 * rpcancel_pdu_init sets |*pdu| to a fragment of |type| without data or verifier: version 5.0, first and last fragment,
 * little-endian, ASCII, IEEE; all else 0.
 */
void rpcancel_pdu_init(struct rpcancel_pdu *pdu, enum rpcancel_pdu_type type, uint32_t call_id);

#endif
