// SPDX-License-Identifier: Apache-2.0
#include "engine/world_text.h"

#include <string.h>

#include "sequence/text_buffer.h"

static void put_result(struct rpcancel_text *text, const char *before, unsigned result)
{
    static const char *const names[] = {[RPCANCEL_RESULT_NONE] = "",
                                        [RPCANCEL_RESULT_SUCCESS] = "success",
                                        [RPCANCEL_RESULT_LINK_LOST] = "link-lost",
                                        [RPCANCEL_RESULT_CANCELLED] = "cancelled",
                                        [RPCANCEL_RESULT_CANCEL_TIMED_OUT] = "cancel-timed-out",
                                        [RPCANCEL_RESULT_UNAVAILABLE] = "unavailable"};
    if (result == RPCANCEL_RESULT_NONE)
        return;
    rpcancel_text_put_string(text, before);
    if (result >= RPCANCEL_RESULT_FAULT)
        rpcancel_text_put_code(text, rpcancel_fault_code(result - RPCANCEL_RESULT_FAULT));
    else
        rpcancel_text_put_string(text, names[result]);
}

static void put_thread(struct rpcancel_text *text, unsigned number, struct rpcancel_handle thread)
{
    static const char *const stubs[] = {"idle", "waits", "due-in-1", "due-in-2", "returned"};
    static const char *const timeouts[RPCANCEL_TIMEOUTS] = {"", ",cancel-timeout=0", ",cancel-timeout=1",
                                                            ",cancel-timeout=2"};
    rpcancel_text_put_format(text, " %c=thread,%s", 'a' + (int)number, stubs[thread.phase - RPCANCEL_HANDLE_THREAD]);
    put_result(text, ",", thread.result);
    rpcancel_text_put_string(text, timeouts[thread.cancel_timeout]);
    rpcancel_text_put_string(text, thread.call_timeout ? ",call-timeout=1" : "");
}

static void put_handle(struct rpcancel_text *text, unsigned number, struct rpcancel_handle handle)
{
    static const char *const phases[RPCANCEL_HANDLE_PHASES] = {"zeroed",      "corrupted",  "initialised", "raised",
                                                               "outstanding", "cancelling", "aborted",     "answered",
                                                               "failed",      "final"};
    static const char *const notifications[] = {"", ",announced", ",taken"};
    if (handle.phase >= RPCANCEL_HANDLE_THREAD) {
        put_thread(text, number, handle);
        return;
    }
    rpcancel_text_put_format(text, " %c=%s", 'a' + (int)number, phases[handle.phase]);
    put_result(text, ",", handle.result);
    rpcancel_text_put_string(text, notifications[handle.notification]);
}

static void put_messages(struct rpcancel_text *text, struct rpcancel_call call, bool is_awaited)
{
    if (!(call.request || call.cancel || call.orphaned || call.reply))
        return;
    rpcancel_text_put_string(text, ",on-its-way");
    rpcancel_text_put_string(text, call.request ? ",request" : "");
    rpcancel_text_put_string(text, call.cancel ? ",cancel" : "");
    rpcancel_text_put_string(text, call.orphaned ? ",orphaned" : "");
    rpcancel_text_put_string(text, call.reply ? ",reply" : "");
    put_result(text, "=", call.reply && is_awaited ? call.outcome : RPCANCEL_RESULT_NONE);
}

/* Of a call that never was, and of an earlier one that is over, nothing is said. */
static void put_call(struct rpcancel_text *text, unsigned number, const char *mark, struct rpcancel_call call,
                     bool is_awaited)
{
    static const char *const phases[RPCANCEL_CALL_PHASES] = {"unknown",   "queued",        "dispatched", "handed-off",
                                                             "on-worker", "ended-running", "ended"};
    static const struct rpcancel_call none;
    if (memcmp(&call, &none, sizeof call) == 0)
        return;
    rpcancel_text_put_format(text, " %c%s:%s", 'a' + (int)number, mark, phases[call.phase]);
    if (rpcancel_manager_runs(call))
        rpcancel_text_put_format(text, "%s@t%d", call.synchronous ? ",synchronous" : "", call.manager + 1);
    rpcancel_text_put_string(text, call.cancelled ? ",cancelled" : "");
    put_messages(text, call, is_awaited);
}

size_t rpcancel_world_print(const struct rpcancel_world *world, unsigned calls, char *out, size_t size)
{
    struct rpcancel_text text = rpcancel_text_in(out, size);
    rpcancel_text_put_string(&text, world->link_lost ? "lost" : "up");
    for (unsigned i = 0; i < calls; i++) {
        const struct rpcancel_lane *lane = &world->lanes[i];
        bool waits = lane->handle.phase == RPCANCEL_HANDLE_OUTSTANDING ||
                     lane->handle.phase == RPCANCEL_HANDLE_CANCELLING || lane->handle.phase > RPCANCEL_HANDLE_THREAD;
        put_handle(&text, i, lane->handle);
        put_call(&text, i, "", lane->call, waits);
        put_call(&text, i, "'", lane->earlier, false);
    }
    return text.length;
}
