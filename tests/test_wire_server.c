// SPDX-License-Identifier: Apache-2.0
/* The server's association: what becomes of cancels in every state of a call, in each profile (S1 … S13 of
 * docs/serve.md). */
#include "wire/server.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "random_pdu.h"
#include "wire_client.h"

enum {
    FIRST = RPCANCEL_PFC_FIRST_FRAG,
    LAST = RPCANCEL_PFC_LAST_FRAG,
    PENDING = RPCANCEL_PFC_PENDING_CANCEL,
    MPX = RPCANCEL_PFC_CONC_MPX,
    DID_NOT_EXECUTE = RPCANCEL_PFC_DID_NOT_EXECUTE,
    FRAGMENT = 4280
};

static struct wire_client client;

static void sends_nothing(void)
{
    assert_true(client.open);
    assert_int_equal(client.sent_count, 0);
}

static void sends(enum rpcancel_pdu_type type, uint32_t call_id, uint8_t flags)
{
    assert_int_equal(client.sent_count, 1);
    assert_int_equal(client.sent[0].type, type);
    assert_int_equal(client.sent[0].call_id, call_id);
    assert_int_equal(client.sent[0].flags, flags);
}

static void responds(uint32_t call_id, uint8_t flags, uint8_t cancel_count)
{
    sends(RPCANCEL_PDU_RESPONSE, call_id, flags);
    assert_int_equal(client.sent[0].response.cancel_count, cancel_count);
}

static void faults(uint32_t call_id, uint8_t flags, uint32_t status)
{
    wire_faults(&client, call_id, flags, status);
}

static void tells(enum wire_told what)
{
    assert_int_equal(client.told_count, 1);
    assert_int_equal(client.told[0].what, what);
}

/* Forgets what was sent, and has the application answer. */
static void application_responds(unsigned call)
{
    client.sent_count = 0;
    client.octets_used = 0;
    rpcancel_server_respond(&client.server, call, (struct rpcancel_span){NULL, 0});
}

static void connect_to(enum rpcancel_wire_profile profile)
{
    wire_connect(&client, profile, 0, FRAGMENT);
}

/* The association still serves. */
static void serves(uint32_t call_id)
{
    wire_request(&client, call_id, WIRE_ECHO, FIRST | LAST, 8);
    assert_true(client.open);
    responds(call_id, FIRST | LAST, 0);
}

#define EACH_PROFILE(profile) \
    for (enum rpcancel_wire_profile profile = RPCANCEL_WIRE_CORE; profile < RPCANCEL_WIRE_PROFILES; profile++)

/* ---- cancels of calls that do not exist ---- */

static void cancels_for_nobody_are_dropped(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        connect_to(profile);
        wire_co_cancel(&client, 7); /* S2 */
        sends_nothing();
        wire_orphaned(&client, 7); /* S13 */
        sends_nothing();
        serves(7);
        wire_co_cancel(&client, 7); /* S7 */
        sends_nothing();
        wire_orphaned(&client, 7);
        sends_nothing();
        serves(7); /* W133 */
        assert_int_equal(client.told_count, 1);
    }
}

static void before_a_bind_they_are_dropped_too(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        connect_to(profile);
        rpcancel_server_init(&client.server, &client.host, rpcancel_wire_choices_of(profile), "135");
        wire_co_cancel(&client, 1);
        sends_nothing();
        wire_orphaned(&client, 1);
        sends_nothing();
        wire_request(&client, 1, WIRE_ECHO, FIRST | LAST, 0);
        assert_false(client.open);
        assert_int_equal(client.sent_count + client.told_count, 0);
    }
}

/* ---- co_cancel ---- */

static void a_cancel_between_fragments_waits(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        const struct rpcancel_wire_choices *choices = rpcancel_wire_choices_of(profile);
        connect_to(profile);
        wire_request(&client, 2, WIRE_PARK, FIRST, 16);
        wire_co_cancel(&client, 2); /* S3 */
        sends_nothing();
        assert_int_equal(client.told_count, 0);
        wire_request(&client, 2, WIRE_PARK, LAST, 16);
        sends_nothing();
        assert_int_equal(client.told_count, 2);
        assert_int_equal(client.told[0].what, WIRE_TOLD_REQUEST);
        assert_int_equal(client.told[0].stub_size, 32);
        assert_int_equal(client.told[1].what, WIRE_TOLD_CANCEL);
        application_responds(client.told[0].call);
        responds(2, FIRST | LAST | (choices->says_cancel_pending ? PENDING : 0), choices->counts_cancels);
        serves(3); /* W65 */
    }
}

static void a_cancel_while_executing_is_told(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        const struct rpcancel_wire_choices *choices = rpcancel_wire_choices_of(profile);
        connect_to(profile);
        wire_request(&client, 2, WIRE_PARK, FIRST | LAST, 16);
        tells(WIRE_TOLD_REQUEST);
        unsigned call = client.told[0].call;
        for (unsigned i = 0; i < 3; i++) { /* S5, S8 */
            wire_co_cancel(&client, 2);
            sends_nothing(); /* W50 */
            tells(WIRE_TOLD_CANCEL);
        }
        assert_true(rpcancel_server_take_cancel(&client.server, call));
        assert_false(rpcancel_server_take_cancel(&client.server, call));
        client.sent_count = 0;
        rpcancel_server_fault(&client.server, call, RPCANCEL_S_FAULT_CANCEL);
        faults(2, FIRST | LAST, RPCANCEL_S_FAULT_CANCEL); /* W68, W76 */
        assert_int_equal(client.sent[0].fault.cancel_count, choices->counts_cancels ? 3 : 0);
        serves(3);
    }
}

static void a_cancel_with_the_first_fragment(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        connect_to(profile);
        wire_request(&client, 2, WIRE_PARK, FIRST | LAST | PENDING, 16); /* S1 */
        if (!rpcancel_wire_choices_of(profile)->takes_pending_cancel) {
            assert_false(client.open); /* W70 */
            faults(2, FIRST | LAST | DID_NOT_EXECUTE, RPCANCEL_S_NO_CALL_ACTIVE);
            assert_int_equal(client.told_count, 0);
            continue;
        }
        assert_int_equal(client.told_count, 2);
        assert_int_equal(client.told[1].what, WIRE_TOLD_CANCEL);
        rpcancel_server_take_cancel(&client.server, client.told[0].call);
        application_responds(client.told[0].call);
        responds(2, FIRST | LAST, 0); /* W59: the bit is not counted */
    }
}

static void the_bit_on_later_fragments_is_nothing(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        connect_to(profile);
        wire_request(&client, 2, WIRE_ECHO, FIRST, 8);
        wire_request(&client, 2, WIRE_ECHO, PENDING, 8); /* S4 */
        sends_nothing();
        wire_request(&client, 2, WIRE_ECHO, LAST | PENDING, 8);
        tells(WIRE_TOLD_REQUEST);
        responds(2, FIRST | LAST, 0);
    }
}

static void the_count_has_eight_bits(void **state)
{
    (void)state;
    connect_to(RPCANCEL_WIRE_C706);
    wire_request(&client, 2, WIRE_PARK, FIRST | LAST, 0);
    unsigned call = client.told[0].call;
    for (unsigned i = 0; i < 258; i++)
        wire_co_cancel(&client, 2);
    rpcancel_server_take_cancel(&client.server, call);
    application_responds(call);
    responds(2, FIRST | LAST, 2); /* W62 */
}

/* ---- orphaned ---- */

static void orphaned_between_fragments(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        connect_to(profile);
        wire_request(&client, 2, WIRE_ECHO, FIRST, 8);
        wire_orphaned(&client, 2); /* S10 */
        sends_nothing();
        if (rpcancel_wire_choices_of(profile)->orphaned_ends_assembly) {
            serves(3); /* W101, W106 */
            continue;
        }
        wire_request(&client, 2, WIRE_ECHO, LAST, 8); /* W107 */
        responds(2, FIRST | LAST, 0);
        wire_request(&client, 4, WIRE_ECHO, FIRST, 8);
        wire_orphaned(&client, 4);
        wire_request(&client, 5, WIRE_ECHO, FIRST | LAST, 8); /* W108 */
        assert_false(client.open);
        faults(4, FIRST | LAST, RPCANCEL_NCA_PROTO_ERROR);
    }
}

static void orphaned_while_executing_ends_in_silence(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        connect_to(profile);
        wire_request(&client, 2, WIRE_PARK, FIRST | LAST, 8);
        unsigned call = client.told[0].call;
        wire_orphaned(&client, 2); /* S11 */
        sends_nothing();           /* W100 */
        tells(WIRE_TOLD_ORPHANED);
        wire_orphaned(&client, 2); /* W104 */
        sends_nothing();
        assert_int_equal(client.told_count, 0);
        wire_co_cancel(&client, 2); /* W105 */
        sends_nothing();
        assert_int_equal(client.told_count, 0);
        serves(3); /* W106: the manager of call 2 still runs */
        application_responds(call);
        sends_nothing(); /* W102 */
        serves(2);
    }
}

/* ---- several calls ---- */

static void without_multiplexing_one_at_a_time(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        connect_to(profile);
        wire_request(&client, 2, WIRE_PARK, FIRST | LAST, 8);
        wire_request(&client, 3, WIRE_ECHO, FIRST | LAST, 8);
        assert_false(client.open);
        faults(2, FIRST | LAST, RPCANCEL_NCA_PROTO_ERROR); /* W32 */
        connect_to(profile);
        wire_request(&client, 2, WIRE_ECHO, LAST, 8);
        assert_false(client.open);
        faults(2, FIRST | LAST, RPCANCEL_NCA_PROTO_ERROR); /* W33 */
        assert_int_equal(client.sent[0].fault.context_id, 0);
    }
}

static void with_multiplexing_each_cancel_finds_its_call(void **state)
{
    (void)state;
    unsigned calls[3];
    wire_connect(&client, RPCANCEL_WIRE_C706, MPX, FRAGMENT);
    assert_true(client.sent[0].flags & MPX); /* W31 */
    for (uint32_t i = 0; i < 3; i++) {
        wire_request(&client, 10 + i, WIRE_PARK, FIRST | LAST, 8);
        calls[i] = client.told[0].call;
    }
    wire_co_cancel(&client, 11);
    tells(WIRE_TOLD_CANCEL);
    assert_int_equal(client.told[0].call, calls[1]);
    wire_orphaned(&client, 12);
    tells(WIRE_TOLD_ORPHANED);
    assert_int_equal(client.told[0].call, calls[2]);
    application_responds(calls[2]);
    sends_nothing();
    application_responds(calls[1]);
    responds(11, FIRST | LAST | PENDING, 1);
    application_responds(calls[0]);
    responds(10, FIRST | LAST, 0);
    wire_request(&client, 20, WIRE_ECHO, FIRST, 8);
    wire_request(&client, 21, WIRE_ECHO, FIRST, 8);
    assert_false(client.open);
    faults(21, FIRST | LAST, RPCANCEL_NCA_PROTO_ERROR); /* W32: the new call's */
}

static void too_many_calls_are_refused_not_dropped(void **state)
{
    (void)state;
    wire_connect(&client, RPCANCEL_WIRE_CORE, MPX, FRAGMENT);
    for (uint32_t i = 0; i < RPCANCEL_SERVER_CALLS_MAX; i++) {
        wire_request(&client, i, WIRE_PARK, FIRST | LAST, 0);
        sends_nothing();
    }
    wire_request(&client, 1000, WIRE_PARK, FIRST | LAST, 0);
    assert_true(client.open);
    faults(1000, FIRST | LAST | DID_NOT_EXECUTE, RPCANCEL_NCA_SERVER_TOO_BUSY);
    application_responds(5);
    wire_request(&client, 1001, WIRE_ECHO, FIRST | LAST, 0);
    responds(1001, FIRST | LAST, 0);
}

/* ---- other answers ---- */

static void a_large_answer_comes_in_fragments(void **state)
{
    (void)state;
    enum { SMALL = 2048, SIZE = 10000 };
    static const uint8_t stub_data[SIZE];
    wire_connect(&client, RPCANCEL_WIRE_C706, 0, SMALL);
    wire_request(&client, 2, WIRE_PARK, FIRST | LAST, 0);
    unsigned call = client.told[0].call;
    wire_co_cancel(&client, 2);
    rpcancel_server_respond(&client.server, call, (struct rpcancel_span){stub_data, SIZE});
    size_t size = 0;
    assert_int_equal(client.sent_count, 5);
    for (unsigned i = 0; i < 5; i++) {
        const struct rpcancel_pdu *pdu = &client.sent[i];
        assert_true(rpcancel_pdu_size(pdu) <= SMALL); /* W5 */
        assert_int_equal(pdu->call_id, 2);            /* W23 */
        assert_int_equal(pdu->response.alloc_hint, SIZE - size);
        assert_int_equal(pdu->flags, (i == 0 ? FIRST : 0) | (i == 4 ? LAST | PENDING : 0)); /* W22, W63 */
        assert_int_equal(pdu->response.cancel_count, 1);
        size += pdu->data.size;
    }
    assert_int_equal(size, SIZE);
}

static void a_maybe_call(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        connect_to(profile);
        wire_request(&client, 2, WIRE_ECHO, FIRST | LAST | RPCANCEL_PFC_MAYBE, 8);
        tells(WIRE_TOLD_REQUEST);
        if (rpcancel_wire_choices_of(profile)->knows_maybe)
            sends_nothing(); /* W37 */
        else
            responds(2, FIRST | LAST, 0);
        serves(3);
    }
}

static void what_servers_send_ends_the_connection(void **state)
{
    (void)state;
    struct rpcancel_random random = {5};
    for (unsigned type = 0; type < RPCANCEL_PDU_TYPE_COUNT; type++) {
        struct random_pdu made;
        if (rpcancel_pdu_type_describe(type)->sender != RPCANCEL_SENDER_SERVER)
            continue;
        connect_to(RPCANCEL_WIRE_CORE);
        random_pdu_make(&made, (enum rpcancel_pdu_type)type, &random);
        wire_send(&client, &made.pdu);
        assert_false(client.open);
        faults(made.pdu.call_id, FIRST | LAST | DID_NOT_EXECUTE, RPCANCEL_NCA_PROTO_ERROR);
    }
}

/* ---- whatever comes ---- */

/* A fragment with small numbers in it, so that it meets others. */
static void random_fragment(struct rpcancel_random *random, struct random_pdu *made)
{
    static const uint8_t often[] = {RPCANCEL_PDU_REQUEST, RPCANCEL_PDU_REQUEST, RPCANCEL_PDU_REQUEST,
                                    RPCANCEL_PDU_CO_CANCEL, RPCANCEL_PDU_ORPHANED};
    enum rpcancel_pdu_type type = (enum rpcancel_pdu_type)often[rpcancel_random_below(random, sizeof often)];
    if (rpcancel_random_below(random, 50) == 0)
        type = RPCANCEL_PDU_ALTER_CONTEXT;
    random_pdu_make(made, type, random);
    made->pdu.call_id = rpcancel_random_below(random, 4);
    if (type != RPCANCEL_PDU_REQUEST)
        return;
    made->pdu.auth.value.size = 0;
    made->pdu.request.context_id = 1;
    made->pdu.request.opnum = (uint16_t)rpcancel_random_below(random, WIRE_OPERATIONS);
    made->pdu.request.alloc_hint = 0;
    made->pdu.flags = rpcancel_random_below(random, 4) ? FIRST | LAST : (uint8_t)rpcancel_random_below(random, 8);
}

static void nothing_is_answered_twice_or_unasked(void **state)
{
    (void)state;
    enum { CONNECTIONS = 3000, FRAGMENTS = 40 };
    struct rpcancel_random random = {6};
    unsigned answers = 0;
    for (unsigned connection = 0; connection < CONNECTIONS; connection++) {
        unsigned begun[4] = {0}, ended[4] = {0};
        wire_connect(&client, (enum rpcancel_wire_profile)(connection % RPCANCEL_WIRE_PROFILES),
                     connection % 2 ? MPX : 0, FRAGMENT);
        for (unsigned i = 0; i < FRAGMENTS && client.open; i++) {
            struct random_pdu made;
            random_fragment(&random, &made);
            begun[made.pdu.call_id] += made.pdu.type == RPCANCEL_PDU_REQUEST && made.pdu.flags & FIRST;
            wire_send(&client, &made.pdu);
            for (unsigned call = 0; rpcancel_random_below(&random, 3) == 0 && call < RPCANCEL_SERVER_CALLS_MAX;
                 call++) {
                if (client.server.calls[call].state >= RPCANCEL_CALL_EXECUTING)
                    rpcancel_server_respond(&client.server, call, (struct rpcancel_span){NULL, 0});
            }
            for (unsigned sent = 0; sent < client.sent_count; sent++) {
                const struct rpcancel_pdu *pdu = &client.sent[sent];
                if (pdu->type != RPCANCEL_PDU_RESPONSE)
                    continue;
                answers++;
                ended[pdu->call_id]++;
                assert_true(ended[pdu->call_id] <= begun[pdu->call_id]);
            }
        }
    }
    assert_true(answers > CONNECTIONS);
}

static void begin_a_request_that_finds_no_place(uint32_t call_id)
{
    wire_connect(&client, RPCANCEL_WIRE_CORE, MPX, FRAGMENT);
    for (uint32_t parked = 1; parked <= RPCANCEL_SERVER_CALLS_MAX; parked++)
        wire_request(&client, parked, WIRE_PARK, FIRST | LAST, 8);
    wire_request(&client, call_id, WIRE_ECHO, FIRST, 8);
    faults(call_id, FIRST | LAST | DID_NOT_EXECUTE, RPCANCEL_NCA_SERVER_TOO_BUSY);
}

static void a_request_that_finds_no_place_is_refused_to_its_end(void **state)
{
    (void)state;
    begin_a_request_that_finds_no_place(100);
    wire_request(&client, 100, WIRE_ECHO, 0, 8); /* were on their way */
    sends_nothing();
    wire_request(&client, 100, WIRE_ECHO, LAST, 8);
    sends_nothing();
    application_responds(0);
    serves(101);
    wire_request(&client, 100, WIRE_ECHO, LAST, 8); /* W33 */
    assert_false(client.open);
}

/* Found by fuzz_association_server: whatever became of the other request, nothing more comes of the one before. */
static void a_refused_request_ends_where_another_begins(void **state)
{
    (void)state;
    begin_a_request_that_finds_no_place(100);
    wire_request(&client, 101, WIRE_OPERATIONS, FIRST | LAST, 8);
    faults(101, FIRST | LAST | DID_NOT_EXECUTE, RPCANCEL_NCA_OP_RNG_ERROR);
    wire_request(&client, 100, WIRE_ECHO, LAST, 8); /* W33 */
    assert_false(client.open);
}

int main(void)
{
    const struct CMUnitTest wire_server[] = {
        cmocka_unit_test(a_request_that_finds_no_place_is_refused_to_its_end),
        cmocka_unit_test(a_refused_request_ends_where_another_begins),
        cmocka_unit_test(cancels_for_nobody_are_dropped),
        cmocka_unit_test(before_a_bind_they_are_dropped_too),
        cmocka_unit_test(a_cancel_between_fragments_waits),
        cmocka_unit_test(a_cancel_while_executing_is_told),
        cmocka_unit_test(a_cancel_with_the_first_fragment),
        cmocka_unit_test(the_bit_on_later_fragments_is_nothing),
        cmocka_unit_test(the_count_has_eight_bits),
        cmocka_unit_test(orphaned_between_fragments),
        cmocka_unit_test(orphaned_while_executing_ends_in_silence),
        cmocka_unit_test(without_multiplexing_one_at_a_time),
        cmocka_unit_test(with_multiplexing_each_cancel_finds_its_call),
        cmocka_unit_test(too_many_calls_are_refused_not_dropped),
        cmocka_unit_test(a_large_answer_comes_in_fragments),
        cmocka_unit_test(a_maybe_call),
        cmocka_unit_test(what_servers_send_ends_the_connection),
        cmocka_unit_test(nothing_is_answered_twice_or_unasked),
    };
    return cmocka_run_group_tests(wire_server, NULL, NULL);
}
