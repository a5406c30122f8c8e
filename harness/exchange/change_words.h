// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_EXCHANGE_CHANGE_WORDS_H
#define RPCANCEL_EXCHANGE_CHANGE_WORDS_H
/* The words that mutants and variants of datagrams are written in; for those two files. */
#include "exchange/changes.h"

/* Heads of changes; most do not need every parameter. */
#define UNUSED __attribute__((unused))
#define LEAVES(name)                                                                                         \
    static unsigned name(struct rpcancel_exchange_ends *ends UNUSED, enum rpcancel_pdu_sender sender UNUSED, \
                         struct rpcancel_datagram *datagram)
#define ARRIVES(name)                                                                                    \
    static bool name(struct rpcancel_exchange_ends *ends UNUSED, enum rpcancel_pdu_sender sender UNUSED, \
                     struct rpcancel_datagram *datagram UNUSED)
#define AFTER(name) static void name(struct rpcancel_exchange_ends *ends, struct rpcancel_exchange_action action UNUSED)
#define OCTETS(name) static void name(enum rpcancel_pdu_sender sender UNUSED, uint8_t *bytes, size_t *size UNUSED)
#define CHOOSES(name) static void name(struct rpcancel_datagram_choices *choices)

/* Profiles of the rules, and of the ends. */
#define CORE RPCANCEL_WIRE_CORE, RPCANCEL_WIRE_CORE
#define C706 RPCANCEL_WIRE_C706, RPCANCEL_WIRE_C706
#define MICROSOFT RPCANCEL_WIRE_MS_RPCE, RPCANCEL_WIRE_MS_RPCE
#define FREEDCE RPCANCEL_WIRE_FREEDCE, RPCANCEL_WIRE_FREEDCE

/* Entries of tables, by what is changed; the profiles come last. */
#define ENTRY(name, text, leaves, arrives, after, octets, chooses, is_hidden, ...)    \
    {                                                                                 \
        {name, text, leaves, arrives, after, octets, chooses}, __VA_ARGS__, is_hidden \
    }
#define WHEN_LEAVES(name, text, function, ...) ENTRY(name, text, function, NULL, NULL, NULL, NULL, false, __VA_ARGS__)
#define WHEN_ARRIVES(name, text, function, ...) ENTRY(name, text, NULL, function, NULL, NULL, NULL, false, __VA_ARGS__)
#define BEHIND_STEPS(name, text, function, ...) ENTRY(name, text, NULL, NULL, function, NULL, NULL, false, __VA_ARGS__)
#define IN_OCTETS(name, text, function, ...) ENTRY(name, text, NULL, NULL, NULL, function, NULL, false, __VA_ARGS__)
#define BY_CHOICE(name, text, function, ...) ENTRY(name, text, NULL, NULL, NULL, NULL, function, false, __VA_ARGS__)

static inline bool is_cancel(const struct rpcancel_datagram *datagram)
{
    return datagram->type == RPCANCEL_PDU_CL_CANCEL && datagram->cancel.is_present;
}

static inline bool is_quit(const struct rpcancel_datagram *datagram)
{
    return datagram->type == RPCANCEL_PDU_CL_CANCEL && !datagram->cancel.is_present;
}

static inline bool is_cancel_ack(const struct rpcancel_datagram *datagram)
{
    return datagram->type == RPCANCEL_PDU_CANCEL_ACK && datagram->cancel_ack.is_present;
}

static inline bool is_quack(const struct rpcancel_datagram *datagram)
{
    return datagram->type == RPCANCEL_PDU_CANCEL_ACK && !datagram->cancel_ack.is_present;
}

static inline bool is_reply(const struct rpcancel_datagram *datagram)
{
    return datagram->type == RPCANCEL_PDU_RESPONSE || datagram->type == RPCANCEL_PDU_FAULT;
}

/* The call of the server's activity. */
static inline struct rpcancel_activity *server_call(struct rpcancel_exchange_ends *ends)
{
    return &ends->server.activities[0];
}

/* Something arrived at the client. */
static inline bool came_to_client(struct rpcancel_exchange_action action)
{
    return action.kind == RPCANCEL_EXCHANGE_ARRIVE_CLIENT || action.kind == RPCANCEL_EXCHANGE_DOUBLE_CLIENT;
}

#endif
