// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DOCTOR_REMEDIES_H
#define RPCANCEL_DOCTOR_REMEDIES_H
/*
 * What to do about what others said, or about a file that cannot be run. No I/O but what is said.
 */
#include <stddef.h>
#include <stdint.h>

#include "runtime/runtime.h"

/* rpcancel_remedy_of_exchange: the runtime did not answer what it was asked. Static storage, like the others. */
const char *rpcancel_remedy_of_exchange(enum rpcancel_exchange exchange);

/* rpcancel_remedy_of_opening: rpcancel_runtime_open said |failure|. NULL: nothing more can be said. */
const char *rpcancel_remedy_of_opening(const char *failure);

enum { RPCANCEL_HEAD_SIZE = 64 };

/* rpcancel_remedy_of_program: a program could not be run, with the error number |error|. |head| are the first |size|
 * octets of the file, 0 when it cannot be read; |exists| tells whether there is one. */
const char *rpcancel_remedy_of_program(int error, bool exists, const uint8_t *head, size_t size);

/* rpcancel_remedy_of_shared_object: what is wrong with a file that is to be loaded, by its first octets; NULL: nothing
 * that they show. */
const char *rpcancel_remedy_of_shared_object(const uint8_t *head, size_t size);

/* rpcancel_head_read reads the beginning of |path|, RPCANCEL_HEAD_SIZE octets at most; returns how many, 0 when it is
 * no plain file that can be read. */
size_t rpcancel_head_read(const char *path, uint8_t head[RPCANCEL_HEAD_SIZE]);

#endif
