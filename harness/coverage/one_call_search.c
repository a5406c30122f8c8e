// SPDX-License-Identifier: Apache-2.0
#include "coverage/one_call_search.h"

#include <stdlib.h>

#include "rules/tables.h"

enum { MEMORY = 4 << 20 /* ten times what it takes */ };

void rpcancel_one_call_alphabet(struct rpcancel_alphabet *alphabet)
{
    rpcancel_alphabet_init(alphabet, 1, 1, true);
}

bool rpcancel_one_call_search(struct rpcancel_pair_table *table,
                              void (*edge)(void *context, const struct rpcancel_edge *edge), void *context)
{
    struct rpcancel_explore_options options = {
        .calls = 1,
        .threads = 1,
        .every_argument = true,
        .memory = MEMORY,
        .profile = RPCANCEL_PROFILE_DOCUMENTED,
        .step = {.function = rpcancel_step},
        .choices = &rpcancel_choices_documented,
        .edge = edge,
        .edge_context = context,
        .keep = table,
    };
    struct rpcancel_explore_result *result = calloc(1, sizeof *result);
    if (!result)
        return false;
    rpcancel_tables_init();
    rpcancel_explore(&options, result);
    enum rpcancel_explore_end end = result->end;
    free(result);
    if (end == RPCANCEL_EXPLORE_CLOSED)
        return true;
    if (end != RPCANCEL_EXPLORE_NO_MEMORY)
        rpcancel_pair_table_close(table);
    return false;
}
