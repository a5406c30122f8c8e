// SPDX-License-Identifier: Apache-2.0
#include "runtime/clean_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* How many bytes the character has that begins with |first|, and the range of the byte behind it, which is what keeps
 * out overlong forms, surrogates and what lies beyond U+10FFFF; Unicode's table 3-7. 0: none begins so. */
static unsigned expected_length(unsigned char first, unsigned char *least, unsigned char *most)
{
    *least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    *most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (first < 0x80)
        return 1;
    if (first < 0xC2 || first > 0xF4)
        return 0;
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

unsigned rpcancel_utf8_length(const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    unsigned char least, most;
    unsigned length = expected_length(bytes[0], &least, &most);
    for (unsigned i = 1; i < length; i++) {
        if (bytes[i] < least || bytes[i] > most)
            return 0;
        least = 0x80;
        most = 0xBF;
    }
    return length;
}

unsigned rpcancel_control_length(const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    unsigned length = rpcancel_utf8_length(text);
    bool obeyed = bytes[0] < 0x20 || bytes[0] == 0x7F;
    if (bytes[0] == '\0')
        return 0;
    if (length == 0)
        return 1;
    if (length == 2) /* U+0080 to U+009F, U+061C */
        obeyed = (bytes[0] == 0xC2 && bytes[1] < 0xA0) || (bytes[0] == 0xD8 && bytes[1] == 0x9C);
    else if (length == 3 && bytes[0] == 0xE2 && bytes[1] == 0x80) /* U+200E, U+200F, U+2028 to U+202E */
        obeyed = bytes[2] == 0x8E || bytes[2] == 0x8F || (bytes[2] >= 0xA8 && bytes[2] <= 0xAE);
    else if (length == 3 && bytes[0] == 0xE2 && bytes[1] == 0x81)
        obeyed = bytes[2] >= 0xA6 && bytes[2] <= 0xA9; /* U+2066 to U+2069 */
    return obeyed ? length : 0;
}

void rpcancel_controls_replace(char *text, const char *kept, char instead)
{
    char *end = text;
    while (*text) {
        unsigned length = rpcancel_control_length(text);
        if (length > 0 && !strchr(kept, *text)) {
            *end++ = instead;
            text += length;
            continue;
        }
        for (length = rpcancel_utf8_length(text); length > 0; length--)
            *end++ = *text++;
    }
    *end = '\0';
}

char *rpcancel_clean_text(const char *text)
{
    char *clean = malloc(strlen(RPCANCEL_REPLACEMENT) * strlen(text) + 1), *end = clean;
    if (!clean)
        return NULL;
    while (*text) {
        unsigned length = rpcancel_utf8_length(text);
        const char *from = length ? text : RPCANCEL_REPLACEMENT;
        unsigned count = length ? length : (unsigned)strlen(RPCANCEL_REPLACEMENT);
        memcpy(end, from, count);
        end += count;
        text += length ? length : 1;
    }
    *end = '\0';
    return clean;
}
