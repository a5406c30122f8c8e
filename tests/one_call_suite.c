// SPDX-License-Identifier: Apache-2.0
#include "one_call_suite.h"

struct rpcancel_suite_model *model;
struct rpcancel_suite one_call;

int open_one_call(void **state)
{
    (void)state;
    model = rpcancel_suite_model_open(RPCANCEL_PROFILE_DOCUMENTED);
    bool made = model && rpcancel_suite_open(&one_call) &&
                rpcancel_suite_make(&one_call, &model->machine, &model->identifiers, 0);
    return made ? 0 : -1;
}

int close_one_call(void **state)
{
    (void)state;
    rpcancel_suite_close(&one_call);
    rpcancel_suite_model_close(model);
    return 0;
}
