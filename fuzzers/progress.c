// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "progress.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { STATE_WORDS = 64, RULE_WORDS = 4 };

struct rpcancel_progress_shared {
    _Atomic uint64_t numbers[16];
    _Atomic uint64_t rules[RULE_WORDS];   /* bit n: rule n of the table */
    _Atomic uint64_t states[STATE_WORDS]; /* bit n: state n of the one-call index */
};
static_assert((int)RPCANCEL_PROGRESS_NUMBERS <= 16, "the numbers have room");

static bool complain(const char *path, const char *what)
{
    fprintf(stderr, "RPCANCEL_PROGRESS: %s: %s\n", path, what);
    return false;
}

/* Maps the file, which grows to its size when it is new or empty. */
static bool map(struct rpcancel_progress *progress, const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0)
        return complain(path, strerror(errno));
    bool sized = ftruncate(file, sizeof *progress->shared) == 0;
    void *memory =
        sized ? mmap(NULL, sizeof *progress->shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
    int error = errno;
    close(file);
    if (memory == MAP_FAILED)
        return complain(path, strerror(error));
    progress->shared = memory;
    return true;
}

static void add(struct rpcancel_progress *progress, enum rpcancel_progress_number number, uint64_t count)
{
    atomic_fetch_add_explicit(&progress->shared->numbers[number], count, memory_order_relaxed);
}

/* The rules that some operation's answer can be judged by. */
static unsigned count_rules(const struct rpcancel_rule_set *set)
{
    uint64_t in_force[RULE_WORDS] = {0};
    unsigned count = 0;
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        for (unsigned n = 0; n < set->count[kind]; n++)
            in_force[set->index[kind][n] / 64] |= UINT64_C(1) << set->index[kind][n] % 64;
    }
    for (unsigned i = 0; i < RULE_WORDS; i++)
        count += (unsigned)__builtin_popcountll(in_force[i]);
    return count;
}

bool rpcancel_progress_open(struct rpcancel_progress *progress, const struct rpcancel_rule_set *rules)
{
    const char *path = getenv("RPCANCEL_PROGRESS");
    *progress = (struct rpcancel_progress){.rules = rules};
    if (!path || !*path)
        return true;
    progress->index = rpcancel_one_call_index_open();
    progress->states = calloc(STATE_WORDS, sizeof progress->states[0]);
    if (!progress->index || !progress->states)
        return complain(path, "no memory for the states of one call");
    unsigned states = rpcancel_one_call_index_state_count(progress->index);
    if (states > 64 * STATE_WORDS)
        return complain(path, "there are more states of one call than the file has room for");
    if (!map(progress, path))
        return false;
    progress->shared->numbers[RPCANCEL_PROGRESS_ALL_STATES] = states;
    progress->shared->numbers[RPCANCEL_PROGRESS_ALL_RULES] = count_rules(rules);
    progress->shared->numbers[RPCANCEL_PROGRESS_MAGIC] = RPCANCEL_PROGRESS_VERSION;
    return true;
}

/* Sets a bit for all processes; whichever was first counts it. */
static void note(struct rpcancel_progress *progress, _Atomic uint64_t *words, unsigned bit,
                 enum rpcancel_progress_number number)
{
    uint64_t mask = UINT64_C(1) << bit % 64;
    if (!(atomic_fetch_or_explicit(&words[bit / 64], mask, memory_order_relaxed) & mask))
        add(progress, number, 1);
}

void rpcancel_progress_note_state(struct rpcancel_progress *progress, unsigned state)
{
    progress->states[state / 64] |= UINT64_C(1) << state % 64;
    note(progress, progress->shared->states, state, RPCANCEL_PROGRESS_STATES);
}

void rpcancel_progress_note_rules(struct rpcancel_progress *progress, unsigned kind, uint32_t decided)
{
    for (uint32_t left = decided & ~(uint32_t)progress->rules_decided[kind]; left; left &= left - 1) {
        unsigned rule = progress->rules->index[kind][(unsigned)__builtin_ctz(left)];
        note(progress, progress->shared->rules, rule, RPCANCEL_PROGRESS_RULES);
    }
    progress->rules_decided[kind] |= decided;
}

void rpcancel_progress_input(struct rpcancel_progress *progress, uint64_t operations, bool violated)
{
    add(progress, RPCANCEL_PROGRESS_EXECUTIONS, 1);
    add(progress, RPCANCEL_PROGRESS_OPERATIONS, operations);
    add(progress, RPCANCEL_PROGRESS_DECISIONS, progress->decisions);
    add(progress, RPCANCEL_PROGRESS_VIOLATIONS, violated);
    progress->decisions = 0;
}
