// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FILES_H
#define RPCANCEL_FILES_H
/*
 * Reading the files that commands are given.
 */
#include <stdbool.h>
#include <stddef.h>

#include "sequence/sequence.h"

enum rpcancel_form { RPCANCEL_FORM_TEXT, RPCANCEL_FORM_BINARY, RPCANCEL_FORM_UNKNOWN };

/* rpcancel_name_ends_with tells whether |name| is something followed by |end|. */
bool rpcancel_name_ends_with(const char *name, const char *end);

/* rpcancel_form_of_name tells the form of a sequence by its name: .seq at the end is text, .bin is binary, and so are
 * names that fuzzers give (a SHA-1 or SHA-256 in hexadecimal, also after a word such as `crash-`; `id:…`), as what they
 * write may happen to have nothing but characters of text in it. */
enum rpcancel_form rpcancel_form_of_name(const char *path);

/* rpcancel_file_read reads all of |path| (`-`: standard input) into memory that the caller frees; |*bytes| is followed
 * by a zero byte that |*length| does not count. False: said why. */
bool rpcancel_file_read(const char *command, const char *path, char **bytes, size_t *length);

/* rpcancel_sequence_load reads the sequence in |path|, in the form that its name or else its content tells; |*form|
 * is set to it. False: said why, as `path:line:column: what was expected` where the content is at fault. */
bool rpcancel_sequence_load(const char *command, const char *path, struct rpcancel_sequence *sequence,
                            enum rpcancel_form *form);

/* rpcancel_can_hold_sequence tells whether |path|, where a sequence is to be written, has a name for that; if not (it
 * ends in .c, .py, .json, …) it is a usage error, and said why. */
bool rpcancel_can_hold_sequence(const char *command, const char *path);

/* rpcancel_sequence_write_bytes writes the canonical encoding of |sequence|; false when |out| has failed or memory is
 * exhausted. */
bool rpcancel_sequence_write_bytes(const struct rpcancel_sequence *sequence, FILE *out);

/* A growing list of paths; zero-initialise. */
struct rpcancel_paths {
    char **list;
    size_t count;
    size_t capacity;
};

/* rpcancel_paths_add adds |path|; for a folder, the sequences in it and below it, in byte order of their names: files
 * named *.seq or *.bin or without a dot. rpcancel_paths_add_all adds |count| of them. False: said why. */
bool rpcancel_paths_add(const char *command, struct rpcancel_paths *paths, const char *path);
bool rpcancel_paths_add_all(const char *command, struct rpcancel_paths *paths, char *const *list, int count);

void rpcancel_paths_free(struct rpcancel_paths *paths);

/* Sequences read from files. */
struct rpcancel_sequence_file {
    const char *path; /* as it stands in the list of paths */
    struct rpcancel_sequence sequence;
};

struct rpcancel_sequence_files {
    struct rpcancel_sequence_file *list;
    size_t count;
    size_t unreadable; /* paths that are not in the list: files that could not be read, or are no sequence */
};

/* rpcancel_sequence_files_load reads all |paths|, which must outlive |files|; says of each that cannot be read what is
 * wrong with it. False, and said so, when there is no memory for the list itself. End with
 * rpcancel_sequence_files_free in any case. */
bool rpcancel_sequence_files_load(const char *command, struct rpcancel_sequence_files *files,
                                  const struct rpcancel_paths *paths);
void rpcancel_sequence_files_free(struct rpcancel_sequence_files *files);

#endif
