// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_VERDICTS_H
#define RPCANCEL_VERDICTS_H
/*
 * What comes of checking captures: findings, written as they are found, so that their number is no matter for memory;
 * then, for each file, how much was judged and what could not be.
 */
#include <stdio.h>

#include "capture/capture.h"

struct rpcancel_verdicts {
    FILE *text;       /* for people */
    FILE *json;       /* docs/pcap.schema.json; NULL: not wanted */
    const char *path; /* of the file in hand */
    enum rpcancel_wire_profile profile;
    bool strict, is_whole;
    uint64_t packets, judged, findings; /* of all files */
    uint64_t unjudged_files;            /* in which nothing was */
    uint64_t types[RPCANCEL_CAPTURE_TYPES];
    uint64_t decided[RPCANCEL_CAPTURE_RULES_MAX], violated[RPCANCEL_CAPTURE_RULES_MAX];
    struct cJSON *files;
};

/* rpcancel_verdicts_begin begins; |verdicts->text|, |json|, |profile| and |strict| are set. */
void rpcancel_verdicts_begin(struct rpcancel_verdicts *verdicts);

/* rpcancel_verdicts_found writes a finding in the file |verdicts->path|. */
void rpcancel_verdicts_found(struct rpcancel_verdicts *verdicts, const struct rpcancel_capture_finding *finding);

/* rpcancel_verdicts_file says how much of the file was judged; |failure|: why it could not be read to its end, "" when
 * it could. */
void rpcancel_verdicts_file(struct rpcancel_verdicts *verdicts, const struct rpcancel_capture *capture,
                            const char *failure);

/* rpcancel_verdicts_end writes what is left, and for people the last line. False when memory was exhausted. */
bool rpcancel_verdicts_end(struct rpcancel_verdicts *verdicts);

/* rpcancel_time_print writes |time| (nanoseconds since 1970) as `2026-11-27T19:49:06.239085221Z`, terminated. */
enum { RPCANCEL_TIME_TEXT_MAX = 48 };
void rpcancel_time_print(int64_t time, char out[RPCANCEL_TIME_TEXT_MAX]);

/* rpcancel_unjudged_print writes line by line what could not be judged, each with |indent| before it. Returns how many
 * lines. */
unsigned rpcancel_unjudged_print(const struct rpcancel_capture_counts *counts, const char *indent, FILE *out);

#endif
