// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_CURVE_H
#define RPCANCEL_FUZZERS_CURVE_H
/*
 * The two functions of fuzz_sequence.c, which rpcancel-curve links under these names, as the engine calls those of
 * curve.c.
 */
#include <stddef.h>
#include <stdint.h>

int rpcancel_sequence_initialize(int *argc, char ***argv);
int rpcancel_sequence_one_input(const uint8_t *data, size_t size);

#endif
