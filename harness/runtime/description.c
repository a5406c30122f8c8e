// SPDX-License-Identifier: Apache-2.0
#include "runtime/description.h"

#include <stdio.h>
#include <string.h>

#include "runtime/child_line.h"

static const char *const control_words[] = {
    [RPCANCEL_COMMAND] = "command", [RPCANCEL_EVENT] = "event", [RPCANCEL_HIDDEN] = "hidden"};

void rpcancel_description_set_control(struct rpcancel_runtime *runtime, enum rpcancel_control delivery,
                                      enum rpcancel_control dispatch)
{
    memset(runtime->control, RPCANCEL_COMMAND, sizeof runtime->control);
    for (unsigned kind = RPCANCEL_OP_DELIVER_REQUEST; kind <= RPCANCEL_OP_DELIVER_REPLY; kind++)
        runtime->control[kind] = (uint8_t)delivery;
    runtime->control[RPCANCEL_OP_DISPATCH] = runtime->control[RPCANCEL_OP_DISPATCH_SYNCHRONOUS] = (uint8_t)dispatch;
}

bool rpcancel_description_set_name(char name[RPCANCEL_RUNTIME_NAME_MAX], const char *text, size_t length)
{
    if (length == 0 || length >= RPCANCEL_RUNTIME_NAME_MAX)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '!' || text[i] > '~')
            return false;
    }
    memcpy(name, text, length);
    name[length] = '\0';
    return true;
}

/* Copies the value of |key|, if it is there, to |name|. */
static bool read_name(const char *keys, const char *key, char name[RPCANCEL_RUNTIME_NAME_MAX])
{
    size_t length;
    const char *value = rpcancel_child_key(keys, key, &length);
    return !value || rpcancel_description_set_name(name, value, length);
}

static bool read_control(const char *keys, const char *key, enum rpcancel_control *control)
{
    size_t length;
    if (!rpcancel_child_key(keys, key, &length))
        return true;
    for (unsigned i = 0; i < sizeof control_words / sizeof control_words[0]; i++) {
        if (rpcancel_child_key_is(keys, key, control_words[i])) {
            *control = (enum rpcancel_control)i;
            return true;
        }
    }
    return false;
}

bool rpcancel_description_read(struct rpcancel_runtime *runtime, const char *keys, const char **expected)
{
    enum rpcancel_control delivery = RPCANCEL_HIDDEN;
    enum rpcancel_control dispatch = RPCANCEL_COMMAND;
    strcpy(runtime->name, "child");
    runtime->version[0] = '\0';
    if (!read_name(keys, "name", runtime->name) || !read_name(keys, "version", runtime->version))
        *expected = "name= and version= of 1 to 63 printable characters";
    else if (!read_control(keys, "delivery", &delivery) || delivery == RPCANCEL_EVENT)
        *expected = "delivery=command or delivery=hidden";
    else if (!read_control(keys, "dispatch", &dispatch))
        *expected = "dispatch=command, dispatch=event or dispatch=hidden";
    else {
        rpcancel_description_set_control(runtime, delivery, dispatch);
        return true;
    }
    return false;
}

void rpcancel_description_write(const struct rpcancel_runtime *runtime, char *out, size_t size)
{
    bool has_version = runtime->version[0] != '\0';
    snprintf(out, size, "name=%s%s%s delivery=%s dispatch=%s", runtime->name, has_version ? " version=" : "",
             runtime->version, control_words[runtime->control[RPCANCEL_OP_DELIVER_REQUEST]],
             control_words[runtime->control[RPCANCEL_OP_DISPATCH]]);
}
