// SPDX-License-Identifier: Apache-2.0
/*
 * datagram-lines: the codec of connectionless PDUs as a filter, for tests in other languages.
 *
 *   datagram-lines decode              reads a datagram a line, in hexadecimal digits, from standard input
 *   datagram-lines random SEED COUNT   makes COUNT datagrams, one type after the other
 *
 * For each it prints a line `HEX NAME=VALUE …`: numbers in decimal, octets in hexadecimal digits. A datagram that a
 * strict reader refuses is `HEX error=OFFSET expected …`.
 */
#include <stdio.h>
#include <stdlib.h>

#include "random_datagram.h"

enum { SIZE_MAX_HERE = 4096 };

static void print_bytes(const char *label, const uint8_t *bytes, size_t size)
{
    fputs(label, stdout);
    for (size_t i = 0; i < size; i++)
        printf("%02x", bytes[i]);
}

static void print_uuid(const char *label, const struct rpcancel_uuid *uuid)
{
    printf("%s%08x-%04x-%04x-%02x%02x-", label, uuid->time_low, uuid->time_mid, uuid->time_high, uuid->rest[0],
           uuid->rest[1]);
    print_bytes("", uuid->rest + 2, 6);
}

static void print_fack(const struct rpcancel_fack_body *fack)
{
    if (fack->is_present)
        printf(" fack_version=%u window=%u max_tsdu=%u max_fragment=%u fack_serial=%u mask_count=%u", fack->version,
               fack->window_size, fack->max_tsdu, fack->max_fragment, fack->serial, fack->mask_count);
}

static void print_body(const struct rpcancel_datagram *datagram)
{
    switch (datagram->type) {
    case RPCANCEL_PDU_CL_CANCEL:
        if (datagram->cancel.is_present)
            printf(" cancel_version=%u cancel_id=%u", datagram->cancel.version, datagram->cancel.cancel_id);
        break;
    case RPCANCEL_PDU_CANCEL_ACK:
        if (datagram->cancel_ack.is_present)
            printf(" cancel_version=%u cancel_id=%u accepting=%d", datagram->cancel_ack.version,
                   datagram->cancel_ack.cancel_id, rpcancel_datagram_is_accepting(&datagram->cancel_ack));
        break;
    case RPCANCEL_PDU_FACK:
    case RPCANCEL_PDU_NOCALL:
        print_fack(&datagram->fack);
        break;
    case RPCANCEL_PDU_FAULT:
    case RPCANCEL_PDU_REJECT:
        printf(" status=%u", datagram->status);
        break;
    default:
        break;
    }
}

static void print_line(const uint8_t *bytes, size_t size)
{
    struct rpcancel_datagram datagram;
    struct rpcancel_datagram_complaint complaint;
    print_bytes("", bytes, size);
    if (!rpcancel_datagram_decode(bytes, size, RPCANCEL_STRICT, &datagram, &complaint)) {
        printf(" error=%zu expected %s\n", complaint.offset, rpcancel_datagram_error_text(complaint.error));
        return;
    }
    printf(" type=%u flags=%u flags2=%u big_endian=%d serial=%u", datagram.type, datagram.flags, datagram.flags2,
           rpcancel_datagram_is_big_endian(&datagram), datagram.serial);
    print_uuid(" object=", &datagram.object);
    print_uuid(" interface=", &datagram.interface);
    print_uuid(" activity=", &datagram.activity);
    printf(" server_boot=%u interface_version=%u sequence=%u opnum=%u interface_hint=%u activity_hint=%u fragment=%u",
           datagram.server_boot, datagram.interface_version, datagram.sequence, datagram.opnum, datagram.interface_hint,
           datagram.activity_hint, datagram.fragment);
    printf(" auth_protocol=%u", datagram.auth_protocol);
    print_body(&datagram);
    print_bytes(" data=", datagram.data.bytes, datagram.data.size);
    print_bytes(" auth=", datagram.auth.bytes, datagram.auth.size);
    putchar('\n');
}

static int decode_lines(void)
{
    static char line[2 * SIZE_MAX_HERE + 2];
    static uint8_t bytes[SIZE_MAX_HERE];
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
    for (unsigned long i = 0; i < count; i++) {
        struct random_datagram made;
        uint8_t bytes[SIZE_MAX_HERE];
        random_datagram_make(&made, (enum rpcancel_pdu_type)(i % RPCANCEL_DATAGRAM_TYPES), &random);
        print_line(bytes, rpcancel_datagram_encode(&made.datagram, bytes, sizeof bytes));
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "decode") == 0)
        return decode_lines();
    if (argc == 4 && strcmp(argv[1], "random") == 0)
        return make_lines(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
    fputs("usage: datagram-lines decode | random SEED COUNT\n", stderr);
    return 2;
}
