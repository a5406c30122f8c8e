// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "suite/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IN_A_FOLDER = 1000 };

struct writer {
    struct rpcancel_suite_texts *texts;
    char (*lines)[RPCANCEL_OPERATION_TEXT_MAX]; /* by input */
    uint16_t *inputs;                           /* of the sequence, by depth */
    size_t *begins;                             /* by sequence: where its name begins in the memory */
    FILE *out;
};

/* Writes a name and a text, each with a zero byte behind it. */
static bool enter(void *context, unsigned depth, unsigned input, bool ends)
{
    struct writer *writer = context;
    writer->inputs[depth] = (uint16_t)input;
    if (!ends)
        return true;
    size_t number = writer->texts->count++;
    writer->begins[number] = (size_t)ftello(writer->out);
    fprintf(writer->out, "suite/%03zu/%03zu.seq%c", number / IN_A_FOLDER, number % IN_A_FOLDER, '\0');
    for (unsigned i = 0; i <= depth; i++) {
        fputs(writer->lines[writer->inputs[i]], writer->out);
        fputc('\n', writer->out);
    }
    fputc('\0', writer->out);
    return true;
}

static void list_entries(const struct writer *writer)
{
    struct rpcancel_suite_texts *texts = writer->texts;
    for (size_t i = 0; i < texts->count; i++) {
        const char *name = texts->memory + writer->begins[i];
        const char *text = name + strlen(name) + 1;
        texts->entries[i] = (struct rpcancel_catalogue_entry){name, text, strlen(text)};
    }
}

static void make_id(struct rpcancel_suite_texts *texts, size_t length)
{
    uint64_t hash = length;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)texts->memory[i]) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 29;
    }
    snprintf(texts->id, sizeof texts->id, "%016" PRIx64, hash);
}

static bool write_all(struct writer *writer, const struct rpcancel_suite *suite,
                      const struct rpcancel_alphabet *alphabet)
{
    const struct rpcancel_suite_visit visit = {enter, writer};
    size_t length;
    for (unsigned input = 0; input < alphabet->count; input++)
        rpcancel_operation_print(alphabet->operations[input], writer->lines[input], sizeof writer->lines[input]);
    writer->out = open_memstream(&writer->texts->memory, &length);
    if (!writer->out)
        return false;
    rpcancel_suite_walk(suite, &visit);
    bool failed = ferror(writer->out) != 0;
    if (fclose(writer->out) != 0 || failed)
        return false;
    list_entries(writer);
    make_id(writer->texts, length);
    return true;
}

bool rpcancel_suite_texts_make(struct rpcancel_suite_texts *texts, const struct rpcancel_suite *suite,
                               const struct rpcancel_alphabet *alphabet)
{
    struct rpcancel_suite_size size = rpcancel_suite_measure(suite);
    *texts = (struct rpcancel_suite_texts){.entries = calloc(size.sequences + 1u, sizeof *texts->entries)};
    struct writer writer = {.texts = texts,
                            .lines = calloc(alphabet->count, sizeof *writer.lines),
                            .inputs = calloc(size.longest + 1u, sizeof *writer.inputs),
                            .begins = calloc(size.sequences + 1u, sizeof *writer.begins)};
    bool made = texts->entries && writer.lines && writer.inputs && writer.begins && write_all(&writer, suite, alphabet);
    free(writer.lines);
    free(writer.inputs);
    free(writer.begins);
    return made;
}

void rpcancel_suite_texts_free(struct rpcancel_suite_texts *texts)
{
    free(texts->entries);
    free(texts->memory);
    *texts = (struct rpcancel_suite_texts){0};
}
