// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_COVERAGE_MEASURE_H
#define RPCANCEL_COVERAGE_MEASURE_H
/*
 * Measuring what files of sequences cover; the inside of `rpcancel coverage`.
 */
#include "commands/exit_code.h"
#include "commands/files.h"
#include "coverage/set_cover.h"

struct rpcancel_measurement {
    const char *command; /* that messages name */
    bool shows_progress;
    struct rpcancel_sequence_files files;
    struct rpcancel_sequence_files beside;
    struct rpcancel_coverage_map *map;
    struct rpcancel_covered before;        /* by the catalogue, if it counts, and what is beside */
    struct rpcancel_covered covered;       /* by all that counts */
    struct rpcancel_candidate *candidates; /* what each file covers, if that was asked for */
    size_t sequences;
    size_t idle;         /* sequences in which no operation happens */
    uint64_t operations; /* that happened */
    enum rpcancel_exit_code code;
    struct rpcancel_trace trace;
};

/* What is to be measured. */
struct rpcancel_measured {
    struct rpcancel_paths paths;
    struct rpcancel_paths beside; /* count before all others */
    bool catalogue;               /* and so does the catalogue */
    bool candidates;              /* keep what each file of |paths| covers */
};

/*
 * rpcancel_measure sets |measurement|, of which |command| and |shows_progress| are set and all else is zero: reads the
 * files, searches, and carries all sequences out. measurement->code is TROUBLE when a file could not be read, and
 * FINDING when the reference broke a rule; both said. False, and said why, when it could not be done. |measured| must
 * outlive the measurement; end with rpcancel_measurement_free in any case.
 */
bool rpcancel_measure(struct rpcancel_measurement *measurement, const struct rpcancel_measured *measured);
void rpcancel_measurement_free(struct rpcancel_measurement *measurement);

/* rpcancel_measurement_progress shows |text| in place of what was shown before, if progress is shown; "" ends it. */
void rpcancel_measurement_progress(const struct rpcancel_measurement *measurement, const char *text);

#endif
