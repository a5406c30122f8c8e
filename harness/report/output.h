// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_OUTPUT_H
#define RPCANCEL_OUTPUT_H
/*
 * Output files. Nobody ever sees one half written: it grows under a temporary name beside its own, and takes its name
 * when it is complete. `-` is standard output.
 */
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct rpcancel_output {
    FILE *file;      /* write here */
    char *path;      /* NULL for standard output, pipes and devices, which are written to directly */
    char *temporary; /* NULL likewise; readable by its owner only */
    mode_t mode;     /* that it has once it is complete */
};

/* rpcancel_output_open starts an output; false with errno set when that is impossible. */
bool rpcancel_output_open(struct rpcancel_output *output, const char *path);

/* rpcancel_output_commit completes it; false with errno set when something could not be written, and then nothing is
 * left behind. */
bool rpcancel_output_commit(struct rpcancel_output *output);

/* rpcancel_output_discard ends it and leaves nothing behind. */
void rpcancel_output_discard(struct rpcancel_output *output);

#endif
