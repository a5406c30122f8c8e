// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PRIVATE_FINDINGS_H
#define RPCANCEL_PRIVATE_FINDINGS_H
/*
 * Findings that are for nobody to read before the maintainers of a program have: what crashes it. They go to a folder
 * of their own, private-findings, where the others would have gone; nobody but its owner can read it, a README in it
 * says what to do, and git is told to pass it by. docs/disclosure.md is the manual.
 */
#include <stdbool.h>

#include "engine/run.h"
#include "report/output.h"

#define RPCANCEL_PRIVATE_FOLDER "private-findings"

enum { RPCANCEL_PRIVATE_PATH_MAX = 4096 };

/* rpcancel_is_private tells whether a run that ended as |end| on the runtime |how|, as --runtime has it, is such a
 * finding: a crash of anything but the reference implementation of this program. */
bool rpcancel_is_private(enum rpcancel_run_end end, const char *how);

/* rpcancel_is_private_file tells, as far as that can be seen, whether the file |path| is such a finding, or was made of
 * one: it is in a folder for them, or begins with comments that say that it crashes a runtime, and names no public
 * report. */
bool rpcancel_is_private_file(const char *path);

/* rpcancel_private_path sets |path| to where private findings are that would have gone to |folder|: in the folder of
 * that name in it; |folder| itself where it is one, or is in one. False with errno set, and |path| empty, when that is
 * too long. */
bool rpcancel_private_path(const char *folder, char path[RPCANCEL_PRIVATE_PATH_MAX]);

/* rpcancel_private_folder makes that place, which |folder| must be there for, and sets |path| to it. False with errno
 * set when that is impossible, or when something else has its name. */
bool rpcancel_private_folder(const char *folder, char path[RPCANCEL_PRIVATE_PATH_MAX]);

/* rpcancel_private_is_possible tells whether a private finding can go where it would in place of the file |path|, and
 * leaves everything as it is. Sets |place| to that folder. False with errno set. */
bool rpcancel_private_is_possible(const char *path, char place[RPCANCEL_PRIVATE_PATH_MAX]);

/* rpcancel_private_open opens an output in place of the file |path|: one of that name where private findings go that
 * would have gone beside it. Sets |instead| to where it is. False as rpcancel_output_open, with errno set. */
bool rpcancel_private_open(struct rpcancel_output *output, const char *path, char instead[RPCANCEL_PRIVATE_PATH_MAX]);

/* rpcancel_private_divert has |output|, which is open and has a temporary name, become that instead of the file it was
 * opened for, when it turns out to be a private finding while it is written. False with errno set; |output| is as it
 * was then, to be discarded. */
bool rpcancel_private_divert(struct rpcancel_output *output, char instead[RPCANCEL_PRIVATE_PATH_MAX]);

#endif
