// SPDX-License-Identifier: Apache-2.0
/*
 * The client's process: what a client's program does, and, for what a server's program does, whom to ask.
 */
#include <stdio.h>
#include <string.h>

#include "child/execute.h"
#include "child/port_windows_async.h"
#include "child/port_windows_peer.h"
#include "child/port_windows_roles.h"
#include "child/port_windows_threads.h"

enum { PATIENCE_MS = 1000 }; /* with what has nothing to wait for any more */

static bool is_state[RPCANCEL_HANDLES_MAX]; /* the letter's RPC_ASYNC_STATE was initialised: it is no thread */

static struct rpcancel_answer unimplemented(void)
{
    return rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
}

static struct rpcancel_answer refused(void)
{
    return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
}

static struct rpcancel_answer undefined(void)
{
    return rpcancel_answer_kind(RPCANCEL_ANSWER_UNDEFINED);
}

static struct rpcancel_answer done(void)
{
    return rpcancel_answer_kind(RPCANCEL_ANSWER_DONE);
}

static bool uses_handle(struct rpcancel_operation operation)
{
    return (rpcancel_operation_describe(operation.kind)->uses & RPCANCEL_USES_HANDLE) != 0;
}

/* ---- the server's operations ---- */

/* What is asked of a call that the runtime itself has answered must not reach its handle; see port_windows_async.h. */
static bool is_answered_early(struct rpcancel_operation operation)
{
    return uses_handle(operation) && !operation.earlier && windows_async_was_answered_early(operation.handle);
}

static bool is_end_of_manager(unsigned kind)
{
    return kind == RPCANCEL_OP_RETURN || kind == RPCANCEL_OP_RAISE;
}

/* The end of a synchronous manager routine is the answer, which its thread gets to know. Of another one that returns it
 * is none; a runtime that takes it for one shows that soon. */
static void watch_end(struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    if (operation.earlier || answer.kind != RPCANCEL_ANSWER_DONE)
        return;
    windows_threads_await_reply(operation.handle);
    if (operation.kind == RPCANCEL_OP_RETURN)
        windows_async_note_left(operation.handle);
}

static struct rpcancel_answer ask_server(struct rpcancel_operation operation)
{
    bool is_end = is_end_of_manager(operation.kind);
    if (!is_end && is_answered_early(operation))
        return undefined();
    struct rpcancel_answer answer = windows_peer_ask(operation);
    if (is_end)
        watch_end(operation, answer);
    return answer;
}

/* ---- the client's ---- */

/* A letter is a thread or an RPC_ASYNC_STATE. */
static bool is_of_other_kind(struct rpcancel_operation operation)
{
    if (rpcancel_operation_describe(operation.kind)->actor != RPCANCEL_ACTOR_CLIENT || !uses_handle(operation))
        return false;
    return rpcancel_is_of_threads(operation.kind)
               ? is_state[operation.handle] || windows_async_is_busy(operation.handle)
               : windows_threads_is_thread(operation.handle);
}

static struct rpcancel_answer settle(void)
{
    bool settled = windows_threads_settle(windows_async_is_out());
    return settled && windows_async_settle() ? done() : unimplemented();
}

/* The link goes when the server's process does: its system closes the connection. Nothing can be asked there any more.
 */
static struct rpcancel_answer lose_link(void)
{
    if (windows_peer_is_lost())
        return refused();
    windows_peer_lose_link();
    return done();
}

static bool carry_out_client(struct rpcancel_operation operation, PRPC_ASYNC_STATE client,
                             struct rpcancel_answer *answer)
{
    switch (operation.kind) {
    case RPCANCEL_OP_CALL:
        *answer = windows_async_call(operation.handle, client);
        return true;
    case RPCANCEL_OP_AWAIT:
        *answer = windows_async_await(operation.handle);
        return true;
    default:
        return false;
    }
}

bool windows_client_carry_out(struct rpcancel_operation operation, PRPC_ASYNC_STATE client,
                              struct rpcancel_answer *answer)
{
    unsigned actor = rpcancel_operation_describe(operation.kind)->actor;
    bool is_client_s = actor == RPCANCEL_ACTOR_CLIENT;
    if (is_of_other_kind(operation))
        *answer = refused();
    else if (is_client_s && uses_handle(operation) && windows_async_forbids(operation))
        *answer = undefined();
    else if (actor == RPCANCEL_ACTOR_SERVER)
        *answer = ask_server(operation);
    else if (operation.kind == RPCANCEL_OP_SETTLE)
        *answer = settle();
    else if (operation.kind == RPCANCEL_OP_LOSE_LINK)
        *answer = lose_link();
    else if (rpcancel_is_of_threads(operation.kind))
        *answer = windows_threads_carry_out(operation);
    else if (is_client_s)
        return carry_out_client(operation, client, answer);
    else
        *answer = unimplemented();
    return true;
}

/* What was asked of a clock that ran away does not count. */
struct rpcancel_answer windows_client_last_word(struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    bool is_client_s = rpcancel_operation_describe(operation.kind)->actor == RPCANCEL_ACTOR_CLIENT;
    if (operation.kind == RPCANCEL_OP_INIT && rpcancel_answer_is_code(answer, RPC_S_OK))
        is_state[operation.handle] = true;
    if (is_client_s && uses_handle(operation) && !port_is_stuck())
        windows_async_note(operation, answer);
    if (operation.kind == RPCANCEL_OP_CANCEL || operation.kind == RPCANCEL_OP_CANCEL_ABORT)
        windows_threads_note_cancel();
    return windows_threads_keep_time() ? answer : unimplemented();
}

/* ---- the end ---- */

static void end_server(void)
{
    windows_peer_end();
    windows_peer_reset(); /* the loss of a link is over as well */
}

/* The server answers what is out; if it does not, or the client's function still hangs, or the runtime does not take
 * the answer, it is ended, and calls fail by that. */
bool windows_client_reset(void)
{
    bool hung = port_is_stuck();
    if (hung)
        end_server();
    else
        windows_peer_reset();
    bool ended = windows_client_is_back(PATIENCE_MS) && windows_threads_end();
    if (ended && !windows_async_end(false)) {
        end_server();
        ended = windows_client_is_back(PATIENCE_MS) && windows_async_end(true);
    }
    memset(is_state, 0, sizeof is_state);
    if (windows_peer_age() > 0)
        windows_peer_prepare();
    if (!ended)
        fprintf(stderr, "the runtime does not give back all that it was given\n");
    return ended;
}
