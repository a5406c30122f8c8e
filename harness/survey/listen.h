// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SURVEY_LISTEN_H
#define RPCANCEL_SURVEY_LISTEN_H
/* Hears what a server sends while a question is asked, and puts it down as answers. For survey.c only. */
#include "survey/survey.h"
#include "wire/observer.h"

enum { RPCANCEL_HEARD_MAX = 64 };

struct rpcancel_listener {
    struct rpcancel_survey_reply *reply;
    bool is_bound;
    unsigned count; /* of call_ids that requests had */
    struct {
        uint32_t call_id;
        char name[2]; /* "a"; "": the request is a barrier, whose answer tells nothing */
    } calls[RPCANCEL_HEARD_MAX];
};

/* rpcancel_listener_hear is rpcancel_run.passed, |context| a listener. */
void rpcancel_listener_hear(void *context, struct rpcancel_operation during, const struct rpcancel_wire_event *event);

/* rpcancel_listener_end notes that nothing was heard, when that is so. */
void rpcancel_listener_end(struct rpcancel_listener *listener);

#endif
