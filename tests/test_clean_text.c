// SPDX-License-Identifier: Apache-2.0
/* Text from elsewhere: what is UTF-8, and what no terminal is to get. */
#include "runtime/clean_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void only_well_formed_utf8_has_a_length(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        unsigned length;
    } cases[] = {
        {"", 1},
        {"a", 1},
        {"\x7F", 1},
        {"\x80", 0},
        {"\xC1\xBF", 0}, /* overlong */
        {"\xC2\x80", 2},
        {"\xC2", 0},
        {"\xE0\x9F\xBF", 0}, /* overlong */
        {"\xE0\xA0\x80", 3},
        {"\xED\x9F\xBF", 3},
        {"\xED\xA0\x80", 0}, /* a surrogate */
        {"\xE2\x82", 0},
        {"\xF0\x8F\xBF\xBF", 0}, /* overlong */
        {"\xF0\x90\x80\x80", 4},
        {"\xF4\x8F\xBF\xBF", 4},
        {"\xF4\x90\x80\x80", 0}, /* beyond U+10FFFF */
        {"\xF5\x80\x80\x80", 0},
        {"\xF0\x90\x80", 0},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (rpcancel_utf8_length(cases[i].bytes) != cases[i].length)
            fail_msg("case %u: %u instead of %u", i, rpcancel_utf8_length(cases[i].bytes), cases[i].length);
    }
}

static void what_a_terminal_would_obey_is_replaced(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after;
    } cases[] = {
        {"a\tb\nc", "a\tb\nc"}, /* kept here */
        {"a\rb\x1B[2Jc\x7F", "a?b?[2Jc?"},
        {"a\xC2\x80\xC2\x9B"
         "2J",
         "a??2J"}, /* U+0080, U+009B */
        {"a\xC2\xA0\xC3\xA9", "a\xC2\xA0\xC3\xA9"},
        {"\xD8\x9B\xD8\x9C\xD8\x9D", "\xD8\x9B?\xD8\x9D"},                                  /* U+061C */
        {"\xE2\x80\x8D\xE2\x80\x8E\xE2\x80\x8F\xE2\x80\x90", "\xE2\x80\x8D??\xE2\x80\x90"}, /* U+200E, U+200F */
        {"\xE2\x80\xA7\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA", "\xE2\x80\xA7???"},            /* U+2028 to U+202A */
        {"\xE2\x80\xAE\xE2\x80\xAF", "?\xE2\x80\xAF"},                                      /* U+202E */
        {"\xE2\x81\xA5\xE2\x81\xA6\xE2\x81\xA9\xE2\x81\xAA", "\xE2\x81\xA5??\xE2\x81\xAA"}, /* U+2066, U+2069 */
        {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
        {"a\x9B"
         "b\xE2\x80",
         "a?b??"}, /* no UTF-8 */
        {"", ""},
    };
    char text[32];
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(text, sizeof text, "%s", cases[i].before);
        rpcancel_controls_replace(text, "\t\n", '?');
        assert_string_equal(text, cases[i].after);
    }
}

int main(void)
{
    const struct CMUnitTest clean_text[] = {
        cmocka_unit_test(only_well_formed_utf8_has_a_length),
        cmocka_unit_test(what_a_terminal_would_obey_is_replaced),
    };
    return cmocka_run_group_tests(clean_text, NULL, NULL);
}
