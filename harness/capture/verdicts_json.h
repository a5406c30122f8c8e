// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_VERDICTS_JSON_H
#define RPCANCEL_VERDICTS_JSON_H
/* The same as JSON (docs/pcap.schema.json); parts of capture/verdicts.h, which do nothing where none is wanted. */
#include "capture/verdicts.h"

void rpcancel_verdicts_json_begin(struct rpcancel_verdicts *verdicts);
void rpcancel_verdicts_json_found(struct rpcancel_verdicts *verdicts, const struct rpcancel_capture_finding *finding);
void rpcancel_verdicts_json_file(struct rpcancel_verdicts *verdicts, const struct rpcancel_capture_counts *counts,
                                 const char *failure);
bool rpcancel_verdicts_json_end(struct rpcancel_verdicts *verdicts);

#endif
