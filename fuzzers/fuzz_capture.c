// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzzes what reads and judges captures: everything of harness/capture that looks at packets.
 *
 * Exercised: rpcancel_capture_take and _end, with all behind them; rpcancel_frame_read; rpcancel_redact. Files are
 * libpcap's affair, and no part of this.
 * Found: what breaks an invariant of the table `capture` of streams/invariants.h; what sanitizers find.
 * Input: parcels (streams/parcel.h), each a packet; bit 4 of the tag: it had 100 octets more, which were not captured.
 * Settings: bits 0-2 the profile, bit 3: nothing was lost, bits 4-6 the link type, bit 7: nobody asks where headers
 * are. Environment: streams/watch.h.
 */
#include <stdlib.h>
#include <string.h>

#include "capture/capture_parts.h"
#include "streams/capture_under_test.h"
#include "streams/parcel.h"
#include "streams/watch.h"

enum { CUT = 0x10, MISSING = 100, PACKETS_MAX = 1 << 13 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rpcancel_capture_defect defect;

static struct {
    uint64_t packets, findings;
    uint32_t lengths[PACKETS_MAX]; /* octets of the packets that there were */
    struct rpcancel_capture *capture;
} run;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char *const defects[] = {
#define RPCANCEL_X(name, text) text,
        RPCANCEL_CAPTURE_DEFECTS(RPCANCEL_X)
#undef RPCANCEL_X
    };
    (void)argc;
    (void)argv;
    defect = rpcancel_watch_open(RPCANCEL_INVARIANT_capture_frame_within, RPCANCEL_INVARIANT_capture_releases, defects,
                                 sizeof defects / sizeof defects[0], rpcancel_parcels_print);
    return 0;
}

/* ---- what the judge tells ---- */

static void found(void *context, const struct rpcancel_capture_finding *told)
{
    struct rpcancel_capture_finding finding = rpcancel_tested_finding(defect, told);
    (void)context;
    run.findings++;
    bool is_there = finding.first_packet >= 1 && finding.packet >= 1 && finding.first_packet <= run.packets &&
                    finding.packet <= run.packets && finding.rule < rpcancel_capture_rule_count();
    HOLD(capture_findings, is_there && rpcancel_capture_rule_at(finding.rule)->roles & finding.sender);
}

static void has_header(void *context, uint64_t packet, uint32_t offset, uint32_t size)
{
    (void)context;
    size = rpcancel_tested_header_size(defect, size);
    HOLD(capture_headers_within,
         packet >= 1 && packet <= run.packets && size > 0 && (uint64_t)offset + size <= run.lengths[packet - 1]);
}

static void check_counts(void)
{
    const struct rpcancel_capture_counts counts = rpcancel_tested_counts(defect, run.capture);
    uint64_t types = 0, frames = 0, violated = 0;
    for (unsigned i = 0; i < RPCANCEL_CAPTURE_TYPES; i++)
        types += counts.types[i];
    for (unsigned i = 0; i < RPCANCEL_FRAME_KINDS; i++)
        frames += counts.frames[i];
    for (unsigned i = 0; i < rpcancel_capture_rule_count(); i++)
        violated += rpcancel_capture_violated(run.capture, i);
    HOLD(capture_pdus_counted, types == counts.pdus && counts.judged + counts.judged_alone == counts.pdus);
    HOLD(capture_pdus_counted, counts.dialogs <= counts.conversations && counts.without_start <= counts.dialogs);
    HOLD(capture_packets_counted, frames == counts.packets && counts.packets == run.packets);
    HOLD(capture_packets_counted, violated == run.findings && counts.findings == run.findings);
}

/* ---- packets by themselves ---- */

static bool has_transport(const struct rpcancel_frame *frame)
{
    return frame->kind == RPCANCEL_FRAME_TCP || frame->kind == RPCANCEL_FRAME_UDP;
}

/* A packet of which |captured| octets are there, beside |whole|, what is said of all |size| of it. */
static void look_at_cut(int link, const uint8_t *bytes, uint32_t captured, uint32_t size,
                        const struct rpcancel_frame *whole)
{
    struct rpcancel_frame cut;
    uint8_t *copy = malloc(captured ? captured : 1);
    if (!copy)
        return;
    memcpy(copy, bytes, captured);
    rpcancel_tested_frame_read(defect, link, copy, captured, size, &cut);
    /* Where IP has no length what was captured stands for it, and may be too little. */
    HOLD(capture_frame_cut,
         cut.kind == whole->kind || cut.kind == RPCANCEL_FRAME_CUT || cut.kind == RPCANCEL_FRAME_WRONG);
    if (has_transport(&cut))
        HOLD(capture_frame_cut, cut.source.port == whole->source.port && cut.header == whole->header &&
                                    cut.captured <= whole->captured && cut.length <= whole->length);
    free(copy);
}

static void look_at_frame(const struct rpcancel_capture_packet *packet)
{
    struct rpcancel_frame frame;
    rpcancel_tested_frame_read(defect, packet->link, packet->bytes, packet->captured, packet->captured, &frame);
    HOLD(capture_frame_within, frame.kind < RPCANCEL_FRAME_KINDS && frame.header <= packet->captured);
    if (has_transport(&frame))
        HOLD(capture_frame_within, frame.captured <= frame.length &&
                                       frame.captured <= packet->captured - frame.header &&
                                       frame.payload == packet->bytes + frame.header && frame.network < frame.header);
    if (packet->captured > 0) {
        look_at_cut(packet->link, packet->bytes, packet->captured - 1, packet->captured, &frame);
        look_at_cut(packet->link, packet->bytes, packet->captured / 2, packet->captured, &frame);
    }
}

/* All of the headers is there but for a checksum, and zeros in place of the rest. */
static void look_at_redacted(const struct rpcancel_capture_packet *packet)
{
    struct rpcancel_frame frame;
    uint8_t *out = malloc(packet->captured ? packet->captured : 1);
    if (!out)
        return;
    rpcancel_tested_redact(defect, packet, out);
    rpcancel_frame_read(packet->link, packet->bytes, packet->captured, &frame);
    unsigned others = 0, kept = 0;
    for (uint32_t i = 0; i < packet->captured; i++) {
        others += i < frame.header && out[i] != packet->bytes[i];
        kept += i >= frame.header && out[i] != 0;
    }
    HOLD(capture_redacted, kept == 0 && others <= 2);
    free(out);
}

/* ---- an input ---- */

static void take(const struct rpcancel_parcel *parcel, int link)
{
    uint32_t captured = (uint32_t)parcel->bytes.size;
    /* Of exactly that size, so that AddressSanitizer sees who reads beyond. */
    uint8_t *copy = malloc(captured ? captured : 1);
    if (!copy)
        return;
    memcpy(copy, parcel->bytes.bytes, captured);
    run.lengths[run.packets++] = captured;
    const struct rpcancel_capture_packet packet = {.number = run.packets,
                                                   .time = (int64_t)run.packets * 1000000,
                                                   .link = link,
                                                   .bytes = copy,
                                                   .captured = captured,
                                                   .length = captured + (parcel->tag & CUT ? MISSING : 0)};
    look_at_frame(&packet);
    look_at_redacted(&packet);
    if (!rpcancel_watch_failed())
        rpcancel_capture_take(run.capture, &packet);
    HOLD(capture_bounded,
         run.capture->held <= RPCANCEL_CAPTURE_HELD && run.capture->dialogs.count <= RPCANCEL_CAPTURE_DIALOGS);
    free(copy);
}

static void judge(struct rpcancel_span rest, int link)
{
    struct rpcancel_parcel parcel;
    while (!rpcancel_watch_failed() && run.packets < PACKETS_MAX && rpcancel_parcel_next(&rest, &parcel)) {
        rpcancel_watch_piece(parcel.bytes.bytes + parcel.bytes.size);
        take(&parcel, link);
    }
    if (rpcancel_watch_failed())
        return;
    rpcancel_capture_end(run.capture);
    if (!rpcancel_watch_failed())
        check_counts();
    HOLD(capture_releases, rpcancel_tested_held(defect, run.capture) == 0 && run.capture->dialogs.count == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int links[] = {1, 113, 276, 0, 108, 12, 1, 1};
    struct rpcancel_span rest;
    uint8_t choice = rpcancel_parcels_begin(data, size, &rest);
    const struct rpcancel_capture_settings settings = {
        .profile = (enum rpcancel_wire_profile)((choice & 7) % RPCANCEL_WIRE_PROFILES),
        .levels = ~0u,
        .is_whole = choice & 8,
        .found = found,
        .has_header = choice & 0x80 ? NULL : has_header};
    rpcancel_watch_begin(data, size);
    run.packets = run.findings = 0;
    run.capture = rpcancel_capture_open(&settings);
    if (run.capture)
        judge(rest, links[choice >> 4 & 7]);
    rpcancel_capture_close(run.capture);
    rpcancel_watch_end();
    return 0;
}
