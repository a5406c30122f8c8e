// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DOCTOR_FORECAST_H
#define RPCANCEL_DOCTOR_FORECAST_H
/*
 * What a check would have no verdict on: the catalogue run on the reference as if it lacked what another runtime lacks.
 */
#include "doctor/watch.h"

/* What a check would come to, by the number of rules. */
struct rpcancel_forecast {
    unsigned rules; /* in force */
    unsigned unimplemented, skipped;
};

/* rpcancel_forecast_make tells what a check by |profile| comes to of a runtime that answers `unimplemented` to
 * |lacking|, controls things as |control| says (struct rpcancel_runtime), and else does as documented. False when
 * memory is exhausted. */
bool rpcancel_forecast_make(struct rpcancel_forecast *forecast, enum rpcancel_profile profile,
                            rpcancel_kind_mask lacking, const uint8_t control[RPCANCEL_OPERATION_KINDS]);

#endif
