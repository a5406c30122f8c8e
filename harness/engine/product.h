// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PRODUCT_H
#define RPCANCEL_PRODUCT_H
/*
 * The product of two implementations: both carry out the same operations side by side, in every order there is, and
 * their answers are compared. Beside each goes an observer that is told what that one answered, so that a difference
 * can be looked up in the state × operation tables.
 *
 * Answers are what functions return. Where one has a message to deliver or a manager routine to start and the other has
 * not, the other does nothing: when that happens is no answer of anybody's. Behind a difference that leaves the
 * observers with different accounts there is nothing to compare, and the search does not go on there; what the
 * implementation does there by itself `rpcancel_explore` judges.
 */
#include <signal.h>
#include <stdint.h>

#include "mutants/mutants.h"
#include "rules/tables.h"

/* What the tables say of an answer that differs from the other implementation's. */
enum rpcancel_difference {
    RPCANCEL_DIFFERENCE_SILENT,    /* no document says what it must be */
    RPCANCEL_DIFFERENCE_LEFT_OPEN, /* they allow both answers */
    RPCANCEL_DIFFERENCE_ACCOUNTS,  /* they demand the one that was given: messages have arrived there that have not
                                      here, or the reverse */
    RPCANCEL_DIFFERENCE_STUB,      /* a stub raised in one and not in the other, of which they do not speak */
    RPCANCEL_DIFFERENCE_REFUSED,   /* they demand an answer, and it gave none */
    RPCANCEL_DIFFERENCE_WRONG,     /* they demand another one */
    RPCANCEL_DIFFERENCES
};

enum { RPCANCEL_PRODUCT_PLACES = 512, RPCANCEL_PRODUCT_PATH_MAX = 64 };

struct rpcancel_product_options {
    unsigned calls, threads, earlier; /* as of rpcancel_explore_options */
    bool every_argument;
    enum rpcancel_slice slice;
    enum rpcancel_profile profile;
    struct rpcancel_stepper step; /* what is compared with */
    struct rpcancel_stepper
        other; /* this; {0} for the reference, asked by the account of its observer (mutants/ask.h) */
    const struct rpcancel_choices *choices;
    uint64_t memory; /* bytes for the states, at most */
    const volatile sig_atomic_t *stop;
};

enum rpcancel_product_end { RPCANCEL_PRODUCT_CLOSED, RPCANCEL_PRODUCT_MEMORY, RPCANCEL_PRODUCT_STOPPED };

/* A shortest sequence to a difference. */
struct rpcancel_product_path {
    unsigned length; /* 0: there is none; the operations beyond RPCANCEL_PRODUCT_PATH_MAX are left out */
    struct rpcancel_operation operations[RPCANCEL_PRODUCT_PATH_MAX];
    struct rpcancel_answer answer, other; /* to the last one */
};

struct rpcancel_product_result {
    enum rpcancel_product_end end;
    uint32_t states;
    uint64_t edges;
    uint64_t counts[RPCANCEL_DIFFERENCES];
    bool places[RPCANCEL_DIFFERENCES][RPCANCEL_PRODUCT_PLACES]; /* in which cells, by rpcancel_product_place */
    struct rpcancel_product_path first[RPCANCEL_DIFFERENCES];
};

/* rpcancel_product_place returns the number of a place in the tables; rpcancel_product_place_at is the reverse. */
unsigned rpcancel_product_place(struct rpcancel_cell_place place);
struct rpcancel_cell_place rpcancel_product_place_at(unsigned number);

/* rpcancel_product searches and fills |*result|. Needs rpcancel_tables_init. */
void rpcancel_product(const struct rpcancel_product_options *options, struct rpcancel_product_result *result);

#endif
