// SPDX-License-Identifier: Apache-2.0
/* A conversation in DCE/RPC: who is who, and what the rules say of each PDU. */
#include <string.h>

#include "capture/capture_parts.h"

enum { LEVEL_PRIVACY = 6 /* RPC_C_AUTHN_LEVEL_PKT_PRIVACY, MS-RPCE 2.2.1.1.8 */ };

/* ---- is it one? ---- */

static bool is_of_connections(unsigned type)
{
    const struct rpcancel_pdu_type_description *description = rpcancel_pdu_type_describe(type);
    return description && description->sender != RPCANCEL_SENDER_NONE && type != RPCANCEL_PDU_RTS;
}

bool rpcancel_dialog_looks_like(const uint8_t *bytes, size_t size)
{
    if (size < RPCANCEL_PDU_HEADER_SIZE || bytes[0] != 5 || bytes[1] > 1 || !is_of_connections(bytes[2]))
        return false;
    /* packed_drep, C706 14.1 */
    if (bytes[4] & 0xEE || bytes[5] > 3 || bytes[6] || bytes[7])
        return false;
    bool big_endian = bytes[4] >> 4 == 0;
    unsigned length = rpcancel_read_16(bytes + 8, big_endian), auth = rpcancel_read_16(bytes + 10, big_endian);
    unsigned least = rpcancel_pdu_type_describe(bytes[2])->least_size;
    return length >= least && (auth == 0 || length >= least + RPCANCEL_AUTH_TRAILER_SIZE + auth);
}

/* ---- who is who ---- */

/* The first PDU tells. */
static void find_client(struct rpcancel_dialog *dialog, unsigned side, unsigned type)
{
    const struct rpcancel_pdu_type_description *description = rpcancel_pdu_type_describe(type);
    if (description && description->sender == RPCANCEL_SENDER_CLIENT)
        dialog->client = (uint8_t)side;
    else
        dialog->client = (uint8_t)!side;
}

static enum rpcancel_pdu_sender sender_of(const struct rpcancel_dialog *dialog, unsigned side)
{
    return side == dialog->client ? RPCANCEL_SENDER_CLIENT : RPCANCEL_SENDER_SERVER;
}

/* ---- counting ---- */

void rpcancel_dialog_lose(struct rpcancel_capture *capture, struct rpcancel_dialog *dialog)
{
    if (!dialog->is_lost && dialog->client != RPCANCEL_SIDE_UNKNOWN)
        capture->counts.with_gaps++;
    dialog->is_lost = true;
}

static void count_security(struct rpcancel_capture *capture, struct rpcancel_dialog *dialog,
                           const struct rpcancel_pdu *pdu)
{
    if (pdu->auth.value.size == 0)
        return;
    capture->counts.authenticated += !dialog->is_authenticated;
    dialog->is_authenticated = true;
    bool has_stub = pdu->type == RPCANCEL_PDU_REQUEST || pdu->type == RPCANCEL_PDU_RESPONSE;
    if (!has_stub || pdu->auth.level != LEVEL_PRIVACY)
        return;
    capture->counts.sealed += !dialog->is_sealed;
    dialog->is_sealed = true;
}

static void count(struct rpcancel_capture *capture, struct rpcancel_dialog *dialog, unsigned side,
                  const struct rpcancel_wire_event *event)
{
    struct rpcancel_capture_counts *counts = &capture->counts;
    if (event->kind != RPCANCEL_WIRE_PDU) {
        counts->unreadable++;
        return;
    }
    dialog->was_heard[side] = true;
    counts->pdus++;
    counts->types[event->pdu.type]++;
    counts->cut_pdus += dialog->streams[side].is_cut;
    counts->judged += !dialog->is_lost;
    counts->judged_alone += dialog->is_lost;
    count_security(capture, dialog, &event->pdu);
}

/* ---- judging ---- */

static void count_rules(const struct rpcancel_wire_mask *mask, uint64_t times, uint64_t *of)
{
    for (unsigned number = rpcancel_wire_mask_next(mask, 0); number < RPCANCEL_WIRE_RULES_MAX;
         number = rpcancel_wire_mask_next(mask, number + 1))
        of[number] += times;
}

static void settle(struct rpcancel_capture *capture, struct rpcancel_capture_tally *tally)
{
    count_rules(&tally->decided, tally->times, capture->decided);
    tally->times = 0;
}

void rpcancel_dialog_count(struct rpcancel_capture *capture)
{
    for (unsigned i = 0; i < RPCANCEL_CAPTURE_TALLIES; i++)
        settle(capture, &capture->tallies[i]);
}

static void count_decided(struct rpcancel_capture *capture, const struct rpcancel_wire_mask *decided)
{
    const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t hash = (decided->bits[0] * odd ^ decided->bits[1]) * odd;
    struct rpcancel_capture_tally *tally = &capture->tallies[hash >> 32 & (RPCANCEL_CAPTURE_TALLIES - 1)];
    if (memcmp(&tally->decided, decided, sizeof *decided) != 0) {
        settle(capture, tally);
        tally->decided = *decided;
    }
    tally->times++;
}

static void tell(struct rpcancel_capture *capture, const struct rpcancel_conversation *conversation, unsigned side,
                 const struct rpcancel_wire_event *event, const struct rpcancel_wire_mask *violated,
                 const struct rpcancel_piece *piece)
{
    struct rpcancel_capture_finding finding = {.packet = piece->packet,
                                               .first_packet = conversation->dialog->streams[side].first_packet,
                                               .time = piece->time,
                                               .source = &conversation->ends[side],
                                               .destination = &conversation->ends[!side],
                                               .sender = event->sender,
                                               .event = event};
    for (unsigned number = rpcancel_wire_mask_next(violated, 0); number < RPCANCEL_WIRE_RULES_MAX;
         number = rpcancel_wire_mask_next(violated, number + 1)) {
        finding.rule = number;
        capture->counts.findings++;
        if (capture->settings.found)
            capture->settings.found(capture->settings.context, &finding);
    }
}

static void judge(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                  const struct rpcancel_wire_event *event, const struct rpcancel_piece *piece)
{
    struct rpcancel_dialog *dialog = conversation->dialog;
    const struct rpcancel_wire_mask *rules = dialog->is_lost ? &capture->alone : &capture->rules;
    struct rpcancel_wire_verdict verdict = rpcancel_wire_judge(rules, &dialog->observer, event);
    count_decided(capture, &verdict.decided);
    if (!rpcancel_wire_mask_is_empty(&verdict.violated)) {
        count_rules(&verdict.violated, 1, capture->violated);
        tell(capture, conversation, side, event, &verdict.violated, piece);
    }
    if (!dialog->is_lost)
        rpcancel_wire_observe(&dialog->observer, event);
}

bool rpcancel_dialog_take(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                          const uint8_t *bytes, size_t size, const struct rpcancel_piece *piece)
{
    struct rpcancel_dialog *dialog = conversation->dialog;
    bool is_first = dialog->client == RPCANCEL_SIDE_UNKNOWN;
    if (is_first) {
        if (!rpcancel_dialog_looks_like(bytes, size)) {
            capture->counts.others++;
            return false;
        }
        find_client(dialog, side, bytes[2]);
    }
    struct rpcancel_wire_event event;
    rpcancel_wire_event_of(sender_of(dialog, side), bytes, size, &event);
    if (is_first) {
        capture->counts.dialogs++;
        /* What comes before a bind is no matter, and there is but one. */
        bool has_start = dialog->has_start || (event.kind == RPCANCEL_WIRE_PDU && event.pdu.type == RPCANCEL_PDU_BIND);
        has_start &= !conversation->is_open_start;
        capture->counts.without_start += !has_start;
        dialog->is_lost |= !has_start;
    }
    /* Nonsense in what only looked like DCE/RPC is none of a rule's. */
    if (event.kind == RPCANCEL_WIRE_UNREADABLE && !(dialog->was_heard[0] && dialog->was_heard[1])) {
        capture->counts.unreadable++;
        rpcancel_dialog_lose(capture, dialog);
        return true;
    }
    count(capture, dialog, side, &event);
    judge(capture, conversation, side, &event, piece);
    return true;
}

void rpcancel_dialog_close(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side)
{
    struct rpcancel_dialog *dialog = conversation->dialog;
    if (dialog->client == RPCANCEL_SIDE_UNKNOWN || dialog->is_lost)
        return;
    const struct rpcancel_wire_event closed = rpcancel_wire_closed(sender_of(dialog, side));
    judge(capture, conversation, side, &closed, &(struct rpcancel_piece){0});
}
