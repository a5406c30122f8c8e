// SPDX-License-Identifier: Apache-2.0
#include "status.h"

#include <stddef.h>
#include <string.h>

static const struct {
    uint32_t code;
    const char *name;
} table[] = {
#define RPCANCEL_X(suffix, number, name) {(uint32_t)(number), name},
    RPCANCEL_STATUS_CODES(RPCANCEL_X)
#undef RPCANCEL_X
};

enum { TABLE_COUNT = sizeof table / sizeof table[0] };

unsigned rpcancel_status_count(void)
{
    return TABLE_COUNT;
}

uint32_t rpcancel_status_at(unsigned position)
{
    return table[position].code;
}

int rpcancel_status_position(uint32_t code)
{
    for (int i = 0; i < TABLE_COUNT; i++) {
        if (table[i].code == code)
            return i;
    }
    return -1;
}

const char *rpcancel_status_name(uint32_t code)
{
    int position = rpcancel_status_position(code);
    return position < 0 ? NULL : table[position].name;
}

bool rpcancel_status_from_name(const char *name, unsigned length, uint32_t *code)
{
    for (int i = 0; i < TABLE_COUNT; i++) {
        if (strlen(table[i].name) == length && memcmp(table[i].name, name, length) == 0) {
            *code = table[i].code;
            return true;
        }
    }
    return false;
}
