// SPDX-License-Identifier: Apache-2.0
/* Conversations: found by their ends, forgotten when there are too many. */
#include <stdlib.h>
#include <string.h>

#include "capture/capture_parts.h"

/* Tells whether the octets of |first| come behind those of |second|. */
static bool is_behind(const struct rpcancel_endpoint *first, const struct rpcancel_endpoint *second)
{
    const uint8_t *own = (const uint8_t *)first, *others = (const uint8_t *)second;
    for (unsigned i = 0; i < sizeof *first; i += 4) {
        uint32_t word = rpcancel_read_32(own + i, true), other = rpcancel_read_32(others + i, true);
        if (word != other)
            return word > other;
    }
    return false;
}

static uint32_t bucket_of(const struct rpcancel_endpoint ends[2])
{
    /* Odd, and none of them follows from another: so the products need not wait for each other. */
    static const uint64_t odd[5] = {0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93,
                                    0xA0761D6478BD642F};
    uint64_t words[5], hash = 0;
    _Static_assert(sizeof words == 2 * sizeof(struct rpcancel_endpoint), "both ends, and no padding");
    memcpy(words, ends, sizeof words);
    for (unsigned i = 0; i < 5; i++)
        hash += words[i] * odd[i];
    return (uint32_t)((hash ^ hash >> 29) * odd[0] >> 32) & (RPCANCEL_CAPTURE_BUCKETS - 1);
}

/* ---- lists ---- */

static void push(struct rpcancel_conversation_list *list, struct rpcancel_conversation *conversation)
{
    conversation->before = NULL;
    conversation->after = list->first;
    if (list->first)
        list->first->before = conversation;
    else
        list->last = conversation;
    list->first = conversation;
    list->count++;
}

static void drop(struct rpcancel_conversation_list *list, struct rpcancel_conversation *conversation)
{
    if (conversation->before)
        conversation->before->after = conversation->after;
    else
        list->first = conversation->after;
    if (conversation->after)
        conversation->after->before = conversation->before;
    else
        list->last = conversation->before;
    list->count--;
}

static struct rpcancel_conversation_list *list_of(struct rpcancel_capture *capture,
                                                  const struct rpcancel_conversation *conversation)
{
    return conversation->dialog ? &capture->dialogs : &capture->others;
}

static void move_to_front(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation)
{
    struct rpcancel_conversation_list *list = list_of(capture, conversation);
    if (list->first == conversation)
        return;
    drop(list, conversation);
    push(list, conversation);
}

/* ---- the ends of conversations ---- */

static void release(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation)
{
    rpcancel_tcp_release(capture, conversation);
    if (!conversation->dialog)
        return;
    for (unsigned side = 0; side < 2; side++)
        rpcancel_stream_release(capture, &conversation->dialog->streams[side]);
    drop(&capture->dialogs, conversation);
    free(conversation->dialog);
    conversation->dialog = NULL;
    push(&capture->others, conversation);
}

void rpcancel_conversation_end(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation,
                               enum rpcancel_conversation_kind kind)
{
    if (conversation->kind == RPCANCEL_CONVERSATION_NEW && kind == RPCANCEL_CONVERSATION_OVER)
        capture->counts.silent++;
    conversation->kind = (uint8_t)kind;
    release(capture, conversation);
}

static void clear(struct rpcancel_conversation *conversation)
{
    memset(conversation->sides, 0, sizeof conversation->sides);
    conversation->stalled = conversation->guesses = 0;
    conversation->saw_syn = conversation->is_start_missing = conversation->is_open_start = false;
    conversation->kind = RPCANCEL_CONVERSATION_NEW;
}

void rpcancel_conversation_reset(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation)
{
    if (conversation->kind != RPCANCEL_CONVERSATION_OVER) {
        rpcancel_tcp_flush(capture, conversation);
        rpcancel_conversation_end(capture, conversation, RPCANCEL_CONVERSATION_OVER);
    }
    clear(conversation);
    capture->counts.conversations++;
}

/* Takes |conversation| out of everything. */
static void forget(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation)
{
    struct rpcancel_conversation **at = &capture->buckets[bucket_of(conversation->ends)];
    while (*at != conversation)
        at = &(*at)->in_bucket;
    *at = conversation->in_bucket;
    bool is_over =
        conversation->kind == RPCANCEL_CONVERSATION_OVER || conversation->kind == RPCANCEL_CONVERSATION_OTHER;
    capture->counts.forgotten += !is_over;
    release(capture, conversation);
    drop(&capture->others, conversation);
    conversation->in_bucket = capture->spare;
    capture->spare = conversation;
}

void rpcancel_capture_trim(struct rpcancel_capture *capture, const struct rpcancel_conversation *keep)
{
    while (capture->held > RPCANCEL_CAPTURE_HELD && capture->dialogs.last && capture->dialogs.last != keep)
        forget(capture, capture->dialogs.last);
    while (capture->held > RPCANCEL_CAPTURE_HELD && capture->others.last && capture->others.last != keep)
        forget(capture, capture->others.last);
}

/* ---- their beginnings ---- */

bool rpcancel_conversation_begin(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation)
{
    struct rpcancel_dialog *dialog = calloc(1, sizeof *dialog);
    capture->exhausted |= !dialog;
    if (!dialog)
        return false;
    if (capture->dialogs.count == RPCANCEL_CAPTURE_DIALOGS)
        forget(capture, capture->dialogs.last);
    dialog->client = RPCANCEL_SIDE_UNKNOWN;
    dialog->has_start = conversation->saw_syn && !conversation->is_start_missing;
    drop(&capture->others, conversation);
    conversation->dialog = dialog;
    conversation->kind = RPCANCEL_CONVERSATION_DIALOG;
    push(&capture->dialogs, conversation);
    return true;
}

static struct rpcancel_conversation *make(struct rpcancel_capture *capture, const struct rpcancel_endpoint ends[2],
                                          uint32_t bucket)
{
    if (capture->others.count == RPCANCEL_CAPTURE_OTHERS)
        forget(capture, capture->others.last);
    struct rpcancel_conversation *conversation = capture->spare;
    if (conversation)
        capture->spare = conversation->in_bucket;
    else
        conversation = malloc(sizeof *conversation);
    capture->exhausted |= !conversation;
    if (!conversation)
        return NULL;
    memset(conversation, 0, sizeof *conversation);
    memcpy(conversation->ends, ends, sizeof conversation->ends);
    conversation->in_bucket = capture->buckets[bucket];
    capture->buckets[bucket] = conversation;
    push(&capture->others, conversation);
    capture->counts.conversations++;
    return conversation;
}

struct rpcancel_conversation *rpcancel_conversation_find(struct rpcancel_capture *capture,
                                                         const struct rpcancel_frame *frame, unsigned *side)
{
    struct rpcancel_endpoint ends[2];
    *side = is_behind(&frame->source, &frame->destination);
    ends[*side] = frame->source;
    ends[!*side] = frame->destination;
    uint32_t bucket = bucket_of(ends);
    struct rpcancel_conversation *at = capture->buckets[bucket];
    while (at && memcmp(at->ends, ends, sizeof ends) != 0)
        at = at->in_bucket;
    if (!at)
        return make(capture, ends, bucket);
    move_to_front(capture, at);
    return at;
}
