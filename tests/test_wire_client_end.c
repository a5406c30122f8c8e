// SPDX-License-Identifier: Apache-2.0
/* The client's end of an association, against servers that do as they like: what it sends, what it takes, what it takes
 * amiss. */
#include "wire/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
    FIRST = RPCANCEL_PFC_FIRST_FRAG,
    LAST = RPCANCEL_PFC_LAST_FRAG,
    PENDING = RPCANCEL_PFC_PENDING_CANCEL,
    MPX = RPCANCEL_PFC_CONC_MPX,
    KEEP = RPCANCEL_FEATURE_KEEP_CONNECTION_ON_ORPHAN,
    MULTIPLEXING = RPCANCEL_FEATURE_SECURITY_CONTEXT_MULTIPLEXING,
    SENT_MAX = 8,
    ROOM = 64
};

static const struct rpcancel_syntax interface = {{0x11111111, 0x2222, 0x3333, {4}}, 1};

static struct rpcancel_client client;

/* What the host was asked for, since `forget`. */
static struct {
    unsigned sent, bound, completed;
    bool accepted;
    struct rpcancel_pdu pdus[SENT_MAX]; /* point into |octets| */
    uint8_t octets[SENT_MAX][RPCANCEL_CLIENT_FRAGMENT_MAX];
    struct rpcancel_client_result results[RPCANCEL_CLIENT_CALLS_MAX];
} seen;
static uint8_t rooms[RPCANCEL_CLIENT_CALLS_MAX][ROOM];
static bool has_endless_room; /* says it has */

static void forget(void)
{
    seen.sent = seen.bound = seen.completed = 0;
}

static void host_send(void *context, const uint8_t *bytes, size_t size)
{
    struct rpcancel_pdu_complaint complaint;
    (void)context;
    assert_true(seen.sent < SENT_MAX && size <= sizeof seen.octets[0]);
    memcpy(seen.octets[seen.sent], bytes, size);
    assert_true(rpcancel_pdu_decode(seen.octets[seen.sent], size, RPCANCEL_STRICT, &seen.pdus[seen.sent], &complaint));
    seen.sent++;
}

static void host_bound(void *context, bool accepted)
{
    (void)context;
    seen.bound++;
    seen.accepted = accepted;
}

static uint8_t *host_assembly(void *context, unsigned call, size_t size)
{
    (void)context;
    assert_true(call < RPCANCEL_CLIENT_CALLS_MAX);
    return size <= ROOM || has_endless_room ? rooms[call] : NULL;
}

static void host_completed(void *context, const struct rpcancel_client_result *result)
{
    (void)context;
    assert_true(seen.completed < RPCANCEL_CLIENT_CALLS_MAX);
    seen.results[seen.completed++] = *result;
}

static const struct rpcancel_client_host host = {NULL, host_send, host_bound, host_assembly, host_completed};

/* ---- the server ---- */

static bool answer(const struct rpcancel_pdu *pdu)
{
    static uint8_t bytes[RPCANCEL_PDU_SIZE_MAX];
    size_t size = rpcancel_pdu_encode(pdu, bytes, sizeof bytes);
    assert_true(size > 0);
    forget();
    return rpcancel_client_receive(&client, bytes, size);
}

static bool acknowledge(const struct rpcancel_result *results, uint8_t count, uint8_t flags, uint16_t max_receive)
{
    uint8_t list[4 * RPCANCEL_RESULT_SIZE];
    size_t size = 0;
    struct rpcancel_pdu ack;
    for (uint8_t i = 0; i < count; i++)
        size += rpcancel_result_write(list + size, sizeof list - size, false, &results[i]);
    rpcancel_pdu_init(&ack, RPCANCEL_PDU_BIND_ACK, 1);
    ack.flags |= flags;
    ack.bind_ack.max_transmit = ack.bind_ack.max_receive = max_receive;
    ack.bind_ack.result_count = count;
    ack.bind_ack.results = (struct rpcancel_span){list, size};
    return answer(&ack);
}

static const struct rpcancel_result accepted = {RPCANCEL_ACCEPTANCE, 0, {{0}, 0}};

static void begin(enum rpcancel_wire_profile profile)
{
    forget();
    rpcancel_client_init(&client, &host, rpcancel_wire_choices_of(profile));
}

static void bind_to(enum rpcancel_wire_profile profile, uint8_t flags)
{
    begin(profile);
    rpcancel_client_bind(&client, &interface, 0, flags & MPX);
    assert_int_equal(seen.sent, 1);
    assert_true(acknowledge(&accepted, 1, flags, 4280));
    assert_true(seen.bound == 1 && seen.accepted);
}

static uint32_t call(void)
{
    uint32_t call_id;
    forget();
    assert_true(rpcancel_client_call(&client, 3, (struct rpcancel_span){NULL, 0}, false, &call_id));
    assert_int_equal(seen.sent, 1);
    return call_id;
}

static bool respond(uint32_t call_id, uint8_t flags, size_t size, uint8_t cancel_count)
{
    static const uint8_t stub_data[ROOM + 1] = "0123456789abcdef";
    struct rpcancel_pdu response;
    rpcancel_pdu_init(&response, RPCANCEL_PDU_RESPONSE, call_id);
    response.flags = flags;
    response.response.cancel_count = cancel_count;
    response.data = (struct rpcancel_span){stub_data, size};
    return answer(&response);
}

static bool fault(uint32_t call_id, uint8_t flags, uint32_t status, uint8_t cancel_count)
{
    struct rpcancel_pdu pdu;
    rpcancel_pdu_init(&pdu, RPCANCEL_PDU_FAULT, call_id);
    pdu.flags |= flags;
    pdu.fault.status = status;
    pdu.fault.cancel_count = cancel_count;
    return answer(&pdu);
}

static const struct rpcancel_client_result *completed(uint32_t call_id, enum rpcancel_client_end end)
{
    assert_int_equal(seen.completed, 1);
    assert_int_equal(seen.results[0].call_id, call_id);
    assert_int_equal(seen.results[0].end, end);
    return &seen.results[0];
}

/* ---- binding ---- */

static void asks_for_what_it_was_told(void **state)
{
    (void)state;
    for (unsigned features = 0; features < 4; features++) {
        struct rpcancel_context context;
        uint64_t asked = 0;
        begin(RPCANCEL_WIRE_CORE);
        rpcancel_client_bind(&client, &interface, (uint16_t)features, features & 1);
        struct rpcancel_pdu *bind = &seen.pdus[0];
        assert_int_equal(bind->type, RPCANCEL_PDU_BIND);
        assert_int_equal(bind->flags, FIRST | LAST | (features & 1 ? MPX : 0));
        assert_int_equal(bind->bind.context_count, features ? 2 : 1);
        assert_true(rpcancel_context_next(&bind->bind.contexts, false, &context));
        assert_true(rpcancel_syntax_is(&context.abstract, &interface));
        assert_false(rpcancel_context_asks_features(&context, false, &asked));
        if (features) {
            assert_true(rpcancel_context_next(&bind->bind.contexts, false, &context));
            assert_true(rpcancel_context_asks_features(&context, false, &asked));
        }
        assert_int_equal(asked, features);
    }
}

/* Binds for |asked|, which the server answers with |result| for the features; the orphaned call closes or not. */
static bool closes_when_orphaned(enum rpcancel_wire_profile profile, const struct rpcancel_result *result)
{
    struct rpcancel_result results[2] = {accepted, *result};
    bool close;
    begin(profile);
    rpcancel_client_bind(&client, &interface, KEEP, false);
    assert_true(acknowledge(results, 2, 0, 4280));
    assert_true(rpcancel_client_orphan(&client, call(), &close));
    assert_int_equal(seen.sent, 2);
    assert_int_equal(seen.pdus[1].type, RPCANCEL_PDU_ORPHANED);
    return close;
}

static void the_connection_is_kept_where_that_was_granted(void **state)
{
    (void)state;
    static const struct rpcancel_result granted = {RPCANCEL_NEGOTIATE_ACK, KEEP | MULTIPLEXING, {{0}, 0}};
    static const struct rpcancel_result other = {RPCANCEL_NEGOTIATE_ACK, MULTIPLEXING, {{0}, 0}};
    static const struct rpcancel_result refused = {RPCANCEL_PROVIDER_REJECTION, KEEP, {{0}, 0}};
    for (int profile = RPCANCEL_WIRE_CORE; profile < RPCANCEL_WIRE_PROFILES; profile++) {
        const struct rpcancel_wire_choices *choices = rpcancel_wire_choices_of((enum rpcancel_wire_profile)profile);
        assert_false(closes_when_orphaned((enum rpcancel_wire_profile)profile, &granted)); /* W96 */
        assert_int_equal(closes_when_orphaned((enum rpcancel_wire_profile)profile, &other),
                         choices->closes_after_orphaned);
        assert_int_equal(closes_when_orphaned((enum rpcancel_wire_profile)profile, &refused),
                         choices->closes_after_orphaned);
    }
}

static void nothing_is_called_before_a_context_is_accepted(void **state)
{
    (void)state;
    static const struct rpcancel_result rejected = {RPCANCEL_PROVIDER_REJECTION, 1, {{0}, 0}};
    uint32_t call_id;
    begin(RPCANCEL_WIRE_CORE);
    assert_false(rpcancel_client_call(&client, 0, (struct rpcancel_span){NULL, 0}, false, &call_id));
    assert_true(acknowledge(&rejected, 1, 0, 4280));
    assert_true(seen.bound == 1 && !seen.accepted);
    assert_false(rpcancel_client_call(&client, 0, (struct rpcancel_span){NULL, 0}, false, &call_id));
    assert_int_equal(seen.sent, 0);
    assert_false(respond(1, FIRST | LAST, 8, 0));
    assert_false(fault(1, 0, 5, 0));
}

static void answers_to_a_bind_that_end_the_association(void **state)
{
    (void)state;
    struct rpcancel_pdu nak;
    begin(RPCANCEL_WIRE_CORE);
    rpcancel_client_bind(&client, &interface, 0, false);
    rpcancel_pdu_init(&nak, RPCANCEL_PDU_BIND_NAK, 1);
    assert_false(answer(&nak));
    assert_true(seen.bound == 1 && !seen.accepted);
    begin(RPCANCEL_WIRE_CORE);
    assert_false(acknowledge(NULL, 0, 0, 4280)); /* no result */
    assert_int_equal(seen.bound, 0);
    bind_to(RPCANCEL_WIRE_CORE, 0);
    assert_false(acknowledge(&accepted, 1, 0, 4280)); /* a second time */
    assert_int_equal(seen.bound, 0);
}

static void fragments_are_as_large_as_the_server_takes(void **state)
{
    (void)state;
    static const uint8_t stub_data[8000];
    static const struct {
        uint16_t said, used;
    } cases[] = {{0, RPCANCEL_PDU_MUST_RECEIVE},
                 {1432, 1432},
                 {1400, RPCANCEL_PDU_MUST_RECEIVE},
                 {4280, 4280},
                 {5840, 5840},
                 {5841, RPCANCEL_CLIENT_FRAGMENT_MAX},
                 {65535, RPCANCEL_CLIENT_FRAGMENT_MAX}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t call_id;
        size_t size = 0;
        begin(RPCANCEL_WIRE_CORE);
        assert_true(acknowledge(&accepted, 1, 0, cases[i].said));
        forget();
        assert_true(rpcancel_client_call(&client, 9, (struct rpcancel_span){stub_data, 8000}, i & 1, &call_id));
        for (unsigned sent = 0; sent < seen.sent; sent++) {
            const struct rpcancel_pdu *pdu = &seen.pdus[sent];
            bool is_first = sent == 0, is_last = sent + 1 == seen.sent;
            assert_true(rpcancel_pdu_size(pdu) <= cases[i].used);
            assert_true(is_last || rpcancel_pdu_size(pdu) > cases[i].used - 8u);
            assert_int_equal(pdu->call_id, call_id);
            assert_int_equal(pdu->request.opnum, 9);
            assert_int_equal(pdu->request.alloc_hint, 8000 - size);
            assert_int_equal(pdu->flags,
                             (is_first ? FIRST : 0) | (is_last ? LAST : 0) | (is_first && i & 1 ? PENDING : 0));
            size += pdu->data.size;
        }
        assert_int_equal(size, 8000);
    }
}

/* ---- calls ---- */

static void one_at_a_time_unless_multiplexed(void **state)
{
    (void)state;
    uint32_t call_id, calls[RPCANCEL_CLIENT_CALLS_MAX];
    bind_to(RPCANCEL_WIRE_CORE, 0);
    calls[0] = call();
    assert_false(rpcancel_client_call(&client, 0, (struct rpcancel_span){NULL, 0}, false, &call_id)); /* W28 */
    assert_true(respond(calls[0], FIRST | LAST, 0, 0));
    completed(calls[0], RPCANCEL_END_RESPONSE);
    call();
    bind_to(RPCANCEL_WIRE_CORE, MPX);
    for (unsigned i = 0; i < RPCANCEL_CLIENT_CALLS_MAX; i++) {
        calls[i] = call();
        assert_true(i == 0 || calls[i] != calls[i - 1]);
    }
    assert_false(rpcancel_client_call(&client, 0, (struct rpcancel_span){NULL, 0}, false, &call_id));
    for (unsigned i = RPCANCEL_CLIENT_CALLS_MAX; i-- > 0;) {
        assert_true(i % 2 ? respond(calls[i], FIRST | LAST, 8, 0) : fault(calls[i], 0, i + 1, 0));
        assert_int_equal(completed(calls[i], i % 2 ? RPCANCEL_END_RESPONSE : RPCANCEL_END_FAULT)->status,
                         i % 2 ? 0 : i + 1);
    }
}

static void responses_in_fragments(void **state)
{
    (void)state;
    bind_to(RPCANCEL_WIRE_C706, MPX);
    uint32_t one = call(), other = call();
    assert_true(rpcancel_client_cancel(&client, one));
    assert_true(respond(one, FIRST, 8, 0)); /* its count is not the last one */
    assert_int_equal(seen.completed, 0);
    assert_true(respond(other, FIRST, 16, 0));
    assert_true(respond(one, 0, 3, 0));
    assert_true(respond(other, LAST, 0, 0));
    const struct rpcancel_client_result *result = completed(other, RPCANCEL_END_RESPONSE);
    assert_int_equal(result->stub_data.size, 16);
    assert_memory_equal(result->stub_data.bytes, "0123456789abcdef", 16);
    assert_true(respond(one, LAST, 5, 1));
    result = completed(one, RPCANCEL_END_RESPONSE);
    assert_int_equal(result->stub_data.size, 16);
    assert_memory_equal(result->stub_data.bytes, "0123456701201234", 16);
    assert_false(result->cancel_pending); /* W60: by the last fragment */
}

static void fragments_out_of_order(void **state)
{
    (void)state;
    bind_to(RPCANCEL_WIRE_CORE, 0);
    assert_false(respond(call(), LAST, 8, 0)); /* no first one, W22 */
    bind_to(RPCANCEL_WIRE_CORE, 0);
    assert_false(respond(call(), 0, 8, 0));
    bind_to(RPCANCEL_WIRE_CORE, 0);
    uint32_t call_id = call();
    assert_true(respond(call_id, FIRST, 8, 0));
    assert_false(respond(call_id, FIRST | LAST, 8, 0)); /* two of them */
    assert_int_equal(seen.completed, 0);
    rpcancel_client_lost(&client);
    completed(call_id, RPCANCEL_END_LOST);
}

static void responses_that_are_too_large(void **state)
{
    (void)state;
    bind_to(RPCANCEL_WIRE_CORE, 0);
    assert_false(respond(call(), FIRST | LAST, ROOM + 1, 0));
    assert_int_equal(seen.completed, 0);
    bind_to(RPCANCEL_WIRE_CORE, 0);
    uint32_t call_id = call();
    assert_true(respond(call_id, FIRST, ROOM, 0));
    assert_false(respond(call_id, 0, 1, 0));
    bind_to(RPCANCEL_WIRE_CORE, 0);
    call_id = call();
    assert_true(respond(call_id, FIRST, 8, 0));
    client.calls[0].received = RPCANCEL_CLIENT_RESPONSE_MAX - 7; /* W21: as if so much had come */
    has_endless_room = true;
    assert_false(respond(call_id, LAST, 8, 0));
    has_endless_room = false;
}

static void a_fault_in_the_middle_of_a_response(void **state)
{
    (void)state;
    bind_to(RPCANCEL_WIRE_CORE, 0);
    uint32_t call_id = call();
    assert_true(respond(call_id, FIRST, 8, 0));
    assert_true(fault(call_id, RPCANCEL_PFC_DID_NOT_EXECUTE, 0x1C00000D, 0));
    const struct rpcancel_client_result *result = completed(call_id, RPCANCEL_END_FAULT);
    assert_int_equal(result->status, 0x1C00000D);
    assert_true(result->did_not_execute);
    assert_true(respond(call_id, LAST, 8, 0)); /* of no open call: dropped (W83) */
    assert_int_equal(seen.completed, 0);
    call();
}

static void faults_of_other_sizes(void **state)
{
    (void)state;
    enum { WHOLE = 32, LONGER = 8 };
    for (size_t size = RPCANCEL_PDU_HEADER_SIZE; size <= WHOLE + LONGER; size++) {
        uint8_t bytes[WHOLE + LONGER] = {0};
        struct rpcancel_pdu pdu;
        bind_to(RPCANCEL_WIRE_CORE, 0);
        uint32_t call_id = call();
        rpcancel_pdu_init(&pdu, RPCANCEL_PDU_FAULT, call_id);
        pdu.fault.status = 5;
        assert_int_equal(rpcancel_pdu_encode(&pdu, bytes, sizeof bytes), WHOLE);
        rpcancel_write_16(bytes + 8, (uint16_t)size, false);
        assert_int_equal(rpcancel_client_receive(&client, bytes, size), size >= WHOLE);
        assert_int_equal(seen.completed, size >= WHOLE);
    }
}

/* ---- cancels ---- */

/* A call that is cancelled |sent| times, answered by a response or a fault that counts |counted| of them and says, with
 * |flag|, that one is pending. */
static void cancelled_and_answered(enum rpcancel_wire_profile profile, unsigned sent, uint8_t counted, uint8_t flag)
{
    bool counts = rpcancel_wire_choices_of(profile)->counts_cancels;
    bind_to(profile, 0);
    uint32_t call_id = call();
    for (unsigned i = 0; i < sent; i++)
        assert_true(rpcancel_client_cancel(&client, call_id));
    assert_int_equal(seen.sent, 1 + sent);
    for (unsigned i = 0; i < sent; i++)
        assert_int_equal(seen.pdus[1 + i].flags, LAST | PENDING); /* W47 */
    if (counted & 1)
        assert_true(fault(call_id, flag, 5, counted));
    else
        assert_true(respond(call_id, FIRST | LAST | flag, 0, counted));
    bool pending = flag || (counts && counted < sent); /* W73, W77 */
    assert_int_equal(seen.results[0].cancel_pending, pending);
}

static void what_becomes_of_cancels(void **state)
{
    (void)state;
    for (int profile = RPCANCEL_WIRE_CORE; profile < RPCANCEL_WIRE_PROFILES; profile++) {
        for (unsigned sent = 0; sent < 3; sent++) {
            for (uint8_t counted = 0; counted < 4; counted++) {
                cancelled_and_answered((enum rpcancel_wire_profile)profile, sent, counted, 0);
                cancelled_and_answered((enum rpcancel_wire_profile)profile, sent, counted, PENDING);
            }
        }
    }
}

static void what_is_not_open_cannot_be_cancelled(void **state)
{
    (void)state;
    bool close = true;
    bind_to(RPCANCEL_WIRE_CORE, MPX);
    uint32_t kept = call(), call_id = call();
    forget();
    assert_false(rpcancel_client_cancel(&client, call_id + 1)); /* W43 */
    assert_false(rpcancel_client_orphan(&client, call_id + 1, &close));
    assert_false(close);
    assert_int_equal(seen.sent, 0);
    assert_true(rpcancel_client_orphan(&client, call_id, &close));
    assert_int_equal(seen.sent, 1);
    assert_int_equal(seen.completed, 0);                                  /* W93 */
    assert_false(rpcancel_client_cancel(&client, call_id));               /* W94 */
    assert_false(rpcancel_client_orphan(&client, call_id, &close));       /* W95 */
    assert_true(respond(call_id, FIRST | LAST, 8, 0) && !seen.completed); /* W97: late */
    assert_true(respond(kept, FIRST | LAST, 8, 0));
    completed(kept, RPCANCEL_END_RESPONSE);
}

/* ---- the end ---- */

static void a_lost_connection_ends_every_call(void **state)
{
    (void)state;
    bool close;
    uint32_t call_id;
    bind_to(RPCANCEL_WIRE_C706, MPX);
    uint32_t one = call(), cancelled = call(), orphaned = call();
    assert_true(rpcancel_client_cancel(&client, cancelled));
    assert_true(rpcancel_client_orphan(&client, orphaned, &close));
    forget();
    rpcancel_client_lost(&client);
    assert_int_equal(seen.completed, 2); /* W110 */
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(seen.results[i].call_id, i == 0 ? one : cancelled);
        assert_int_equal(seen.results[i].end, RPCANCEL_END_LOST);
        assert_int_equal(seen.results[i].cancel_pending, i == 1);
    }
    forget();
    rpcancel_client_lost(&client);
    assert_false(rpcancel_client_call(&client, 0, (struct rpcancel_span){NULL, 0}, false, &call_id));
    assert_false(rpcancel_client_cancel(&client, one));
    assert_false(rpcancel_client_orphan(&client, one, &close));
    assert_false(respond(one, FIRST | LAST, 0, 0));
    assert_int_equal(seen.sent + seen.completed, 0);
}

static void what_no_server_sends_ends_the_association(void **state)
{
    (void)state;
    static const enum rpcancel_pdu_type types[] = {
        RPCANCEL_PDU_REQUEST,  RPCANCEL_PDU_ALTER_CONTEXT_RESP, RPCANCEL_PDU_BIND,          RPCANCEL_PDU_CO_CANCEL,
        RPCANCEL_PDU_ORPHANED, RPCANCEL_PDU_SHUTDOWN,           RPCANCEL_PDU_ALTER_CONTEXT, RPCANCEL_PDU_RTS};
    for (unsigned i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct rpcancel_pdu pdu;
        bind_to(RPCANCEL_WIRE_CORE, 0);
        uint32_t call_id = call();
        rpcancel_pdu_init(&pdu, types[i], call_id);
        assert_false(answer(&pdu));
        assert_int_equal(seen.completed, 0);
    }
    bind_to(RPCANCEL_WIRE_CORE, 0);
    uint8_t garbage[RPCANCEL_PDU_HEADER_SIZE] = {4};
    assert_false(rpcancel_client_receive(&client, garbage, sizeof garbage));
}

int main(void)
{
    const struct CMUnitTest wire_client_end[] = {
        cmocka_unit_test(asks_for_what_it_was_told),
        cmocka_unit_test(the_connection_is_kept_where_that_was_granted),
        cmocka_unit_test(nothing_is_called_before_a_context_is_accepted),
        cmocka_unit_test(answers_to_a_bind_that_end_the_association),
        cmocka_unit_test(fragments_are_as_large_as_the_server_takes),
        cmocka_unit_test(one_at_a_time_unless_multiplexed),
        cmocka_unit_test(responses_in_fragments),
        cmocka_unit_test(fragments_out_of_order),
        cmocka_unit_test(responses_that_are_too_large),
        cmocka_unit_test(a_fault_in_the_middle_of_a_response),
        cmocka_unit_test(faults_of_other_sizes),
        cmocka_unit_test(what_becomes_of_cancels),
        cmocka_unit_test(what_is_not_open_cannot_be_cancelled),
        cmocka_unit_test(a_lost_connection_ends_every_call),
        cmocka_unit_test(what_no_server_sends_ends_the_association),
    };
    return cmocka_run_group_tests(wire_client_end, NULL, NULL);
}
