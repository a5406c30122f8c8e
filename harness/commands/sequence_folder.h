// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SEQUENCE_FOLDER_H
#define RPCANCEL_SEQUENCE_FOLDER_H
/*
 * Folders of sequences as fuzzers keep them: one file for each, in canonical binary form, named by the SHA-256 of its
 * bytes, so that a sequence is the same file wherever it comes from.
 */
#include <stdbool.h>
#include <stddef.h>

#include "sequence/sequence.h"

struct rpcancel_sequence_folder {
    const char *command; /* that messages name */
    const char *path;
    size_t written; /* sequences written to it */
    size_t bytes;   /* of them */
};

/* rpcancel_sequence_folder_open makes the folder unless it is there. False: said why. */
bool rpcancel_sequence_folder_open(struct rpcancel_sequence_folder *folder, const char *command, const char *path);

/* rpcancel_sequence_folder_add writes |sequence|; a file that is there already is the same. False: said why. */
bool rpcancel_sequence_folder_add(struct rpcancel_sequence_folder *folder, const struct rpcancel_sequence *sequence);

#endif
