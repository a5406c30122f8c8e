// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_sequence with its curve written down: how much of what `rpcancel coverage` counts all executions so far have
 * reached, those included of which an engine keeps nothing. For ci/scale; a tenth as fast as the target alone, which
 * decides the same.
 *
 * RPCANCEL_CURVE in the environment names the file, to which lines `EXECUTIONS OPERATIONS STATES EDGES PAIRS RULES` are
 * added at numbers of executions that grow by a quarter. Counted is by process: where an engine starts another one,
 * EXECUTIONS begins again, and so may whoever reads it end there.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "coverage/covered.h"
#include "curve.h"

enum { EXIT_TROUBLE = 3 };

static struct rpcancel_coverage_map *map;
static struct rpcancel_covered covered;
static struct rpcancel_trace trace;
static const char *path;
static uint64_t executions, operations, next = 1;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void trouble(const char *what)
{
    fprintf(stderr, "RPCANCEL_CURVE: %s\n", what);
    exit(EXIT_TROUBLE);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    path = getenv("RPCANCEL_CURVE");
    if (!path || !*path)
        trouble("expected the name of a file");
    map = rpcancel_coverage_map_open(NULL);
    if (!map || !rpcancel_covered_open(&covered, map) || !rpcancel_trace_open(&trace, map))
        trouble("out of memory");
    return rpcancel_sequence_initialize(argc, argv);
}

static void write_down(void)
{
    FILE *file = fopen(path, "a");
    if (!file)
        trouble("the file cannot be written");
    fprintf(file, "%" PRIu64 " %" PRIu64 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 "\n", executions, operations,
            covered.count[RPCANCEL_COVERS_STATE], covered.count[RPCANCEL_COVERS_EDGE],
            covered.count[RPCANCEL_COVERS_PAIR], rpcancel_covered_rules(&covered));
    if (fclose(file) != 0)
        trouble("the file cannot be written");
    next = executions + 1 + executions / 4;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rpcancel_sequence sequence = {0};
    if (!rpcancel_sequence_read_binary(&sequence, data, size))
        trouble("out of memory");
    rpcancel_trace_sequence(&trace, map, &sequence);
    rpcancel_covered_add(&covered, trace.items, trace.count);
    operations += trace.operations;
    rpcancel_sequence_free(&sequence);
    if (++executions >= next)
        write_down();
    return rpcancel_sequence_one_input(data, size);
}
