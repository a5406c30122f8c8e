// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/child_line.h"
#include "runtime/lines.h"
#include "sequence/sequence.h"

static struct rpcancel_operation operation(unsigned kind)
{
    return (struct rpcancel_operation){.kind = (uint8_t)kind};
}

/* A line of a child, and what it means as an answer to an operation; or a part of what was expected. */
struct line_case {
    const char *line;
    uint8_t kind; /* enum rpcancel_operation_kind */
    struct rpcancel_answer answer;
    const char *expected;
};

#define CODE(number)                                   \
    {                                                  \
        .kind = RPCANCEL_ANSWER_CODE, .code = (number) \
    }
#define EXCEPTION(number)                                   \
    {                                                       \
        .kind = RPCANCEL_ANSWER_EXCEPTION, .code = (number) \
    }
#define WITHOUT_CODE(name)             \
    {                                  \
        .kind = RPCANCEL_ANSWER_##name \
    }
#define INIT(bits)                                                           \
    {                                                                        \
        .kind = RPCANCEL_ANSWER_CODE, .facts = RPCANCEL_FACT_LOOKED | (bits) \
    }

static void check(const struct line_case *c)
{
    struct rpcancel_child_line parts;
    struct rpcancel_answer answer = {0};
    const char *expected = NULL;
    bool understood = rpcancel_child_read_answer(c->line, &parts, &expected) &&
                      rpcancel_child_answer_of(operation(c->kind), &parts, &answer, &expected);
    if (c->expected) {
        if (understood)
            fail_msg("`%s` was understood", c->line);
        assert_non_null(expected);
        if (!strstr(expected, c->expected))
            fail_msg("`%s`: expected %s", c->line, expected);
        return;
    }
    if (!understood)
        fail_msg("`%s` was not understood: expected %s", c->line, expected);
    assert_int_equal(parts.id, 12);
    assert_int_equal(answer.kind, c->answer.kind);
    assert_int_equal(answer.code, c->answer.code);
    assert_int_equal(answer.facts, c->answer.facts);
}

static void understands_answers(void **state)
{
    (void)state;
    static const struct line_case cases[] = {
        {"12 1791", RPCANCEL_OP_TEST_CANCEL, CODE(1791), NULL},
        {"12  0 ", RPCANCEL_OP_CALL, CODE(0), NULL},
        {"12 4294967295", RPCANCEL_OP_STATUS, CODE(UINT32_MAX), NULL},
        {"12 997 note=1 other=", RPCANCEL_OP_STATUS, CODE(997), NULL},
        {"12 0", RPCANCEL_OP_DISPATCH, WITHOUT_CODE(DONE), NULL},
        {"12 0", RPCANCEL_OP_SETTLE, WITHOUT_CODE(DONE), NULL},
        {"12 0", RPCANCEL_OP_AWAIT, CODE(0), NULL},
        {"12 258", RPCANCEL_OP_AWAIT, CODE(258), NULL},
        {"12 refused", RPCANCEL_OP_AWAIT, WITHOUT_CODE(REFUSED), NULL},
        {"12 unimplemented", RPCANCEL_OP_CALL, WITHOUT_CODE(UNIMPLEMENTED), NULL},
        {"12 exception 0x80000100", RPCANCEL_OP_STATUS, EXCEPTION(0x80000100u), NULL},
        {"12 exception 0XC000000a", RPCANCEL_OP_DISPATCH, EXCEPTION(0xC000000Au), NULL},
        {"12 exception 1914", RPCANCEL_OP_CALL, EXCEPTION(1914), NULL},
        {"12 unimplemented", RPCANCEL_OP_STATUS, WITHOUT_CODE(UNIMPLEMENTED), NULL},
        {"12 refused", RPCANCEL_OP_STATUS, WITHOUT_CODE(REFUSED), NULL},
        {"12 undefined ", RPCANCEL_OP_GET_CALL_HANDLE, WITHOUT_CODE(UNDEFINED), NULL},
        {"12 0 handle=null", RPCANCEL_OP_GET_CALL_HANDLE, WITHOUT_CODE(NULL), NULL},
        {"12 0 x=y handle=set", RPCANCEL_OP_SERVER_GET_CALL_HANDLE, WITHOUT_CODE(HANDLE), NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(&cases[i]);
}

static void understands_what_init_saw(void **state)
{
    (void)state;
    enum { ASYC = RPCANCEL_FACT_SIGNATURE_ASYC, CLEARED = RPCANCEL_FACT_CLEARED, KEPT = RPCANCEL_FACT_KEPT };
    static const struct line_case cases[] = {
        {"12 0", RPCANCEL_OP_INIT, CODE(0), NULL},
        {"12 0 signature=0x43595341 cleared=1 kept=1", RPCANCEL_OP_INIT, INIT(ASYC | CLEARED | KEPT), NULL},
        {"12 0 kept=1 cleared=0 signature=0x43595341", RPCANCEL_OP_INIT, INIT(ASYC | KEPT), NULL},
        {"12 0 signature=0x0 cleared=1 kept=0", RPCANCEL_OP_INIT, INIT(CLEARED), NULL},
        {"12 87 signature=0x43595341 cleared=1 kept=1", RPCANCEL_OP_INIT, CODE(87), NULL},
        {"12 0 signature=0x43595341", RPCANCEL_OP_INIT, {0}, "together"},
        {"12 0 signature=0x43595341 cleared=2 kept=1", RPCANCEL_OP_INIT, {0}, "together"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(&cases[i]);
}

static void names_what_it_expected(void **state)
{
    (void)state;
    static const struct line_case cases[] = {
        {"", RPCANCEL_OP_STATUS, {0}, "the number of the line"},
        {"hello", RPCANCEL_OP_STATUS, {0}, "the number of the line"},
        {"12", RPCANCEL_OP_STATUS, {0}, "a decimal code"},
        {" 12 0", RPCANCEL_OP_STATUS, {0}, "the number of the line"},
        {"12 -5", RPCANCEL_OP_STATUS, {0}, "a decimal code"},
        {"12 0x5", RPCANCEL_OP_STATUS, {0}, "a decimal code"},
        {"12 4294967296", RPCANCEL_OP_STATUS, {0}, "a decimal code"},
        {"99999999999999999999 0", RPCANCEL_OP_STATUS, {0}, "the number of the line"},
        {"12 done", RPCANCEL_OP_STATUS, {0}, "a decimal code"},
        {"12 refusedly", RPCANCEL_OP_STATUS, {0}, "refused or undefined"},
        {"12 refused because", RPCANCEL_OP_STATUS, {0}, "nothing behind"},
        {"12 exception", RPCANCEL_OP_STATUS, {0}, "up to 32 bits"},
        {"12 exception 0x", RPCANCEL_OP_STATUS, {0}, "up to 32 bits"},
        {"12 exception C0000005", RPCANCEL_OP_STATUS, {0}, "up to 32 bits"},
        {"12 exception 0x1C0000005", RPCANCEL_OP_STATUS, {0}, "up to 32 bits"},
        {"12 exception 0x5 x", RPCANCEL_OP_STATUS, {0}, "up to 32 bits"},
        {"12 0 pending", RPCANCEL_OP_STATUS, {0}, "only key=value"},
        {"12 0 =x", RPCANCEL_OP_STATUS, {0}, "only key=value"},
        {"12 5", RPCANCEL_OP_DISPATCH, {0}, "returns no code"},
        {"12 1914", RPCANCEL_OP_CALL, {0}, "0, or exception"},
        {"12 997 note=1", RPCANCEL_OP_CALL, {0}, "0, or exception"},
        {"12 997", RPCANCEL_OP_AWAIT, {0}, "or 258 when none was"},
        {"12 exception 0xC0000005", RPCANCEL_OP_AWAIT, {0}, "or 258 when none was"},
        {"12 0", RPCANCEL_OP_GET_CALL_HANDLE, {0}, "handle=null"},
        {"12 0 handle=0", RPCANCEL_OP_GET_CALL_HANDLE, {0}, "handle=null"},
        {"12 5 handle=set", RPCANCEL_OP_GET_CALL_HANDLE, {0}, "handle=null"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(&cases[i]);
}

static void understands_events(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *operation; /* NULL: nonsense */
        uint8_t answer;
    } cases[] = {
        {"event dispatched a @t1", "dispatch a @t1", RPCANCEL_ANSWER_DONE},
        {"event dispatched c' @t3", "dispatch c' @t3", RPCANCEL_ANSWER_DONE},
        {"event dispatched b synchronous @t2", "dispatch b synchronous @t2", RPCANCEL_ANSWER_DONE},
        {"event notified b", "await b", RPCANCEL_ANSWER_CODE},
        {"event disconnected", "lose link", RPCANCEL_ANSWER_DONE},
        {"event", NULL, 0},
        {"event exploded", NULL, 0},
        {"event notified", NULL, 0},
        {"event notified a b", NULL, 0},
        {"event notifieda", NULL, 0},
        {"event dispatched a", NULL, 0},
        {"event dispatched a synchronous", NULL, 0},
        {"event dispatched a soon @t1", NULL, 0},
        {"event disconnected a", NULL, 0},
        {"event dispatched a @t1                                                                        x", NULL, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rpcancel_event event;
        const char *expected = NULL;
        char text[RPCANCEL_OPERATION_TEXT_MAX];
        assert_true(rpcancel_child_line_is_event(cases[i].line));
        if (!cases[i].operation) {
            assert_false(rpcancel_child_read_event(cases[i].line, &event, &expected));
            assert_non_null(strstr(expected, "event dispatched HANDLE @THREAD"));
            continue;
        }
        assert_true(rpcancel_child_read_event(cases[i].line, &event, &expected));
        rpcancel_operation_print(event.operation, text, sizeof text);
        assert_string_equal(text, cases[i].operation);
        assert_int_equal(event.answer.kind, cases[i].answer);
        assert_int_equal(event.answer.code, 0);
    }
    assert_false(rpcancel_child_line_is_event("12 0"));
}

/* ---- lines ---- */

/* Feeds |bytes| to a line reader in pieces of |piece| bytes and writes what it hands out to |out|, lines in brackets;
 * "!" stands for a line that is too long, what is left over follows. */
static void read_lines(const char *bytes, size_t length, size_t piece, char *out)
{
    static struct rpcancel_lines lines;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    rpcancel_lines_reset(&lines);
    for (size_t fed = 0; fed < length;) {
        size_t count = length - fed < piece ? length - fed : piece;
        assert_int_equal(write(ends[1], bytes + fed, count), count);
        fed += count;
        assert_int_equal(rpcancel_lines_fill(&lines, ends[0]), count);
        char *line;
        size_t line_length;
        enum rpcancel_lines_result result;
        while ((result = rpcancel_lines_next(&lines, &line, &line_length)) == RPCANCEL_LINES_LINE) {
            assert_int_equal(strlen(line), line_length);
            out += sprintf(out, "[%s]", line_length > 60 ? "long" : line);
        }
        if (result == RPCANCEL_LINES_TOO_LONG) {
            sprintf(out, "!");
            break;
        }
        const char *rest;
        size_t rest_length = rpcancel_lines_rest(&lines, &rest);
        if (fed == length)
            sprintf(out, "%.*s", (int)rest_length, rest);
    }
    close(ends[0]);
    close(ends[1]);
}

static void reads_lines_in_pieces(void **state)
{
    (void)state;
    static const char bytes[] = "one\ntwo\r\n\n\rthree\r\r\nrest";
    for (size_t piece = 1; piece <= sizeof bytes; piece++) {
        char out[200] = "";
        read_lines(bytes, strlen(bytes), piece, out);
        assert_string_equal(out, "[one][two][][\rthree\r]rest");
    }
}

static void bounds_the_length_of_a_line(void **state)
{
    (void)state;
    static char bytes[3 * RPCANCEL_LINES_BYTES_MAX];
    static const size_t pieces[] = {RPCANCEL_LINES_BYTES_MAX / 3, RPCANCEL_LINES_BYTES_MAX};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        char out[200] = "";
        memset(bytes, 'x', sizeof bytes);
        bytes[0] = 'a';
        bytes[1] = '\n';
        bytes[2 + RPCANCEL_LINES_BYTES_MAX] = '\n';
        read_lines(bytes, RPCANCEL_LINES_BYTES_MAX + 4, pieces[i], out);
        assert_string_equal(out, "[a][long]x");
        bytes[2 + RPCANCEL_LINES_BYTES_MAX] = 'x';
        bytes[3 + RPCANCEL_LINES_BYTES_MAX] = '\n';
        read_lines(bytes, sizeof bytes, pieces[i], out);
        assert_string_equal(out, "[a]!");
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(understands_answers),    cmocka_unit_test(understands_what_init_saw),
        cmocka_unit_test(names_what_it_expected), cmocka_unit_test(understands_events),
        cmocka_unit_test(reads_lines_in_pieces),  cmocka_unit_test(bounds_the_length_of_a_line),
    };
    return cmocka_run_group_tests_name("child_line", tests, NULL, NULL);
}
