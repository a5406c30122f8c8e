// SPDX-License-Identifier: Apache-2.0
/* A stream of octets, cut into PDUs. */
#include <stdlib.h>
#include <string.h>

#include "capture/capture_parts.h"

enum { HEADER = RPCANCEL_PDU_HEADER_SIZE, FIRST_ROOM = 512, GUESSES_MAX = 16 };

void rpcancel_stream_release(struct rpcancel_capture *capture, struct rpcancel_stream *stream)
{
    capture->held -= stream->capacity;
    free(stream->buffer);
    stream->buffer = NULL;
    stream->capacity = stream->size = stream->wanted = 0;
    stream->is_cut = false;
}

/* Makes room for |size| octets. */
static bool make_room(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation,
                      struct rpcancel_stream *stream, uint32_t size)
{
    if (size <= stream->capacity)
        return true;
    uint32_t capacity = size > FIRST_ROOM ? RPCANCEL_PDU_SIZE_MAX : FIRST_ROOM;
    uint8_t *grown = realloc(stream->buffer, capacity);
    capture->exhausted |= !grown;
    if (!grown)
        return false;
    capture->held += capacity - stream->capacity;
    stream->buffer = grown;
    stream->capacity = capacity;
    rpcancel_capture_trim(capture, conversation);
    return true;
}

/* ---- which octets are headers ---- */

/* The octets of a PDU up to its stub data. */
static uint32_t fixed_size(const uint8_t *pdu, uint32_t size)
{
    const struct rpcancel_pdu_type_description *type = rpcancel_pdu_type_describe(pdu[2]);
    uint32_t auth = rpcancel_read_16(pdu + 10, pdu[4] >> 4 == 0);
    bool has_stub = pdu[2] == RPCANCEL_PDU_REQUEST || pdu[2] == RPCANCEL_PDU_RESPONSE || pdu[2] == RPCANCEL_PDU_FAULT;
    if (has_stub && type)
        return type->least_size +
               (pdu[2] == RPCANCEL_PDU_REQUEST && pdu[3] & RPCANCEL_PFC_OBJECT_UUID ? RPCANCEL_UUID_SIZE : 0U);
    return auth && size >= auth ? size - auth : size;
}

static void tell_header(const struct rpcancel_capture *capture, const struct rpcancel_piece *piece, uint32_t at,
                        uint32_t taken, uint32_t from, uint32_t to)
{
    uint32_t first = from > at ? from : at, last = to < at + taken ? to : at + taken;
    if (first < last && piece->offset < RPCANCEL_FRAME_JOINED)
        capture->settings.has_header(capture->settings.context, piece->packet, piece->offset + (first - at),
                                     last - first);
}

/* Tells that the |taken| octets of |piece| are those from |at| on of the PDU at |pdu|, of |size| octets. */
static void tell_headers(const struct rpcancel_capture *capture, const struct rpcancel_piece *piece, const uint8_t *pdu,
                         uint32_t size, uint32_t at, uint32_t taken)
{
    uint32_t fixed = fixed_size(pdu, size), auth = rpcancel_read_16(pdu + 10, pdu[4] >> 4 == 0);
    uint32_t trailer = auth ? auth + RPCANCEL_AUTH_TRAILER_SIZE : 0;
    tell_header(capture, piece, at, taken, 0, fixed);
    if (trailer && trailer <= size && size - trailer >= fixed)
        tell_header(capture, piece, at, taken, size - trailer, size - auth);
}

/* ---- PDUs ---- */

static void skip(struct rpcancel_piece *piece, uint32_t size)
{
    piece->bytes += size;
    piece->offset += size;
    piece->size -= size;
}

/* The conversation is none in DCE/RPC, or where the next PDU begins is not known. */
static void fall_out_of_step(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation,
                             struct rpcancel_stream *stream)
{
    stream->is_out_of_step = true;
    rpcancel_stream_release(capture, stream);
    rpcancel_dialog_lose(capture, conversation->dialog);
}

/* Takes a PDU that is whole, of |size| octets at |bytes|. False when the conversation is not followed any longer. */
static bool take_whole(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                       const uint8_t *bytes, uint32_t size, const struct rpcancel_piece *piece)
{
    if (rpcancel_dialog_take(capture, conversation, side, bytes, size, piece))
        return true;
    rpcancel_conversation_end(capture, conversation, RPCANCEL_CONVERSATION_OTHER);
    return false;
}

/* Judges what cannot be a PDU, from |bytes| on. */
static bool take_nonsense(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                          const uint8_t *bytes, uint32_t size, const struct rpcancel_piece *piece)
{
    if (!take_whole(capture, conversation, side, bytes, size, piece))
        return false;
    fall_out_of_step(capture, conversation, &conversation->dialog->streams[side]);
    return true;
}

/* Adds octets of |piece| to the PDU in hand until there are |size|. */
static bool fill(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation,
                 struct rpcancel_stream *stream, struct rpcancel_piece *piece, uint32_t size)
{
    uint32_t wanted = size > stream->size ? size - stream->size : 0,
             taken = wanted < piece->size ? wanted : piece->size;
    if (!make_room(capture, conversation, stream, stream->size + taken))
        return false;
    memcpy(stream->buffer + stream->size, piece->bytes, taken);
    if (capture->settings.has_header && stream->wanted)
        tell_headers(capture, piece, stream->buffer, stream->wanted, stream->size, taken);
    else if (capture->settings.has_header)
        tell_header(capture, piece, 0, taken, 0, taken);
    stream->size += taken;
    skip(piece, taken);
    return true;
}

/* Takes the PDU in hand, which is whole. */
static bool take_filled(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                        const struct rpcancel_piece *piece)
{
    struct rpcancel_stream *stream = &conversation->dialog->streams[side];
    if (!take_whole(capture, conversation, side, stream->buffer, stream->size, piece))
        return false;
    stream->size = stream->wanted = 0;
    stream->is_cut = false;
    if (stream->capacity > FIRST_ROOM) /* not to be kept by every conversation that had a long one once */
        rpcancel_stream_release(capture, stream);
    return true;
}

/* Goes on with a PDU that began in an earlier piece. False when nothing more can be done with the piece. */
static bool go_on(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                  struct rpcancel_piece *piece)
{
    struct rpcancel_stream *stream = &conversation->dialog->streams[side];
    struct rpcancel_pdu_complaint complaint;
    if (!stream->wanted) {
        if (!fill(capture, conversation, stream, piece, HEADER))
            return false;
        if (stream->size < HEADER)
            return false;
        int length = rpcancel_pdu_length(stream->buffer, stream->size, &complaint);
        if (length < 0) {
            take_nonsense(capture, conversation, side, stream->buffer, stream->size, piece);
            return false;
        }
        stream->wanted = (uint32_t)length;
    }
    if (!fill(capture, conversation, stream, piece, stream->wanted) || stream->size < stream->wanted)
        return false;
    return take_filled(capture, conversation, side, piece);
}

/* Begins with a PDU at the beginning of the piece. */
static bool begin(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                  struct rpcancel_piece *piece)
{
    struct rpcancel_stream *stream = &conversation->dialog->streams[side];
    struct rpcancel_pdu_complaint complaint;
    stream->first_packet = piece->packet;
    if (piece->size < HEADER)
        return go_on(capture, conversation, side, piece);
    int length = rpcancel_pdu_length(piece->bytes, piece->size, &complaint);
    if (length < 0) {
        take_nonsense(capture, conversation, side, piece->bytes, piece->size, piece);
        return false;
    }
    if ((uint32_t)length > piece->size)
        return go_on(capture, conversation, side, piece);
    if (capture->settings.has_header)
        tell_headers(capture, piece, piece->bytes, (uint32_t)length, 0, (uint32_t)length);
    if (!take_whole(capture, conversation, side, piece->bytes, (uint32_t)length, piece))
        return false;
    skip(piece, (uint32_t)length);
    return true;
}

static void take_octets(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                        struct rpcancel_piece *piece)
{
    struct rpcancel_stream *stream = &conversation->dialog->streams[side];
    uint32_t skipped = stream->skip < piece->size ? stream->skip : piece->size;
    stream->last_packet = piece->packet;
    stream->last_time = piece->time;
    stream->skip -= skipped;
    skip(piece, skipped);
    if (stream->is_out_of_step && rpcancel_dialog_looks_like(piece->bytes, piece->size))
        stream->is_out_of_step = false; /* a segment mostly begins where a PDU does */
    while (piece->size > 0 && !stream->is_out_of_step && !capture->exhausted) {
        if (!(stream->size ? go_on : begin)(capture, conversation, side, piece))
            return;
    }
}

/* ---- conversations that are in nothing yet ---- */

static bool begins_with(const struct rpcancel_piece *piece, const char *text)
{
    size_t length = strlen(text);
    return piece->size >= length && memcmp(piece->bytes, text, length) == 0;
}

/* Says what it is in, if it is not DCE/RPC over TCP. */
static void set_aside(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation,
                      const struct rpcancel_piece *piece)
{
    enum { NETBIOS = 4 };
    bool is_message = piece->size >= NETBIOS + 4 && piece->bytes[0] == 0;
    bool is_smb = is_message && memcmp(piece->bytes + NETBIOS + 1, "SMB", 3) == 0 && piece->bytes[NETBIOS] >= 0xFC;
    bool is_session = piece->size >= NETBIOS && piece->bytes[0] == 0x81 && piece->bytes[1] == 0; /* of NetBIOS */
    if (is_smb || is_session)
        capture->counts.smb++;
    else if (begins_with(piece, "RPC_IN_DATA") || begins_with(piece, "RPC_OUT_DATA") ||
             begins_with(piece, "ncacn_http"))
        capture->counts.http++;
    else
        capture->counts.others++;
    rpcancel_conversation_end(capture, conversation, RPCANCEL_CONVERSATION_OTHER);
}

/* The octets are PDUs from the first to the last, whole ones. */
static bool are_pdus(const uint8_t *bytes, uint32_t size)
{
    while (size > 0) {
        if (!rpcancel_dialog_looks_like(bytes, size))
            return false;
        uint32_t length = rpcancel_read_16(bytes + 8, bytes[4] >> 4 == 0);
        if (length > size)
            return false;
        bytes += length;
        size -= length;
    }
    return true;
}

/* Octets of a conversation whose beginning was not seen. It is taken for DCE/RPC only if all of a segment is. */
static bool guess(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation,
                  const struct rpcancel_piece *piece)
{
    bool is_of_pipes = conversation->ends[0].port == 445 || conversation->ends[1].port == 445 ||
                       conversation->ends[0].port == 139 || conversation->ends[1].port == 139;
    if (!is_of_pipes && are_pdus(piece->bytes, piece->size))
        return true;
    bool is_message = piece->size >= 8 && piece->bytes[0] == 0 && memcmp(piece->bytes + 5, "SMB", 3) == 0;
    if (is_message || ++conversation->guesses == GUESSES_MAX)
        set_aside(capture, conversation, piece);
    return false;
}

void rpcancel_stream_take(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                          struct rpcancel_piece *piece)
{
    if (conversation->kind == RPCANCEL_CONVERSATION_NEW) {
        bool has_start = conversation->saw_syn && !conversation->is_start_missing;
        if (!has_start && !guess(capture, conversation, piece))
            return;
        if (has_start && piece->bytes[0] != 5) {
            set_aside(capture, conversation, piece);
            return;
        }
        if (!rpcancel_conversation_begin(capture, conversation))
            return;
    }
    if (conversation->kind == RPCANCEL_CONVERSATION_DIALOG)
        take_octets(capture, conversation, side, piece);
}

void rpcancel_stream_miss(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                          uint32_t size)
{
    struct rpcancel_stream *stream = &conversation->dialog->streams[side];
    uint32_t skipped = stream->skip < size ? stream->skip : size;
    stream->skip -= skipped;
    size -= skipped;
    if (size == 0 || stream->is_out_of_step)
        return;
    uint32_t left = stream->wanted - stream->size;
    bool is_in_stub = stream->wanted && stream->size >= fixed_size(stream->buffer, stream->wanted) && size <= left;
    if (!is_in_stub) {
        bool is_end_known = stream->wanted && size <= left;
        stream->skip = is_end_known ? left - size : 0;
        rpcancel_stream_release(capture, stream);
        stream->is_out_of_step = !is_end_known;
        rpcancel_dialog_lose(capture, conversation->dialog);
        return;
    }
    stream->is_cut = true;
    if (!make_room(capture, conversation, stream, stream->size + size))
        return;
    memset(stream->buffer + stream->size, 0, size);
    stream->size += size;
    const struct rpcancel_piece last = {.packet = stream->last_packet, .time = stream->last_time};
    if (stream->size == stream->wanted)
        take_filled(capture, conversation, side, &last);
}
