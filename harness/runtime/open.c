// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "mutants/mutants.h"
#include "runtime/runtime.h"

static const char tcp[] = "tcp:";

bool rpcancel_runtime_is_of_wire(const char *how)
{
    return strncmp(how, tcp, strlen(tcp)) == 0;
}

struct rpcancel_runtime *rpcancel_runtime_open(const char *how, const struct rpcancel_runtime_options *options,
                                               char failure[RPCANCEL_FAILURE_TEXT_MAX], bool *usage)
{
    static const char child[] = "child:";
    static const char plugin[] = "plugin:";
    *usage = true;
    if (strcmp(how, "reference") == 0) {
        *usage = options->mutant && !rpcancel_mutant_find(options->mutant);
        return rpcancel_runtime_open_reference(options, failure);
    }
    if (strncmp(how, child, strlen(child)) == 0)
        return rpcancel_runtime_open_child(how + strlen(child), options, failure, usage);
    if (strncmp(how, plugin, strlen(plugin)) == 0)
        return rpcancel_runtime_open_plugin(how + strlen(plugin), options, failure, usage);
    if (rpcancel_runtime_is_of_wire(how))
        return rpcancel_runtime_open_tcp(how + strlen(tcp), options, failure, usage);
    snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX,
             "unknown runtime `%.64s`; expected reference, child:COMMAND, plugin:FILE or tcp:HOST:PORT", how);
    return NULL;
}
