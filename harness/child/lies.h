// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CHILD_LIES_H
#define RPCANCEL_CHILD_LIES_H
/*
 * Lies: return codes changed on the way out, to show that the harness notices.
 */
#include "answer.h"
#include "operation.h"

enum { CHILD_LIES_MAX = 16 };

/* child_lies_add takes one lie as text: `[OPERATION:]FROM=TO`, codes as decimal numbers. OPERATION is the enumerator of
 * operation.h in small letters with hyphens (test-cancel-zero, server-complete); without it, all operations lie. False
 * with a message on stderr when the text is none, or too many. */
bool child_lies_add(const char *text);

/* child_lies_forget removes all lies. */
void child_lies_forget(void);

/* child_lies_tell returns |answer|, or the first lie that fits it. */
struct rpcancel_answer child_lies_tell(struct rpcancel_operation operation, struct rpcancel_answer answer);

#endif
