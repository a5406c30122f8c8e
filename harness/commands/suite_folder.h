// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SUITE_FOLDER_H
#define RPCANCEL_SUITE_FOLDER_H
/*
 * The folder that `rpcancel suite` writes: one text file for each sequence, a thousand in a folder.
 */
#include "commands/exit_code.h"
#include "suite/text.h"

/* rpcancel_suite_folder_is_possible tells whether |path| can become such a folder: it is not there and its parent is,
 * or it is empty. NULL always can. False: said why not. */
bool rpcancel_suite_folder_is_possible(const char *command, const char *path);

/* rpcancel_suite_folder_write writes |texts| to |path|, under another name until all of them are there. Trouble, and
 * an interruption, leave nothing behind and were said. */
enum rpcancel_exit_code rpcancel_suite_folder_write(const char *command, const char *path,
                                                    const struct rpcancel_suite_texts *texts);

#endif
