// SPDX-License-Identifier: Apache-2.0
#include "sequence/spelling.h"

#include <assert.h>
#include <string.h>

static const char *const size_words[] = {"size-too-small", "size-too-large"};
static const char *const member_words[] = {"signature", "size", "lock", "stub-info"};
static const char *const thread_words[] = {"@t1", "@t2", "@t3", "@w"};

static_assert(sizeof size_words / sizeof size_words[0] == RPCANCEL_BAD_SIZES, "one word per bad size");
static_assert(sizeof member_words / sizeof member_words[0] == RPCANCEL_MEMBERS, "one word per member");
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
    switch (meaning) {
    case RPCANCEL_ARGUMENT_SIZE:
        return find_word(word, size_words, RPCANCEL_BAD_SIZES);
    case RPCANCEL_ARGUMENT_MEMBER:
        return find_word(word, member_words, RPCANCEL_MEMBERS);
    case RPCANCEL_ARGUMENT_FAULT:
        return find_fault(word);
    default:
        return -1;
    }
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
    switch (rpcancel_operation_describe(operation.kind)->argument) {
    case RPCANCEL_ARGUMENT_SIZE:
        rpcancel_text_put_string(text, size_words[operation.argument]);
        break;
    case RPCANCEL_ARGUMENT_MEMBER:
        rpcancel_text_put_string(text, member_words[operation.argument]);
        break;
    case RPCANCEL_ARGUMENT_FAULT:
        rpcancel_text_put_code(text, rpcancel_fault_code(operation.argument));
        break;
    default:
        break;
    }
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
