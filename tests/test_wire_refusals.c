// SPDX-License-Identifier: Apache-2.0
/* What the server's association refuses: requests that it cannot take, and octets that are none. */
#include "wire/server.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "wire_client.h"

enum {
    FIRST = RPCANCEL_PFC_FIRST_FRAG,
    LAST = RPCANCEL_PFC_LAST_FRAG,
    DID_NOT_EXECUTE = RPCANCEL_PFC_DID_NOT_EXECUTE,
    FRAGMENT = 4280
};

static struct wire_client client;

#define EACH_PROFILE(profile) \
    for (enum rpcancel_wire_profile profile = RPCANCEL_WIRE_CORE; profile < RPCANCEL_WIRE_PROFILES; profile++)

static void operations_that_do_not_exist(void **state)
{
    (void)state;
    EACH_PROFILE(profile)
    {
        wire_connect(&client, profile, 0, FRAGMENT);
        wire_request(&client, 2, WIRE_OPERATIONS, FIRST | LAST, 8);
        wire_faults(&client, 2, FIRST | LAST | DID_NOT_EXECUTE, RPCANCEL_NCA_OP_RNG_ERROR);
        wire_request(&client, 3, WIRE_OPERATIONS, FIRST, 8);
        assert_true(client.open && client.sent_count == 0);
        wire_request(&client, 3, WIRE_OPERATIONS, 0, 8);
        assert_true(client.open && client.sent_count == 0);
        wire_request(&client, 3, WIRE_OPERATIONS, LAST, 8);
        wire_faults(&client, 3, FIRST | LAST | DID_NOT_EXECUTE, RPCANCEL_NCA_OP_RNG_ERROR);
        wire_request(&client, 3, WIRE_ECHO, FIRST | LAST, 8);
        assert_int_equal(client.sent[0].type, RPCANCEL_PDU_RESPONSE);
        assert_int_equal(client.told_count, 1);
    }
}

static void requests_that_are_too_large(void **state)
{
    (void)state;
    static const uint32_t hints[] = {RPCANCEL_SERVER_REQUEST_MAX, RPCANCEL_SERVER_REQUEST_MAX + 1, UINT32_MAX};
    EACH_PROFILE(profile)
    {
        for (unsigned i = 0; i < sizeof hints / sizeof hints[0]; i++) {
            struct rpcancel_pdu request;
            wire_connect(&client, profile, 0, FRAGMENT);
            rpcancel_pdu_init(&request, RPCANCEL_PDU_REQUEST, 2);
            request.flags = FIRST;
            request.request.context_id = 1;
            request.request.alloc_hint = hints[i];
            wire_send(&client, &request);
            assert_int_equal(client.open, i == 0);
            if (i > 0)
                wire_faults(&client, 2, FIRST | LAST, RPCANCEL_S_ACCESS_DENIED); /* W20 */
        }
    }
    wire_connect(&client, RPCANCEL_WIRE_CORE, 0, FRAGMENT); /* and one for which the host has no room */
    wire_request(&client, 2, WIRE_ECHO, FIRST, FRAGMENT - 24);
    size_t size = FRAGMENT - 24;
    for (; size + FRAGMENT - 24 <= sizeof client.assembly; size += FRAGMENT - 24) {
        wire_request(&client, 2, WIRE_ECHO, 0, FRAGMENT - 24);
        assert_true(client.open && client.sent_count == 0);
    }
    wire_request(&client, 2, WIRE_ECHO, 0, FRAGMENT - 24);
    assert_false(client.open);
    wire_faults(&client, 2, FIRST | LAST, RPCANCEL_S_ACCESS_DENIED);
}

static void requests_with_a_verifier(void **state)
{
    (void)state;
    static const uint8_t token[16] = {0};
    struct rpcancel_pdu request;
    wire_connect(&client, RPCANCEL_WIRE_CORE, 0, FRAGMENT);
    rpcancel_pdu_init(&request, RPCANCEL_PDU_REQUEST, 2);
    request.request.context_id = 1;
    request.auth.value = (struct rpcancel_span){token, sizeof token};
    wire_send(&client, &request);
    assert_false(client.open);
    wire_faults(&client, 2, FIRST | LAST, RPCANCEL_S_ACCESS_DENIED);
}

static void octets_that_are_no_fragment(void **state)
{
    (void)state;
    static const struct {
        uint8_t at, value;
        bool answered;
    } cases[] = {{0, 4, false}, {2, 1, true}, {2, 200, true}, {8, 23, true}, {10, 1, true}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t octets[24] = {5, 0, RPCANCEL_PDU_REQUEST, FIRST | LAST, 0x10, 0, 0, 0, 24, 0, 0, 0, 7};
        wire_connect(&client, RPCANCEL_WIRE_CORE, 0, FRAGMENT);
        client.sent_count = 0;
        octets[cases[i].at] = cases[i].value;
        assert_false(rpcancel_server_receive(&client.server, octets, octets[8]));
        if (cases[i].answered)
            wire_faults(&client, 7, FIRST | LAST | DID_NOT_EXECUTE, RPCANCEL_NCA_PROTO_ERROR);
        else
            assert_int_equal(client.sent_count, 0);
    }
}

static void fragments_longer_than_any(void **state)
{
    (void)state;
    static const uint8_t head[16] = {5, 0, RPCANCEL_PDU_REQUEST, FIRST | LAST, 0x10, 0, 0, 0, 0xFF, 0xFF, 0, 0, 9};
    wire_connect(&client, RPCANCEL_WIRE_CORE, 0, FRAGMENT);
    client.sent_count = 0;
    rpcancel_server_refuse(&client.server, head, sizeof head);
    wire_faults(&client, 9, FIRST | LAST, RPCANCEL_NCA_PROTO_ERROR);
    wire_connect(&client, RPCANCEL_WIRE_CORE, 0, FRAGMENT);
    rpcancel_server_init(&client.server, &client.host, rpcancel_wire_choices_of(RPCANCEL_WIRE_CORE), "135");
    client.sent_count = 0;
    rpcancel_server_refuse(&client.server, head, sizeof head);
    assert_int_equal(client.sent_count, 0);
}

static void profiles_have_names(void **state)
{
    (void)state;
    static const char *const names[] = {"core", "c706", "ms-rpce", "windows", "freedce"};
    enum rpcancel_wire_profile profile = RPCANCEL_WIRE_CORE;
    EACH_PROFILE(wanted)
    {
        assert_true(rpcancel_wire_profile_from_name(names[wanted], &profile));
        assert_int_equal(profile, wanted);
    }
    assert_false(rpcancel_wire_profile_from_name("documented", &profile));
    assert_int_equal(profile, RPCANCEL_WIRE_FREEDCE);
}

int main(void)
{
    const struct CMUnitTest wire_refusals[] = {
        cmocka_unit_test(operations_that_do_not_exist), cmocka_unit_test(requests_that_are_too_large),
        cmocka_unit_test(requests_with_a_verifier),     cmocka_unit_test(octets_that_are_no_fragment),
        cmocka_unit_test(fragments_longer_than_any),    cmocka_unit_test(profiles_have_names),
    };
    return cmocka_run_group_tests(wire_refusals, NULL, NULL);
}
