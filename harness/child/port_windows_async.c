// SPDX-License-Identifier: Apache-2.0
#include "child/port_windows_async.h"

#include "child/execute.h"
#include "child/port_windows_interface.h"
#include "child/port_windows_peer.h"
#include "child/port_windows_roles.h"
#include "status.h"

enum { RETIRED_EVENTS = CHILD_TURNS * RPCANCEL_HANDLES_MAX };

enum phase {
    UNUSED,     /* the runtime has nothing to do with the structure */
    HELD,       /* it has it */
    GIVEN_BACK, /* it gave it back */
    ABANDONED,  /* it did not, but will do nothing with it any more */
};

static struct letter {
    enum phase phase;
    PRPC_ASYNC_STATE state;
    HANDLE told; /* the completion notification; it stays signalled until it is taken */
    bool was_told;
    bool left;    /* the manager routine has returned */
    bool aborted; /* the client cancelled abortively, and was answered with success */
    RPC_BINDING_HANDLE binding;
    unsigned age; /* of the server that it leads to */
} letters[RPCANCEL_HANDLES_MAX];

static bool is_told(struct letter *letter, DWORD milliseconds)
{
    letter->was_told |= letter->told && WaitForSingleObject(letter->told, milliseconds) == WAIT_OBJECT_0;
    return letter->was_told;
}

bool windows_async_is_busy(unsigned handle)
{
    return letters[handle].phase == HELD;
}

bool windows_async_has(const RPC_ASYNC_STATE *state)
{
    bool has = false;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++)
        has |= (letters[i].phase == HELD || letters[i].phase == ABANDONED) && letters[i].state == state;
    return has;
}

bool windows_async_is_out(void)
{
    bool any = false;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++)
        any |= windows_async_is_busy(i);
    return any;
}

bool windows_async_forbids(struct rpcancel_operation operation)
{
    enum phase phase = letters[operation.handle].phase;
    switch (operation.kind) {
    case RPCANCEL_OP_INIT:
    case RPCANCEL_OP_INIT_BAD_SIZE:
    case RPCANCEL_OP_CORRUPT:
    case RPCANCEL_OP_CALL:
        return phase == HELD;
    case RPCANCEL_OP_COMPLETE:
    case RPCANCEL_OP_CANCEL:
    case RPCANCEL_OP_CANCEL_ABORT:
        return phase == GIVEN_BACK;
    default:
        return false;
    }
}

/* ---- calls ---- */

/* A binding handle of the letter's own to the server that there is. */
static bool make_ready(struct letter *letter)
{
    if (letter->binding && letter->age != windows_peer_age())
        RpcBindingFree(&letter->binding);
    if (!letter->told)
        letter->told = CreateEventA(NULL, TRUE, FALSE, NULL);
    if (!letter->binding)
        letter->binding = windows_peer_bind();
    letter->age = windows_peer_age();
    return letter->told && letter->binding;
}

/* The arguments of the stub that runs; there is one at a time, on the client's thread. */
static struct {
    PRPC_ASYNC_STATE state;
    RPC_BINDING_HANDLE binding;
    long ticket;
} issued;

static void run_stub(void *context)
{
    (void)context;
    windows_interface_call_asynchronously(issued.state, issued.binding, issued.ticket);
}

/* As the page of RpcAsyncInitializeHandle has it: the notification is chosen after that function and before the call. A
 * structure that was never initialised, or was altered since, is left as it is. */
static void choose_notification(unsigned handle, struct letter *letter)
{
    ResetEvent(letter->told);
    letter->was_told = letter->left = letter->aborted = false;
    if (!child_is_ready(handle))
        return;
    letter->state->NotificationType = RpcNotificationTypeEvent;
    letter->state->u.hEvent = letter->told;
}

/* Over a link that was lost the call may go wherever it can: nowhere. */
struct rpcancel_answer windows_async_call(unsigned handle, PRPC_ASYNC_STATE state)
{
    const DWORD patience_ms = 8 * windows_patience_ms(); /* it connects */
    struct letter *letter = &letters[handle];
    uint32_t exception = 0;
    bool is_lost = windows_peer_is_lost();
    if ((!is_lost && !windows_peer_start()) || !make_ready(letter))
        return rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
    uint32_t ticket = is_lost ? 0 : windows_peer_expect(handle, false);
    if (ticket == 0 && !is_lost)
        return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
    letter->phase = UNUSED;
    letter->state = state;
    choose_notification(handle, letter);
    issued.state = state;
    issued.binding = letter->binding;
    issued.ticket = (long)ticket;
    bool returned = windows_run_client(run_stub, NULL, patience_ms, &exception);
    if (returned || port_is_stuck()) {
        letter->phase = HELD;
        return rpcancel_answer_code(0);
    }
    windows_peer_give_up(handle);
    return rpcancel_answer_exception(exception);
}

struct rpcancel_answer windows_async_await(unsigned handle)
{
    struct letter *letter = &letters[handle];
    if (!letter->told || WaitForSingleObject(letter->told, 0) != WAIT_OBJECT_0)
        return rpcancel_answer_code(RPCANCEL_S_WAIT_TIMEOUT);
    letter->was_told = true;
    ResetEvent(letter->told);
    return rpcancel_answer_code(0);
}

/* ---- RpcAsyncCompleteCall ---- */

static RPC_STATUS(PORT_API *complete_call)(PRPC_ASYNC_STATE, void *);

/* Whether RpcAsyncCompleteCall, returning |code|, gave back the structure. */
static bool is_final(RPC_STATUS code)
{
    return code != RPC_S_ASYNC_CALL_PENDING && code != RPC_S_INVALID_ASYNC_HANDLE;
}

/* It may return long after the driver has given up waiting for it, and to call it again would be wrong then. */
static RPC_STATUS PORT_API complete_and_note(PRPC_ASYNC_STATE state, void *reply)
{
    RPC_STATUS code = complete_call(state, reply);
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        if (letters[i].phase == HELD && letters[i].state == state && is_final(code))
            letters[i].phase = GIVEN_BACK;
    }
    return code;
}

void windows_async_start(struct port_functions *functions)
{
    complete_call = functions->complete_call;
    functions->complete_call = complete_call ? complete_and_note : NULL;
}

void windows_async_note(struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    struct letter *letter = &letters[operation.handle];
    if (answer.kind != RPCANCEL_ANSWER_CODE)
        return;
    if (operation.kind == RPCANCEL_OP_INIT && answer.code == RPC_S_OK)
        letter->phase = UNUSED;
    if (letter->phase == HELD && operation.kind == RPCANCEL_OP_CANCEL_ABORT && answer.code == RPC_S_OK)
        letter->aborted = true;
}

/* ---- waiting ---- */

/* Something has happened by which the call of |handle| comes to an end. */
static bool is_due(unsigned handle)
{
    return letters[handle].aborted || windows_peer_has_answered(handle) || windows_peer_is_lost();
}

bool windows_async_settle(void)
{
    const DWORD patience_ms = windows_patience_ms();
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        if (letters[i].phase != HELD && letters[i].phase != GIVEN_BACK)
            continue;
        if (!windows_peer_is_lost() && !windows_peer_await(i, NULL, 4 * patience_ms))
            return false;
        if (letters[i].phase == HELD && is_due(i))
            is_told(&letters[i], patience_ms);
    }
    return true;
}

void windows_async_note_left(unsigned handle)
{
    struct letter *letter = &letters[handle];
    letter->left = true;
    if (letter->phase == HELD && !is_due(handle))
        is_told(letter, windows_patience_ms());
}

bool windows_async_was_answered_early(unsigned handle)
{
    struct letter *letter = &letters[handle];
    if (!letter->left || is_due(handle))
        return false;
    return letter->phase == GIVEN_BACK || (letter->phase == HELD && is_told(letter, 0));
}

/* ---- the end ---- */

static void complete(void *state)
{
    complete_and_note(state, NULL);
}

static bool end(struct letter *letter, bool is_last)
{
    uint32_t exception = 0;
    for (unsigned i = 0; i < 2 && letter->phase == HELD && complete_call && !port_is_stuck(); i++) {
        if (i > 0)
            is_told(letter, 4 * windows_patience_ms());
        windows_run_client(complete, letter->state, 8 * windows_patience_ms(), &exception);
    }
    if (port_is_stuck() || (letter->phase == HELD && !is_last))
        return false;
    letter->phase = letter->phase == HELD ? ABANDONED : UNUSED;
    return true;
}

/* Takes the event object away from the letter: a runtime may tell, now and then, of a call that was completed a moment
 * ago, and the next call must not take this for its own. An object lives on for as long as that can be. */
static void retire_event(struct letter *letter)
{
    static HANDLE retired[RETIRED_EVENTS];
    static unsigned next;
    if (!letter->told)
        return;
    if (retired[next])
        CloseHandle(retired[next]);
    retired[next] = letter->told;
    next = (next + 1) % RETIRED_EVENTS;
    letter->told = NULL;
}

bool windows_async_end(bool is_last)
{
    if (!windows_client_is_back(0))
        return false;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        if (!end(&letters[i], is_last))
            return false;
        letters[i].left = letters[i].was_told = false;
        retire_event(&letters[i]);
    }
    return true;
}
