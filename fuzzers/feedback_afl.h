// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_FEEDBACK_AFL_H
#define RPCANCEL_FUZZERS_FEEDBACK_AFL_H
/*
 * State feedback for AFL++ from code that AFL++'s compiler has not seen, as in the library that others link. AFL++
 * looks at edges only, which its instrumentation numbers; here situations are numbered the same way.
 *
 * Both functions do nothing in a program without AFL++'s runtime.
 */

/* rpcancel_feedback_afl_begin forgets the situations of the input before; libFuzzer does so itself. */
void rpcancel_feedback_afl_begin(void);

/* rpcancel_feedback_afl_end tells AFL++ of the situations that the input got into (rpcancel_feedback_bytes). It comes
 * before anything that ends the program. */
void rpcancel_feedback_afl_end(void);

#endif
