// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DOCTOR_H
#define RPCANCEL_DOCTOR_H
/*
 * Is a runtime reachable and sane? It is started or connected to, asked a little of everything, and what is odd is said
 * with its cause and remedy. No rule is judged.
 *
 * docs/doctor.md lists what can be said.
 */
#include "doctor/notes.h"
#include "runtime/runtime.h"
#include "runtime/target.h"
#include "rules/rules.h"

struct rpcancel_doctor {
    /* in */
    const char *how;                         /* as --runtime has it */
    struct rpcancel_runtime_options options; /* |interrupted| is set */
    enum rpcancel_profile profile;           /* of the API: of the forecast */
    struct rpcancel_target target;           /* tcp: options.target, or the default */
    /* out */
    struct rpcancel_notes notes;
    char name[RPCANCEL_RUNTIME_NAME_MAX], version[RPCANCEL_RUNTIME_NAME_MAX]; /* "" when unknown */
    char usage[RPCANCEL_FAILURE_TEXT_MAX]; /* "", or |how| itself is at fault, and nothing was tried */
};

/* rpcancel_doctor_see does all there is to do of doctor->how. What it started has ended when it returns. */
void rpcancel_doctor_see(struct rpcancel_doctor *doctor);

/* Its parts, by what is under test; for doctor.c. */
void rpcancel_doctor_see_api(struct rpcancel_doctor *doctor);
void rpcancel_doctor_see_server(struct rpcancel_doctor *doctor);
void rpcancel_doctor_see_client(struct rpcancel_doctor *doctor);

/* rpcancel_doctor_is_stopped tells whether nothing more is to be tried: Ctrl-C, or a problem was found. */
bool rpcancel_doctor_is_stopped(const struct rpcancel_doctor *doctor);

#endif
