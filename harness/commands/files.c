// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "commands/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/command.h"

enum { FILE_MAX = 64 * 1024 * 1024, SHA1_DIGITS = 40, SHA256_DIGITS = 64 };

bool rpcancel_name_ends_with(const char *name, const char *end)
{
    size_t length = strlen(name), end_length = strlen(end);
    return length > end_length && strcmp(name + length - end_length, end) == 0;
}

/* As fuzzers name what they write: `id:…`, or a hash, also after a word such as `crash-`. */
static bool is_name_of_fuzzers(const char *name)
{
    if (strncmp(name, "id:", 3) == 0)
        return true;
    const char *word_end = name + strspn(name, "abcdefghijklmnopqrstuvwxyz");
    if (word_end != name && *word_end == '-')
        name = word_end + 1;
    size_t digits = strspn(name, "0123456789abcdef");
    return name[digits] == '\0' && (digits == SHA1_DIGITS || digits == SHA256_DIGITS);
}

enum rpcancel_form rpcancel_form_of_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (rpcancel_name_ends_with(path, ".seq"))
        return RPCANCEL_FORM_TEXT;
    bool is_binary = rpcancel_name_ends_with(path, ".bin") || is_name_of_fuzzers(slash ? slash + 1 : path);
    return is_binary ? RPCANCEL_FORM_BINARY : RPCANCEL_FORM_UNKNOWN;
}

static bool complain(const char *command, const char *path, const char *what)
{
    rpcancel_say(command, "%s: %s", path, what);
    return false;
}

static bool grow(char **bytes, size_t *capacity)
{
    char *grown = realloc(*bytes, 2 * *capacity);
    if (!grown)
        return false;
    *bytes = grown;
    *capacity *= 2;
    return true;
}

/* Reads |file| to its end; |*bytes| may be set even on false. Of a regular file that gives less than it was asked for,
 * this was the end. */
static bool read_all(const char *command, const char *path, int file, char **bytes, size_t *length)
{
    struct stat status;
    bool is_regular = fstat(file, &status) == 0 && S_ISREG(status.st_mode);
    size_t capacity = is_regular && status.st_size < FILE_MAX ? (size_t)status.st_size + 2 : 4096;
    *length = 0;
    *bytes = malloc(capacity);
    if (!*bytes)
        return complain(command, path, "out of memory");
    for (;;) {
        if (*length + 1 == capacity && !grow(bytes, &capacity))
            return complain(command, path, "out of memory");
        size_t room = capacity - *length - 1;
        ssize_t count = read(file, *bytes + *length, room);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return complain(command, path, strerror(errno));
        *length += (size_t)count;
        if (*length > FILE_MAX)
            return complain(command, path, "larger than 64 MiB");
        if (count == 0 || (is_regular && (size_t)count < room))
            break;
    }
    (*bytes)[*length] = '\0';
    return true;
}

bool rpcancel_file_read(const char *command, const char *path, char **bytes, size_t *length)
{
    bool is_input = strcmp(path, "-") == 0;
    int file = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return complain(command, path, strerror(errno));
    bool read = read_all(command, path, file, bytes, length);
    if (!is_input)
        close(file);
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

/* ---- writing ---- */

bool rpcancel_can_hold_sequence(const char *command, const char *path)
{
    static const char *const ends[] = {".c", ".h", ".py", ".pcap", ".pcapng", ".json", ".txt"};
    for (unsigned i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (rpcancel_name_ends_with(path, ends[i])) {
            rpcancel_usage(command, "%s: sequences can be written as text (.seq) and as binary (.bin) only", path);
            return false;
        }
    }
    return true;
}

bool rpcancel_sequence_write_bytes(const struct rpcancel_sequence *sequence, FILE *out)
{
    size_t size = rpcancel_sequence_write_binary(sequence, NULL, 0);
    uint8_t *bytes = malloc(size + 1);
    if (!bytes)
        return false;
    rpcancel_sequence_write_binary(sequence, bytes, size);
    bool written = fwrite(bytes, 1, size, out) == size;
    free(bytes);
    return written;
}

/* ---- folders ---- */

static bool append(const char *command, struct rpcancel_paths *paths, const char *path)
{
    if (paths->count == paths->capacity) {
        size_t capacity = paths->capacity ? 2 * paths->capacity : 64;
        char **list = realloc(paths->list, capacity * sizeof *list);
        if (!list)
            return complain(command, path, "out of memory");
        paths->list = list;
        paths->capacity = capacity;
    }
    char *copy = strdup(path);
    if (!copy)
        return complain(command, path, "out of memory");
    paths->list[paths->count++] = copy;
    return true;
}

/* Whether a file in a folder is taken for a sequence by its name. */
static bool is_wanted(const char *name)
{
    return rpcancel_form_of_name(name) != RPCANCEL_FORM_UNKNOWN || strchr(name, '.') == NULL;
}

static bool add_folder(const char *command, struct rpcancel_paths *paths, const char *path);

/* Adds |entry| of the folder |path|. Most file systems tell what it is, which saves a look at the file itself. */
static bool add_entry(const char *command, struct rpcancel_paths *paths, const char *path, const struct dirent *entry)
{
    struct stat status;
    char *below = NULL;
    if (entry->d_name[0] == '.')
        return true;
    if (asprintf(&below, "%s/%s", path, entry->d_name) < 0)
        return complain(command, path, "out of memory");
    bool is_folder = entry->d_type == DT_DIR, is_file = entry->d_type == DT_REG, added = true;
    if (!is_folder && !is_file) {
        added = stat(below, &status) == 0 || complain(command, below, strerror(errno));
        is_folder = added && S_ISDIR(status.st_mode);
        is_file = added && S_ISREG(status.st_mode);
    }
    if (is_folder)
        added = add_folder(command, paths, below);
    else if (is_file && is_wanted(entry->d_name))
        added = append(command, paths, below);
    free(below);
    return added;
}

static bool add_folder(const char *command, struct rpcancel_paths *paths, const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    if (count < 0)
        return complain(command, path, strerror(errno));
    bool added = true;
    for (int i = 0; i < count; i++) {
        added = added && add_entry(command, paths, path, entries[i]);
        free(entries[i]);
    }
    free(entries);
    return added;
}

bool rpcancel_paths_add(const char *command, struct rpcancel_paths *paths, const char *path)
{
    struct stat status;
    if (strcmp(path, "-") == 0)
        return append(command, paths, path);
    if (stat(path, &status) != 0)
        return complain(command, path, strerror(errno));
    if (S_ISDIR(status.st_mode))
        return add_folder(command, paths, path);
    return append(command, paths, path); /* given by the user, so it is taken whatever it is called */
}

bool rpcancel_paths_add_all(const char *command, struct rpcancel_paths *paths, char *const *list, int count)
{
    for (int i = 0; i < count; i++) {
        if (!rpcancel_paths_add(command, paths, list[i]))
            return false;
    }
    return true;
}

void rpcancel_paths_free(struct rpcancel_paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        free(paths->list[i]);
    free(paths->list);
    *paths = (struct rpcancel_paths){0};
}

/* ---- many sequences ---- */

bool rpcancel_sequence_files_load(const char *command, struct rpcancel_sequence_files *files,
                                  const struct rpcancel_paths *paths)
{
    enum rpcancel_form form;
    files->unreadable = 0;
    files->count = 0;
    files->list = calloc(paths->count + 1, sizeof *files->list);
    if (!files->list) {
        rpcancel_say(command, "out of memory");
        return false;
    }
    for (size_t i = 0; i < paths->count; i++) {
        struct rpcancel_sequence_file *file = &files->list[files->count];
        file->path = paths->list[i];
        if (rpcancel_sequence_load(command, file->path, &file->sequence, &form)) {
            files->count++;
        } else {
            rpcancel_sequence_free(&file->sequence);
            files->unreadable++;
        }
    }
    return true;
}

void rpcancel_sequence_files_free(struct rpcancel_sequence_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        rpcancel_sequence_free(&files->list[i].sequence);
    free(files->list);
    *files = (struct rpcancel_sequence_files){0};
}
