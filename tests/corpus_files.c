// SPDX-License-Identifier: Apache-2.0
#include "corpus_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rules/rules.h"

struct rpcancel_sequence corpus_read(const struct rpcancel_catalogue_entry *entry)
{
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_sequence_error error;
    if (!rpcancel_sequence_read_text(&sequence, entry->text, entry->length, &error))
        fail_msg("%s:%u:%u: %s", entry->name, error.line, error.column, error.expected);
    return sequence;
}

/* SLUG.seq: small letters, digits and single hyphens between them. */
static bool is_slug(const char *text)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    size_t word = strspn(text, alphabet);
    while (word > 0 && text[word] == '-') {
        text += word + 1;
        word = strspn(text, alphabet);
    }
    return word > 0 && strcmp(text + word, ".seq") == 0;
}

int corpus_rule_of(const struct rpcancel_catalogue_entry *entry)
{
    char id[128];
    bool is_rule = strncmp(entry->name, "rules/", 6) == 0;
    const char *rest = strchr(entry->name, '/') + 1;
    if (!is_rule) {
        if (!is_slug(rest))
            fail_msg("%s: expected races/SLUG.seq or bugs/SLUG.seq", entry->name);
        return -1;
    }
    size_t length = strcspn(rest, "/"); /* of the page */
    if (rest[length] == '/')
        length += 1 + strspn(rest + length + 1, "0123456789");
    assert_true(length < sizeof id);
    memcpy(id, rest, length);
    id[length] = '\0';
    int rule = rpcancel_rule_find(id);
    if (rule < 0 || rest[length] != '-' || !is_slug(rest + length + 1))
        fail_msg("%s: expected rules/PAGE/NUMBER-SLUG.seq with the id PAGE/NUMBER of a rule", entry->name);
    return rule;
}
