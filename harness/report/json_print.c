// SPDX-License-Identifier: Apache-2.0
#include "report/json_print.h"

#include <stdlib.h>

#include "runtime/clean_text.h"

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

cJSON *rpcancel_json_root(void)
{
    rpcancel_json_begin();
    cJSON *root = cJSON_CreateObject();
    cJSON_AddStringToObject(root, "tool", "rpcancel");
    cJSON_AddStringToObject(root, "version", RPCANCEL_VERSION);
    return root;
}

void rpcancel_json_exhausted(void)
{
    exhausted = true;
}

bool rpcancel_json_was_exhausted(void)
{
    return exhausted;
}

void rpcancel_json_add_text(cJSON *object, const char *name, const char *text)
{
    char *clean = rpcancel_clean_text(text);
    if (clean)
        cJSON_AddStringToObject(object, name, clean);
    exhausted |= !clean;
    free(clean);
}

void rpcancel_json_add_runtime(cJSON *object, const char *how, const char *name, const char *version)
{
    cJSON *runtime = cJSON_AddObjectToObject(object, "runtime");
    rpcancel_json_add_text(runtime, "how", how);
    rpcancel_json_add_text(runtime, "name", name);
    rpcancel_json_add_text(runtime, "version", version);
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
