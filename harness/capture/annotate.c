// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "capture/annotate.h"

#include <stdlib.h>
#include <string.h>

#include "capture/finding.h"
#include "capture/pcapng_write.h"
#include "capture/redact.h"
#include "sequence/text_buffer.h"

enum { COMMENT = 1024, COMMENTS_MAX = 64, LINK_RAW = 12, LINK_RAW_OPENBSD = 14, LINKTYPE_RAW = 101 };

/* What is said of a packet. */
struct comment {
    uint64_t packet;
    char *text;
};

struct annotation {
    const struct rpcancel_annotation_request *request;
    struct rpcancel_annotation_result *result;
    struct comment *comments; /* by packet, once they are sorted */
    size_t comment_count, comment_room, comment_at;
    struct rpcancel_kept_octets *kept; /* likewise */
    size_t kept_count, kept_room, kept_at;
    bool exhausted;
};

/* ---- the first reading ---- */

/* Makes room for one more of |size| octets each. NULL: memory is exhausted. */
static void *grow(struct annotation *annotation, void *list, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return list;
    size_t more = *room ? 2 * *room : 64;
    void *grown = realloc(list, more * size);
    annotation->exhausted |= !grown;
    if (grown)
        *room = more;
    return grown;
}

static void found(void *context, const struct rpcancel_capture_finding *finding)
{
    struct annotation *annotation = context;
    const struct rpcancel_rule *rule = rpcancel_capture_rule_at(finding->rule);
    char what[RPCANCEL_FINDING_TEXT_MAX], said[COMMENT];
    rpcancel_captured_print(finding, what, sizeof what);
    snprintf(said, sizeof said, "FAIL %s (%s), the %s\nfound %s\nexpected %s", rule->id,
             rpcancel_level_name((enum rpcancel_level)rule->level), rpcancel_captured_side(finding), what, rule->text);
    void *grown = grow(annotation, annotation->comments, annotation->comment_count, &annotation->comment_room,
                       sizeof *annotation->comments);
    char *text = grown ? strdup(said) : NULL;
    annotation->exhausted |= !text;
    if (grown)
        annotation->comments = grown;
    if (text)
        annotation->comments[annotation->comment_count++] = (struct comment){finding->packet, text};
}

static void has_header(void *context, uint64_t packet, uint32_t offset, uint32_t size)
{
    struct annotation *annotation = context;
    void *grown =
        grow(annotation, annotation->kept, annotation->kept_count, &annotation->kept_room, sizeof *annotation->kept);
    if (!grown)
        return;
    annotation->kept = grown;
    annotation->kept[annotation->kept_count++] = (struct rpcancel_kept_octets){packet, offset, size};
}

static int compare_numbers(uint64_t one, uint64_t other)
{
    return (one > other) - (one < other);
}

static int compare_comments(const void *one, const void *other)
{
    const struct comment *first = one, *second = other;
    int order = compare_numbers(first->packet, second->packet);
    return order ? order : strcmp(first->text, second->text);
}

static int compare_kept(const void *one, const void *other)
{
    const struct rpcancel_kept_octets *first = one, *second = other;
    int order = compare_numbers(first->packet, second->packet);
    return order ? order : compare_numbers(first->offset, second->offset);
}

static bool fail(struct annotation *annotation, const char *why)
{
    snprintf(annotation->result->failure, sizeof annotation->result->failure, "%s", why);
    return false;
}

/* Judges the file, and keeps what is to be said of its packets. */
static bool judge(struct annotation *annotation)
{
    const struct rpcancel_annotation_request *request = annotation->request;
    const struct rpcancel_capture_settings settings = {.profile = request->profile,
                                                       .levels = request->levels,
                                                       .is_whole = request->is_whole,
                                                       .context = annotation,
                                                       .found = found,
                                                       .has_header = request->redact ? has_header : NULL};
    struct rpcancel_source source;
    struct rpcancel_capture *capture = rpcancel_capture_open(&settings);
    bool is_open = rpcancel_source_open(&source, request->in);
    if (capture && is_open) {
        rpcancel_source_judge(&source, capture, request->interrupted); /* trouble is found once more, and told then */
        const struct rpcancel_capture_counts *counts = rpcancel_capture_counts(capture);
        annotation->result->findings = counts->findings;
        annotation->result->judged = counts->judged + counts->judged_alone;
    }
    bool is_exhausted = !capture || annotation->exhausted;
    rpcancel_capture_close(capture);
    rpcancel_source_close(&source);
    if (!is_open || is_exhausted)
        return fail(annotation, is_exhausted ? "out of memory" : source.failure);
    if (annotation->comment_count)
        qsort(annotation->comments, annotation->comment_count, sizeof *annotation->comments, compare_comments);
    if (annotation->kept_count)
        qsort(annotation->kept, annotation->kept_count, sizeof *annotation->kept, compare_kept);
    return true;
}

/* ---- the second reading ---- */

static void write_packet(struct annotation *annotation, const struct rpcancel_capture_packet *packet, uint8_t *room)
{
    const char *said[COMMENTS_MAX + 1];
    size_t count = 0, first = annotation->kept_at;
    struct rpcancel_pcapng_packet written = {.time = (uint64_t)packet->time,
                                             .bytes = packet->bytes,
                                             .captured = packet->captured,
                                             .length = packet->length,
                                             .comments = said};
    for (; annotation->comment_at < annotation->comment_count &&
           annotation->comments[annotation->comment_at].packet == packet->number;
         annotation->comment_at++) {
        if (count < COMMENTS_MAX)
            said[count++] = annotation->comments[annotation->comment_at].text;
    }
    annotation->result->commented += count > 0;
    while (annotation->kept_at < annotation->kept_count &&
           annotation->kept[annotation->kept_at].packet == packet->number)
        annotation->kept_at++;
    if (annotation->request->redact) {
        written.bytes = room;
        if (!rpcancel_redact(packet, annotation->kept + first, annotation->kept_at - first, room))
            said[count++] = "The packet was cut when it was captured: its checksum is of what was dropped";
    }
    written.comment_count = count;
    rpcancel_pcapng_packet(annotation->request->out, &written);
    annotation->result->packets++;
}

static unsigned link_type_of(int link)
{
    return link == LINK_RAW || link == LINK_RAW_OPENBSD ? (unsigned)LINKTYPE_RAW : (unsigned)link;
}

static void write_all(struct annotation *annotation, struct rpcancel_source *source)
{
    struct rpcancel_capture_packet packet;
    enum rpcancel_source_result read = RPCANCEL_SOURCE_PACKET;
    const volatile sig_atomic_t *interrupted = annotation->request->interrupted;
    uint8_t *room = NULL;
    size_t size = 0;
    while (!(interrupted && *interrupted) && (read = rpcancel_source_next(source, &packet)) == RPCANCEL_SOURCE_PACKET) {
        if (annotation->request->redact && packet.captured > size) {
            size = packet.captured;
            free(room);
            room = malloc(size);
        }
        if (annotation->request->redact && packet.captured > 0 && !room) {
            fail(annotation, "out of memory");
            return;
        }
        write_packet(annotation, &packet, room);
    }
    free(room);
    annotation->result->is_complete = read == RPCANCEL_SOURCE_END;
    if (!annotation->result->is_complete)
        fail(annotation, read == RPCANCEL_SOURCE_BROKEN ? source->failure : "interrupted");
}

static void release(struct annotation *annotation)
{
    for (size_t i = 0; i < annotation->comment_count; i++)
        free(annotation->comments[i].text);
    free(annotation->comments);
    free(annotation->kept);
}

bool rpcancel_annotate(const struct rpcancel_annotation_request *request, struct rpcancel_annotation_result *result)
{
    struct annotation annotation = {.request = request, .result = result};
    struct rpcancel_source source;
    char comment[COMMENT];
    *result = (struct rpcancel_annotation_result){0};
    bool is_begun = judge(&annotation);
    if (is_begun) {
        is_begun = rpcancel_source_open(&source, request->in) || fail(&annotation, source.failure);
        if (is_begun) {
            snprintf(comment, sizeof comment, "Judged by the rules of the profile %s%s",
                     rpcancel_wire_profile_name(request->profile),
                     request->redact ? "; what packets carry, but for headers, was made zeros" : "");
            rpcancel_pcapng_begin(request->out, comment);
            rpcancel_pcapng_interface(request->out, (uint16_t)link_type_of(source.link), source.snap_length);
            write_all(&annotation, &source);
        }
        rpcancel_source_close(&source);
    }
    release(&annotation);
    return is_begun;
}
