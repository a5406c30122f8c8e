// SPDX-License-Identifier: Apache-2.0
#include "sequence/sequence.h"

#include <stdlib.h>

#include "sequence/answer_text.h"

enum { FIRST_CAPACITY = 16 };

void rpcancel_sequence_free(struct rpcancel_sequence *sequence)
{
    free(sequence->items);
    *sequence = (struct rpcancel_sequence){0};
}

bool rpcancel_sequence_reserve(struct rpcancel_sequence *sequence, size_t more)
{
    if (more <= sequence->capacity - sequence->count)
        return true;
    const size_t most = SIZE_MAX / 2 / sizeof *sequence->items;
    if (sequence->count > most || more > most - sequence->count)
        return false;
    size_t capacity = sequence->count + more;
    struct rpcancel_sequence_item *items = realloc(sequence->items, capacity * sizeof *items);
    if (!items)
        return false;
    sequence->items = items;
    sequence->capacity = capacity;
    return true;
}

static bool grow(struct rpcancel_sequence *sequence)
{
    return rpcancel_sequence_reserve(sequence, sequence->count ? sequence->count : FIRST_CAPACITY);
}

bool rpcancel_sequence_append(struct rpcancel_sequence *sequence, struct rpcancel_operation operation,
                              rpcancel_expectation expected, uint32_t line)
{
    if (sequence->count == sequence->capacity && !grow(sequence))
        return false;
    sequence->items[sequence->count++] = (struct rpcancel_sequence_item){
        .operation = rpcancel_operation_canonical(operation),
        .line = line,
        .expected = expected & rpcancel_expectation_known(),
    };
    return true;
}

enum rpcancel_test_subject rpcancel_sequence_subject(const struct rpcancel_sequence *sequence)
{
    for (size_t i = 0; i < sequence->count; i++) {
        if (rpcancel_is_of_wire(sequence->items[i].operation.kind))
            return rpcancel_subject_of(sequence->items[i].operation.kind);
    }
    return RPCANCEL_SUBJECT_API;
}

void rpcancel_sequence_drop_wire(struct rpcancel_sequence *sequence)
{
    size_t kept = 0;
    for (size_t i = 0; i < sequence->count; i++) {
        if (!rpcancel_is_of_wire(sequence->items[i].operation.kind))
            sequence->items[kept++] = sequence->items[i];
    }
    sequence->count = kept;
}
