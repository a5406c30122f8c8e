// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "mutants/mutants.h"
#include "runtime/runtime.h"

static const char tcp[] = "tcp:";
static const char listen[] = "tcp-listen:";

enum rpcancel_test_subject rpcancel_runtime_subject(const char *how)
{
    if (strncmp(how, listen, strlen(listen)) == 0)
        return RPCANCEL_SUBJECT_CLIENT;
    return strncmp(how, tcp, strlen(tcp)) == 0 ? RPCANCEL_SUBJECT_SERVER : RPCANCEL_SUBJECT_API;
}

struct rpcancel_runtime *rpcancel_runtime_open(const char *how, const struct rpcancel_runtime_options *options,
                                               char failure[RPCANCEL_FAILURE_TEXT_MAX], bool *usage)
{
    static const char child[] = "child:";
    static const char plugin[] = "plugin:";
    *usage = true;
    if (strcmp(how, "reference") == 0) {
        struct rpcancel_stepper step;
        *usage = options->mutant && !rpcancel_stepper_find(options->mutant, strlen(options->mutant), &step, NULL);
        return rpcancel_runtime_open_reference(options, failure);
    }
    if (strncmp(how, child, strlen(child)) == 0)
        return rpcancel_runtime_open_child(how + strlen(child), options, failure, usage);
    if (strncmp(how, plugin, strlen(plugin)) == 0)
        return rpcancel_runtime_open_plugin(how + strlen(plugin), options, failure, usage);
    if (rpcancel_runtime_subject(how) == RPCANCEL_SUBJECT_CLIENT)
        return rpcancel_runtime_open_listen(how + strlen(listen), options, failure, usage);
    if (rpcancel_runtime_subject(how) == RPCANCEL_SUBJECT_SERVER)
        return rpcancel_runtime_open_tcp(how + strlen(tcp), options, failure, usage);
    snprintf(
        failure, RPCANCEL_FAILURE_TEXT_MAX,
        "unknown runtime `%.64s`; expected reference, child:COMMAND, plugin:FILE, tcp:HOST:PORT or tcp-listen:COMMAND",
        how);
    return NULL;
}
