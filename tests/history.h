// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_HISTORY_H
#define RPCANCEL_TESTS_HISTORY_H
/*
 * A runtime with a defect that a test makes up: it answers as the reference does, but `test-cancel invalid` wrongly,
 * with 0, when what it was asked since it was reset meets a condition. That breaks RpcServerTestCancel/11.
 */
#include "fake_runtime.h"

enum { HISTORY_MAX = 256 };

struct history {
    unsigned resets; /* of the fake runtime, when it began */
    unsigned count;
    struct rpcancel_operation operations[HISTORY_MAX];
};

/* Whether the answer that is asked for now is to be wrong; |history| holds what was asked before. */
typedef bool history_condition(const struct history *history);

/* history_change is the fake_change of such a runtime. history_set_condition says when it fails. */
enum rpcancel_exchange history_change(struct fake_runtime *fake, struct rpcancel_operation operation,
                                      struct rpcancel_answer *answer);
void history_set_condition(history_condition *condition);

/* history_find returns the position of the first operation at or behind |from| that is written |text|, -1 when there is
 * none; history_count how many there are. */
int history_find(const struct history *history, const char *text, int from);
unsigned history_count(const struct history *history, const char *text);

#endif
