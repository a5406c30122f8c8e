// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DOCTOR_REPORT_H
#define RPCANCEL_DOCTOR_REPORT_H
/* What the doctor found, for people and as JSON. */
#include <stdio.h>

#include "doctor/doctor.h"

struct rpcancel_doctor_report {
    const struct rpcancel_doctor *doctor;
    const char *profile; /* its name */
    bool is_complete;    /* false: interrupted */
    int exit_code;
};

/* rpcancel_doctor_print writes a line for each note to |out|, and `doctor: N ok, N warnings, N problems`. */
void rpcancel_doctor_print(const struct rpcancel_doctor_report *report, FILE *out);

/* rpcancel_doctor_json writes it as docs/doctor.schema.json says; false when memory is exhausted. */
bool rpcancel_doctor_json(const struct rpcancel_doctor_report *report, FILE *out);

#endif
