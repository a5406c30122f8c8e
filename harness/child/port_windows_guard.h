// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PORT_WINDOWS_GUARD_H
#define RPCANCEL_PORT_WINDOWS_GUARD_H
/*
 * Calls that may raise. The exception is caught by a frame of the stack, as __try … __except does: handlers within the
 * called function come first, so only what a caller of the function would see is seen here.
 */
#include <stdbool.h>
#include <stdint.h>

/* windows_guard calls |function|. False when an exception came out of it, with its code in |*exception|. */
bool windows_guard(void (*function)(void *context), void *context, uint32_t *exception);

#endif
