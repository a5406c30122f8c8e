// SPDX-License-Identifier: Apache-2.0
/*
 * Rules on every PDU, by its octets: not through the codec, so that a mistake there does not hide one in what it
 * reads. Each function is one rule of harness/wire/rules.def; it decides only where that sentence speaks.
 */
#include "wire/judge.h"
#include "wire/relevance.h"

enum { HEADER = 16, TRAILER = 8, MUST_RECEIVE = 1432, OBJECT_END = 40 };

/* The octets of the fixed part of each type, header included; 0: it has no connection-oriented form. */
static const uint8_t fixed_sizes[] = {24, 0, 24, 32, 0, 0, 0, 0, 0, 0, 0, 28, 26, 18, 28, 26, 20, 16, 16, 16, 20};

static bool is_big_endian(const struct rpcancel_wire_situation *s)
{
    return s->event->octets.bytes[4] >> 4 == 0;
}

static unsigned field(const struct rpcancel_wire_situation *s, size_t offset, bool big_endian)
{
    return rpcancel_read_16(s->event->octets.bytes + offset, big_endian);
}

bool rpcancel_wire_header_is_plain(const struct rpcancel_wire_event *event)
{
    const struct rpcancel_span octets = event->octets;
    if (event->kind == RPCANCEL_WIRE_CLOSED || octets.size < HEADER)
        return false;
    unsigned type = octets.bytes[2], length = rpcancel_read_16(octets.bytes + 8, octets.bytes[4] >> 4 == 0);
    bool has_verifier = octets.bytes[10] || octets.bytes[11];
    return octets.bytes[0] == 5 && type < sizeof fixed_sizes && fixed_sizes[type] && length >= fixed_sizes[type] &&
           length <= octets.size && !has_verifier;
}

static bool has_header(const struct rpcancel_wire_situation *s)
{
    return s->event->kind != RPCANCEL_WIRE_CLOSED && s->event->octets.size >= HEADER && s->event->octets.bytes[0] == 5;
}

/* frag_length is a length that the octets may have, in that byte order. */
static bool is_length(const struct rpcancel_wire_situation *s, bool big_endian)
{
    unsigned length = field(s, 8, big_endian);
    return length >= HEADER && length <= s->event->octets.size;
}

static unsigned fixed_size(const struct rpcancel_wire_situation *s)
{
    unsigned type = s->event->octets.bytes[2];
    return type < sizeof fixed_sizes ? fixed_sizes[type] : 0;
}

WIRE_RULE_ON(W1)
{
    APPLIES_IF(s->event->kind != RPCANCEL_WIRE_CLOSED && s->event->octets.size >= HEADER);
    return require(s->event->octets.bytes[0] == 5);
}

WIRE_RULE_ON(W2)
{
    APPLIES_IF(has_header(s));
    unsigned minor = s->event->octets.bytes[1];
    bool is_bounded = s->event->sender == RPCANCEL_SENDER_SERVER && s->observer->bind != RPCANCEL_BIND_NONE;
    return require(minor <= 1 && (!is_bounded || minor <= s->observer->minor_version));
}

WIRE_RULE_ON(W3)
{
    APPLIES_IF(has_header(s) && (is_length(s, is_big_endian(s)) || !is_length(s, !is_big_endian(s))));
    unsigned length = field(s, 8, is_big_endian(s));
    APPLIES_IF(length <= s->event->octets.size); /* else the rest was not seen */
    return require(length >= HEADER);
}

/* A fragment of which the rest was not seen has too large a length as well: only where the sender has sent all that it
 * will is the other order's a proof. */
WIRE_RULE_ON(W7)
{
    APPLIES_IF(has_header(s));
    bool is_own = is_length(s, is_big_endian(s));
    bool is_whole = field(s, 8, is_big_endian(s)) < HEADER ||
                    (s->observer->controlled && field(s, 8, !is_big_endian(s)) == s->event->octets.size);
    APPLIES_IF(is_own || (is_length(s, !is_big_endian(s)) && is_whole));
    return require(is_own);
}

WIRE_RULE_ON(W4)
{
    APPLIES_IF(has_header(s) && is_length(s, is_big_endian(s)) && fixed_size(s));
    return require(field(s, 8, is_big_endian(s)) >= fixed_size(s));
}

WIRE_RULE_ON(W6)
{
    APPLIES_IF(has_header(s) && is_length(s, is_big_endian(s)) && fixed_size(s));
    unsigned auth_length = field(s, 10, is_big_endian(s));
    APPLIES_IF(auth_length);
    return require(field(s, 8, is_big_endian(s)) >= fixed_size(s) + TRAILER + auth_length);
}

WIRE_RULE_ON(W13)
{
    APPLIES_IF(s->pdu);
    return require(!has_flag(s, RPCANCEL_PFC_RESERVED_1));
}

WIRE_RULE_ON(W5)
{
    bool from_client = s->event->sender == RPCANCEL_SENDER_CLIENT;
    unsigned most = from_client ? s->observer->server_receive : s->observer->client_receive;
    APPLIES_IF(most && (s->is_reply || (from_client && is_type(s, RPCANCEL_PDU_REQUEST))));
    return require(s->event->octets.size <= (most < MUST_RECEIVE ? MUST_RECEIVE : most));
}

WIRE_RULE_ON(W19)
{
    APPLIES_IF(has_header(s) && s->event->octets.bytes[2] == RPCANCEL_PDU_RTS);
    return require(s->event->octets.bytes[3] == RPCANCEL_PFC_SINGLE && field(s, 10, is_big_endian(s)) == 0 &&
                   rpcancel_read_32(s->event->octets.bytes + 12, is_big_endian(s)) == 0);
}

WIRE_RULE_ON(W14)
{
    APPLIES_IF(has_header(s) && s->event->octets.bytes[2] == RPCANCEL_PDU_REQUEST &&
               s->event->octets.bytes[3] & RPCANCEL_PFC_OBJECT_UUID && is_length(s, is_big_endian(s)));
    return require(field(s, 8, is_big_endian(s)) >= OBJECT_END);
}

WIRE_RULE_ON(W18)
{
    APPLIES_IF(has_header(s) && (s->event->octets.bytes[2] == RPCANCEL_PDU_SHUTDOWN ||
                                 s->event->octets.bytes[2] == RPCANCEL_PDU_BIND_NAK));
    return require(field(s, 10, is_big_endian(s)) == 0);
}

WIRE_RULE_ON(W15)
{
    APPLIES_IF(s->pdu && s->pdu->type != RPCANCEL_PDU_FAULT);
    return require(!has_flag(s, RPCANCEL_PFC_DID_NOT_EXECUTE));
}

WIRE_RULE_ON(W39)
{
    APPLIES_IF(has_header(s));
    return require(s->event->octets.bytes[2] != RPCANCEL_PDU_CO_CANCEL);
}

WIRE_RULE_ON(W90)
{
    APPLIES_IF(has_header(s));
    return require(s->event->octets.bytes[2] != RPCANCEL_PDU_ORPHANED);
}
