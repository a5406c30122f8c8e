// SPDX-License-Identifier: Apache-2.0
#include "engine/flips.h"

#include <assert.h>

#include "status.h"

/* Every code that has a name, and an exception, but not |answer| itself. */
static unsigned flip_code(struct rpcancel_answer answer, struct rpcancel_answer out[RPCANCEL_FLIPS_MAX])
{
    unsigned count = 0;
    for (unsigned i = 0; i < rpcancel_status_count(); i++) {
        if (!rpcancel_answer_is_code(answer, rpcancel_status_at(i)))
            out[count++] = rpcancel_answer_code(rpcancel_status_at(i));
    }
    if (answer.kind != RPCANCEL_ANSWER_EXCEPTION)
        out[count++] = rpcancel_answer_exception((uint32_t)RPCANCEL_S_ACCESS_VIOLATION);
    return count;
}

/* After a successful init the facts about the structure can be wrong as well. */
static unsigned flip_facts(struct rpcancel_answer answer, struct rpcancel_answer *out)
{
    static const uint8_t facts[] = {RPCANCEL_FACT_SIGNATURE_ASYC, RPCANCEL_FACT_CLEARED, RPCANCEL_FACT_KEPT};
    unsigned count = 0;
    for (unsigned i = 0; (answer.facts & RPCANCEL_FACT_LOOKED) && i < sizeof facts; i++) {
        out[count] = answer;
        out[count++].facts &= (uint8_t)~facts[i];
    }
    return count;
}

unsigned rpcancel_flips_of(struct rpcancel_operation operation, struct rpcancel_answer answer,
                           struct rpcancel_answer out[RPCANCEL_FLIPS_MAX])
{
    unsigned count = 0;
    switch (operation.kind) {
    case RPCANCEL_OP_CALL: /* that it was issued or raised is nothing a rule speaks of */
        return 0;
    case RPCANCEL_OP_GET_CALL_HANDLE:
    case RPCANCEL_OP_SERVER_GET_CALL_HANDLE:
        out[0] =
            rpcancel_answer_kind(answer.kind == RPCANCEL_ANSWER_NULL ? RPCANCEL_ANSWER_HANDLE : RPCANCEL_ANSWER_NULL);
        return 1;
    default:
        if (answer.kind != RPCANCEL_ANSWER_CODE && answer.kind != RPCANCEL_ANSWER_EXCEPTION)
            return 0;
        count = flip_code(answer, out);
        count += flip_facts(answer, out + count);
        assert(count <= RPCANCEL_FLIPS_MAX);
        return count;
    }
}
