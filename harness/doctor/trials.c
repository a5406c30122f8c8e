// SPDX-License-Identifier: Apache-2.0
#include "doctor/trials.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define KIND(name) ((rpcancel_kind_mask)1 << RPCANCEL_OP_##name)

#define CALLED "init a => 0\ncall a => 0\n"
#define DISPATCHED CALLED "deliver request a => done\ndispatch a @t1 => done\n"
#define SYNCHRONOUS "synchronous-call a => done\ndeliver request a => done\ndispatch a synchronous @t1 => done\n"

/* Whatever can be left over: a handle with a call, a call with a cancel on its way. */
const char rpcancel_trial_reset[] = "status a\ninit a\nget-call-handle a\nstatus a\ncall a\nstatus a\ncancel a\n";

static const char *const handles[] = {"init a => 0\ninit a size-too-small\ninit bad-memory\n"
                                      "corrupt a signature => done\nstatus a => 1914\n",
                                      NULL};
static const char *const calls[] = {CALLED "status a => 997\nget-call-handle a => handle\n", NULL};
static const char *const dispatches[] = {DISPATCHED "settle => done\n", NULL};
static const char *const completions[] = {
    DISPATCHED "complete a @t1 => 0\nreturn a => done\ndeliver reply a => done\nsettle => done\nstatus a => 0\n"
               "await a => 0\nawait a => 258\ncomplete a => 0\n",
    NULL};
static const char *const cancels[] = {DISPATCHED "cancel a => 0\ndeliver cancel a => done\ntest-cancel a @t1 => 0\n",
                                      CALLED "cancel a abort => 0\nsettle => done\nawait a => 0\ncomplete a => 1818\n",
                                      CALLED "cancel a abort => 0\ndeliver orphaned a\n", NULL};
static const char *const aborts[] = {
    DISPATCHED "abort a 5 @t1 => 0\ndeliver reply a => done\nsettle => done\ncomplete a => 5\n",
    DISPATCHED "raise a 5 => done\ndeliver reply a => done\nsettle => done\ncomplete a => 5\n", NULL};
static const char *const hand_offs[] = {DISPATCHED "hand-off a => done\nreturn a => done\ncomplete a @w => 0\n", NULL};
static const char *const tests[] = {"test-cancel 0 @w => 1725\n", "test-cancel invalid @w => 1702\n",
                                    DISPATCHED "test-cancel 0 @t1 => 1791\ntest-cancel a @t1 => 1791\n", NULL};
static const char *const roles[] = {
    CALLED "abort a 5\n", DISPATCHED "get-call-handle a @t1\nstatus a @t1\ncancel a @t1\ncancel a abort @t1\n", NULL};
static const char *const notifications[] = {
    DISPATCHED "subscribe a cancel @t1 => 0\ncancel a => 0\ndeliver cancel a => done\nsettle => done\n"
               "take a cancel @t1 => 0\nunsubscribe a cancel @t1 => 0\n",
    DISPATCHED "subscribe 0 disconnect @t1 => 0\n", NULL};
static const char *const attributes[] = {DISPATCHED "call-attributes a @t1 => 0\n", NULL};
static const char *const bindings[] = {DISPATCHED "server-from-client a @t1\ncopy-client-binding a @t1\n",
                                       "server-from-client invalid @w\n", "test-cancel server-binding @w\n", NULL};
static const char *const synchronous[] = {
    SYNCHRONOUS "returned a => 258\ntest-cancel thread @t1\nreturn a => done\ndeliver reply a => done\nsettle => done\n"
                "returned a => 0\n",
    NULL};
static const char *const threads[] = {
    SYNCHRONOUS "cancel-thread a => 0\ndeliver cancel a => done\ntest-cancel thread @t1 => 0\n",
    SYNCHRONOUS "cancel-thread a no-access\n", SYNCHRONOUS "cancel-thread-ex a 0\n", NULL};
static const char *const timeouts[] = {"set-cancel-timeout a 1 => 0\n",
                                       "set-call-timeout a 1 => 0\nsynchronous-call a => done\nelapse => done\n", NULL};
static const char *const links[] = {DISPATCHED "lose link => done\nsettle => done\ntest-cancel a @t1\n", NULL};

const struct rpcancel_trial_group rpcancel_trial_groups[] = {
    {"handles", handles, KIND(INIT) | KIND(INIT_BAD_SIZE) | KIND(INIT_BAD_MEMORY) | KIND(CORRUPT)},
    {"client calls", calls, KIND(CALL) | KIND(STATUS) | KIND(GET_CALL_HANDLE)},
    {"arrival and dispatch", dispatches, KIND(DELIVER_REQUEST) | KIND(DISPATCH) | KIND(SETTLE)},
    {"completion", completions,
     KIND(SERVER_COMPLETE) | KIND(RETURN) | KIND(DELIVER_REPLY) | KIND(AWAIT) | KIND(COMPLETE)},
    {"cancels of calls", cancels, KIND(CANCEL) | KIND(CANCEL_ABORT) | KIND(DELIVER_CANCEL) | KIND(DELIVER_ORPHANED)},
    {"aborts and raises", aborts, KIND(SERVER_ABORT) | KIND(RAISE)},
    {"hand-off", hand_offs, KIND(HAND_OFF)},
    {"tests for a cancel", tests, KIND(TEST_CANCEL) | KIND(TEST_CANCEL_ZERO) | KIND(TEST_CANCEL_INVALID)},
    {"handles of the wrong role", roles,
     KIND(ABORT) | KIND(SERVER_GET_CALL_HANDLE) | KIND(SERVER_STATUS) | KIND(SERVER_CANCEL) |
         KIND(SERVER_CANCEL_ABORT)},
    {"subscriptions", notifications, KIND(SUBSCRIBE) | KIND(SUBSCRIBE_ZERO) | KIND(UNSUBSCRIBE) | KIND(TAKE)},
    {"call attributes", attributes, KIND(CALL_ATTRIBUTES)},
    {"binding handles", bindings,
     KIND(SERVER_FROM_CLIENT) | KIND(COPY_CLIENT_BINDING) | KIND(SERVER_FROM_CLIENT_INVALID) |
         KIND(TEST_CANCEL_SERVER_BINDING)},
    {"synchronous calls", synchronous,
     KIND(SYNCHRONOUS_CALL) | KIND(RETURNED) | KIND(DISPATCH_SYNCHRONOUS) | KIND(TEST_CANCEL_THREAD)},
    {"cancels of threads", threads, KIND(CANCEL_THREAD) | KIND(CANCEL_THREAD_DENIED) | KIND(CANCEL_THREAD_EX)},
    {"time-outs", timeouts, KIND(SET_CANCEL_TIMEOUT) | KIND(SET_CALL_TIMEOUT) | KIND(ELAPSE)},
    {"loss of the link", links, KIND(LOSE_LINK)},
};
const unsigned rpcancel_trial_group_count = sizeof rpcancel_trial_groups / sizeof rpcancel_trial_groups[0];

static void take_steps(const struct rpcancel_run *run, struct rpcancel_trial *trial)
{
    for (size_t i = 0; i < run->step_count && trial->count < RPCANCEL_TRIAL_STEPS_MAX; i++) {
        const struct rpcancel_run_step *step = &run->steps[i];
        if (step->line)
            trial->steps[trial->count++] =
                (struct rpcancel_trial_step){step->operation, step->answer, step->expectation};
    }
}

void rpcancel_trial_run(const char *text, struct rpcancel_watch *watch, struct rpcancel_run *run,
                        struct rpcancel_trial *trial)
{
    static const struct rpcancel_rule_set no_rules;
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_sequence_error error;
    *trial = (struct rpcancel_trial){.end = RPCANCEL_RUN_BROKEN, .exchange = RPCANCEL_EXCHANGE_BROKEN};
    snprintf(trial->failure, sizeof trial->failure, "out of memory");
    if (rpcancel_sequence_read_text(&sequence, text, strlen(text), &error)) {
        run->rules = &no_rules;
        trial->end = rpcancel_run_sequence(run, &watch->runtime, &sequence);
        trial->exchange = watch->last;
        trial->missing = run->missing;
        memcpy(trial->failure, run->failure, sizeof trial->failure);
        take_steps(run, trial);
    }
    rpcancel_sequence_free(&sequence);
}

int rpcancel_trial_difference(const struct rpcancel_trial *one, const struct rpcancel_trial *other)
{
    unsigned count = one->count < other->count ? one->count : other->count;
    for (unsigned i = 0; i < count; i++) {
        if (one->steps[i].answer.kind != other->steps[i].answer.kind ||
            one->steps[i].answer.code != other->steps[i].answer.code)
            return (int)i;
    }
    return one->count == other->count || count == 0 ? -1 : (int)count - 1;
}
