// SPDX-License-Identifier: Apache-2.0
/* Shared objects that are no plugins, each for a reason of its own: the macro BAD_… that it is compiled with. */
#include <stdlib.h>
#include <unistd.h>

#include "rpcancel/plugin.h"

#if defined BAD_NO_ENTRY
RPCANCEL_PLUGIN_EXPORT int another_entry(void);
int another_entry(void)
{
    return 0;
}
#else

#if defined BAD_DIES_AT_LOAD
__attribute__((constructor)) static void begin(void)
{
    abort();
}
#elif defined BAD_HANGS_AT_LOAD
__attribute__((constructor)) static void begin(void)
{
    for (;;)
        pause();
}
#endif

const struct rpcancel_plugin *rpcancel_plugin_entry(uint32_t abi)
{
#if defined BAD_OTHER_ABI
    static struct rpcancel_plugin table;
    table.abi = abi + 6;
    return &table;
#else
    (void)abi;
    return NULL;
#endif
}
#endif
