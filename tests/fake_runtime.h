// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FAKE_RUNTIME_H
#define RPCANCEL_FAKE_RUNTIME_H
/*
 * The reference as a runtime that a test makes misbehave.
 */
#include <stdbool.h>

#include "runtime/runtime.h"

struct fake_runtime;

/* Called after the reference answered; may change the answer, announce events, or fail the exchange. */
typedef enum rpcancel_exchange fake_change(struct fake_runtime *fake, struct rpcancel_operation operation,
                                           struct rpcancel_answer *answer);

struct fake_runtime {
    struct rpcancel_runtime runtime; /* first */
    struct rpcancel_runtime *reference;
    fake_change *change;
    unsigned resets;
    unsigned operations;
    int number;                       /* for the test's own use */
    enum rpcancel_exchange concluded; /* how it comes out of each sequence; ANSWERED unless the test says otherwise */
};

/* fake_runtime_open sets up |fake| over the reference; |hide| hides delivery, |seed| says how. */
void fake_runtime_open(struct fake_runtime *fake, fake_change *change, bool hide, uint64_t seed);
void fake_runtime_close(struct fake_runtime *fake);

/* fake_never_cancelled is a change: RpcServerTestCancel never tells of a cancel, which breaks RpcServerTestCancel/1. */
enum rpcancel_exchange fake_never_cancelled(struct fake_runtime *fake, struct rpcancel_operation operation,
                                            struct rpcancel_answer *answer);

/* fake_announce adds an event. */
void fake_announce(struct fake_runtime *fake, struct rpcancel_operation operation, struct rpcancel_answer answer);

#endif
