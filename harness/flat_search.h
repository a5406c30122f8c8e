// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FLAT_SEARCH_H
#define RPCANCEL_FLAT_SEARCH_H
/*
 * Breadth-first search of pairs: a state, and what observers of it know, both flat and kept once. What a pair leads to
 * is the caller's, who adds it; parents give the shortest way there.
 */
#include <signal.h>

#include "flat_table.h"

enum { RPCANCEL_FLAT_WATCHED_MAX = 12 /* octets of what observers know */ };

enum rpcancel_search_end {
    RPCANCEL_SEARCH_CLOSED, /* every state that can be reached was expanded */
    RPCANCEL_SEARCH_WRONG,  /* something is wrong, and the shortest way to it is known */
    RPCANCEL_SEARCH_MEMORY, /* open: the limit, no memory, or more on its way than a state holds */
    RPCANCEL_SEARCH_STOPPED /* open */
};

struct rpcancel_flat_search {
    /* Set by the caller, all else cleared. */
    unsigned leads; /* ways on from each pair, at most 256 */
    /* Tries one of them: adds what it leads to, or ends the search. */
    void (*follow)(void *context, const void *state, const void *watched, unsigned lead);
    void *context;
    const struct rpcancel_flat_table *observers; /* their memory counts, too */
    uint64_t memory;                             /* octets for all; 0 for no limit */
    const volatile sig_atomic_t *stop;           /* not 0: end early; NULL for never */
    /* Called now and then with what is known so far; NULL for silence. */
    void (*progress)(uint32_t pairs, uint32_t expanded, uint64_t edges);
    uint64_t edges; /* counted by |follow| */
    /* The rest is the search's. */
    struct rpcancel_flat_table states, pairs;
    size_t watched_size;
    void *state;       /* the one in hand */
    uint32_t *parents; /* of each pair, and the way that led to it */
    uint8_t *leads_to;
    uint32_t room, expanding;
    unsigned depth;
    bool ended;
    enum rpcancel_search_end end;
};

/* rpcancel_flat_search_open begins with nothing found. False: no memory. |state_size| is a multiple of 8,
 * |watched_size| at most RPCANCEL_FLAT_WATCHED_MAX. End with rpcancel_flat_search_close, in any case. */
bool rpcancel_flat_search_open(struct rpcancel_flat_search *search, size_t state_size, size_t watched_size);
void rpcancel_flat_search_close(struct rpcancel_flat_search *search);

/* rpcancel_flat_search_add takes a pair in that way |lead| of the pair in hand leads to; the first one has no way. */
void rpcancel_flat_search_add(struct rpcancel_flat_search *search, const void *state, const void *watched,
                              unsigned lead);

/* rpcancel_flat_search_end ends it early. */
void rpcancel_flat_search_end(struct rpcancel_flat_search *search, enum rpcancel_search_end end);

/* rpcancel_flat_search_run follows every way from every pair, until there is nothing new or the search was ended. */
void rpcancel_flat_search_run(struct rpcancel_flat_search *search);

/* rpcancel_flat_search_path writes the shortest way to what |lead| of the pair in hand leads to, the last |most| of it,
 * to |path|, and returns how long that is. */
unsigned rpcancel_flat_search_path(const struct rpcancel_flat_search *search, unsigned lead, uint8_t *path,
                                   unsigned most);

#endif
