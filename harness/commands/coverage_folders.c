// SPDX-License-Identifier: Apache-2.0
#include "commands/coverage_folders.h"

#include <stdlib.h>

#include "commands/command.h"
#include "commands/sequence_folder.h"
#include "coverage/completion.h"
#include "report/coverage_report.h"

static enum rpcancel_exit_code no_memory(const struct rpcancel_measurement *measurement)
{
    rpcancel_say(measurement->command, "out of memory");
    return RPCANCEL_EXIT_TROUBLE;
}

/* ---- minimise ---- */

static bool write_chosen(const struct rpcancel_measurement *measurement, const bool *chosen,
                         struct rpcancel_sequence_folder *folder)
{
    for (size_t i = 0; i < measurement->files.count; i++) {
        if (chosen[i] && !rpcancel_sequence_folder_add(folder, &measurement->files.list[i].sequence))
            return false;
    }
    return true;
}

enum rpcancel_exit_code rpcancel_coverage_minimise(const struct rpcancel_measurement *measurement, const char *folder,
                                                   FILE *out)
{
    struct rpcancel_sequence_folder written;
    struct rpcancel_covered covered = {0};
    enum rpcancel_exit_code code = RPCANCEL_EXIT_TROUBLE;
    if (!rpcancel_sequence_folder_open(&written, measurement->command, folder))
        return code;
    size_t count = measurement->files.count;
    bool *chosen = calloc(count + 1, sizeof *chosen);
    if (!chosen || !rpcancel_covered_copy(&covered, &measurement->before) ||
        !rpcancel_set_cover(&covered, measurement->candidates, count, chosen)) {
        code = no_memory(measurement);
    } else if (write_chosen(measurement, chosen, &written)) {
        fprintf(out, "minimise: %zu of %zu sequences cover as much; %zu bytes written to %s\n", written.written, count,
                written.bytes, folder);
        code = RPCANCEL_EXIT_CONFORMANT;
    }
    rpcancel_covered_close(&covered);
    free(chosen);
    return code;
}

/* ---- complete ---- */

static void show_made(void *context, size_t made)
{
    char text[48];
    snprintf(text, sizeof text, "%zu sequences made", made);
    rpcancel_measurement_progress(context, text);
}

static bool write_completion(const struct rpcancel_completion *completion, const struct rpcancel_covered *covered,
                             struct rpcancel_sequence_folder *folder, FILE *out)
{
    for (size_t i = 0; i < completion->count; i++) {
        if (!rpcancel_sequence_folder_add(folder, &completion->sequences[i]))
            return false;
    }
    fprintf(out, "complete: %zu sequence%s, %zu bytes written to %s; with %s ", folder->written,
            folder->written == 1 ? "" : "s", folder->bytes, folder->path, folder->written == 1 ? "it" : "them");
    rpcancel_coverage_line(covered, out);
    fputc('\n', out);
    return true;
}

enum rpcancel_exit_code rpcancel_coverage_complete_to(struct rpcancel_measurement *measurement, const char *folder,
                                                      FILE *out)
{
    const struct rpcancel_completion_options options = {
        .stop = rpcancel_interrupted(), .progress = show_made, .context = measurement};
    struct rpcancel_sequence_folder written;
    struct rpcancel_completion completion = {0};
    struct rpcancel_covered covered = {0};
    enum rpcancel_exit_code code = RPCANCEL_EXIT_TROUBLE;
    if (!rpcancel_sequence_folder_open(&written, measurement->command, folder))
        return code;
    bool made = rpcancel_covered_copy(&covered, &measurement->covered) &&
                rpcancel_completion_make(&completion, &covered, &options);
    rpcancel_measurement_progress(measurement, "");
    if (!made)
        code = no_memory(measurement);
    else if (write_completion(&completion, &covered, &written, out) && completion.complete)
        code = RPCANCEL_EXIT_CONFORMANT;
    else if (!completion.complete)
        rpcancel_say(measurement->command, "interrupted");
    rpcancel_completion_free(&completion);
    rpcancel_covered_close(&covered);
    return code;
}
