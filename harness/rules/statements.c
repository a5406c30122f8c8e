// SPDX-License-Identifier: Apache-2.0
#include "rules/rules.h"

static const struct rpcancel_statement statements[] = {
#define X(number, as, text, reason) {"N" #number, RPCANCEL_AS_##as, text, reason},
#include "rules/statements.def"
#undef X
#define X(number, as, text, reason) {"W" #number, RPCANCEL_AS_##as, text, reason},
#include "wire/statements.def"
#undef X
};

unsigned rpcancel_statement_count(void)
{
    return sizeof statements / sizeof statements[0];
}

const struct rpcancel_statement *rpcancel_statement_at(unsigned index)
{
    return &statements[index];
}
