// SPDX-License-Identifier: Apache-2.0
#include "streams/stream.h"

#include <stdio.h>

#include "streams/part.h"

uint8_t rpcancel_stream_begin(const uint8_t *data, size_t size, struct rpcancel_span *rest)
{
    *rest = size > 1 ? (struct rpcancel_span){data + 1, size - 1} : (struct rpcancel_span){NULL, 0};
    return size > 0 ? data[0] : 0;
}

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

bool rpcancel_piece_next(struct rpcancel_span *rest, struct rpcancel_piece *piece)
{
    struct rpcancel_pdu_complaint complaint;
    if (rest->size == 0)
        return false;
    *piece = (struct rpcancel_piece){.bytes = {rest->bytes, rest->size}};
    int length = rpcancel_pdu_length(rest->bytes, rest->size, &complaint);
    if (rest->bytes[0] != 5) {
        piece->kind = RPCANCEL_PIECE_CHOICE;
        piece->bytes.size = least(2, rest->size);
        piece->choice = rest->bytes[0];
        piece->argument = rest->size > 1 ? rest->bytes[1] : 0;
    } else if (length < 0) {
        piece->kind = RPCANCEL_PIECE_NONSENSE;
        piece->bytes.size = least(RPCANCEL_PDU_HEADER_SIZE, rest->size);
    } else if (length == 0 || (size_t)length > rest->size) {
        piece->kind = RPCANCEL_PIECE_CUT_OFF;
    } else {
        piece->kind = RPCANCEL_PIECE_FRAGMENT;
        piece->bytes.size = (size_t)length;
    }
    rest->bytes += piece->bytes.size;
    rest->size -= piece->bytes.size;
    return true;
}

bool rpcancel_part_next(struct rpcancel_span *rest, struct rpcancel_span *part)
{
    struct rpcancel_piece piece;
    if (!rpcancel_piece_next(rest, &piece))
        return false;
    *part = piece.bytes;
    return true;
}

/* ---- as text ---- */

static void print_fragment(const struct rpcancel_piece *piece)
{
    static const char *const kinds[] = {"", " (cut off)", " (no fragment)", ""};
    enum { SHOWN = 96 };
    struct rpcancel_pdu pdu;
    struct rpcancel_pdu_complaint complaint;
    bool understood = rpcancel_pdu_decode(piece->bytes.bytes, piece->bytes.size, RPCANCEL_LENIENT, &pdu, &complaint);
    const struct rpcancel_pdu_type_description *type =
        piece->bytes.size > 2 ? rpcancel_pdu_type_describe(piece->bytes.bytes[2]) : NULL;
    fprintf(stderr, "  %s%s", type ? type->name : "fragment", kinds[piece->kind]);
    if (piece->bytes.size >= RPCANCEL_PDU_HEADER_SIZE)
        fprintf(stderr, " call_id=%u flags=0x%02x", pdu.call_id, pdu.flags);
    if (!understood)
        fprintf(stderr, " error=%zu expected %s", complaint.offset, rpcancel_pdu_error_text(complaint.error));
    fprintf(stderr, " size=%zu  ", piece->bytes.size);
    for (size_t i = 0; i < least(piece->bytes.size, SHOWN); i++)
        fprintf(stderr, "%02x", piece->bytes.bytes[i]);
    fputs(piece->bytes.size > SHOWN ? "…\n" : "\n", stderr);
}

void rpcancel_stream_print(const uint8_t *data, size_t size)
{
    struct rpcancel_span rest;
    struct rpcancel_piece piece;
    fprintf(stderr, "stream:\n  settings 0x%02x\n", rpcancel_stream_begin(data, size, &rest));
    while (rpcancel_piece_next(&rest, &piece)) {
        if (piece.kind == RPCANCEL_PIECE_CHOICE)
            fprintf(stderr, "  choice %u %u\n", piece.choice, piece.argument);
        else
            print_fragment(&piece);
    }
}
