// SPDX-License-Identifier: Apache-2.0
/* Conversations: found by their ends, forgotten when there are too many. */
#include <stdlib.h>
#include <string.h>

#include "capture/capture_parts.h"

static bool is_same(const struct rpcancel_endpoint *end, const struct rpcancel_endpoint *other)
{
    return end->port == other->port && memcmp(end, other, sizeof *end) == 0;
}

/* Each part is taken in the width in which it was written a moment ago: else the processor waits for it to be stored.
 */
static uint64_t hash_of(const struct rpcancel_endpoint *end)
{
    /* Odd, and none of them follows from another: so the products need not wait for each other. */
    static const uint64_t odd[] = {0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93,
                                   0xA0761D6478BD642F};
    uint32_t words[RPCANCEL_ADDRESS_SIZE / 4];
    uint64_t hash = end->port * odd[4];
    memcpy(words, end->address, sizeof words);
    for (unsigned i = 0; i < RPCANCEL_ADDRESS_SIZE / 4; i++)
        hash += words[i] * odd[i];
    return (hash ^ hash >> 32) * odd[0]; /* no sum of parts any more, as both ends are added up */
}

/* Whichever end is which. */
static uint32_t bucket_of(const struct rpcancel_endpoint *end, const struct rpcancel_endpoint *other)
{
    return (uint32_t)((hash_of(end) + hash_of(other)) >> 32) & (RPCANCEL_CAPTURE_BUCKETS - 1);
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
    struct rpcancel_conversation **at = &capture->buckets[bucket_of(&conversation->ends[0], &conversation->ends[1])];
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

static struct rpcancel_conversation *make(struct rpcancel_capture *capture, const struct rpcancel_frame *frame,
                                          uint32_t bucket)
{
    bool is_second = memcmp(&frame->source, &frame->destination, sizeof frame->source) > 0;
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
    conversation->ends[is_second] = frame->source;
    conversation->ends[!is_second] = frame->destination;
    conversation->in_bucket = capture->buckets[bucket];
    capture->buckets[bucket] = conversation;
    push(&capture->others, conversation);
    capture->counts.conversations++;
    return conversation;
}

static bool is_between(const struct rpcancel_conversation *conversation, const struct rpcancel_endpoint *end,
                       const struct rpcancel_endpoint *other)
{
    return is_same(&conversation->ends[0], end) && is_same(&conversation->ends[1], other);
}

struct rpcancel_conversation *rpcancel_conversation_find(struct rpcancel_capture *capture,
                                                         const struct rpcancel_frame *frame, unsigned *side)
{
    const struct rpcancel_endpoint *source = &frame->source, *destination = &frame->destination;
    uint32_t bucket = bucket_of(source, destination);
    struct rpcancel_conversation *at = capture->buckets[bucket];
    while (at && !is_between(at, source, destination) && !is_between(at, destination, source))
        at = at->in_bucket;
    if (at)
        move_to_front(capture, at);
    else
        at = make(capture, frame, bucket);
    *side = at && !is_same(&at->ends[0], source);
    return at;
}
