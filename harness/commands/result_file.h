// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_RESULT_FILE_H
#define RPCANCEL_RESULT_FILE_H
/* Files with results. */
#include "results/result.h"

/* rpcancel_result_load reads the result in the file |path| (`-`: standard input). False: said why, with the place in
 * the file. End with rpcancel_result_free in any case; |result| is zero-initialised before. */
bool rpcancel_result_load(const char *command, const char *path, struct rpcancel_saved_result *result);

#endif
