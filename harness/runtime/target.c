// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "runtime/target.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "wire/rules.h"

enum { LINE_MAX_BYTES = 1024 };

enum rpcancel_wire_operation_class rpcancel_target_class(enum rpcancel_request_kind request)
{
    static const uint8_t classes[RPCANCEL_REQUESTS] = {
        [RPCANCEL_REQUEST_FAST] = RPCANCEL_CLASS_FAST,
        [RPCANCEL_REQUEST_PARK] = RPCANCEL_CLASS_PARK,
        [RPCANCEL_REQUEST_HOLD] = RPCANCEL_CLASS_HOLD,
        [RPCANCEL_REQUEST_STREAM] = RPCANCEL_CLASS_STREAM,
        [RPCANCEL_REQUEST_FAST_PENDING_CANCEL] = RPCANCEL_CLASS_FAST,
        [RPCANCEL_REQUEST_PARK_PENDING_CANCEL] = RPCANCEL_CLASS_PARK,
        [RPCANCEL_REQUEST_FAST_MAYBE] = RPCANCEL_CLASS_FAST,
        [RPCANCEL_REQUEST_FAST_ANNOUNCING] = RPCANCEL_CLASS_FAST,
    };
    return (enum rpcancel_wire_operation_class)classes[request];
}

void rpcancel_target_default(struct rpcancel_target *target)
{
    *target = (struct rpcancel_target){
        .interface = {{0x72706361, 0x6e63, 0x656c, {0x80, 0x01, 0x74, 0x65, 0x73, 0x74, 0x00, 0x01}}, 1},
        .classes = {[RPCANCEL_CLASS_FAST] = {true, false, 0, 8, {1, 2, 3, 4, 5, 6, 7, 8}},
                    [RPCANCEL_CLASS_PARK] = {true, false, 2, 0, {0}},
                    [RPCANCEL_CLASS_HOLD] = {true, false, 3, 0, {0}},
                    [RPCANCEL_CLASS_STREAM] = {true, false, 6, 4, {0x00, 0x00, 0x01, 0x00}}},
        .release = {true, true, 7, 0, {0}},
    };
}

uint8_t rpcancel_target_lacks(const struct rpcancel_target *target)
{
    uint8_t lacks = target->call_id ? RPCANCEL_WIRE_NEEDS_CALL_IDS : 0;
    for (unsigned class = RPCANCEL_CLASS_FAST; class < RPCANCEL_WIRE_CLASSES; class ++)
        lacks |= (uint8_t)(target->classes[class].is_known ? 0 : 1 << class);
    return target->release.is_known ? lacks : lacks | RPCANCEL_WIRE_NEEDS_HOLD;
}

/* The line in hand. */
struct line {
    char text[LINE_MAX_BYTES];
    char *rest; /* of the words after the first */
    const char *expected;
    unsigned *seen; /* a bit for each word that a line before began with */
};

static char *next_word(struct line *line)
{
    return strtok_r(NULL, " \t\r", &line->rest);
}

static bool read_uuid(const char *word, struct rpcancel_uuid *uuid)
{
    unsigned time_low, mid, high, clock, rest[6];
    int end = 0;
    int count = sscanf(word, "%8x-%4x-%4x-%4x-%2x%2x%2x%2x%2x%2x%n", &time_low, &mid, &high, &clock, &rest[0], &rest[1],
                       &rest[2], &rest[3], &rest[4], &rest[5], &end);
    if (count != 10 || end != 36 || word[end])
        return false;
    *uuid = (struct rpcancel_uuid){time_low, (uint16_t)mid, (uint16_t)high, {(uint8_t)(clock >> 8), (uint8_t)clock}};
    for (unsigned i = 0; i < 6; i++)
        uuid->rest[2 + i] = (uint8_t)rest[i];
    return true;
}

/* Decimal, or hexadecimal behind 0x. Some would take a zero in front for octal, others not: it is refused. */
static bool read_number(const char *word, uint32_t most, uint32_t *number)
{
    char *end;
    if (!word || !isdigit((unsigned char)*word) || (word[0] == '0' && isdigit((unsigned char)word[1])))
        return false;
    uintmax_t value = strtoumax(word, &end, 0);
    *number = (uint32_t)value;
    return !*end && value <= most;
}

static bool read_interface(struct line *line, struct rpcancel_target *target)
{
    const char *uuid = next_word(line);
    const char *version = next_word(line);
    unsigned major, minor;
    int end = 0;
    line->expected = "interface UUID MAJOR.MINOR";
    if (!uuid || !version || !read_uuid(uuid, &target->interface.uuid) ||
        sscanf(version, "%5u.%5u%n", &major, &minor, &end) != 2 || version[end] || major > UINT16_MAX ||
        minor > UINT16_MAX)
        return false;
    target->interface.version = minor << 16 | major;
    return !next_word(line);
}

static bool read_octets(const char *word, struct rpcancel_target_operation *operation)
{
    for (; *word; word += 2) {
        char digits[3] = {word[0], word[1], 0};
        char *end;
        if (operation->size == sizeof operation->stub_data || !isxdigit((unsigned char)word[0]))
            return false;
        operation->stub_data[operation->size++] = (uint8_t)strtoul(digits, &end, 16);
        if (end != digits + 2)
            return false;
    }
    return true;
}

static bool read_operation(struct line *line, struct rpcancel_target_operation *operation, bool may_count)
{
    uint32_t opnum;
    line->expected = may_count ? "an opnum, perhaps the word counts, and stub data in hexadecimal, 256 octets at most"
                               : "an opnum, and perhaps stub data in hexadecimal, 256 octets at most";
    *operation = (struct rpcancel_target_operation){.is_known = true};
    if (!read_number(next_word(line), UINT16_MAX, &opnum))
        return false;
    operation->opnum = (uint16_t)opnum;
    for (const char *word; (word = next_word(line));) {
        if (may_count && strcmp(word, "counts") == 0)
            operation->counts = true;
        else if (!read_octets(word, operation))
            return false;
    }
    return true;
}

static bool read_code(struct line *line, struct rpcancel_target *target)
{
    uint32_t status, means;
    line->expected = "code STATUS MEANING, numbers of 32 bits, 16 such lines at most";
    if (target->code_count == RPCANCEL_TARGET_CODES_MAX || !read_number(next_word(line), UINT32_MAX, &status) ||
        !read_number(next_word(line), UINT32_MAX, &means))
        return false;
    line->expected = "one MEANING of a STATUS";
    for (unsigned i = 0; i < target->code_count; i++) {
        if (target->codes[i].status == status)
            return false;
    }
    target->codes[target->code_count].status = status;
    target->codes[target->code_count++].means = means;
    return !next_word(line);
}

static bool read_deadline(struct line *line, struct rpcancel_target *target)
{
    uint32_t deadline;
    line->expected = "deadline MILLISECONDS, 1 to 600000";
    if (!read_number(next_word(line), 600000, &deadline) || deadline == 0)
        return false;
    target->deadline_ms = deadline;
    return !next_word(line);
}

static bool read_call_id(struct line *line, struct rpcancel_target *target)
{
    line->expected = "call-id NUMBER, 1 to 4294967295";
    return read_number(next_word(line), UINT32_MAX, &target->call_id) && target->call_id != 0 && !next_word(line);
}

/* What a line begins with; classes of operations have their words behind these. */
enum word { WORD_CODE, WORD_INTERFACE, WORD_RELEASE, WORD_DEADLINE, WORD_CALL_ID, WORD_CONSTANT, WORD_OF_CLASSES };

static unsigned find_word(const char *text)
{
    static const char *const words[WORD_OF_CLASSES] = {"code",     "interface", "release",
                                                       "deadline", "call-id",   "constant"};
    unsigned word = 0;
    while (word < WORD_OF_CLASSES && strcmp(text, words[word]) != 0)
        word++;
    for (unsigned class = RPCANCEL_CLASS_FAST; word == WORD_OF_CLASSES && class < RPCANCEL_WIRE_CLASSES; class ++) {
        if (strcmp(text, rpcancel_wire_class_name((enum rpcancel_wire_operation_class) class)) == 0)
            return WORD_OF_CLASSES + class;
    }
    return word;
}

static bool read_line(struct line *line, struct rpcancel_target *target)
{
    char *comment = strchr(line->text, '#');
    if (comment)
        *comment = '\0';
    const char *text = strtok_r(line->text, " \t\r", &line->rest);
    if (!text)
        return true;
    unsigned word = find_word(text);
    if (word != WORD_CODE && word != WORD_OF_CLASSES && *line->seen >> word & 1) {
        line->expected = "one such line, which there is already";
        return false;
    }
    *line->seen |= 1u << word;
    switch (word) {
    case WORD_CODE:
        return read_code(line, target);
    case WORD_INTERFACE:
        return read_interface(line, target);
    case WORD_RELEASE:
        return read_operation(line, &target->release, true);
    case WORD_DEADLINE:
        return read_deadline(line, target);
    case WORD_CALL_ID:
        return read_call_id(line, target);
    case WORD_CONSTANT:
        target->is_constant = true;
        line->expected = "constant, and nothing behind it";
        return !next_word(line);
    case WORD_OF_CLASSES:
        line->expected = "interface, fast, park, hold, stream, release, code, deadline, call-id or constant";
        return false;
    default:
        return read_operation(line, &target->classes[word - WORD_OF_CLASSES], false);
    }
}

bool rpcancel_target_read(struct rpcancel_target *target, const char *name, const char *text, size_t length,
                          char failure[RPCANCEL_TARGET_TEXT_MAX])
{
    static const struct rpcancel_uuid none = {0};
    const char *end = text + length;
    unsigned seen = 0;
    *target = (struct rpcancel_target){0};
    for (unsigned number = 1; text < end; number++) {
        struct line line = {.expected = "a line of text, of 1023 characters at most", .seen = &seen};
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t size = (size_t)((stop ? stop : end) - text);
        bool fits = size < sizeof line.text && !memchr(text, '\0', size);
        if (fits)
            memcpy(line.text, text, size);
        if (!fits || !read_line(&line, target)) {
            snprintf(failure, RPCANCEL_TARGET_TEXT_MAX, "%.80s:%u: found \"%.*s\", expected %.90s", name, number,
                     (int)(size < 40 ? size : 40), text, line.expected);
            return false;
        }
        text += size + (stop != NULL);
    }
    bool has_interface = memcmp(&target->interface.uuid, &none, sizeof none) != 0;
    if (has_interface && target->classes[RPCANCEL_CLASS_FAST].is_known)
        return true;
    snprintf(failure, RPCANCEL_TARGET_TEXT_MAX, "%.80s: found no line `%s`, expected one", name,
             has_interface ? "fast OPNUM" : "interface UUID MAJOR.MINOR");
    return false;
}
