// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_MARKED_H
#define RPCANCEL_TESTS_MARKED_H
/* What the documented functions of plugin-marked.so answer. */
enum { MARK_INITIALIZE = 42001, MARK_STATUS, MARK_COMPLETE, MARK_ABORT, MARK_CANCEL, MARK_TEST_CANCEL };

#endif
