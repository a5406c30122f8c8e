// SPDX-License-Identifier: Apache-2.0
#include "history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sequence/sequence.h"

static struct history history;
static history_condition *fails;

void history_set_condition(history_condition *condition)
{
    fails = condition;
    history = (struct history){0};
}

enum rpcancel_exchange history_change(struct fake_runtime *fake, struct rpcancel_operation operation,
                                      struct rpcancel_answer *answer)
{
    if (history.resets != fake->resets)
        history = (struct history){.resets = fake->resets};
    if (operation.kind == RPCANCEL_OP_TEST_CANCEL_INVALID && fails(&history))
        *answer = rpcancel_answer_code(0);
    assert_true(history.count < HISTORY_MAX);
    history.operations[history.count++] = operation;
    return RPCANCEL_EXCHANGE_ANSWERED;
}

int history_find(const struct history *asked, const char *text, int from)
{
    for (unsigned i = (unsigned)from; i < asked->count; i++) {
        char operation[RPCANCEL_OPERATION_TEXT_MAX];
        rpcancel_operation_print(asked->operations[i], operation, sizeof operation);
        if (strcmp(operation, text) == 0)
            return (int)i;
    }
    return -1;
}

unsigned history_count(const struct history *asked, const char *text)
{
    unsigned count = 0;
    for (int at = history_find(asked, text, 0); at >= 0; at = history_find(asked, text, at + 1))
        count++;
    return count;
}
