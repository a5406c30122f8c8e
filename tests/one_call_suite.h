// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_ONE_CALL_SUITE_H
#define RPCANCEL_TESTS_ONE_CALL_SUITE_H
/* The machine of one call and its complete suite, profile documented, for a group of tests. */
#include "suite/model.h"
#include "suite/suite.h"

extern struct rpcancel_suite_model *model;
extern struct rpcancel_suite one_call;

/* Set-up and tear-down of the group, for cmocka. */
int open_one_call(void **state);
int close_one_call(void **state);

#endif
