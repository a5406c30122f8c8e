// SPDX-License-Identifier: Apache-2.0
#include "wire/rules.h"

#include <assert.h>

#include "wire/judge.h"
#include "wire/relevance.h"

/* Words of the columns of rules.def. */
#define BIT(profile) (1 << RPCANCEL_WIRE_##profile)
#define PROFILES_ALL (BIT(CORE) | BIT(C706) | BIT(MS_RPCE) | BIT(WINDOWS) | BIT(FREEDCE))
#define PROFILES_OF_C706 (BIT(C706) | BIT(FREEDCE))
#define PROFILES_OF_MICROSOFT (BIT(MS_RPCE) | BIT(WINDOWS))
#define PROFILES_NEGOTIATED (PROFILES_ALL & ~BIT(CORE))
#define PROFILES_MS_RPCE BIT(MS_RPCE)
#define PROFILES_WINDOWS BIT(WINDOWS)
#define PROFILES_C706 BIT(C706)
#define PROFILES_REUSE (PROFILES_OF_C706 | BIT(WINDOWS))
#define SEQUENCES_ANY (1 << RPCANCEL_NCACN_IP_TCP | 1 << RPCANCEL_NCACN_NP | 1 << RPCANCEL_NCACN_HTTP)
#define SEQUENCES_NOT_PIPES (1 << RPCANCEL_NCACN_IP_TCP | 1 << RPCANCEL_NCACN_HTTP)
#define SEQUENCES_NOT_HTTP (1 << RPCANCEL_NCACN_IP_TCP | 1 << RPCANCEL_NCACN_NP)
#define SEQUENCES_HTTP (1 << RPCANCEL_NCACN_HTTP)
enum { MARK_VERIFIED, MARK_UNVERIFIED };

static const struct rpcancel_rule rules[] = {
#define X(name, id_, level_, profiles_, role, sequences, mark, needs_, judged, statements_, source_, text_) \
    {.id = (id_),                                                                                           \
     .since = "0.1.0",                                                                                      \
     .level = RPCANCEL_LEVEL_##level_,                                                                      \
     .function = (judged),                                                                                  \
     .statements = (statements_),                                                                           \
     .source = (source_),                                                                                   \
     .text = (text_),                                                                                       \
     .wire_profiles = PROFILES_##profiles_,                                                                 \
     .roles = RPCANCEL_SENDER_##role,                                                                       \
     .protocol_sequences = SEQUENCES_##sequences,                                                           \
     .needs = RPCANCEL_WIRE_NEEDS_##needs_,                                                                 \
     .unverified = MARK_##mark,                                                                             \
     .judge_wire = WIRE_RULE(name)},
#include "wire/rules.def"
#undef X
};

static_assert(sizeof rules / sizeof rules[0] <= RPCANCEL_WIRE_RULES_MAX, "they fit a mask");

/* Their functions once more, close together: every PDU is asked for by some, and the rest of a rule by nobody. */
static rpcancel_wire_rule_function *const functions[] = {
#define X(name, id, level, profiles, role, sequences, mark, needs, judged, statements, source, text) WIRE_RULE(name),
#include "wire/rules.def"
#undef X
};

unsigned rpcancel_wire_rule_count(void)
{
    return sizeof rules / sizeof rules[0];
}

const struct rpcancel_rule *rpcancel_wire_rule_at(unsigned number)
{
    return &rules[number];
}

void rpcancel_wire_rules(struct rpcancel_wire_mask *set, enum rpcancel_wire_profile profile,
                         enum rpcancel_pdu_sender role, enum rpcancel_protocol_sequence sequence, unsigned levels)
{
    memset(set, 0, sizeof *set);
    for (unsigned i = 0; i < rpcancel_wire_rule_count(); i++) {
        const struct rpcancel_rule *rule = &rules[i];
        if (rule->wire_profiles >> profile & 1 && rule->roles & role && rule->protocol_sequences >> sequence & 1 &&
            levels >> rule->level & 1)
            rpcancel_wire_mask_add(set, i);
    }
}

void rpcancel_wire_rules_alone(struct rpcancel_wire_mask *set, const struct rpcancel_wire_mask *from)
{
    static rpcancel_wire_rule_function *const alone[] = {
        WIRE_RULE(W1),  WIRE_RULE(W2),  WIRE_RULE(W3),  WIRE_RULE(W4),  WIRE_RULE(W5),  WIRE_RULE(W6),  WIRE_RULE(W7),
        WIRE_RULE(W13), WIRE_RULE(W14), WIRE_RULE(W15), WIRE_RULE(W16), WIRE_RULE(W17), WIRE_RULE(W18), WIRE_RULE(W19),
        WIRE_RULE(W38), WIRE_RULE(W39), WIRE_RULE(W40), WIRE_RULE(W82), WIRE_RULE(W90), WIRE_RULE(W91)};
    memset(set, 0, sizeof *set);
    for (unsigned i = 0; i < rpcancel_wire_rule_count(); i++) {
        for (unsigned j = 0; j < sizeof alone / sizeof alone[0] && rpcancel_wire_mask_has(from, i); j++) {
            if (rules[i].judge_wire == alone[j])
                rpcancel_wire_mask_add(set, i);
        }
    }
}

static void situate(const struct rpcancel_wire_observer *observer, const struct rpcancel_wire_event *event,
                    struct rpcancel_wire_situation *s)
{
    *s = (struct rpcancel_wire_situation){.observer = observer, .event = event};
    if (event->kind != RPCANCEL_WIRE_PDU)
        return;
    s->pdu = &event->pdu;
    s->call = rpcancel_wire_find_call(observer, event->pdu.call_id);
    s->is_lost = rpcancel_wire_is_lost(observer, event->pdu.call_id);
    s->known = rpcancel_wire_known_read(observer, event);
    s->is_reply = event->sender == RPCANCEL_SENDER_SERVER &&
                  (event->pdu.type == RPCANCEL_PDU_RESPONSE || event->pdu.type == RPCANCEL_PDU_FAULT) &&
                  !rpcancel_wire_goes_on_with_fault(observer, &event->pdu);
    s->is_end = s->is_reply && (event->pdu.type == RPCANCEL_PDU_FAULT || event->pdu.flags & RPCANCEL_PFC_LAST_FRAG);
}

/* What 64 rules answer, a bit each. */
struct answers {
    uint64_t decided, violated;
};

/* Asks the rules of |asked|, a word of 64 of them from |first| on. */
static struct answers ask(uint64_t asked, unsigned first, const struct rpcancel_wire_situation *situation)
{
    struct answers answers = {0, 0};
    for (; asked; asked &= asked - 1) {
        unsigned bit = (unsigned)__builtin_ctzll(asked);
        enum rpcancel_judgement judgement = functions[first + bit](situation);
        if (judgement != RPCANCEL_NOT_APPLICABLE)
            answers.decided |= UINT64_C(1) << bit;
        if (judgement == RPCANCEL_VIOLATED)
            answers.violated |= UINT64_C(1) << bit;
    }
    return answers;
}

struct rpcancel_wire_verdict rpcancel_wire_judge_all(const struct rpcancel_wire_mask *set,
                                                     const struct rpcancel_wire_observer *observer,
                                                     const struct rpcancel_wire_event *event)
{
    struct rpcancel_wire_verdict verdict = {{{0}}, {{0}}};
    struct rpcancel_wire_situation situation;
    if (event->kind == RPCANCEL_WIRE_RELEASED)
        return verdict; /* nobody sent anything */
    situate(observer, event, &situation);
    for (unsigned number = rpcancel_wire_mask_next(set, 0); number < RPCANCEL_WIRE_RULES_MAX;
         number = rpcancel_wire_mask_next(set, number + 1)) {
        if (!(rules[number].roles & event->sender))
            continue;
        enum rpcancel_judgement judgement = rules[number].judge_wire(&situation);
        if (judgement != RPCANCEL_NOT_APPLICABLE)
            rpcancel_wire_mask_add(&verdict.decided, number);
        if (judgement == RPCANCEL_VIOLATED)
            rpcancel_wire_mask_add(&verdict.violated, number);
    }
    return verdict;
}

struct rpcancel_wire_verdict rpcancel_wire_judge(const struct rpcancel_wire_mask *set,
                                                 const struct rpcancel_wire_observer *observer,
                                                 const struct rpcancel_wire_event *event)
{
    struct rpcancel_wire_situation situation;
    if (event->kind == RPCANCEL_WIRE_RELEASED)
        return (struct rpcancel_wire_verdict){{{0}}, {{0}}}; /* nobody sent anything */
    situate(observer, event, &situation);
    const struct rpcancel_wire_mask *relevant = rpcancel_wire_relevant(observer, event);
    const struct rpcancel_wire_settled *settled = rpcancel_wire_settled(event);
    const uint64_t low = set->bits[0] & relevant->bits[0], high = set->bits[1] & relevant->bits[1];
    const struct answers first = ask(low & ~settled->rules.bits[0], 0, &situation);
    const struct answers second = ask(high & ~settled->rules.bits[1], 64, &situation);
    return (struct rpcancel_wire_verdict){.decided = {{first.decided | (low & settled->holding.bits[0]),
                                                       second.decided | (high & settled->holding.bits[1])}},
                                          .violated = {{first.violated, second.violated}}};
}
