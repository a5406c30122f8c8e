// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TIME_TEXT_H
#define RPCANCEL_TIME_TEXT_H
#include <time.h>

enum { RPCANCEL_TIME_TEXT_MAX = 32 };

/* rpcancel_time_text writes |time| as 2026-01-31T23:59:59Z into |out|: UTC, in the form of ISO 8601. */
void rpcancel_time_text(time_t time, char out[RPCANCEL_TIME_TEXT_MAX]);

#endif
