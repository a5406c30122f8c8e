// SPDX-License-Identifier: Apache-2.0
#include "sequence/spelling.h"

#include <assert.h>
#include <string.h>

static const char *const size_words[RPCANCEL_BAD_SIZES] = {"size-too-small", "size-too-large"};
static const char *const member_words[RPCANCEL_MEMBERS] = {"signature", "size", "lock", "stub-info"};
static const char *const event_words[RPCANCEL_CALL_EVENTS] = {"cancel", "disconnect", "unsupported", "no-type"};
static const char *const timeout_words[RPCANCEL_TIMEOUTS] = {"infinite", "0", "1", "2"};
static const char *const association_words[RPCANCEL_ASSOCIATIONS] = {
    "plain", "multiplexed", "keep", "multiplexed-keep", "signing", "big-endian", "features-twice"};
static const char *const request_words[RPCANCEL_REQUESTS] = {
    "fast", "park", "hold", "stream", "fast-pending-cancel", "park-pending-cancel", "fast-maybe", "fast-announcing"};
static const char *const fragment_words[RPCANCEL_FRAGMENTS] = {"plain", "pending-cancel"};
static const char *const form_words[RPCANCEL_FORMS] = {"flags-06", "flags-03", "flags-00", "flags-02",
                                                       "flags-04", "flags-07", "verifier", "junk"};
static const char *const wrong_words[RPCANCEL_WRONG_TYPES] = {"response", "fault", "bind_ack",   "bind_nak",
                                                              "shutdown", "ping",  "cancel_ack", "unknown"};
static const char *const relay_words[RPCANCEL_RELAYS] = {"plain", "pending-cancel", "stray-reply", "fragments",
                                                         "fault", "drop",           "late"};
static const char *const thread_words[] = {"@t1", "@t2", "@t3", "@w"};

/* The words of each meaning of an argument; the codes of faults are numbers. */
static const struct {
    const char *const *words;
    unsigned count;
} argument_words[] = {
    [RPCANCEL_ARGUMENT_SIZE] = {size_words, RPCANCEL_BAD_SIZES},
    [RPCANCEL_ARGUMENT_MEMBER] = {member_words, RPCANCEL_MEMBERS},
    [RPCANCEL_ARGUMENT_SUBSCRIBED] = {event_words, RPCANCEL_CALL_EVENTS},
    [RPCANCEL_ARGUMENT_UNSUBSCRIBED] = {event_words, RPCANCEL_EVENT_UNSUPPORTED + 1},
    [RPCANCEL_ARGUMENT_TAKEN] = {event_words, RPCANCEL_EVENT_DISCONNECT + 1},
    [RPCANCEL_ARGUMENT_TIMEOUT] = {timeout_words, RPCANCEL_TIMEOUTS},
    [RPCANCEL_ARGUMENT_CALL_TIMEOUT] = {timeout_words, RPCANCEL_TIMEOUT_ONE + 1},
    [RPCANCEL_ARGUMENT_ASSOCIATION] = {association_words, RPCANCEL_ASSOCIATIONS},
    [RPCANCEL_ARGUMENT_REQUEST] = {request_words, RPCANCEL_REQUESTS},
    [RPCANCEL_ARGUMENT_FRAGMENT] = {fragment_words, RPCANCEL_FRAGMENTS},
    [RPCANCEL_ARGUMENT_FORM] = {form_words, RPCANCEL_FORMS},
    [RPCANCEL_ARGUMENT_WRONG] = {wrong_words, RPCANCEL_WRONG_TYPES},
    [RPCANCEL_ARGUMENT_RELAY] = {relay_words, RPCANCEL_RELAYS},
};

static_assert(sizeof thread_words / sizeof thread_words[0] == RPCANCEL_THREADS, "one word per thread");

/* If |words| has a word at |*position|, makes it |slot|'s; else takes the words it has off |*position|. */
static bool take_words(const char *words, unsigned *position, struct rpcancel_slot *slot)
{
    for (size_t length; *words; words += length + (words[length] == ' ')) {
        length = strcspn(words, " ");
        if ((*position)-- == 0) {
            *slot = (struct rpcancel_slot){.kind = RPCANCEL_SLOT_WORD, .word = words, .length = length};
            return true;
        }
    }
    return false;
}

/* The same for an operand, which is there when |used| says so. */
static bool take_operand(unsigned used, enum rpcancel_slot_kind kind, unsigned *position, struct rpcancel_slot *slot)
{
    if (!used || (*position)-- != 0)
        return false;
    *slot = (struct rpcancel_slot){.kind = kind};
    return true;
}

struct rpcancel_slot rpcancel_slot_at(unsigned kind, unsigned position)
{
    const struct rpcancel_operation_description *d = rpcancel_operation_describe(kind);
    struct rpcancel_slot slot = {.kind = RPCANCEL_SLOT_END};
    if (take_words(d->words, &position, &slot))
        return slot;
    if (take_operand(d->uses & RPCANCEL_USES_HANDLE, RPCANCEL_SLOT_HANDLE, &position, &slot))
        return slot;
    if (take_operand(d->uses & RPCANCEL_USES_ARGUMENT, RPCANCEL_SLOT_ARGUMENT, &position, &slot))
        return slot;
    if (take_words(d->suffix, &position, &slot))
        return slot;
    take_operand(d->uses & RPCANCEL_USES_THREAD, RPCANCEL_SLOT_THREAD, &position, &slot);
    return slot;
}

unsigned rpcancel_argument_values(unsigned kind)
{
    unsigned values = 1;
    for (; values < RPCANCEL_OPERANDS_MAX; values++) {
        struct rpcancel_operation operation = {.kind = (uint8_t)kind, .argument = values & 7u};
        if (rpcancel_operation_canonical(operation).argument != values)
            break;
    }
    return values;
}

bool rpcancel_word_is_handle(struct rpcancel_word word, unsigned *handle, bool *earlier)
{
    if (word.length < 1 || word.length > 2 || word.text[0] < 'a' || word.text[0] >= 'a' + RPCANCEL_HANDLES_MAX)
        return false;
    if (word.length == 2 && word.text[1] != '\'')
        return false;
    *handle = (unsigned)(word.text[0] - 'a');
    *earlier = word.length == 2;
    return true;
}

static bool read_handle(struct rpcancel_word word, struct rpcancel_operation *operation)
{
    unsigned handle;
    bool earlier;
    if (!rpcancel_word_is_handle(word, &handle, &earlier))
        return false;
    if (earlier && !(rpcancel_operation_describe(operation->kind)->uses & RPCANCEL_USES_EARLIER))
        return false;
    operation->handle = handle & 3u;
    operation->earlier = earlier;
    return true;
}

/* Returns the position of |word| among |count| |words|, or -1. */
static int find_word(struct rpcancel_word word, const char *const *words, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (rpcancel_word_is(word, words[i], strlen(words[i])))
            return (int)i;
    }
    return -1;
}

static int find_fault(struct rpcancel_word word)
{
    uint32_t code;
    if (!rpcancel_word_code(word, &code))
        return -1;
    for (unsigned i = 0; i < RPCANCEL_FAULT_CODE_COUNT; i++) {
        if (rpcancel_fault_code(i) == code)
            return (int)i;
    }
    return -1;
}

static int find_argument(struct rpcancel_word word, unsigned meaning)
{
    if (meaning == RPCANCEL_ARGUMENT_FAULT)
        return find_fault(word);
    return find_word(word, argument_words[meaning].words, argument_words[meaning].count);
}

static bool read_argument(struct rpcancel_word word, struct rpcancel_operation *operation)
{
    int position = find_argument(word, rpcancel_operation_describe(operation->kind)->argument);
    if (position >= 0)
        operation->argument = (unsigned)position & 7u;
    return position >= 0;
}

static bool read_thread(struct rpcancel_word word, struct rpcancel_operation *operation)
{
    int position = find_word(word, thread_words, RPCANCEL_THREADS);
    if (position >= 0)
        operation->thread = (unsigned)position & 3u;
    return position >= 0;
}

bool rpcancel_slot_read(struct rpcancel_slot slot, struct rpcancel_word word, struct rpcancel_operation *operation)
{
    switch (slot.kind) {
    case RPCANCEL_SLOT_WORD:
        return rpcancel_word_is(word, slot.word, slot.length);
    case RPCANCEL_SLOT_HANDLE:
        return read_handle(word, operation);
    case RPCANCEL_SLOT_ARGUMENT:
        return read_argument(word, operation);
    case RPCANCEL_SLOT_THREAD:
        return read_thread(word, operation);
    default:
        return word.kind == RPCANCEL_WORD_END;
    }
}

static void print_argument(struct rpcancel_operation operation, struct rpcancel_text *text)
{
    unsigned meaning = rpcancel_operation_describe(operation.kind)->argument;
    if (meaning == RPCANCEL_ARGUMENT_FAULT)
        rpcancel_text_put_code(text, rpcancel_fault_code(operation.argument));
    else
        rpcancel_text_put_string(text, argument_words[meaning].words[operation.argument]);
}

void rpcancel_slot_print(struct rpcancel_slot slot, struct rpcancel_operation operation, struct rpcancel_text *text)
{
    char handle = (char)('a' + operation.handle);
    switch (slot.kind) {
    case RPCANCEL_SLOT_WORD:
        rpcancel_text_put(text, slot.word, slot.length);
        break;
    case RPCANCEL_SLOT_HANDLE:
        rpcancel_text_put(text, &handle, 1);
        rpcancel_text_put_string(text, operation.earlier ? "'" : "");
        break;
    case RPCANCEL_SLOT_ARGUMENT:
        print_argument(operation, text);
        break;
    case RPCANCEL_SLOT_THREAD:
        rpcancel_text_put_string(text, thread_words[operation.thread]);
        break;
    default:
        break;
    }
}
