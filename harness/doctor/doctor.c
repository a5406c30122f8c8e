// SPDX-License-Identifier: Apache-2.0
#include "doctor/doctor.h"

bool rpcancel_doctor_is_stopped(const struct rpcancel_doctor *doctor)
{
    return *doctor->options.interrupted || rpcancel_notes_are_bad(&doctor->notes);
}

void rpcancel_doctor_see(struct rpcancel_doctor *doctor)
{
    switch (rpcancel_runtime_subject(doctor->how)) {
    case RPCANCEL_SUBJECT_SERVER:
        rpcancel_doctor_see_server(doctor);
        break;
    case RPCANCEL_SUBJECT_CLIENT:
        rpcancel_doctor_see_client(doctor);
        break;
    default:
        rpcancel_doctor_see_api(doctor);
    }
}
