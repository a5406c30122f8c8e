// SPDX-License-Identifier: Apache-2.0
#include "child/lies.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lie {
    uint64_t operations; /* bit n: operations of kind n */
    uint32_t from;
    uint32_t to;
};

static struct lie lies[CHILD_LIES_MAX];
static unsigned lie_count;

static bool is_kind(unsigned kind, const char *name, size_t length)
{
    const char *enumerator = rpcancel_operation_describe(kind)->enumerator;
    if (strlen(enumerator) != length)
        return false;
    for (size_t i = 0; i < length; i++) {
        int small = enumerator[i] == '_' ? '-' : tolower((unsigned char)enumerator[i]);
        if (name[i] != small)
            return false;
    }
    return true;
}

static uint64_t operations_named(const char *name, size_t length)
{
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        if (is_kind(kind, name, length))
            return UINT64_C(1) << kind;
    }
    return 0;
}

/* Reads a decimal number that ends at |stop|; returns where it ends, or NULL. */
static const char *read_code(const char *text, char stop, uint32_t *code)
{
    if (*text < '0' || *text > '9')
        return NULL;
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (errno || number > UINT32_MAX || *end != stop)
        return NULL;
    *code = (uint32_t)number;
    return end;
}

bool child_lies_add(const char *text)
{
    struct lie lie = {.operations = UINT64_MAX};
    const char *codes = text;
    const char *colon = strchr(text, ':');
    if (colon) {
        lie.operations = operations_named(text, (size_t)(colon - text));
        codes = colon + 1;
    }
    const char *equals = read_code(codes, '=', &lie.from);
    if (!lie.operations || !equals || !read_code(equals + 1, '\0', &lie.to)) {
        fprintf(stderr, "--lie %s: expected [OPERATION:]FROM=TO, for example test-cancel:1791=0\n", text);
        return false;
    }
    if (lie_count == CHILD_LIES_MAX) {
        fprintf(stderr, "--lie %s: at most %d lies\n", text, CHILD_LIES_MAX);
        return false;
    }
    lies[lie_count++] = lie;
    return true;
}

void child_lies_forget(void)
{
    lie_count = 0;
}

struct rpcancel_answer child_lies_tell(struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    for (unsigned i = 0; i < lie_count; i++) {
        bool fits = lies[i].operations >> operation.kind & 1u;
        if (fits && rpcancel_answer_is_code(answer, lies[i].from)) {
            answer.code = lies[i].to;
            break;
        }
    }
    return answer;
}
