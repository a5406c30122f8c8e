// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_GUIDE_H
#define RPCANCEL_GUIDE_H
/*
 * The guide: a world of the reference that goes along with a sequence and tells which operations make sense where they
 * stand. It judges no answer.
 */
#include <stdbool.h>

#include "reference.h"

/* rpcancel_guide_step carries out |operation| on |guide| and returns what the reference answers. |hidden|: the guide is
 * for a runtime that delivers unseen, so the request that a `dispatch` needs arrives first. */
struct rpcancel_answer rpcancel_guide_step(struct rpcancel_world *guide, struct rpcancel_operation operation,
                                           bool hidden);

/* rpcancel_is_misuse tells from the guide's |answer| whether an operation makes no sense where it stands: it is
 * refused, its outcome is undefined, or it raises (as the stub does on a handle that was not initialised). */
bool rpcancel_is_misuse(struct rpcancel_answer answer);

#endif
