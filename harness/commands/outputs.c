// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "commands/outputs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/command.h"
#include "report/output.h"
#include "report/private_findings.h"

bool rpcancel_output_is_standard(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

/* The one absolute spelling of |path|, whose last part need not exist; NULL when its folder does not, or memory is
 * exhausted. The caller frees it. */
static char *one_spelling(const char *path)
{
    char *whole = realpath(path, NULL), *copy = whole ? NULL : strdup(path);
    if (!copy)
        return whole;
    size_t length = strlen(copy);
    while (length > 1 && copy[length - 1] == '/')
        copy[--length] = '\0';
    char *slash = strrchr(copy, '/');
    const char *last = slash ? slash + 1 : copy;
    if (slash)
        *slash = '\0';
    char *folder = realpath(!slash ? "." : *copy ? copy : "/", NULL);
    if (folder && asprintf(&whole, "%s/%s", folder, last) < 0)
        whole = NULL;
    free(folder);
    free(copy);
    return whole;
}

static bool is_same_file(const char *one, const char *other)
{
    if (rpcancel_output_is_standard(one) || rpcancel_output_is_standard(other) || strcmp(one, other) == 0)
        return strcmp(one, other) == 0;
    char *first = one_spelling(one), *second = one_spelling(other);
    bool same = first && second && strcmp(first, second) == 0;
    free(first);
    free(second);
    return same;
}

static bool differ(const char *command, const struct rpcancel_named_output *one,
                   const struct rpcancel_named_output *other)
{
    if (!one->path || !other->path || !is_same_file(one->path, other->path))
        return true;
    if (rpcancel_output_is_standard(one->path))
        rpcancel_usage(command, "%s and %s cannot both go to standard output", one->option, other->option);
    else
        rpcancel_usage(command, "%s and %s name the same file: %s", one->option, other->option, other->path);
    return false;
}

bool rpcancel_outputs_are_distinct(const char *command, const struct rpcancel_named_output *outputs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            if (!differ(command, &outputs[i], &outputs[j]))
                return false;
        }
    }
    return true;
}

/* Whether |path| is a file that is there, and |status| what it is; `-` is what standard input leads to. */
static bool is_file(const char *path, struct stat *status)
{
    if (!path)
        return false;
    int result = rpcancel_output_is_standard(path) ? fstat(STDIN_FILENO, status) : stat(path, status);
    return result == 0 && S_ISREG(status->st_mode);
}

bool rpcancel_outputs_spare(const char *command, const struct rpcancel_named_output *outputs, size_t count,
                            const char *const *inputs, size_t input_count)
{
    for (size_t i = 0; i < count; i++) {
        struct stat output, input;
        if (rpcancel_output_is_standard(outputs[i].path) || !is_file(outputs[i].path, &output))
            continue; /* nothing is lost */
        for (size_t j = 0; j < input_count; j++) {
            if (!is_file(inputs[j], &input) || input.st_dev != output.st_dev || input.st_ino != output.st_ino)
                continue;
            rpcancel_usage(command, "%s names a file that is read as well: %s", outputs[i].option, outputs[i].path);
            return false;
        }
    }
    return true;
}

static bool complain(const char *command, const char *path)
{
    rpcancel_say(command, "%s: %s", path, strerror(errno));
    return false;
}

bool rpcancel_output_is_possible(const char *command, const char *path)
{
    struct rpcancel_output probe;
    if (!path || rpcancel_output_is_standard(path))
        return true;
    if (!rpcancel_output_open(&probe, path))
        return complain(command, path);
    rpcancel_output_discard(&probe);
    return true;
}

bool rpcancel_folder_is_possible(const char *command, const char *path)
{
    struct stat status;
    if (!path)
        return true;
    if (stat(path, &status) != 0) {
        if (mkdir(path, 0777) != 0)
            return complain(command, path);
        rmdir(path);
        return true;
    }
    if (S_ISDIR(status.st_mode) && access(path, W_OK | X_OK) == 0)
        return true;
    errno = S_ISDIR(status.st_mode) ? errno : ENOTDIR;
    return complain(command, path);
}

void rpcancel_say_private(const char *command, const char *path)
{
    rpcancel_say(
        command,
        "what crashes somebody else's program may be a vulnerability: kept private in %s; before you show it to "
        "anybody read the README there",
        path);
}

bool rpcancel_private_output_is_possible(const char *command, const char *path, const char *how)
{
    char place[RPCANCEL_PRIVATE_PATH_MAX];
    if (!rpcancel_is_private(RPCANCEL_RUN_CRASHED, how) || rpcancel_output_is_standard(path) ||
        rpcancel_private_is_possible(path, place))
        return true;
    rpcancel_cannot_write(command, place);
    return false;
}

enum rpcancel_exit_code rpcancel_cannot_write(const char *command, const char *path)
{
    rpcancel_say(command, "%s: %s", path, strerror(errno));
    return RPCANCEL_EXIT_TROUBLE;
}

bool rpcancel_output_begin(const char *command, const char *path, struct rpcancel_output *output)
{
    bool opened = rpcancel_output_open(output, path);
    if (!opened)
        rpcancel_cannot_write(command, path);
    return opened;
}

enum rpcancel_exit_code rpcancel_output_end(const char *command, const char *path, struct rpcancel_output *output,
                                            bool written)
{
    if (!written) {
        rpcancel_output_discard(output);
        errno = ENOMEM;
        return rpcancel_cannot_write(command, path);
    }
    return rpcancel_output_commit(output) ? RPCANCEL_EXIT_CONFORMANT : rpcancel_cannot_write(command, path);
}

enum rpcancel_exit_code rpcancel_output_end_as(const char *command, const char *path, struct rpcancel_output *output,
                                               bool is_private)
{
    char instead[RPCANCEL_PRIVATE_PATH_MAX];
    if (!is_private || !output->temporary)
        return rpcancel_output_end(command, path, output, true);
    if (!rpcancel_private_divert(output, instead)) {
        enum rpcancel_exit_code code = rpcancel_cannot_write(command, path);
        rpcancel_output_discard(output);
        return code;
    }
    enum rpcancel_exit_code code = rpcancel_output_end(command, instead, output, true);
    if (code == RPCANCEL_EXIT_CONFORMANT)
        rpcancel_say_private(command, instead);
    return code;
}
