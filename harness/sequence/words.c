// SPDX-License-Identifier: Apache-2.0
#include "sequence/words.h"

#include <string.h>

#include "status.h"

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static bool is_arrow(const char *text, size_t length)
{
    return length >= 2 && text[0] == '=' && text[1] == '>';
}

static size_t plain_length(const char *text, size_t length)
{
    size_t n = 0;
    while (n < length && !is_blank(text[n]) && text[n] != '|' && !is_arrow(text + n, length - n))
        n++;
    return n;
}

struct rpcancel_word rpcancel_words_next(struct rpcancel_words *words)
{
    while (words->at < words->length && is_blank(words->line[words->at]))
        words->at++;
    const char *text = words->line + words->at;
    size_t left = words->length - words->at;
    struct rpcancel_word word = {.text = text, .column = (unsigned)words->at + 1, .kind = RPCANCEL_WORD_END};
    if (left == 0)
        return word;
    if (is_arrow(text, left)) {
        word.kind = RPCANCEL_WORD_ARROW;
        word.length = 2;
    } else if (text[0] == '|') {
        word.kind = RPCANCEL_WORD_BAR;
        word.length = 1;
    } else {
        word.kind = RPCANCEL_WORD_PLAIN;
        word.length = plain_length(text, left);
    }
    words->at += word.length;
    return word;
}

bool rpcancel_word_is(struct rpcancel_word word, const char *text, size_t length)
{
    return word.length == length && memcmp(word.text, text, length) == 0;
}

static int digit_value(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return 16;
}

static bool read_number(const char *digits, size_t length, unsigned base, uint32_t *number)
{
    uint64_t value = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned digit = (unsigned)digit_value(digits[i]);
        if (digit >= base)
            return false;
        value = value * base + digit;
        if (value > UINT32_MAX)
            return false;
    }
    *number = (uint32_t)value;
    return length > 0;
}

bool rpcancel_word_code(struct rpcancel_word word, uint32_t *code)
{
    if (word.kind != RPCANCEL_WORD_PLAIN)
        return false;
    if (word.length > 2 && word.text[0] == '0' && (word.text[1] == 'x' || word.text[1] == 'X'))
        return read_number(word.text + 2, word.length - 2, 16, code);
    return read_number(word.text, word.length, 10, code) ||
           rpcancel_status_from_name(word.text, (unsigned)word.length, code);
}
