// SPDX-License-Identifier: Apache-2.0
#include "doctor/doctor.h"
void rpcancel_doctor_see_client(struct rpcancel_doctor *doctor)
{
    (void)doctor;
}
