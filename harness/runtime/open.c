// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "mutants/mutants.h"
#include "runtime/runtime.h"

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
    snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX,
             "unknown runtime `%.64s`; expected reference, child:COMMAND or plugin:FILE", how);
    return NULL;
}
