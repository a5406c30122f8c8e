// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DOCTOR_WATCH_H
#define RPCANCEL_DOCTOR_WATCH_H
/*
 * A runtime in front of another one, that notes of each kind of operation how it was answered and how long that took.
 *.
 */
#include "engine/tally.h"
#include "runtime/runtime.h"

/* How operations of one kind were answered. */
struct rpcancel_watched_kind {
    unsigned asked;      /* how often */
    unsigned codes;      /* answered with a code, a handle, or by being done */
    unsigned exceptions; /* but not the one that Wine's stubs raise, which counts as unimplemented */
    unsigned unimplemented, refused, undefined;
    uint32_t exception;  /* the last one */
    unsigned slowest_us; /* microseconds */
};

struct rpcancel_watch {
    struct rpcancel_runtime runtime; /* first; functions->close leaves |inner| open */
    struct rpcancel_runtime *inner;
    struct rpcancel_watched_kind kinds[RPCANCEL_ALL_KINDS];
    unsigned announced; /* events, of dispatches alone */
    unsigned resets;
    unsigned slowest_reset_us;
    enum rpcancel_exchange last; /* what became of the last exchange */
};

/* rpcancel_watch_init puts |watch| in front of |inner|, which must outlive it. */
void rpcancel_watch_init(struct rpcancel_watch *watch, struct rpcancel_runtime *inner);

/* A mask of kinds of operations of the API: bit n is kind n. */
typedef uint64_t rpcancel_kind_mask;

/* rpcancel_watch_lacking returns the kinds that were asked and never answered with anything but `unimplemented`. */
rpcancel_kind_mask rpcancel_watch_lacking(const struct rpcancel_watch *watch);

#endif
