// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "progress.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NUMBERS_ROOM = 16 };
static_assert((int)RPCANCEL_PROGRESS_NUMBERS <= (int)NUMBERS_ROOM, "the numbers have room");

struct rpcancel_progress_shared {
    _Atomic uint64_t numbers[NUMBERS_ROOM];
    _Atomic uint64_t rules[RPCANCEL_PROGRESS_RULE_WORDS];   /* bit n: rule n of the table */
    _Atomic uint64_t states[RPCANCEL_PROGRESS_STATE_WORDS]; /* bit n: state n */
};

static bool complain(const char *path, const char *what)
{
    fprintf(stderr, "RPCANCEL_PROGRESS: %s: %s\n", path, what);
    return false;
}

/* Maps what is open as |file|, and grows when it is new or empty. Sets |*is_other| if it is a file of another kind. */
static struct rpcancel_progress_shared *map_file(int file, bool *is_other)
{
    const size_t size = sizeof(struct rpcancel_progress_shared);
    struct stat status;
    if (fstat(file, &status) != 0)
        return NULL;
    *is_other = status.st_size != 0 && status.st_size != (off_t)size;
    if (*is_other || ftruncate(file, (off_t)size) != 0)
        return NULL;
    struct rpcancel_progress_shared *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared == MAP_FAILED)
        return NULL;
    /* Zero while the process that made it has not come as far. */
    uint64_t magic = shared->numbers[RPCANCEL_PROGRESS_MAGIC];
    *is_other = magic != 0 && magic != RPCANCEL_PROGRESS_VERSION;
    if (*is_other)
        munmap(shared, size);
    return *is_other ? NULL : shared;
}

static bool map(struct rpcancel_progress *progress, const char *path)
{
    bool is_other = false;
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0)
        return complain(path, strerror(errno));
    progress->shared = map_file(file, &is_other);
    int error = errno;
    close(file);
    return progress->shared || complain(path, is_other ? "is no progress file" : strerror(error));
}

static void add(struct rpcancel_progress *progress, enum rpcancel_progress_number number, uint64_t count)
{
    atomic_fetch_add_explicit(&progress->shared->numbers[number], count, memory_order_relaxed);
}

bool rpcancel_progress_open(struct rpcancel_progress *progress, unsigned rules, unsigned states)
{
    const char *path = getenv("RPCANCEL_PROGRESS");
    *progress = (struct rpcancel_progress){.shared = NULL};
    if (!path || !*path)
        return true;
    assert(states <= 64 * RPCANCEL_PROGRESS_STATE_WORDS);
    if (!map(progress, path))
        return false;
    progress->shared->numbers[RPCANCEL_PROGRESS_ALL_STATES] = states;
    progress->shared->numbers[RPCANCEL_PROGRESS_ALL_RULES] = rules;
    progress->shared->numbers[RPCANCEL_PROGRESS_MAGIC] = RPCANCEL_PROGRESS_VERSION;
    return true;
}

/* Sets a bit, here and for all processes; whichever was first counts it. */
static void note(struct rpcancel_progress *progress, uint64_t *known, _Atomic uint64_t *shared, unsigned bit,
                 enum rpcancel_progress_number number)
{
    uint64_t mask = UINT64_C(1) << bit % 64;
    known[bit / 64] |= mask;
    if (!(atomic_fetch_or_explicit(&shared[bit / 64], mask, memory_order_relaxed) & mask))
        add(progress, number, 1);
}

void rpcancel_progress_note_state(struct rpcancel_progress *progress, unsigned state)
{
    note(progress, progress->states, progress->shared->states, state, RPCANCEL_PROGRESS_STATES);
}

void rpcancel_progress_note_rule(struct rpcancel_progress *progress, unsigned rule)
{
    note(progress, progress->rules, progress->shared->rules, rule, RPCANCEL_PROGRESS_RULES);
}

void rpcancel_progress_input(struct rpcancel_progress *progress, uint64_t operations, uint64_t decisions, bool violated)
{
    add(progress, RPCANCEL_PROGRESS_EXECUTIONS, 1);
    add(progress, RPCANCEL_PROGRESS_OPERATIONS, operations);
    add(progress, RPCANCEL_PROGRESS_DECISIONS, decisions);
    add(progress, RPCANCEL_PROGRESS_VIOLATIONS, violated);
}
