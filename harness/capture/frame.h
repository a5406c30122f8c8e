// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FRAME_H
#define RPCANCEL_FRAME_H
/*
 * Packets as they were captured: what of TCP or UDP is in them. No state, no memory; nothing is looked at that was not
 * captured, whatever lengths the packet claims.
 */
#include <stdbool.h>
#include <stdint.h>

enum { RPCANCEL_ADDRESS_SIZE = 16, RPCANCEL_ENDPOINT_TEXT_MAX = 64 };

/* One end of a conversation. IPv4 addresses are in the first four octets, all others 0. */
struct rpcancel_endpoint {
    uint8_t address[RPCANCEL_ADDRESS_SIZE];
    uint16_t port;
    uint8_t version; /* of IP: 4 or 6 */
    uint8_t zero;    /* so that equal octets are equal ends */
};

enum rpcancel_frame_kind {
    RPCANCEL_FRAME_TCP,
    RPCANCEL_FRAME_UDP,
    RPCANCEL_FRAME_FRAGMENT, /* of an IP packet; capture/fragments.h puts them together */
    RPCANCEL_FRAME_OTHER,    /* something else, over IP or not */
    RPCANCEL_FRAME_CUT,      /* its headers were not captured to their end */
    RPCANCEL_FRAME_WRONG,    /* its headers contradict themselves */
    RPCANCEL_FRAME_KINDS
};

enum { RPCANCEL_TCP_FIN = 0x01, RPCANCEL_TCP_SYN = 0x02, RPCANCEL_TCP_RST = 0x04, RPCANCEL_TCP_ACK = 0x10 };

struct rpcancel_frame {
    uint8_t kind;                                 /* enum rpcancel_frame_kind */
    uint8_t flags;                                /* of TCP */
    uint8_t protocol;                             /* of a fragment: what its packet carries; of IPv6, its next header */
    bool has_more;                                /* of a fragment: it is not the last one */
    uint16_t position;                            /* of a fragment: of its first octet, in units of 8 octets */
    uint32_t identification;                      /* of a fragment: which packet it is of, between its ends */
    struct rpcancel_endpoint source, destination; /* of TCP and UDP; of a fragment without ports */
    uint32_t sequence, acknowledgement;           /* of TCP */
    uint32_t header;                              /* octets before the payload, of the link and of IP with them */
    const uint8_t *payload;
    uint32_t captured; /* octets of payload that are there */
    uint32_t length;   /* octets of payload that there were */
    uint32_t network;  /* octets before the IP header; 0xFFFFFFFF: there is none */
};

/* rpcancel_frame_link_is_known tells whether packets of the link type |link| (a DLT_ number of libpcap) can be read. */
bool rpcancel_frame_link_is_known(int link);

/* rpcancel_frame_read reads the packet at |bytes|, of which |captured| octets are there, into |*frame|, which points
 * into it. */
void rpcancel_frame_read(int link, const uint8_t *bytes, uint32_t captured, struct rpcancel_frame *frame);

/* rpcancel_frame_read_joined reads the |size| octets at |bytes| that the IP packet of the fragment |*frame| carried
 * into
 * |*frame|, which points into them; |header| is RPCANCEL_FRAME_JOINED then, as no packet has them. */
enum { RPCANCEL_FRAME_JOINED = 1 << 30 };
void rpcancel_frame_read_joined(const uint8_t *bytes, uint32_t size, struct rpcancel_frame *frame);

/* rpcancel_endpoint_print writes `192.0.2.1:135` or `[2001:db8::1]:135`, terminated. */
void rpcancel_endpoint_print(const struct rpcancel_endpoint *endpoint, char out[RPCANCEL_ENDPOINT_TEXT_MAX]);

/* rpcancel_endpoint_print_address writes the address alone. */
void rpcancel_endpoint_print_address(const struct rpcancel_endpoint *endpoint, char out[RPCANCEL_ENDPOINT_TEXT_MAX]);

#endif
