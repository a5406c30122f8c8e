// SPDX-License-Identifier: Apache-2.0
/*
 * Names of faults, and the parameters they name.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "mutants/fault_parameters.h"
#include "status.h"

static const char prefix[] = "generated:";

static const char *const kinds[RPCANCEL_FAULT_KINDS] = {
    [RPCANCEL_FAULT_CODE] = "code",       [RPCANCEL_FAULT_NEXT] = "next",   [RPCANCEL_FAULT_DROPPED] = "dropped",
    [RPCANCEL_FAULT_DOUBLED] = "doubled", [RPCANCEL_FAULT_GUARD] = "guard",
};

/* The phases of the handle, of a thread, of the call; then what else a guard is about. */
static const char *const places[RPCANCEL_GUARDS] = {
    "zeroed", "corrupted",  "initialised", "raised",    "outstanding",   "cancelling", "aborted",  "answered",
    "failed", "final",      "idle",        "waits",     "due-in-1",      "due-in-2",   "returned", "no-call",
    "queued", "dispatched", "handed-off",  "on-worker", "ended-running", "ended",      "link",     "operation"};

static const char *const notifications[] = {"unannounced", "announced", "taken"};
static const char *const flags[] = {"uncancelled", "cancelled"};
static const char *const links[] = {"link", "lost"};
static const char *const threads[] = {"dispatcher", "worker"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
    const char *const *words;
    unsigned count;
} dimensions[RPCANCEL_DIMENSIONS] = {
    [RPCANCEL_DIMENSION_HANDLE] = {places, RPCANCEL_CLIENT_PHASES},
    [RPCANCEL_DIMENSION_NOTIFICATION] = {notifications, COUNT(notifications)},
    [RPCANCEL_DIMENSION_CALL] = {places + RPCANCEL_CLIENT_PHASES, RPCANCEL_CALL_PHASES},
    [RPCANCEL_DIMENSION_CANCELLED] = {flags, COUNT(flags)},
    [RPCANCEL_DIMENSION_LINK] = {links, COUNT(links)},
    [RPCANCEL_DIMENSION_THREAD] = {threads, COUNT(threads)},
};

static const char *const fields[RPCANCEL_FIELDS] = {
    [RPCANCEL_FIELD_NOTIFICATION] = "notification",
    [RPCANCEL_FIELD_REQUEST] = "request",
    [RPCANCEL_FIELD_CANCEL] = "cancel",
    [RPCANCEL_FIELD_ORPHANED] = "orphaned",
    [RPCANCEL_FIELD_REPLY] = "reply",
    [RPCANCEL_FIELD_RESULT] = "result",
    [RPCANCEL_FIELD_CANCELLED] = "cancelled",
    [RPCANCEL_FIELD_OUTCOME] = "outcome",
    [RPCANCEL_FIELD_LINK] = "link",
};

static const uint32_t codes[] = {
    RPCANCEL_S_OK,
    RPCANCEL_S_ACCESS_DENIED,
    RPCANCEL_S_INVALID_ARG,
    RPCANCEL_S_WAIT_TIMEOUT,
    RPCANCEL_S_ASYNC_CALL_PENDING,
    RPCANCEL_S_INVALID_BINDING,
    RPCANCEL_S_NO_CALL_ACTIVE,
    RPCANCEL_S_CALL_FAILED,
    RPCANCEL_S_CALL_IN_PROGRESS,
    RPCANCEL_S_CALL_CANCELLED,
    RPCANCEL_S_INVALID_ASYNC_HANDLE,
    RPCANCEL_S_INVALID_ASYNC_CALL,
};

enum { CODES = COUNT(codes), EXCEPTION = CODES, NULL_HANDLE, HANDLE, ANSWERS };

struct rpcancel_answer rpcancel_fault_answer(unsigned parameter)
{
    switch (parameter) {
    case EXCEPTION:
        return rpcancel_answer_exception((uint32_t)RPCANCEL_S_ACCESS_VIOLATION);
    case NULL_HANDLE:
        return rpcancel_answer_kind(RPCANCEL_ANSWER_NULL);
    case HANDLE:
        return rpcancel_answer_kind(RPCANCEL_ANSWER_HANDLE);
    default:
        return rpcancel_answer_code(codes[parameter]);
    }
}

unsigned rpcancel_fault_instead_of(unsigned kind)
{
    switch (kind) {
    case RPCANCEL_OP_INIT_BAD_SIZE:
        return RPCANCEL_OP_INIT;
    case RPCANCEL_OP_ABORT:
        return RPCANCEL_OP_SERVER_ABORT;
    case RPCANCEL_OP_SERVER_STATUS:
        return RPCANCEL_OP_STATUS;
    case RPCANCEL_OP_SERVER_CANCEL:
        return RPCANCEL_OP_CANCEL;
    case RPCANCEL_OP_SERVER_CANCEL_ABORT:
        return RPCANCEL_OP_CANCEL_ABORT;
    case RPCANCEL_OP_TEST_CANCEL_INVALID:
        return RPCANCEL_OP_TEST_CANCEL_ZERO;
    case RPCANCEL_OP_CANCEL_THREAD_DENIED:
        return RPCANCEL_OP_CANCEL_THREAD;
    default:
        return kind;
    }
}

unsigned rpcancel_fault_parameter_count(enum rpcancel_fault_kind kind)
{
    static const uint8_t counts[RPCANCEL_FAULT_KINDS] = {
        [RPCANCEL_FAULT_CODE] = ANSWERS,
        [RPCANCEL_FAULT_NEXT] = RPCANCEL_PLACES,
        [RPCANCEL_FAULT_DROPPED] = RPCANCEL_FIELDS,
        [RPCANCEL_FAULT_DOUBLED] = RPCANCEL_FIELDS_USED_UP,
        [RPCANCEL_FAULT_GUARD] = RPCANCEL_GUARDS,
    };
    return counts[kind];
}

const char *rpcancel_fault_kind_name(enum rpcancel_fault_kind kind)
{
    return kinds[kind];
}

/* ---- writing ---- */

enum { WORD_MAX = 32 };

/* The enumerator in small letters, with hyphens. */
static void write_operation(unsigned kind, char out[WORD_MAX])
{
    const char *enumerator = rpcancel_operation_describe(kind)->enumerator;
    size_t i = 0;
    for (; enumerator[i] && i + 1 < WORD_MAX; i++)
        out[i] = enumerator[i] == '_' ? '-' : (char)tolower((unsigned char)enumerator[i]);
    out[i] = '\0';
}

static void write_parameter(enum rpcancel_fault_kind kind, unsigned parameter, char out[WORD_MAX])
{
    if (kind == RPCANCEL_FAULT_CODE && parameter < CODES)
        snprintf(out, WORD_MAX, "%u", (unsigned)codes[parameter]);
    else if (kind == RPCANCEL_FAULT_CODE)
        snprintf(out, WORD_MAX, "%s",
                 parameter == EXCEPTION     ? "exception"
                 : parameter == NULL_HANDLE ? "null"
                                            : "handle");
    else if (kind == RPCANCEL_FAULT_NEXT || kind == RPCANCEL_FAULT_GUARD)
        snprintf(out, WORD_MAX, "%s", places[parameter]);
    else
        snprintf(out, WORD_MAX, "%s", fields[parameter]);
}

void rpcancel_fault_print(const struct rpcancel_fault *fault, char name[RPCANCEL_FAULT_NAME_MAX])
{
    char word[WORD_MAX];
    write_operation(fault->operation, word);
    int length = snprintf(name, RPCANCEL_FAULT_NAME_MAX, "%s%s", prefix, word);
    char before = '@';
    for (unsigned i = 0; i < RPCANCEL_DIMENSIONS; i++) {
        if (fault->where[i] == 0)
            continue;
        length += snprintf(name + length, RPCANCEL_FAULT_NAME_MAX - (size_t)length, "%c%s", before,
                           dimensions[i].words[fault->where[i] - 1]);
        before = '+';
    }
    write_parameter((enum rpcancel_fault_kind)fault->kind, fault->parameter, word);
    snprintf(name + length, RPCANCEL_FAULT_NAME_MAX - (size_t)length, "/%s/%s", kinds[fault->kind], word);
}

/* ---- reading ---- */

struct reader {
    const char *at, *end;
};

/* Takes |word| if it is what comes next, up to one of |ends| or the end of everything. */
static bool take(struct reader *reader, const char *word, const char *ends)
{
    size_t length = strlen(word);
    if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, word, length) != 0)
        return false;
    const char *behind = reader->at + length;
    bool ended = behind == reader->end ? *ends == '\0' : *ends == '\0' ? false : strchr(ends, *behind) != NULL;
    if (ended)
        reader->at = behind;
    return ended;
}

static bool take_character(struct reader *reader, char character)
{
    if (reader->at == reader->end || *reader->at != character)
        return false;
    reader->at++;
    return true;
}

static bool take_operation(struct reader *reader, struct rpcancel_fault *fault)
{
    char word[WORD_MAX];
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        write_operation(kind, word);
        if (take(reader, word, "@/")) {
            fault->operation = (uint8_t)kind;
            return true;
        }
    }
    return false;
}

/* Takes a word for each dimension that the operation has, in their order. */
static bool take_class(struct reader *reader, struct rpcancel_fault *fault)
{
    const struct rpcancel_world world = {0};
    uint8_t uses[RPCANCEL_DIMENSIONS];
    char before = '@';
    rpcancel_fault_class(&world, (struct rpcancel_operation){.kind = fault->operation}, uses);
    for (unsigned i = 0; i < RPCANCEL_DIMENSIONS; i++) {
        if (uses[i] == 0)
            continue;
        if (!take_character(reader, before))
            return false;
        before = '+';
        unsigned value = 0;
        while (value < dimensions[i].count && !take(reader, dimensions[i].words[value], "+/"))
            value++;
        if (value == dimensions[i].count)
            return false;
        fault->where[i] = (uint8_t)(value + 1);
    }
    return take_character(reader, '/');
}

static bool take_kind(struct reader *reader, struct rpcancel_fault *fault)
{
    for (unsigned kind = RPCANCEL_FAULT_CODE; kind < RPCANCEL_FAULT_KINDS; kind++) {
        if (take(reader, kinds[kind], "/")) {
            fault->kind = (uint8_t)kind;
            return take_character(reader, '/');
        }
    }
    return false;
}

static bool take_parameter(struct reader *reader, struct rpcancel_fault *fault)
{
    char word[WORD_MAX];
    enum rpcancel_fault_kind kind = (enum rpcancel_fault_kind)fault->kind;
    for (unsigned parameter = 0; parameter < rpcancel_fault_parameter_count(kind); parameter++) {
        write_parameter(kind, parameter, word);
        if (take(reader, word, "")) {
            fault->parameter = (uint8_t)parameter;
            return true;
        }
    }
    return false;
}

bool rpcancel_fault_parse(struct rpcancel_fault *fault, const char *name, size_t length)
{
    struct reader reader = {name, name + length};
    *fault = (struct rpcancel_fault){0};
    size_t head = sizeof prefix - 1;
    if (length < head || memcmp(name, prefix, head) != 0)
        return false;
    reader.at += head;
    return take_operation(&reader, fault) && take_class(&reader, fault) && take_kind(&reader, fault) &&
           take_parameter(&reader, fault);
}
