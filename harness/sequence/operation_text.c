// SPDX-License-Identifier: Apache-2.0
/*
 * Operations as text. Reading tries every kind of operation, slot by slot; the kinds that took the most words say what
 * was expected after them.
 */
#include "sequence/operation_text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sequence/mistake.h"
#include "sequence/spelling.h"
#include "sequence/text_buffer.h"
#include "status.h"

static_assert(RPCANCEL_HANDLES_MAX == 4, "the phrases name all handles");
static const char handle_phrase[] = "a handle (a, b, c or d)";
static const char earlier_phrase[] = "a handle (a, b, c or d; a' for an earlier call)";
static_assert(sizeof earlier_phrase <= RPCANCEL_ACCEPTED_TEXT_MAX, "shown in full");
static const char end_phrase[] = "the end of the line";

size_t rpcancel_operation_print(struct rpcancel_operation operation, char *out, size_t size)
{
    struct rpcancel_text text = rpcancel_text_in(out, size);
    operation = rpcancel_operation_canonical(operation);
    for (unsigned position = 0;; position++) {
        struct rpcancel_slot slot = rpcancel_slot_at(operation.kind, position);
        if (slot.kind == RPCANCEL_SLOT_END)
            return text.length;
        rpcancel_text_put_string(&text, position > 0 ? " " : "");
        rpcancel_slot_print(slot, operation, &text);
    }
}

/* How far the words of a line suit each kind of operation. */
struct attempt {
    struct rpcancel_words words;        /* at the first word of the operation */
    unsigned taken[RPCANCEL_ALL_KINDS]; /* words that fill the first slots of the kind */
    unsigned furthest;                  /* the most of them */
    bool arrow_may_follow;
};

static struct rpcancel_word word_at(struct rpcancel_words words, unsigned position)
{
    while (position-- > 0)
        rpcancel_words_next(&words);
    return rpcancel_words_next(&words);
}

/* Fills the slots of operation->kind from |words|; true when all are filled and nothing is left over. */
static bool fill(struct attempt *attempt, struct rpcancel_words *words, struct rpcancel_operation *operation)
{
    for (unsigned position = 0;; position++) {
        struct rpcancel_slot slot = rpcancel_slot_at(operation->kind, position);
        struct rpcancel_words before = *words;
        struct rpcancel_word word = rpcancel_words_next(words);
        attempt->taken[operation->kind] = position;
        if (slot.kind == RPCANCEL_SLOT_END && word.kind == RPCANCEL_WORD_ARROW && attempt->arrow_may_follow) {
            *words = before;
            return true;
        }
        if (!rpcancel_slot_read(slot, word, operation))
            return false;
        if (slot.kind == RPCANCEL_SLOT_END)
            return true;
    }
}

/* A fault code is listed by number, but its name may have been meant. */
static void accept_fault_code(struct rpcancel_accepted *accepted, const char *number, uint32_t code)
{
    const char *name = rpcancel_status_name(code);
    accepted->summary = "a fault code";
    rpcancel_accept_phrase(accepted, number);
    if (name)
        rpcancel_accept_unlisted(accepted, name, strlen(name));
}

static void accept_argument(struct rpcancel_accepted *accepted, unsigned kind, struct rpcancel_slot slot)
{
    bool fault = rpcancel_operation_describe(kind)->argument == RPCANCEL_ARGUMENT_FAULT;
    for (unsigned value = 0; value < rpcancel_argument_values(kind); value++) {
        struct rpcancel_operation operation = {.kind = (uint8_t)kind, .argument = value & 7u};
        char word[RPCANCEL_ACCEPTED_TEXT_MAX];
        struct rpcancel_text text = rpcancel_text_in(word, sizeof word);
        rpcancel_slot_print(slot, operation, &text);
        if (fault)
            accept_fault_code(accepted, word, rpcancel_fault_code(value));
        else
            rpcancel_accept_word(accepted, word, text.length);
    }
}

static void accept_thread(struct rpcancel_accepted *accepted, struct rpcancel_slot slot)
{
    for (unsigned thread = 0; thread < RPCANCEL_THREADS; thread++) {
        struct rpcancel_operation operation = {.thread = thread & 3u};
        char word[RPCANCEL_ACCEPTED_TEXT_MAX];
        struct rpcancel_text text = rpcancel_text_in(word, sizeof word);
        rpcancel_slot_print(slot, operation, &text);
        rpcancel_accept_word(accepted, word, text.length);
    }
}

static void accept_slot(struct rpcancel_accepted *accepted, unsigned kind, struct rpcancel_slot slot, bool earlier)
{
    switch (slot.kind) {
    case RPCANCEL_SLOT_WORD:
        rpcancel_accept_word(accepted, slot.word, slot.length);
        break;
    case RPCANCEL_SLOT_HANDLE:
        rpcancel_accept_phrase(accepted, earlier ? earlier_phrase : handle_phrase);
        break;
    case RPCANCEL_SLOT_ARGUMENT:
        accept_argument(accepted, kind, slot);
        break;
    case RPCANCEL_SLOT_THREAD:
        accept_thread(accepted, slot);
        break;
    default:
        break;
    }
}

/* The operands that any kind which came |position| words far uses. */
static unsigned uses_at(const struct attempt *attempt, unsigned position)
{
    unsigned uses = 0;
    for (unsigned kind = 0; kind < RPCANCEL_ALL_KINDS; kind++) {
        if (attempt->taken[kind] == position)
            uses |= rpcancel_operation_describe(kind)->uses;
    }
    return uses;
}

/* Everything that could stand behind the words taken; the end of the line last. */
static void accept_next(const struct attempt *attempt, struct rpcancel_accepted *accepted)
{
    bool earlier = uses_at(attempt, attempt->furthest) & RPCANCEL_USES_EARLIER;
    bool end = false;
    for (unsigned kind = 0; kind < RPCANCEL_ALL_KINDS; kind++) {
        if (attempt->taken[kind] != attempt->furthest)
            continue;
        struct rpcancel_slot slot = rpcancel_slot_at(kind, attempt->furthest);
        accept_slot(accepted, kind, slot, earlier);
        end |= slot.kind == RPCANCEL_SLOT_END;
    }
    if (end && attempt->arrow_may_follow)
        rpcancel_accept_word(accepted, "=>", 2);
    if (end)
        rpcancel_accept_phrase(accepted, end_phrase);
}

/* At the first word: `deliver-request` may be meant for `deliver request`. */
static void accept_operations(struct rpcancel_accepted *accepted)
{
    accepted->summary = "an operation";
    for (unsigned kind = 0; kind < RPCANCEL_ALL_KINDS; kind++) {
        const char *words = rpcancel_operation_describe(kind)->words;
        rpcancel_accept_unlisted(accepted, words, strlen(words));
    }
}

/* Whether the word before was a handle with ' that other kinds, which know no earlier calls, could not take. */
static bool narrowed_by_earlier(const struct attempt *attempt)
{
    unsigned handle;
    bool earlier;
    if (attempt->furthest == 0)
        return false;
    struct rpcancel_word before = word_at(attempt->words, attempt->furthest - 1);
    return rpcancel_word_is_handle(before, &handle, &earlier) && earlier &&
           (uses_at(attempt, attempt->furthest - 1) & RPCANCEL_USES_HANDLE);
}

static void write_hint(const struct attempt *attempt, struct rpcancel_word found, char hint[RPCANCEL_HINT_MAX])
{
    unsigned handle, kind = 0;
    bool earlier = false;
    unsigned uses = uses_at(attempt, attempt->furthest);
    while (attempt->taken[kind] != attempt->furthest)
        kind++;
    const char *words = rpcancel_operation_describe(kind)->words;
    hint[0] = '\0';
    if (found.kind == RPCANCEL_WORD_PLAIN && found.text[0] == '@' && !(uses & RPCANCEL_USES_THREAD))
        snprintf(hint, RPCANCEL_HINT_MAX, "`%s` takes no server thread", words);
    else if (rpcancel_word_is_handle(found, &handle, &earlier) && earlier && !(uses & RPCANCEL_USES_EARLIER))
        snprintf(hint, RPCANCEL_HINT_MAX, "`%s` cannot name an earlier call", words);
    else if (narrowed_by_earlier(attempt))
        snprintf(hint, RPCANCEL_HINT_MAX, "of an earlier call only the server can be asked");
}

static void complain(const struct attempt *attempt, struct rpcancel_sequence_error *error)
{
    struct rpcancel_word found = word_at(attempt->words, attempt->furthest);
    struct rpcancel_accepted accepted = {0};
    char hint[RPCANCEL_HINT_MAX] = "";
    accept_next(attempt, &accepted);
    if (attempt->furthest == 0)
        accept_operations(&accepted);
    else
        write_hint(attempt, found, hint);
    rpcancel_mistake(error, &accepted, found, hint);
}

bool rpcancel_operation_read(struct rpcancel_words *words, bool arrow_may_follow, struct rpcancel_operation *operation,
                             struct rpcancel_sequence_error *error)
{
    struct attempt attempt = {.words = *words, .arrow_may_follow = arrow_may_follow};
    struct rpcancel_word first = word_at(attempt.words, 0);
    for (unsigned kind = 0; kind < RPCANCEL_ALL_KINDS; kind++) {
        /* a child reads operations by the hundred thousand: a look at one letter spares most attempts */
        if (first.length == 0 || first.text[0] != rpcancel_operation_describe(kind)->words[0])
            continue;
        *words = attempt.words;
        *operation = (struct rpcancel_operation){.kind = (uint8_t)kind};
        if (fill(&attempt, words, operation))
            return true;
        if (attempt.taken[kind] > attempt.furthest)
            attempt.furthest = attempt.taken[kind];
    }
    complain(&attempt, error);
    return false;
}

bool rpcancel_operation_parse(struct rpcancel_operation *operation, const char *text, size_t length,
                              struct rpcancel_sequence_error *error)
{
    struct rpcancel_words words = {.line = text, .length = length};
    error->line = 1;
    return rpcancel_operation_read(&words, false, operation, error);
}
