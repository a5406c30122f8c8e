// SPDX-License-Identifier: Apache-2.0
#include "engine/flips.h"

#include "status.h"

static const uint16_t known_codes[] = {
    RPCANCEL_S_OK,
    RPCANCEL_S_ACCESS_DENIED,
    RPCANCEL_S_INVALID_ARG,
    RPCANCEL_S_ASYNC_CALL_PENDING,
    RPCANCEL_S_WRONG_KIND_OF_BINDING,
    RPCANCEL_S_INVALID_BINDING,
    RPCANCEL_S_SERVER_UNAVAILABLE,
    RPCANCEL_S_NO_CALL_ACTIVE,
    RPCANCEL_S_CALL_FAILED,
    RPCANCEL_S_CALL_IN_PROGRESS,
    RPCANCEL_S_CALL_CANCELLED,
    RPCANCEL_S_INVALID_ASYNC_HANDLE,
    RPCANCEL_S_INVALID_ASYNC_CALL,
};

static unsigned flip_code(struct rpcancel_answer answer, struct rpcancel_answer out[RPCANCEL_FLIPS_MAX])
{
    unsigned count = 0;
    for (unsigned i = 0; i < sizeof known_codes / sizeof known_codes[0]; i++) {
        if (!rpcancel_answer_is_code(answer, known_codes[i]))
            out[count++] = (struct rpcancel_answer){.code = known_codes[i], .facts = answer.facts};
    }
    out[count++] = rpcancel_answer_exception((uint32_t)RPCANCEL_S_ACCESS_VIOLATION);
    return count;
}

/* After a successful init the facts about the structure can be wrong as well. */
static unsigned flip_facts(struct rpcancel_answer answer, struct rpcancel_answer *out)
{
    if (!(answer.facts & RPCANCEL_FACT_LOOKED))
        return 0;
    out[0] = out[1] = answer;
    out[0].facts &= (uint8_t)~RPCANCEL_FACT_SIGNATURE_ASYC;
    out[1].facts &= (uint8_t)~RPCANCEL_FACT_KEPT;
    return 2;
}

unsigned rpcancel_flips_of(struct rpcancel_operation operation, struct rpcancel_answer answer,
                           struct rpcancel_answer out[RPCANCEL_FLIPS_MAX])
{
    switch (operation.kind) {
    case RPCANCEL_OP_GET_CALL_HANDLE:
    case RPCANCEL_OP_SERVER_GET_CALL_HANDLE:
        out[0] =
            rpcancel_answer_kind(answer.kind == RPCANCEL_ANSWER_NULL ? RPCANCEL_ANSWER_HANDLE : RPCANCEL_ANSWER_NULL);
        return 1;
    case RPCANCEL_OP_AWAIT:
        out[0] = rpcancel_answer_code(answer.code == RPCANCEL_S_OK ? RPCANCEL_S_WAIT_TIMEOUT : RPCANCEL_S_OK);
        return 1;
    case RPCANCEL_OP_CALL:
        return 0;
    default: {
        if (answer.kind != RPCANCEL_ANSWER_CODE && answer.kind != RPCANCEL_ANSWER_EXCEPTION)
            return 0;
        unsigned count = flip_code(answer, out);
        return count + flip_facts(answer, out + count);
    }
    }
}
