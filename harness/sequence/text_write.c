// SPDX-License-Identifier: Apache-2.0
#include "sequence/sequence.h"

static void write_item(const struct rpcancel_sequence_item *item, FILE *out)
{
    char operation[RPCANCEL_OPERATION_TEXT_MAX];
    char expected[RPCANCEL_EXPECTATION_TEXT_MAX];
    rpcancel_operation_print(item->operation, operation, sizeof operation);
    if (rpcancel_expectation_print(item->expected, expected, sizeof expected) > 0)
        fprintf(out, "%s => %s\n", operation, expected);
    else
        fprintf(out, "%s\n", operation);
}

bool rpcancel_sequence_write_text(const struct rpcancel_sequence *sequence, FILE *out)
{
    for (size_t i = 0; i < sequence->count; i++)
        write_item(&sequence->items[i], out);
    return !ferror(out);
}
