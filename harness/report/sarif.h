// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SARIF_H
#define RPCANCEL_SARIF_H
/*
 * SARIF 2.1.0 (docs/reports.md): results about rules, each at a line of a sequence.
 *
 * A log describes all rules of the table, in its order, and behind them two more that results without a rule refer to.
 * Text is taken as it comes: what is no UTF-8 is replaced. All of it is copied. One log at a time, in one thread.
 */
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

enum rpcancel_sarif_level { RPCANCEL_SARIF_NONE, RPCANCEL_SARIF_NOTE, RPCANCEL_SARIF_WARNING, RPCANCEL_SARIF_ERROR };

enum rpcancel_sarif_kind {
    RPCANCEL_SARIF_FAIL,   /* the rule is broken */
    RPCANCEL_SARIF_REVIEW, /* somebody has to look: VACUOUS */
    RPCANCEL_SARIF_OPEN    /* there was not enough to decide it: UNIMPLEMENTED, SKIP */
};

/* Rules of results that no rule of the table is blamed for: the place behind the table's last one, and the next. */
enum rpcancel_sarif_general { RPCANCEL_SARIF_CRASH, RPCANCEL_SARIF_HANG, RPCANCEL_SARIF_GENERAL_RULES };
unsigned rpcancel_sarif_general_rule(enum rpcancel_sarif_general which);

/* A line of a file. */
struct rpcancel_sarif_place {
    const char *file; /* NULL: no place */
    bool in_corpus;   /* |file| is the name of a sequence of the catalogue; else a path as the user gave it */
    uint32_t line;    /* from 1; 0: none in particular, the first */
};

struct rpcancel_sarif_result {
    unsigned rule; /* index in the table of rules, or rpcancel_sarif_general_rule */
    enum rpcancel_sarif_kind kind;
    enum rpcancel_sarif_level level; /* of FAIL; the other kinds have none by definition */
    const char *message;             /* sentences, each with its full stop */
    struct rpcancel_sarif_place place;
    const char *sequence;    /* the shortest one that shows it, an operation a line; NULL: there is none */
    const char *fingerprint; /* NULL: rpcancel_fingerprint of the rule's id and the sequence, or the kind without one */
    const char *suppressed;  /* why nobody needs to care for now; NULL: somebody does */
};

struct rpcancel_sarif {
    cJSON *properties; /* of the run; the caller adds what he has */
    /* working memory */
    cJSON *root, *run, *results, *execution, *configuration;
};

/* rpcancel_sarif_begin begins a log, which rpcancel_sarif_end ends and releases. |automation| tells apart logs that may
 * be published together, and is the same every time for the same kind of run; by convention it ends with a slash. */
void rpcancel_sarif_begin(struct rpcancel_sarif *sarif, const char *automation);

/* rpcancel_sarif_level returns the level of results about |rule| that the table of rules implies: an error for must and
 * implied, a warning for should and historical, a note for observed; an error for the general ones. */
enum rpcancel_sarif_level rpcancel_sarif_level(unsigned rule);

/* rpcancel_sarif_result adds a result. Returns its property bag, to which the caller may add; NULL when memory is
 * exhausted, which cJSON's functions put up with. */
cJSON *rpcancel_sarif_result(struct rpcancel_sarif *sarif, const struct rpcancel_sarif_result *result);

/* rpcancel_sarif_notify says something about the run itself: how it went, or with |about_settings| what is wrong in the
 * settings it was given. */
void rpcancel_sarif_notify(struct rpcancel_sarif *sarif, bool about_settings, enum rpcancel_sarif_level level,
                           const char *message, struct rpcancel_sarif_place place);

/* How the program ran. */
struct rpcancel_sarif_invocation {
    time_t started;
    double seconds;
    int exit_code;
    bool successful; /* it did all it was asked to do, whatever that showed */
};

/* rpcancel_sarif_end writes the log to |out| and releases it; false when memory was exhausted at any time since its
 * beginning, and then nothing is written. */
bool rpcancel_sarif_end(struct rpcancel_sarif *sarif, const struct rpcancel_sarif_invocation *invocation, FILE *out);

#endif
