// SPDX-License-Identifier: Apache-2.0
/* A plugin's table as a runtime: what is taken of it, what is asked of its functions, what becomes of its answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/plugin.h"
#include "status.h"

/* ---- a plugin that does as a test wants ---- */

static struct {
    unsigned opened, reset, closed;
    int reset_result;
    int count;
    const char *const *arguments;
    const struct rpcancel_plugin_host *host;
    struct rpcancel_plugin_operation operation; /* the last one asked for */
    struct rpcancel_plugin_answer before;       /* what the answer held when it was asked for */
    struct rpcancel_plugin_answer answer;       /* to give */
    struct rpcancel_plugin_event event;         /* to announce, unless its kind is 0 */
} it;

static int instance;

static void *open_it(const struct rpcancel_plugin_host *host, int count, const char *const *arguments)
{
    it.opened++;
    it.host = host;
    it.count = count;
    it.arguments = arguments;
    return &instance;
}

static int reset_it(void *its_instance)
{
    assert_ptr_equal(its_instance, &instance);
    it.reset++;
    return it.reset_result;
}

static void execute_it(void *its_instance, const struct rpcancel_plugin_operation *operation,
                       struct rpcancel_plugin_answer *answer)
{
    assert_ptr_equal(its_instance, &instance);
    it.operation = *operation;
    it.before = *answer;
    *answer = it.answer;
    if (it.event.kind)
        it.host->announce(it.host->context, &it.event);
}

static void close_it(void *its_instance)
{
    assert_ptr_equal(its_instance, &instance);
    it.closed++;
}

static struct rpcancel_plugin a_table(void)
{
    return (struct rpcancel_plugin){.abi = RPCANCEL_PLUGIN_ABI,
                                    .size = sizeof(struct rpcancel_plugin),
                                    .name = "it",
                                    .version = "7.1",
                                    .open = open_it,
                                    .reset = reset_it,
                                    .execute = execute_it,
                                    .close = close_it};
}

static struct rpcancel_runtime *open_table(const struct rpcancel_plugin *table)
{
    char failure[RPCANCEL_FAILURE_TEXT_MAX] = "";
    struct rpcancel_plugin_opening opening = {.table = table, .who = "the plugin it.so"};
    memset(&it, 0, sizeof it);
    struct rpcancel_runtime *runtime = rpcancel_plugin_open(&opening, failure);
    if (!runtime)
        fail_msg("%s", failure);
    return runtime;
}

static struct rpcancel_answer ask(struct rpcancel_runtime *runtime, struct rpcancel_operation operation)
{
    struct rpcancel_answer answer;
    if (runtime->functions->execute(runtime, operation, &answer) != RPCANCEL_EXCHANGE_ANSWERED)
        fail_msg("%s", runtime->failure);
    return answer;
}

/* ---- the table ---- */

static void refuse(const struct rpcancel_plugin *table, const char *says)
{
    char failure[RPCANCEL_FAILURE_TEXT_MAX] = "";
    struct rpcancel_plugin_opening opening = {.table = table, .who = "the plugin it.so", .memory = malloc(1)};
    if (rpcancel_plugin_open(&opening, failure))
        fail_msg("was opened, though: %s", says);
    char expected[RPCANCEL_FAILURE_TEXT_MAX];
    snprintf(expected, sizeof expected, "the plugin it.so %s", says);
    assert_string_equal(failure, expected);
}

static void refuses_a_table_that_is_none(void **state)
{
    (void)state;
    struct rpcancel_plugin table = a_table();
    char says[RPCANCEL_FAILURE_TEXT_MAX];
    table.abi = 2;
    refuse(&table, "has ABI 2 of rpcancel/plugin.h; expected 1");
    table = a_table();
    table.size = sizeof table - 1;
    snprintf(says, sizeof says, "has a table of size %zu; expected at least %zu, the sizeof of ABI 1", sizeof table - 1,
             sizeof table);
    refuse(&table, says);
    table = a_table();
    table.open = NULL;
    refuse(&table, "has NULL for its function `open`; only `reset` may be NULL");
    table = a_table();
    table.execute = NULL;
    refuse(&table, "has NULL for its function `execute`; only `reset` may be NULL");
    table = a_table();
    table.close = NULL;
    refuse(&table, "has NULL for its function `close`; only `reset` may be NULL");
}

static void refuses_a_description_that_is_none(void **state)
{
    (void)state;
    static const char *const none[] = {
        NULL,           "",      "my runtime",
        "w\xC3\xB6rks", "tab\t", "0123456789012345678901234567890123456789012345678901234567890123"};
    struct rpcancel_plugin table = a_table();
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        table.name = none[i];
        refuse(&table, "has a name that is none; expected 1 to 63 printable ASCII characters without blanks");
    }
    table = a_table();
    table.version = "1 2";
    refuse(&table, "has a version that is none; expected 1 to 63 printable ASCII characters without blanks, or NULL");
    table = a_table();
    table.delivery = RPCANCEL_PLUGIN_EVENT;
    refuse(&table, "has 1 for delivery; expected 0 (COMMAND) or 2 (HIDDEN)");
    table.delivery = 3;
    refuse(&table, "has 3 for delivery; expected 0 (COMMAND) or 2 (HIDDEN)");
    table = a_table();
    table.dispatch = 3;
    refuse(&table, "has 3 for dispatch; expected 0 (COMMAND), 1 (EVENT) or 2 (HIDDEN)");
}

static void takes_in_the_description(void **state)
{
    (void)state;
    struct rpcancel_plugin table = a_table();
    table.delivery = RPCANCEL_PLUGIN_HIDDEN;
    table.dispatch = RPCANCEL_PLUGIN_EVENT;
    struct rpcancel_runtime *runtime = open_table(&table);
    assert_string_equal(runtime->name, "it");
    assert_string_equal(runtime->version, "7.1");
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        bool is_delivery = kind >= RPCANCEL_OP_DELIVER_REQUEST && kind <= RPCANCEL_OP_DELIVER_REPLY;
        enum rpcancel_control expected = is_delivery                  ? RPCANCEL_HIDDEN
                                         : rpcancel_is_dispatch(kind) ? RPCANCEL_EVENT
                                                                      : RPCANCEL_COMMAND;
        assert_int_equal(runtime->control[kind], expected);
    }
    assert_int_equal(it.opened, 1);
    assert_int_equal(it.count, 0);
    runtime->functions->close(runtime);
    assert_int_equal(it.closed, 1);
}

/* A plugin made with a later header, whose table has more at its end. */
static void leaves_alone_what_it_does_not_know(void **state)
{
    (void)state;
    struct {
        struct rpcancel_plugin table;
        void (*later)(void);
    } later = {.table = a_table()};
    later.table.size = sizeof later;
    struct rpcancel_runtime *runtime = open_table(&later.table);
    runtime->functions->close(runtime);
}

static void *open_hidden(const struct rpcancel_plugin_host *host, int count, const char *const *arguments);
static struct rpcancel_plugin changing;

static void *open_hidden(const struct rpcancel_plugin_host *host, int count, const char *const *arguments)
{
    changing.delivery = RPCANCEL_PLUGIN_HIDDEN;
    return open_it(host, count, arguments);
}

static void reads_how_messages_arrive_when_open_has_returned(void **state)
{
    (void)state;
    changing = a_table();
    changing.open = open_hidden;
    struct rpcancel_runtime *runtime = open_table(&changing);
    assert_int_equal(runtime->control[RPCANCEL_OP_DELIVER_REPLY], RPCANCEL_HIDDEN);
    runtime->functions->close(runtime);
}

static void hands_on_the_arguments(void **state)
{
    (void)state;
    static const char *const arguments[] = {"--fast", "two words", NULL};
    struct rpcancel_plugin table = a_table();
    char failure[RPCANCEL_FAILURE_TEXT_MAX] = "";
    struct rpcancel_plugin_opening opening = {
        .table = &table, .who = "it", .arguments = arguments, .count = 2, .memory = malloc(1)};
    struct rpcancel_runtime *runtime = rpcancel_plugin_open(&opening, failure);
    assert_non_null(runtime);
    assert_int_equal(it.count, 2);
    assert_string_equal(it.arguments[1], "two words");
    runtime->functions->close(runtime);
}

/* ---- operations ---- */

static void asks_in_the_terms_of_the_header(void **state)
{
    (void)state;
    struct rpcancel_plugin table = a_table();
    struct rpcancel_runtime *runtime = open_table(&table);
    it.answer.kind = RPCANCEL_PLUGIN_ANSWER_REFUSED;
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        ask(runtime, (struct rpcancel_operation){.kind = (uint8_t)kind});
        assert_int_equal(it.operation.kind, rpcancel_operation_describe(kind)->byte);
        assert_int_equal(it.before.kind, RPCANCEL_PLUGIN_ANSWER_UNIMPLEMENTED);
        assert_int_equal(it.before.code, 0);
    }
    ask(runtime, (struct rpcancel_operation){
                     .kind = RPCANCEL_OP_SERVER_ABORT, .handle = 2, .earlier = 1, .thread = 3, .argument = 7});
    assert_int_equal(it.operation.kind, RPCANCEL_PLUGIN_OP_SERVER_ABORT);
    assert_int_equal(it.operation.handle, 2);
    assert_int_equal(it.operation.earlier, 1);
    assert_int_equal(it.operation.thread, RPCANCEL_PLUGIN_THREAD_W);
    assert_int_equal(it.operation.argument, 0x1C00000D); /* the code itself, not its position */
    ask(runtime, (struct rpcancel_operation){.kind = RPCANCEL_OP_RAISE, .argument = 1});
    assert_int_equal(it.operation.argument, 1818);
    ask(runtime, (struct rpcancel_operation){.kind = RPCANCEL_OP_CORRUPT, .argument = RPCANCEL_MEMBER_LOCK});
    assert_int_equal(it.operation.argument, RPCANCEL_PLUGIN_MEMBER_LOCK);
    ask(runtime, (struct rpcancel_operation){.kind = RPCANCEL_OP_INIT_BAD_SIZE, .argument = RPCANCEL_SIZE_TOO_LARGE});
    assert_int_equal(it.operation.argument, RPCANCEL_PLUGIN_SIZE_TOO_LARGE);
    runtime->functions->close(runtime);
}

static const struct {
    uint8_t kind;                        /* of the operation */
    struct rpcancel_plugin_answer given; /* by the plugin */
    struct rpcancel_answer taken;        /* for judging; unused when |expected| is not NULL */
    const char *expected;                /* what the complaint says was expected, or NULL */
} answers[] = {
    {RPCANCEL_OP_STATUS, {.code = 997}, {.code = 997, .kind = RPCANCEL_ANSWER_CODE}, NULL},
    {RPCANCEL_OP_STATUS, {.kind = RPCANCEL_PLUGIN_ANSWER_DONE}, {0}, "the code that the function returned"},
    {RPCANCEL_OP_STATUS, {.kind = RPCANCEL_PLUGIN_ANSWER_HANDLE}, {0}, "the code that the function returned"},
    {RPCANCEL_OP_STATUS,
     {.kind = RPCANCEL_PLUGIN_ANSWER_EXCEPTION, .code = 0x80000100},
     {.code = 0x80000100, .kind = RPCANCEL_ANSWER_EXCEPTION},
     NULL},
    {RPCANCEL_OP_STATUS,
     {.kind = RPCANCEL_PLUGIN_ANSWER_UNDEFINED, .code = 5},
     {.kind = RPCANCEL_ANSWER_UNDEFINED},
     NULL},
    {RPCANCEL_OP_SETTLE, {.kind = RPCANCEL_PLUGIN_ANSWER_DONE, .code = 5}, {.kind = RPCANCEL_ANSWER_DONE}, NULL},
    {RPCANCEL_OP_SETTLE, {.code = 0}, {0}, "`done`, since this operation returns no code"},
    {RPCANCEL_OP_RAISE, {.kind = RPCANCEL_PLUGIN_ANSWER_REFUSED}, {.kind = RPCANCEL_ANSWER_REFUSED}, NULL},
    {RPCANCEL_OP_GET_CALL_HANDLE, {.kind = RPCANCEL_PLUGIN_ANSWER_NULL}, {.kind = RPCANCEL_ANSWER_NULL}, NULL},
    {RPCANCEL_OP_GET_CALL_HANDLE, {.code = 0}, {0}, "`null` or `handle`"},
    {RPCANCEL_OP_CALL, {.code = 0}, {.code = 0}, NULL},
    {RPCANCEL_OP_CALL, {.code = 1722}, {0}, "0, or exception and the code that the stub raised"},
    {RPCANCEL_OP_AWAIT, {.code = 258}, {.code = 258}, NULL},
    {RPCANCEL_OP_AWAIT, {.code = 5}, {0}, "0 when a completion notification was there, or 258 when none was"},
    {RPCANCEL_OP_SYNCHRONOUS_CALL, {.kind = RPCANCEL_PLUGIN_ANSWER_DONE}, {.kind = RPCANCEL_ANSWER_DONE}, NULL},
    {RPCANCEL_OP_SYNCHRONOUS_CALL, {.code = 1722}, {0}, "`done`, since this operation returns no code"},
    {RPCANCEL_OP_RETURNED, {.code = 1722}, {.code = 1722}, NULL},
    {RPCANCEL_OP_RETURNED,
     {.kind = RPCANCEL_PLUGIN_ANSWER_EXCEPTION, .code = 1722},
     {0},
     "the code that the stub returned or raised, or 258 while it is not through"},
    {RPCANCEL_OP_INIT, {.code = 0}, {.code = 0}, NULL},
    {RPCANCEL_OP_INIT,
     {.facts = RPCANCEL_PLUGIN_FACT_LOOKED | RPCANCEL_PLUGIN_FACT_KEPT, .signature = 0x43595341},
     {.facts = RPCANCEL_FACT_LOOKED | RPCANCEL_FACT_SIGNATURE_ASYC | RPCANCEL_FACT_KEPT},
     NULL},
    {RPCANCEL_OP_INIT,
     {.facts = RPCANCEL_PLUGIN_FACT_LOOKED | RPCANCEL_PLUGIN_FACT_CLEARED, .signature = 1},
     {.facts = RPCANCEL_FACT_LOOKED | RPCANCEL_FACT_CLEARED},
     NULL},
    {RPCANCEL_OP_INIT, {.facts = RPCANCEL_PLUGIN_FACT_CLEARED, .signature = 0x43595341}, {.facts = 0}, NULL},
    {RPCANCEL_OP_STATUS, {.facts = RPCANCEL_PLUGIN_FACT_LOOKED}, {.facts = 0}, NULL},
};

static void takes_answers_for_what_they_mean(void **state)
{
    (void)state;
    struct rpcancel_plugin table = a_table();
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct rpcancel_runtime *runtime = open_table(&table);
        struct rpcancel_answer answer;
        it.answer = answers[i].given;
        enum rpcancel_exchange exchange =
            runtime->functions->execute(runtime, (struct rpcancel_operation){.kind = answers[i].kind}, &answer);
        if (answers[i].expected) {
            assert_int_equal(exchange, RPCANCEL_EXCHANGE_BROKEN);
            const char *expected = strstr(runtime->failure, "; expected ");
            assert_non_null(expected);
            assert_string_equal(expected + strlen("; expected "), answers[i].expected);
        } else {
            assert_int_equal(exchange, RPCANCEL_EXCHANGE_ANSWERED);
            assert_int_equal(answer.kind, answers[i].taken.kind);
            assert_int_equal(answer.code, answers[i].taken.code);
            assert_int_equal(answer.facts, answers[i].taken.facts);
        }
        runtime->functions->close(runtime);
    }
}

static void takes_events_for_what_they_mean(void **state)
{
    (void)state;
    static const struct {
        struct rpcancel_plugin_event event;
        struct rpcancel_operation operation;
        uint8_t answer;
    } events[] = {
        {{.kind = RPCANCEL_PLUGIN_EVENT_DISPATCHED, .handle = 3, .earlier = 1, .thread = 2},
         {.kind = RPCANCEL_OP_DISPATCH, .handle = 3, .earlier = 1, .thread = RPCANCEL_THREAD_T3},
         RPCANCEL_ANSWER_DONE},
        {{.kind = RPCANCEL_PLUGIN_EVENT_DISPATCHED_SYNCHRONOUS, .handle = 1, .thread = 1},
         {.kind = RPCANCEL_OP_DISPATCH_SYNCHRONOUS, .handle = 1, .thread = RPCANCEL_THREAD_T2},
         RPCANCEL_ANSWER_DONE},
        {{.kind = RPCANCEL_PLUGIN_EVENT_NOTIFIED, .handle = 1},
         {.kind = RPCANCEL_OP_AWAIT, .handle = 1},
         RPCANCEL_ANSWER_CODE},
        {{.kind = RPCANCEL_PLUGIN_EVENT_DISCONNECTED, .handle = 1},
         {.kind = RPCANCEL_OP_LOSE_LINK},
         RPCANCEL_ANSWER_DONE},
    };
    struct rpcancel_plugin table = a_table();
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        struct rpcancel_runtime *runtime = open_table(&table);
        it.event = events[i].event;
        ask(runtime, (struct rpcancel_operation){.kind = RPCANCEL_OP_STATUS});
        assert_int_equal(runtime->event_count, 1);
        struct rpcancel_event got = runtime->events[0];
        assert_memory_equal(&got.operation, &events[i].operation, sizeof got.operation);
        assert_int_equal(got.answer.kind, events[i].answer);
        assert_int_equal(got.answer.code, 0);
        runtime->functions->close(runtime);
    }
}

/* ---- instances ---- */

static const struct rpcancel_operation status_a = {.kind = RPCANCEL_OP_STATUS};

static void reset_or_fail(struct rpcancel_runtime *runtime)
{
    if (runtime->functions->reset(runtime) != RPCANCEL_EXCHANGE_ANSWERED)
        fail_msg("%s", runtime->failure);
}

static void resets_what_was_used(void **state)
{
    (void)state;
    struct rpcancel_plugin table = a_table();
    struct rpcancel_runtime *runtime = open_table(&table);
    reset_or_fail(runtime);
    assert_int_equal(it.reset, 0); /* it is as new */
    ask(runtime, status_a);
    reset_or_fail(runtime);
    reset_or_fail(runtime);
    assert_int_equal(it.reset, 1);
    assert_int_equal(it.opened, 1);
    it.reset_result = 1; /* it cannot */
    ask(runtime, status_a);
    reset_or_fail(runtime);
    assert_int_equal(it.reset, 2);
    assert_int_equal(it.closed, 1);
    assert_int_equal(it.opened, 2);
    runtime->functions->close(runtime);
    assert_int_equal(it.closed, 2);
}

static void opens_anew_what_has_no_reset(void **state)
{
    (void)state;
    struct rpcancel_plugin table = a_table();
    table.reset = NULL;
    struct rpcancel_runtime *runtime = open_table(&table);
    ask(runtime, status_a);
    reset_or_fail(runtime);
    reset_or_fail(runtime);
    assert_int_equal(it.opened, 2);
    assert_int_equal(it.closed, 1);
    runtime->functions->close(runtime);
}

static void opens_anew_what_raised(void **state)
{
    (void)state;
    struct rpcancel_plugin table = a_table();
    struct rpcancel_runtime *runtime = open_table(&table);
    it.answer = (struct rpcancel_plugin_answer){.kind = RPCANCEL_PLUGIN_ANSWER_EXCEPTION, .code = 1722};
    ask(runtime, (struct rpcancel_operation){.kind = RPCANCEL_OP_CALL}); /* a stub raises, as documented */
    reset_or_fail(runtime);
    assert_int_equal(it.reset, 1);
    assert_int_equal(it.opened, 1);
    it.answer.code = (uint32_t)RPCANCEL_S_ACCESS_VIOLATION;
    ask(runtime, status_a);
    reset_or_fail(runtime);
    assert_int_equal(it.reset, 1);
    assert_int_equal(it.opened, 2);
    runtime->functions->close(runtime);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_a_table_that_is_none),
        cmocka_unit_test(refuses_a_description_that_is_none),
        cmocka_unit_test(takes_in_the_description),
        cmocka_unit_test(leaves_alone_what_it_does_not_know),
        cmocka_unit_test(reads_how_messages_arrive_when_open_has_returned),
        cmocka_unit_test(hands_on_the_arguments),
        cmocka_unit_test(asks_in_the_terms_of_the_header),
        cmocka_unit_test(takes_answers_for_what_they_mean),
        cmocka_unit_test(takes_events_for_what_they_mean),
        cmocka_unit_test(resets_what_was_used),
        cmocka_unit_test(opens_anew_what_has_no_reset),
        cmocka_unit_test(opens_anew_what_raised),
    };
    return cmocka_run_group_tests_name("plugin_runtime", tests, NULL, NULL);
}
