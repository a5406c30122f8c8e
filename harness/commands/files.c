// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "commands/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands/command.h"

enum { FILE_MAX = 64 * 1024 * 1024 };

bool rpcancel_name_ends_with(const char *name, const char *end)
{
    size_t length = strlen(name), end_length = strlen(end);
    return length > end_length && strcmp(name + length - end_length, end) == 0;
}

enum rpcancel_form rpcancel_form_of_name(const char *path)
{
    if (rpcancel_name_ends_with(path, ".seq"))
        return RPCANCEL_FORM_TEXT;
    return rpcancel_name_ends_with(path, ".bin") ? RPCANCEL_FORM_BINARY : RPCANCEL_FORM_UNKNOWN;
}

static bool complain(const char *command, const char *path, const char *what)
{
    rpcancel_say(command, "%s: %s", path, what);
    return false;
}

/* Reads |file| to its end; |*bytes| may be set even on false. */
static bool read_all(const char *command, const char *path, FILE *file, char **bytes, size_t *length)
{
    size_t capacity = 0;
    *bytes = NULL;
    *length = 0;
    do {
        if (*length + 1 >= capacity) {
            capacity = capacity ? 2 * capacity : 4096;
            char *grown = capacity <= 2 * FILE_MAX ? realloc(*bytes, capacity) : NULL;
            if (!grown)
                return complain(command, path, *length < FILE_MAX ? "out of memory" : "larger than 64 MiB");
            *bytes = grown;
        }
        *length += fread(*bytes + *length, 1, capacity - *length - 1, file);
    } while (!feof(file) && !ferror(file));
    if (ferror(file))
        return complain(command, path, strerror(errno));
    (*bytes)[*length] = '\0';
    return true;
}

bool rpcancel_file_read(const char *command, const char *path, char **bytes, size_t *length)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (!file)
        return complain(command, path, strerror(errno));
    bool read = read_all(command, path, file, bytes, length);
    if (file != stdin)
        fclose(file);
    if (!read)
        free(*bytes);
    return read;
}

bool rpcancel_sequence_load(const char *command, const char *path, struct rpcancel_sequence *sequence,
                            enum rpcancel_form *form)
{
    char *bytes;
    size_t length;
    struct rpcancel_sequence_error error;
    if (!rpcancel_file_read(command, path, &bytes, &length))
        return false;
    *form = rpcancel_form_of_name(path);
    if (*form == RPCANCEL_FORM_UNKNOWN)
        *form = rpcancel_sequence_looks_like_text(bytes, length) ? RPCANCEL_FORM_TEXT : RPCANCEL_FORM_BINARY;
    bool loaded;
    if (*form == RPCANCEL_FORM_TEXT) {
        loaded = rpcancel_sequence_read_text(sequence, bytes, length, &error);
        if (!loaded)
            rpcancel_say(command, "%s:%u:%u: %s", path, error.line, error.column, error.expected);
    } else {
        loaded = rpcancel_sequence_read_binary(sequence, (const uint8_t *)bytes, length) ||
                 complain(command, path, "out of memory");
    }
    free(bytes);
    return loaded;
}

/* ---- folders ---- */

static bool append(const char *command, struct rpcancel_paths *paths, const char *path)
{
    char **list = realloc(paths->list, (paths->count + 1) * sizeof *list);
    if (list)
        paths->list = list;
    char *copy = list ? strdup(path) : NULL;
    if (!copy)
        return complain(command, path, "out of memory");
    paths->list[paths->count++] = copy;
    return true;
}

static bool add_below(const char *command, struct rpcancel_paths *paths, const char *path, bool named);

static bool add_folder(const char *command, struct rpcancel_paths *paths, const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    bool added = count >= 0 || complain(command, path, strerror(errno));
    for (int i = 0; i < count; i++) {
        char *below = NULL;
        if (added && entries[i]->d_name[0] != '.') {
            added = asprintf(&below, "%s/%s", path, entries[i]->d_name) >= 0 && add_below(command, paths, below, false);
            free(below);
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return added;
}

/* |named|: the user gave this path, so it is taken whatever it is called. */
static bool add_below(const char *command, struct rpcancel_paths *paths, const char *path, bool named)
{
    struct stat status;
    if (named && strcmp(path, "-") == 0)
        return append(command, paths, path);
    if (stat(path, &status) != 0)
        return complain(command, path, strerror(errno));
    if (S_ISDIR(status.st_mode))
        return add_folder(command, paths, path);
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    bool wanted =
        S_ISREG(status.st_mode) && (rpcancel_form_of_name(name) != RPCANCEL_FORM_UNKNOWN || strchr(name, '.') == NULL);
    return named || wanted ? append(command, paths, path) : true;
}

bool rpcancel_paths_add(const char *command, struct rpcancel_paths *paths, const char *path)
{
    return add_below(command, paths, path, true);
}

void rpcancel_paths_free(struct rpcancel_paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        free(paths->list[i]);
    free(paths->list);
    *paths = (struct rpcancel_paths){0};
}
