// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "report/json_print.h"
#include "report/rules_report.h"
#include "survey/question.h"
#include "wire/rules.h"

const char *rpcancel_statement_as_name(unsigned as)
{
    static const char *const names[] = {[RPCANCEL_AS_RULE] = "rule",
                                        [RPCANCEL_AS_UNSPECIFIED] = "unspecified",
                                        [RPCANCEL_AS_OUT_OF_REACH] = "out-of-reach"};
    return names[as];
}

bool rpcancel_rule_names_statement(unsigned index, const char *id)
{
    size_t length = strlen(id);
    for (const char *at = rpcancel_rule_at(index)->statements; *at; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == length && memcmp(at, id, length) == 0)
            return true;
        at += word;
    }
    return false;
}

static void add_words(cJSON *object, const char *name, const char *words)
{
    cJSON *array = cJSON_AddArrayToObject(object, name);
    while (*words) {
        char word[64];
        size_t length = strcspn(words, " ");
        snprintf(word, sizeof word, "%.*s", (int)length, words);
        cJSON_AddItemToArray(array, cJSON_CreateString(word));
        words += length;
        words += strspn(words, " ");
    }
}

static void add_profiles(cJSON *object, const struct rpcancel_rule *rule)
{
    cJSON *array = cJSON_AddArrayToObject(object, "profiles");
    for (unsigned profile = 0; profile < RPCANCEL_PROFILES; profile++) {
        if (rule->profiles >> profile & 1u)
            cJSON_AddItemToArray(array, cJSON_CreateString(rpcancel_profile_name((enum rpcancel_profile)profile)));
    }
}

static void add_operations(cJSON *object, const struct rpcancel_rule *rule)
{
    cJSON *array = cJSON_AddArrayToObject(object, "operations");
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        if (rule->operations >> kind & 1u)
            cJSON_AddItemToArray(array, cJSON_CreateString(rpcancel_operation_describe(kind)->enumerator));
    }
}

/* What only rules of the wire have. */
static void add_wire(cJSON *object, const struct rpcancel_rule *rule)
{
    static const char *const sequences[] = {[RPCANCEL_NCACN_IP_TCP] = "ncacn_ip_tcp",
                                            [RPCANCEL_NCACN_NP] = "ncacn_np",
                                            [RPCANCEL_NCACN_HTTP] = "ncacn_http",
                                            [RPCANCEL_NCADG_IP_UDP] = "ncadg_ip_udp"};
    cJSON *array = cJSON_AddArrayToObject(object, "wire_profiles");
    for (unsigned profile = 0; profile < RPCANCEL_WIRE_PROFILES; profile++) {
        if (rule->wire_profiles >> profile & 1u)
            cJSON_AddItemToArray(array,
                                 cJSON_CreateString(rpcancel_wire_profile_name((enum rpcancel_wire_profile)profile)));
    }
    array = cJSON_AddArrayToObject(object, "roles");
    if (rule->roles & RPCANCEL_SENDER_CLIENT)
        cJSON_AddItemToArray(array, cJSON_CreateString("client"));
    if (rule->roles & RPCANCEL_SENDER_SERVER)
        cJSON_AddItemToArray(array, cJSON_CreateString("server"));
    array = cJSON_AddArrayToObject(object, "protocol_sequences");
    for (unsigned i = 0; i < sizeof sequences / sizeof sequences[0]; i++) {
        if (rule->protocol_sequences >> i & 1u)
            cJSON_AddItemToArray(array, cJSON_CreateString(sequences[i]));
    }
    cJSON_AddBoolToObject(object, "unverified", rule->unverified);
}

static cJSON *rule_object(const struct rpcancel_rule *rule)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "id", rule->id);
    cJSON_AddStringToObject(object, "since", rule->since);
    cJSON_AddStringToObject(object, "level", rpcancel_level_name((enum rpcancel_level)rule->level));
    add_profiles(object, rule);
    cJSON_AddStringToObject(object, "function", rule->function);
    add_operations(object, rule);
    if (rpcancel_rule_is_of_wire(rule))
        add_wire(object, rule);
    add_words(object, "statements", rule->statements);
    cJSON_AddStringToObject(object, "text", rule->text);
    cJSON_AddStringToObject(object, "source", rule->source);
    return object;
}

static cJSON *statement_object(const struct rpcancel_statement *statement)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "id", statement->id);
    cJSON_AddStringToObject(object, "as", rpcancel_statement_as_name(statement->as));
    cJSON *rules = cJSON_AddArrayToObject(object, "rules");
    for (unsigned i = 0; i < rpcancel_rule_all(); i++) {
        if (rpcancel_rule_names_statement(i, statement->id))
            cJSON_AddItemToArray(rules, cJSON_CreateString(rpcancel_rule_at(i)->id));
    }
    size_t cursor = 0;
    cJSON *questions = cJSON_AddArrayToObject(object, "survey");
    for (const char *id; (id = rpcancel_question_asked(statement->id, &cursor));)
        cJSON_AddItemToArray(questions, cJSON_CreateString(id));
    cJSON_AddStringToObject(object, "text", statement->text);
    cJSON_AddStringToObject(object, "reason", statement->reason);
    return object;
}

bool rpcancel_rules_json(FILE *out)
{
    cJSON *root = rpcancel_json_root();
    cJSON *rules = cJSON_AddArrayToObject(root, "rules");
    for (unsigned i = 0; i < rpcancel_rule_all(); i++)
        cJSON_AddItemToArray(rules, rule_object(rpcancel_rule_at(i)));
    cJSON *statements = cJSON_AddArrayToObject(root, "statements");
    for (unsigned i = 0; i < rpcancel_statement_count(); i++)
        cJSON_AddItemToArray(statements, statement_object(rpcancel_statement_at(i)));
    return rpcancel_json_print(root, out);
}
