/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plugin for rpcancel that implements nothing yet, and says so: rpcancel check --runtime plugin:./plugin.so
 * rpcancel/plugin.h is the manual, docs/plugin.md the introduction; examples/fuzz-my-runtime/my_runtime.c is a complete
 * one.
 */
#include <rpcancel/plugin.h>

struct instance {
    const struct rpcancel_plugin_host *host; /* for events */
    /* FILL IN: four client handles, the calls made with them, and which call each server thread serves. */
};

static struct instance the_instance;

static void *open_runtime(const struct rpcancel_plugin_host *host, int count, const char *const *arguments)
{
    (void)count;
    (void)arguments;
    the_instance.host = host;
    /* FILL IN: start client and server. NULL, after a line on standard error, when that is impossible. */
    return &the_instance;
}

static int reset(void *instance)
{
    (void)instance;
    /* FILL IN: once there is something to forget, forget it. Not 0: open and close for each sequence. */
    return 0;
}

static void execute(void *instance, const struct rpcancel_plugin_operation *operation,
                    struct rpcancel_plugin_answer *answer)
{
    (void)instance;
    (void)answer;
    switch (operation->kind) {
    /* FILL IN, here, one operation after the other:
     *
     *     case RPCANCEL_PLUGIN_OP_CANCEL:
     *         answer->kind = RPCANCEL_PLUGIN_ANSWER_CODE;
     *         answer->code = my_cancel(&it->handles[operation->handle], 0);
     *         break;
     */
    default:
        break; /* stays what it is: unimplemented */
    }
}

static void close_runtime(void *instance)
{
    (void)instance;
    /* FILL IN: end what open_runtime started. */
}

const struct rpcancel_plugin *rpcancel_plugin_entry(uint32_t abi)
{
    static const struct rpcancel_plugin table = {
        .abi = RPCANCEL_PLUGIN_ABI,
        .size = sizeof table,
        .name = "mine", /* FILL IN: its name, */
        .version = "0.1",
        .delivery = RPCANCEL_PLUGIN_HIDDEN, /* and how messages arrive: COMMAND if they wait for DELIVER_… */
        .dispatch = RPCANCEL_PLUGIN_COMMAND,
        .open = open_runtime,
        .reset = reset,
        .execute = execute,
        .close = close_runtime,
    };
    (void)abi;
    return &table;
}
