// SPDX-License-Identifier: Apache-2.0
/* Memory that a server is suspected to show: which responses are held against which. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/suspicion.h"

enum { LITTLE = 0x10, BIG = 0x00, FIRST = RPCANCEL_PFC_FIRST_FRAG, WHOLE = RPCANCEL_PFC_SINGLE };

static struct rpcancel_suspicion suspicion;
static struct rpcancel_sequence sequence;

static int begin(void **state)
{
    (void)state;
    memset(&suspicion, 0, sizeof suspicion);
    suspicion.is_wanted = true;
    return 0;
}

static void request(uint32_t call_id, uint8_t class, uint8_t flags, uint8_t drep)
{
    const struct rpcancel_wire_event event = {
        .kind = RPCANCEL_WIRE_PDU,
        .sender = RPCANCEL_SENDER_CLIENT,
        .class = class,
        .pdu = {.type = RPCANCEL_PDU_REQUEST, .flags = flags, .drep = {drep}, .call_id = call_id}};
    rpcancel_suspicion_look(&suspicion, &event, &sequence);
}

static void response(uint32_t call_id, uint8_t flags, uint8_t drep, uint32_t alloc_hint, const void *data, size_t size)
{
    struct rpcancel_wire_event event = {
        .kind = RPCANCEL_WIRE_PDU,
        .sender = RPCANCEL_SENDER_SERVER,
        .pdu = {.type = RPCANCEL_PDU_RESPONSE, .flags = flags, .drep = {drep}, .call_id = call_id}};
    event.pdu.response.alloc_hint = alloc_hint;
    event.pdu.data = (struct rpcancel_span){data, size};
    rpcancel_suspicion_look(&suspicion, &event, &sequence);
}

/* A call of `fast` that is answered with |text|. */
static void call(uint32_t call_id, const char *text)
{
    request(call_id, RPCANCEL_CLASS_FAST, WHOLE, LITTLE);
    response(call_id, WHOLE, LITTLE, 4, text, strlen(text));
}

static bool is_suspected(void)
{
    return suspicion.text[0] != '\0';
}

static void test_the_same_each_time(void **state)
{
    (void)state;
    for (uint32_t call_id = 2; call_id < 40; call_id++)
        call(call_id, "same");
    assert_false(is_suspected());
}

static void test_other_octets(void **state)
{
    (void)state;
    assert_true(rpcancel_sequence_append(&sequence, (struct rpcancel_operation){.kind = RPCANCEL_OP_SETTLE}, 0, 0));
    call(2, "same");
    call(3, "memo");
    rpcancel_sequence_free(&sequence);
    sequence = (struct rpcancel_sequence){0};
    assert_non_null(strstr(suspicion.text, "first: alloc_hint 4, stub data of 4 octets:\n#   73616d65\n"));
    assert_non_null(strstr(suspicion.text, "now: alloc_hint 4, stub data of 4 octets:\n#   6d656d6f\n"));
    assert_non_null(strstr(suspicion.text, "\nsettle\n"));
}

static void test_another_length(void **state)
{
    (void)state;
    call(2, "same");
    call(3, "same and more");
    assert_true(is_suspected());
}

static void test_another_hint(void **state)
{
    (void)state;
    call(2, "same");
    request(3, RPCANCEL_CLASS_FAST, WHOLE, LITTLE);
    response(3, WHOLE, LITTLE, 0xdeadbeef, "same", 4);
    assert_true(is_suspected());
}

/* The first one stays what it was. */
static void test_the_first_suspicion_is_kept(void **state)
{
    char before[RPCANCEL_SUSPICION_TEXT_MAX];
    (void)state;
    call(2, "same");
    call(3, "memo");
    memcpy(before, suspicion.text, sizeof before);
    call(4, "else");
    assert_string_equal(suspicion.text, before);
}

static void test_long_answers_fit(void **state)
{
    static uint8_t octets[60000];
    (void)state;
    request(2, RPCANCEL_CLASS_FAST, WHOLE, LITTLE);
    response(2, WHOLE, LITTLE, 4, octets, sizeof octets);
    octets[RPCANCEL_SUSPICION_OCTETS] = 1; /* behind what is kept */
    request(3, RPCANCEL_CLASS_FAST, WHOLE, LITTLE);
    response(3, WHOLE, LITTLE, 4, octets, sizeof octets);
    assert_false(is_suspected());
    octets[RPCANCEL_SUSPICION_OCTETS - 1] = 1;
    request(4, RPCANCEL_CLASS_FAST, WHOLE, LITTLE);
    response(4, WHOLE, LITTLE, 4, octets, sizeof octets);
    assert_true(is_suspected());
    assert_in_range(strlen(suspicion.text), 2000, sizeof suspicion.text - 1);
}

static void test_long_sequences_are_cut(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 5000; i++)
        assert_true(rpcancel_sequence_append(&sequence, (struct rpcancel_operation){.kind = RPCANCEL_OP_SETTLE}, 0, 0));
    call(2, "same");
    call(3, "memo");
    rpcancel_sequence_free(&sequence);
    sequence = (struct rpcancel_sequence){0};
    assert_in_range(strlen(suspicion.text), sizeof suspicion.text - 64, sizeof suspicion.text - 1);
    assert_string_equal(suspicion.text + strlen(suspicion.text) - strlen("\nsettle\n"), "\nsettle\n");
}

/* Answers of which the target does not say that they are the same. */
static void test_what_is_not_compared(void **state)
{
    (void)state;
    call(2, "same");
    request(3, RPCANCEL_CLASS_STREAM, WHOLE, LITTLE); /* another operation */
    response(3, WHOLE, LITTLE, 4, "else", 4);
    request(4, RPCANCEL_CLASS_FAST, FIRST, LITTLE); /* a request in fragments */
    response(4, WHOLE, LITTLE, 4, "else", 4);
    request(5, RPCANCEL_CLASS_FAST, WHOLE, BIG); /* one that says something else */
    response(5, WHOLE, LITTLE, 4, "else", 4);
    request(6, RPCANCEL_CLASS_FAST, WHOLE, LITTLE); /* an answer in another byte order */
    response(6, WHOLE, BIG, 4, "else", 4);
    request(7, RPCANCEL_CLASS_FAST, WHOLE, LITTLE); /* part of an answer */
    response(7, FIRST, LITTLE, 4, "else", 4);
    response(8, WHOLE, LITTLE, 4, "else", 4); /* an answer to nothing */
    request(9, RPCANCEL_CLASS_FAST, WHOLE, LITTLE);
    request(9, RPCANCEL_CLASS_STREAM, WHOLE, LITTLE); /* its call_id, used again */
    response(9, WHOLE, LITTLE, 4, "else", 4);
    assert_false(is_suspected());
}

static void test_another_connection_has_its_own_call_ids(void **state)
{
    const struct rpcancel_wire_event closed = {.kind = RPCANCEL_WIRE_CLOSED, .sender = RPCANCEL_SENDER_CLIENT};
    (void)state;
    call(2, "same");
    request(3, RPCANCEL_CLASS_FAST, WHOLE, LITTLE);
    rpcancel_suspicion_look(&suspicion, &closed, &sequence);
    response(3, WHOLE, LITTLE, 4, "else", 4);
    assert_false(is_suspected());
}

static void test_nobody_asked(void **state)
{
    (void)state;
    suspicion.is_wanted = false;
    call(2, "same");
    call(3, "memo");
    assert_false(is_suspected());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_the_same_each_time, begin),
        cmocka_unit_test_setup(test_other_octets, begin),
        cmocka_unit_test_setup(test_another_length, begin),
        cmocka_unit_test_setup(test_another_hint, begin),
        cmocka_unit_test_setup(test_the_first_suspicion_is_kept, begin),
        cmocka_unit_test_setup(test_long_answers_fit, begin),
        cmocka_unit_test_setup(test_long_sequences_are_cut, begin),
        cmocka_unit_test_setup(test_what_is_not_compared, begin),
        cmocka_unit_test_setup(test_another_connection_has_its_own_call_ids, begin),
        cmocka_unit_test_setup(test_nobody_asked, begin),
    };
    return cmocka_run_group_tests_name("suspicion", tests, NULL, NULL);
}
