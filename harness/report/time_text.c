// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "report/time_text.h"

void rpcancel_time_text(time_t time, char out[RPCANCEL_TIME_TEXT_MAX])
{
    struct tm parts;
    out[0] = '\0';
    if (gmtime_r(&time, &parts))
        strftime(out, RPCANCEL_TIME_TEXT_MAX, "%Y-%m-%dT%H:%M:%SZ", &parts);
}
