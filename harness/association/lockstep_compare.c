// SPDX-License-Identifier: Apache-2.0
#include "association/lockstep_compare.h"

#include <stdarg.h>
#include <stdio.h>

#include "association/fault_status.h"
#include "machines.h"
#include "status.h"

__attribute__((format(printf, 2, 3))) static bool disagree(struct rpcancel_comparison *comparison, const char *format,
                                                           ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(comparison->text, RPCANCEL_LOCKSTEP_TEXT_MAX, format, arguments);
    va_end(arguments);
    return false;
}

static const char *there(bool is_there)
{
    return is_there ? "on its way" : "not on its way";
}

/* ---- the server's side ---- */

static bool is_live(struct rpcancel_call call)
{
    return call.phase >= RPCANCEL_CALL_QUEUED && call.phase <= RPCANCEL_CALL_ON_WORKER;
}

/* Whether a manager of these profiles gets a cancel when the connection ends (W111). */
static bool loss_is_cancel(const struct rpcancel_comparison *comparison)
{
    return comparison->options->profile == RPCANCEL_WIRE_C706 || comparison->options->profile == RPCANCEL_WIRE_FREEDCE;
}

/* What RpcServerTestCancel knows by the wire. |*by_loss| is set to whether only the end of the connection says it. */
static bool is_cancelled(const struct rpcancel_comparison *comparison, const struct rpcancel_call_view *view,
                         bool *by_loss)
{
    bool told = view->fate.told > 0 || view->fate.given_up == RPCANCEL_GIVEN_UP_ORPHANED;
    *by_loss = !told && view->fate.given_up == RPCANCEL_GIVEN_UP_DISCONNECTED && loss_is_cancel(comparison);
    return told || *by_loss;
}

static bool same_server(struct rpcancel_comparison *comparison, const struct rpcancel_world *world,
                        struct rpcancel_call call, const struct rpcancel_call_view *view, char name)
{
    static const char *const phases[] = {"none", "executing", "answered"};
    unsigned expected = call.phase == RPCANCEL_CALL_NONE ? RPCANCEL_FATE_UNKNOWN
                        : is_live(call)                  ? RPCANCEL_FATE_EXECUTING
                                                         : RPCANCEL_FATE_ANSWERED;
    bool by_loss;
    if (view->fate.at_server != expected)
        return disagree(comparison, "call %c at the server: %s in the reference, %s on the wire", name,
                        phases[expected], phases[view->fate.at_server]);
    if (!is_live(call))
        return true;
    bool cancelled = is_cancelled(comparison, view, &by_loss);
    if (cancelled != call.cancelled && !(by_loss && world->link_lost))
        return disagree(comparison, "call %c: %scancelled in the reference, %scancelled on the wire", name,
                        call.cancelled ? "" : "not ", cancelled ? "" : "not ");
    return true;
}

/* ---- on the way ---- */

/* Whether the wire has a reason not to have the reply that the reference has on its way. */
static bool may_lack_reply(struct rpcancel_comparison *comparison, const struct rpcancel_call_view *view)
{
    bool is_closed = view->client_ended || view->server_ended;
    if (view->fate.at_client != RPCANCEL_FATE_ABANDONED)
        return false;
    if (view->fate.given_up == RPCANCEL_GIVEN_UP_ORPHANED)
        return true;
    return is_closed && comparison->network->wrong == NULL;
}

static bool same_messages(struct rpcancel_comparison *comparison, struct rpcancel_call call,
                          const struct rpcancel_call_view *view, char name)
{
    if (call.request != view->request)
        return disagree(comparison, "request %c: %s in the reference, %s on the wire", name, there(call.request),
                        there(view->request));
    if (call.cancel != view->cancel)
        return disagree(comparison, "cancel %c: %s in the reference, %s on the wire", name, there(call.cancel),
                        there(view->cancel));
    if (call.orphaned != view->orphaned)
        return disagree(comparison, "orphaned %c: %s in the reference, %s on the wire", name, there(call.orphaned),
                        there(view->orphaned));
    if (call.reply != view->reply && !(call.reply && may_lack_reply(comparison, view)))
        return disagree(comparison, "reply %c: %s in the reference, %s on the wire", name, there(call.reply),
                        there(view->reply));
    return true;
}

/* ---- the client's side ---- */

/* The code that the wire's client has for a call that is over; 997 for one that is not. */
static uint32_t code_at_client(const struct rpcancel_call_view *view)
{
    switch (view->fate.at_client) {
    case RPCANCEL_FATE_RESPONSE:
        return RPCANCEL_S_OK;
    case RPCANCEL_FATE_FAULT:
        return rpcancel_fault_status_code(view->fate.status);
    case RPCANCEL_FATE_LOST:
        return rpcancel_choices_documented.link_failure; /* which code is free (W110) */
    case RPCANCEL_FATE_ABANDONED:
        return RPCANCEL_S_CALL_CANCELLED;
    default:
        return RPCANCEL_S_ASYNC_CALL_PENDING;
    }
}

static bool is_reserved(const struct rpcancel_call_view *view)
{
    return view->fate.at_client == RPCANCEL_FATE_FAULT && !rpcancel_fault_status_is_ordinary(view->fate.status);
}

static bool same_client(struct rpcancel_comparison *comparison, struct rpcancel_handle handle,
                        const struct rpcancel_call_view *view, char name)
{
    uint32_t here = rpcancel_result_code(&rpcancel_choices_documented, handle.result), there_ = code_at_client(view);
    bool is_busy = handle.phase >= RPCANCEL_HANDLE_OUTSTANDING && handle.phase <= RPCANCEL_HANDLE_FAILED;
    if (is_busy && here != there_ && !is_reserved(view))
        return disagree(comparison, "call %c at the client: %u in the reference, %u on the wire", name, here, there_);
    return true;
}

static bool same_call(struct rpcancel_comparison *comparison, const struct rpcancel_world *world,
                      const struct rpcancel_routes *routes, unsigned handle, bool earlier)
{
    const struct rpcancel_lane *lane = &world->lanes[handle];
    struct rpcancel_call call = earlier ? lane->earlier : lane->call;
    struct rpcancel_call_view view;
    char name = (char)((earlier ? 'A' : 'a') + (int)handle);
    rpcancel_network_view(comparison->network, routes, rpcancel_place(handle, earlier), &view);
    bool is_over = !rpcancel_call_alive(call);
    if (view.fate.at_client == RPCANCEL_FATE_NONE) /* nobody has to do with it, or will */
        return is_over || disagree(comparison, "call %c lives in the reference, and not on the wire", name);
    if (earlier && is_over) { /* the reference forgets it there and then */
        bool lives = view.request || view.cancel || view.orphaned || view.reply ||
                     view.fate.at_server == RPCANCEL_FATE_EXECUTING;
        return !lives || disagree(comparison, "call %c lives on the wire, and not in the reference", name);
    }
    return same_messages(comparison, call, &view, name) && same_server(comparison, world, call, &view, name) &&
           (earlier || same_client(comparison, lane->handle, &view, name));
}

bool rpcancel_compare_states(struct rpcancel_comparison *comparison, const struct rpcancel_world *world,
                             const struct rpcancel_routes *routes)
{
    if (comparison->network->wrong)
        return disagree(comparison, "an end of the wire broke its contract: %s", comparison->network->wrong);
    for (unsigned handle = 0; handle < comparison->options->calls; handle++) {
        if (!same_call(comparison, world, routes, handle, false) || !same_call(comparison, world, routes, handle, true))
            return false;
    }
    return true;
}

/* ---- answers ---- */

static bool same_code(struct rpcancel_comparison *comparison, struct rpcancel_answer answer, uint32_t code)
{
    comparison->answered = true;
    if (rpcancel_answer_is_code(answer, code))
        return true;
    return disagree(comparison, "answered %u in the reference, %u on the wire", answer.code, code);
}

static bool same_test(struct rpcancel_comparison *comparison, const struct rpcancel_call_view *view,
                      struct rpcancel_answer answer)
{
    bool by_loss;
    bool cancelled = is_cancelled(comparison, view, &by_loss);
    if (by_loss && rpcancel_answer_is_code(answer, RPCANCEL_S_CALL_IN_PROGRESS)) {
        comparison->differences |= 1u << RPCANCEL_DIFFERENCE_LOSS_IS_CANCEL;
        return true;
    }
    return same_code(comparison, answer, cancelled ? (uint32_t)RPCANCEL_S_OK : (uint32_t)RPCANCEL_S_CALL_IN_PROGRESS);
}

/* Finds the call whose manager routine runs on |thread| and is not over; false when there is none. */
static bool find_on_thread(const struct rpcancel_world *world, unsigned thread, unsigned *place)
{
    for (unsigned handle = 0; handle < 2; handle++) {
        for (unsigned earlier = 0; earlier < 2; earlier++) {
            const struct rpcancel_lane *lane = &world->lanes[handle];
            struct rpcancel_call call = earlier ? lane->earlier : lane->call;
            if (rpcancel_manager_runs(call) && call.manager == thread && is_live(call)) {
                *place = rpcancel_place(handle, earlier);
                return true;
            }
        }
    }
    return false;
}

static bool same_result(struct rpcancel_comparison *comparison, struct rpcancel_handle handle,
                        const struct rpcancel_call_view *view, struct rpcancel_answer answer)
{
    if (handle.phase < RPCANCEL_HANDLE_OUTSTANDING || handle.phase > RPCANCEL_HANDLE_FAILED)
        return true;
    if (is_reserved(view) && !rpcancel_answer_is_code(answer, code_at_client(view))) {
        comparison->differences |= 1u << RPCANCEL_DIFFERENCE_RESERVED_CODE;
        return true;
    }
    return same_code(comparison, answer, code_at_client(view));
}

bool rpcancel_compare_answers(struct rpcancel_comparison *comparison, const struct rpcancel_world *world,
                              const struct rpcancel_routes *routes, struct rpcancel_operation operation,
                              struct rpcancel_answer answer)
{
    struct rpcancel_call_view view;
    unsigned place = rpcancel_place(operation.handle, operation.earlier);
    if (operation.kind == RPCANCEL_OP_TEST_CANCEL_ZERO && !find_on_thread(world, operation.thread, &place))
        return true;
    rpcancel_network_view(comparison->network, routes, place, &view);
    switch (operation.kind) {
    case RPCANCEL_OP_TEST_CANCEL:
    case RPCANCEL_OP_TEST_CANCEL_ZERO:
        return same_test(comparison, &view, answer);
    case RPCANCEL_OP_STATUS:
    case RPCANCEL_OP_COMPLETE:
        return same_result(comparison, world->lanes[operation.handle].handle, &view, answer);
    default:
        return true;
    }
}
