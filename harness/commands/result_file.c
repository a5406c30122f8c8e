// SPDX-License-Identifier: Apache-2.0
#include "commands/result_file.h"

#include <stdlib.h>

#include "commands/command.h"
#include "commands/files.h"

bool rpcancel_result_load(const char *command, const char *path, struct rpcancel_saved_result *result)
{
    struct rpcancel_json_failure failure;
    char *text;
    size_t length;
    *result = (struct rpcancel_saved_result){0};
    if (!rpcancel_file_read(command, path, &text, &length))
        return false;
    bool read = rpcancel_result_read(result, text, length, &failure);
    free(text);
    if (!read && failure.line)
        rpcancel_say(command, "%s:%u:%u: %s", path, failure.line, failure.column, failure.what);
    else if (!read)
        rpcancel_say(command, "%s: %s", path, failure.what);
    return read;
}
