// SPDX-License-Identifier: Apache-2.0
#include "runtime/child_line.h"

#include <stdio.h>
#include <string.h>

#include "runtime/answers.h"
#include "sequence/sequence.h"

static const char expected_line[] = "the number of the line it answers, and a decimal code, exception 0x…, "
                                    "unimplemented, refused or undefined";

static bool fail(const char **expected, const char *text)
{
    *expected = text;
    return false;
}

/* ---- events ---- */

static const struct {
    const char *event;
    const char *operation;
    enum rpcancel_operation_kind kind;
    enum rpcancel_answer_kind answer;
} events[] = {
    {"event dispatched", "dispatch", RPCANCEL_OP_DISPATCH, RPCANCEL_ANSWER_DONE},
    {"event dispatched", "dispatch", RPCANCEL_OP_DISPATCH_SYNCHRONOUS, RPCANCEL_ANSWER_DONE},
    {"event notified", "await", RPCANCEL_OP_AWAIT, RPCANCEL_ANSWER_CODE},
    {"event disconnected", "lose link", RPCANCEL_OP_LOSE_LINK, RPCANCEL_ANSWER_DONE},
};

bool rpcancel_child_line_is_event(const char *line)
{
    return strncmp(line, "event", 5) == 0;
}

bool rpcancel_child_read_event(const char *line, struct rpcancel_event *event, const char **expected)
{
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        size_t length = strlen(events[i].event);
        if (strncmp(line, events[i].event, length) != 0)
            continue;
        char text[2 * RPCANCEL_OPERATION_TEXT_MAX];
        int printed = snprintf(text, sizeof text, "%s%s", events[i].operation, line + length);
        struct rpcancel_sequence_error error;
        if (printed >= (int)sizeof text ||
            !rpcancel_operation_parse(&event->operation, text, (size_t)printed, &error) ||
            event->operation.kind != events[i].kind)
            continue;
        event->answer = rpcancel_answer_kind(events[i].answer);
        return true;
    }
    return fail(expected,
                "event dispatched HANDLE @THREAD or HANDLE synchronous @THREAD, event notified HANDLE or event "
                "disconnected");
}

void rpcancel_child_print_event(const struct rpcancel_event *event, char *out, size_t size)
{
    char text[RPCANCEL_OPERATION_TEXT_MAX];
    rpcancel_operation_print(event->operation, text, sizeof text);
    out[0] = '\0';
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        if (event->operation.kind == events[i].kind)
            snprintf(out, size, "%s%s", events[i].event, text + strlen(events[i].operation));
    }
}

/* ---- answers ---- */

/* Reads an unsigned number up to a blank or the end, and moves |*at| behind it and the blanks that follow. */
static bool read_number(const char **at, unsigned base, uint64_t limit, uint64_t *number)
{
    const char *c = *at;
    uint64_t value = 0;
    for (; *c != '\0' && *c != ' '; c++) {
        unsigned digit = base;
        if (*c >= '0' && *c <= '9')
            digit = (unsigned)(*c - '0');
        else if ((*c | 0x20) >= 'a' && (*c | 0x20) <= 'f')
            digit = (unsigned)(*c | 0x20) - 'a' + 10;
        if (digit >= base || value > (limit - digit) / base)
            return false;
        value = value * base + digit;
    }
    if (c == *at)
        return false;
    *number = value;
    *at = c + strspn(c, " ");
    return true;
}

/* Tells whether |word| stands at |*at|, and moves |*at| behind it and the blanks that follow. */
static bool read_word(const char **at, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(*at, word, length) != 0 || ((*at)[length] != ' ' && (*at)[length] != '\0'))
        return false;
    *at += length + strspn(*at + length, " ");
    return true;
}

static bool keys_are_well_formed(const char *keys)
{
    while (*keys != '\0') {
        size_t length = strcspn(keys, " ");
        const char *equals = memchr(keys, '=', length);
        if (!equals || equals == keys)
            return false;
        keys += length;
        keys += strspn(keys, " ");
    }
    return true;
}

/* `exception 0xC0000005`, or the decimal form of the code. */
static bool read_exception(const char *at, struct rpcancel_answer *answer, const char **expected)
{
    bool hexadecimal = at[0] == '0' && (at[1] | 0x20) == 'x';
    uint64_t code;
    if (hexadecimal)
        at += 2;
    if (!read_number(&at, hexadecimal ? 16 : 10, UINT32_MAX, &code) || *at != '\0')
        return fail(expected, "exception and a code of up to 32 bits, as in exception 0xC0000005");
    *answer = rpcancel_answer_exception((uint32_t)code);
    return true;
}

static bool read_code(const char *at, struct rpcancel_child_line *parts, const char **expected)
{
    uint64_t code;
    if (!read_number(&at, 10, UINT32_MAX, &code))
        return fail(expected, expected_line);
    parts->answer = rpcancel_answer_code((uint32_t)code);
    parts->keys = at;
    return keys_are_well_formed(at) || fail(expected, "only key=value behind the code");
}

bool rpcancel_child_read_answer(const char *line, struct rpcancel_child_line *parts, const char **expected)
{
    static const struct {
        const char *word;
        enum rpcancel_answer_kind kind;
    } words[] = {{"unimplemented", RPCANCEL_ANSWER_UNIMPLEMENTED},
                 {"refused", RPCANCEL_ANSWER_REFUSED},
                 {"undefined", RPCANCEL_ANSWER_UNDEFINED}};
    const char *at = line;
    parts->keys = "";
    parts->hung = false;
    if (!read_number(&at, 10, UINT64_MAX, &parts->id))
        return fail(expected, expected_line);
    if (*at >= '0' && *at <= '9')
        return read_code(at, parts, expected);
    if (read_word(&at, "exception"))
        return read_exception(at, &parts->answer, expected);
    parts->hung = read_word(&at, "hung");
    if (parts->hung) {
        parts->answer = rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED); /* what no line but an operation's can have */
        return *at == '\0' || fail(expected, "nothing behind hung");
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!read_word(&at, words[i].word))
            continue;
        parts->answer = rpcancel_answer_kind(words[i].kind);
        return *at == '\0' || fail(expected, "nothing behind unimplemented, refused or undefined");
    }
    return fail(expected, expected_line);
}

/* ---- what an answer means ---- */

const char *rpcancel_child_key(const char *keys, const char *key, size_t *length)
{
    size_t key_length = strlen(key);
    while (*keys != '\0') {
        size_t pair = strcspn(keys, " ");
        if (strncmp(keys, key, key_length) == 0 && keys[key_length] == '=') {
            *length = pair - key_length - 1;
            return keys + key_length + 1;
        }
        keys += pair;
        keys += strspn(keys, " ");
    }
    return NULL;
}

bool rpcancel_child_key_is(const char *keys, const char *key, const char *value)
{
    size_t length;
    const char *found = rpcancel_child_key(keys, key, &length);
    return found && length == strlen(value) && memcmp(found, value, length) == 0;
}

/* What the child saw in the RPC_ASYNC_STATE after a successful init: the three keys together, or none. */
static bool read_facts(const char *keys, struct rpcancel_answer *answer, const char **expected)
{
    size_t length;
    const char *signature = rpcancel_child_key(keys, "signature", &length);
    bool cleared = rpcancel_child_key_is(keys, "cleared", "1");
    bool kept = rpcancel_child_key_is(keys, "kept", "1");
    bool has_cleared = cleared || rpcancel_child_key_is(keys, "cleared", "0");
    bool has_kept = kept || rpcancel_child_key_is(keys, "kept", "0");
    if (!signature && !rpcancel_child_key(keys, "cleared", &length) && !rpcancel_child_key(keys, "kept", &length))
        return true;
    if (!signature || !has_cleared || !has_kept)
        return fail(expected, "signature=0x…, cleared=0 or 1 and kept=0 or 1 together");
    unsigned facts = RPCANCEL_FACT_LOOKED;
    facts |= rpcancel_child_key_is(keys, "signature", "0x43595341") ? RPCANCEL_FACT_SIGNATURE_ASYC : 0u;
    facts |= cleared ? RPCANCEL_FACT_CLEARED : 0u;
    facts |= kept ? RPCANCEL_FACT_KEPT : 0u;
    answer->facts = (uint8_t)facts;
    return true;
}

static bool read_handle(const char *keys, struct rpcancel_answer *answer, const char **expected)
{
    bool null = rpcancel_child_key_is(keys, "handle", "null");
    if (answer->code != 0 || (!null && !rpcancel_child_key_is(keys, "handle", "set")))
        return fail(expected, "0 handle=null or 0 handle=set");
    *answer = rpcancel_answer_kind(null ? RPCANCEL_ANSWER_NULL : RPCANCEL_ANSWER_HANDLE);
    return true;
}

/* Makes the answer of a code what it means for |operation|. */
static bool take_code(struct rpcancel_operation operation, const char *keys, struct rpcancel_answer *answer,
                      const char **expected)
{
    if (rpcancel_asks_handle(operation.kind))
        return read_handle(keys, answer, expected);
    if (operation.kind == RPCANCEL_OP_INIT && answer->code == 0)
        return read_facts(keys, answer, expected);
    if (!rpcancel_returns_no_code(operation.kind))
        return true;
    if (answer->code != 0)
        return fail(expected, "0, since this operation returns no code");
    *answer = rpcancel_answer_kind(RPCANCEL_ANSWER_DONE);
    return true;
}

bool rpcancel_child_answer_of(struct rpcancel_operation operation, const struct rpcancel_child_line *parts,
                              struct rpcancel_answer *answer, const char **expected)
{
    *answer = parts->answer;
    if (answer->kind == RPCANCEL_ANSWER_CODE && !take_code(operation, parts->keys, answer, expected))
        return false;
    return rpcancel_answer_is_possible(operation, *answer, expected);
}
