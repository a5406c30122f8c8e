// SPDX-License-Identifier: Apache-2.0
#include "datagram/rules.h"

#include <assert.h>

#include "datagram/judge.h"

/* Words of the columns of rules.def. */
#define BIT(profile) (1 << RPCANCEL_WIRE_##profile)
#define PROFILES_ALL (BIT(CORE) | BIT(C706) | BIT(MS_RPCE) | BIT(WINDOWS) | BIT(FREEDCE))
#define PROFILES_OF_C706 (BIT(C706) | BIT(FREEDCE))
#define PROFILES_OF_MICROSOFT (BIT(MS_RPCE) | BIT(WINDOWS))
#define PROFILES_COUNTED (PROFILES_OF_MICROSOFT | BIT(FREEDCE))
#define PROFILES_FREEDCE BIT(FREEDCE)
enum { MARK_VERIFIED, MARK_UNVERIFIED };

static const struct rpcancel_rule rules[] = {
#define X(name, id_, level_, profiles_, role, mark, judged, statements_, source_, text_) \
    {.id = (id_),                                                                        \
     .since = "0.1.0",                                                                   \
     .level = RPCANCEL_LEVEL_##level_,                                                   \
     .function = (judged),                                                               \
     .statements = (statements_),                                                        \
     .source = (source_),                                                                \
     .text = (text_),                                                                    \
     .wire_profiles = PROFILES_##profiles_,                                              \
     .roles = RPCANCEL_SENDER_##role,                                                    \
     .protocol_sequences = 1 << RPCANCEL_NCADG_IP_UDP,                                   \
     .unverified = MARK_##mark,                                                          \
     .judge_datagram = DATAGRAM_RULE(name)},
#include "datagram/rules.def"
#undef X
};

static_assert(sizeof rules / sizeof rules[0] <= RPCANCEL_WIRE_RULES_MAX, "they fit a mask");

unsigned rpcancel_datagram_rule_count(void)
{
    return sizeof rules / sizeof rules[0];
}

const struct rpcancel_rule *rpcancel_datagram_rule_at(unsigned number)
{
    return &rules[number];
}

void rpcancel_datagram_rules(struct rpcancel_wire_mask *set, enum rpcancel_wire_profile profile,
                             enum rpcancel_pdu_sender role, unsigned levels)
{
    memset(set, 0, sizeof *set);
    for (unsigned i = 0; i < rpcancel_datagram_rule_count(); i++) {
        if (rules[i].wire_profiles >> profile & 1 && rules[i].roles & role && levels >> rules[i].level & 1)
            rpcancel_wire_mask_add(set, i);
    }
}

struct rpcancel_wire_verdict rpcancel_datagram_judge(const struct rpcancel_wire_mask *set,
                                                     const struct rpcancel_datagram_observer *observer,
                                                     const struct rpcancel_datagram_event *event)
{
    struct rpcancel_wire_verdict verdict = {{{0}}, {{0}}};
    const struct rpcancel_datagram_situation situation = {
        .observer = observer,
        .event = event,
        .pdu = event->kind == RPCANCEL_DATAGRAM_PDU ? &event->datagram : NULL,
        .call = event->kind == RPCANCEL_DATAGRAM_SETTLED ? NULL : rpcancel_datagram_find_call(observer, event),
    };
    for (unsigned number = rpcancel_wire_mask_next(set, 0); number < RPCANCEL_WIRE_RULES_MAX;
         number = rpcancel_wire_mask_next(set, number + 1)) {
        if (!(rules[number].roles & event->sender))
            continue;
        enum rpcancel_judgement judgement = rules[number].judge_datagram(&situation);
        if (judgement != RPCANCEL_NOT_APPLICABLE)
            rpcancel_wire_mask_add(&verdict.decided, number);
        if (judgement == RPCANCEL_VIOLATED)
            rpcancel_wire_mask_add(&verdict.violated, number);
    }
    return verdict;
}
