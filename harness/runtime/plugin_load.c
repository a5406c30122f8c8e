// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "runtime/plugin.h"

typedef const struct rpcancel_plugin *entry_function(uint32_t abi);

/* What the loader says, without the file's name in front, which the message has already. */
static const char *loader_error(const char *file)
{
    const char *error = dlerror();
    size_t length = strlen(file);
    if (!error)
        return "for no reason that is told";
    return strncmp(error, file, length) == 0 && error[length] == ':' ? error + length + 2 : error;
}

bool rpcancel_plugin_load(const char *file, const char *who, const struct rpcancel_plugin **table,
                          char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    char path[PATH_MAX];
    /* A name without a slash would be looked for among the system's libraries. */
    snprintf(path, sizeof path, "%s%s", strchr(file, '/') ? "" : "./", file);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "%s cannot be loaded: %.100s; expected a shared object", who,
                 loader_error(path));
        return false;
    }
    void *symbol = dlsym(library, "rpcancel_plugin_entry");
    if (!symbol) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX,
                 "%s exports no rpcancel_plugin_entry; expected the function that rpcancel/plugin.h declares", who);
        return false;
    }
    entry_function *entry;
    memcpy(&entry, &symbol, sizeof entry); /* ISO C knows no other way from an address to a function */
    *table = entry(RPCANCEL_PLUGIN_ABI);
    return true;
}
