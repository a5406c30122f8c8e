// SPDX-License-Identifier: Apache-2.0
/*
 * Both ends of an association, with octets in flight between them, in every order in which a client cancels, fragments
 * arrive and a manager asks and answers: no cancel is lost and none is made up (W75, W76), and what was orphaned is
 * silent (W102).
 */
#include "wire/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "wire/server.h"

enum { CALLS = 2, QUEUE = 8, FRAGMENT = 64 };

/* Fragments on their way in one direction. */
struct queue {
    unsigned count;
    struct {
        uint8_t size;
        uint8_t bytes[FRAGMENT];
    } fragments[QUEUE];
};

/* What is known of a call from the outside. */
struct fate {
    uint32_t call_id;
    bool begun, executing, answered, completed, orphaned;
    bool given_up;    /* orphaned arrived while it was executing */
    unsigned slot;    /* at the server, while it is executing or orphaned there */
    unsigned cancels; /* that the client has issued, the one on the first fragment among them */
    unsigned arrived; /* of these */
    unsigned taken;   /* |arrived| when the manager asked last: those it knows of */
};

/* Everything, so that a copy is a place to come back to. */
static struct situation {
    struct rpcancel_client client;
    struct rpcancel_server server;
    struct queue to_server, to_client;
    struct fate fates[CALLS];
} now;

static uint64_t endings;

static const struct rpcancel_interface interface = {{{1, 2, 3, {4}}, 1}, 1};

/* ---- the hosts ---- */

static void push(struct queue *queue, const uint8_t *bytes, size_t size)
{
    assert_true(queue->count < QUEUE && size <= FRAGMENT);
    queue->fragments[queue->count].size = (uint8_t)size;
    memcpy(queue->fragments[queue->count++].bytes, bytes, size);
}

static void client_sends(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    if (bytes[2] != RPCANCEL_PDU_BIND) {
        push(&now.to_server, bytes, size);
        return;
    }
    assert_true(rpcancel_server_receive(&now.server, bytes, size));
}

static void server_sends(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    if (bytes[2] != RPCANCEL_PDU_BIND_ACK) {
        push(&now.to_client, bytes, size);
        return;
    }
    assert_true(rpcancel_client_receive(&now.client, bytes, size));
}

static void bound(void *context, bool accepted)
{
    (void)context;
    assert_true(accepted);
}

static uint8_t *client_assembly(void *context, unsigned call, size_t size)
{
    (void)context;
    (void)call;
    (void)size;
    fail_msg("there is no stub data here");
    return NULL;
}

static struct fate *fate_of(uint32_t call_id)
{
    for (unsigned i = 0; i < CALLS; i++) {
        if (now.fates[i].begun && now.fates[i].call_id == call_id)
            return &now.fates[i];
    }
    fail_msg("there is no call %u", call_id);
    return NULL;
}

static void completed(void *context, const struct rpcancel_client_result *result)
{
    struct fate *fate = fate_of(result->call_id);
    (void)context;
    assert_true(fate->answered && !fate->completed && !fate->orphaned);
    fate->completed = true;
    /* What the manager did not know of is pending at the client; what it knew of is not. */
    assert_int_equal(result->cancel_pending, fate->cancels > fate->taken);
}

static const struct rpcancel_interface *find_interface(void *context, const struct rpcancel_syntax *syntax)
{
    (void)context;
    return rpcancel_syntax_is(syntax, &interface.syntax) ? &interface : NULL;
}

static bool join_group(void *context, uint32_t *group_id)
{
    (void)context;
    *group_id = 1;
    return true;
}

static uint8_t *server_assembly(void *context, size_t size)
{
    static uint8_t none[1];
    (void)context;
    return size <= sizeof none ? none : NULL;
}

static void request(void *context, struct rpcancel_server *server, const struct rpcancel_server_request *request_)
{
    struct fate *fate = fate_of(server->calls[request_->call].call_id);
    (void)context;
    fate->executing = true;
    fate->slot = request_->call;
}

static void cancel(void *context, struct rpcancel_server *server, unsigned call)
{
    (void)context;
    fate_of(server->calls[call].call_id)->arrived++;
}

static void orphaned(void *context, struct rpcancel_server *server, unsigned call)
{
    (void)context;
    struct fate *fate = fate_of(server->calls[call].call_id);
    assert_true(fate->orphaned);
    fate->given_up = true;
}

static const struct rpcancel_client_host client_host = {NULL, client_sends, bound, client_assembly, completed};
static const struct rpcancel_server_host server_host = {
    NULL, server_sends, find_interface, join_group, server_assembly, request, cancel, orphaned};

/* ---- steps ---- */

static bool deliver(struct queue *queue, bool to_server)
{
    uint8_t bytes[FRAGMENT];
    if (queue->count == 0)
        return false;
    size_t size = queue->fragments[0].size;
    memcpy(bytes, queue->fragments[0].bytes, size);
    queue->count--;
    memmove(&queue->fragments[0], &queue->fragments[1], queue->count * sizeof queue->fragments[0]);
    assert_true(to_server ? rpcancel_server_receive(&now.server, bytes, size)
                          : rpcancel_client_receive(&now.client, bytes, size));
    return true;
}

struct limits {
    unsigned calls, cancels; /* of each call */
    bool with_bit, with_orphaned;
};

enum step { CALL, CALL_CANCELLED, CANCEL, ORPHAN, ASK, ANSWER, STEPS_OF_A_CALL };

static bool step_of_call(const struct limits *limits, struct fate *fate, unsigned step)
{
    bool close;
    bool is_open = fate->begun && !fate->completed && !fate->orphaned;
    switch (step) {
    case CALL:
    case CALL_CANCELLED:
        if (fate->begun || (step == CALL_CANCELLED && !limits->with_bit))
            return false;
        fate->begun = rpcancel_client_call(&now.client, 0, (struct rpcancel_span){NULL, 0}, step == CALL_CANCELLED,
                                           &fate->call_id);
        assert_true(fate->begun);
        fate->cancels = step == CALL_CANCELLED;
        return true;
    case CANCEL:
        if (!is_open || fate->cancels == limits->cancels)
            return false;
        fate->cancels++;
        assert_true(rpcancel_client_cancel(&now.client, fate->call_id));
        return true;
    case ORPHAN:
        if (!is_open || !limits->with_orphaned)
            return false;
        fate->orphaned = true;
        assert_true(rpcancel_client_orphan(&now.client, fate->call_id, &close));
        assert_false(close); /* C706 keeps the association */
        return true;
    case ASK:
        if (!fate->executing || fate->answered || fate->taken == fate->arrived)
            return false;
        assert_true(rpcancel_server_take_cancel(&now.server, fate->slot));
        fate->taken = fate->arrived;
        return true;
    default: /* ANSWER */
        if (!fate->executing || fate->answered)
            return false;
        fate->answered = true;
        unsigned before = now.to_client.count;
        rpcancel_server_respond(&now.server, fate->slot, (struct rpcancel_span){NULL, 0});
        assert_int_equal(now.to_client.count, before + !fate->given_up);
        return true;
    }
}

/* Step number |step| of all; false when it cannot happen here. */
static bool take_step(const struct limits *limits, unsigned step)
{
    if (step < limits->calls * STEPS_OF_A_CALL)
        return step_of_call(limits, &now.fates[step / STEPS_OF_A_CALL], step % STEPS_OF_A_CALL);
    bool to_server = step == limits->calls * STEPS_OF_A_CALL;
    return deliver(to_server ? &now.to_server : &now.to_client, to_server);
}

/* Where no step is left everything was said. */
static void judge_ending(const struct limits *limits)
{
    endings++;
    for (unsigned i = 0; i < limits->calls; i++) {
        const struct fate *fate = &now.fates[i];
        assert_true(fate->begun && (fate->completed || fate->orphaned));
    }
    for (unsigned i = 0; i < RPCANCEL_SERVER_CALLS_MAX; i++)
        assert_int_equal(now.server.calls[i].state, RPCANCEL_CALL_FREE);
}

static void explore(const struct limits *limits)
{
    const struct situation here = now;
    bool is_ending = true;
    for (unsigned step = 0; step < limits->calls * STEPS_OF_A_CALL + 2; step++) {
        if (!take_step(limits, step))
            continue;
        is_ending = false;
        explore(limits);
        now = here;
    }
    if (is_ending)
        judge_ending(limits);
}

/* Nothing is left to the client's choice, but whether it cancels and orphans: it may as well not. An ending is where it
 * has done all it may. */
static void begin(const struct limits *limits)
{
    const struct rpcancel_wire_choices *choices = rpcancel_wire_choices_of(RPCANCEL_WIRE_C706);
    memset(&now, 0, sizeof now);
    rpcancel_client_init(&now.client, &client_host, choices);
    rpcancel_server_init(&now.server, &server_host, choices, "135");
    rpcancel_client_bind(&now.client, &interface.syntax, 0, limits->calls > 1);
    assert_true(now.client.bound);
    endings = 0;
    explore(limits);
    print_message("%u call(s), %u cancel(s) each: %llu endings\n", limits->calls, limits->cancels,
                  (unsigned long long)endings);
}

static void one_call(void **state)
{
    (void)state;
    for (unsigned cancels = 0; cancels <= 3; cancels++) {
        begin(&(struct limits){1, cancels, cancels > 0, false});
        assert_true(endings >= 1);
        begin(&(struct limits){1, cancels, cancels > 0, true});
        assert_true(endings > 1);
    }
}

static void two_calls(void **state)
{
    (void)state;
    begin(&(struct limits){2, 1, false, false});
    assert_true(endings > 1000);
}

int main(void)
{
    const struct CMUnitTest wire_association[] = {cmocka_unit_test(one_call), cmocka_unit_test(two_calls)};
    return cmocka_run_group_tests(wire_association, NULL, NULL);
}
