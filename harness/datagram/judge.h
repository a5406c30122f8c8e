// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DATAGRAM_JUDGE_H
#define RPCANCEL_DATAGRAM_JUDGE_H
/* The functions behind harness/datagram/rules.def and the words they are written in; internal to the rules. */
#include "datagram/rules.h"

/* Where an event stands. */
struct rpcancel_datagram_situation {
    const struct rpcancel_datagram_observer *observer; /* as it was before the event */
    const struct rpcancel_datagram_event *event;
    const struct rpcancel_datagram *pdu;       /* NULL: it is none that can be read */
    const struct rpcancel_datagram_call *call; /* that the event is of, as it was before; or NULL */
};

#define DATAGRAM_RULE(name) rpcancel_datagram_rule_##name

#define X(name, id, level, profiles, role, mark, judged, statements, source, text) \
    rpcancel_datagram_rule_function DATAGRAM_RULE(name);
#include "datagram/rules.def"
#undef X

/* Heads the definition of a rule. */
#define DATAGRAM_RULE_ON(name) enum rpcancel_judgement DATAGRAM_RULE(name)(const struct rpcancel_datagram_situation *s)

#define APPLIES_IF(condition)               \
    do {                                    \
        if (!(condition))                   \
            return RPCANCEL_NOT_APPLICABLE; \
    } while (0)

static inline enum rpcancel_judgement require(bool holds)
{
    return holds ? RPCANCEL_HOLDS : RPCANCEL_VIOLATED;
}

static inline bool is_type(const struct rpcancel_datagram_situation *s, enum rpcancel_pdu_type type)
{
    return s->pdu && s->pdu->type == type;
}

/* Octets of that type, be its body what it may. */
static inline bool looks_like(const struct rpcancel_datagram_situation *s, enum rpcancel_pdu_type type)
{
    return (s->pdu || s->event->complaint.error == RPCANCEL_DATAGRAM_ERROR_LENGTH) && s->event->datagram.type == type;
}

/* The observer is at that end and in control of it: what it knows is so, and in this order. */
static inline bool controls(const struct rpcancel_datagram_situation *s, enum rpcancel_datagram_place place)
{
    return s->observer->place == place && s->observer->controlled;
}

/* Everything that passed was seen, and is remembered. */
static inline bool saw_all(const struct rpcancel_datagram_situation *s)
{
    return !s->observer->incomplete && !s->observer->lost;
}

#endif
