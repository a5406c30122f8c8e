// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ANSWER_TEXT_H
#define RPCANCEL_ANSWER_TEXT_H

#include <stdbool.h>

#include "sequence/sequence.h"
#include "sequence/words.h"

/* rpcancel_expectation_known returns the set of all answers that can be expected. */
rpcancel_expectation rpcancel_expectation_known(void);

/* rpcancel_expectation_read reads `=> A|B` to the end of the line, or nothing where the line is over: |*expected| is
 * empty then. On false |*error| is set, except for its line. */
bool rpcancel_expectation_read(struct rpcancel_words *words, rpcancel_expectation *expected,
                               struct rpcancel_sequence_error *error);

#endif
