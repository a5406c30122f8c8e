// SPDX-License-Identifier: Apache-2.0
#include "results/column.h"

#include <string.h>

static bool is_first(const struct rpcancel_columns *columns, size_t column)
{
    for (size_t i = 0; i < column; i++) {
        if (strcmp(columns->list[i].label, columns->list[column].label) == 0)
            return false;
    }
    return true;
}

const char *rpcancel_columns_label(const struct rpcancel_columns *columns, size_t index)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (is_first(columns, i) && index-- == 0)
            return columns->list[i].label;
    }
    return NULL;
}

bool rpcancel_column_is(const struct rpcancel_column *column, enum rpcancel_result_kind kind, const char *label)
{
    return column->result.kind == kind && (!label || strcmp(column->label, label) == 0);
}
