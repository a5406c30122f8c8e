// SPDX-License-Identifier: Apache-2.0
#include "engine/random.h"

#include "engine/guide.h"

enum {
    ATTEMPTS = 64,    /* draws before `settle`, which always happens, is taken */
    SETTLE_ONE_IN = 4 /* how often a hidden runtime is given the time to settle */
};

static bool is_left_to_runtime(struct rpcancel_operation operation)
{
    return rpcancel_operation_describe(operation.kind)->actor == RPCANCEL_ACTOR_NETWORK;
}

static struct rpcancel_operation draw(struct rpcancel_random *random, const struct rpcancel_random_options *options)
{
    if (options->hidden && rpcancel_random_below(random, SETTLE_ONE_IN) == 0)
        return (struct rpcancel_operation){.kind = RPCANCEL_OP_SETTLE};
    return options->alphabet->operations[rpcancel_random_below(random, options->alphabet->count)];
}

/* Draws until an operation happens to the guide. */
static struct rpcancel_operation choose(struct rpcancel_random *random, const struct rpcancel_random_options *options,
                                        struct rpcancel_world *guide)
{
    struct rpcancel_operation operation = draw(random, options);
    for (unsigned i = 0; i < ATTEMPTS; i++) {
        struct rpcancel_world next = *guide;
        if (!(options->hidden && is_left_to_runtime(operation)) &&
            rpcancel_answer_happened(rpcancel_guide_step(&next, operation, options->hidden))) {
            *guide = next;
            return operation;
        }
        operation = draw(random, options);
    }
    return (struct rpcancel_operation){.kind = RPCANCEL_OP_SETTLE};
}

bool rpcancel_random_sequence(struct rpcancel_random *random, const struct rpcancel_random_options *options,
                              struct rpcancel_sequence *sequence)
{
    struct rpcancel_world guide;
    rpcancel_world_reset(&guide);
    sequence->count = 0;
    for (unsigned i = 0; i < options->length; i++) {
        struct rpcancel_operation operation = choose(random, options, &guide);
        if (!rpcancel_sequence_append(sequence, operation, 0, 0))
            return false;
    }
    return true;
}
