// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DESCRIPTION_H
#define RPCANCEL_DESCRIPTION_H
/*
 * What a runtime says of itself: its name and version, and how messages arrive and manager routines start.
 */
#include "runtime/runtime.h"

/* rpcancel_description_read takes the keys and values of an answer to `describe` into |runtime|: name, version and
 * control. False with |*expected| (static storage) when one of them is none. */
bool rpcancel_description_read(struct rpcancel_runtime *runtime, const char *keys, const char **expected);

/* rpcancel_description_write writes what rpcancel_description_read takes in, terminated and cut to |size|. */
void rpcancel_description_write(const struct rpcancel_runtime *runtime, char *out, size_t size);

/* rpcancel_description_set_name copies |text| of |length| bytes to |name|; false when it is no name, 1 to 63 printable
 * ASCII characters without blanks. */
bool rpcancel_description_set_name(char name[RPCANCEL_RUNTIME_NAME_MAX], const char *text, size_t length);

/* rpcancel_description_set_control fills runtime->control: everything is a command but deliveries and dispatches. */
void rpcancel_description_set_control(struct rpcancel_runtime *runtime, enum rpcancel_control delivery,
                                      enum rpcancel_control dispatch);

#endif
