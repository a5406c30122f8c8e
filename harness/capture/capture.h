// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CAPTURE_H
#define RPCANCEL_CAPTURE_H
/*
 * Judges conversations that were captured: takes packets one after the other, finds DCE/RPC in TCP and UDP on any port
 * by what the octets are, and holds both sides to the rules of the wire and of datagrams. No I/O; capture/source.h
 * reads files.
 *
 * Order. What rules conclude from is the order of PDUs, and captures mix up packets of the two directions as well as
 * those of one. A segment is taken in when all before it is there and, as far as it acknowledges the other direction,
 * when that has been taken in too: so what the sender had received comes first, in whatever order it was captured.
 *
 * What was not seen. Where octets are missing (packets that were lost by whoever captured, or cut), nobody can tell any
 * more what became of calls: from there on a conversation is judged by those rules only that look at one PDU by itself.
 * Likewise one whose beginning is missing. Octets that are missing within stub data harm nothing.
 *
 * Datagrams are not numbered, so nobody sees that some are missing. Unless who captured knows that none is, nothing is
 * concluded from what was not seen.
 *
 * Memory is bounded whatever the packets are: RPCANCEL_CAPTURE_DIALOGS conversations in DCE/RPC,
 * RPCANCEL_CAPTURE_OTHERS others, RPCANCEL_CAPTURE_HELD octets that wait for others, RPCANCEL_CAPTURE_ACTIVITIES
 * activities. Of more, those that were heard of least recently are forgotten, and counted. Fragments of IP:
 * capture/fragments.h.
 */
#include "capture/datagrams.h"
#include "capture/fragments.h"
#include "datagram/event.h"
#include "wire/event.h"
#include "wire/rules.h"

enum {
    RPCANCEL_CAPTURE_DIALOGS = 16384,
    RPCANCEL_CAPTURE_OTHERS = 131072,
    RPCANCEL_CAPTURE_HELD = 64 * 1024 * 1024,
    RPCANCEL_CAPTURE_TYPES = RPCANCEL_PDU_TYPE_COUNT
};

struct rpcancel_capture_packet {
    uint64_t number; /* from 1, as Wireshark counts them */
    int64_t time;    /* nanoseconds since 1970 */
    int link;        /* link type, a DLT_ number */
    const uint8_t *bytes;
    uint32_t captured; /* octets at |bytes| */
    uint32_t length;   /* octets that the packet had */
};

/* A rule that was broken. Everything lasts until the function that is told of it returns. */
struct rpcancel_capture_finding {
    uint64_t packet;       /* the one that the last octet of the PDU came in */
    uint64_t first_packet; /* and the first */
    int64_t time;          /* of |packet| */
    const struct rpcancel_endpoint *source, *destination;
    uint8_t sender;                                 /* whose side broke the rule: RPCANCEL_SENDER_CLIENT or …SERVER */
    const struct rpcancel_wire_event *event;        /* of a connection; else NULL */
    const struct rpcancel_datagram_event *datagram; /* of UDP; else NULL */
    unsigned rule;                                  /* its number: rpcancel_capture_rule_at */
};

/* How much there was, and what could not be judged. Conversations are counted once for each reason. */
struct rpcancel_capture_counts {
    uint64_t packets;
    uint64_t frames[RPCANCEL_FRAME_KINDS];  /* by enum rpcancel_frame_kind */
    uint64_t pdus;                          /* that could be read, and are not only counted below */
    uint64_t types[RPCANCEL_CAPTURE_TYPES]; /* of those, by type */
    uint64_t judged;                        /* of those, by all rules */
    uint64_t judged_alone;                  /* of those, by rules that look at one PDU by itself */
    uint64_t unreadable;                    /* that could not be read, in a conversation that was DCE/RPC */
    uint64_t findings;
    uint64_t conversations; /* in TCP */
    uint64_t dialogs;       /* of them, in DCE/RPC */
    uint64_t without_start; /* of those: their beginning was not captured */
    uint64_t with_gaps;     /* of those: octets are missing, outside of stub data */
    uint64_t authenticated; /* of those: some PDU has a verifier */
    uint64_t sealed;        /* of those: some PDU's stub data is encrypted */
    uint64_t cut_pdus;      /* PDUs of which octets of stub data are missing; they are judged */
    uint64_t smb;           /* conversations in SMB, whose named pipes may carry DCE/RPC */
    uint64_t http;          /* conversations that carry DCE/RPC over HTTP */
    uint64_t others;        /* conversations in something else */
    uint64_t silent;        /* conversations in which nothing was said */
    uint64_t forgotten;     /* conversations, as there were too many at once, or too much was held */
    uint64_t activities;    /* of connectionless DCE/RPC, in UDP */
    uint64_t datagrams;     /* of them */
    uint64_t with_verifier; /* of those: not judged, as what they say may be encrypted */
    uint64_t joined;        /* fragments of IP packets that could be put together */
};

struct rpcancel_capture_settings {
    enum rpcancel_wire_profile profile;
    unsigned levels; /* mask: bit n is enum rpcancel_level n */
    bool is_whole;   /* no datagram is missing, from the beginning of each activity on */
    void *context;   /* handed on */
    void (*found)(void *context, const struct rpcancel_capture_finding *finding);
    /* NULL, or told which octets of packets are headers of PDUs: |size| of them, |offset| from the packet's first. */
    void (*has_header)(void *context, uint64_t packet, uint32_t offset, uint32_t size);
};

struct rpcancel_capture;

/* rpcancel_capture_open begins; NULL without memory. End with rpcancel_capture_close. */
struct rpcancel_capture *rpcancel_capture_open(const struct rpcancel_capture_settings *settings);

/* rpcancel_capture_take takes the next packet in. False when memory is exhausted; nothing more may be taken in then. */
bool rpcancel_capture_take(struct rpcancel_capture *capture, const struct rpcancel_capture_packet *packet);

/* rpcancel_capture_end tells that there are no more: what waited for others is judged as far as possible. */
void rpcancel_capture_end(struct rpcancel_capture *capture);

const struct rpcancel_capture_counts *rpcancel_capture_counts(const struct rpcancel_capture *capture);

/* The rules that captures are held to: those of the wire, then those of datagrams. rpcancel_capture_rule_count returns
 * how many there are, rpcancel_capture_rule_at one of them. Static storage. */
enum { RPCANCEL_CAPTURE_RULES_MAX = 2 * RPCANCEL_WIRE_RULES_MAX };
unsigned rpcancel_capture_rule_count(void);
const struct rpcancel_rule *rpcancel_capture_rule_at(unsigned number);

/* rpcancel_capture_decided returns how often rule |number| was decided. */
uint64_t rpcancel_capture_decided(const struct rpcancel_capture *capture, unsigned number);

/* rpcancel_capture_violated returns how often it was broken. */
uint64_t rpcancel_capture_violated(const struct rpcancel_capture *capture, unsigned number);

void rpcancel_capture_close(struct rpcancel_capture *capture);

#endif
