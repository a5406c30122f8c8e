// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CHECK_H
#define RPCANCEL_CHECK_H
/*
 * A check: the sequences of a catalogue run on a runtime, and a verdict on every rule in force.
 *
 * Rules of the levels must and implied (and observed, in the profile that has them) are binding; should and
 * historical ones are binding only in a strict check. Rules that are not binding get runs of their own, so that one
 * of them cannot cut short what the binding ones have to say.
 */
#include <signal.h>

#include "engine/catalogue.h"
#include "engine/failure.h"
#include "engine/verdict.h"

struct rpcancel_check_options {
    enum rpcancel_profile profile;
    enum rpcancel_test_subject subject; /* of the wire: rules of the wire on that role, under |wire_profile| */
    enum rpcancel_wire_profile wire_profile;
    bool strict;
    bool core; /* of the API: what is run is of the core, so rules on other operations are not reported */
    /* Globs on names of sequences and ids of rules; a name followed by a slash selects what is below it. Those that
     * match sequences say which are run, those that match rules say which are reported. */
    const char *const *filters;
    unsigned filter_count;
    const volatile sig_atomic_t *interrupted;                   /* the check ends early once this is set; may be NULL */
    void (*progress)(void *context, size_t done, size_t total); /* called between sequences; may be NULL */
    void *progress_context;
};

/* The shortest sequence found that shows a failure, of those that showed it each time if there is one. */
struct rpcancel_check_failure {
    struct rpcancel_sequence sequence; /* ends with the operation whose answer is wrong */
    enum rpcancel_run_end end;         /* VIOLATED, CRASHED or HUNG */
    const char *found_in;              /* name of the catalogue's sequence it comes from */
    uint32_t line;                     /* of that sequence's text, where it failed */
    unsigned shown;                    /* of |attempts| runs of that sequence, so many showed it */
    unsigned attempts;                 /* RPCANCEL_ATTEMPTS */
    char got[RPCANCEL_RUN_GOT_MAX];    /* "" for CRASH and HANG */
    char want[RPCANCEL_MESSAGE_MAX];
};

struct rpcancel_check_rule {
    unsigned index; /* in the table of rules */
    bool binding;
    bool listed; /* by an expectation that it meets */
    enum rpcancel_verdict_word verdict;
    uint64_t checked; /* how often it was decided */
    char message[RPCANCEL_MESSAGE_MAX];
    bool has_failure;
    struct rpcancel_check_failure failure;
};

struct rpcancel_check_sequence {
    const char *name;
    struct rpcancel_sequence sequence;
    bool chosen;
    bool listed;
    bool attributed;                    /* its failure is the verdict of a rule that the report shows */
    enum rpcancel_verdict_word verdict; /* PASS: carried out to the end, nothing violated */
    uint32_t line;                      /* of its text, where its last run ended */
    size_t taken;                       /* items of it that this run carried out, the last of them perhaps in vain */
    bool at_reset;                      /* it was the reset behind them that failed */
    size_t unexpected;                  /* answers outside what the sequence expects */
    char message[RPCANCEL_MESSAGE_MAX];
};

struct rpcancel_check {
    /* in */
    struct rpcancel_check_options options;
    struct rpcancel_runtime *runtime;
    /* out */
    struct rpcancel_check_rule *rules; /* those in force that the filters choose, in the order of the table */
    size_t rule_count;
    struct rpcancel_check_sequence *sequences; /* the whole catalogue */
    size_t sequence_count;
    size_t chosen_count;
    bool filtered;
    bool complete;    /* every chosen sequence was run */
    bool interrupted; /* by the user; an incomplete check that was not is one whose runtime was given up on */
    struct rpcancel_tallies tallies;
    const char *last_words_of; /* the first sequence in which the runtime failed to answer and left a note on its
                                  standard error; NULL: none */
    char last_words[RPCANCEL_ERROR_TAIL_MAX + 1];
    char failure[RPCANCEL_MESSAGE_MAX]; /* why the check could not be made, or ended early */
    /* working memory */
    struct rpcancel_rule_set in_force; /* binding and lenient */
    struct rpcancel_rule_set binding;
    struct rpcancel_rule_set lenient; /* rules in force that are not binding */
    struct rpcancel_tallies lenient_tallies;
    struct rpcancel_run run;
};

enum rpcancel_check_prepared {
    RPCANCEL_CHECK_PREPARED,
    RPCANCEL_CHECK_NOTHING_CHOSEN, /* a filter matches neither a sequence nor a rule in force */
    RPCANCEL_CHECK_UNREADABLE      /* a sequence of the catalogue is malformed, or memory is exhausted */
};

/*
 * rpcancel_check_prepare zero-initialises |check| and chooses sequences and rules by |options|, whose strings must
 * live as long as |check|. check->failure says what is wrong unless it returns PREPARED. In any case end with
 * rpcancel_check_free.
 */
enum rpcancel_check_prepared rpcancel_check_prepare(struct rpcancel_check *check,
                                                    const struct rpcancel_catalogue_entry *catalogue, size_t count,
                                                    const struct rpcancel_check_options *options);

/* rpcancel_check_run runs what was chosen on |runtime| and fills in the verdicts. A runtime that keeps failing to
 * answer is given up on: check->complete is false then, and check->failure says so. |runtime| stays open for as long as
 * the check is looked at. */
void rpcancel_check_run(struct rpcancel_check *check, struct rpcancel_runtime *runtime);

/* rpcancel_check_profile returns the name of the profile that |check| applies. Static storage. */
const char *rpcancel_check_profile(const struct rpcancel_check *check);

void rpcancel_check_free(struct rpcancel_check *check);

/* What all verdicts amount to, listed ones left out. From bad to worse. */
enum rpcancel_conformity {
    RPCANCEL_CONFORMANT,
    RPCANCEL_NOT_CONFORMANT, /* a binding rule is neither PASS nor SKIP; in a strict, complete and unfiltered check,
                                of the wire or where delivery is controlled, a SKIP counts as well; or no rule was
                                decided at all */
    RPCANCEL_RUNTIME_FAILED, /* it crashed or hung, or was given up on */
    RPCANCEL_HARNESS_FAILED  /* the harness could not do its work, or was interrupted */
};

enum rpcancel_conformity rpcancel_check_conclude(const struct rpcancel_check *check);

/*
 * rpcancel_check_place returns the line of the catalogue that stands for what is said of |rule|: where it failed; else
 * the first one that is not implemented, or that it decided; else the first line of a sequence made to show it. Its
 * sequence is NULL when there is none of these.
 */
struct rpcancel_place rpcancel_check_place(const struct rpcancel_check *check, const struct rpcancel_check_rule *rule);

/* rpcancel_check_is_unblamed tells whether |sequence| crashed, hung or could not be carried out, and neither a rule
 * that is reported nor the expectation list answers for it. */
bool rpcancel_check_is_unblamed(const struct rpcancel_check_sequence *sequence);

/* rpcancel_check_shows_something tells whether any rule was decided or is excused by the expectation list; without,
 * there is nothing to conclude from. */
bool rpcancel_check_shows_something(const struct rpcancel_check *check);

/* rpcancel_check_is_problem tells whether |rule| by itself keeps the runtime from conforming. */
bool rpcancel_check_is_problem(const struct rpcancel_check *check, const struct rpcancel_check_rule *rule);

#endif
