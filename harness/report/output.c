// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "report/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Names such as /dev/stdout and pipes cannot be replaced by renaming; they are written to directly. That is so of links
 * like /dev/stdout also where standard output leads to a plain file: what would be replaced is the link. */
static bool is_special(const char *path)
{
    struct stat status, link, standard;
    if (stat(path, &status) != 0 || lstat(path, &link) != 0 || S_ISDIR(status.st_mode))
        return false;
    if (!S_ISREG(status.st_mode))
        return true;
    if (!S_ISLNK(link.st_mode))
        return false;
    bool is_standard =
        fstat(STDOUT_FILENO, &standard) == 0 && status.st_dev == standard.st_dev && status.st_ino == standard.st_ino;
    return is_standard || strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0;
}

static void forget(struct rpcancel_output *output)
{
    free(output->path);
    free(output->temporary);
    *output = (struct rpcancel_output){0};
}

static bool open_temporary(struct rpcancel_output *output, const char *path)
{
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return false;
    }
    output->path = strdup(path);
    if (!output->path || asprintf(&output->temporary, "%s.XXXXXX", path) < 0) {
        output->temporary = NULL;
        errno = ENOMEM;
        return false;
    }
    int descriptor = mkostemp(output->temporary, O_CLOEXEC);
    if (descriptor < 0)
        return false;
    mode_t mask = umask(0);
    umask(mask);
    output->mode = 0666 & ~mask;
    output->file = fdopen(descriptor, "w");
    if (output->file)
        return true;
    int error = errno;
    close(descriptor);
    unlink(output->temporary);
    errno = error;
    return false;
}

bool rpcancel_output_open(struct rpcancel_output *output, const char *path)
{
    *output = (struct rpcancel_output){0};
    if (strcmp(path, "-") == 0)
        output->file = stdout;
    else if (is_special(path))
        output->file = fopen(path, "we");
    else if (!open_temporary(output, path)) {
        int error = errno;
        forget(output);
        errno = error;
    }
    return output->file != NULL;
}

bool rpcancel_output_commit(struct rpcancel_output *output)
{
    bool failed = ferror(output->file) != 0 || fflush(output->file) != 0 ||
                  (output->temporary && fchmod(fileno(output->file), output->mode) != 0);
    int error = errno;
    if (output->file != stdout && fclose(output->file) != 0 && !failed) {
        failed = true;
        error = errno;
    }
    if (!failed && output->temporary && rename(output->temporary, output->path) != 0) {
        failed = true;
        error = errno;
    }
    if (failed && output->temporary)
        unlink(output->temporary);
    forget(output);
    errno = error;
    return !failed;
}

void rpcancel_output_discard(struct rpcancel_output *output)
{
    if (output->file && output->file != stdout)
        fclose(output->file);
    if (output->temporary)
        unlink(output->temporary);
    forget(output);
}
