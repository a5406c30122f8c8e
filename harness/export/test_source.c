// SPDX-License-Identifier: Apache-2.0
#include "export/test_source.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "status.h"

enum { COMMENT_COLUMNS = 110, ALTERNATIVES_A_LINE = 2 };

/* ---- operations as calls ---- */

/* In the texts, $c is the client's structure, or what names its thread, $e which of its calls, $b the server's binding
 * handle of that call, $f the fault code, $n the notification, $t a time-out in seconds, $o one in milliseconds. */
static const char *const calls[RPCANCEL_OPERATION_KINDS] = {
    [RPCANCEL_OP_INIT] = "RpcAsyncInitializeHandle(&$c, sizeof($c))",
    [RPCANCEL_OP_INIT_BAD_SIZE] = "RpcAsyncInitializeHandle(&$c, sizeof($c) $s)",
    [RPCANCEL_OP_INIT_BAD_MEMORY] = "RpcAsyncInitializeHandle(no_memory(), sizeof(RPC_ASYNC_STATE))",
    [RPCANCEL_OP_CORRUPT] = "$m",
    [RPCANCEL_OP_CALL] = "issue_call(&$c)",
    [RPCANCEL_OP_STATUS] = "RpcAsyncGetCallStatus(&$c)",
    [RPCANCEL_OP_COMPLETE] = "RpcAsyncCompleteCall(&$c, NULL)",
    [RPCANCEL_OP_CANCEL] = "RpcAsyncCancelCall(&$c, FALSE)",
    [RPCANCEL_OP_CANCEL_ABORT] = "RpcAsyncCancelCall(&$c, TRUE)",
    [RPCANCEL_OP_ABORT] = "RpcAsyncAbortCall(&$c, $f)",
    [RPCANCEL_OP_GET_CALL_HANDLE] = "RpcAsyncGetCallHandle(&$c)",
    [RPCANCEL_OP_AWAIT] = "take_notification(&$c)",
    [RPCANCEL_OP_DELIVER_REQUEST] = "deliver(&$c, $e, REQUEST)",
    [RPCANCEL_OP_DELIVER_CANCEL] = "deliver(&$c, $e, CANCEL)",
    [RPCANCEL_OP_DELIVER_ORPHANED] = "deliver(&$c, $e, ORPHANED)",
    [RPCANCEL_OP_DELIVER_REPLY] = "deliver(&$c, $e, REPLY)",
    [RPCANCEL_OP_LOSE_LINK] = "lose_link()",
    [RPCANCEL_OP_SETTLE] = "settle()",
    [RPCANCEL_OP_DISPATCH] = "start_manager(&$c, $e)",
    [RPCANCEL_OP_HAND_OFF] = "hand_off(&$c, $e)",
    [RPCANCEL_OP_RETURN] = "leave_manager(&$c, $e)",
    [RPCANCEL_OP_RAISE] = "raise_in_manager(&$c, $e, $f)",
    [RPCANCEL_OP_TEST_CANCEL] = "RpcServerTestCancel($b)",
    [RPCANCEL_OP_TEST_CANCEL_ZERO] = "RpcServerTestCancel(NULL)",
    [RPCANCEL_OP_TEST_CANCEL_INVALID] = "RpcServerTestCancel(no_binding_handle())",
    [RPCANCEL_OP_SERVER_COMPLETE] = "RpcAsyncCompleteCall(server_of(&$c, $e), NULL)",
    [RPCANCEL_OP_SERVER_ABORT] = "RpcAsyncAbortCall(server_of(&$c, $e), $f)",
    [RPCANCEL_OP_SERVER_STATUS] = "RpcAsyncGetCallStatus(server_of(&$c, $e))",
    [RPCANCEL_OP_SERVER_CANCEL] = "RpcAsyncCancelCall(server_of(&$c, $e), FALSE)",
    [RPCANCEL_OP_SERVER_CANCEL_ABORT] = "RpcAsyncCancelCall(server_of(&$c, $e), TRUE)",
    [RPCANCEL_OP_SERVER_GET_CALL_HANDLE] = "RpcAsyncGetCallHandle(server_of(&$c, $e))",
    [RPCANCEL_OP_SUBSCRIBE] = "subscribe($b, $n)",
    [RPCANCEL_OP_SUBSCRIBE_ZERO] = "subscribe(NULL, $n)",
    [RPCANCEL_OP_UNSUBSCRIBE] = "unsubscribe($b, $n)",
    [RPCANCEL_OP_TAKE] = "take_server_notification(&$c, $e, $n)",
    [RPCANCEL_OP_CALL_ATTRIBUTES] = "inquire_attributes($b)",
    [RPCANCEL_OP_SERVER_FROM_CLIENT] = "server_from_client($b)",
    [RPCANCEL_OP_SERVER_FROM_CLIENT_INVALID] = "server_from_client(no_binding_handle())",
    [RPCANCEL_OP_COPY_CLIENT_BINDING] = "copy_client_binding($b)",
    [RPCANCEL_OP_TEST_CANCEL_SERVER_BINDING] = "RpcServerTestCancel(client_binding())",
    [RPCANCEL_OP_SYNCHRONOUS_CALL] = "enter_stub(&$c)",
    [RPCANCEL_OP_RETURNED] = "take_return(&$c)",
    [RPCANCEL_OP_CANCEL_THREAD] = "RpcCancelThread(thread_of(&$c))",
    [RPCANCEL_OP_CANCEL_THREAD_DENIED] = "RpcCancelThread(thread_without_access(&$c))",
    [RPCANCEL_OP_CANCEL_THREAD_EX] = "RpcCancelThreadEx(thread_of(&$c), $t)",
    [RPCANCEL_OP_SET_CANCEL_TIMEOUT] = "set_cancel_timeout(&$c, $t)",
    [RPCANCEL_OP_SET_CALL_TIMEOUT] = "RpcBindingSetOption(binding_of_thread(&$c), RPC_C_OPT_CALL_TIMEOUT, $o)",
    [RPCANCEL_OP_ELAPSE] = "elapse()",
    [RPCANCEL_OP_DISPATCH_SYNCHRONOUS] = "start_synchronous_manager(&$c, $e)",
    [RPCANCEL_OP_TEST_CANCEL_THREAD] = "RpcTestCancel()",
};

static void put_code(uint32_t code, FILE *out)
{
    const char *name = rpcancel_status_name(code);
    if (name)
        fputs(name, out);
    else
        fprintf(out, code > 0xFFFF ? "0x%08X" : "%u", (unsigned)code);
}

static void put_corruption(char client, unsigned member, FILE *out)
{
    static const char *const changes[RPCANCEL_MEMBERS] = {
        [RPCANCEL_MEMBER_SIGNATURE] = "Signature = 0x21444142",
        [RPCANCEL_MEMBER_SIZE] = "Size = sizeof(RPC_ASYNC_STATE) - 8",
        [RPCANCEL_MEMBER_LOCK] = "Lock = 1",
        [RPCANCEL_MEMBER_STUB_INFO] = "StubInfo = no_binding_handle()",
    };
    fprintf(out, "%c.%s;", client, changes[member]);
}

/* In the order of enum rpcancel_call_event. */
static const char *const notifications[RPCANCEL_CALL_EVENTS] = {"CALL_CANCEL", "CLIENT_DISCONNECT", "NO_NOTIFICATION",
                                                                "WITHOUT_TYPE"};

/* In the order of enum rpcancel_timeout. */
static const char *const seconds[RPCANCEL_TIMEOUTS] = {"RPC_C_CANCEL_INFINITE_TIMEOUT", "0", "1", "2"};
static const char *const milliseconds[RPCANCEL_TIMEOUT_TWO] = {"INFINITE", "0", "1000"};

/* A synchronous manager routine has no asynchronous handle to get it from. */
static void put_binding(const struct rpcancel_scenario_step *step, FILE *out)
{
    char client = (char)('a' + step->operation.handle);
    const char *call = step->operation.earlier ? "EARLIER" : "CURRENT";
    fprintf(out, step->synchronous ? "binding_of(&%c, %s)" : "RpcAsyncGetCallHandle(server_of(&%c, %s))", client, call);
}

static void put_operand(char which, const struct rpcancel_scenario_step *step, FILE *out)
{
    struct rpcancel_operation operation = step->operation;
    char client = (char)('a' + operation.handle);
    switch (which) {
    case 'b':
        put_binding(step, out);
        break;
    case 'c':
        fputc(client, out);
        break;
    case 'e':
        fputs(operation.earlier ? "EARLIER" : "CURRENT", out);
        break;
    case 'f':
        put_code(rpcancel_fault_code(operation.argument), out);
        break;
    case 'n':
        fputs(notifications[operation.argument], out);
        break;
    case 'o':
        fputs(milliseconds[operation.argument], out);
        break;
    case 's':
        fputs(operation.argument == RPCANCEL_SIZE_TOO_SMALL ? "- 1" : "+ 1", out);
        break;
    case 't':
        fputs(seconds[operation.argument], out);
        break;
    default:
        put_corruption(client, operation.argument, out);
        break;
    }
}

bool rpcancel_source_expression(const struct rpcancel_scenario_step *step, FILE *out)
{
    unsigned kind = step->operation.kind;
    for (const char *text = calls[kind]; *text; text++) {
        if (*text == '$')
            put_operand(*++text, step, out);
        else
            fputc(*text, out);
    }
    return kind != RPCANCEL_OP_CORRUPT;
}

static const char *thread_of(struct rpcancel_operation operation)
{
    static const char *const names[RPCANCEL_THREADS] = {"T1", "T2", "T3", "WORKER"};
    const struct rpcancel_operation_description *description = rpcancel_operation_describe(operation.kind);
    if (description->actor == RPCANCEL_ACTOR_CLIENT)
        return "CLIENT";
    return description->uses & RPCANCEL_USES_THREAD ? names[operation.thread] : NULL;
}

/* ---- what is demanded of an answer ---- */

static bool is_skipped(const struct rpcancel_scenario_step *step)
{
    return !rpcancel_answer_happened(step->answer);
}

static bool asks_handle(const struct rpcancel_scenario_step *step)
{
    return step->operation.kind == RPCANCEL_OP_GET_CALL_HANDLE ||
           step->operation.kind == RPCANCEL_OP_SERVER_GET_CALL_HANDLE;
}

/* Answers that a program sees as a value. */
static rpcancel_expectation comparable(rpcancel_expectation set)
{
    return set & ~(UINT64_C(1) << RPCANCEL_EXPECT_EXCEPTION);
}

static bool has_demand(const struct rpcancel_scenario_step *step)
{
    return !is_skipped(step) && step->rule_count > 0 && comparable(step->allowed) && comparable(step->forbidden);
}

void rpcancel_source_condition(const struct rpcancel_scenario_step *step, const char *name, FILE *out)
{
    rpcancel_expectation allowed = comparable(step->allowed), forbidden = comparable(step->forbidden);
    bool names_allowed = __builtin_popcountll(allowed) <= __builtin_popcountll(forbidden);
    rpcancel_expectation set = names_allowed ? allowed : forbidden;
    assert(set != 0);
    if (asks_handle(step)) {
        bool wants_null = allowed == UINT64_C(1) << RPCANCEL_EXPECT_NULL;
        fprintf(out, "%s %s NULL", name, wants_null ? "==" : "!=");
        return;
    }
    for (unsigned position = 0, written = 0; position < rpcancel_status_count(); position++) {
        if (!(set >> position & 1u))
            continue;
        if (written)
            fprintf(out, " %s%s", names_allowed ? "||" : "&&", written % ALTERNATIVES_A_LINE ? " " : "\n           ");
        fprintf(out, "%s %s ", name, names_allowed ? "==" : "!=");
        written++;
        put_code(rpcancel_status_at(position), out);
    }
}

const char *rpcancel_source_only_code(const struct rpcancel_scenario_step *step)
{
    unsigned position = (unsigned)__builtin_ctzll(step->allowed);
    if ((step->allowed & (step->allowed - 1)) != 0 || position >= rpcancel_status_count())
        return NULL;
    return rpcancel_status_name(rpcancel_status_at(position));
}

const char *rpcancel_source_variable(const struct rpcancel_scenario_step *step)
{
    return asks_handle(step) ? "binding" : "status";
}

/* The number of the last step of which the rule that the scenario is about demands something. */
static size_t find_point(const struct rpcancel_scenario *scenario)
{
    for (size_t i = scenario->count; i-- > 0;) {
        const struct rpcancel_scenario_step *step = &scenario->steps[i];
        for (unsigned n = 0; has_demand(step) && n < step->rule_count; n++) {
            if (step->rules[n] == scenario->rule)
                return i;
        }
    }
    return scenario->count;
}

/* ---- the function ---- */

static void put_declarations(const struct rpcancel_scenario *scenario, const struct rpcancel_source_style *style,
                             FILE *out)
{
    bool status = false, binding = false;
    for (size_t i = 0; i < scenario->count; i++) {
        const struct rpcancel_scenario_step *step = &scenario->steps[i];
        if (!has_demand(step) || !style->needs_variable(step))
            continue;
        binding |= asks_handle(step);
        status |= !asks_handle(step);
    }
    for (unsigned handle = 0; handle < RPCANCEL_HANDLES_MAX; handle++) {
        if (scenario->handles[handle])
            fprintf(out, "    RPC_ASYNC_STATE %c;\n", 'a' + (int)handle);
    }
    if (binding)
        fputs("    RPC_BINDING_HANDLE binding;\n", out);
    if (status)
        fputs("    RPC_STATUS status;\n", out);
    fputc('\n', out);
}

static void put_start(const struct rpcancel_scenario *scenario, const char *first, FILE *out)
{
    fputs(first, out);
    for (unsigned handle = 0; handle < RPCANCEL_HANDLES_MAX; handle++) {
        if (scenario->handles[handle])
            fprintf(out, "    memset(&%c, 0, sizeof(%c));\n", 'a' + (int)handle, 'a' + (int)handle);
    }
    bool windows = scenario->profile == RPCANCEL_PROFILE_WINDOWS;
    fprintf(out, "    scenario_begin(%s);\n\n", windows ? "AS_WINDOWS" : "AS_DOCUMENTED");
}

static void put_step_comment(const struct rpcancel_scenario_step *step, FILE *out)
{
    char text[RPCANCEL_OPERATION_TEXT_MAX];
    rpcancel_operation_print(step->operation, text, sizeof text);
    fprintf(out, "    /* %s", text);
    if (is_skipped(step))
        fputs(": left out, it cannot happen here or has no documented outcome", out);
    for (unsigned n = 0; n < step->rule_count; n++)
        fprintf(out, "%s %s", n ? "," : ":", rpcancel_rule_at(step->rules[n])->id);
    fputs(" */\n", out);
}

static void put_step(const struct rpcancel_scenario_step *step, const struct rpcancel_source_style *style,
                     bool is_point, FILE *out)
{
    if (is_skipped(step)) {
        put_step_comment(step, out);
        return;
    }
    if (has_demand(step)) {
        put_step_comment(step, out);
        style->demand(step, is_point, out);
        return;
    }
    fputs(asks_handle(step) ? "    (void)" : "    ", out);
    bool is_call = rpcancel_source_expression(step, out);
    fputs(is_call ? ";\n" : "\n", out);
}

void rpcancel_source_function(const struct rpcancel_scenario *scenario, const struct rpcancel_source_style *style,
                              const char *parameters, const char *first, FILE *out)
{
    char name[RPCANCEL_SOURCE_NAME_MAX];
    const char *thread = "CLIENT";
    size_t point = find_point(scenario);
    rpcancel_source_name(scenario, name);
    fprintf(out, "static void test_%s(%s)\n{\n", name, parameters);
    put_declarations(scenario, style, out);
    put_start(scenario, first, out);
    for (size_t i = 0; i < scenario->count; i++) {
        const struct rpcancel_scenario_step *step = &scenario->steps[i];
        const char *needed = is_skipped(step) ? NULL : thread_of(step->operation);
        if (needed && needed != thread) {
            fprintf(out, "    on_thread(%s);\n", needed);
            thread = needed;
        }
        put_step(step, style, i == point, out);
    }
    fputs("}\n", out);
}

/* ---- names and comments ---- */

void rpcancel_source_name(const struct rpcancel_scenario *scenario, char out[RPCANCEL_SOURCE_NAME_MAX])
{
    const char *id = scenario->rule >= 0 ? rpcancel_rule_at((unsigned)scenario->rule)->id : "sequence";
    size_t length = 0;
    for (; *id && length + 1 < RPCANCEL_SOURCE_NAME_MAX; id++)
        out[length++] = isalnum((unsigned char)*id) ? *id : '_';
    out[length] = '\0';
}

static void wrap(const char *text, const char *lead, FILE *out)
{
    size_t column = 0;
    while (*text) {
        size_t word = strcspn(text, " ");
        if (column == 0 || column + 1 + word > COMMENT_COLUMNS) {
            fprintf(out, "%s%s", column ? "\n" : "", lead);
            column = strlen(lead);
        } else {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, word, out);
        column += word;
        text += word;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

static void put_sequence(const struct rpcancel_scenario *scenario, FILE *out)
{
    size_t column = 0;
    fputs(" * Sequence:", out);
    for (size_t i = 0; i < scenario->count; i++) {
        char text[RPCANCEL_OPERATION_TEXT_MAX];
        size_t length = rpcancel_operation_print(scenario->steps[i].operation, text, sizeof text);
        if (column == 0 || column + length + 2 > COMMENT_COLUMNS) {
            fputs("\n *     ", out);
            column = strlen(" *     ");
        } else {
            fputc(' ', out);
            column++;
        }
        fprintf(out, "%s%s", text, i + 1 < scenario->count ? ";" : "");
        column += length + 1;
    }
    fputc('\n', out);
}

void rpcancel_source_comment(const struct rpcancel_scenario *scenario, const char *title, FILE *out)
{
    fputs("/*\n", out);
    wrap(title, " * ", out);
    if (scenario->rule >= 0) {
        const struct rpcancel_rule *rule = rpcancel_rule_at((unsigned)scenario->rule);
        fprintf(out, " *\n * %s (%s)\n", rule->id, rpcancel_level_name((enum rpcancel_level)rule->level));
        wrap(rule->text, " *     ", out);
        fputs(" * Source:\n", out);
        wrap(rule->source, " *     ", out);
    }
    put_sequence(scenario, out);
    fputs(" */\n", out);
}
