// SPDX-License-Identifier: Apache-2.0
/* The catalogue in the program is what lies in corpus/. */
#include "engine/catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void entries_are_sorted_and_unique(void **state)
{
    (void)state;
    assert_true(rpcancel_catalogue_count > 0);
    for (size_t i = 1; i < rpcancel_catalogue_count; i++)
        assert_true(strcmp(rpcancel_catalogue[i - 1].name, rpcancel_catalogue[i].name) < 0);
}

static void assert_is_file(const struct rpcancel_catalogue_entry *entry)
{
    char path[4096];
    assert_true(snprintf(path, sizeof path, "%s/corpus/%s", TEST_SOURCE_DIRECTORY, entry->name) < (int)sizeof path);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = malloc(entry->length + 2);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, entry->length + 2, file), entry->length);
    assert_memory_equal(text, entry->text, entry->length);
    assert_int_equal(entry->text[entry->length], 0);
    free(text);
    assert_int_equal(fclose(file), 0);
}

static void entries_are_the_files_of_the_corpus(void **state)
{
    (void)state;
    for (size_t i = 0; i < rpcancel_catalogue_count; i++)
        assert_is_file(&rpcancel_catalogue[i]);
}

static void id_is_16_hexadecimal_digits(void **state)
{
    (void)state;
    assert_int_equal(strlen(rpcancel_catalogue_id), 16);
    assert_int_equal(strspn(rpcancel_catalogue_id, "0123456789abcdef"), 16);
}

int main(void)
{
    const struct CMUnitTest catalogue[] = {
        cmocka_unit_test(entries_are_sorted_and_unique),
        cmocka_unit_test(entries_are_the_files_of_the_corpus),
        cmocka_unit_test(id_is_16_hexadecimal_digits),
    };
    return cmocka_run_group_tests(catalogue, NULL, NULL);
}
