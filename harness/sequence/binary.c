// SPDX-License-Identifier: Apache-2.0
/*
 * Sequences as bytes: records of two, described in docs/sequences.md. Reading is in the loop of the fuzz targets, so
 * one look-up tells what a first byte means.
 */
#include <assert.h>
#include <string.h>

#include "sequence/answer_text.h"
#include "sequence/sequence.h"
#include "status.h"

enum { EXPECTATION = 0xE0, WITHOUT_CODE = 0x80, EXPECTATION_BITS = 64 };

/* Where the operands stand in the second byte, under the names the table of operations gives them. */
enum { NOTHING = 0x00, HANDLE = 0x03, EARLIER = 0x04, THREAD = 0x18, ARGUMENT = 0xE0 };
enum { EARLIER_SHIFT = 2, THREAD_SHIFT = 3, ARGUMENT_SHIFT = 5 };

static_assert(RPCANCEL_HANDLES_MAX <= 4 && RPCANCEL_THREADS <= 4 && RPCANCEL_OPERANDS_MAX <= 8, "they fit");
static_assert(RPCANCEL_ALL_KINDS < 256, "kinds fit in a byte");

/* What a first byte means: 0 nothing, else 1 + the kind of operation. */
static const uint8_t kind_after[256] = {
#define RPCANCEL_X(kind, byte, words, suffix, actor, uses, argument, function) [byte] = 1 + RPCANCEL_OP_##kind,
    RPCANCEL_ALL_OPERATIONS(RPCANCEL_X)
#undef RPCANCEL_X
};

/* The bits of the second byte that a kind of operation uses. */
static const uint8_t operand_bits[RPCANCEL_ALL_KINDS] = {
#define RPCANCEL_X(kind, byte, words, suffix, actor, uses, argument, function) (uses),
    RPCANCEL_ALL_OPERATIONS(RPCANCEL_X)
#undef RPCANCEL_X
};

/* The first byte of a kind. */
static const uint8_t byte_of[RPCANCEL_ALL_KINDS] = {
#define RPCANCEL_X(kind, byte, words, suffix, actor, uses, argument, function) (byte),
    RPCANCEL_ALL_OPERATIONS(RPCANCEL_X)
#undef RPCANCEL_X
};

static inline struct rpcancel_operation unpack(uint8_t kind, uint8_t operands)
{
    operands &= operand_bits[kind];
    struct rpcancel_operation operation = {
        .kind = kind,
        .handle = operands & 3u,
        .earlier = operands >> EARLIER_SHIFT & 1u,
        .thread = operands >> THREAD_SHIFT & 3u,
        .argument = operands >> ARGUMENT_SHIFT & 7u,
    };
    /* only an argument can still be out of its range */
    return operation.argument ? rpcancel_operation_canonical(operation) : operation;
}

bool rpcancel_binary_next(const uint8_t **cursor, const uint8_t *end, struct rpcancel_operation *operation)
{
    const uint8_t *at = *cursor;
    while (end - at >= RPCANCEL_BINARY_RECORD) {
        uint8_t kind = kind_after[at[0]];
        uint8_t operands = at[1];
        at += RPCANCEL_BINARY_RECORD;
        if (kind && !rpcancel_is_of_wire(kind - 1u)) {
            *cursor = at;
            *operation = unpack((uint8_t)(kind - 1), operands);
            return true;
        }
    }
    *cursor = end;
    return false;
}

void rpcancel_binary_put(struct rpcancel_operation operation, uint8_t out[RPCANCEL_BINARY_RECORD])
{
    if (operation.argument)
        operation = rpcancel_operation_canonical(operation);
    unsigned operands = (unsigned)operation.handle | (unsigned)operation.earlier << EARLIER_SHIFT |
                        (unsigned)operation.thread << THREAD_SHIFT | (unsigned)operation.argument << ARGUMENT_SHIFT;
    out[0] = byte_of[operation.kind];
    out[1] = (uint8_t)(operands & operand_bits[operation.kind]);
}

/* Returns the set that the second byte of an expectation stands for; 0 when it has no meaning. */
static rpcancel_expectation unpack_expectation(uint8_t byte)
{
    unsigned bit = byte & (WITHOUT_CODE - 1u);
    bool without_code = byte & WITHOUT_CODE;
    if (bit >= EXPECTATION_BITS || without_code != (bit >= RPCANCEL_EXPECT_EXCEPTION))
        return 0;
    return UINT64_C(1) << bit & rpcancel_expectation_known();
}

static uint8_t pack_expectation(unsigned bit)
{
    return (uint8_t)(bit >= RPCANCEL_EXPECT_EXCEPTION ? WITHOUT_CODE | bit : bit);
}

bool rpcancel_sequence_read_binary(struct rpcancel_sequence *sequence, const uint8_t *data, size_t length)
{
    size_t first = sequence->count;
    if (!rpcancel_sequence_reserve(sequence, length / RPCANCEL_BINARY_RECORD))
        return false;
    for (; length >= RPCANCEL_BINARY_RECORD; data += RPCANCEL_BINARY_RECORD, length -= RPCANCEL_BINARY_RECORD) {
        uint8_t kind = kind_after[data[0]];
        if (data[0] == EXPECTATION && sequence->count > first)
            sequence->items[sequence->count - 1].expected |= unpack_expectation(data[1]);
        if (kind && !rpcancel_sequence_append(sequence, unpack((uint8_t)(kind - 1), data[1]), 0, 0))
            return false;
    }
    return true;
}

/* Bytes that are counted whether they fit or not. */
struct output {
    uint8_t *out;
    size_t size;
    size_t length;
};

static void put_record(struct output *output, const uint8_t record[RPCANCEL_BINARY_RECORD])
{
    if (output->length + RPCANCEL_BINARY_RECORD <= output->size)
        memcpy(output->out + output->length, record, RPCANCEL_BINARY_RECORD);
    output->length += RPCANCEL_BINARY_RECORD;
}

size_t rpcancel_sequence_write_binary(const struct rpcancel_sequence *sequence, uint8_t *out, size_t size)
{
    struct output output = {.out = out, .size = size};
    for (size_t i = 0; i < sequence->count; i++) {
        uint8_t record[RPCANCEL_BINARY_RECORD];
        rpcancel_expectation expected = sequence->items[i].expected & rpcancel_expectation_known();
        rpcancel_binary_put(sequence->items[i].operation, record);
        put_record(&output, record);
        for (unsigned bit = 0; bit < EXPECTATION_BITS; bit++) {
            if (!(expected >> bit & 1))
                continue;
            record[0] = EXPECTATION;
            record[1] = pack_expectation(bit);
            put_record(&output, record);
        }
    }
    return output.length;
}
