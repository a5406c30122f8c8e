// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PAIR_TABLE_H
#define RPCANCEL_PAIR_TABLE_H
/*
 * The pairs (world, observer) an exhaustive search has reached: the whole of each is kept, so that no two are ever
 * mistaken for one, with the pair it was first reached from and the operation that led to it.
 *
 * Pairs are numbered in the order they were found, which is breadth-first order when they are expanded in turn.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "observer/observer.h"
#include "world.h"

struct rpcancel_pair {
    struct rpcancel_world world;
    struct rpcancel_observer observer;
};

/* A pair as the table keeps it: the words of the world that the search can change, then those of the observer. The
 * others, which are zero in every pair, are not kept and not set here. */
struct rpcancel_pair_key {
    uint64_t words[8];
};

enum rpcancel_pair_added { RPCANCEL_PAIR_NEW, RPCANCEL_PAIR_KNOWN, RPCANCEL_PAIR_NO_ROOM };

struct rpcancel_pair_table {
    unsigned half;     /* words of a world, and of an observer, that are kept: the first ones, and as the last one */
    unsigned last;     /* this one */
    uint32_t count;    /* pairs held */
    uint32_t worlds;   /* distinct worlds among them */
    uint32_t reserved; /* pairs address space is reserved for */
    uint32_t limit;    /* pairs there is room for: reserved, or fewer once memory ran out */
    uint64_t *keys;    /* 2 * half words a pair */
    uint32_t *parents; /* number of the pair each was reached from */
    uint16_t *leads;   /* position in the alphabet of the operation that led to it */
    uint32_t *slots;   /* hash table of pair numbers + 1, 0 is empty */
    uint32_t *world_slots; /* the same, one pair for each distinct world */
    uint32_t mask;         /* number of slots - 1 */
    uint32_t world_mask;
};

/* rpcancel_pair_table_open makes an empty table for |calls| calls within |memory| bytes, |behind_lanes|: also for what
 * worlds and observers keep behind the lanes of all calls. False when the system gives no memory. End with
 * rpcancel_pair_table_close. */
bool rpcancel_pair_table_open(struct rpcancel_pair_table *table, unsigned calls, bool behind_lanes, uint64_t memory);
void rpcancel_pair_table_close(struct rpcancel_pair_table *table);

/* rpcancel_pair_key sets |*key| to the key of |pair|. */
void rpcancel_pair_key(const struct rpcancel_pair_table *table, const struct rpcancel_pair *pair,
                       struct rpcancel_pair_key *key);

/* rpcancel_pair_hash returns the hash of |key|, and starts loading the slot it belongs to. */
uint64_t rpcancel_pair_hash(const struct rpcancel_pair_table *table, const struct rpcancel_pair_key *key);

/* rpcancel_pair_prepare starts loading the pair that the slot for |hash| names. Between the three calls other work, or
 * other pairs, should go by: each hides a wait for memory. */
void rpcancel_pair_prepare(const struct rpcancel_pair_table *table, uint64_t hash);

/* rpcancel_pair_add adds the pair with |key|, whose hash is |hash|, unless it is there already. */
enum rpcancel_pair_added rpcancel_pair_add(struct rpcancel_pair_table *table, const struct rpcancel_pair_key *key,
                                           uint64_t hash, uint32_t parent, unsigned lead);

/* rpcancel_pair_find returns the number of the pair with |key|, or RPCANCEL_NO_PAIR when it is not in the table. */
#define RPCANCEL_NO_PAIR UINT32_MAX
uint32_t rpcancel_pair_find(const struct rpcancel_pair_table *table, const struct rpcancel_pair_key *key);

/* rpcancel_pair_get copies pair |number| to |*pair|; what the table does not keep is zero. */
void rpcancel_pair_get(const struct rpcancel_pair_table *table, uint32_t number, struct rpcancel_pair *pair);

/* rpcancel_pair_table_bytes returns the memory the table occupies now. */
uint64_t rpcancel_pair_table_bytes(const struct rpcancel_pair_table *table);

#endif
