// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_EXPECT_LIST_H
#define RPCANCEL_EXPECT_LIST_H
/*
 * Expectation lists: what a runtime is known to do wrong, and why that is accepted for now. docs/expectations.md is
 * the manual of the format.
 *
 * A list is held against a check: an entry whose rule or sequence has the verdict and the message it names excuses
 * it; every other entry is stale, and says so.
 */
#include <stdio.h>

#include "engine/check.h"

/* A line of the list: an entry, or a comment that is only kept. */
struct rpcancel_expect_line {
    char *text; /* as it stands in the file, without the line end */
    bool is_entry;
    enum rpcancel_verdict_word verdict;
    bool is_now_and_then; /* of a failure that does not come each time: without it, it is not stale */
    char *subject;        /* id of a rule, name of a sequence, or for a wildcard what stands before the star */
    bool wildcard; /* every rule whose id begins with |subject| and that has no entry of its own; if it is now and then
                      that it fails, every such sequence too */
    char *message; /* start of the message */
    char *reason;  /* what follows #, with a link */
    char stale[RPCANCEL_MESSAGE_MAX]; /* why the entry does not fit any more; "": it does */
};

/* Zero-initialise; end with rpcancel_expect_free. */
struct rpcancel_expect_list {
    struct rpcancel_expect_line *lines;
    size_t count;
};

/* Where and why a list could not be read. */
struct rpcancel_expect_error {
    unsigned line, column; /* from 1 */
    char expected[RPCANCEL_MESSAGE_MAX];
};

/* rpcancel_expect_read parses |length| bytes at |text|; false: |*error| says where and why. */
bool rpcancel_expect_read(struct rpcancel_expect_list *list, const char *text, size_t length,
                          struct rpcancel_expect_error *error);

void rpcancel_expect_free(struct rpcancel_expect_list *list);

/* rpcancel_expect_find returns the entry that speaks of the rule (|is_rule|) or the sequence |name|, an exact one
 * before a wildcard; NULL: none does. */
struct rpcancel_expect_line *rpcancel_expect_find(const struct rpcancel_expect_list *list, const char *name,
                                                  bool is_rule);

/*
 * rpcancel_expect_apply marks what the list excuses as |listed| in |check| (FAIL, CRASH, HANG and NONSTRICT become
 * XFAIL), rules that pass though listed as XPASS, and fills in |stale|. Returns the number of stale entries. Entries
 * about rules and sequences that |check| did not choose, or did not get to, are left alone; so are those about rules
 * that no sequence decided, where it did not choose all sequences.
 */
size_t rpcancel_expect_apply(struct rpcancel_expect_list *list, struct rpcancel_check *check);

/*
 * rpcancel_expect_fix writes to |out| the list as it should be for |check|, to which no list was applied: fitting
 * entries and comments stay as they are, changed ones take the new verdict and message and keep their reason, a
 * wildcard that no longer fits becomes entries for what is left, what passes goes, what is new comes at the end.
 */
void rpcancel_expect_fix(const struct rpcancel_expect_list *list, const struct rpcancel_check *check, FILE *out);

#endif
