// SPDX-License-Identifier: Apache-2.0
#include "feedback.h"

/* Where libFuzzer looks for them. ci/fuzz-choice builds without them to see what they are worth. */
#ifndef RPCANCEL_FEEDBACK_SECTION
#define RPCANCEL_FEEDBACK_SECTION "__libfuzzer_extra_counters"
#endif

/* Without |used| clang deletes an array that nothing in the program reads. */
__attribute__((used, section(RPCANCEL_FEEDBACK_SECTION))) uint8_t rpcancel_feedback_bytes[RPCANCEL_FEEDBACK_SIZE];
