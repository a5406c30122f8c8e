// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_OUTPUTS_H
#define RPCANCEL_OUTPUTS_H
/*
 * Output files of commands: what is asked of them before any work is done, so that nothing is found out at the end of a
 * long run, and how they are written then.
 */
#include <stdbool.h>
#include <stddef.h>

#include "commands/exit_code.h"
#include "report/output.h"

/* A file or folder that an option names. */
struct rpcancel_named_output {
    const char *option; /* "--json" */
    const char *path;   /* `-` is standard output; NULL: the option was not given */
};

/* rpcancel_output_is_standard tells whether |path| is `-`: then what people read goes to standard error. NULL is not.
 */
bool rpcancel_output_is_standard(const char *path);

/* rpcancel_outputs_are_distinct tells whether no two of |count| outputs are standard output, or the same file under
 * whatever spelling. False: said which, as a mistake in usage. */
bool rpcancel_outputs_are_distinct(const char *command, const struct rpcancel_named_output *outputs, size_t count);

/* rpcancel_outputs_spare tells whether none of |count| outputs is one of the |input_count| files |inputs|, which are
 * read and would be lost; `-` is what standard input leads to, NULL none. False: said which, as a mistake in
 * usage. */
bool rpcancel_outputs_spare(const char *command, const struct rpcancel_named_output *outputs, size_t count,
                            const char *const *inputs, size_t input_count);

/* rpcancel_output_is_possible tries whether the file |path| can be written, and leaves everything as it is; NULL and
 * `-` always can. False: said why not. */
bool rpcancel_output_is_possible(const char *command, const char *path);

/* rpcancel_folder_is_possible tries whether files can be written in the folder |path|, which need not exist yet but
 * whose parent must, and leaves everything as it is; NULL always can. False: said why not. */
bool rpcancel_folder_is_possible(const char *command, const char *path);

/* rpcancel_output_begin opens the file |path| (`-`: standard output) for writing; false, said why, when that is
 * impossible. rpcancel_output_end completes it when |written|, and otherwise leaves nothing behind and says that there
 * was no memory; returns RPCANCEL_EXIT_CONFORMANT, or RPCANCEL_EXIT_TROUBLE when it is not there, said why. */
bool rpcancel_output_begin(const char *command, const char *path, struct rpcancel_output *output);
enum rpcancel_exit_code rpcancel_output_end(const char *command, const char *path, struct rpcancel_output *output,
                                            bool written);

/* rpcancel_say_private says on standard error that |path| is a private finding (report/private_findings.h), and what
 * to read before anybody is shown it. */
void rpcancel_say_private(const char *command, const char *path);

/* rpcancel_private_output_is_possible tries whether what would go to |path| can be kept private, should it crash the
 * runtime |how|; the folder for it is not made. False: said why not. */
bool rpcancel_private_output_is_possible(const char *command, const char *path, const char *how);

/* rpcancel_output_end_as completes |output|, meant for |path|, and when it |is_private| as a private finding, and says
 * so; one that is written to directly, such as standard output, stays what it is: that is where the user wants it.
 * Returns as rpcancel_output_end. */
enum rpcancel_exit_code rpcancel_output_end_as(const char *command, const char *path, struct rpcancel_output *output,
                                               bool is_private);

/* rpcancel_cannot_write says that |path| cannot be written, and why, by errno; returns RPCANCEL_EXIT_TROUBLE. */
enum rpcancel_exit_code rpcancel_cannot_write(const char *command, const char *path);

#endif
