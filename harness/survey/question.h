// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SURVEY_QUESTION_H
#define RPCANCEL_SURVEY_QUESTION_H
/*
 * Questions that the documents leave open, as the files of corpus/survey have them. A file is a sequence with a head of
 * comments:
 *
 *     # undefined                                 only where the documents call what is asked undefined, or forbid it
 *     # N73 Q3: After a cancel …?                 what it is about, and the question
 *     # 0: the call completed normally; 1818: …   what answers mean, as far as that is known
 *
 * Of a sequence for an implementation of the API the operations without an expectation ask; those with one lead there.
 * Of a sequence for a server everything that it sends after the bind is the answer.
 */
#include "engine/catalogue.h"
#include "sequence/sequence.h"

enum {
    RPCANCEL_QUESTION_ID_MAX = 64,
    RPCANCEL_ABOUT_MAX = 64,
    RPCANCEL_QUESTION_MAX = 192,
    RPCANCEL_MEANINGS_MAX = 384
};

struct rpcancel_question {
    char id[RPCANCEL_QUESTION_ID_MAX]; /* "api/cancel-twice" */
    char about[RPCANCEL_ABOUT_MAX];
    char text[RPCANCEL_QUESTION_MAX];
    char meanings[RPCANCEL_MEANINGS_MAX];
    bool is_undefined;
    enum rpcancel_test_subject subject;
    struct rpcancel_sequence sequence;
};

/* rpcancel_question_read makes |*question| of |entry|; false, with what is wrong in |failure|, when it is none, or
 * memory is exhausted. End with rpcancel_question_free in either case. */
bool rpcancel_question_read(struct rpcancel_question *question, const struct rpcancel_catalogue_entry *entry,
                            char failure[RPCANCEL_ERROR_TEXT_MAX]);
void rpcancel_question_free(struct rpcancel_question *question);

/* rpcancel_question_asked returns the id of the next question that names |statement| ("N73"), *|cursor| being 0 for the
 * first, and moves the cursor on; NULL: there is none left. Static storage, until the next call. */
const char *rpcancel_question_asked(const char *statement, size_t *cursor);

/* rpcancel_question_meaning writes what |answer| means to the |size| octets at |out|: that of the first code or word
 * that it has; "" when none is known. */
void rpcancel_question_meaning(const struct rpcancel_question *question, const char *answer, char *out, size_t size);

#endif
