// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzzes the codec of PDUs.
 *
 * Exercised: rpcancel_pdu_length, _decode (lenient and strict), _size, _encode, and the lists of wire/presentation.h.
 * Found: what breaks an invariant of the table `pdu` of streams/invariants.h; what sanitizers find.
 * Input: a stream (streams/stream.h), of which choices and settings mean nothing. Environment: streams/watch.h.
 */
#include <stdlib.h>

#include "streams/stream.h"
#include "streams/pdu_under_test.h"
#include "wire/presentation.h"
#include "streams/watch.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rpcancel_pdu_defect defect;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char *const defects[] = {
#define RPCANCEL_X(name, text) text,
        RPCANCEL_PDU_DEFECTS(RPCANCEL_X)
#undef RPCANCEL_X
    };
    (void)argc;
    (void)argv;
    defect = rpcancel_watch_open(RPCANCEL_INVARIANT_pdu_length_grows, RPCANCEL_INVARIANT_pdu_byte_order, defects,
                                 sizeof defects / sizeof defects[0], rpcancel_stream_print);
    return 0;
}

/* The length as the octets come in, one by one: it is told with the tenth and stays. */
static void feed(const uint8_t *bytes, size_t size)
{
    enum { KNOWN = 10, FED = RPCANCEL_PDU_HEADER_SIZE };
    struct rpcancel_pdu_complaint complaint, last;
    int length = rpcancel_tested_length(defect, bytes, size, &last);
    for (size_t fed = 0; fed < size && fed <= FED; fed++) {
        int early = rpcancel_tested_length(defect, bytes, fed, &complaint);
        bool is_other = fed > 0 && bytes[0] != 5;
        HOLD(pdu_length_grows, early == (fed >= KNOWN || is_other ? length : 0));
        HOLD(pdu_complaint, (early < 0) == (complaint.error != RPCANCEL_PDU_ERROR_NONE) && complaint.offset <= size);
    }
    HOLD(pdu_length_grows, length < 0 || length == 0 || length >= RPCANCEL_PDU_HEADER_SIZE);
}

/* What a reader of |strictness| says when it refuses. */
static void look_at_complaint(const struct rpcancel_pdu_complaint *complaint, bool accepted, size_t size,
                              enum rpcancel_strictness strictness)
{
    bool is_known = complaint->error < RPCANCEL_PDU_ERROR_COUNT &&
                    (strictness == RPCANCEL_STRICT || complaint->error <= RPCANCEL_PDU_ERROR_VERSIONS);
    HOLD(pdu_complaint, accepted == (complaint->error == RPCANCEL_PDU_ERROR_NONE));
    HOLD(pdu_complaint, is_known && complaint->offset <= size && rpcancel_pdu_error_text(complaint->error)[0]);
}

static void walk_lists(const struct rpcancel_pdu *pdu)
{
    bool big_endian = rpcancel_pdu_is_big_endian(pdu);
    struct rpcancel_span list;
    unsigned count = 0;
    if (pdu->type == RPCANCEL_PDU_BIND || pdu->type == RPCANCEL_PDU_ALTER_CONTEXT) {
        struct rpcancel_context context;
        list = pdu->bind.contexts;
        for (; rpcancel_context_next(&list, big_endian, &context); count++) {
            struct rpcancel_syntax transfer;
            unsigned transfers = 0;
            uint64_t features;
            rpcancel_context_asks_features(&context, big_endian, &features);
            while (rpcancel_syntax_next(&context.transfers, big_endian, &transfer))
                transfers++;
            HOLD(pdu_lists_walk, transfers == context.transfer_count && context.transfers.size == 0);
        }
        HOLD(pdu_lists_walk, count == pdu->bind.context_count && list.size == 0);
    }
    if (pdu->type == RPCANCEL_PDU_BIND_ACK || pdu->type == RPCANCEL_PDU_ALTER_CONTEXT_RESP) {
        struct rpcancel_result result;
        list = pdu->bind_ack.results;
        while (rpcancel_result_next(&list, big_endian, &result))
            count++;
        HOLD(pdu_lists_walk, count == pdu->bind_ack.result_count && list.size == 0);
    }
}

/* Writes |pdu| and returns whether that is the |size| octets at |bytes|. |out| holds as much. */
static bool writes(const struct rpcancel_pdu *pdu, const uint8_t *bytes, size_t size, uint8_t *out)
{
    return rpcancel_pdu_encode(pdu, out, size) == size && memcmp(out, bytes, size) == 0;
}

/* In the other byte order, and back. Lists stay octets; their entries have no lengths in either order. */
static void turn_around(const struct rpcancel_pdu *pdu, const uint8_t *bytes, size_t size, uint8_t *out)
{
    struct rpcancel_pdu turned = *pdu, back;
    struct rpcancel_pdu_complaint complaint;
    uint8_t *other = malloc(size);
    if (!other)
        return;
    turned.drep[0] = (uint8_t)((pdu->drep[0] & 15) | (rpcancel_pdu_is_big_endian(pdu) ? 0x10 : 0));
    HOLD(pdu_byte_order, rpcancel_pdu_encode(&turned, other, size) == size &&
                             rpcancel_tested_decode(defect, other, size, RPCANCEL_LENIENT, &back, &complaint));
    if (!rpcancel_watch_failed()) {
        back.drep[0] = pdu->drep[0];
        HOLD(pdu_byte_order, writes(&back, bytes, size, out));
    }
    free(other);
}

/* The |size| octets at |bytes| as a fragment; |out| holds as much. */
static void read_and_write(const uint8_t *bytes, size_t size, uint8_t *out)
{
    struct rpcancel_pdu lenient, strict, shorter;
    struct rpcancel_pdu_complaint complaint;
    bool accepted = rpcancel_tested_decode(defect, bytes, size, RPCANCEL_LENIENT, &lenient, &complaint);
    look_at_complaint(&complaint, accepted, size, RPCANCEL_LENIENT);
    bool is_strict = rpcancel_tested_decode(defect, bytes, size, RPCANCEL_STRICT, &strict, &complaint);
    look_at_complaint(&complaint, is_strict, size, RPCANCEL_STRICT);
    HOLD(pdu_strict_is_lenient, accepted || !is_strict);
    if (!accepted || rpcancel_watch_failed())
        return;
    HOLD(pdu_length_decides, rpcancel_tested_length(defect, bytes, size, &complaint) == (int)size);
    HOLD(pdu_length_decides, !rpcancel_tested_decode(defect, bytes, size - 1, RPCANCEL_LENIENT, &shorter, &complaint));
    walk_lists(&lenient);
    HOLD(pdu_size, rpcancel_tested_size(defect, &lenient) == size);
    HOLD(pdu_round_trip, writes(&lenient, bytes, size, out));
    if (is_strict)
        HOLD(pdu_strict_is_lenient, writes(&strict, bytes, size, out));
    memset(out, 0xA5, size);
    HOLD(pdu_capacity, rpcancel_pdu_encode(&lenient, out, size - 1) == 0 && out[0] == 0xA5);
    turn_around(&lenient, bytes, size, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rpcancel_span rest;
    struct rpcancel_piece piece;
    rpcancel_watch_begin(data, size);
    rpcancel_stream_begin(data, size, &rest);
    while (!rpcancel_watch_failed() && rpcancel_piece_next(&rest, &piece)) {
        /* Of exactly that size, so that AddressSanitizer sees who reads beyond. */
        uint8_t *copy = malloc(piece.bytes.size), *out = malloc(piece.bytes.size);
        rpcancel_watch_piece(piece.bytes.bytes + piece.bytes.size);
        if (copy && out) {
            memcpy(copy, piece.bytes.bytes, piece.bytes.size);
            feed(copy, piece.bytes.size);
            read_and_write(copy, piece.bytes.size, out);
        }
        free(copy);
        free(out);
    }
    rpcancel_watch_end();
    return 0;
}
