// SPDX-License-Identifier: Apache-2.0
#include "streams/watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "progress.h"

enum { EXIT_USAGE = 2, EXIT_TROUBLE = 3 };

bool rpcancel_invariant_looked_at[RPCANCEL_INVARIANT_COUNT];

static struct {
    bool passed_over[RPCANCEL_INVARIANT_COUNT];
    struct rpcancel_progress progress;
    rpcancel_watch_printer *print;
    uint64_t all_pieces; /* in all inputs */
    /* Of the input under way: */
    const uint8_t *data, *end; /* |end|: behind the piece under way */
    uint64_t pieces;
    bool failed;
} watch;

/* ---- what is broken ---- */

__attribute__((noinline, used)) static void report(const char *name, const char *text)
{
    fprintf(stderr, "VIOLATED %s (invariant): %s\n", name, text);
    watch.print(watch.data, (size_t)(watch.end - watch.data));
    fprintf(stderr, "operations: %" PRIu64 "\n", watch.all_pieces + watch.pieces);
    abort();
}

/* A function for each, so that the stack names it. The statement behind the call keeps it from being a jump. */
#define RPCANCEL_X(name, text)                                        \
    __attribute__((noinline, used)) static void violated_##name(void) \
    {                                                                 \
        report(#name, text);                                          \
        __asm__ volatile("" : : "i"((int)RPCANCEL_INVARIANT_##name)); \
    }
RPCANCEL_INVARIANTS_OF_PDU(RPCANCEL_X)
RPCANCEL_INVARIANTS_OF_SERVER(RPCANCEL_X)
RPCANCEL_INVARIANTS_OF_CLIENT(RPCANCEL_X)
RPCANCEL_INVARIANTS_OF_CAPTURE(RPCANCEL_X)
RPCANCEL_INVARIANTS_OF_DATAGRAM(RPCANCEL_X)
#undef RPCANCEL_X

static const struct {
    const char *name;
    void (*violated)(void);
} invariants[RPCANCEL_INVARIANT_COUNT] = {
#define RPCANCEL_X(name, text) {#name, violated_##name},
    RPCANCEL_INVARIANTS_OF_PDU(RPCANCEL_X) RPCANCEL_INVARIANTS_OF_SERVER(RPCANCEL_X)
        RPCANCEL_INVARIANTS_OF_CLIENT(RPCANCEL_X) RPCANCEL_INVARIANTS_OF_CAPTURE(RPCANCEL_X)
            RPCANCEL_INVARIANTS_OF_DATAGRAM(RPCANCEL_X)
#undef RPCANCEL_X
};

void rpcancel_broken(enum rpcancel_invariant invariant)
{
    if (watch.failed)
        return;
    watch.failed = true;
    if (watch.passed_over[invariant])
        return;
    rpcancel_watch_end();
    invariants[invariant].violated();
}

/* ---- the environment ---- */

static void pass_over(const char *names)
{
    while (names && *names) {
        size_t length = strcspn(names, ",");
        unsigned i = 0;
        while (i < RPCANCEL_INVARIANT_COUNT &&
               (strlen(invariants[i].name) != length || memcmp(invariants[i].name, names, length) != 0))
            i++;
        if (i == RPCANCEL_INVARIANT_COUNT && length > 0) {
            fprintf(stderr, "RPCANCEL_PASS_OVER: there is no invariant '%.*s'\n", (int)length, names);
            exit(EXIT_USAGE);
        }
        if (length > 0)
            watch.passed_over[i] = true;
        names += length;
        names += *names == ',';
    }
}

static unsigned find_defect(const char *name, const char *const *defects, unsigned count)
{
    if (!name || !*name)
        return 0;
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(defects[i], name) == 0)
            return i + 1;
    }
    fprintf(stderr, "RPCANCEL_MUTANT: there is no defect '%s' of this target; there are:", name);
    for (unsigned i = 0; i < count; i++)
        fprintf(stderr, " %s", defects[i]);
    fputs("\n", stderr);
    exit(EXIT_USAGE);
}

static void print_pieces(void)
{
    fprintf(stderr, "operations: %" PRIu64 "\n", watch.all_pieces);
}

unsigned rpcancel_watch_open(enum rpcancel_invariant first, enum rpcancel_invariant last, const char *const *defects,
                             unsigned count, rpcancel_watch_printer *print)
{
    watch.print = print;
    unsigned defect = find_defect(getenv("RPCANCEL_MUTANT"), defects, count);
    pass_over(getenv("RPCANCEL_PASS_OVER"));
    if (!rpcancel_progress_open(&watch.progress, (unsigned)(last - first) + 1, 0))
        exit(EXIT_TROUBLE);
    atexit(print_pieces);
    return defect;
}

/* ---- inputs ---- */

void rpcancel_watch_begin(const uint8_t *data, size_t size)
{
    watch.data = data;
    watch.end = data + (size > 0);
    watch.pieces = 0;
    watch.failed = false;
}

void rpcancel_watch_piece(const uint8_t *end)
{
    watch.end = end;
    watch.pieces++;
}

void rpcancel_watch_end(void)
{
    for (unsigned i = 0; watch.progress.shared && i < RPCANCEL_INVARIANT_COUNT; i++) {
        if (rpcancel_invariant_looked_at[i])
            rpcancel_progress_rule(&watch.progress, i);
    }
    if (watch.progress.shared)
        rpcancel_progress_input(&watch.progress, watch.pieces, 0, watch.failed);
    watch.all_pieces += watch.pieces;
    watch.pieces = 0;
}

bool rpcancel_watch_failed(void)
{
    return watch.failed;
}
