// SPDX-License-Identifier: Apache-2.0
#include "engine/guide.h"

struct rpcancel_answer rpcancel_guide_step(struct rpcancel_world *guide, struct rpcancel_operation operation,
                                           bool hidden)
{
    if (hidden && rpcancel_is_dispatch(operation.kind)) {
        struct rpcancel_operation request = operation;
        request.kind = RPCANCEL_OP_DELIVER_REQUEST;
        request.thread = 0;
        rpcancel_step(&rpcancel_choices_documented, guide, request);
    }
    return rpcancel_step(&rpcancel_choices_documented, guide, operation);
}

bool rpcancel_is_misuse(struct rpcancel_answer answer)
{
    return !rpcancel_answer_happened(answer) || answer.kind == RPCANCEL_ANSWER_EXCEPTION;
}
