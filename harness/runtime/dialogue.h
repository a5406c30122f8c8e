// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DIALOGUE_H
#define RPCANCEL_DIALOGUE_H
/*
 * The other end of the child protocol (docs/runtime-protocol.md): takes the harness's lines and writes the answers.
 * What is behind it, a runtime, and how lines come and go, is said by functions.
 *
 * Speed matters here: what has arrived is read with one call, and all its answers leave with one.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/runtime.h"

/* What came of a line. */
struct rpcancel_said {
    struct rpcancel_answer answer;
    uint32_t signature; /* init only, when the answer has RPCANCEL_FACT_LOOKED */
    bool hung;          /* the function was called and does not return; |answer| is none */
    const struct rpcancel_event
        *events; /* announced meanwhile, |event_count| of them; they live as long as |failure| */
    unsigned event_count;
    const char
        *failure; /* NULL; or one line that says why there is no answer, and then |answer| is none. It lives until
                     the next line is taken. Only a harness that shares the code of this end knows this answer. */
};

enum { RPCANCEL_DESCRIPTION_MAX = 256 };

struct rpcancel_dialogue {
    void *context; /* handed to every function */
    /* Writes the keys and values of the answer to `describe`, terminated, to |out|; answers with code 0. */
    struct rpcancel_said (*describe)(void *context, char out[RPCANCEL_DESCRIPTION_MAX]);
    /* Forgets all calls. */
    struct rpcancel_said (*reset)(void *context);
    /* Carries out |operation| (canonical). */
    struct rpcancel_said (*execute)(void *context, struct rpcancel_operation operation);
    /* Reads what there is, at least one byte, of the harness's lines; 0 at their end or on failure. */
    size_t (*read)(void *context, char *out, size_t size);
    /* Writes everything, at once; false on failure. */
    bool (*write)(void *context, const char *text, size_t length);
};

/* rpcancel_dialogue_hold answers lines until their end: true. False when what comes is no line, after a message on
 * standard error, or answers cannot be written. A program holds one dialogue. */
bool rpcancel_dialogue_hold(const struct rpcancel_dialogue *dialogue);

#endif
