// SPDX-License-Identifier: Apache-2.0
#include "engine/failure.h"

struct rpcancel_failure_kind rpcancel_failure_of(const struct rpcancel_run *run)
{
    return (struct rpcancel_failure_kind){run->end, run->violated_count ? run->violated[0] : -1};
}

bool rpcancel_run_shows(const struct rpcancel_run *run, struct rpcancel_failure_kind kind)
{
    if (run->end != kind.end)
        return false;
    if (kind.rule < 0)
        return true;
    for (unsigned i = 0; i < run->violated_count; i++) {
        if (run->violated[i] == kind.rule)
            return true;
    }
    return false;
}

unsigned rpcancel_run_repeat(struct rpcancel_run *run, struct rpcancel_runtime *runtime,
                             const struct rpcancel_sequence *sequence, struct rpcancel_failure_kind kind,
                             unsigned times)
{
    struct rpcancel_tallies *tallies = run->tallies;
    struct rpcancel_run again = {.rules = run->rules};
    unsigned shown = 0;
    for (unsigned i = 0; i < times; i++) {
        rpcancel_run_sequence(&again, runtime, sequence);
        if (!rpcancel_run_shows(&again, kind))
            continue;
        struct rpcancel_run other = *run;
        *run = again;
        again = other;
        again.tallies = NULL;
        shown++;
    }
    rpcancel_run_free(&again);
    run->tallies = tallies;
    return shown;
}
