// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_RUN_PARTS_H
#define RPCANCEL_RUN_PARTS_H
/* What the runs on runtimes of the API and of the wire have in common; for run.c and run_wire.c only. */
#include "engine/run.h"

/* rpcancel_run_begin forgets what the run before has left. */
void rpcancel_run_begin(struct rpcancel_run *run);

/* rpcancel_run_stop ends |run| so, for the reason that the format gives. Returns false, for "do not go on". */
__attribute__((format(printf, 3, 4))) bool rpcancel_run_stop(struct rpcancel_run *run, enum rpcancel_run_end end,
                                                             const char *format, ...);

/* rpcancel_run_stop_failed ends it because an exchange with |runtime| failed as |result| says. Returns false. */
bool rpcancel_run_stop_failed(struct rpcancel_run *run, const struct rpcancel_runtime *runtime,
                              enum rpcancel_exchange result);

/* rpcancel_run_stop_unimplemented ends it at |operation|, which |why| says more of. Returns false. */
bool rpcancel_run_stop_unimplemented(struct rpcancel_run *run, struct rpcancel_operation operation, const char *why);

/* rpcancel_run_add_step adds |item|, of line |line|, to the trace; false, with the run stopped, without memory. */
bool rpcancel_run_add_step(struct rpcancel_run *run, const struct rpcancel_event *item, uint32_t line);

#endif
