// SPDX-License-Identifier: Apache-2.0
/*
 * The mutator of streams. What it puts in goes by what is there: fragments of clients where clients' are, for calls
 * that are there.
 */
#include "mutator.h"

#include "streams/change.h"
#include "streams/draft.h"
#include "streams/templates.h"

enum { STACKED_MAX = 4, CALL_IDS = 6 };

/* ---- what is put in ---- */

/* The number of a call that is there, mostly. */
static uint32_t some_call_id(struct rpcancel_wire_draft *draft)
{
    struct rpcancel_pdu pdu;
    if (draft->count > 0 && rpcancel_random_chance(&draft->random, 6) &&
        rpcancel_wire_draft_is_fragment(draft, rpcancel_wire_draft_below(draft, draft->count), &pdu))
        return pdu.call_id;
    return 1 + rpcancel_wire_draft_below(draft, CALL_IDS);
}

/* Who sends what is there; either where that cannot be told. */
static enum rpcancel_pdu_sender some_sender(struct rpcancel_wire_draft *draft)
{
    struct rpcancel_pdu pdu;
    for (unsigned i = 0; i < draft->count; i++) {
        const struct rpcancel_pdu_type_description *type =
            rpcancel_wire_draft_is_fragment(draft, i, &pdu) ? rpcancel_pdu_type_describe(pdu.type) : NULL;
        if (type && (type->sender == RPCANCEL_SENDER_CLIENT || type->sender == RPCANCEL_SENDER_SERVER) &&
            rpcancel_random_chance(&draft->random, 7))
            return (enum rpcancel_pdu_sender)type->sender;
    }
    return rpcancel_random_chance(&draft->random, 4) ? RPCANCEL_SENDER_CLIENT : RPCANCEL_SENDER_SERVER;
}

static enum rpcancel_pdu_type some_type(struct rpcancel_wire_draft *draft, enum rpcancel_pdu_sender sender)
{
    static const uint8_t clients[] = {RPCANCEL_PDU_REQUEST,  RPCANCEL_PDU_REQUEST,   RPCANCEL_PDU_REQUEST,
                                      RPCANCEL_PDU_REQUEST,  RPCANCEL_PDU_CO_CANCEL, RPCANCEL_PDU_CO_CANCEL,
                                      RPCANCEL_PDU_ORPHANED, RPCANCEL_PDU_BIND,      RPCANCEL_PDU_ALTER_CONTEXT,
                                      RPCANCEL_PDU_ORPHANED};
    static const uint8_t servers[] = {RPCANCEL_PDU_RESPONSE, RPCANCEL_PDU_RESPONSE, RPCANCEL_PDU_RESPONSE,
                                      RPCANCEL_PDU_FAULT,    RPCANCEL_PDU_FAULT,    RPCANCEL_PDU_BIND_ACK};
    unsigned any = rpcancel_wire_draft_below(draft, RPCANCEL_PDU_TYPE_COUNT);
    if (rpcancel_wire_draft_below(draft, 16) == 0 && rpcancel_pdu_type_describe(any)->sender != RPCANCEL_SENDER_NONE)
        return (enum rpcancel_pdu_type)any;
    return (enum rpcancel_pdu_type)(sender == RPCANCEL_SENDER_CLIENT
                                        ? clients[rpcancel_wire_draft_below(draft, sizeof clients)]
                                        : servers[rpcancel_wire_draft_below(draft, sizeof servers)]);
}

static void insert_fragment(struct rpcancel_wire_draft *draft)
{
    uint8_t octets[RPCANCEL_TEMPLATE_SIZE_MAX];
    /* One after the other, as each draws: the same seed gives the same whatever compiler this is. */
    enum rpcancel_pdu_sender sender = some_sender(draft);
    enum rpcancel_pdu_type type = some_type(draft, sender);
    uint32_t call_id = some_call_id(draft);
    size_t size = rpcancel_template_write(octets, type, call_id, &draft->random);
    rpcancel_wire_draft_replace(draft, rpcancel_wire_draft_gap(draft), 0, octets, size);
}

/* co_cancel or orphaned for a call that is there. */
static void insert_cancel(struct rpcancel_wire_draft *draft)
{
    uint8_t octets[RPCANCEL_TEMPLATE_SIZE_MAX];
    enum rpcancel_pdu_type type =
        rpcancel_random_chance(&draft->random, 5) ? RPCANCEL_PDU_CO_CANCEL : RPCANCEL_PDU_ORPHANED;
    size_t size = rpcancel_template_write(octets, type, some_call_id(draft), &draft->random);
    rpcancel_wire_draft_replace(draft, rpcancel_wire_draft_gap(draft), 0, octets, size);
}

static void insert_choice(struct rpcancel_wire_draft *draft)
{
    enum { CHOICES = 16 };
    uint8_t choice[2];
    choice[0] = (uint8_t)rpcancel_wire_draft_below(draft, CHOICES);
    if (choice[0] == 5) /* begins a fragment */
        choice[0] = CHOICES;
    choice[1] = (uint8_t)rpcancel_wire_draft_below(draft, CHOICES);
    if (rpcancel_random_chance(&draft->random, 2))
        choice[1] = (uint8_t)rpcancel_wire_draft_below(draft, 256);
    rpcancel_wire_draft_replace(draft, rpcancel_wire_draft_gap(draft), 0, choice, sizeof choice);
}

/* ---- all of it ---- */

typedef void change_function(struct rpcancel_wire_draft *draft);

static void change(struct rpcancel_wire_draft *draft)
{
    static change_function *const with_pieces[] = {
        rpcancel_wire_draft_leave_out, rpcancel_wire_draft_double,  rpcancel_wire_draft_move,
        rpcancel_wire_change_header,   rpcancel_wire_change_header, rpcancel_wire_change_body,
        rpcancel_wire_change_lengths,  rpcancel_wire_change_octets, rpcancel_wire_change_byte_order,
        rpcancel_wire_change_size,     rpcancel_wire_split_fragment};
    static change_function *const always[] = {insert_fragment, insert_fragment, insert_cancel,
                                              insert_choice,   insert_choice,   rpcancel_wire_draft_settings};
    enum { WITH = sizeof with_pieces / sizeof with_pieces[0], ALWAYS = sizeof always / sizeof always[0] };
    unsigned choice = rpcancel_wire_draft_below(draft, draft->count > 0 ? ALWAYS + WITH : ALWAYS);
    if (choice < ALWAYS)
        always[choice](draft);
    else
        with_pieces[choice - ALWAYS](draft);
}

static size_t finish(struct rpcancel_wire_draft *draft)
{
    while (draft->count == 0)
        insert_choice(draft);
    return draft->size;
}

size_t rpcancel_mutate(uint8_t *data, size_t size, size_t max_size, uint64_t seed)
{
    struct rpcancel_wire_draft draft;
    if (max_size < RPCANCEL_WIRE_DRAFT_LEAST)
        return 0;
    rpcancel_wire_draft_open(&draft, data, size, max_size, seed);
    for (unsigned left = 1 + rpcancel_wire_draft_below(&draft, STACKED_MAX); left > 0; left--)
        change(&draft);
    return finish(&draft);
}

/* The first up to some piece, then the second from some piece on. */
size_t rpcancel_cross(const uint8_t *first, size_t first_size, const uint8_t *second, size_t second_size, uint8_t *out,
                      size_t max_size, uint64_t seed)
{
    struct rpcancel_wire_draft draft;
    if (max_size < RPCANCEL_WIRE_DRAFT_LEAST)
        return 0;
    size_t taken = first_size < max_size ? first_size : max_size;
    memcpy(out, first, taken);
    rpcancel_wire_draft_open(&draft, out, taken, max_size, seed);
    rpcancel_wire_draft_cross(&draft, second, second_size);
    return finish(&draft);
}
