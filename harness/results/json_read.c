// SPDX-License-Identifier: Apache-2.0
#include "results/json_read.h"

#include <stdio.h>
#include <string.h>

#include "runtime/clean_text.h"

static void place(const char *text, const char *at, struct rpcancel_json_failure *failure)
{
    failure->line = failure->column = 1;
    for (; text < at; text++) {
        failure->column = *text == '\n' ? 1 : failure->column + 1;
        failure->line += *text == '\n';
    }
}

/* Where in the text the scan is. */
struct scan {
    const char *at, *end;
    const char *opened; /* the quote of the last string */
    bool in_text;
    unsigned depth;
};

/* Takes one character. Returns what is wrong with it; NULL: nothing. */
static const char *scan_character(struct scan *scan)
{
    unsigned char byte = (unsigned char)*scan->at;
    unsigned length = rpcancel_utf8_length(scan->at);
    if (byte == 0)
        return "found a zero byte, which JSON cannot hold";
    if (length == 0)
        return "found octets that are no UTF-8";
    if (scan->in_text && byte < 0x20)
        return "found a control character inside a string";
    if (scan->in_text && strncmp(scan->at, "\\u0000", 6) == 0)
        return "found \\u0000, which no result holds";
    if (byte == '"') {
        scan->opened = scan->in_text ? scan->opened : scan->at;
        scan->in_text = !scan->in_text;
    }
    if (!scan->in_text && (byte == '[' || byte == '{') && ++scan->depth > RPCANCEL_JSON_DEPTH_MAX)
        return "found more than 64 arrays and objects in each other";
    else if (!scan->in_text && (byte == ']' || byte == '}') && scan->depth > 0)
        scan->depth--;
    bool is_escape = scan->in_text && byte == '\\' && scan->at + 1 < scan->end && scan->at[1];
    scan->at += is_escape ? 1 : length; /* of an escape the second character cannot end the string */
    if (is_escape)
        scan->at += rpcancel_utf8_length(scan->at) ? rpcancel_utf8_length(scan->at) : 1;
    return NULL;
}

/* Finds what cJSON would not find fault with, or not know how to name; else leaves |scan| at the end. */
static bool scan_text(const char *text, size_t length, struct scan *scan, struct rpcancel_json_failure *failure)
{
    *scan = (struct scan){.at = text, .end = text + length};
    while (scan->at < scan->end) {
        const char *wrong = scan_character(scan);
        if (!wrong)
            continue;
        place(text, scan->at, failure);
        snprintf(failure->what, sizeof failure->what, "%s", wrong);
        return false;
    }
    return true;
}

/* Tells whether what cJSON stumbled over at |at| is that the text is cut off there. */
static bool is_cut(const struct scan *scan, const char *at)
{
    if (scan->in_text)
        return at == scan->opened;
    size_t rest = strspn(at, " \t\r\n");
    /* Of a number or a word some of it may be left; otherwise it stops at the last character. */
    if (scan->depth > 0)
        rest = strspn(at, " \t\r\nabcdefghijklmnopqrstuvwxyz0123456789.+-E");
    return at + rest >= scan->end || (scan->depth > 0 && at + 1 >= scan->end);
}

cJSON *rpcancel_json_parse(const char *text, size_t length, struct rpcancel_json_failure *failure)
{
    const char *end = NULL;
    struct scan scan;
    *failure = (struct rpcancel_json_failure){0};
    if (length > RPCANCEL_JSON_LENGTH_MAX) {
        snprintf(failure->what, sizeof failure->what, "larger than 16 MiB, which no result is");
        return NULL;
    }
    if (!scan_text(text, length, &scan, failure))
        return NULL;
    cJSON *root =
        cJSON_ParseWithLengthOpts(text, length + 1, &end, true); /* the zero byte shows that nothing follows */
    if (root)
        return root;
    if (!end || end > scan.end)
        end = text;
    if (scan.in_text && end == scan.opened + 1)
        end = scan.opened; /* cJSON stops behind the quote of a string that does not end */
    end += strspn(end, " \t\r\n");
    place(text, end, failure);
    snprintf(failure->what, sizeof failure->what, "expected JSON, found %s",
             is_cut(&scan, end) ? "the end of the file" : "something else");
    return NULL;
}

void rpcancel_json_fail(struct rpcancel_json_reader *reader, const char *expected)
{
    struct rpcancel_json_failure *failure = reader->failure;
    if (reader->failed)
        return;
    reader->failed = true;
    failure->line = failure->column = 0;
    if (reader->array)
        snprintf(failure->what, sizeof failure->what, "at \"%.40s\"[%zu]: expected %.160s", reader->array,
                 reader->index, expected);
    else
        snprintf(failure->what, sizeof failure->what, "expected %.160s", expected);
    rpcancel_controls_replace(failure->what, "", ' '); /* it may quote the document */
}

static const char *type_of(const cJSON *item)
{
    if (!item)
        return "none";
    switch (item->type & 0xff) {
    case cJSON_String:
        return "a string";
    case cJSON_Number:
        return "a number";
    case cJSON_Array:
        return "an array";
    case cJSON_Object:
        return "an object";
    case cJSON_NULL:
        return "null";
    default:
        return "true or false";
    }
}

/* Returns the member if |is_type|; else says that |expected| was expected. */
static const cJSON *member(struct rpcancel_json_reader *reader, const cJSON *object, const char *name,
                           cJSON_bool (*is_type)(const cJSON *), const char *expected)
{
    char text[RPCANCEL_JSON_FAILURE_MAX];
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (item && is_type(item))
        return item;
    snprintf(text, sizeof text, "\"%.40s\" to be %.40s, found %s", name, expected, type_of(item));
    rpcancel_json_fail(reader, text);
    return NULL;
}

const char *rpcancel_json_text(struct rpcancel_json_reader *reader, const cJSON *object, const char *name)
{
    const cJSON *item = member(reader, object, name, cJSON_IsString, "a string");
    return item ? item->valuestring : "";
}

const char *rpcancel_json_text_if(struct rpcancel_json_reader *reader, const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return !item || cJSON_IsNull(item) ? NULL : rpcancel_json_text(reader, object, name);
}

static cJSON_bool is_count(const cJSON *item)
{
    const double most = 9007199254740992.0; /* 2^53: above, a double has no units */
    return cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble <= most &&
           (double)(uint64_t)item->valuedouble == item->valuedouble;
}

uint64_t rpcancel_json_count(struct rpcancel_json_reader *reader, const cJSON *object, const char *name)
{
    const cJSON *item = member(reader, object, name, is_count, "a whole number of at least 0");
    return item ? (uint64_t)item->valuedouble : 0;
}

bool rpcancel_json_flag(struct rpcancel_json_reader *reader, const cJSON *object, const char *name)
{
    return cJSON_IsTrue(member(reader, object, name, cJSON_IsBool, "true or false"));
}

const cJSON *rpcancel_json_object(struct rpcancel_json_reader *reader, const cJSON *object, const char *name)
{
    return member(reader, object, name, cJSON_IsObject, "an object");
}

const cJSON *rpcancel_json_array(struct rpcancel_json_reader *reader, const cJSON *object, const char *name)
{
    return member(reader, object, name, cJSON_IsArray, "an array");
}
