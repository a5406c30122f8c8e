// SPDX-License-Identifier: Apache-2.0
/* How the server's association is bound: contexts and their results, bind-time features, sizes, groups, and what is
 * turned away. */
#include "wire/presentation.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "wire_client.h"

enum {
    FIRST = RPCANCEL_PFC_FIRST_FRAG,
    LAST = RPCANCEL_PFC_LAST_FRAG,
    MPX = RPCANCEL_PFC_CONC_MPX,
    SIGN = RPCANCEL_PFC_SUPPORT_HEADER_SIGN,
    DID_NOT_EXECUTE = RPCANCEL_PFC_DID_NOT_EXECUTE,
    KEEP = RPCANCEL_FEATURE_KEEP_CONNECTION_ON_ORPHAN,
    MULTIPLEXING = RPCANCEL_FEATURE_SECURITY_CONTEXT_MULTIPLEXING,
    FRAGMENT = 4280,
    CONTEXTS = RPCANCEL_SERVER_CONTEXTS_MAX + 2
};

static const struct rpcancel_syntax ndr64 = {
    {0x71710533, 0xBEBA, 0x4937, {0x83, 0x19, 0xB5, 0xDB, 0xEF, 0x9C, 0xCC, 0x36}}, 1};
static const struct rpcancel_syntax unknown = {{0x99999999, 9, 9, {9}}, 9};

static struct wire_client client;
static struct rpcancel_pdu bind;
static uint8_t list[8192];
static size_t list_size;

/* A bind or alter_context to add contexts to. */
static void begin(enum rpcancel_pdu_type type)
{
    rpcancel_pdu_init(&bind, type, 5);
    bind.bind.max_transmit = bind.bind.max_receive = FRAGMENT;
    list_size = 0;
}

static void add(uint16_t id, const struct rpcancel_syntax *abstract, const struct rpcancel_syntax *transfers,
                uint8_t count)
{
    struct rpcancel_context context = {.id = id, .abstract = *abstract};
    list_size += rpcancel_context_write(list + list_size, sizeof list - list_size, bind.drep[0] == 0, &context,
                                        transfers, count);
    bind.bind.context_count++;
    bind.bind.contexts = (struct rpcancel_span){list, list_size};
}

/* A server that nobody has bound. */
static void connect_to(enum rpcancel_wire_profile profile)
{
    wire_connect(&client, profile, 0, FRAGMENT);
    rpcancel_server_init(&client.server, &client.host, rpcancel_wire_choices_of(profile), "135");
}

/* Sends it; the results, of which there must be |count|, go to |results|. */
static void acknowledges(unsigned count, struct rpcancel_result *results)
{
    wire_send(&client, &bind);
    assert_true(client.open);
    assert_int_equal(client.sent_count, 1);
    struct rpcancel_pdu *ack = &client.sent[0];
    assert_int_equal(ack->type,
                     bind.type == RPCANCEL_PDU_BIND ? RPCANCEL_PDU_BIND_ACK : RPCANCEL_PDU_ALTER_CONTEXT_RESP);
    assert_int_equal(ack->call_id, 5);
    assert_int_equal(ack->bind_ack.result_count, count);
    for (unsigned i = 0; i < count; i++)
        assert_true(rpcancel_result_next(&ack->bind_ack.results, false, &results[i]));
}

static void rejects(uint16_t reason)
{
    wire_send(&client, &bind);
    assert_false(client.open);
    assert_int_equal(client.sent_count, 1);
    assert_int_equal(client.sent[0].type, RPCANCEL_PDU_BIND_NAK);
    assert_int_equal(client.sent[0].call_id, 5);
    assert_int_equal(client.sent[0].bind_nak.reason, reason);
    assert_int_equal(client.sent[0].bind_nak.version_count, 1);
}

static void faults(void)
{
    wire_send(&client, &bind);
    assert_false(client.open);
    wire_faults(&client, 5, FIRST | LAST | DID_NOT_EXECUTE, RPCANCEL_NCA_PROTO_ERROR);
}

#define EACH_PROFILE(profile) \
    for (enum rpcancel_wire_profile profile = RPCANCEL_WIRE_CORE; profile < RPCANCEL_WIRE_PROFILES; profile++)

/* ---- results ---- */

static void each_context_has_its_result(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        struct rpcancel_syntax both[2] = {ndr64, rpcancel_syntax_ndr};
        struct rpcancel_result results[4];
        connect_to(profile);
        begin(RPCANCEL_PDU_BIND);
        add(7, &unknown, &rpcancel_syntax_ndr, 1);
        add(8, &wire_interface.syntax, &ndr64, 1);
        add(9, &wire_interface.syntax, both, 2);
        add(10, &wire_interface.syntax, &rpcancel_syntax_ndr, 1);
        acknowledges(4, results);
        assert_int_equal(results[0].result, RPCANCEL_PROVIDER_REJECTION);
        assert_int_equal(results[0].reason, RPCANCEL_ABSTRACT_SYNTAX_NOT_SUPPORTED);
        assert_int_equal(results[1].result, RPCANCEL_PROVIDER_REJECTION);
        assert_int_equal(results[1].reason, RPCANCEL_TRANSFER_SYNTAXES_NOT_SUPPORTED);
        assert_int_equal(results[2].result, RPCANCEL_ACCEPTANCE);
        assert_true(rpcancel_syntax_is(&results[2].transfer, &rpcancel_syntax_ndr));
        bool again = !rpcancel_wire_choices_of(profile)->one_of_each_syntax;
        assert_int_equal(results[3].result, again ? RPCANCEL_ACCEPTANCE : RPCANCEL_PROVIDER_REJECTION);
        assert_int_equal(client.server.context_count, again ? 2 : 1);
    }
}

static void in_either_byte_order(void **state)
{
    (void)state;
    struct rpcancel_result result;
    connect_to(RPCANCEL_WIRE_CORE);
    begin(RPCANCEL_PDU_BIND);
    bind.drep[0] = 0;
    add(0x1234, &wire_interface.syntax, &rpcancel_syntax_ndr, 1);
    acknowledges(1, &result);
    assert_int_equal(result.result, RPCANCEL_ACCEPTANCE);
    assert_int_equal(client.server.contexts[0].id, 0x1234);
}

static void no_more_contexts_than_there_is_room_for(void **state)
{
    (void)state;
    static struct rpcancel_result results[CONTEXTS];
    connect_to(RPCANCEL_WIRE_CORE);
    begin(RPCANCEL_PDU_BIND);
    for (unsigned id = 0; id < CONTEXTS; id++)
        add((uint16_t)id, &wire_interface.syntax, &rpcancel_syntax_ndr, 1);
    acknowledges(CONTEXTS, results);
    for (unsigned id = 0; id < CONTEXTS; id++) {
        bool fits = id < RPCANCEL_SERVER_CONTEXTS_MAX;
        assert_int_equal(results[id].result, fits ? RPCANCEL_ACCEPTANCE : RPCANCEL_PROVIDER_REJECTION);
        assert_int_equal(results[id].reason, fits ? 0 : RPCANCEL_LOCAL_LIMIT_EXCEEDED);
    }
    begin(RPCANCEL_PDU_ALTER_CONTEXT); /* one that is there already can be had again */
    add(3, &wire_interface.syntax, &rpcancel_syntax_ndr, 1);
    acknowledges(1, results);
    assert_int_equal(results[0].result, RPCANCEL_ACCEPTANCE);
}

/* ---- features ---- */

static void features_are_granted_as_far_as_they_are_known(void **state)
{
    (void)state;
    for (unsigned asked = 0; asked < 16; asked++) {
        struct rpcancel_syntax features = rpcancel_syntax_of_features(asked);
        struct rpcancel_result results[2];
        connect_to(RPCANCEL_WIRE_CORE);
        begin(RPCANCEL_PDU_BIND);
        add(1, &wire_interface.syntax, &rpcancel_syntax_ndr, 1);
        add(2, &wire_interface.syntax, &features, 1);
        acknowledges(2, results);
        assert_int_equal(results[0].result, RPCANCEL_ACCEPTANCE);
        assert_int_equal(results[1].result, RPCANCEL_NEGOTIATE_ACK);
        assert_int_equal(results[1].reason, asked & (KEEP | MULTIPLEXING));
        assert_int_equal(client.server.context_count, 1);
    }
}

static void features_asked_for_twice(void **state)
{
    (void)state;
    struct rpcancel_syntax features = rpcancel_syntax_of_features(KEEP);
    connect_to(RPCANCEL_WIRE_CORE);
    begin(RPCANCEL_PDU_BIND);
    add(1, &wire_interface.syntax, &rpcancel_syntax_ndr, 1);
    add(2, &wire_interface.syntax, &features, 1);
    add(3, &wire_interface.syntax, &features, 1);
    rejects(0); /* W98 */
}

/* ---- what a bind settles beside ---- */

static void sizes_of_fragments(void **state)
{
    (void)state;
    static const uint16_t sizes[][3] = {{4280, 4280, 4280},   {5840, 4280, 4280}, {4280, 5840, 4280},
                                        {65535, 65535, 5840}, {4287, 4287, 4280}, {0, 4280, 2048},
                                        {2047, 2047, 2048}};
    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct rpcancel_result result;
        connect_to(RPCANCEL_WIRE_CORE);
        begin(RPCANCEL_PDU_BIND);
        bind.bind.max_transmit = sizes[i][0];
        bind.bind.max_receive = sizes[i][1];
        add(1, &wire_interface.syntax, &rpcancel_syntax_ndr, 1);
        acknowledges(1, &result);
        assert_int_equal(client.sent[0].bind_ack.max_transmit, sizes[i][2]);
        assert_int_equal(client.sent[0].bind_ack.max_receive, sizes[i][2]);
    }
}

static void flags_the_address_and_the_group(void **state)
{
    (void)state;
    static const uint8_t flags[] = {0, FIRST | LAST, FIRST | LAST | MPX, FIRST | LAST | MPX | SIGN};
    for (unsigned i = 0; i < sizeof flags; i++) {
        struct rpcancel_result result;
        connect_to(RPCANCEL_WIRE_CORE);
        begin(RPCANCEL_PDU_BIND);
        bind.flags = flags[i];
        add(1, &wire_interface.syntax, &rpcancel_syntax_ndr, 1);
        acknowledges(1, &result);
        const struct rpcancel_pdu *ack = &client.sent[0];
        assert_int_equal(ack->flags, FIRST | LAST | flags[i]); /* W31 */
        assert_int_equal(ack->bind_ack.address.size, 4);
        assert_string_equal((const char *)ack->bind_ack.address.bytes, "135");
        assert_int_equal(ack->bind_ack.group_id, 1);
        begin(RPCANCEL_PDU_ALTER_CONTEXT);
        bind.flags |= MPX;
        bind.bind.group_id = 77; /* nobody looks at it */
        add(2, &wire_interface.syntax, &rpcancel_syntax_ndr, 1);
        acknowledges(1, &result);
        assert_int_equal(client.sent[0].flags, FIRST | LAST);
        assert_int_equal(client.sent[0].bind_ack.address.size, 0);
        assert_int_equal(client.sent[0].bind_ack.group_id, 1);
        assert_int_equal(client.server.multiplexed, (flags[i] & MPX) != 0);
    }
}

/* ---- what is turned away ---- */

static void binds_that_are_rejected(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        connect_to(profile);
        begin(RPCANCEL_PDU_BIND);
        rejects(0); /* no context */
        connect_to(profile);
        begin(RPCANCEL_PDU_BIND);
        add(1, &wire_interface.syntax, NULL, 0);
        rejects(0); /* no transfer syntax */
        connect_to(profile);
        begin(RPCANCEL_PDU_BIND);
        bind.bind.group_id = 2;
        add(1, &wire_interface.syntax, &rpcancel_syntax_ndr, 1);
        rejects(0); /* no such group */
        wire_connect(&client, profile, 0, FRAGMENT);
        begin(RPCANCEL_PDU_BIND);
        add(1, &wire_interface.syntax, &rpcancel_syntax_ndr, 1);
        rejects(0); /* bound already */
    }
}

static void verifiers_are_rejected(void **state)
{
    (void)state;
    static const uint8_t token[16] = {0};
    for (uint8_t level = 0; level < 9; level++) {
        connect_to(RPCANCEL_WIRE_CORE);
        begin(RPCANCEL_PDU_BIND);
        add(1, &wire_interface.syntax, &rpcancel_syntax_ndr, 1);
        bind.auth.type = 10;
        bind.auth.level = level;
        bind.auth.value = (struct rpcancel_span){token, sizeof token};
        rejects(level >= 2 && level <= 6 ? 8 : 0);
    }
}

static void alter_contexts_that_end_the_association(void **state)
{
    (void)state;
    struct rpcancel_result result;
    struct rpcancel_syntax features = rpcancel_syntax_of_features(KEEP);
    wire_connect(&client, RPCANCEL_WIRE_CORE, 0, FRAGMENT);
    begin(RPCANCEL_PDU_ALTER_CONTEXT);
    add(2, &wire_interface.syntax, &ndr64, 1);
    acknowledges(1, &result); /* a new one is only rejected */
    assert_int_equal(result.reason, RPCANCEL_TRANSFER_SYNTAXES_NOT_SUPPORTED);
    begin(RPCANCEL_PDU_ALTER_CONTEXT);
    add(1, &wire_interface.syntax, &unknown, 1);
    acknowledges(1, &result); /* nor does a syntax that nobody knows matter */
    begin(RPCANCEL_PDU_ALTER_CONTEXT);
    add(1, &wire_interface.syntax, &ndr64, 1);
    faults(); /* context 1 has NDR */
    wire_connect(&client, RPCANCEL_WIRE_CORE, 0, FRAGMENT);
    begin(RPCANCEL_PDU_ALTER_CONTEXT);
    faults(); /* no context */
    wire_connect(&client, RPCANCEL_WIRE_CORE, 0, FRAGMENT);
    begin(RPCANCEL_PDU_ALTER_CONTEXT);
    add(2, &wire_interface.syntax, &features, 1);
    add(3, &wire_interface.syntax, &features, 1);
    faults(); /* W98 */
}

static void the_new_context_can_be_called(void **state)
{
    (void)state;
    struct rpcancel_result result;
    struct rpcancel_pdu request;
    wire_connect(&client, RPCANCEL_WIRE_CORE, 0, FRAGMENT);
    rpcancel_pdu_init(&request, RPCANCEL_PDU_REQUEST, 2);
    request.request.context_id = 0x301;
    wire_send(&client, &request);
    assert_true(client.open);
    assert_int_equal(client.sent[0].type, RPCANCEL_PDU_FAULT);
    assert_int_equal(client.sent[0].fault.status, RPCANCEL_NCA_UNK_IF);
    begin(RPCANCEL_PDU_ALTER_CONTEXT);
    add(0x301, &wire_interface.syntax, &rpcancel_syntax_ndr, 1);
    acknowledges(1, &result);
    wire_send(&client, &request);
    assert_int_equal(client.sent[0].type, RPCANCEL_PDU_RESPONSE);
    assert_int_equal(client.sent[0].response.context_id, 0x301);
}

/* Lists that say more contexts than there are. */
static void broken_lists(void **state)
{
    (void)state;
    uint8_t bytes[256];
    for (unsigned auth_length = 0; auth_length < 2; auth_length++) {
        connect_to(RPCANCEL_WIRE_CORE);
        begin(RPCANCEL_PDU_BIND);
        add(1, &wire_interface.syntax, &rpcancel_syntax_ndr, 1);
        size_t size = rpcancel_pdu_encode(&bind, bytes, sizeof bytes);
        bytes[24] = 2;
        rpcancel_write_16(bytes + 10, (uint16_t)auth_length, false);
        client.sent_count = 0;
        assert_false(rpcancel_server_receive(&client.server, bytes, size));
        assert_int_equal(client.sent_count, 1);
        assert_int_equal(client.sent[0].type, RPCANCEL_PDU_BIND_NAK);
        assert_int_equal(client.sent[0].bind_nak.reason, auth_length ? 4 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest wire_bind[] = {
        cmocka_unit_test(each_context_has_its_result),
        cmocka_unit_test(in_either_byte_order),
        cmocka_unit_test(no_more_contexts_than_there_is_room_for),
        cmocka_unit_test(features_are_granted_as_far_as_they_are_known),
        cmocka_unit_test(features_asked_for_twice),
        cmocka_unit_test(sizes_of_fragments),
        cmocka_unit_test(flags_the_address_and_the_group),
        cmocka_unit_test(binds_that_are_rejected),
        cmocka_unit_test(verifiers_are_rejected),
        cmocka_unit_test(alter_contexts_that_end_the_association),
        cmocka_unit_test(the_new_context_can_be_called),
        cmocka_unit_test(broken_lists),
    };
    return cmocka_run_group_tests(wire_bind, NULL, NULL);
}
