// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "commands/suite_folder.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/outputs.h"

enum { LOOK_EVERY = 1024 /* files between looks for an interruption */, NFTW_FOLDERS = 8 };

static bool is_empty(const char *path)
{
    DIR *folder = opendir(path);
    bool empty = folder != NULL;
    for (struct dirent *entry; empty && (entry = readdir(folder));)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    if (folder)
        closedir(folder);
    return empty;
}

bool rpcancel_suite_folder_is_possible(const char *command, const char *path)
{
    struct stat status;
    if (!rpcancel_folder_is_possible(command, path))
        return false;
    if (!path || stat(path, &status) != 0 || is_empty(path))
        return true;
    rpcancel_say(command, "%s: is there and has files in it; a suite gets a folder of its own", path);
    return false;
}

/* ---- writing ---- */

static bool write_file(const char *path, const struct rpcancel_catalogue_entry *entry)
{
    FILE *file = fopen(path, "wxe");
    if (!file)
        return false;
    bool written = fwrite(entry->text, 1, entry->length, file) == entry->length;
    return (fclose(file) == 0) && written;
}

/* Makes the folder that |path|, a file in it, needs; it may be there. */
static bool make_folder_of(char *path)
{
    char *slash = strrchr(path, '/');
    *slash = '\0';
    bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
    *slash = '/';
    return made;
}

static bool write_entry(const char *folder, const struct rpcancel_catalogue_entry *entry)
{
    char *path = NULL;
    if (asprintf(&path, "%s%s", folder, strchr(entry->name, '/')) < 0) {
        errno = ENOMEM;
        return false;
    }
    bool written = make_folder_of(path) && write_file(path, entry);
    free(path);
    return written;
}

static bool write_entries(const char *folder, const struct rpcancel_suite_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (i % LOOK_EVERY == 0 && *rpcancel_interrupted()) {
            errno = EINTR;
            return false;
        }
        if (!write_entry(folder, &texts->entries[i]))
            return false;
    }
    return true;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *position)
{
    (void)status, (void)kind, (void)position;
    return remove(path);
}

/* Gives the finished folder |temporary| the name |path|, and the rights any new folder gets. */
static bool put_in_place(const char *temporary, const char *path)
{
    mode_t mask = umask(0);
    umask(mask);
    return chmod(temporary, 0777 & ~mask) == 0 && rename(temporary, path) == 0;
}

enum rpcancel_exit_code rpcancel_suite_folder_write(const char *command, const char *path,
                                                    const struct rpcancel_suite_texts *texts)
{
    char *temporary = NULL;
    int length = (int)strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (asprintf(&temporary, "%.*s.XXXXXX", length, path) < 0 || !mkdtemp(temporary)) {
        free(temporary);
        return rpcancel_cannot_write(command, path);
    }
    bool written = write_entries(temporary, texts) && put_in_place(temporary, path);
    int error = errno;
    if (!written)
        nftw(temporary, remove_one, NFTW_FOLDERS, FTW_DEPTH | FTW_PHYS);
    free(temporary);
    errno = error;
    if (!written && error == EINTR)
        rpcancel_say(command, "interrupted");
    else if (!written)
        return rpcancel_cannot_write(command, path);
    return written ? RPCANCEL_EXIT_CONFORMANT : RPCANCEL_EXIT_TROUBLE;
}
