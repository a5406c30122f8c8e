// SPDX-License-Identifier: Apache-2.0
/*
 * pdu-lines: the codec of PDUs as a filter, for tests in other languages.
 *
 *   pdu-lines decode              reads a fragment a line, in hexadecimal digits, from standard input
 *   pdu-lines random SEED COUNT   makes COUNT fragments
 *
 * For each fragment it prints a line `HEX NAME=VALUE …`: numbers in decimal, octets in hexadecimal digits, of lists an
 * entry each, `context=ID,SYNTAX:SYNTAX…`. A fragment that a strict reader refuses is `HEX error=OFFSET expected …`.
 */
#include <stdio.h>
#include <stdlib.h>

#include "random_pdu.h"
#include "wire/presentation.h"

static void print_bytes(const char *label, const uint8_t *bytes, size_t size)
{
    fputs(label, stdout);
    for (size_t i = 0; i < size; i++)
        printf("%02x", bytes[i]);
}

static void print_syntax(const char *before, const struct rpcancel_syntax *syntax)
{
    const struct rpcancel_uuid *uuid = &syntax->uuid;
    printf("%s%08x-%04x-%04x-%02x%02x-", before, uuid->time_low, uuid->time_mid, uuid->time_high, uuid->rest[0],
           uuid->rest[1]);
    print_bytes("", uuid->rest + 2, 6);
    printf("/%u", syntax->version);
}

static void print_contexts(const struct rpcancel_bind_body *bind, bool big_endian)
{
    struct rpcancel_span list = bind->contexts;
    struct rpcancel_context context;
    printf(" max_transmit=%u max_receive=%u group_id=%u", bind->max_transmit, bind->max_receive, bind->group_id);
    while (rpcancel_context_next(&list, big_endian, &context)) {
        struct rpcancel_syntax transfer;
        printf(" context=%u", context.id);
        print_syntax(",", &context.abstract);
        while (rpcancel_syntax_next(&context.transfers, big_endian, &transfer))
            print_syntax(":", &transfer);
    }
}

static void print_results(const struct rpcancel_bind_ack_body *ack, bool big_endian)
{
    struct rpcancel_span list = ack->results;
    struct rpcancel_result result;
    printf(" max_transmit=%u max_receive=%u group_id=%u", ack->max_transmit, ack->max_receive, ack->group_id);
    print_bytes(" address=", ack->address.bytes, ack->address.size);
    while (rpcancel_result_next(&list, big_endian, &result)) {
        printf(" result=%u,%u", result.result, result.reason);
        print_syntax(",", &result.transfer);
    }
}

static void print_body(const struct rpcancel_pdu *pdu)
{
    switch (pdu->type) {
    case RPCANCEL_PDU_REQUEST:
        printf(" alloc_hint=%u context_id=%u opnum=%u", pdu->request.alloc_hint, pdu->request.context_id,
               pdu->request.opnum);
        if (pdu->flags & RPCANCEL_PFC_OBJECT_UUID)
            print_bytes(" object=", pdu->request.object, sizeof pdu->request.object);
        break;
    case RPCANCEL_PDU_RESPONSE:
        printf(" alloc_hint=%u context_id=%u cancel_count=%u", pdu->response.alloc_hint, pdu->response.context_id,
               pdu->response.cancel_count);
        break;
    case RPCANCEL_PDU_FAULT:
        printf(" alloc_hint=%u context_id=%u cancel_count=%u reserved=%u status=%u", pdu->fault.alloc_hint,
               pdu->fault.context_id, pdu->fault.cancel_count, pdu->fault.reserved, pdu->fault.status);
        break;
    case RPCANCEL_PDU_BIND:
    case RPCANCEL_PDU_ALTER_CONTEXT:
        print_contexts(&pdu->bind, rpcancel_pdu_is_big_endian(pdu));
        break;
    case RPCANCEL_PDU_BIND_ACK:
    case RPCANCEL_PDU_ALTER_CONTEXT_RESP:
        print_results(&pdu->bind_ack, rpcancel_pdu_is_big_endian(pdu));
        break;
    case RPCANCEL_PDU_BIND_NAK:
        printf(" reason=%u", pdu->bind_nak.reason);
        print_bytes(" versions=", pdu->bind_nak.versions.bytes, pdu->bind_nak.versions.size);
        break;
    case RPCANCEL_PDU_AUTH3:
        print_bytes(" padding=", pdu->auth3.padding, sizeof pdu->auth3.padding);
        break;
    case RPCANCEL_PDU_RTS:
        printf(" rts_flags=%u command_count=%u", pdu->rts.flags, pdu->rts.command_count);
        break;
    default:
        break;
    }
}

static void print_line(const uint8_t *bytes, size_t size)
{
    struct rpcancel_pdu pdu;
    struct rpcancel_pdu_complaint complaint;
    print_bytes("", bytes, size);
    if (!rpcancel_pdu_decode(bytes, size, RPCANCEL_STRICT, &pdu, &complaint)) {
        printf(" error=%zu expected %s\n", complaint.offset, rpcancel_pdu_error_text(complaint.error));
        return;
    }
    printf(" type=%u minor=%u flags=%u big_endian=%d call_id=%u", pdu.type, pdu.minor_version, pdu.flags,
           rpcancel_pdu_is_big_endian(&pdu), pdu.call_id);
    print_body(&pdu);
    print_bytes(" data=", pdu.data.bytes, pdu.data.size);
    if (pdu.auth.value.size > 0) {
        printf(" auth_type=%u auth_level=%u auth_pad=%zu auth_context=%u", pdu.auth.type, pdu.auth.level,
               pdu.auth.padding.size, pdu.auth.context_id);
        print_bytes(" auth_value=", pdu.auth.value.bytes, pdu.auth.value.size);
    }
    putchar('\n');
}

static int decode_lines(void)
{
    static char line[2 * RPCANCEL_PDU_SIZE_MAX + 2];
    static uint8_t bytes[RPCANCEL_PDU_SIZE_MAX];
    while (fgets(line, sizeof line, stdin)) {
        size_t size = 0;
        unsigned octet;
        for (const char *digits = line; sscanf(digits, "%2x", &octet) == 1; digits += 2)
            bytes[size++] = (uint8_t)octet;
        print_line(bytes, size);
    }
    return ferror(stdin) ? 1 : 0;
}

static int make_lines(unsigned long seed, unsigned long count)
{
    struct rpcancel_random random = {seed};
    while (count > 0) {
        static struct random_pdu made;
        static uint8_t bytes[RPCANCEL_PDU_SIZE_MAX];
        unsigned type = rpcancel_random_below(&random, RPCANCEL_PDU_TYPE_COUNT);
        if (rpcancel_pdu_type_describe(type)->sender == RPCANCEL_SENDER_NONE)
            continue;
        random_pdu_make(&made, (enum rpcancel_pdu_type)type, &random);
        print_line(bytes, rpcancel_pdu_encode(&made.pdu, bytes, sizeof bytes));
        count--;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "decode") == 0)
        return decode_lines();
    if (argc == 4 && strcmp(argv[1], "random") == 0)
        return make_lines(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
    fputs("usage: pdu-lines decode | random SEED COUNT\n", stderr);
    return 2;
}
