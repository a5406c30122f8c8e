// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_MISTAKE_H
#define RPCANCEL_MISTAKE_H
/*
 * What is said about text that cannot be read: "expected …, found …", and a hint where one helps.
 */
#include <stdbool.h>
#include <stddef.h>

#include "sequence/sequence.h"
#include "sequence/words.h"

enum { RPCANCEL_ACCEPTED_MAX = 128, RPCANCEL_ACCEPTED_TEXT_MAX = 64, RPCANCEL_HINT_MAX = 96 };

/* What could stand at one place of a text. Zero-initialise. */
struct rpcancel_accepted {
    const char *summary; /* NULL, or what all of it is: "an operation" */
    struct {
        char text[RPCANCEL_ACCEPTED_TEXT_MAX];
        bool listed; /* named in the message */
        bool word;   /* may be what was meant: near misses are looked for among these, in messages they are quoted */
    } items[RPCANCEL_ACCEPTED_MAX];
    unsigned count;
};

/* Each adds an item unless it is there already: a word; a phrase that describes words or is a number; a word that is
 * accepted, too, but not listed. */
void rpcancel_accept_word(struct rpcancel_accepted *accepted, const char *word, size_t length);
void rpcancel_accept_phrase(struct rpcancel_accepted *accepted, const char *phrase);
void rpcancel_accept_unlisted(struct rpcancel_accepted *accepted, const char *word, size_t length);

/*
 * rpcancel_mistake fills |error|, except for its line: |accepted| was expected where |found| stands. |hint| is "" or a
 * clause that helps. With a summary and a word that is nearly |found|, the message asks whether that was meant;
 * otherwise it lists what is accepted.
 */
void rpcancel_mistake(struct rpcancel_sequence_error *error, const struct rpcancel_accepted *accepted,
                      struct rpcancel_word found, const char *hint);

#endif
