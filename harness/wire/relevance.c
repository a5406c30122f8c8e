// SPDX-License-Identifier: Apache-2.0
/*
 * Which events a rule can apply to at all, by the type of the PDU and by which cancels were sent so far: what else it
 * asks for, it finds out itself. Most PDUs are requests and responses with no cancel on its way, and most rules are not
 * about those.
 */
#include "wire/relevance.h"

#include "wire/judge.h"

/* Events are bits: the types of PDUs, what cannot be read, the end of a connection. */
enum { UNREADABLE = RPCANCEL_PDU_TYPE_COUNT, CLOSED, EVENTS };
#define BIT(event) (UINT32_C(1) << (event))
#define TYPE(type) BIT(RPCANCEL_PDU_##type)
#define PDUS (BIT(RPCANCEL_PDU_TYPE_COUNT) - 1)
#define OCTETS (PDUS | BIT(UNREADABLE))
#define REPLIES (TYPE(RESPONSE) | TYPE(FAULT))

/* What must have been sent before; a bit each. */
enum {
    NOTHING = 0,
    CANCEL = 1,   /* co_cancel or orphaned */
    ORPHANED = 2, /* orphaned */
    UNREAD = 4,   /* either, and it is not known to be read */
    SITUATIONS = 8
};

/* A rule that is in several rows applies where one of them says so, one that is in none everywhere. */
static const struct {
    rpcancel_wire_rule_function *rule;
    uint32_t events;
    unsigned after;
} narrow[] = {
    {WIRE_RULE(W1), OCTETS, NOTHING},
    {WIRE_RULE(W2), OCTETS, NOTHING},
    {WIRE_RULE(W3), OCTETS, NOTHING},
    {WIRE_RULE(W4), OCTETS, NOTHING},
    {WIRE_RULE(W5), REPLIES | TYPE(REQUEST), NOTHING},
    {WIRE_RULE(W6), OCTETS, NOTHING},
    {WIRE_RULE(W7), OCTETS, NOTHING},
    {WIRE_RULE(W8), TYPE(REQUEST), NOTHING},
    {WIRE_RULE(W13), PDUS, NOTHING},
    {WIRE_RULE(W14), TYPE(REQUEST) | BIT(UNREADABLE), NOTHING},
    {WIRE_RULE(W15), PDUS & ~TYPE(FAULT), NOTHING},
    {WIRE_RULE(W16), TYPE(RESPONSE), NOTHING},
    {WIRE_RULE(W17), TYPE(FAULT), NOTHING},
    {WIRE_RULE(W18), TYPE(SHUTDOWN) | TYPE(BIND_NAK) | BIT(UNREADABLE), NOTHING},
    {WIRE_RULE(W19), TYPE(RTS) | BIT(UNREADABLE), NOTHING},
    {WIRE_RULE(W22C), TYPE(REQUEST), NOTHING},
    {WIRE_RULE(W23C), TYPE(REQUEST), NOTHING},
    {WIRE_RULE(W25), TYPE(REQUEST), NOTHING},
    {WIRE_RULE(W26), TYPE(REQUEST), NOTHING},
    {WIRE_RULE(W28), TYPE(REQUEST), NOTHING},
    {WIRE_RULE(W29), TYPE(REQUEST), NOTHING},
    {WIRE_RULE(W83), TYPE(REQUEST) | BIT(CLOSED), NOTHING},
    {WIRE_RULE(W40), TYPE(CO_CANCEL), NOTHING},
    {WIRE_RULE(W41), TYPE(CO_CANCEL), NOTHING},
    {WIRE_RULE(W42), TYPE(CO_CANCEL) | TYPE(REQUEST), NOTHING},
    {WIRE_RULE(W43), TYPE(CO_CANCEL), NOTHING},
    {WIRE_RULE(W91), TYPE(ORPHANED), NOTHING},
    {WIRE_RULE(W92), TYPE(ORPHANED), NOTHING},
    {WIRE_RULE(W93), TYPE(ORPHANED) | TYPE(REQUEST) | TYPE(CO_CANCEL), NOTHING},
    {WIRE_RULE(W95), TYPE(ORPHANED), NOTHING},
    {WIRE_RULE(W96), TYPE(REQUEST) | TYPE(ALTER_CONTEXT) | BIT(CLOSED), ORPHANED},
    {WIRE_RULE(W12), PDUS, NOTHING},
    {WIRE_RULE(W31), TYPE(BIND_ACK), NOTHING},
    {WIRE_RULE(W22S), REPLIES, NOTHING},
    {WIRE_RULE(W23S), TYPE(RESPONSE), NOTHING},
    {WIRE_RULE(W24), REPLIES, NOTHING},
    {WIRE_RULE(W34), TYPE(RESPONSE), NOTHING},
    {WIRE_RULE(W36), REPLIES, NOTHING},
    {WIRE_RULE(W38), TYPE(FAULT), NOTHING},
    {WIRE_RULE(W82), TYPE(FAULT), NOTHING},
    {WIRE_RULE(W133), REPLIES, NOTHING},
    {WIRE_RULE(W58), REPLIES, CANCEL},
    {WIRE_RULE(W61), REPLIES, NOTHING},
    {WIRE_RULE(W63), REPLIES, NOTHING},
    {WIRE_RULE(W64), REPLIES, NOTHING},
    {WIRE_RULE(W66), TYPE(FAULT), NOTHING},
    {WIRE_RULE(W71), REPLIES, NOTHING},
    {WIRE_RULE(W72), REPLIES, CANCEL},
    {WIRE_RULE(W75), TYPE(RESPONSE), NOTHING},
    {WIRE_RULE(W76), TYPE(FAULT), NOTHING},
    {WIRE_RULE(W49), REPLIES, CANCEL},
    {WIRE_RULE(W56), REPLIES, NOTHING},
    {WIRE_RULE(W57), REPLIES, CANCEL},
    {WIRE_RULE(W9), OCTETS | BIT(CLOSED), UNREAD},
    {WIRE_RULE(W48), OCTETS | BIT(CLOSED), UNREAD},
    {WIRE_RULE(W50), TYPE(CO_CANCEL) | BIT(UNREADABLE), CANCEL},
    {WIRE_RULE(W50), OCTETS | BIT(CLOSED), UNREAD},
    {WIRE_RULE(W54), OCTETS | BIT(CLOSED), UNREAD},
    {WIRE_RULE(W55), TYPE(FAULT), CANCEL},
    {WIRE_RULE(W55), OCTETS | BIT(CLOSED), UNREAD},
    {WIRE_RULE(W99), OCTETS | BIT(CLOSED), UNREAD},
    {WIRE_RULE(W100), TYPE(ORPHANED) | BIT(UNREADABLE), ORPHANED},
    {WIRE_RULE(W100), OCTETS | BIT(CLOSED), UNREAD},
    {WIRE_RULE(W101), OCTETS | BIT(CLOSED), ORPHANED},
    {WIRE_RULE(W102), OCTETS | BIT(CLOSED), ORPHANED},
    {WIRE_RULE(W103), OCTETS | BIT(CLOSED), ORPHANED},
    {WIRE_RULE(W104), OCTETS | BIT(CLOSED), UNREAD},
    {WIRE_RULE(W105), OCTETS | BIT(CLOSED), UNREAD},
    {WIRE_RULE(W106), OCTETS | BIT(CLOSED), ORPHANED},
    {WIRE_RULE(W107), REPLIES, ORPHANED},
    {WIRE_RULE(W130), OCTETS | BIT(CLOSED), UNREAD},
};

/* The events that |rule| can apply to in |situation|. */
static uint32_t events_of(const struct rpcancel_rule *rule, unsigned situation)
{
    bool is_narrow = false;
    uint32_t events = 0;
    for (unsigned i = 0; i < sizeof narrow / sizeof narrow[0]; i++) {
        bool is_of_rule = narrow[i].rule == rule->judge_wire;
        is_narrow |= is_of_rule;
        if (is_of_rule && !(narrow[i].after & ~situation))
            events |= narrow[i].events;
    }
    return is_narrow ? events : UINT32_MAX;
}

/* By sender, event, and what was sent before; filled in before main, and constant from then on. */
static struct rpcancel_wire_mask table[2][EVENTS][SITUATIONS];

static void fill_in(unsigned number, unsigned situation)
{
    const struct rpcancel_rule *rule = rpcancel_wire_rule_at(number);
    uint32_t events = events_of(rule, situation);
    for (unsigned event = 0; event < EVENTS; event++) {
        if (events & BIT(event) && rule->roles & RPCANCEL_SENDER_CLIENT)
            rpcancel_wire_mask_add(&table[0][event][situation], number);
        if (events & BIT(event) && rule->roles & RPCANCEL_SENDER_SERVER)
            rpcancel_wire_mask_add(&table[1][event][situation], number);
    }
}

/* By whether the header is plain: what W1, W3, W4, W6 and W7 say of it. */
static struct rpcancel_wire_settled settled[2];

static void settle(unsigned number)
{
    rpcancel_wire_rule_function *rule = rpcancel_wire_rule_at(number)->judge_wire;
    bool holds = rule == WIRE_RULE(W1) || rule == WIRE_RULE(W3) || rule == WIRE_RULE(W4) || rule == WIRE_RULE(W7);
    if (holds)
        rpcancel_wire_mask_add(&settled[1].holding, number);
    if (holds || rule == WIRE_RULE(W6))
        rpcancel_wire_mask_add(&settled[1].rules, number);
}

__attribute__((constructor)) static void fill_table(void)
{
    for (unsigned number = 0; number < rpcancel_wire_rule_count(); number++) {
        for (unsigned situation = 0; situation < SITUATIONS; situation++)
            fill_in(number, situation);
        settle(number);
    }
}

static unsigned situation_of(const struct rpcancel_wire_observer *observer)
{
    return (observer->cancel_sent || observer->any_orphaned_sent ? CANCEL : 0u) |
           (observer->any_orphaned_sent ? ORPHANED : 0u) | (observer->probe_places > 0 ? UNREAD : 0u);
}

const struct rpcancel_wire_mask *rpcancel_wire_relevant(const struct rpcancel_wire_observer *observer,
                                                        const struct rpcancel_wire_event *event)
{
    unsigned what = event->kind == RPCANCEL_WIRE_PDU      ? event->pdu.type
                    : event->kind == RPCANCEL_WIRE_CLOSED ? (unsigned)CLOSED
                                                          : (unsigned)UNREADABLE;
    return &table[event->sender == RPCANCEL_SENDER_SERVER][what][situation_of(observer)];
}

const struct rpcancel_wire_settled *rpcancel_wire_settled(const struct rpcancel_wire_event *event)
{
    return &settled[rpcancel_wire_header_is_plain(event)];
}
