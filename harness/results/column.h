// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_COLUMN_H
#define RPCANCEL_COLUMN_H
/* Results side by side. */
#include "results/result.h"
#include "runtime/runtime.h"

enum { RPCANCEL_COLUMNS_MAX = 64 };

/* A result, and whose it is. Results with one label are of one runtime. */
struct rpcancel_column {
    const char *label;
    const char *name; /* of its file, without folder and extension */
    struct rpcancel_saved_result result;
    enum rpcancel_test_subject subject; /* what is under test there */
};

struct rpcancel_columns {
    struct rpcancel_column list[RPCANCEL_COLUMNS_MAX];
    size_t count;
};

/* rpcancel_columns_label returns the |index|th label, from 0, in the order in which they first appear; NULL behind the
 * last one. */
const char *rpcancel_columns_label(const struct rpcancel_columns *columns, size_t index);

/* rpcancel_column_is tells whether the column holds a result of |kind| that belongs to |label| (NULL: to any). */
bool rpcancel_column_is(const struct rpcancel_column *column, enum rpcancel_result_kind kind, const char *label);

#endif
