// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_MUTATOR_AFL_H
#define RPCANCEL_FUZZERS_MUTATOR_AFL_H
/*
 * The mutator as AFL++ asks for it: the hooks that afl-fuzz calls in a library named by AFL_CUSTOM_MUTATOR_LIBRARY.
 * Use it with AFL_CUSTOM_MUTATOR_ONLY=1: AFL++'s own mutations change bytes and mostly yield what means nothing.
 *
 * Buffers that hooks hand out belong to the mutator, are never NULL, and stay as they are until the next call of a hook
 * with the same |data|. No hook keeps a pointer to a buffer it is given, or writes to one. afl-fuzz calls them from one
 * thread; different mutators may be used by different threads. The same seed and the same calls give the same results.
 */
#include <stddef.h>
#include <stdint.h>

/* afl_custom_init returns a mutator, which all other hooks take as |data|, or NULL when memory is short. |afl| is not
 * used. AFL_INPUT_LEN_MAX in the environment says how many bytes an input may have at most (afl-fuzz keeps to it too);
 * without it 1024. afl-fuzz's option -G does not come this far. */
void *afl_custom_init(void *afl, unsigned seed);

/* afl_custom_fuzz makes an input out of |size| bytes at |input|, and of |other| (NULL: none) for a splice, and sets
 * |*out| to it. Returns its size, a canonical sequence of at least one operation and at most |max_size| bytes; 0 only
 * when |max_size| has no room for one. */
size_t afl_custom_fuzz(void *data, uint8_t *input, size_t size, uint8_t **out, uint8_t *other, size_t other_size,
                       size_t max_size);

/* afl_custom_describe says in at most |max_length| characters how the last input came about, for names of files:
 * "op:mutate,seed:…" or "op:cross,seed:…"; with the input it was made from that is all it takes to make it again. */
const char *afl_custom_describe(void *data, size_t max_length);

/* Trimming by whole operations (trim.h). afl_custom_init_trim returns how many steps it may take, 0 for none;
 * afl_custom_trim sets |*out| to the next proposal and returns its size; afl_custom_post_trim is told whether that one
 * was as good as the input (not 0), and returns the number of the next step, or that of the last when there is none. */
int afl_custom_init_trim(void *data, uint8_t *input, size_t size);
size_t afl_custom_trim(void *data, uint8_t **out);
int afl_custom_post_trim(void *data, uint8_t success);

/* afl_custom_deinit frees the mutator. */
void afl_custom_deinit(void *data);

#endif
