// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WIRE_RULES_H
#define RPCANCEL_WIRE_RULES_H
/*
 * The rules of the wire: facts that can be checked on the PDUs of one association, in live runs and captures alike.
 * harness/wire/rules.def is the single source; in the table of rules (rules/rules.h) they follow those of the API.
 */
#include "rules/rules.h"
#include "wire/observer.h"
#include "wire/profile.h"

/* Words of the column of needs. A bit each. */
enum rpcancel_wire_needs {
    RPCANCEL_WIRE_NEEDS_NOTHING = 0,
    RPCANCEL_WIRE_NEEDS_FAST = 1 << RPCANCEL_CLASS_FAST,
    RPCANCEL_WIRE_NEEDS_PARK = 1 << RPCANCEL_CLASS_PARK,
    RPCANCEL_WIRE_NEEDS_HOLD = 1 << RPCANCEL_CLASS_HOLD,
    RPCANCEL_WIRE_NEEDS_STREAM = 1 << RPCANCEL_CLASS_STREAM,
    RPCANCEL_WIRE_NEEDS_CALL_IDS = 1 << RPCANCEL_WIRE_CLASSES /* requests with different ones */
};

enum rpcancel_protocol_sequence {
    RPCANCEL_NCACN_IP_TCP,
    RPCANCEL_NCACN_NP, /* without reassembly of SMB: several conversations may be in one (W134) */
    RPCANCEL_NCACN_HTTP,
    RPCANCEL_NCADG_IP_UDP /* rules of datagrams, and no other */
};

enum { RPCANCEL_WIRE_RULES_MAX = 128 };

/* Rules by their number among the rules of the wire. */
struct rpcancel_wire_mask {
    uint64_t bits[RPCANCEL_WIRE_RULES_MAX / 64];
};

static inline bool rpcancel_wire_mask_has(const struct rpcancel_wire_mask *mask, unsigned number)
{
    return mask->bits[number / 64] >> number % 64 & 1u;
}

static inline void rpcancel_wire_mask_add(struct rpcancel_wire_mask *mask, unsigned number)
{
    mask->bits[number / 64] |= UINT64_C(1) << number % 64;
}

/* rpcancel_wire_mask_next returns the first number from |from| on that |mask| has, RPCANCEL_WIRE_RULES_MAX: there is
 * none. */
static inline unsigned rpcancel_wire_mask_next(const struct rpcancel_wire_mask *mask, unsigned from)
{
    for (; from < RPCANCEL_WIRE_RULES_MAX; from = (from / 64 + 1) * 64) {
        uint64_t left = mask->bits[from / 64] >> from % 64;
        if (left)
            return from + (unsigned)__builtin_ctzll(left);
    }
    return RPCANCEL_WIRE_RULES_MAX;
}

static inline bool rpcancel_wire_mask_is_empty(const struct rpcancel_wire_mask *mask)
{
    return (mask->bits[0] | mask->bits[1]) == 0;
}

/* rpcancel_wire_rule_count returns how many there are, rpcancel_wire_rule_at one of them: number n is at
 * rpcancel_rule_count() + n of the whole table. Static storage. */
unsigned rpcancel_wire_rule_count(void);
const struct rpcancel_rule *rpcancel_wire_rule_at(unsigned number);

/* rpcancel_wire_role returns the role of a subject of the wire. */
static inline enum rpcancel_pdu_sender rpcancel_wire_role(enum rpcancel_test_subject subject)
{
    return subject == RPCANCEL_SUBJECT_CLIENT ? RPCANCEL_SENDER_CLIENT : RPCANCEL_SENDER_SERVER;
}

/* rpcancel_wire_rules sets |*set| to those in force under |profile| for whoever has |role| (RPCANCEL_SENDER_CLIENT,
 * …SERVER, …EITHER), over |sequence|, of the levels in the mask |levels|. */
void rpcancel_wire_rules(struct rpcancel_wire_mask *set, enum rpcancel_wire_profile profile,
                         enum rpcancel_pdu_sender role, enum rpcancel_protocol_sequence sequence, unsigned levels);

/* rpcancel_wire_rules_alone sets |*set| to those of |from| that are decided by one PDU and, at most, by what was agreed
 * on in bind and bind_ack: they can be judged where other PDUs were not seen. */
void rpcancel_wire_rules_alone(struct rpcancel_wire_mask *set, const struct rpcancel_wire_mask *from);

struct rpcancel_wire_verdict {
    struct rpcancel_wire_mask decided;  /* the rules that apply */
    struct rpcancel_wire_mask violated; /* those of them that are broken */
};

/* rpcancel_wire_judge applies the rules of |set| to |event| where |observer| stands, before rpcancel_wire_observe is
 * told. A rule on one side is decided by what that side sends, and one on either side by what either does: who judges
 * one side hands in the events of that side. */
struct rpcancel_wire_verdict rpcancel_wire_judge(const struct rpcancel_wire_mask *set,
                                                 const struct rpcancel_wire_observer *observer,
                                                 const struct rpcancel_wire_event *event);

#endif
