// SPDX-License-Identifier: Apache-2.0
/*
 * Answers and expected answers as text.
 */
#include "sequence/answer_text.h"

#include <assert.h>
#include <string.h>

#include "sequence/mistake.h"
#include "sequence/text_buffer.h"
#include "status.h"

/* Expected answers without a code, by ascending bit. */
static const struct {
    uint8_t bit;
    uint8_t kind; /* enum rpcancel_answer_kind */
    const char *word;
} without_code[] = {
    {RPCANCEL_EXPECT_EXCEPTION, RPCANCEL_ANSWER_EXCEPTION, "exception"},
    {RPCANCEL_EXPECT_NULL, RPCANCEL_ANSWER_NULL, "null"},
    {RPCANCEL_EXPECT_HANDLE, RPCANCEL_ANSWER_HANDLE, "handle"},
    {RPCANCEL_EXPECT_REFUSED, RPCANCEL_ANSWER_REFUSED, "refused"},
    {RPCANCEL_EXPECT_UNDEFINED, RPCANCEL_ANSWER_UNDEFINED, "undefined"},
    {RPCANCEL_EXPECT_DONE, RPCANCEL_ANSWER_DONE, "done"},
};

enum { WITHOUT_CODE = sizeof without_code / sizeof without_code[0] };

enum {
#define RPCANCEL_X(suffix, number, name) POSITION_##suffix,
    RPCANCEL_STATUS_CODES(RPCANCEL_X)
#undef RPCANCEL_X
        CODES
};
static_assert((int)CODES <= (int)RPCANCEL_EXPECT_EXCEPTION, "one bit per code in an expectation");
static_assert(2 * RPCANCEL_EXPECT_EXCEPTION + WITHOUT_CODE <= RPCANCEL_ACCEPTED_MAX, "numbers, names and words");

rpcancel_expectation rpcancel_expectation_known(void)
{
    rpcancel_expectation known = (UINT64_C(1) << rpcancel_status_count()) - 1;
    for (unsigned i = 0; i < WITHOUT_CODE; i++)
        known |= UINT64_C(1) << without_code[i].bit;
    return known;
}

rpcancel_expectation rpcancel_expectation_of(struct rpcancel_answer answer)
{
    if (answer.kind == RPCANCEL_ANSWER_CODE) {
        int position = rpcancel_status_position(answer.code);
        return position < 0 ? 0 : UINT64_C(1) << position;
    }
    for (unsigned i = 0; i < WITHOUT_CODE; i++) {
        if (without_code[i].kind == answer.kind)
            return UINT64_C(1) << without_code[i].bit;
    }
    return 0;
}

static void put_code_and_name(struct rpcancel_text *text, uint32_t code)
{
    const char *name = rpcancel_status_name(code);
    rpcancel_text_put_code(text, code);
    if (name) {
        rpcancel_text_put_string(text, " ");
        rpcancel_text_put_string(text, name);
    }
}

size_t rpcancel_answer_print(struct rpcancel_answer answer, char *out, size_t size)
{
    struct rpcancel_text text = rpcancel_text_in(out, size);
    if (answer.kind == RPCANCEL_ANSWER_UNIMPLEMENTED)
        rpcancel_text_put_string(&text, "unimplemented");
    for (unsigned i = 0; i < WITHOUT_CODE; i++) {
        if (without_code[i].kind == answer.kind)
            rpcancel_text_put_string(&text, without_code[i].word);
    }
    if (answer.kind == RPCANCEL_ANSWER_EXCEPTION)
        rpcancel_text_put_string(&text, " ");
    if (answer.kind == RPCANCEL_ANSWER_CODE || answer.kind == RPCANCEL_ANSWER_EXCEPTION)
        put_code_and_name(&text, answer.code);
    return text.length;
}

static void put_alternative(struct rpcancel_text *text)
{
    rpcancel_text_put_string(text, text->length > 0 ? "|" : "");
}

size_t rpcancel_expectation_print(rpcancel_expectation expected, char *out, size_t size)
{
    struct rpcancel_text text = rpcancel_text_in(out, size);
    for (unsigned position = 0; position < rpcancel_status_count(); position++) {
        if (!(expected >> position & 1))
            continue;
        put_alternative(&text);
        rpcancel_text_put_code(&text, rpcancel_status_at(position));
    }
    for (unsigned i = 0; i < WITHOUT_CODE; i++) {
        if (!(expected >> without_code[i].bit & 1))
            continue;
        put_alternative(&text);
        rpcancel_text_put_string(&text, without_code[i].word);
    }
    return text.length;
}

/* Returns the set that |word| alone stands for; 0 when it is no answer. */
static rpcancel_expectation read_answer(struct rpcancel_word word)
{
    uint32_t code;
    if (rpcancel_word_code(word, &code))
        return rpcancel_expectation_of(rpcancel_answer_code(code));
    for (unsigned i = 0; i < WITHOUT_CODE; i++) {
        if (rpcancel_word_is(word, without_code[i].word, strlen(without_code[i].word)))
            return UINT64_C(1) << without_code[i].bit;
    }
    return 0;
}

static void complain_of_answer(struct rpcancel_word found, struct rpcancel_sequence_error *error)
{
    struct rpcancel_accepted accepted = {.summary = "an answer"};
    for (unsigned position = 0; position < rpcancel_status_count(); position++) {
        char number[RPCANCEL_ACCEPTED_TEXT_MAX];
        struct rpcancel_text text = rpcancel_text_in(number, sizeof number);
        uint32_t code = rpcancel_status_at(position);
        const char *name = rpcancel_status_name(code);
        rpcancel_text_put_code(&text, code);
        rpcancel_accept_phrase(&accepted, number);
        rpcancel_accept_unlisted(&accepted, name, strlen(name));
    }
    for (unsigned i = 0; i < WITHOUT_CODE; i++)
        rpcancel_accept_word(&accepted, without_code[i].word, strlen(without_code[i].word));
    rpcancel_mistake(error, &accepted, found, "");
}

static void complain_of_rest(struct rpcancel_word found, struct rpcancel_sequence_error *error)
{
    struct rpcancel_accepted accepted = {0};
    rpcancel_accept_word(&accepted, "|", 1);
    rpcancel_accept_phrase(&accepted, "the end of the line");
    rpcancel_mistake(error, &accepted, found, "");
}

bool rpcancel_expectation_read(struct rpcancel_words *words, rpcancel_expectation *expected,
                               struct rpcancel_sequence_error *error)
{
    *expected = 0;
    struct rpcancel_word separator = rpcancel_words_next(words); /* the arrow, if anything */
    while (separator.kind != RPCANCEL_WORD_END) {
        struct rpcancel_word word = rpcancel_words_next(words);
        rpcancel_expectation answer = read_answer(word);
        if (!answer) {
            complain_of_answer(word, error);
            return false;
        }
        *expected |= answer;
        separator = rpcancel_words_next(words);
        if (separator.kind == RPCANCEL_WORD_PLAIN || separator.kind == RPCANCEL_WORD_ARROW) {
            complain_of_rest(separator, error);
            return false;
        }
    }
    return true;
}
