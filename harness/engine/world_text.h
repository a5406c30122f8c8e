// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WORLD_TEXT_H
#define RPCANCEL_WORLD_TEXT_H
/*
 * Worlds as text: what the reference knows of the first handles, in one line without tabs; docs/spin.md explains it.
 * What a reply carries is left out where no client waits for it: it makes no difference to anybody.
 */
#include <stddef.h>

#include "world.h"

/* rpcancel_world_print writes |world| with its first |calls| handles into |out| of |size| bytes, terminated and cut to
 * fit; returns the length. RPCANCEL_WORLD_TEXT_MAX bytes suffice for every world. */
enum { RPCANCEL_WORLD_TEXT_MAX = 1024 };
size_t rpcancel_world_print(const struct rpcancel_world *world, unsigned calls, char *out, size_t size);

#endif
