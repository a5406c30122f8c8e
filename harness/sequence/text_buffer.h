// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TEXT_BUFFER_H
#define RPCANCEL_TEXT_BUFFER_H
/*
 * Text that grows in memory the caller gave: what does not fit is cut off, and the text is terminated at every moment.
 */
#include <stddef.h>
#include <stdint.h>

struct rpcancel_text {
    char *out;
    size_t size;   /* bytes at |out|, the terminator among them; 0 writes nothing */
    size_t length; /* bytes written so far, without the terminator */
};

/* rpcancel_text_in starts an empty text in the |size| bytes at |out|. */
struct rpcancel_text rpcancel_text_in(char *out, size_t size);

/* rpcancel_text_put appends |length| bytes; rpcancel_text_put_string all of a string. */
void rpcancel_text_put(struct rpcancel_text *text, const char *bytes, size_t length);
void rpcancel_text_put_string(struct rpcancel_text *text, const char *string);

/* rpcancel_text_put_format appends what printf would print; 255 bytes at most. */
__attribute__((format(printf, 2, 3))) void rpcancel_text_put_format(struct rpcancel_text *text, const char *format,
                                                                    ...);

/* rpcancel_text_put_code appends a status or fault code as people write it: decimal below 65536, else 0x and eight
 * hexadecimal digits. */
void rpcancel_text_put_code(struct rpcancel_text *text, uint32_t code);

#endif
