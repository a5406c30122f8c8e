// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "capture/source.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

/* Large enough that reading costs no more than copying; and at the beginning of a page, as the kernel's copying takes
 * four times as long where the addresses on both sides differ by a few octets within one. */
enum { BUFFER = 256 * 1024, PAGE = 4096 };

static bool fail(struct rpcancel_source *source, const char *why)
{
    snprintf(source->failure, sizeof source->failure, "%s", why);
    return false;
}

static bool open_file(struct rpcancel_source *source, const char *path)
{
    bool is_standard = strcmp(path, "-") == 0;
    source->file = is_standard ? stdin : fopen(path, "re");
    source->buffer = source->file && !is_standard ? aligned_alloc(PAGE, BUFFER) : NULL;
    if (source->buffer)
        setvbuf(source->file, source->buffer, _IOFBF, BUFFER);
    if (source->file)
        __fsetlocking(source->file, FSETLOCKING_BYCALLER); /* no other thread reads it */
    return source->file ? true : fail(source, strerror(errno));
}

bool rpcancel_source_open(struct rpcancel_source *source, const char *path)
{
    char failure[PCAP_ERRBUF_SIZE] = "";
    *source = (struct rpcancel_source){0};
    if (!open_file(source, path))
        return false;
    source->pcap = pcap_fopen_offline_with_tstamp_precision(source->file, PCAP_TSTAMP_PRECISION_NANO, failure);
    if (!source->pcap)
        return fail(source, failure);
    source->file = NULL; /* libpcap closes it */
    source->link = pcap_datalink(source->pcap);
    source->snap_length = (uint32_t)pcap_snapshot(source->pcap);
    if (rpcancel_frame_link_is_known(source->link)) {
        if (source->buffer) /* no standard input, of which some may be read already */
            rpcancel_plain_begin(&source->plain, fileno(pcap_file(source->pcap)), source->snap_length);
        return true;
    }
    const char *name = pcap_datalink_val_to_name(source->link);
    snprintf(
        source->failure, sizeof source->failure,
        "packets of the link type %d (%s) cannot be read; those of Ethernet, Linux cooked, BSD loopback and raw IP "
        "can",
        source->link, name ? name : "without a name");
    return false;
}

/* Has libpcap go on where the file is plain no more. */
static bool leave_plain(struct rpcancel_source *source)
{
    off_t position = (off_t)rpcancel_plain_position(&source->plain);
    rpcancel_plain_end(&source->plain);
    return fseeko(pcap_file(source->pcap), position, SEEK_SET) == 0;
}

static enum rpcancel_source_result next_of_pcap(struct rpcancel_source *source, struct rpcancel_capture_packet *packet)
{
    struct pcap_pkthdr *header;
    int result = pcap_next_ex(source->pcap, &header, &packet->bytes);
    if (result == PCAP_ERROR_BREAK)
        return RPCANCEL_SOURCE_END;
    if (result != 1) {
        snprintf(source->failure, sizeof source->failure, "after packet %llu: %s", (unsigned long long)source->number,
                 pcap_geterr(source->pcap));
        return RPCANCEL_SOURCE_BROKEN;
    }
    packet->time = (int64_t)header->ts.tv_sec * 1000000000 + header->ts.tv_usec; /* which is nanoseconds here */
    packet->captured = header->caplen;
    packet->length = header->len;
    return RPCANCEL_SOURCE_PACKET;
}

enum rpcancel_source_result rpcancel_source_next(struct rpcancel_source *source, struct rpcancel_capture_packet *packet)
{
    bool is_plain = source->plain.buffer && rpcancel_plain_next(&source->plain, packet);
    if (source->plain.buffer && !is_plain && !leave_plain(source)) {
        snprintf(source->failure, sizeof source->failure, "after packet %llu: %s", (unsigned long long)source->number,
                 strerror(errno));
        return RPCANCEL_SOURCE_BROKEN;
    }
    enum rpcancel_source_result result = is_plain ? RPCANCEL_SOURCE_PACKET : next_of_pcap(source, packet);
    if (result != RPCANCEL_SOURCE_PACKET)
        return result;
    packet->number = ++source->number;
    packet->link = source->link;
    if (packet->length < packet->captured)
        packet->length = packet->captured;
    return result;
}

void rpcancel_source_close(struct rpcancel_source *source)
{
    if (source->pcap)
        pcap_close(source->pcap);
    else if (source->file && source->file != stdin)
        fclose(source->file);
    free(source->buffer);
    rpcancel_plain_end(&source->plain);
    source->pcap = NULL;
    source->file = NULL;
    source->buffer = NULL;
}

enum rpcancel_source_result rpcancel_source_judge(struct rpcancel_source *source, struct rpcancel_capture *capture,
                                                  const volatile sig_atomic_t *interrupted)
{
    struct rpcancel_capture_packet packet;
    enum rpcancel_source_result result = RPCANCEL_SOURCE_PACKET;
    while (result == RPCANCEL_SOURCE_PACKET && !(interrupted && *interrupted)) {
        result = rpcancel_source_next(source, &packet);
        if (result == RPCANCEL_SOURCE_PACKET && !rpcancel_capture_take(capture, &packet)) {
            snprintf(source->failure, sizeof source->failure, "after packet %llu: out of memory",
                     (unsigned long long)source->number);
            result = RPCANCEL_SOURCE_BROKEN;
        }
    }
    rpcancel_capture_end(capture);
    if (interrupted && *interrupted) {
        snprintf(source->failure, sizeof source->failure, "interrupted after packet %llu",
                 (unsigned long long)source->number);
        result = RPCANCEL_SOURCE_BROKEN;
    }
    return result;
}
