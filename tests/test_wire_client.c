// SPDX-License-Identifier: Apache-2.0
/* The client's end of an association, alone: what servers send that is no answer to anything. */
#include "wire/client.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct rpcancel_client client;
static unsigned told;
static bool last_told;

static void sent(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    (void)bytes;
    (void)size;
}

static void bound(void *context, bool accepted)
{
    (void)context;
    told++;
    last_told = accepted;
}

static void connect_and_bind(void)
{
    static const struct rpcancel_client_host host = {NULL, sent, bound, NULL, NULL};
    static const struct rpcancel_syntax interface = {{1, 2, 3, {4}}, 1};
    rpcancel_client_init(&client, &host, rpcancel_wire_choices_of(RPCANCEL_WIRE_CORE));
    rpcancel_client_bind(&client, &interface, 0, false);
    told = 0;
}

static bool receive(enum rpcancel_pdu_type type, uint16_t result)
{
    uint8_t bytes[128], list[RPCANCEL_RESULT_SIZE];
    struct rpcancel_result entry = {result, 0, rpcancel_syntax_ndr};
    struct rpcancel_pdu pdu;
    rpcancel_pdu_init(&pdu, type, 1);
    if (type == RPCANCEL_PDU_BIND_ACK) {
        pdu.bind_ack.result_count = 1;
        pdu.bind_ack.results = (struct rpcancel_span){list, rpcancel_result_write(list, sizeof list, false, &entry)};
    }
    return rpcancel_client_receive(&client, bytes, rpcancel_pdu_encode(&pdu, bytes, sizeof bytes));
}

/* Whatever the server says afterwards. */
static void a_bind_is_answered_once(void **state)
{
    (void)state;
    connect_and_bind();
    assert_true(receive(RPCANCEL_PDU_BIND_ACK, RPCANCEL_ACCEPTANCE));
    assert_true(told == 1 && last_told);
    assert_false(receive(RPCANCEL_PDU_BIND_NAK, 0));
    assert_false(receive(RPCANCEL_PDU_BIND_ACK, RPCANCEL_ACCEPTANCE));
    assert_int_equal(told, 1);
    connect_and_bind();
    assert_true(receive(RPCANCEL_PDU_BIND_ACK, RPCANCEL_PROVIDER_REJECTION));
    assert_true(told == 1 && !last_told);
    assert_false(receive(RPCANCEL_PDU_BIND_ACK, RPCANCEL_ACCEPTANCE));
    assert_false(receive(RPCANCEL_PDU_BIND_NAK, 0));
    assert_int_equal(told, 1);
    connect_and_bind();
    assert_false(receive(RPCANCEL_PDU_BIND_NAK, 0));
    assert_true(told == 1 && !last_told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_bind_is_answered_once)};
    return cmocka_run_group_tests_name("wire_client", tests, NULL, NULL);
}
