// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_OPERATION_TEXT_H
#define RPCANCEL_OPERATION_TEXT_H

#include <stdbool.h>

#include "sequence/sequence.h"
#include "sequence/words.h"

/*
 * rpcancel_operation_read reads one operation from |words| and moves them past it. The operation reaches to the end of
 * the line, or to `=>` when |arrow_may_follow|; the arrow is left to be read. On false |*error| is set, except for its
 * line.
 */
bool rpcancel_operation_read(struct rpcancel_words *words, bool arrow_may_follow, struct rpcancel_operation *operation,
                             struct rpcancel_sequence_error *error);

#endif
