// SPDX-License-Identifier: Apache-2.0
/* The channel of rpcancel-child. Apart from port_reference.c, which a plugin without a channel is made of as well. */
#include <unistd.h>

#include "child/port.h"
#include "runtime/pipes.h"

size_t port_read(char *out, size_t size)
{
    return rpcancel_read_some(STDIN_FILENO, out, size);
}

bool port_write(const char *text, size_t length)
{
    return rpcancel_write_all(STDOUT_FILENO, text, length);
}
