// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "commands/sequence_folder.h"

#include <errno.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/command.h"
#include "report/output.h"

static bool complain(const struct rpcancel_sequence_folder *folder, const char *path, const char *what)
{
    rpcancel_say(folder->command, "%s: %s", path, what);
    return false;
}

bool rpcancel_sequence_folder_open(struct rpcancel_sequence_folder *folder, const char *command, const char *path)
{
    struct stat status;
    *folder = (struct rpcancel_sequence_folder){.command = command, .path = path};
    if (mkdir(path, 0777) == 0)
        return true;
    if (errno != EEXIST)
        return complain(folder, path, strerror(errno));
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
        return complain(folder, path, "is no folder");
    return access(path, W_OK | X_OK) == 0 || complain(folder, path, strerror(errno));
}

static bool write_bytes(struct rpcancel_sequence_folder *folder, const uint8_t *bytes, size_t length)
{
    char name[SHA256_DIGEST_STRING_LENGTH], *path = NULL;
    struct rpcancel_output output;
    SHA256Data(bytes, length, name);
    if (asprintf(&path, "%s/%s", folder->path, name) < 0)
        return complain(folder, folder->path, "out of memory");
    bool written = access(path, F_OK) == 0;
    if (!written && rpcancel_output_open(&output, path)) {
        fwrite(bytes, 1, length, output.file);
        written = rpcancel_output_commit(&output);
    }
    if (!written)
        complain(folder, path, strerror(errno));
    free(path);
    return written;
}

bool rpcancel_sequence_folder_add(struct rpcancel_sequence_folder *folder, const struct rpcancel_sequence *sequence)
{
    size_t length = rpcancel_sequence_write_binary(sequence, NULL, 0);
    uint8_t *bytes = malloc(length + 1);
    if (!bytes)
        return complain(folder, folder->path, "out of memory");
    rpcancel_sequence_write_binary(sequence, bytes, length);
    bool written = write_bytes(folder, bytes, length);
    free(bytes);
    folder->written += written;
    folder->bytes += written ? length : 0;
    return written;
}
