// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_VERDICT_H
#define RPCANCEL_VERDICT_H
/*
 * Verdicts: what is said of a rule, or of a sequence, once the runs are over. Only PASS is a pass.
 */
#include <stddef.h>

#include "engine/tally.h"

/* X(enumerator, word in reports and expectation lists). The order is that of tables. */
#define RPCANCEL_VERDICTS(X)          \
    X(PASS, "PASS")                   \
    X(FAIL, "FAIL")                   \
    X(CRASH, "CRASH")                 \
    X(HANG, "HANG")                   \
    X(VACUOUS, "VACUOUS")             \
    X(UNIMPLEMENTED, "UNIMPLEMENTED") \
    X(NONSTRICT, "NONSTRICT")         \
    X(XFAIL, "XFAIL")                 \
    X(XPASS, "XPASS")                 \
    X(SKIP, "SKIP")                   \
    X(HARNESS_ERROR, "HARNESS-ERROR")

enum rpcancel_verdict_word {
#define RPCANCEL_X(name, word) RPCANCEL_VERDICT_##name,
    RPCANCEL_VERDICTS(RPCANCEL_X)
#undef RPCANCEL_X
        RPCANCEL_VERDICT_WORDS
};

enum { RPCANCEL_MESSAGE_MAX = 512 };

/* rpcancel_verdict_text returns the word for |verdict|. Static storage. */
const char *rpcancel_verdict_text(enum rpcancel_verdict_word verdict);

/* rpcancel_verdict_from_text sets |*verdict|; false when the |length| bytes at |text| are no verdict. */
bool rpcancel_verdict_from_text(const char *text, size_t length, enum rpcancel_verdict_word *verdict);

/*
 * rpcancel_verdict_of returns the verdict on rule |index| that |tallies| amount to:
 *
 *  - CRASH, HANG: at least one answer it would have decided never came; or it was never decided, and the function it
 *    is about crashed or hung.
 *  - FAIL: violated at least once.
 *  - PASS: decided at least once, never violated.
 *  - VACUOUS: the same, but every answer that held is one that the function was never seen to deviate from where
 *    something else was due; a stub that always gives this answer would have passed as well. A function that no other
 *    rule speaks of, since it has nothing but success to answer, is shown by rules of the same page on what comes of
 * it.
 *  - UNIMPLEMENTED: never decided, and its function, or an operation needed to get there, is not implemented. The
 *    message names whichever it is.
 *  - SKIP: never decided for another reason, above all because the sequences that were run do not reach it.
 *
 * |message| says why in one line; it stays empty for PASS, and for FAIL, which only a run can describe.
 */
enum rpcancel_verdict_word rpcancel_verdict_of(unsigned index, const struct rpcancel_rule_set *set,
                                               const struct rpcancel_tallies *tallies,
                                               char message[RPCANCEL_MESSAGE_MAX]);

#endif
