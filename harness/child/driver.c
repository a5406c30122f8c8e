// SPDX-License-Identifier: Apache-2.0
/*
 * The program that makes a runtime with the documented API a child of the harness: reads operations, one a line, and
 * answers each with a line. docs/runtime-protocol.md is the manual of the lines.
 */
#include "child/execute.h"
#include "child/port.h"
#include "runtime/dialogue.h"

static struct rpcancel_said describe(void *context, char out[RPCANCEL_DESCRIPTION_MAX])
{
    (void)context;
    port_describe(out, RPCANCEL_DESCRIPTION_MAX);
    return (struct rpcancel_said){.answer = rpcancel_answer_code(0)};
}

static struct rpcancel_said reset(void *context)
{
    (void)context;
    bool is_as_new = port_reset() && child_reset();
    return (struct rpcancel_said){.answer = is_as_new ? rpcancel_answer_code(0)
                                                      : rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED)};
}

static struct rpcancel_said execute(void *context, struct rpcancel_operation operation)
{
    (void)context;
    if (port_is_stuck())
        return (struct rpcancel_said){.answer = rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED)};
    struct child_answer said = child_execute(operation);
    struct rpcancel_answer answer = port_last_word(operation, said.answer);
    return (struct rpcancel_said){.answer = answer, .signature = said.signature, .hung = port_is_stuck()};
}

static size_t read_lines(void *context, char *out, size_t size)
{
    (void)context;
    return port_read(out, size);
}

static bool write_lines(void *context, const char *text, size_t length)
{
    (void)context;
    return port_write(text, length);
}

int main(int argc, char **argv)
{
    static const struct rpcancel_dialogue dialogue = {
        .describe = describe, .reset = reset, .execute = execute, .read = read_lines, .write = write_lines};
    int code = port_start(argc - 1, (const char *const *)argv + 1);
    if (code != PORT_CARRY_ON)
        return code;
    return rpcancel_dialogue_hold(&dialogue) ? PORT_EXIT_OK : PORT_EXIT_FAILED;
}
