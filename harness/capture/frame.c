// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "capture/frame.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "wire/bytes.h"

/* Link types by libpcap's numbers for this machine, where they differ by machine those of LINKTYPE_ as well. */
enum {
    LINK_NULL = 0,
    LINK_ETHERNET = 1,
    LINK_RAW = 12,
    LINK_RAW_OPENBSD = 14,
    LINK_RAW_FILE = 101,
    LINK_LOOP = 108,
    LINK_COOKED = 113,
    LINK_IP4 = 228,
    LINK_IP6 = 229,
    LINK_COOKED_2 = 276
};
enum { TYPE_IP4 = 0x0800, TYPE_IP6 = 0x86DD, TYPE_VLAN = 0x8100, TYPE_PROVIDER = 0x88A8, TYPE_OLD_PROVIDER = 0x9100 };
enum {
    NEXT_HOPS = 0,
    NEXT_TCP = 6,
    NEXT_UDP = 17,
    NEXT_ROUTING = 43,
    NEXT_FRAGMENT = 44,
    NEXT_AH = 51,
    NEXT_OPTIONS = 60
};
enum { TAGS_MAX = 8, EXTENSIONS_MAX = 16 };

/* What is left of a packet. */
struct rest {
    const uint8_t *bytes;
    uint32_t captured;
    uint32_t at; /* octets that were taken off it */
};

static bool take(struct rest *rest, uint32_t size)
{
    if (rest->captured < size)
        return false;
    rest->bytes += size;
    rest->captured -= size;
    rest->at += size;
    return true;
}

static unsigned number(const uint8_t *bytes)
{
    return rpcancel_read_16(bytes, true);
}

bool rpcancel_frame_link_is_known(int link)
{
    switch (link) {
    case LINK_NULL:
    case LINK_ETHERNET:
    case LINK_RAW:
    case LINK_RAW_OPENBSD:
    case LINK_RAW_FILE:
    case LINK_LOOP:
    case LINK_COOKED:
    case LINK_IP4:
    case LINK_IP6:
    case LINK_COOKED_2:
        return true;
    default:
        return false;
    }
}

/* ---- the transport ---- */

/* |length| is what the packet is long behind the headers of IP. */
static void read_tcp(struct rest *rest, uint32_t length, struct rpcancel_frame *frame)
{
    enum { LEAST = 20 };
    if (rest->captured < LEAST) {
        frame->kind = length < LEAST ? RPCANCEL_FRAME_WRONG : RPCANCEL_FRAME_CUT;
        return;
    }
    const uint8_t *tcp = rest->bytes;
    uint32_t header = (uint32_t)(tcp[12] >> 4) * 4;
    frame->source.port = (uint16_t)number(tcp);
    frame->destination.port = (uint16_t)number(tcp + 2);
    frame->sequence = rpcancel_read_32(tcp + 4, true);
    frame->acknowledgement = rpcancel_read_32(tcp + 8, true);
    frame->flags = tcp[13];
    if (header < LEAST || header > length) {
        frame->kind = RPCANCEL_FRAME_WRONG;
        return;
    }
    if (!take(rest, header)) {
        frame->kind = RPCANCEL_FRAME_CUT;
        return;
    }
    frame->kind = RPCANCEL_FRAME_TCP;
    frame->length = length - header;
}

static void read_udp(struct rest *rest, uint32_t length, struct rpcancel_frame *frame)
{
    enum { HEADER = 8 };
    if (rest->captured < HEADER) {
        frame->kind = length < HEADER ? RPCANCEL_FRAME_WRONG : RPCANCEL_FRAME_CUT;
        return;
    }
    frame->source.port = (uint16_t)number(rest->bytes);
    frame->destination.port = (uint16_t)number(rest->bytes + 2);
    frame->kind = RPCANCEL_FRAME_UDP;
    take(rest, HEADER);
    frame->length = length < HEADER ? 0 : length - HEADER;
}

static void read_transport(struct rest *rest, unsigned protocol, uint32_t length, struct rpcancel_frame *frame)
{
    if (protocol == NEXT_TCP)
        read_tcp(rest, length, frame);
    else if (protocol == NEXT_UDP)
        read_udp(rest, length, frame);
    frame->header = rest->at;
    frame->payload = rest->bytes;
    frame->captured = rest->captured < frame->length ? rest->captured : frame->length; /* without padding */
}

/* ---- the network ---- */

/* What follows the headers of a fragment is its part of what the packet carries. */
static void read_fragment(const struct rest *rest, unsigned protocol, unsigned position, uint32_t length,
                          struct rpcancel_frame *frame)
{
    frame->kind = RPCANCEL_FRAME_FRAGMENT;
    frame->protocol = (uint8_t)protocol;
    frame->position = (uint16_t)position;
    frame->payload = rest->bytes;
    frame->length = length;
    frame->captured = rest->captured < length ? rest->captured : length;
}

static void read_ip4(struct rest *rest, struct rpcancel_frame *frame)
{
    enum { LEAST = 20, MORE = 0x2000, POSITION = 0x1FFF };
    frame->network = rest->at;
    if (rest->captured < LEAST) {
        frame->kind = RPCANCEL_FRAME_CUT;
        return;
    }
    const uint8_t *ip = rest->bytes;
    uint32_t header = (uint32_t)(ip[0] & 15) * 4, length = number(ip + 2);
    if (length == 0) /* a segment that the network card was to divide */
        length = rest->captured;
    if (ip[0] >> 4 != 4 || header < LEAST || length < header) {
        frame->kind = RPCANCEL_FRAME_WRONG;
        return;
    }
    memcpy(frame->source.address, ip + 12, 4);
    memcpy(frame->destination.address, ip + 16, 4);
    frame->source.version = frame->destination.version = 4;
    if (!take(rest, header)) {
        frame->kind = RPCANCEL_FRAME_CUT;
        return;
    }
    unsigned bits = number(ip + 6);
    frame->has_more = bits & MORE;
    frame->identification = number(ip + 4);
    if (bits & (MORE | POSITION))
        read_fragment(rest, ip[9], bits & POSITION, length - header, frame);
    else
        read_transport(rest, ip[9], length - header, frame);
}

/* Takes an extension header off; false when there is none, or not all of it. */
static bool take_extension(struct rest *rest, unsigned *next, uint32_t *length, struct rpcancel_frame *frame)
{
    if (*next != NEXT_HOPS && *next != NEXT_ROUTING && *next != NEXT_OPTIONS && *next != NEXT_AH)
        return false;
    if (rest->captured < 8) {
        frame->kind = RPCANCEL_FRAME_CUT;
        return false;
    }
    uint32_t size = *next == NEXT_AH ? (rest->bytes[1] + 2U) * 4 : (rest->bytes[1] + 1U) * 8;
    unsigned following = rest->bytes[0];
    if (size > *length || !take(rest, size)) {
        frame->kind = size > *length ? RPCANCEL_FRAME_WRONG : RPCANCEL_FRAME_CUT;
        return false;
    }
    *next = following;
    *length -= size;
    return true;
}

/* The fragment header, RFC 8200 4.5. */
static void read_ip6_fragment(struct rest *rest, uint32_t length, struct rpcancel_frame *frame)
{
    enum { SIZE = 8, MORE = 1 };
    const uint8_t *header = rest->bytes;
    if (length < SIZE || !take(rest, SIZE)) {
        frame->kind = length < SIZE ? RPCANCEL_FRAME_WRONG : RPCANCEL_FRAME_CUT;
        return;
    }
    frame->has_more = header[3] & MORE;
    frame->identification = rpcancel_read_32(header + 4, true);
    read_fragment(rest, header[0], number(header + 2) >> 3, length - SIZE, frame);
}

static void read_ip6(struct rest *rest, struct rpcancel_frame *frame)
{
    enum { HEADER = 40 };
    frame->network = rest->at;
    if (rest->captured < HEADER) {
        frame->kind = RPCANCEL_FRAME_CUT;
        return;
    }
    const uint8_t *ip = rest->bytes;
    uint32_t length = number(ip + 4);
    unsigned next = ip[6];
    if (ip[0] >> 4 != 6) {
        frame->kind = RPCANCEL_FRAME_WRONG;
        return;
    }
    memcpy(frame->source.address, ip + 8, RPCANCEL_ADDRESS_SIZE);
    memcpy(frame->destination.address, ip + 24, RPCANCEL_ADDRESS_SIZE);
    frame->source.version = frame->destination.version = 6;
    take(rest, HEADER);
    if (length == 0)
        length = rest->captured;
    for (unsigned i = 0; i < EXTENSIONS_MAX && take_extension(rest, &next, &length, frame); i++)
        ;
    if (frame->kind != RPCANCEL_FRAME_OTHER)
        return;
    if (next == NEXT_FRAGMENT)
        read_ip6_fragment(rest, length, frame);
    else
        read_transport(rest, next, length, frame);
}

void rpcancel_frame_read_joined(const uint8_t *bytes, uint32_t size, struct rpcancel_frame *frame)
{
    struct rest rest = {bytes, size, 0};
    unsigned next = frame->protocol;
    uint32_t length = size;
    frame->kind = RPCANCEL_FRAME_OTHER;
    for (unsigned i = 0;
         frame->source.version == 6 && i < EXTENSIONS_MAX && take_extension(&rest, &next, &length, frame); i++)
        ;
    frame->length = 0;
    if (frame->kind == RPCANCEL_FRAME_OTHER)
        read_transport(&rest, next, length, frame);
    frame->header = RPCANCEL_FRAME_JOINED;
}

/* ---- the link ---- */

static void read_by_type(struct rest *rest, unsigned type, struct rpcancel_frame *frame)
{
    for (unsigned i = 0; i < TAGS_MAX && (type == TYPE_VLAN || type == TYPE_PROVIDER || type == TYPE_OLD_PROVIDER);
         i++) {
        if (rest->captured < 4) {
            frame->kind = RPCANCEL_FRAME_CUT;
            return;
        }
        type = number(rest->bytes + 2);
        take(rest, 4);
    }
    if (type == TYPE_IP4)
        read_ip4(rest, frame);
    else if (type == TYPE_IP6)
        read_ip6(rest, frame);
}

/* Reads what has a header of |header| octets, with the type of what follows at |type_at|. */
static void read_typed(struct rest *rest, uint32_t header, uint32_t type_at, struct rpcancel_frame *frame)
{
    if (rest->captured < header) {
        frame->kind = RPCANCEL_FRAME_CUT;
        return;
    }
    unsigned type = number(rest->bytes + type_at);
    take(rest, header);
    read_by_type(rest, type, frame);
}

static void read_raw(struct rest *rest, struct rpcancel_frame *frame)
{
    if (rest->captured == 0)
        frame->kind = RPCANCEL_FRAME_CUT;
    else if (rest->bytes[0] >> 4 == 4)
        read_ip4(rest, frame);
    else if (rest->bytes[0] >> 4 == 6)
        read_ip6(rest, frame);
}

/* As a whole it would be cleared by an instruction that takes long to begin. */
static void clear(struct rpcancel_frame *frame)
{
    const struct rpcancel_endpoint nobody = {.version = 0};
    frame->kind = RPCANCEL_FRAME_OTHER;
    frame->flags = frame->protocol = 0;
    frame->has_more = false;
    frame->position = 0;
    frame->identification = frame->sequence = frame->acknowledgement = 0;
    frame->source = frame->destination = nobody;
    frame->header = frame->captured = frame->length = 0;
    frame->payload = NULL;
    frame->network = UINT32_MAX;
}

void rpcancel_frame_read(int link, const uint8_t *bytes, uint32_t captured, struct rpcancel_frame *frame)
{
    struct rest rest = {bytes, captured, 0};
    clear(frame);
    switch (link) {
    case LINK_ETHERNET:
        read_typed(&rest, 14, 12, frame);
        break;
    case LINK_COOKED:
        read_typed(&rest, 16, 14, frame);
        break;
    case LINK_COOKED_2:
        read_typed(&rest, 20, 0, frame);
        break;
    case LINK_NULL: /* the family's number in whatever order, which differs by system: what IP says of itself is enough
                     */
    case LINK_LOOP:
        if (take(&rest, 4))
            read_raw(&rest, frame);
        else
            frame->kind = RPCANCEL_FRAME_CUT;
        break;
    default:
        if (rpcancel_frame_link_is_known(link))
            read_raw(&rest, frame);
    }
    if (frame->kind != RPCANCEL_FRAME_TCP && frame->kind != RPCANCEL_FRAME_UDP)
        frame->header = rest.at;
}

void rpcancel_endpoint_print_address(const struct rpcancel_endpoint *endpoint, char out[RPCANCEL_ENDPOINT_TEXT_MAX])
{
    if (!inet_ntop(endpoint->version == 6 ? AF_INET6 : AF_INET, endpoint->address, out, RPCANCEL_ENDPOINT_TEXT_MAX))
        out[0] = '\0';
}

void rpcancel_endpoint_print(const struct rpcancel_endpoint *endpoint, char out[RPCANCEL_ENDPOINT_TEXT_MAX])
{
    char address[RPCANCEL_ENDPOINT_TEXT_MAX];
    rpcancel_endpoint_print_address(endpoint, address);
    snprintf(out, RPCANCEL_ENDPOINT_TEXT_MAX, endpoint->version == 6 ? "[%.45s]:%u" : "%.45s:%u", address,
             endpoint->port);
}
