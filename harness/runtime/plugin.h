// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_RUNTIME_PLUGIN_H
#define RPCANCEL_RUNTIME_PLUGIN_H
/*
 * Plugins (rpcancel/plugin.h) as runtimes of this process. What they must not do is found out here and told as BROKEN;
 * what crashes or hangs takes this process with it, unless it is one made for the purpose (plugin_process.c).
 */
#include "rpcancel/plugin.h"
#include "runtime/runtime.h"

enum { RPCANCEL_PLUGIN_WHO_MAX = 80 };

/* What a plugin is opened with. */
struct rpcancel_plugin_opening {
    const struct rpcancel_plugin *table; /* as the plugin's entry returned it, NULL too */
    char who[RPCANCEL_PLUGIN_WHO_MAX];   /* the subject of messages, "the plugin ./my_runtime.so" */
    const char *const *arguments;        /* |count| words for the plugin; they live as long as the runtime */
    int count;
    void *memory; /* released with free() when the runtime is closed, or cannot be opened */
};

/* rpcancel_plugin_open opens an instance. NULL on failure, with a line for people in |failure|. */
struct rpcancel_runtime *rpcancel_plugin_open(const struct rpcancel_plugin_opening *opening,
                                              char failure[RPCANCEL_FAILURE_TEXT_MAX]);

/* rpcancel_plugin_load loads the shared object |file|, a path, for as long as this process lives: its destructors run
 * at exit, and reports of sanitizers can still name its functions. Sets |*table| to what its entry returns. False with
 * a line for people, which begins with |who|, in |failure|. */
bool rpcancel_plugin_load(const char *file, const char *who, const struct rpcancel_plugin **table,
                          char failure[RPCANCEL_FAILURE_TEXT_MAX]);

#endif
