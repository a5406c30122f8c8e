// SPDX-License-Identifier: Apache-2.0
#include "export/conversation.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/reference_server.h"
#include "wire/rules.h"

/* Statuses that faults are tried with: each that some rule speaks of, and one that none does. */
static const uint32_t statuses[RPCANCEL_CONVERSATION_STATUSES] = {
    0x1C00000D, RPCANCEL_FAULT_PROTO_ERROR, RPCANCEL_FAULT_MANAGER_NOT_ENTERED, 0x000006BD, 5, 0xC0000005, 0x1C010099};

/* ---- what passes ---- */

static void record(void *context, struct rpcancel_operation during, const struct rpcancel_wire_event *event)
{
    struct rpcancel_conversation *conversation = context;
    if (conversation->count == conversation->capacity) {
        size_t capacity = conversation->capacity ? 2 * conversation->capacity : 16;
        void *grown = realloc(conversation->list, capacity * sizeof *conversation->list);
        conversation->exhausted |= !grown;
        if (!grown)
            return;
        conversation->list = grown;
        conversation->capacity = capacity;
    }
    struct rpcancel_conversation_event *at = &conversation->list[conversation->count];
    *at = (struct rpcancel_conversation_event){.during = during, .event = *event};
    size_t size = event->octets.size;
    uint8_t *octets = malloc(size + 1);
    conversation->exhausted |= !octets;
    if (!octets)
        return;
    if (size > 0)
        memcpy(octets, event->octets.bytes, size);
    if (event->kind == RPCANCEL_WIRE_PDU)
        rpcancel_wire_event_of((enum rpcancel_pdu_sender)event->sender, octets, size, &at->event);
    at->event.octets = (struct rpcancel_span){octets, size};
    at->event.class = event->class;
    conversation->count++;
}

/* ---- what is demanded ---- */

struct trial {
    const struct rpcancel_wire_mask *rules;
    const struct rpcancel_wire_observer *observer;
    uint8_t *bytes;                    /* of what is tried */
    struct rpcancel_wire_mask *broken; /* rules that something that was tried has broken */
};

/* Tells whether the rules let |event| through; notes which do not. */
static bool is_event_allowed(const struct trial *trial, const struct rpcancel_wire_event *event)
{
    struct rpcancel_wire_verdict verdict = rpcancel_wire_judge(trial->rules, trial->observer, event);
    for (unsigned i = 0; i < sizeof verdict.violated.bits / sizeof verdict.violated.bits[0]; i++)
        trial->broken->bits[i] |= verdict.violated.bits[i];
    return rpcancel_wire_mask_is_empty(&verdict.violated);
}

/* Tells whether the rules let |pdu| through in place of what the server sent. */
static bool is_allowed(const struct trial *trial, const struct rpcancel_pdu *pdu)
{
    size_t size = rpcancel_pdu_encode(pdu, trial->bytes, RPCANCEL_PDU_SIZE_MAX);
    struct rpcancel_wire_event event;
    rpcancel_wire_event_of(RPCANCEL_SENDER_SERVER, trial->bytes, size, &event);
    return is_event_allowed(trial, &event);
}

/* |pdu| as a response, or as a fault with |status|. */
static struct rpcancel_pdu as_type(const struct rpcancel_pdu *pdu, bool is_fault, uint32_t status)
{
    struct rpcancel_pdu other = *pdu;
    uint16_t context = pdu->type == RPCANCEL_PDU_FAULT ? pdu->fault.context_id : pdu->response.context_id;
    if (is_fault) {
        other.type = RPCANCEL_PDU_FAULT;
        other.fault = (struct rpcancel_fault_body){.context_id = context, .status = status};
        other.data = (struct rpcancel_span){NULL, 0};
    } else if (pdu->type == RPCANCEL_PDU_FAULT) {
        other.type = RPCANCEL_PDU_RESPONSE;
        other.flags &= (uint8_t)~RPCANCEL_PFC_DID_NOT_EXECUTE;
        other.response = (struct rpcancel_response_body){.context_id = context};
    }
    return other;
}

static void set_count(struct rpcancel_pdu *pdu, bool is_pending, unsigned count)
{
    pdu->flags =
        (uint8_t)((pdu->flags & ~RPCANCEL_PFC_PENDING_CANCEL) | (is_pending ? RPCANCEL_PFC_PENDING_CANCEL : 0));
    if (pdu->type == RPCANCEL_PDU_FAULT)
        pdu->fault.cancel_count = (uint8_t)count;
    else
        pdu->response.cancel_count = (uint8_t)count;
}

/* Tells whether |pdu| would do with some cancel_count, and PENDING_CANCEL or not; which, goes to |counts| unless that
 * is NULL. */
static bool is_allowed_with_any_count(const struct trial *trial, const struct rpcancel_pdu *pdu,
                                      bool counts[2][RPCANCEL_CONVERSATION_COUNTS])
{
    bool any = false;
    for (unsigned pending = 0; pending < 2; pending++) {
        for (unsigned count = 0; count < RPCANCEL_CONVERSATION_COUNTS; count++) {
            struct rpcancel_pdu other = *pdu;
            set_count(&other, pending, count);
            bool allowed = is_allowed(trial, &other);
            any |= allowed;
            if (counts)
                counts[pending][count] = allowed;
            else if (any)
                return true;
        }
    }
    return any;
}

static void try_types(const struct trial *trial, const struct rpcancel_pdu *pdu, struct rpcancel_demand *demand)
{
    bool is_fault = pdu->type == RPCANCEL_PDU_FAULT, any_other = false;
    for (unsigned i = 0; i < RPCANCEL_CONVERSATION_STATUSES; i++) {
        struct rpcancel_pdu fault = as_type(pdu, true, statuses[i]);
        if (is_fault && statuses[i] == pdu->fault.status)
            continue;
        bool is_allowed = is_allowed_with_any_count(trial, &fault, NULL);
        fault.flags ^= RPCANCEL_PFC_DID_NOT_EXECUTE;
        is_allowed |= is_allowed_with_any_count(trial, &fault, NULL);
        any_other |= is_allowed;
        if (!is_allowed)
            demand->forbidden[demand->forbidden_count++] = statuses[i];
    }
    const struct rpcancel_pdu response = as_type(pdu, false, 0);
    demand->type = is_fault ? !is_allowed_with_any_count(trial, &response, NULL) : !any_other;
    demand->status = is_fault && !any_other;
}

static bool is_among(uint32_t call_id, const struct rpcancel_demand *demand)
{
    for (unsigned i = 0; i < demand->other_call_count; i++) {
        if (demand->other_calls[i] == call_id)
            return true;
    }
    return false;
}

/* Tries the call_ids that anybody might take for right: all of the conversation, and one that nobody has. */
static void try_call_ids(const struct trial *trial, const struct rpcancel_conversation *conversation,
                         const struct rpcancel_pdu *pdu, struct rpcancel_demand *demand)
{
    struct rpcancel_pdu other = *pdu;
    other.call_id = UINT32_MAX;
    demand->call_id = !is_allowed(trial, &other);
    for (size_t i = 0; i < conversation->count; i++) {
        const struct rpcancel_wire_event *event = &conversation->list[i].event;
        other.call_id = event->pdu.call_id;
        if (event->kind != RPCANCEL_WIRE_PDU || other.call_id == pdu->call_id || is_among(other.call_id, demand))
            continue;
        if (is_allowed(trial, &other))
            demand->call_id = false;
        else if (demand->other_call_count < RPCANCEL_CONVERSATION_CALLS_MAX)
            demand->other_calls[demand->other_call_count++] = other.call_id;
    }
}

static void note_rules(const struct rpcancel_wire_mask *broken, struct rpcancel_demand *demand)
{
    for (unsigned number = rpcancel_wire_mask_next(broken, 0);
         number < RPCANCEL_WIRE_RULES_MAX && demand->rule_count < RPCANCEL_CONVERSATION_RULES_MAX;
         number = rpcancel_wire_mask_next(broken, number + 1))
        demand->rules[demand->rule_count++] = (uint8_t)(rpcancel_rule_count() + number);
}

static bool may_close(const struct trial *trial)
{
    const struct rpcancel_wire_event closed = rpcancel_wire_closed(RPCANCEL_SENDER_SERVER);
    return is_event_allowed(trial, &closed);
}

static void find_demand_of_pdu(const struct trial *trial, const struct rpcancel_conversation *conversation,
                               struct rpcancel_conversation_event *at)
{
    const struct rpcancel_pdu *pdu = &at->event.pdu;
    struct rpcancel_demand *demand = &at->demand;
    bool is_reply = pdu->type == RPCANCEL_PDU_RESPONSE || pdu->type == RPCANCEL_PDU_FAULT;
    demand->must_come = !may_close(trial);
    try_call_ids(trial, conversation, pdu, demand);
    for (unsigned bit = 0; bit < 8; bit++) {
        struct rpcancel_pdu other = *pdu;
        other.flags ^= (uint8_t)(1u << bit);
        if (!is_allowed(trial, &other) && !(is_reply && 1u << bit == RPCANCEL_PFC_PENDING_CANCEL))
            demand->flags |= (uint8_t)(1u << bit);
    }
    if (!is_reply)
        return;
    is_allowed_with_any_count(trial, pdu, demand->counts);
    try_types(trial, pdu, demand);
}

/* Whoever goes on where the reference closes answers the next call, and that is what the rules can judge. */
static void find_demand_of_end(const struct trial *trial, const struct rpcancel_conversation *conversation,
                               struct rpcancel_demand *demand)
{
    struct rpcancel_wire_observer *later = malloc(sizeof *later);
    uint8_t *bytes = trial->bytes;
    struct rpcancel_pdu pdu;
    uint32_t call_id = 1;
    if (!later)
        return; /* nothing is demanded then */
    for (size_t i = 0; i < conversation->count; i++) {
        const struct rpcancel_wire_event *event = &conversation->list[i].event;
        if (event->kind == RPCANCEL_WIRE_PDU && event->pdu.call_id >= call_id)
            call_id = event->pdu.call_id + 1;
    }
    *later = *trial->observer;
    rpcancel_pdu_init(&pdu, RPCANCEL_PDU_REQUEST, call_id);
    size_t size = rpcancel_pdu_encode(&pdu, bytes, RPCANCEL_PDU_SIZE_MAX);
    struct rpcancel_wire_event event;
    rpcancel_wire_event_of(RPCANCEL_SENDER_CLIENT, bytes, size, &event);
    event.class = RPCANCEL_CLASS_FAST;
    rpcancel_wire_observe(later, &event);
    const struct trial next = {trial->rules, later, bytes, trial->broken};
    rpcancel_pdu_init(&pdu, RPCANCEL_PDU_RESPONSE, call_id);
    demand->must_close = !is_allowed(&next, &pdu);
    free(later);
}

static void find_demand(const struct trial *trial, const struct rpcancel_conversation *conversation,
                        struct rpcancel_conversation_event *at)
{
    *trial->broken = (struct rpcancel_wire_mask){{0}};
    if (at->event.kind == RPCANCEL_WIRE_CLOSED)
        find_demand_of_end(trial, conversation, &at->demand);
    else if (at->event.kind == RPCANCEL_WIRE_PDU)
        find_demand_of_pdu(trial, conversation, at);
    note_rules(trial->broken, &at->demand);
}

static bool is_sent_by_client(const struct rpcancel_conversation *conversation, size_t index)
{
    const struct rpcancel_wire_event *event = &conversation->list[index].event;
    return event->kind == RPCANCEL_WIRE_PDU && event->sender == RPCANCEL_SENDER_CLIENT;
}

/* Tells whether something that the server sends later may come behind |index| already: it belongs to a call that
 * something was sent of, and the rules let it through. */
static bool may_come_already(const struct trial *trial, const struct rpcancel_conversation *conversation, size_t index)
{
    for (size_t i = index + 1; i < conversation->count; i++) {
        const struct rpcancel_wire_event *later = &conversation->list[i].event;
        if (later->kind != RPCANCEL_WIRE_PDU || later->sender != RPCANCEL_SENDER_SERVER)
            continue;
        for (size_t k = 0; k <= index; k++) {
            if (is_sent_by_client(conversation, k) && conversation->list[k].event.pdu.call_id == later->pdu.call_id &&
                is_event_allowed(trial, later))
                return true;
        }
    }
    return false;
}

/* The client has sent what is at |index|, and goes on sending. */
static void find_silence(const struct trial *trial, struct rpcancel_conversation *conversation, size_t index)
{
    struct rpcancel_conversation_event *at = &conversation->list[index];
    struct rpcancel_demand *demand = &at->demand;
    struct rpcancel_pdu pdu;
    at->is_silent = !may_come_already(trial, conversation, index);
    if (!at->is_silent)
        return;
    *trial->broken = (struct rpcancel_wire_mask){{0}};
    rpcancel_pdu_init(&pdu, RPCANCEL_PDU_RESPONSE, at->event.pdu.call_id);
    at->forbids_response = !is_allowed_with_any_count(trial, &pdu, NULL);
    for (unsigned i = 0; i < RPCANCEL_CONVERSATION_STATUSES; i++) {
        struct rpcancel_pdu fault = as_type(&pdu, true, statuses[i]);
        if (!is_allowed_with_any_count(trial, &fault, NULL))
            demand->forbidden[demand->forbidden_count++] = statuses[i];
    }
    if (at->forbids_response || demand->forbidden_count > 0)
        note_rules(trial->broken, demand);
}

/* Each connection is observed anew: it begins with a bind behind another one, or where one is closed. */
static bool begins_connection(const struct rpcancel_conversation *conversation, size_t index)
{
    const struct rpcancel_wire_event *event = &conversation->list[index].event;
    bool is_open = false, is_bound = false;
    for (size_t i = 0; i < index; i++) {
        const struct rpcancel_wire_event *before = &conversation->list[i].event;
        bool is_bind = before->kind == RPCANCEL_WIRE_PDU && before->pdu.type == RPCANCEL_PDU_BIND;
        is_open = before->kind != RPCANCEL_WIRE_CLOSED;
        is_bound = is_open && (is_bound || is_bind);
    }
    return !is_open || (is_bound && event->kind == RPCANCEL_WIRE_PDU && event->pdu.type == RPCANCEL_PDU_BIND);
}

static bool find_demands(struct rpcancel_conversation *conversation, const struct rpcancel_wire_mask *rules)
{
    struct rpcancel_wire_observer *observer = malloc(sizeof *observer);
    uint8_t *bytes = malloc(RPCANCEL_PDU_SIZE_MAX);
    struct rpcancel_wire_mask broken = {{0}};
    const struct trial trial = {rules, observer, bytes, &broken};
    for (size_t i = 0; observer && bytes && i < conversation->count; i++) {
        struct rpcancel_conversation_event *at = &conversation->list[i];
        if (begins_connection(conversation, i))
            rpcancel_wire_observer_reset(observer, true);
        if (at->event.sender == RPCANCEL_SENDER_SERVER)
            find_demand(&trial, conversation, at);
        rpcancel_wire_observe(observer, &at->event);
        if (i + 1 < conversation->count && is_sent_by_client(conversation, i) && is_sent_by_client(conversation, i + 1))
            find_silence(&trial, conversation, i);
    }
    conversation->exhausted |= !observer || !bytes;
    free(observer);
    free(bytes);
    return !conversation->exhausted;
}

/* ---- all ---- */

static bool converse(struct rpcancel_conversation *conversation, const struct rpcancel_sequence *sequence,
                     const struct rpcancel_rule_set *rules, struct rpcancel_runtime *runtime,
                     char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    struct rpcancel_run run = {.rules = rules, .passed = record, .passed_context = conversation};
    enum rpcancel_run_end end = rpcancel_run_sequence(&run, runtime, sequence);
    if (end == RPCANCEL_RUN_UNIMPLEMENTED) {
        char text[RPCANCEL_OPERATION_TEXT_MAX];
        rpcancel_operation_print(run.missing, text, sizeof text);
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "`%s`: no operation of the interface does that", text);
    } else if (end != RPCANCEL_RUN_OK) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "the reference server does not get to the end: %.200s",
                 run.failure[0] ? run.failure : run.got);
    }
    rpcancel_run_free(&run);
    return end == RPCANCEL_RUN_OK;
}

static bool converse_with_server(struct rpcancel_conversation *conversation, const struct rpcancel_sequence *sequence,
                                 const struct rpcancel_rule_set *rules, const struct rpcancel_target *target,
                                 char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    struct rpcancel_reference_server server = {0};
    const struct rpcancel_runtime_options options = {.wire_profile = conversation->profile, .target = target};
    struct rpcancel_runtime *runtime = NULL;
    bool usage, done = false;
    if (rpcancel_reference_server_start(&server, conversation->profile, 0, failure)) {
        char address[sizeof "127.0.0.1:65535"];
        snprintf(address, sizeof address, "127.0.0.1:%u", (unsigned)ntohs(server.address.sin_port));
        runtime = rpcancel_runtime_open_tcp(address, &options, failure, &usage);
    }
    if (runtime) {
        done = converse(conversation, sequence, rules, runtime, failure);
        runtime->functions->close(runtime);
    }
    rpcancel_reference_server_end(&server);
    return done;
}

bool rpcancel_conversation_make(struct rpcancel_conversation *conversation, const struct rpcancel_sequence *sequence,
                                enum rpcancel_wire_profile profile, int rule, const struct rpcancel_target *target,
                                char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    struct rpcancel_rule_set rules;
    struct rpcancel_wire_mask counting = {{0}};
    *conversation = (struct rpcancel_conversation){.profile = profile, .rule = rule};
    rpcancel_rule_set_init_wire(&rules, profile, RPCANCEL_SUBJECT_SERVER, ~0u);
    if (rule >= 0 && !rpcancel_rule_set_has(&rules, (unsigned)rule)) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "%s is no rule on servers that the profile %s has in force",
                 rpcancel_rule_at((unsigned)rule)->id, rpcancel_wire_profile_name(profile));
        return false;
    }
    if (!converse_with_server(conversation, sequence, &rules, target, failure))
        return false;
    if (rule >= 0)
        rpcancel_wire_mask_add(&counting, (unsigned)rule - rpcancel_rule_count());
    if (!conversation->exhausted && find_demands(conversation, rule >= 0 ? &counting : &rules.wire))
        return true;
    snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "out of memory");
    return false;
}

void rpcancel_conversation_free(struct rpcancel_conversation *conversation)
{
    for (size_t i = 0; i < conversation->count; i++)
        free((void *)conversation->list[i].event.octets.bytes);
    free(conversation->list);
    *conversation = (struct rpcancel_conversation){0};
}

bool rpcancel_demand_is_any(const struct rpcancel_demand *demand)
{
    return demand->must_come || demand->must_close || demand->type || demand->status || demand->call_id ||
           demand->flags || demand->rule_count > 0;
}
