// SPDX-License-Identifier: Apache-2.0
/*
 * A plugin's table as a runtime: operations and answers are turned into the other's terms, and what the plugin hands
 * out is held against what it may.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/answers.h"
#include "runtime/description.h"
#include "runtime/plugin.h"
#include "sequence/sequence.h"

#define RPCANCEL_X(kind, byte, words, suffix, actor, uses, argument, function) \
    static_assert(RPCANCEL_PLUGIN_OP_##kind == (byte), "kinds are the bytes of the binary form");
RPCANCEL_API_OPERATIONS(RPCANCEL_X)
#undef RPCANCEL_X

#define SAME(theirs, ours) static_assert((int)(theirs) == (int)(ours), "the same number on both sides")
SAME(RPCANCEL_PLUGIN_ANSWER_CODE, RPCANCEL_ANSWER_CODE);
SAME(RPCANCEL_PLUGIN_ANSWER_DONE, RPCANCEL_ANSWER_DONE);
SAME(RPCANCEL_PLUGIN_ANSWER_NULL, RPCANCEL_ANSWER_NULL);
SAME(RPCANCEL_PLUGIN_ANSWER_HANDLE, RPCANCEL_ANSWER_HANDLE);
SAME(RPCANCEL_PLUGIN_ANSWER_EXCEPTION, RPCANCEL_ANSWER_EXCEPTION);
SAME(RPCANCEL_PLUGIN_ANSWER_REFUSED, RPCANCEL_ANSWER_REFUSED);
SAME(RPCANCEL_PLUGIN_ANSWER_UNDEFINED, RPCANCEL_ANSWER_UNDEFINED);
SAME(RPCANCEL_PLUGIN_ANSWER_UNIMPLEMENTED, RPCANCEL_ANSWER_UNIMPLEMENTED);
SAME(RPCANCEL_PLUGIN_SIZE_TOO_SMALL, RPCANCEL_SIZE_TOO_SMALL);
SAME(RPCANCEL_PLUGIN_SIZE_TOO_LARGE, RPCANCEL_SIZE_TOO_LARGE);
SAME(RPCANCEL_PLUGIN_MEMBER_SIGNATURE, RPCANCEL_MEMBER_SIGNATURE);
SAME(RPCANCEL_PLUGIN_MEMBER_SIZE, RPCANCEL_MEMBER_SIZE);
SAME(RPCANCEL_PLUGIN_MEMBER_LOCK, RPCANCEL_MEMBER_LOCK);
SAME(RPCANCEL_PLUGIN_MEMBER_STUB_INFO, RPCANCEL_MEMBER_STUB_INFO);
SAME(RPCANCEL_PLUGIN_NOTIFICATION_CANCEL, RPCANCEL_EVENT_CANCEL);
SAME(RPCANCEL_PLUGIN_NOTIFICATION_DISCONNECT, RPCANCEL_EVENT_DISCONNECT);
SAME(RPCANCEL_PLUGIN_NOTIFICATION_UNSUPPORTED, RPCANCEL_EVENT_UNSUPPORTED);
SAME(RPCANCEL_PLUGIN_NOTIFICATION_NO_TYPE, RPCANCEL_EVENT_NO_TYPE);
SAME(RPCANCEL_PLUGIN_TIMEOUT_INFINITE, RPCANCEL_TIMEOUT_INFINITE);
SAME(RPCANCEL_PLUGIN_TIMEOUT_ZERO, RPCANCEL_TIMEOUT_ZERO);
SAME(RPCANCEL_PLUGIN_TIMEOUT_ONE, RPCANCEL_TIMEOUT_ONE);
SAME(RPCANCEL_PLUGIN_TIMEOUT_TWO, RPCANCEL_TIMEOUT_TWO);
SAME(RPCANCEL_PLUGIN_THREAD_T1, RPCANCEL_THREAD_T1);
SAME(RPCANCEL_PLUGIN_THREAD_T2, RPCANCEL_THREAD_T2);
SAME(RPCANCEL_PLUGIN_THREAD_T3, RPCANCEL_THREAD_T3);
SAME(RPCANCEL_PLUGIN_THREAD_W, RPCANCEL_THREAD_WORKER);
SAME(RPCANCEL_PLUGIN_COMMAND, RPCANCEL_COMMAND);
SAME(RPCANCEL_PLUGIN_EVENT, RPCANCEL_EVENT);
SAME(RPCANCEL_PLUGIN_HIDDEN, RPCANCEL_HIDDEN);

enum { SIGNATURE_ASYC = 0x43595341 }; /* the bytes "ASYC" */

struct plugin {
    struct rpcancel_runtime runtime; /* first, so that a pointer to it is a pointer to the plugin */
    struct rpcancel_plugin_opening opening;
    struct rpcancel_plugin table; /* the plugin's, as far as it has it; the rest is zero */
    struct rpcancel_plugin_host host;
    void *instance;                          /* NULL when none is open */
    bool used;                               /* an operation was asked of this instance since it was opened or reset */
    bool in_doubt;                           /* it raised, and its state cannot be trusted */
    bool listens;                            /* events may be announced */
    char mistake[RPCANCEL_FAILURE_TEXT_MAX]; /* in announcing; "" when none was made */
};

static struct plugin *plugin_of(struct rpcancel_runtime *runtime)
{
    return (struct plugin *)runtime;
}

/* ---- mistakes ---- */

/* Writes one line, which begins with who is spoken of, to |out|. */
__attribute__((format(printf, 3, 4))) static void write_complaint(const char *who, char out[RPCANCEL_FAILURE_TEXT_MAX],
                                                                  const char *format, ...)
{
    int length = snprintf(out, RPCANCEL_FAILURE_TEXT_MAX, "%s ", who);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out + length, (size_t)(RPCANCEL_FAILURE_TEXT_MAX - length), format, arguments);
    va_end(arguments);
}

/* The same, and false. A macro, as static analysers do not look into functions with variable arguments. */
#define complain(...) (write_complaint(__VA_ARGS__), false)

static enum rpcancel_exchange broken(struct plugin *plugin, struct rpcancel_operation operation, const char *answer,
                                     const char *expected)
{
    char text[RPCANCEL_OPERATION_TEXT_MAX];
    rpcancel_operation_print(operation, text, sizeof text);
    write_complaint(plugin->opening.who, plugin->runtime.failure, "answered `%s` with `%s`; expected %s", text, answer,
                    expected);
    return RPCANCEL_EXCHANGE_BROKEN;
}

/* BROKEN with the mistake that was made in announcing, if one was. */
static enum rpcancel_exchange announced(struct plugin *plugin)
{
    if (plugin->mistake[0] == '\0')
        return RPCANCEL_EXCHANGE_ANSWERED;
    memcpy(plugin->runtime.failure, plugin->mistake, sizeof plugin->runtime.failure);
    plugin->mistake[0] = '\0';
    return RPCANCEL_EXCHANGE_BROKEN;
}

/* ---- the table ---- */

static bool check_functions(const struct rpcancel_plugin *table, const char *who,
                            char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    const char *missing = !table->open ? "open" : !table->execute ? "execute" : !table->close ? "close" : NULL;
    if (missing)
        return complain(who, failure, "has NULL for its function `%s`; only `reset` may be NULL", missing);
    return true;
}

/* Takes in what of the plugin's table this harness knows. */
static bool take_table(struct plugin *plugin, char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    static const char a_name[] = "expected 1 to 63 printable ASCII characters without blanks";
    const struct rpcancel_plugin *theirs = plugin->opening.table;
    const size_t size_least = offsetof(struct rpcancel_plugin, close) + sizeof theirs->close;
    const char *who = plugin->opening.who;
    if (!theirs)
        return complain(who, failure, "has no table; rpcancel_plugin_entry must return one");
    if (theirs->abi != RPCANCEL_PLUGIN_ABI)
        return complain(who, failure, "has ABI %u of rpcancel/plugin.h; expected %u", (unsigned)theirs->abi,
                        (unsigned)RPCANCEL_PLUGIN_ABI);
    if (theirs->size < size_least)
        return complain(who, failure, "has a table of size %u; expected at least %zu, the sizeof of ABI %u",
                        (unsigned)theirs->size, size_least, (unsigned)RPCANCEL_PLUGIN_ABI);
    memcpy(&plugin->table, theirs, theirs->size < sizeof plugin->table ? theirs->size : sizeof plugin->table);
    const char *name = plugin->table.name ? plugin->table.name : "";
    const char *version = plugin->table.version ? plugin->table.version : "";
    if (!rpcancel_description_set_name(plugin->runtime.name, name, strlen(name)))
        return complain(who, failure, "has a name that is none; %s", a_name);
    if (*version && !rpcancel_description_set_name(plugin->runtime.version, version, strlen(version)))
        return complain(who, failure, "has a version that is none; %s, or NULL", a_name);
    return check_functions(&plugin->table, who, failure);
}

/* Takes in how messages arrive and manager routines start, which the plugin may decide when it is opened. */
static bool take_control(struct plugin *plugin, char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    const char *who = plugin->opening.who;
    unsigned delivery = plugin->opening.table->delivery, dispatch = plugin->opening.table->dispatch;
    if (delivery != RPCANCEL_PLUGIN_COMMAND && delivery != RPCANCEL_PLUGIN_HIDDEN)
        return complain(who, failure, "has %u for delivery; expected 0 (COMMAND) or 2 (HIDDEN)", delivery);
    if (dispatch > RPCANCEL_PLUGIN_HIDDEN)
        return complain(who, failure, "has %u for dispatch; expected 0 (COMMAND), 1 (EVENT) or 2 (HIDDEN)", dispatch);
    rpcancel_description_set_control(&plugin->runtime, (enum rpcancel_control)delivery,
                                     (enum rpcancel_control)dispatch);
    return true;
}

/* ---- events ---- */

/* Sets |event| to the operation that |theirs| amounts to. */
static bool read_event(const struct rpcancel_plugin_event *theirs, struct rpcancel_event *event)
{
    struct rpcancel_operation operation = {.handle = theirs->handle & 3u, .earlier = theirs->earlier & 1u};
    struct rpcancel_answer answer = rpcancel_answer_kind(RPCANCEL_ANSWER_DONE);
    switch (theirs->kind) {
    case RPCANCEL_PLUGIN_EVENT_DISPATCHED:
    case RPCANCEL_PLUGIN_EVENT_DISPATCHED_SYNCHRONOUS:
        operation.kind =
            theirs->kind == RPCANCEL_PLUGIN_EVENT_DISPATCHED ? RPCANCEL_OP_DISPATCH : RPCANCEL_OP_DISPATCH_SYNCHRONOUS;
        operation.thread = theirs->thread & 3u;
        break;
    case RPCANCEL_PLUGIN_EVENT_NOTIFIED:
        operation.kind = RPCANCEL_OP_AWAIT;
        answer = rpcancel_answer_code(0);
        break;
    case RPCANCEL_PLUGIN_EVENT_DISCONNECTED:
        operation.kind = RPCANCEL_OP_LOSE_LINK;
        break;
    default:
        return false;
    }
    *event = (struct rpcancel_event){rpcancel_operation_canonical(operation), answer};
    return theirs->handle < RPCANCEL_HANDLES_MAX && theirs->earlier < 2 && theirs->thread < RPCANCEL_DISPATCHERS_MAX;
}

static void announce(void *context, const struct rpcancel_plugin_event *theirs)
{
    struct plugin *plugin = context;
    struct rpcancel_runtime *runtime = &plugin->runtime;
    const char *who = plugin->opening.who;
    struct rpcancel_event event;
    if (plugin->mistake[0])
        return;
    if (!plugin->listens)
        write_complaint(who, plugin->mistake, "announced an event outside of execute; expected them there only");
    else if (!theirs)
        write_complaint(who, plugin->mistake, "announced NULL; expected an event");
    else if (!read_event(theirs, &event))
        write_complaint(
            who, plugin->mistake,
            "announced kind %u, handle %u, earlier %u, thread %u; expected kind 1 to 4, handle 0 to 3, earlier 0 "
            "or 1, thread 0 to 2",
            theirs->kind, theirs->handle, theirs->earlier, theirs->thread);
    else if (runtime->event_count == RPCANCEL_EVENTS_MAX)
        write_complaint(who, plugin->mistake, "announced more than %d events before an answer", RPCANCEL_EVENTS_MAX);
    else
        runtime->events[runtime->event_count++] = event;
}

/* ---- instances ---- */

static bool open_instance(struct plugin *plugin, char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    const struct rpcancel_plugin_opening *opening = &plugin->opening;
    plugin->instance = plugin->table.open(&plugin->host, opening->count, opening->arguments);
    plugin->used = plugin->in_doubt = false;
    if (!plugin->instance)
        return complain(opening->who, failure, "did not open: open returned NULL");
    return take_control(plugin, failure);
}

static void close_instance(struct plugin *plugin)
{
    if (plugin->instance)
        plugin->table.close(plugin->instance);
    plugin->instance = NULL;
}

static enum rpcancel_exchange plugin_reset(struct rpcancel_runtime *runtime)
{
    struct plugin *plugin = plugin_of(runtime);
    bool is_as_new = plugin->instance && !plugin->used;
    runtime->event_count = 0;
    if (plugin->used && !plugin->in_doubt && plugin->table.reset)
        is_as_new = plugin->table.reset(plugin->instance) == 0;
    if (!is_as_new) {
        close_instance(plugin);
        if (!open_instance(plugin, runtime->failure))
            return RPCANCEL_EXCHANGE_BROKEN;
    }
    plugin->used = false;
    return announced(plugin);
}

/* ---- one operation ---- */

static struct rpcancel_plugin_operation translate(struct rpcancel_operation operation)
{
    const struct rpcancel_operation_description *description = rpcancel_operation_describe(operation.kind);
    bool is_fault = description->argument == RPCANCEL_ARGUMENT_FAULT;
    return (struct rpcancel_plugin_operation){
        .kind = description->byte,
        .handle = operation.handle,
        .earlier = operation.earlier,
        .thread = operation.thread,
        .argument = is_fault ? rpcancel_fault_code(operation.argument) : operation.argument,
    };
}

static uint8_t facts_of(const struct rpcancel_plugin_answer *said)
{
    if (!(said->facts & RPCANCEL_PLUGIN_FACT_LOOKED))
        return 0;
    unsigned facts = RPCANCEL_FACT_LOOKED;
    facts |= said->signature == SIGNATURE_ASYC ? RPCANCEL_FACT_SIGNATURE_ASYC : 0u;
    facts |= said->facts & RPCANCEL_PLUGIN_FACT_CLEARED ? RPCANCEL_FACT_CLEARED : 0u;
    facts |= said->facts & RPCANCEL_PLUGIN_FACT_KEPT ? RPCANCEL_FACT_KEPT : 0u;
    return (uint8_t)facts;
}

static enum rpcancel_exchange take_answer(struct plugin *plugin, struct rpcancel_operation operation,
                                          const struct rpcancel_plugin_answer *said, struct rpcancel_answer *answer)
{
    char text[RPCANCEL_ANSWER_TEXT_MAX];
    const char *expected;
    if (said->kind > RPCANCEL_PLUGIN_ANSWER_UNIMPLEMENTED) {
        snprintf(text, sizeof text, "kind %u", said->kind);
        return broken(plugin, operation, text, "kind 0 to 7 (RPCANCEL_PLUGIN_ANSWER_…)");
    }
    *answer = rpcancel_answer_kind((enum rpcancel_answer_kind)said->kind);
    if (answer->kind == RPCANCEL_ANSWER_CODE || answer->kind == RPCANCEL_ANSWER_EXCEPTION)
        answer->code = said->code;
    if (operation.kind == RPCANCEL_OP_INIT && rpcancel_answer_is_code(*answer, 0))
        answer->facts = facts_of(said);
    if (!rpcancel_answer_is_possible(operation, *answer, &expected)) {
        rpcancel_answer_print(*answer, text, sizeof text);
        return broken(plugin, operation, text, expected);
    }
    plugin->in_doubt |= rpcancel_leaves_doubt(operation, *answer);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static enum rpcancel_exchange plugin_execute(struct rpcancel_runtime *runtime, struct rpcancel_operation operation,
                                             struct rpcancel_answer *answer)
{
    struct plugin *plugin = plugin_of(runtime);
    if (!plugin->instance) {
        write_complaint(plugin->opening.who, runtime->failure, "is not open; it opens again with a reset");
        return RPCANCEL_EXCHANGE_BROKEN;
    }
    struct rpcancel_plugin_operation asked = translate(operation);
    struct rpcancel_plugin_answer said = {.kind = RPCANCEL_PLUGIN_ANSWER_UNIMPLEMENTED};
    plugin->used = true;
    plugin->listens = true;
    plugin->table.execute(plugin->instance, &asked, &said);
    plugin->listens = false;
    enum rpcancel_exchange exchange = announced(plugin);
    return exchange == RPCANCEL_EXCHANGE_ANSWERED ? take_answer(plugin, operation, &said, answer) : exchange;
}

static void plugin_close(struct rpcancel_runtime *runtime)
{
    struct plugin *plugin = plugin_of(runtime);
    close_instance(plugin);
    free(plugin->opening.memory);
    free(plugin);
}

static const struct rpcancel_runtime_functions functions = {
    .reset = plugin_reset, .execute = plugin_execute, .close = plugin_close};

struct rpcancel_runtime *rpcancel_plugin_open(const struct rpcancel_plugin_opening *opening,
                                              char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    struct plugin *plugin = calloc(1, sizeof *plugin);
    if (!plugin) {
        free(opening->memory);
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "out of memory");
        return NULL;
    }
    plugin->opening = *opening;
    plugin->runtime.functions = &functions;
    plugin->host = (struct rpcancel_plugin_host){.context = plugin, .announce = announce};
    if (take_table(plugin, failure) && open_instance(plugin, failure))
        return &plugin->runtime;
    plugin_close(&plugin->runtime);
    return NULL;
}
