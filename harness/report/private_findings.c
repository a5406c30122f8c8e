// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "report/private_findings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As docs/disclosure.md has it, with the same addresses. */
static const char readme[] =
    "What is in this folder crashed a program that is not part of rpcancel. If the program is your own, mend it, and\n"
    "delete this. If it is somebody else's, what is here may tell others how to attack those who use it:\n"
    "\n"
    "1. Do not publish it: no public bug tracker, mailing list, pull request, corpus, log of a CI job, or chat.\n"
    "2. See that it is so: run it again by the command that the finding names, against the newest version as well.\n"
    "3. Tell those who maintain the program, in private, with the sequence, the versions and the stack:\n"
    "     Samba      security@samba.org             https://github.com/samba-team/samba/security\n"
    "     Microsoft  the researcher portal          https://msrc.microsoft.com/report/vulnerability\n"
    "     impacket   as its SECURITY.md says        https://www.coresecurity.com/about/contact\n"
    "     Wine       names no private address that we know of: ask a maintainer for one, without saying how\n"
    "     others     what their SECURITY.md, security.txt or home page says\n"
    "4. Give them 90 days from the day you told them, more if you agree on it, before you say how it is done.\n"
    "5. Once it is public, by them or by you, the sequence may go into a corpus, with a link to their report.\n"
    "\n"
    "docs/disclosure.md of rpcancel says more. Nothing here is uploaded by anything.\n";

bool rpcancel_is_private(enum rpcancel_run_end end, const char *how)
{
    return end == RPCANCEL_RUN_CRASHED && strcmp(how, "reference") != 0;
}

static bool write_readme(const char *folder)
{
    char path[RPCANCEL_PRIVATE_PATH_MAX + 16];
    struct rpcancel_output output;
    snprintf(path, sizeof path, "%s/README", folder);
    if (access(path, F_OK) == 0)
        return true; /* perhaps with notes of whom was told when */
    if (!rpcancel_output_open(&output, path))
        return false;
    fputs(readme, output.file);
    return rpcancel_output_commit(&output);
}

/* A folder that is there already may have been made by somebody else, or be a way to another place. */
static bool make_private(const char *path)
{
    struct stat status;
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return false;
    if (lstat(path, &status) != 0)
        return false;
    if (!S_ISDIR(status.st_mode) || status.st_uid != geteuid()) {
        errno = S_ISDIR(status.st_mode) ? EPERM : ENOTDIR;
        return false;
    }
    return chmod(path, 0700) == 0;
}

void rpcancel_private_path(const char *folder, char path[RPCANCEL_PRIVATE_PATH_MAX])
{
    snprintf(path, RPCANCEL_PRIVATE_PATH_MAX, "%.3900s/" RPCANCEL_PRIVATE_FOLDER, folder);
}

bool rpcancel_private_folder(const char *folder, char path[RPCANCEL_PRIVATE_PATH_MAX])
{
    rpcancel_private_path(folder, path);
    mode_t before = umask(077);
    bool made = make_private(path) && write_readme(path);
    int reason = errno;
    umask(before);
    errno = reason;
    return made;
}

bool rpcancel_private_open(struct rpcancel_output *output, const char *path, char instead[RPCANCEL_PRIVATE_PATH_MAX])
{
    char folder[RPCANCEL_PRIVATE_PATH_MAX] = ".", made[RPCANCEL_PRIVATE_PATH_MAX];
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    if (slash &&
        snprintf(folder, sizeof folder, "%.*s", slash == path ? 1 : (int)(slash - path), path) >= (int)sizeof folder) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (!rpcancel_private_folder(folder, made))
        return false;
    const char *short_form = slash ? made : made + strlen("./"); /* as the user would say it */
    if (snprintf(instead, RPCANCEL_PRIVATE_PATH_MAX, "%s/%s", short_form, name) >= RPCANCEL_PRIVATE_PATH_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    mode_t before = umask(077);
    bool opened = rpcancel_output_open(output, instead);
    int reason = errno;
    umask(before);
    errno = reason;
    return opened;
}
