// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "report/private_findings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
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
    snprintf(path, sizeof path, "%s/README.txt", folder);
    if (access(path, F_OK) == 0)
        return true; /* perhaps with notes of whom was told when */
    if (!rpcancel_output_open(&output, path))
        return false;
    fputs(readme, output.file);
    return rpcancel_output_commit(&output);
}

/* A folder that is there already may have been made by somebody else, or be a way to another place: what is looked at
 * is what is changed. */
static bool make_private(const char *path)
{
    struct stat status;
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return false;
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return false;
    bool made = fstat(folder, &status) == 0;
    if (made && status.st_uid != geteuid()) {
        errno = EPERM;
        made = false;
    }
    made = made && fchmod(folder, 0700) == 0;
    int reason = errno;
    close(folder);
    errno = reason;
    return made;
}

/* ---- places ---- */

static bool names_private_folder(const char *path)
{
    const size_t length = strlen(RPCANCEL_PRIVATE_FOLDER);
    bool names = false;
    for (const char *part = path; part && !names; part = strchr(part, '/')) {
        part += strspn(part, "/");
        names = strncmp(part, RPCANCEL_PRIVATE_FOLDER, length) == 0 && (part[length] == '/' || part[length] == '\0');
    }
    return names;
}

/* Whether |path|, or where it leads to, is a folder for private findings or is in one. Then |*place| is |path|, or
 * where it leads to, when it is a link by another name; NULL when memory is exhausted. The caller frees it. */
static bool is_in_private_folder(const char *path, char **place)
{
    struct stat status;
    char *real = realpath(path, NULL);
    bool is_named = names_private_folder(path), leads_there = real && names_private_folder(real);
    if (leads_there && !is_named && lstat(path, &status) == 0 && S_ISLNK(status.st_mode)) {
        *place = real;
        return true;
    }
    free(real);
    *place = is_named || leads_there ? strdup(path) : NULL;
    return is_named || leads_there;
}

bool rpcancel_private_path(const char *folder, char path[RPCANCEL_PRIVATE_PATH_MAX])
{
    char *place;
    bool is_in = is_in_private_folder(folder, &place);
    size_t length = strlen(folder);
    const char *slash = length > 0 && folder[length - 1] == '/' ? "" : "/";
    int needed = is_in ? snprintf(path, RPCANCEL_PRIVATE_PATH_MAX, "%s", place ? place : "")
                       : snprintf(path, RPCANCEL_PRIVATE_PATH_MAX, "%s%s" RPCANCEL_PRIVATE_FOLDER, folder, slash);
    bool fits = needed < RPCANCEL_PRIVATE_PATH_MAX && !(is_in && !place);
    free(place);
    if (!fits) { /* what was cut would be another place */
        path[0] = '\0';
        errno = ENAMETOOLONG;
    }
    return fits;
}

bool rpcancel_private_folder(const char *folder, char path[RPCANCEL_PRIVATE_PATH_MAX])
{
    if (!rpcancel_private_path(folder, path))
        return false;
    mode_t before = umask(077);
    bool made = make_private(path) && write_readme(path);
    int reason = errno;
    umask(before);
    errno = reason;
    return made;
}

/* Sets |folder| to that of the file |path|, "." for the one that we are in. */
static bool folder_of(const char *path, char folder[RPCANCEL_PRIVATE_PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    int length = !slash ? 1 : slash == path ? 1 : (int)(slash - path);
    if (snprintf(folder, RPCANCEL_PRIVATE_PATH_MAX, "%.*s", length, slash ? path : ".") < RPCANCEL_PRIVATE_PATH_MAX)
        return true;
    errno = ENAMETOOLONG;
    return false;
}

bool rpcancel_private_is_possible(const char *path, char place[RPCANCEL_PRIVATE_PATH_MAX])
{
    char folder[RPCANCEL_PRIVATE_PATH_MAX];
    struct stat status;
    if (!folder_of(path, folder) || !rpcancel_private_path(folder, place)) {
        snprintf(place, RPCANCEL_PRIVATE_PATH_MAX, "%.4000s", path); /* whoever says that it is too long names it */
        return false;
    }
    if (lstat(place, &status) != 0)
        return errno == ENOENT && access(folder, W_OK | X_OK) == 0;
    if (S_ISDIR(status.st_mode) && status.st_uid == geteuid())
        return true;
    errno = S_ISDIR(status.st_mode) ? EPERM : ENOTDIR;
    return false;
}

/* Sets |instead| to where the file |path| goes as a private finding, as the user would say it, and makes its folder. */
static bool make_place(const char *path, char instead[RPCANCEL_PRIVATE_PATH_MAX])
{
    char folder[RPCANCEL_PRIVATE_PATH_MAX], made[RPCANCEL_PRIVATE_PATH_MAX];
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    if (!folder_of(path, folder) || !rpcancel_private_folder(folder, made))
        return false;
    const char *short_form = slash ? made : made + strspn(made, "./"); /* of "." or "./private-findings" */
    if (snprintf(instead, RPCANCEL_PRIVATE_PATH_MAX, "%s%s%s", short_form, *short_form ? "/" : "", name) >=
        RPCANCEL_PRIVATE_PATH_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    return true;
}

bool rpcancel_private_open(struct rpcancel_output *output, const char *path, char instead[RPCANCEL_PRIVATE_PATH_MAX])
{
    if (!make_place(path, instead))
        return false;
    mode_t before = umask(077);
    bool opened = rpcancel_output_open(output, instead);
    int reason = errno;
    umask(before);
    errno = reason;
    return opened;
}

bool rpcancel_private_divert(struct rpcancel_output *output, char instead[RPCANCEL_PRIVATE_PATH_MAX])
{
    if (!make_place(output->path, instead))
        return false;
    char *path = strdup(instead);
    if (!path)
        return false;
    free(output->path);
    output->path = path;
    output->mode = 0600;
    return true;
}

/* ---- what is private already ---- */

/* Whether |line| says, as this program writes it at the head of a file, that what follows crashes a runtime. */
static bool tells_of_crash(const char *line)
{
    static const char *const heads[] = {"# The runtime crashed", "# CRASH", "# Suspected memory"};
    bool tells = false;
    line += strspn(line, " \t");
    for (unsigned i = 0; i < sizeof heads / sizeof heads[0]; i++)
        tells |= strncmp(line, heads[i], strlen(heads[i])) == 0;
    return tells;
}

static bool is_comment_or_empty(const char *line)
{
    line += strspn(line, " \t\r\n");
    return *line == '#' || *line == '\0';
}

/* What stands in front of the first operation says so, and names no public report, as ci/disclosure looks for it. */
static bool has_private_head(const char *path)
{
    struct stat status;
    bool is_file = stat(path, &status) == 0 && S_ISREG(status.st_mode); /* what is read of a pipe would be lost */
    FILE *file = is_file ? fopen(path, "re") : NULL;
    char *line = NULL;
    size_t size = 0;
    bool tells = false, is_public = false;
    while (file && getline(&line, &size, file) > 0 && is_comment_or_empty(line)) {
        bool is_head = tells_of_crash(line); /* it quotes what the program said last, addresses among it */
        tells |= is_head;
        is_public |= !is_head && (strstr(line, "http://") || strstr(line, "https://"));
    }
    free(line);
    if (file)
        fclose(file);
    return tells && !is_public;
}

bool rpcancel_is_private_file(const char *path)
{
    char *place;
    bool is_private = is_in_private_folder(path, &place) || has_private_head(path);
    free(place);
    return is_private;
}
