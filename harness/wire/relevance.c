// SPDX-License-Identifier: Apache-2.0
/*
 * Which events a rule can apply to at all, by the type of the PDU and by whether a cancel was ever sent: what else it
 * asks for, it finds out itself. Most PDUs are requests and responses on connections that see no cancel, and most rules
 * are not about those.
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

static const struct {
    rpcancel_wire_rule_function *rule;
    uint32_t events;
    bool after_cancel; /* only once co_cancel or orphaned was sent */
} narrow[] = {
    {WIRE_RULE(W1), OCTETS, false},
    {WIRE_RULE(W2), OCTETS, false},
    {WIRE_RULE(W3), OCTETS, false},
    {WIRE_RULE(W4), OCTETS, false},
    {WIRE_RULE(W5), REPLIES | TYPE(REQUEST), false},
    {WIRE_RULE(W6), OCTETS, false},
    {WIRE_RULE(W7), OCTETS, false},
    {WIRE_RULE(W8), TYPE(REQUEST), false},
    {WIRE_RULE(W13), PDUS, false},
    {WIRE_RULE(W14), TYPE(REQUEST) | BIT(UNREADABLE), false},
    {WIRE_RULE(W15), PDUS & ~TYPE(FAULT), false},
    {WIRE_RULE(W16), TYPE(RESPONSE), false},
    {WIRE_RULE(W17), TYPE(FAULT), false},
    {WIRE_RULE(W18), TYPE(SHUTDOWN) | TYPE(BIND_NAK) | BIT(UNREADABLE), false},
    {WIRE_RULE(W19), TYPE(RTS) | BIT(UNREADABLE), false},
    {WIRE_RULE(W22C), TYPE(REQUEST), false},
    {WIRE_RULE(W23C), TYPE(REQUEST), false},
    {WIRE_RULE(W25), TYPE(REQUEST), false},
    {WIRE_RULE(W26), TYPE(REQUEST), false},
    {WIRE_RULE(W28), TYPE(REQUEST), false},
    {WIRE_RULE(W29), TYPE(REQUEST), false},
    {WIRE_RULE(W83), TYPE(REQUEST) | BIT(CLOSED), false},
    {WIRE_RULE(W40), TYPE(CO_CANCEL), false},
    {WIRE_RULE(W41), TYPE(CO_CANCEL), false},
    {WIRE_RULE(W42), TYPE(CO_CANCEL) | TYPE(REQUEST), false},
    {WIRE_RULE(W43), TYPE(CO_CANCEL), false},
    {WIRE_RULE(W91), TYPE(ORPHANED), false},
    {WIRE_RULE(W92), TYPE(ORPHANED), false},
    {WIRE_RULE(W93), TYPE(ORPHANED) | TYPE(REQUEST) | TYPE(CO_CANCEL), false},
    {WIRE_RULE(W95), TYPE(ORPHANED), false},
    {WIRE_RULE(W96), TYPE(REQUEST) | TYPE(ALTER_CONTEXT) | BIT(CLOSED), true},
    {WIRE_RULE(W12), PDUS, false},
    {WIRE_RULE(W31), TYPE(BIND_ACK), false},
    {WIRE_RULE(W22S), REPLIES, false},
    {WIRE_RULE(W23S), TYPE(RESPONSE), false},
    {WIRE_RULE(W24), REPLIES, false},
    {WIRE_RULE(W34), TYPE(RESPONSE), false},
    {WIRE_RULE(W36), REPLIES, false},
    {WIRE_RULE(W38), TYPE(FAULT), false},
    {WIRE_RULE(W82), TYPE(FAULT), false},
    {WIRE_RULE(W133), REPLIES, false},
    {WIRE_RULE(W58), REPLIES, true},
    {WIRE_RULE(W61), REPLIES, false},
    {WIRE_RULE(W63), REPLIES, false},
    {WIRE_RULE(W64), REPLIES, false},
    {WIRE_RULE(W66), TYPE(FAULT), false},
    {WIRE_RULE(W71), REPLIES, false},
    {WIRE_RULE(W72), REPLIES, true},
    {WIRE_RULE(W75), TYPE(RESPONSE), false},
    {WIRE_RULE(W76), TYPE(FAULT), false},
    {WIRE_RULE(W49), REPLIES, true},
    {WIRE_RULE(W56), REPLIES, false},
    {WIRE_RULE(W57), REPLIES, true},
    {WIRE_RULE(W9), OCTETS | BIT(CLOSED), true},
    {WIRE_RULE(W48), OCTETS | BIT(CLOSED), true},
    {WIRE_RULE(W50), OCTETS | BIT(CLOSED), true},
    {WIRE_RULE(W54), OCTETS | BIT(CLOSED), true},
    {WIRE_RULE(W55), OCTETS | BIT(CLOSED), true},
    {WIRE_RULE(W99), OCTETS | BIT(CLOSED), true},
    {WIRE_RULE(W100), OCTETS | BIT(CLOSED), true},
    {WIRE_RULE(W101), OCTETS | BIT(CLOSED), true},
    {WIRE_RULE(W102), OCTETS | BIT(CLOSED), true},
    {WIRE_RULE(W103), OCTETS | BIT(CLOSED), true},
    {WIRE_RULE(W104), OCTETS | BIT(CLOSED), true},
    {WIRE_RULE(W105), OCTETS | BIT(CLOSED), true},
    {WIRE_RULE(W106), OCTETS | BIT(CLOSED), true},
    {WIRE_RULE(W107), REPLIES, true},
    {WIRE_RULE(W130), OCTETS | BIT(CLOSED), true},
};

static bool can_apply(const struct rpcancel_rule *rule, unsigned sender, unsigned event, bool was_cancelled)
{
    if (!(rule->roles & sender))
        return false;
    for (unsigned i = 0; i < sizeof narrow / sizeof narrow[0]; i++) {
        if (narrow[i].rule == rule->judge_wire)
            return narrow[i].events & BIT(event) && (was_cancelled || !narrow[i].after_cancel);
    }
    return true;
}

/* By sender, event, and whether a cancel was sent; filled in before main, and constant from then on. */
static struct rpcancel_wire_mask table[2][EVENTS][2];

__attribute__((constructor)) static void fill_table(void)
{
    for (unsigned number = 0; number < rpcancel_wire_rule_count(); number++) {
        const struct rpcancel_rule *rule = rpcancel_wire_rule_at(number);
        for (unsigned i = 0; i < 2U * EVENTS * 2; i++) {
            unsigned sender = i / EVENTS / 2, event = i / 2 % EVENTS, was_cancelled = i % 2;
            unsigned role = sender ? RPCANCEL_SENDER_SERVER : RPCANCEL_SENDER_CLIENT;
            if (can_apply(rule, role, event, was_cancelled))
                rpcancel_wire_mask_add(&table[sender][event][was_cancelled], number);
        }
    }
}

const struct rpcancel_wire_mask *rpcancel_wire_relevant(const struct rpcancel_wire_observer *observer,
                                                        const struct rpcancel_wire_event *event)
{
    unsigned what = event->kind == RPCANCEL_WIRE_PDU      ? event->pdu.type
                    : event->kind == RPCANCEL_WIRE_CLOSED ? (unsigned)CLOSED
                                                          : (unsigned)UNREADABLE;
    return &table[event->sender == RPCANCEL_SENDER_SERVER][what][observer->cancel_sent || observer->any_orphaned_sent];
}
