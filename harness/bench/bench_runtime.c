// SPDX-License-Identifier: Apache-2.0
/* The runtime over TCP, every PDU judged: barrier after barrier. */
#include <inttypes.h>
#include <stdio.h>

#include "bench/bench.h"
#include "engine/run.h"

enum { BARRIERS = 5000 }; /* in one sequence */

static bool make_sequence(struct rpcancel_sequence *sequence)
{
    const struct rpcancel_operation associate = {.kind = RPCANCEL_OP_ASSOCIATE};
    const struct rpcancel_operation settle = {.kind = RPCANCEL_OP_SETTLE};
    bool made = rpcancel_sequence_append(sequence, associate, 0, 1);
    for (unsigned i = 0; made && i < BARRIERS; i++)
        made = rpcancel_sequence_append(sequence, settle, 0, 2 + i);
    return made;
}

int bench_runtime(double seconds, const char *address)
{
    static struct rpcancel_tallies tallies;
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    bool usage;
    const struct rpcancel_runtime_options options = {.deadline_ms = 5000};
    struct rpcancel_runtime *runtime = rpcancel_runtime_open_tcp(address, &options, failure, &usage);
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_rule_set rules;
    struct rpcancel_run run = {.rules = &rules, .tallies = &tallies};
    uint64_t answers = 0, decisions = 0;
    if (!runtime || !make_sequence(&sequence)) {
        fprintf(stderr, "rpcancel-bench: %s\n", runtime ? "out of memory" : failure);
        return 3;
    }
    rpcancel_rule_set_init_wire(&rules, RPCANCEL_WIRE_C706, RPCANCEL_SUBJECT_SERVER, ~0u);
    double start = bench_now();
    while (bench_now() - start < seconds && rpcancel_run_sequence(&run, runtime, &sequence) == RPCANCEL_RUN_OK)
        answers += BARRIERS;
    double spent = bench_now() - start;
    for (unsigned i = 0; i < rpcancel_rule_all(); i++)
        decisions += tallies.rules[i].decided;
    bool is_sound = run.end == RPCANCEL_RUN_OK;
    printf("runtime %.0f answers/s, %" PRIu64 " answers, %" PRIu64 " decisions of rules, %s\n", (double)answers / spent,
           answers, decisions, is_sound ? "none broken" : run.failure);
    rpcancel_run_free(&run);
    rpcancel_sequence_free(&sequence);
    runtime->functions->close(runtime);
    return is_sound && answers > 0 ? 0 : 4;
}
