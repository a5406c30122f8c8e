// SPDX-License-Identifier: Apache-2.0
/*
 * rpcancel-stream-dictionary: prints a dictionary for fuzzing engines that mutate octets of streams, made from the
 * tables of src/: beginnings of fragments and datagrams of every type, byte orders, flags, syntaxes, status codes.
 */
#include <stdio.h>

#include "streams/templates.h"

static void print_entry(const char *comment, const uint8_t *octets, size_t size)
{
    printf("# %s\n\"", comment);
    for (size_t i = 0; i < size; i++)
        printf("\\x%02X", octets[i]);
    puts("\"");
}

/* The first half of a header, in both byte orders, with the flags that fragments of their own have. */
static void print_types(void)
{
    for (unsigned type = 0; type < RPCANCEL_PDU_TYPE_COUNT; type++) {
        const struct rpcancel_pdu_type_description *description = rpcancel_pdu_type_describe(type);
        uint8_t begin[] = {5, 0, (uint8_t)type, RPCANCEL_PFC_SINGLE, 0x10, 0, 0, 0, description->least_size, 0, 0, 0};
        if (description->sender == RPCANCEL_SENDER_NONE)
            continue;
        print_entry(description->name, begin, sizeof begin);
        begin[4] = 0;
        rpcancel_write_16(begin + 8, description->least_size, true);
        print_entry(description->name, begin, sizeof begin);
    }
}

/* The beginnings of datagrams, and what cl_cancel and cancel_ack have for a body. */
static void print_datagrams(void)
{
    for (unsigned type = 0; type <= RPCANCEL_PDU_CANCEL_ACK; type++) {
        char comment[64];
        uint8_t begin[] = {4, (uint8_t)type, 0, 0, 0x10, 0, 0};
        snprintf(comment, sizeof comment, "datagram %s", rpcancel_pdu_type_describe(type)->name);
        print_entry(comment, begin, sizeof begin);
        begin[4] = 0;
        print_entry(comment, begin, sizeof begin);
    }
    const uint8_t first[] = {0, 0, 0, 0, 1, 0, 0, 0}, first_big[] = {0, 0, 0, 0, 0, 0, 0, 1};
    print_entry("version 0 and cancel_id 1", first, sizeof first);
    print_entry("version 0 and cancel_id 1", first_big, sizeof first_big);
}

static void print_syntax(const char *comment, const struct rpcancel_syntax *syntax)
{
    uint8_t octets[RPCANCEL_SYNTAX_SIZE];
    for (unsigned big_endian = 0; big_endian < 2; big_endian++) {
        rpcancel_uuid_write(octets, big_endian, &syntax->uuid);
        rpcancel_write_32(octets + RPCANCEL_UUID_SIZE, syntax->version, big_endian);
        print_entry(comment, octets, sizeof octets);
    }
}

static void print_code(const char *comment, uint32_t code)
{
    uint8_t octets[4];
    for (unsigned big_endian = 0; big_endian < 2; big_endian++) {
        rpcancel_write_32(octets, code, big_endian);
        print_entry(comment, octets, sizeof octets);
    }
}

int main(void)
{
    const struct rpcancel_syntax features = rpcancel_syntax_of_features(RPCANCEL_FEATURE_KEEP_CONNECTION_ON_ORPHAN);
    print_types();
    print_datagrams();
    print_syntax("the interface of the targets", &rpcancel_fuzzed_interface.syntax);
    print_syntax("NDR 2.0", &rpcancel_syntax_ndr);
    print_syntax("bind-time features", &features);
#define RPCANCEL_X(name, code, text) print_code(text, code);
    RPCANCEL_STATUS_CODES(RPCANCEL_X)
#undef RPCANCEL_X
    print_code("nca_op_rng_error", RPCANCEL_NCA_OP_RNG_ERROR);
    print_code("nca_unk_if", RPCANCEL_NCA_UNK_IF);
    print_code("nca_proto_error", RPCANCEL_NCA_PROTO_ERROR);
    print_code("nca_server_too_busy", RPCANCEL_NCA_SERVER_TOO_BUSY);
    print_code("the most that a request may announce", RPCANCEL_SERVER_REQUEST_MAX);
    return fflush(stdout) == 0 ? 0 : 3;
}
