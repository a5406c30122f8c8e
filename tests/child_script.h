// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_CHILD_SCRIPT_H
#define RPCANCEL_TESTS_CHILD_SCRIPT_H
/*
 * A child runtime that is a shell script, for tests of the child protocol. Scripts run in a folder of their own and
 * may use
 *   answer WORDS…   reads a line (its number into $id, the rest into $what) and answers it; ends at the end of input
 *   serve WORDS…    answers every line so
 */
#include "runtime/runtime.h"

struct child_script {
    char folder[64];
    struct rpcancel_runtime *runtime; /* NULL when it could not be opened */
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    bool usage;
    unsigned descriptors; /* of this process, before */
};

/* child_script_open opens |script| as a runtime. |deadline_ms| is that of an exchange. */
void child_script_open(struct child_script *child, const char *script, unsigned deadline_ms);

/* child_script_starts returns how often the script was started. */
unsigned child_script_starts(const struct child_script *child);

/* child_script_wrote tells whether the script made a file |name|. */
bool child_script_wrote(const struct child_script *child, const char *name);

/* child_script_text reads the file |name| that the script made into |text|, terminated and cut to |size|. */
void child_script_text(const struct child_script *child, const char *name, char *text, size_t size);

/* child_script_close closes the runtime, if it is open, and fails the test unless everything it started is gone: its
 * process groups, zombies, file descriptors. */
void child_script_close(struct child_script *child);

/* child_script_groups_end waits up to |seconds| until nothing runs in the scripts' process groups. */
bool child_script_groups_end(const struct child_script *child, unsigned seconds);

/* child_script_remove removes the folder. */
void child_script_remove(const struct child_script *child);

#endif
