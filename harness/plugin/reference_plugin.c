// SPDX-License-Identifier: Apache-2.0
/*
 * rpcancel-reference.so: the reference implementation as a plugin. It is made the way a vendor's would be: a runtime
 * with the documented functions under their documented names (the façade), which the shared object exports, and a shim
 * that calls them. The shim is the one of rpcancel-child (child/execute.c, child/port_reference.c), and the plugin's
 * arguments are that program's options.
 */
#include <stddef.h>

#include "child/execute.h"
#include "child/port.h"
#include "child/port_reference.h"
#include "facade/rpcancel_facade.h"
#include "rpcancel/plugin.h"

/* What a first byte of the binary form means: 0 nothing, else 1 + the kind of operation. */
static const uint8_t kind_after[256] = {
#define RPCANCEL_X(kind, byte, words, suffix, actor, uses, argument, function) [byte] = 1 + RPCANCEL_OP_##kind,
    RPCANCEL_API_OPERATIONS(RPCANCEL_X)
#undef RPCANCEL_X
};

static struct rpcancel_plugin table; /* at the end of this file */

static void *open_reference(const struct rpcancel_plugin_host *host, int count, const char *const *arguments)
{
    static char instance; /* there is one at a time, and what it knows is kept by the port */
    (void)host;           /* nothing happens here that is not asked for */
    if (port_start(count, arguments) != PORT_CARRY_ON)
        return NULL;
    table.delivery = port_hides_delivery() ? RPCANCEL_PLUGIN_HIDDEN : RPCANCEL_PLUGIN_COMMAND;
    child_reset();
    return &instance;
}

static int reset_reference(void *instance)
{
    (void)instance;
    port_reset();
    child_reset();
    return 0;
}

/* Turns the plugin's terms into the shim's. False when this shim knows no such operation. */
static bool read_operation(const struct rpcancel_plugin_operation *asked, struct rpcancel_operation *operation)
{
    unsigned argument = asked->argument;
    if (kind_after[asked->kind] == 0)
        return false;
    unsigned kind = kind_after[asked->kind] - 1u;
    if (rpcancel_operation_describe(kind)->argument == RPCANCEL_ARGUMENT_FAULT) {
        argument = 0;
        while (argument < RPCANCEL_FAULT_CODE_COUNT && rpcancel_fault_code(argument) != asked->argument)
            argument++;
        if (argument == RPCANCEL_FAULT_CODE_COUNT)
            return false;
    }
    *operation = (struct rpcancel_operation){.kind = (uint8_t)kind,
                                             .handle = asked->handle & 3u,
                                             .earlier = asked->earlier & 1u,
                                             .thread = asked->thread & 3u,
                                             .argument = argument & 7u};
    return true;
}

static void execute_reference(void *instance, const struct rpcancel_plugin_operation *asked,
                              struct rpcancel_plugin_answer *answer)
{
    struct rpcancel_operation operation;
    (void)instance;
    if (!read_operation(asked, &operation))
        return;
    struct child_answer said = child_execute(operation);
    said.answer = port_last_word(operation, said.answer);
    answer->kind = said.answer.kind; /* the numbers are the same */
    answer->code = said.answer.code;
    if (said.answer.facts & RPCANCEL_FACT_LOOKED) {
        unsigned facts = RPCANCEL_PLUGIN_FACT_LOOKED;
        facts |= said.answer.facts & RPCANCEL_FACT_CLEARED ? RPCANCEL_PLUGIN_FACT_CLEARED : 0u;
        facts |= said.answer.facts & RPCANCEL_FACT_KEPT ? RPCANCEL_PLUGIN_FACT_KEPT : 0u;
        answer->facts = (uint8_t)facts;
        answer->signature = said.signature;
    }
}

static void close_reference(void *instance)
{
    (void)instance;
    port_reset();
}

static struct rpcancel_plugin table = {.abi = RPCANCEL_PLUGIN_ABI,
                                       .size = sizeof table,
                                       .name = "reference",
                                       .version = RPCANCEL_VERSION,
                                       .delivery = RPCANCEL_PLUGIN_COMMAND,
                                       .dispatch = RPCANCEL_PLUGIN_COMMAND,
                                       .open = open_reference,
                                       .reset = reset_reference,
                                       .execute = execute_reference,
                                       .close = close_reference};

const struct rpcancel_plugin *rpcancel_plugin_entry(uint32_t abi)
{
    (void)abi; /* there is only this one */
    return &table;
}
