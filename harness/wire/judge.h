// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WIRE_JUDGE_H
#define RPCANCEL_WIRE_JUDGE_H
/* The functions behind harness/wire/rules.def and the words they are written in; internal to the rules of the wire. */
#include "status.h"
#include "wire/rules.h"

/* Where an event stands. */
struct rpcancel_wire_situation {
    const struct rpcancel_wire_observer *observer; /* as it was before the event */
    const struct rpcancel_wire_event *event;
    const struct rpcancel_pdu *pdu;        /* NULL: it is none that can be read */
    const struct rpcancel_wire_call *call; /* of the PDU's call_id, open or orphaned; or NULL */
    bool is_lost;                          /* that call_id may be the one of a call that was lost */
    unsigned known;                        /* the highest rank that is known read now, 0: nothing new */
    bool is_reply;                         /* a response or a fault, but no further fragment of a fault */
    bool is_end;                           /* the last fragment of one */
};

#define WIRE_RULE(name) rpcancel_wire_rule_##name

#define X(name, id, level, profiles, role, sequences, mark, needs, judged, statements, source, text) \
    rpcancel_wire_rule_function WIRE_RULE(name);
#include "wire/rules.def"
#undef X

/* Heads the definition of a rule. */
#define WIRE_RULE_ON(name) enum rpcancel_judgement WIRE_RULE(name)(const struct rpcancel_wire_situation *s)

#define APPLIES_IF(condition)               \
    do {                                    \
        if (!(condition))                   \
            return RPCANCEL_NOT_APPLICABLE; \
    } while (0)

static inline enum rpcancel_judgement require(bool holds)
{
    return holds ? RPCANCEL_HOLDS : RPCANCEL_VIOLATED;
}

static inline bool is_type(const struct rpcancel_wire_situation *s, enum rpcancel_pdu_type type)
{
    return s->pdu && s->pdu->type == type;
}

static inline bool has_flag(const struct rpcancel_wire_situation *s, uint8_t flag)
{
    return s->pdu->flags & flag;
}

static inline bool is_fault(const struct rpcancel_wire_situation *s, uint32_t status)
{
    return is_type(s, RPCANCEL_PDU_FAULT) && s->pdu->fault.status == status;
}

/* What the server makes of a client's error is free, and so is what comes with it. */
static inline bool is_clean(const struct rpcancel_wire_situation *s)
{
    return s->observer->error == RPCANCEL_WIRE_ERROR_NONE && !s->observer->incomplete && !s->is_lost &&
           !s->observer->went_on_after_orphaned;
}

/* A reply to a call that is followed, on a connection on which the client did nothing wrong. */
static inline bool is_clean_reply(const struct rpcancel_wire_situation *s)
{
    return s->is_reply && s->call && is_clean(s);
}

/* A protocol error may be for something else than what it seems to be for: there are servers that refuse a request
 * which begins while a call that is over for the client is there (W32, W108), the rest of a request that they refused
 * before its end (W33), a call_id that decreases (W27), and a verifier. */
static inline bool may_be_refused(const struct rpcancel_wire_situation *s)
{
    return s->observer->began_over || s->observer->refusal || s->observer->verifier_sent ||
           (s->call && s->call->decreased);
}

/* A protocol error that need not be for what its call_id says. */
static inline bool is_error_of_another(const struct rpcancel_wire_situation *s)
{
    return is_fault(s, RPCANCEL_FAULT_PROTO_ERROR) && may_be_refused(s);
}

/* A call of the PDU's call_id is over, or may be, as far as is remembered. */
static inline bool may_have_ended(const struct rpcancel_wire_situation *s)
{
    bool may_be_forgotten = s->observer->ended_count == RPCANCEL_WIRE_ENDED_MAX;
    return rpcancel_wire_has_ended(s->observer, s->pdu->call_id) ||
           (may_be_forgotten && s->pdu->call_id <= s->observer->highest_call_id);
}

/* A fault by which the server's runtime turns a call away: no manager routine raised it. */
static inline bool is_refusal(const struct rpcancel_wire_situation *s)
{
    if (!is_type(s, RPCANCEL_PDU_FAULT))
        return false;
    switch (s->pdu->fault.status) {
    case RPCANCEL_S_ACCESS_DENIED:
    case RPCANCEL_FAULT_UNSPEC_REJECT:
    case RPCANCEL_FAULT_MANAGER_NOT_ENTERED:
    case RPCANCEL_FAULT_NO_MEMORY:
    case RPCANCEL_FAULT_INVALID_CONTEXT:
    case RPCANCEL_FAULT_OP_RNG_ERROR:
    case RPCANCEL_FAULT_UNK_IF:
    case RPCANCEL_FAULT_PROTO_ERROR:
    case RPCANCEL_FAULT_OUT_ARGS_TOO_BIG:
    case RPCANCEL_FAULT_SERVER_TOO_BUSY:
        return true;
    default:
        return has_flag(s, RPCANCEL_PFC_DID_NOT_EXECUTE);
    }
}

static inline unsigned cancel_count(const struct rpcancel_wire_situation *s)
{
    return s->pdu->type == RPCANCEL_PDU_FAULT ? s->pdu->fault.cancel_count : s->pdu->response.cancel_count;
}

#endif
