// SPDX-License-Identifier: Apache-2.0
#include "commands/coverage_measure.h"

#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "engine/catalogue.h"

static bool fail(const struct rpcancel_measurement *measurement, const char *what)
{
    rpcancel_measurement_progress(measurement, "");
    rpcancel_say(measurement->command, "%s", *rpcancel_interrupted() ? "interrupted" : what);
    return false;
}

void rpcancel_measurement_progress(const struct rpcancel_measurement *measurement, const char *text)
{
    if (!measurement->shows_progress)
        return;
    fprintf(stderr, "\r%-60s\r%s", "", text);
    fflush(stderr);
}

/* Carries out |sequence|, which |path| names. */
static void trace(struct rpcancel_measurement *measurement, const char *path, const struct rpcancel_sequence *sequence,
                  struct rpcancel_covered *covered)
{
    struct rpcancel_trace *result = &measurement->trace;
    rpcancel_trace_sequence(result, measurement->map, sequence);
    measurement->sequences++;
    measurement->idle += result->operations == 0;
    measurement->operations += result->operations;
    rpcancel_covered_add(covered, result->items, result->count);
    if (result->violated < 0)
        return;
    rpcancel_measurement_progress(measurement, "");
    rpcancel_say(measurement->command,
                 "%s: the reference breaks %s; `rpcancel replay`, with --profile documented-98 or windows, shows it",
                 path, rpcancel_rule_at((unsigned)result->violated)->id);
    measurement->code = rpcancel_exit_stronger(measurement->code, RPCANCEL_EXIT_FINDING);
}

static bool trace_catalogue(struct rpcancel_measurement *measurement)
{
    for (size_t i = 0; i < rpcancel_catalogue_count; i++) {
        const struct rpcancel_catalogue_entry *entry = &rpcancel_catalogue[i];
        struct rpcancel_sequence sequence = {0};
        struct rpcancel_sequence_error error;
        bool read = rpcancel_sequence_read_text(&sequence, entry->text, entry->length, &error);
        if (read)
            trace(measurement, entry->name, &sequence, &measurement->before);
        rpcancel_sequence_free(&sequence);
        if (!read)
            return fail(measurement, "out of memory");
    }
    return true;
}

/* Keeps what the file traced last covers. */
static bool keep_candidate(struct rpcancel_measurement *measurement, size_t file)
{
    const struct rpcancel_trace *result = &measurement->trace;
    struct rpcancel_candidate *candidate = &measurement->candidates[file];
    candidate->items = malloc((result->count + 1) * sizeof *candidate->items);
    if (!candidate->items)
        return fail(measurement, "out of memory");
    memcpy(candidate->items, result->items, result->count * sizeof *result->items);
    candidate->count = result->count;
    candidate->size = rpcancel_sequence_write_binary(&measurement->files.list[file].sequence, NULL, 0);
    return true;
}

/* Carries out |files|, and adds to |covered|; |keep|: remembers what each covers. */
static bool trace_files(struct rpcancel_measurement *measurement, const struct rpcancel_sequence_files *files,
                        struct rpcancel_covered *covered, bool keep)
{
    for (size_t i = 0; i < files->count; i++) {
        if (*rpcancel_interrupted())
            return fail(measurement, "interrupted");
        trace(measurement, files->list[i].path, &files->list[i].sequence, covered);
        if (keep && !keep_candidate(measurement, i))
            return false;
    }
    return true;
}

static bool load(struct rpcancel_measurement *measurement, struct rpcancel_sequence_files *files,
                 const struct rpcancel_paths *paths)
{
    bool loaded = rpcancel_sequence_files_load(measurement->command, files, paths);
    if (files->unreadable > 0)
        measurement->code = RPCANCEL_EXIT_TROUBLE;
    return loaded;
}

/* Files are read before Ctrl-C is watched: a read may wait for ever, as on a terminal. */
static bool read_and_search(struct rpcancel_measurement *measurement, const struct rpcancel_measured *measured)
{
    if (!load(measurement, &measurement->files, &measured->paths) ||
        !load(measurement, &measurement->beside, &measured->beside))
        return false;
    rpcancel_interrupts_watch();
    rpcancel_measurement_progress(measurement, "searching what two calls can come to …");
    measurement->map = rpcancel_coverage_map_open(rpcancel_interrupted());
    rpcancel_measurement_progress(measurement, "");
    return measurement->map || fail(measurement, "the search could not end: out of memory, or the reference breaks a "
                                                 "rule, as `rpcancel explore` will say");
}

bool rpcancel_measure(struct rpcancel_measurement *measurement, const struct rpcancel_measured *measured)
{
    bool keep = measured->candidates;
    if (!read_and_search(measurement, measured))
        return false;
    if (keep)
        measurement->candidates = calloc(measurement->files.count + 1, sizeof *measurement->candidates);
    if ((keep && !measurement->candidates) || !rpcancel_trace_open(&measurement->trace, measurement->map) ||
        !rpcancel_covered_open(&measurement->before, measurement->map))
        return fail(measurement, "out of memory");
    if ((measured->catalogue && !trace_catalogue(measurement)) ||
        !trace_files(measurement, &measurement->beside, &measurement->before, false))
        return false;
    if (!rpcancel_covered_copy(&measurement->covered, &measurement->before))
        return fail(measurement, "out of memory");
    return trace_files(measurement, &measurement->files, &measurement->covered, keep);
}

void rpcancel_measurement_free(struct rpcancel_measurement *measurement)
{
    for (size_t i = 0; measurement->candidates && i < measurement->files.count; i++)
        free(measurement->candidates[i].items);
    free(measurement->candidates);
    rpcancel_trace_close(&measurement->trace);
    rpcancel_covered_close(&measurement->before);
    rpcancel_covered_close(&measurement->covered);
    rpcancel_coverage_map_close(measurement->map);
    rpcancel_sequence_files_free(&measurement->files);
    rpcancel_sequence_files_free(&measurement->beside);
}
