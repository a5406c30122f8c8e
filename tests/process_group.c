// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "process_group.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static bool runs_in(const char *process, pid_t group)
{
    char path[300];
    char text[512] = "";
    snprintf(path, sizeof path, "/proc/%s/stat", process);
    FILE *file = fopen(path, "r");
    if (!file)
        return false; /* it ended meanwhile */
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    /* "PID (NAME) STATE PARENT GROUP …"; the name may hold anything, even parentheses. */
    const char *behind_name = strrchr(text, ')');
    char state;
    int parent;
    int its_group;
    if (!behind_name || sscanf(behind_name + 1, " %c %d %d", &state, &parent, &its_group) != 3)
        return false;
    return its_group == group && state != 'Z' && state != 'X';
}

unsigned process_group_size(pid_t group)
{
    unsigned size = 0;
    DIR *processes = opendir("/proc");
    for (struct dirent *entry; processes && (entry = readdir(processes));)
        size += isdigit((unsigned char)entry->d_name[0]) && runs_in(entry->d_name, group);
    if (processes)
        closedir(processes);
    return size;
}

bool process_group_ends(pid_t group, unsigned seconds)
{
    for (unsigned tries = 0; tries < seconds * 100; tries++) {
        if (process_group_size(group) == 0)
            return true;
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    return false;
}
