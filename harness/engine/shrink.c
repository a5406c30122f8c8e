// SPDX-License-Identifier: Apache-2.0
#include "engine/shrink.h"

#include "engine/shrink_moves.h"

/* In this order: what makes runs shorter or saves most operations for the fewest runs comes first, what wants a
 * sequence that is short and simple already comes last. */
static rpcancel_shrink_move *const moves[] = {
    rpcancel_shrink_drop_elapses,  rpcancel_shrink_drop_calls,      rpcancel_shrink_drop_blocks,
    rpcancel_shrink_settle,        rpcancel_shrink_drop_pairs,      rpcancel_shrink_merge_handles,
    rpcancel_shrink_merge_threads, rpcancel_shrink_swap_names,      rpcancel_shrink_lower_arguments,
    rpcancel_shrink_replace,       rpcancel_shrink_advance,         rpcancel_shrink_drop_and_mend,
    rpcancel_shrink_move_and_drop, rpcancel_shrink_change_and_drop, rpcancel_shrink_detour,
};
/* Operations of the wire are dropped, no more: the others would have to know what makes sense between them. */
static rpcancel_shrink_move *const wire_moves[] = {rpcancel_shrink_drop_blocks, rpcancel_shrink_drop_pairs};

/* Makes a move for as long as it makes the sequence smaller; returns whether it did. */
static bool make(struct rpcancel_shrinker *shrinker, rpcancel_shrink_move *move)
{
    bool helped = false;
    while (!shrinker->over && move(shrinker))
        helped = true;
    return helped;
}

/* Makes every move, from the first again after each that helped, until none helps any more. */
static void make_moves(struct rpcancel_shrinker *shrinker)
{
    bool on_wire = shrinker->runtime->functions->subject != RPCANCEL_SUBJECT_API;
    rpcancel_shrink_move *const *which = on_wire ? wire_moves : moves;
    unsigned count = on_wire ? sizeof wire_moves / sizeof wire_moves[0] : sizeof moves / sizeof moves[0];
    unsigned move = 0;
    while (!shrinker->over && move < count)
        move = make(shrinker, which[move]) ? 0 : move + 1;
}

void rpcancel_shrink(struct rpcancel_run *run, struct rpcancel_runtime *runtime, struct rpcancel_sequence *sequence,
                     const struct rpcancel_shrink_options *options, struct rpcancel_shrink_result *result)
{
    struct rpcancel_tallies *tallies = run->tallies;
    struct rpcancel_shrinker shrinker = {.run = run,
                                         .runtime = runtime,
                                         .options = options,
                                         .result = result,
                                         .hidden = rpcancel_run_hides(runtime) &&
                                                   runtime->functions->subject == RPCANCEL_SUBJECT_API};
    *result = (struct rpcancel_shrink_result){.end = RPCANCEL_SHRINK_DONE};
    run->tallies = NULL;
    if (rpcancel_shrinker_begin(&shrinker, sequence)) {
        do {
            make_moves(&shrinker);
        } while (!rpcancel_shrinker_verify(&shrinker));
        rpcancel_sequence_free(sequence);
        *sequence = shrinker.best;
        shrinker.best = (struct rpcancel_sequence){0};
    }
    rpcancel_shrinker_free(&shrinker);
    run->tallies = tallies;
}
