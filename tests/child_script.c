// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "child_script.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "process_group.h"

static const char preamble[] = "cd '%s' || exit 99\n"
                               "echo $$ >>pids\n"
                               "ulimit -c 0\n"
                               "answer() { read -r id what || exit 0; echo \"$id $*\"; }\n"
                               "serve() { while :; do answer \"$@\"; done; }\n";

static unsigned count_entries(const char *folder)
{
    unsigned count = 0;
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    while (readdir(entries))
        count++;
    closedir(entries);
    return count;
}

static FILE *open_file(const struct child_script *child, const char *name, const char *mode)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", child->folder, name);
    return fopen(path, mode);
}

void child_script_open(struct child_script *child, const char *script, unsigned deadline_ms)
{
    *child = (struct child_script){.folder = "/tmp/rpcancel-test-XXXXXX", .usage = true};
    child->descriptors = count_entries("/proc/self/fd");
    assert_non_null(mkdtemp(child->folder));
    FILE *file = open_file(child, "script", "w");
    assert_non_null(file);
    fprintf(file, preamble, child->folder);
    fputs(script, file);
    assert_int_equal(fclose(file), 0);
    char how[128];
    snprintf(how, sizeof how, "child:sh %s/script", child->folder);
    struct rpcancel_runtime_options options = {.deadline_ms = deadline_ms};
    child->runtime = rpcancel_runtime_open(how, &options, child->failure, &child->usage);
}

unsigned child_script_starts(const struct child_script *child)
{
    unsigned count = 0;
    int process;
    FILE *file = open_file(child, "pids", "r");
    while (file && fscanf(file, "%d", &process) == 1)
        count++;
    if (file)
        fclose(file);
    return count;
}

bool child_script_wrote(const struct child_script *child, const char *name)
{
    FILE *file = open_file(child, name, "r");
    if (file)
        fclose(file);
    return file != NULL;
}

void child_script_text(const struct child_script *child, const char *name, char *text, size_t size)
{
    FILE *file = open_file(child, name, "r");
    size_t length = file ? fread(text, 1, size - 1, file) : 0;
    text[length] = '\0';
    if (file)
        fclose(file);
}

bool child_script_groups_end(const struct child_script *child, unsigned seconds)
{
    FILE *file = open_file(child, "pids", "r");
    bool ended = file != NULL;
    int process;
    while (ended && fscanf(file, "%d", &process) == 1)
        ended = process_group_ends(process, seconds);
    if (file)
        fclose(file);
    return ended;
}

void child_script_close(struct child_script *child)
{
    if (child->runtime)
        child->runtime->functions->close(child->runtime);
    assert_true(child_script_groups_end(child, 20));
    child_script_remove(child);
    assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
    assert_int_equal(count_entries("/proc/self/fd"), child->descriptors);
}

void child_script_remove(const struct child_script *child)
{
    DIR *entries = opendir(child->folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));)
        unlinkat(dirfd(entries), entry->d_name, 0);
    if (entries)
        closedir(entries);
    rmdir(child->folder);
}
