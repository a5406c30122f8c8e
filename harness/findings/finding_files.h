// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FINDING_FILES_H
#define RPCANCEL_FINDING_FILES_H
/*
 * Findings on disk: a folder each, named as the finding, with
 *
 *   finding.txt   what it is, in words, and the command that shows it again
 *   sequence.seq  the shrunk sequence
 *   input         the input of the fuzzer that showed it first, byte by byte
 *   test.c        for a broken rule: a cmocka test that fails on the runtime and passes on the reference
 *   wine_test.c   for a broken rule: the same in the manner of Wine's tests
 *
 * docs/findings.md is the manual.
 */
#include <stdio.h>

#include "findings/findings.h"

/* What a finding does not know of itself. */
struct rpcancel_finding_context {
    const struct rpcancel_runtime *runtime;
    enum rpcancel_profile profile;
    const char *how;     /* what --runtime said */
    const char *options; /* the other options that choose and configure the runtime, each with a blank before it */
};

/* rpcancel_finding_word returns FAIL, CRASH or HANG. */
const char *rpcancel_finding_word(const struct rpcancel_finding *finding);

/* rpcancel_finding_head_lines returns how many lines of sequence.seq stand before the first operation. */
size_t rpcancel_finding_head_lines(const struct rpcancel_finding *finding);

/* rpcancel_finding_place sets |place| to the folder that the finding's own is in, of those written to |folder|: this,
 * or the one for private findings in it (report/private_findings.h). */
enum { RPCANCEL_FINDING_PATH_MAX = 4096 };
void rpcancel_finding_place(const struct rpcancel_finding *finding, const struct rpcancel_finding_context *context,
                            const char *folder, char place[RPCANCEL_FINDING_PATH_MAX]);

/* rpcancel_finding_write makes PLACE/NAME and its files, or makes them anew. False with errno set and the path that
 * could not be written in |failed|, of RPCANCEL_FINDING_PATH_MAX bytes. */
bool rpcancel_finding_write(const struct rpcancel_finding *finding, const struct rpcancel_finding_context *context,
                            const char *folder, char failed[RPCANCEL_FINDING_PATH_MAX]);

/* rpcancel_finding_print writes the block about the finding that people read: what was broken, the sequence, the
 * source, the command that shows it again. |folder| is where the findings were written to, NULL when they were not. */
void rpcancel_finding_print(const struct rpcancel_finding *finding, const struct rpcancel_finding_context *context,
                            const char *folder, FILE *out);

/* rpcancel_finding_is_saved tells whether |folder|, one that findings were written to or one above it that has them in
 * findings/, has a finding of that name, private or not. */
bool rpcancel_finding_is_saved(const char *folder, const char *name);

#endif
