// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TEXT_BYTES_H
#define RPCANCEL_TEXT_BYTES_H

#include <stddef.h>

/* rpcancel_text_extent returns how many of the |length| bytes at |data|, from the first on, can stand in a text:
 * |length| when all can. */
size_t rpcancel_text_extent(const char *data, size_t length);

#endif
