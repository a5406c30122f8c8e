// SPDX-License-Identifier: Apache-2.0
#include "sequence/mistake.h"

#include <stdio.h>
#include <string.h>

#include "sequence/near_miss.h"
#include "sequence/text_buffer.h"

enum { FOUND_SHOWN_MAX = 40 };

static void accept(struct rpcancel_accepted *accepted, const char *text, size_t length, bool listed, bool word)
{
    for (unsigned i = 0; i < accepted->count; i++) {
        if (strlen(accepted->items[i].text) == length && memcmp(accepted->items[i].text, text, length) == 0)
            return;
    }
    if (accepted->count == RPCANCEL_ACCEPTED_MAX)
        return;
    accepted->items[accepted->count].listed = listed;
    accepted->items[accepted->count].word = word;
    struct rpcancel_text copy = rpcancel_text_in(accepted->items[accepted->count++].text, RPCANCEL_ACCEPTED_TEXT_MAX);
    rpcancel_text_put(&copy, text, length);
}

void rpcancel_accept_word(struct rpcancel_accepted *accepted, const char *word, size_t length)
{
    accept(accepted, word, length, true, true);
}

void rpcancel_accept_phrase(struct rpcancel_accepted *accepted, const char *phrase)
{
    accept(accepted, phrase, strlen(phrase), true, false);
}

void rpcancel_accept_unlisted(struct rpcancel_accepted *accepted, const char *word, size_t length)
{
    accept(accepted, word, length, false, true);
}

static void put_list(struct rpcancel_text *text, const struct rpcancel_accepted *accepted)
{
    unsigned left = 0;
    for (unsigned i = 0; i < accepted->count; i++)
        left += accepted->items[i].listed;
    for (unsigned i = 0, put = 0; i < accepted->count; i++) {
        if (!accepted->items[i].listed)
            continue;
        if (put++ > 0)
            rpcancel_text_put_string(text, left == 1 ? " or " : ", ");
        left--;
        const char *quote = accepted->items[i].word ? "`" : "";
        rpcancel_text_put_string(text, quote);
        rpcancel_text_put_string(text, accepted->items[i].text);
        rpcancel_text_put_string(text, quote);
    }
}

/* Messages go to terminals: what is not printable is shown by number. */
static void put_found(struct rpcancel_text *text, struct rpcancel_word found)
{
    if (found.kind == RPCANCEL_WORD_END) {
        rpcancel_text_put_string(text, "the end of the line");
        return;
    }
    rpcancel_text_put_string(text, "`");
    for (size_t i = 0; i < found.length && i < FOUND_SHOWN_MAX; i++) {
        unsigned char byte = (unsigned char)found.text[i];
        char shown[8];
        snprintf(shown, sizeof shown, byte >= 0x20 && byte < 0x7F ? "%c" : "\\x%02X", byte);
        rpcancel_text_put_string(text, shown);
    }
    rpcancel_text_put_string(text, found.length > FOUND_SHOWN_MAX ? "...`" : "`");
}

/* Returns the word that |found| nearly is, or NULL. */
static const char *nearest(const struct rpcancel_accepted *accepted, struct rpcancel_word found)
{
    const char *best = NULL;
    unsigned best_distance = rpcancel_near_miss_limit(found.length) + 1;
    for (unsigned i = 0; i < accepted->count; i++) {
        const char *text = accepted->items[i].text;
        if (!accepted->items[i].word)
            continue;
        unsigned distance = rpcancel_near_miss_distance(found.text, found.length, text, strlen(text));
        if (distance < best_distance) {
            best_distance = distance;
            best = text;
        }
    }
    return best;
}

static void put_expected(struct rpcancel_text *text, const struct rpcancel_accepted *accepted, bool in_full)
{
    rpcancel_text_put_string(text, "expected ");
    if (!accepted->summary) {
        put_list(text, accepted);
        return;
    }
    rpcancel_text_put_string(text, accepted->summary);
    if (in_full) {
        rpcancel_text_put_string(text, " (");
        put_list(text, accepted);
        rpcancel_text_put_string(text, ")");
    }
}

void rpcancel_mistake(struct rpcancel_sequence_error *error, const struct rpcancel_accepted *accepted,
                      struct rpcancel_word found, const char *hint)
{
    const char *meant = accepted->summary ? nearest(accepted, found) : NULL;
    struct rpcancel_text text = rpcancel_text_in(error->expected, sizeof error->expected);
    put_expected(&text, accepted, meant == NULL);
    rpcancel_text_put_string(&text, ", found ");
    put_found(&text, found);
    if (meant) {
        rpcancel_text_put_string(&text, "; did you mean `");
        rpcancel_text_put_string(&text, meant);
        rpcancel_text_put_string(&text, "`?");
    } else if (*hint) {
        rpcancel_text_put_string(&text, "; ");
        rpcancel_text_put_string(&text, hint);
    }
    error->column = found.column;
}
