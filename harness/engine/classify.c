// SPDX-License-Identifier: Apache-2.0
#include "engine/classify.h"

static bool is_broken_off(enum rpcancel_explore_end end)
{
    return end != RPCANCEL_EXPLORE_CLOSED && end != RPCANCEL_EXPLORE_VIOLATED;
}

static void search_rules(const struct rpcancel_stepper *step, const struct rpcancel_classify_options *options,
                         struct rpcancel_explore_result *result)
{
    const struct rpcancel_explore_options search = {
        .calls = 1,
        .threads = 1,
        .earlier = options->earlier,
        .every_argument = true,
        .slice = options->slice,
        .memory = options->memory,
        .profile = options->profile,
        .step = *step,
        .choices = options->choices,
        .without_rule = options->without_rule,
        .stop = options->stop,
    };
    rpcancel_explore(&search, result);
}

/* A step function of its own is asked as it stands, and so is what it is compared with; a fault by the account of an
 * observer, as mutants/ask.h says. */
static void search_product(const struct rpcancel_stepper *step, const struct rpcancel_classify_options *options,
                           struct rpcancel_product_result *result)
{
    const struct rpcancel_product_options search = {
        .calls = 1,
        .threads = 1,
        .earlier = options->earlier,
        .every_argument = true,
        .slice = options->slice,
        .memory = options->memory,
        .profile = options->profile,
        .step = *step,
        .other = {.function = step->function ? rpcancel_step : NULL},
        .choices = options->choices,
        .stop = options->stop,
    };
    rpcancel_product(&search, result);
}

/* No rule was broken. An answer outside of the tables, or a cell that no rule decides on, would mean that the rules are
 * not what they were shown to be. */
static enum rpcancel_mutant_class tell(const struct rpcancel_explore_result *explore,
                                       const struct rpcancel_product_result *product)
{
    bool any = false;
    for (unsigned i = 0; i < RPCANCEL_DIFFERENCES; i++)
        any |= product->counts[i] > 0;
    if (product->counts[RPCANCEL_DIFFERENCE_REFUSED] || product->counts[RPCANCEL_DIFFERENCE_WRONG] || explore->outside)
        return RPCANCEL_MUTANT_MISSED;
    return any ? RPCANCEL_MUTANT_UNSPECIFIED : RPCANCEL_MUTANT_EQUIVALENT;
}

void rpcancel_classify(const struct rpcancel_stepper *step, const struct rpcancel_classify_options *options,
                       struct rpcancel_classification *classification)
{
    classification->mutant_class = RPCANCEL_MUTANT_UNDECIDED;
    search_rules(step, options, &classification->explore);
    if (is_broken_off(classification->explore.end))
        return;
    if (classification->explore.end == RPCANCEL_EXPLORE_VIOLATED) {
        classification->mutant_class = RPCANCEL_MUTANT_KILLED;
        return;
    }
    search_product(step, options, &classification->product);
    if (classification->product.end == RPCANCEL_PRODUCT_CLOSED)
        classification->mutant_class = tell(&classification->explore, &classification->product);
}

const char *rpcancel_mutant_class_name(enum rpcancel_mutant_class mutant_class)
{
    static const char *const names[RPCANCEL_MUTANT_CLASSES] = {"killed", "equivalent", "unspecified", "missed",
                                                               "undecided"};
    return names[mutant_class];
}
