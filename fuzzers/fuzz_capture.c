// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzzes what reads and judges captures: everything of harness/capture that looks at packets.
 *
 * Exercised: rpcancel_capture_take and _end, with all behind them; rpcancel_redact.
 * Found: what sanitizers find, and what breaks one of the promises of capture/capture.h that are looked at below.
 * Input: an octet that chooses profile and link type, then packets: two octets of length (little-endian, 2 KiB at most;
 * bit 15: the packet had 100 octets more, which were not captured), and as many octets.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/capture_parts.h"
#include "capture/redact.h"

enum { PACKET_MAX = 2048, CUT = 0x8000, MISSING = 100 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One function for each promise, so that crashes are told apart by the stack. */
#define PROMISE(name, condition) \
    do {                         \
        if (!(condition))        \
            broken_##name();     \
    } while (0)
#define BREAKS(name, text)                                              \
    static _Noreturn __attribute__((noinline)) void broken_##name(void) \
    {                                                                   \
        fprintf(stderr, "broken: %s\n", text);                          \
        abort();                                                        \
    }
BREAKS(finding, "a finding names packets that there were, in order, and a rule on the side that sent the PDU")
BREAKS(counts, "each PDU is of a type, and judged by all rules or by some")
BREAKS(headers, "octets that are kept are octets of the packet")
BREAKS(memory, "nothing is held when all is over")

struct run {
    uint64_t packets, findings;
    uint32_t lengths[1 << 13]; /* octets of the packets that there were */
    struct rpcancel_capture *capture;
};

static void found(void *context, const struct rpcancel_capture_finding *finding)
{
    struct run *run = context;
    run->findings++;
    PROMISE(finding, finding->first_packet >= 1 && finding->first_packet <= run->packets);
    PROMISE(finding, finding->packet >= 1 && finding->packet <= run->packets);
    PROMISE(finding, finding->rule < rpcancel_wire_rule_count());
    PROMISE(finding, rpcancel_wire_rule_at(finding->rule)->roles & finding->event->sender);
}

static void has_header(void *context, uint64_t packet, uint32_t offset, uint32_t size)
{
    const struct run *run = context;
    PROMISE(headers, packet >= 1 && packet <= run->packets && size > 0);
    PROMISE(headers, offset + size <= run->lengths[packet - 1]);
}

static void check_counts(const struct run *run)
{
    const struct rpcancel_capture_counts *counts = rpcancel_capture_counts(run->capture);
    uint64_t types = 0, frames = 0, violated = 0;
    for (unsigned i = 0; i < RPCANCEL_CAPTURE_TYPES; i++)
        types += counts->types[i];
    for (unsigned i = 0; i < RPCANCEL_FRAME_KINDS; i++)
        frames += counts->frames[i];
    for (unsigned i = 0; i < rpcancel_wire_rule_count(); i++)
        violated += rpcancel_capture_violated(run->capture, i);
    PROMISE(counts, types == counts->pdus && counts->judged + counts->judged_alone == counts->pdus);
    PROMISE(counts, frames == counts->packets && counts->packets == run->packets);
    PROMISE(counts, violated == run->findings && counts->findings == run->findings);
    PROMISE(counts, counts->dialogs <= counts->conversations && counts->without_start <= counts->dialogs);
}

static void take(struct run *run, const uint8_t *bytes, uint32_t captured, uint32_t length, int link)
{
    /* Of exactly that size, so that AddressSanitizer sees who reads beyond. */
    uint8_t *copy = malloc(captured ? captured : 1), *out = malloc(captured ? captured : 1);
    const struct rpcancel_capture_packet packet = {.number = run->packets + 1,
                                                   .time = (int64_t)run->packets,
                                                   .link = link,
                                                   .bytes = copy,
                                                   .captured = captured,
                                                   .length = length};
    if (copy && out && run->packets < sizeof run->lengths / sizeof run->lengths[0]) {
        memcpy(copy, bytes, captured);
        run->lengths[run->packets++] = captured;
        rpcancel_redact(&packet, NULL, 0, out);
        rpcancel_capture_take(run->capture, &packet);
    }
    free(copy);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int links[] = {1, 113, 276, 0, 108, 12, 1, 1};
    static struct run run;
    unsigned choice = size > 0 ? data[0] : 0;
    const struct rpcancel_capture_settings settings = {.profile = choice % RPCANCEL_WIRE_PROFILES,
                                                       .levels = ~0u,
                                                       .context = &run,
                                                       .found = found,
                                                       .has_header = choice & 0x80 ? NULL : has_header};
    run.packets = run.findings = 0;
    run.capture = rpcancel_capture_open(&settings);
    for (size_t at = 1; run.capture && at + 2 <= size;) {
        unsigned head = data[at] | (unsigned)data[at + 1] << 8, length = head & (PACKET_MAX - 1);
        at += 2;
        if (length > size - at)
            length = (unsigned)(size - at);
        take(&run, data + at, length, length + (head & CUT ? MISSING : 0), links[choice >> 4 & 7]);
        at += length;
    }
    if (!run.capture)
        return 0;
    rpcancel_capture_end(run.capture);
    check_counts(&run);
    PROMISE(memory, run.capture->held == 0 && run.capture->dialogs.count == 0);
    rpcancel_capture_close(run.capture);
    return 0;
}
