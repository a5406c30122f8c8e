// SPDX-License-Identifier: Apache-2.0
#include "rules/rules.h"

#include <string.h>

#include "rules/rule_functions.h"
#include "datagram/rules.h"
#include "wire/rules.h"

/* Words of the profile column of rules.def. */
enum {
    IN_DOCUMENTED = 1 << RPCANCEL_PROFILE_DOCUMENTED,
    IN_DOCUMENTED_98 = 1 << RPCANCEL_PROFILE_DOCUMENTED_98,
    IN_WINDOWS = 1 << RPCANCEL_PROFILE_WINDOWS
};
#define PROFILES_ALL (IN_DOCUMENTED | IN_DOCUMENTED_98 | IN_WINDOWS)
#define PROFILES_DOCUMENTED (IN_DOCUMENTED | IN_DOCUMENTED_98)
#define PROFILES_HISTORICAL IN_DOCUMENTED_98
#define PROFILES_WINDOWS IN_WINDOWS
#define OP(kind) (UINT64_C(1) << RPCANCEL_OP_##kind)

static_assert(RPCANCEL_OPERATION_KINDS <= 64, "a rule's operations fit a mask");

typedef void report_function(const struct rpcancel_rule *rule, void *context);

/* One function per rule, kept apart and on the stack under a name that stays, for crash de-duplication. */
enum {
#define X(page, number, id, level, profiles, function, statements, source, text, operations) INDEX_##page##_##number,
#include "rules/rules.def"
#undef X
    RULE_COUNT
};
/* |used| keeps link-time optimisation from renaming them. */
#define X(page, number, id, level, profiles, function, statements, source, text, operations)                       \
    __attribute__((noinline, used)) static void violated_##page##_##number(report_function *report, void *context) \
    {                                                                                                              \
        report(rpcancel_rule_at(INDEX_##page##_##number), context);                                                \
        __asm__ volatile("" : : "i"(INDEX_##page##_##number)); /* no tail call, no folding of twins */             \
    }
#include "rules/rules.def"
#undef X

static const struct rpcancel_rule rules[] = {
#define X(page, number, id_, level_, profiles_, function_, statements_, source_, text_, operations_) \
    {.id = id_ "/" #number,                                                                          \
     .since = "0.1.0",                                                                               \
     .level = RPCANCEL_LEVEL_##level_,                                                               \
     .profiles = PROFILES_##profiles_,                                                               \
     .function = (function_),                                                                        \
     .statements = (statements_),                                                                    \
     .source = (source_),                                                                            \
     .text = (text_),                                                                                \
     .operations = (operations_),                                                                    \
     .judge = RULE(page, number),                                                                    \
     .violated = violated_##page##_##number},
#include "rules/rules.def"
#undef X
};

unsigned rpcancel_rule_count(void)
{
    return RULE_COUNT;
}

unsigned rpcancel_rule_all(void)
{
    return RULE_COUNT + rpcancel_wire_rule_count() + rpcancel_datagram_rule_count();
}

const struct rpcancel_rule *rpcancel_rule_at(unsigned index)
{
    const unsigned datagrams = RULE_COUNT + rpcancel_wire_rule_count();
    if (index >= datagrams)
        return rpcancel_datagram_rule_at(index - datagrams);
    return index < RULE_COUNT ? &rules[index] : rpcancel_wire_rule_at(index - RULE_COUNT);
}

int rpcancel_rule_find(const char *id)
{
    for (unsigned i = 0; i < rpcancel_rule_all(); i++) {
        if (strcmp(rpcancel_rule_at(i)->id, id) == 0)
            return (int)i;
    }
    return -1;
}

const char *rpcancel_level_name(enum rpcancel_level level)
{
    static const char *const names[] = {"must", "implied", "should", "historical", "observed"};
    return names[level];
}

static const char *const profile_names[RPCANCEL_PROFILES] = {"documented", "documented-98", "windows"};

const char *rpcancel_profile_name(enum rpcancel_profile profile)
{
    return profile_names[profile];
}

bool rpcancel_profile_from_name(const char *name, enum rpcancel_profile *profile)
{
    for (unsigned i = 0; i < RPCANCEL_PROFILES; i++) {
        if (strcmp(profile_names[i], name) == 0) {
            *profile = (enum rpcancel_profile)i;
            return true;
        }
    }
    return false;
}

uint32_t rpcancel_ordinary_fault(unsigned outcome)
{
    static const uint32_t codes[] = {
#define RPCANCEL_X(code) code,
        RPCANCEL_FAULT_CODES(RPCANCEL_X)
#undef RPCANCEL_X
    };
    if (outcome < RPCANCEL_OUTCOME_FAULT)
        return 0;
    uint32_t code = codes[outcome - RPCANCEL_OUTCOME_FAULT];
    return code == RPCANCEL_S_ACCESS_DENIED || code == RPCANCEL_S_INVALID_ARG ? code : 0;
}

bool rpcancel_is_abort_documented(unsigned argument)
{
    return argument == RPCANCEL_FAULT_CANCELLED || rpcancel_ordinary_fault(RPCANCEL_OUTCOME_FAULT + argument) != 0;
}
