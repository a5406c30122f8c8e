// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_JSON_READ_H
#define RPCANCEL_JSON_READ_H
/*
 * Reading JSON that may come from anywhere: what is wrong with it is said with its place, and a text that was read
 * holds neither zero bytes nor what is no UTF-8. cJSON by itself takes zero bytes for blanks, and cuts a text at
 * \u0000.
 */
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RPCANCEL_JSON_FAILURE_MAX = 256,
    RPCANCEL_JSON_DEPTH_MAX = 64,               /* objects and arrays in each other */
    RPCANCEL_JSON_LENGTH_MAX = 16 * 1024 * 1024 /* octets; what they are read into takes some thirty times as much */
};

/* What is wrong with a document, and where. */
struct rpcancel_json_failure {
    unsigned line, column; /* from 1, in octets; 0: |what| names the place */
    char what[RPCANCEL_JSON_FAILURE_MAX];
};

/* rpcancel_json_parse reads the |length| octets at |text|, which a zero byte follows. The caller deletes what it
 * returns. NULL: |*failure| says why, exhausted memory among it. */
cJSON *rpcancel_json_parse(const char *text, size_t length, struct rpcancel_json_failure *failure);

/*
 * A reader takes members out of objects and keeps in mind the first thing that is wrong with them, so that callers look
 * once, at the end. What it cannot return is "", 0, false or NULL.
 */
struct rpcancel_json_reader {
    struct rpcancel_json_failure *failure; /* set by the caller */
    bool failed;
    const char *array; /* name of the array that is read, for the place; NULL: none */
    size_t index;      /* in it */
};

/* rpcancel_json_fail says that at the present place |expected| was expected, unless something was wrong before. */
void rpcancel_json_fail(struct rpcancel_json_reader *reader, const char *expected);

/* rpcancel_json_text returns the member |name| of |object|, which must be there and a text. The text lives as long as
 * |object|. rpcancel_json_text_if does the same of one that need not be there, or may be null: NULL then. */
const char *rpcancel_json_text(struct rpcancel_json_reader *reader, const cJSON *object, const char *name);
const char *rpcancel_json_text_if(struct rpcancel_json_reader *reader, const cJSON *object, const char *name);

/* rpcancel_json_count returns a member that is a number without sign or fraction. */
uint64_t rpcancel_json_count(struct rpcancel_json_reader *reader, const cJSON *object, const char *name);

/* rpcancel_json_flag returns a member that is true or false. */
bool rpcancel_json_flag(struct rpcancel_json_reader *reader, const cJSON *object, const char *name);

/* rpcancel_json_object and rpcancel_json_array return a member that is one. */
const cJSON *rpcancel_json_object(struct rpcancel_json_reader *reader, const cJSON *object, const char *name);
const cJSON *rpcancel_json_array(struct rpcancel_json_reader *reader, const cJSON *object, const char *name);

#endif
