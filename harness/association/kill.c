// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "association/changes.h"
#include "association/promises.h"

static const struct rpcancel_wire_change *find_among(const struct rpcancel_wire_mutant *mutants, unsigned count,
                                                     const char *name)
{
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(mutants[i].change.name, name) == 0)
            return &mutants[i].change;
    }
    return NULL;
}

const struct rpcancel_wire_change *rpcancel_wire_change_find(const char *name)
{
    const struct rpcancel_wire_change *found = find_among(rpcancel_wire_defects, rpcancel_wire_defect_count, name);
    return found ? found : find_among(rpcancel_wire_variants, rpcancel_wire_variant_count, name);
}

/* A search that may show a mutant. */
struct attempt {
    enum rpcancel_pdu_sender role; /* whose rules judge */
    bool keeps_connection, with_strays, with_promises;
    enum rpcancel_wire_operation_class class;
};

/* A client that cancels what does not exist breaks rules itself, so that only the server is judged there. */
static const struct attempt attempts[] = {
    {RPCANCEL_SENDER_EITHER, false, false, false, RPCANCEL_CLASS_UNKNOWN},
    {RPCANCEL_SENDER_EITHER, true, false, false, RPCANCEL_CLASS_UNKNOWN},
    {RPCANCEL_SENDER_EITHER, true, false, false, RPCANCEL_CLASS_PARK},
    {RPCANCEL_SENDER_EITHER, true, false, false, RPCANCEL_CLASS_HOLD},
    {RPCANCEL_SENDER_SERVER, true, true, false, RPCANCEL_CLASS_UNKNOWN},
};
/* What packets do not show. */
static const struct attempt hidden = {RPCANCEL_SENDER_NONE, true, false, true, RPCANCEL_CLASS_UNKNOWN};

/* With two calls less of each is enough. Windows' servers close over PENDING_CANCEL on a request, whatever is behind
 * it: that is no matter for mutants. */
static struct rpcancel_wire_limits limits_of(const struct rpcancel_wire_mutant *mutant, const struct attempt *attempt)
{
    bool one = mutant->calls == RPCANCEL_ONE_CALL;
    return (struct rpcancel_wire_limits){.calls = one ? 1 : 2,
                                         .request_fragments = 2,
                                         .response_fragments = one ? 2 : 1,
                                         .cancels = one ? 2 : 1,
                                         .strays = attempt->with_strays ? 1 : 0,
                                         .with_pending_cancel = one,
                                         .with_fault = one,
                                         .abandonments = 1u << RPCANCEL_ABANDON_ORPHANED,
                                         .class = attempt->class};
}

/* Returns false when the attempt could not be made to its end. */
static bool try(const struct rpcancel_wire_mutant *mutant, const struct attempt *attempt,
                const volatile sig_atomic_t *stop, struct rpcancel_wire_kill *kill)
{
    struct rpcancel_setup setup = {.choices = rpcancel_wire_choices_of(mutant->ends),
                                   .multiplexed = mutant->calls == RPCANCEL_TWO_AT_ONCE,
                                   .keeps_connection = attempt->keeps_connection,
                                   .change = &mutant->change};
    struct rpcancel_wire_search_options options = {.setup = &setup, .limits = limits_of(mutant, attempt), .stop = stop};
    struct rpcancel_wire_search_result result;
    struct rpcancel_wire_mask rules;
    rpcancel_wire_rules(&rules, mutant->profile, attempt->role, RPCANCEL_NCACN_IP_TCP, ~0u);
    options.rules = attempt->with_promises ? NULL : &rules;
    options.judge = attempt->with_promises ? rpcancel_promise_broken : NULL;
    options.context = &setup;
    options.role = attempt->role;
    if (!rpcancel_setup_open(&setup, &options.start))
        return false;
    rpcancel_wire_search(&options, &result);
    rpcancel_setup_close(&setup);
    kill->pairs += result.pairs;
    if (result.end == RPCANCEL_SEARCH_WRONG) {
        kill->end = result.violated >= 0 ? RPCANCEL_WIRE_KILL_RULE : RPCANCEL_WIRE_KILL_PROMISE;
        kill->rule = result.violated;
        kill->promise = result.wrong;
        kill->path_length = result.path_length;
        memcpy(kill->path, result.path, sizeof kill->path);
    }
    return result.end == RPCANCEL_SEARCH_WRONG || result.end == RPCANCEL_SEARCH_CLOSED;
}

void rpcancel_wire_kill_try(const struct rpcancel_wire_mutant *mutant, const volatile sig_atomic_t *stop,
                            struct rpcancel_wire_kill *kill)
{
    memset(kill, 0, sizeof *kill);
    kill->rule = -1;
    /* Two calls are there to be seen together, not for what one shows. */
    unsigned all = sizeof attempts / sizeof attempts[0];
    unsigned count = mutant->calls == RPCANCEL_ONE_CALL ? all : all - 1;
    for (unsigned i = 0; i < count && !mutant->is_hidden && kill->end == RPCANCEL_WIRE_KILL_SURVIVED; i++) {
        if (!try(mutant, &attempts[i], stop, kill))
            kill->end = RPCANCEL_WIRE_KILL_FAILED;
    }
    if (mutant->is_hidden && !try(mutant, &hidden, stop, kill))
        kill->end = RPCANCEL_WIRE_KILL_FAILED;
}
