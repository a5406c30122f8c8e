// SPDX-License-Identifier: Apache-2.0
#include "report/json_print.h"

#include <stdlib.h>

static bool exhausted;

static void *allocate(size_t size)
{
    void *memory = malloc(size);
    exhausted |= memory == NULL;
    return memory;
}

void rpcancel_json_begin(void)
{
    cJSON_Hooks hooks = {.malloc_fn = allocate, .free_fn = free};
    cJSON_InitHooks(&hooks);
    exhausted = false;
}

bool rpcancel_json_print(cJSON *root, FILE *out)
{
    char *text = exhausted ? NULL : cJSON_Print(root);
    cJSON_Delete(root);
    if (!text)
        return false;
    fprintf(out, "%s\n", text);
    cJSON_free(text);
    return true;
}
