// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/command_words.h"

/* A command and its words; or the error. */
struct split_case {
    const char *command;
    const char *words[6];
    const char *error;
};

static void check(const struct split_case *c)
{
    char **words;
    char error[RPCANCEL_COMMAND_WORDS_ERROR_MAX];
    enum rpcancel_command_words_result result = rpcancel_command_words_split(c->command, &words, error);
    if (c->error) {
        assert_int_equal(result, RPCANCEL_COMMAND_WORDS_MALFORMED);
        assert_null(words);
        assert_string_equal(error, c->error);
        return;
    }
    assert_int_equal(result, RPCANCEL_COMMAND_WORDS_OK);
    unsigned count = 0;
    for (; c->words[count]; count++) {
        assert_non_null(words[count]);
        assert_string_equal(words[count], c->words[count]);
    }
    assert_null(words[count]);
    free(words);
}

static void check_all(const struct split_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(&cases[i]);
}

#define CHECK_ALL(cases) check_all(cases, sizeof(cases) / sizeof(cases)[0])

static void separates_words(void **state)
{
    (void)state;
    static const struct split_case cases[] = {
        {"child", {"child"}, NULL},
        {"  ./child  --fast\t-v\n", {"./child", "--fast", "-v"}, NULL},
        {"a b c d e", {"a", "b", "c", "d", "e"}, NULL},
        {"a \\\n b", {"a", "b"}, NULL},
        {"a\\\nb", {"ab"}, NULL},
    };
    CHECK_ALL(cases);
}

static void understands_quotes(void **state)
{
    (void)state;
    static const struct split_case cases[] = {
        {"'a b' \"c d\"", {"a b", "c d"}, NULL},
        {"a'b'\"c\"d", {"abcd"}, NULL},
        {"x '' \"\"", {"x", "", ""}, NULL},
        {"x '\"' \"'\"", {"x", "\"", "'"}, NULL},
        {"x 'a\\b'", {"x", "a\\b"}, NULL},
        {"x \"a\\\"b\\\\c\\$d\\`e\"", {"x", "a\"b\\c$d`e"}, NULL},
        {"x \"a\\nb\"", {"x", "a\\nb"}, NULL},
        {"x \"a\\\nb\"", {"x", "ab"}, NULL},
        {"x a\\ b \\\\ \\' \\n", {"x", "a b", "\\", "'", "n"}, NULL},
    };
    CHECK_ALL(cases);
}

static void expands_nothing(void **state)
{
    (void)state;
    static const struct split_case cases[] = {
        {"x $HOME ~ *.c `id`", {"x", "$HOME", "~", "*.c", "`id`"}, NULL},
        {"x; rm | y", {"x;", "rm", "|", "y"}, NULL},
        {"x # y > z", {"x", "#", "y", ">", "z"}, NULL},
        {"A=1 x", {"A=1", "x"}, NULL},
    };
    CHECK_ALL(cases);
}

static void names_the_byte_of_an_error(void **state)
{
    (void)state;
    static const struct split_case cases[] = {
        {"", {NULL}, "byte 1: expected the name of a program"},
        {" \t\n", {NULL}, "byte 1: expected the name of a program"},
        {"'' x", {NULL}, "byte 1: the name of the program is empty"},
        {"x 'a b", {NULL}, "byte 3: this ' is not closed"},
        {"x \"a\\\"", {NULL}, "byte 3: this \" is not closed"},
        {"x \"a\\", {NULL}, "byte 3: this \" is not closed"},
        {"xy\\", {NULL}, "byte 3: expected a character after this \\"},
    };
    CHECK_ALL(cases);
}

/* Whatever it is fed, it stays within the room it took; sanitized builds see it when not. */
static void survives_any_command(void **state)
{
    (void)state;
    static const char letters[] = "a '\"\\\n$";
    uint32_t random = 1;
    for (unsigned round = 0; round < 20000; round++) {
        char command[16] = "";
        for (unsigned i = 0; i < round % sizeof command; i++) {
            random = random * 1664525u + 1013904223u;
            command[i] = letters[(random >> 16) % (sizeof letters - 1)];
        }
        char **words;
        char error[RPCANCEL_COMMAND_WORDS_ERROR_MAX] = "";
        if (rpcancel_command_words_split(command, &words, error) == RPCANCEL_COMMAND_WORDS_OK)
            assert_true(words[0] && words[0][0] != '\0');
        else
            assert_true(error[0] != '\0');
        free(words);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(separates_words),      cmocka_unit_test(understands_quotes),
        cmocka_unit_test(expands_nothing),      cmocka_unit_test(names_the_byte_of_an_error),
        cmocka_unit_test(survives_any_command),
    };
    return cmocka_run_group_tests_name("command_words", tests, NULL, NULL);
}
