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

/* rpcancel_form_of_name tells the form of a sequence by the end of its name: .seq is text, .bin is binary. */
enum rpcancel_form rpcancel_form_of_name(const char *path);

/* rpcancel_file_read reads all of |path| (`-`: standard input) into memory that the caller frees; |*bytes| is followed
 * by a zero byte that |*length| does not count. False: said why. */
bool rpcancel_file_read(const char *command, const char *path, char **bytes, size_t *length);

/* rpcancel_sequence_load reads the sequence in |path|, in the form that its name or else its content tells; |*form|
 * is set to it. False: said why, as `path:line:column: what was expected` where the content is at fault. */
bool rpcancel_sequence_load(const char *command, const char *path, struct rpcancel_sequence *sequence,
                            enum rpcancel_form *form);

/* A growing list of paths; zero-initialise. */
struct rpcancel_paths {
    char **list;
    size_t count;
};

/* rpcancel_paths_add adds |path|; for a folder, the sequences in it and below it, in byte order of their names: files
 * named *.seq or *.bin or without a dot. False: said why. */
bool rpcancel_paths_add(const char *command, struct rpcancel_paths *paths, const char *path);

void rpcancel_paths_free(struct rpcancel_paths *paths);

#endif
