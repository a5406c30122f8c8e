// SPDX-License-Identifier: Apache-2.0
#include "report/sarif.h"

#include <ctype.h>
#include <string.h>

#include "report/fingerprint.h"
#include "report/json_print.h"
#include "report/time_text.h"
#include "wire/rules.h"

/* Where corpus/ is: the root of this project's source tree, by the name that readers take for the root of the checkout.
 */
static const char source_root[] = "%SRCROOT%";

static const struct {
    const char *id, *name, *text;
} general_rules[RPCANCEL_SARIF_GENERAL_RULES] = {
    [RPCANCEL_SARIF_CRASH] =
        {"crash", "RuntimeCrashed",
         "A runtime answers every operation; it neither ends by itself nor lets an exception out."},
    [RPCANCEL_SARIF_HANG] = {"hang", "RuntimeHung", "A runtime answers every operation in time."},
};

unsigned rpcancel_sarif_general_rule(enum rpcancel_sarif_general which)
{
    return rpcancel_rule_all() + which;
}

enum rpcancel_sarif_level rpcancel_sarif_level(unsigned rule)
{
    static const enum rpcancel_sarif_level levels[] = {
        [RPCANCEL_LEVEL_MUST] = RPCANCEL_SARIF_ERROR,     [RPCANCEL_LEVEL_IMPLIED] = RPCANCEL_SARIF_ERROR,
        [RPCANCEL_LEVEL_SHOULD] = RPCANCEL_SARIF_WARNING, [RPCANCEL_LEVEL_HISTORICAL] = RPCANCEL_SARIF_WARNING,
        [RPCANCEL_LEVEL_OBSERVED] = RPCANCEL_SARIF_NOTE,
    };
    return rule < rpcancel_rule_all() ? levels[rpcancel_rule_at(rule)->level] : RPCANCEL_SARIF_ERROR;
}

static const char *id_of(unsigned rule)
{
    unsigned count = rpcancel_rule_all();
    return rule < count ? rpcancel_rule_at(rule)->id : general_rules[rule - count].id;
}

static const char *level_word(enum rpcancel_sarif_level level)
{
    static const char *const words[] = {[RPCANCEL_SARIF_NONE] = "none",
                                        [RPCANCEL_SARIF_NOTE] = "note",
                                        [RPCANCEL_SARIF_WARNING] = "warning",
                                        [RPCANCEL_SARIF_ERROR] = "error"};
    return words[level];
}

static const char *kind_word(enum rpcancel_sarif_kind kind)
{
    static const char *const words[] = {
        [RPCANCEL_SARIF_FAIL] = "fail", [RPCANCEL_SARIF_REVIEW] = "review", [RPCANCEL_SARIF_OPEN] = "open"};
    return words[kind];
}

/* A message, a description: an object around a text. */
static void add_message(cJSON *object, const char *name, const char *text)
{
    rpcancel_json_add_text(cJSON_AddObjectToObject(object, name), "text", text);
}

static cJSON *add_object(cJSON *array)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray(array, object);
    return object;
}

/* ---- rules ---- */

/* Names are in camel case: "asynchronous-call-state/1" is AsynchronousCallState1. */
static void print_name(const char *id, char *out, size_t size)
{
    bool begins_word = true;
    size_t length = 0;
    for (; *id && length + 1 < size; id++) {
        bool in_word = isalnum((unsigned char)*id) != 0;
        if (in_word)
            out[length++] = begins_word ? (char)toupper((unsigned char)*id) : *id;
        begins_word = !in_word;
    }
    out[length] = '\0';
}

static void add_rule_properties(cJSON *object, const struct rpcancel_rule *rule)
{
    const char *level = rpcancel_level_name((enum rpcancel_level)rule->level);
    cJSON *properties = cJSON_AddObjectToObject(object, "properties");
    cJSON_AddStringToObject(properties, "level", level);
    cJSON_AddStringToObject(properties, "source", rule->source);
    cJSON_AddStringToObject(properties, "statements", rule->statements);
    cJSON_AddStringToObject(properties, "since", rule->since);
    cJSON *profiles = cJSON_AddArrayToObject(properties, "profiles");
    for (unsigned i = 0; i < RPCANCEL_PROFILES; i++) {
        if (rule->profiles >> i & 1u)
            cJSON_AddItemToArray(profiles, cJSON_CreateString(rpcancel_profile_name((enum rpcancel_profile)i)));
    }
    for (unsigned i = 0; i < RPCANCEL_WIRE_PROFILES; i++) {
        if (rule->wire_profiles >> i & 1u)
            cJSON_AddItemToArray(profiles,
                                 cJSON_CreateString(rpcancel_wire_profile_name((enum rpcancel_wire_profile)i)));
    }
    cJSON *tags = cJSON_AddArrayToObject(properties, "tags");
    cJSON_AddItemToArray(tags, cJSON_CreateString(rule->function));
    cJSON_AddItemToArray(tags, cJSON_CreateString(level));
}

static cJSON *add_descriptor(cJSON *rules, const char *id, const char *name, const char *text, unsigned index)
{
    cJSON *object = add_object(rules);
    cJSON_AddStringToObject(object, "id", id);
    cJSON_AddStringToObject(object, "name", name);
    add_message(object, "shortDescription", text);
    cJSON_AddStringToObject(cJSON_AddObjectToObject(object, "defaultConfiguration"), "level",
                            level_word(rpcancel_sarif_level(index)));
    return object;
}

static void add_rule(cJSON *rules, unsigned index)
{
    const struct rpcancel_rule *rule = rpcancel_rule_at(index);
    char name[128], help[1024];
    print_name(rule->id, name, sizeof name);
    snprintf(help, sizeof help, "%s Level: %s. Source: %s.", rule->text,
             rpcancel_level_name((enum rpcancel_level)rule->level), rule->source);
    cJSON *object = add_descriptor(rules, rule->id, name, rule->text, index);
    add_message(object, "fullDescription", help);
    add_message(object, "help", help);
    add_rule_properties(object, rule);
}

static void add_rules(cJSON *driver)
{
    cJSON *rules = cJSON_AddArrayToObject(driver, "rules");
    for (unsigned i = 0; i < rpcancel_rule_all(); i++)
        add_rule(rules, i);
    for (unsigned i = 0; i < RPCANCEL_SARIF_GENERAL_RULES; i++) {
        cJSON *object = add_descriptor(rules, general_rules[i].id, general_rules[i].name, general_rules[i].text,
                                       rpcancel_rule_all() + i);
        add_message(object, "fullDescription", general_rules[i].text);
        add_message(object, "help", general_rules[i].text);
    }
}

/* ---- places ---- */

/* Writes |path| as part of a URI, up to three bytes for each of its own: what could mean something there is escaped. */
static void print_path(const char *path, char *out)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    for (; *path; path++) {
        if (strchr(plain, *path))
            *out++ = *path;
        else
            out += sprintf(out, "%%%02X", (unsigned char)*path);
    }
    *out = '\0';
}

static void add_uri(cJSON *location, const struct rpcancel_sarif_place *place)
{
    const char *root = place->in_corpus ? "corpus/" : place->file[0] == '/' ? "file://" : "";
    char *uri = cJSON_malloc(strlen(root) + 3 * strlen(place->file) + 1);
    if (!uri)
        return; /* the report fails at its end */
    strcpy(uri, root);
    print_path(place->file, uri + strlen(root));
    cJSON_AddStringToObject(location, "uri", uri);
    cJSON_free(uri);
    if (place->in_corpus)
        cJSON_AddStringToObject(location, "uriBaseId", source_root);
}

static void add_locations(cJSON *object, const struct rpcancel_sarif_place *place)
{
    if (!place->file)
        return;
    cJSON *physical =
        cJSON_AddObjectToObject(add_object(cJSON_AddArrayToObject(object, "locations")), "physicalLocation");
    add_uri(cJSON_AddObjectToObject(physical, "artifactLocation"), place);
    cJSON_AddNumberToObject(cJSON_AddObjectToObject(physical, "region"), "startLine", place->line ? place->line : 1);
}

/* ---- the log ---- */

void rpcancel_sarif_begin(struct rpcancel_sarif *sarif, const char *automation)
{
    rpcancel_json_begin();
    cJSON *root = cJSON_CreateObject();
    cJSON_AddStringToObject(root, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    cJSON_AddStringToObject(root, "version", "2.1.0");
    cJSON *run = add_object(cJSON_AddArrayToObject(root, "runs"));
    cJSON *driver = cJSON_AddObjectToObject(cJSON_AddObjectToObject(run, "tool"), "driver");
    cJSON_AddStringToObject(driver, "name", "rpcancel");
    cJSON_AddStringToObject(driver, "version", RPCANCEL_VERSION);
    cJSON_AddStringToObject(driver, "semanticVersion", RPCANCEL_VERSION);
    add_rules(driver);
    rpcancel_json_add_text(cJSON_AddObjectToObject(run, "automationDetails"), "id", automation);
    cJSON *bases = cJSON_AddObjectToObject(run, "originalUriBaseIds");
    add_message(cJSON_AddObjectToObject(bases, source_root), "description",
                "The root of rpcancel's source tree, which holds the catalogue of sequences under corpus/.");
    *sarif = (struct rpcancel_sarif){.properties = cJSON_CreateObject(),
                                     .root = root,
                                     .run = run,
                                     .results = cJSON_CreateArray(),
                                     .execution = cJSON_CreateArray(),
                                     .configuration = cJSON_CreateArray()};
}

static void add_fingerprints(cJSON *object, const struct rpcancel_sarif_result *result)
{
    char made[RPCANCEL_FINGERPRINT_SIZE], at_line[RPCANCEL_FINGERPRINT_SIZE + 8];
    const char *fingerprint = result->fingerprint;
    if (!fingerprint) {
        rpcancel_fingerprint(id_of(result->rule), result->sequence ? result->sequence : kind_word(result->kind), made);
        fingerprint = made;
    }
    cJSON *fingerprints = cJSON_AddObjectToObject(object, "partialFingerprints");
    rpcancel_json_add_text(fingerprints, "ruleAndSequence/v1", fingerprint);
    /* The one name that GitHub looks at. Its own value would be made of the line's text and change with the catalogue.
     */
    snprintf(at_line, sizeof at_line, "%.16s:1", fingerprint);
    rpcancel_json_add_text(fingerprints, "primaryLocationLineHash", at_line);
}

static void add_suppression(cJSON *object, const char *why)
{
    cJSON *suppression = add_object(cJSON_AddArrayToObject(object, "suppressions"));
    cJSON_AddStringToObject(suppression, "kind", "external");
    cJSON_AddStringToObject(suppression, "status", "accepted");
    rpcancel_json_add_text(suppression, "justification", why);
}

cJSON *rpcancel_sarif_result(struct rpcancel_sarif *sarif, const struct rpcancel_sarif_result *result)
{
    cJSON *object = add_object(sarif->results);
    bool fails = result->kind == RPCANCEL_SARIF_FAIL;
    cJSON_AddStringToObject(object, "ruleId", id_of(result->rule));
    cJSON_AddNumberToObject(object, "ruleIndex", result->rule);
    cJSON_AddStringToObject(object, "kind", kind_word(result->kind));
    cJSON_AddStringToObject(object, "level", level_word(fails ? result->level : RPCANCEL_SARIF_NONE));
    add_message(object, "message", result->message);
    add_locations(object, &result->place);
    add_fingerprints(object, result);
    if (result->suppressed)
        add_suppression(object, result->suppressed);
    cJSON *properties = cJSON_AddObjectToObject(object, "properties");
    if (result->sequence)
        rpcancel_json_add_text(properties, "sequence", result->sequence);
    return properties;
}

void rpcancel_sarif_notify(struct rpcancel_sarif *sarif, bool about_settings, enum rpcancel_sarif_level level,
                           const char *message, struct rpcancel_sarif_place place)
{
    cJSON *object = add_object(about_settings ? sarif->configuration : sarif->execution);
    cJSON_AddStringToObject(object, "level", level_word(level));
    add_message(object, "message", message);
    add_locations(object, &place);
}

static void add_time(cJSON *object, const char *name, time_t time)
{
    char text[RPCANCEL_TIME_TEXT_MAX];
    rpcancel_time_text(time, text);
    cJSON_AddStringToObject(object, name, text);
}

static void add_invocation(struct rpcancel_sarif *sarif, const struct rpcancel_sarif_invocation *invocation)
{
    cJSON *object = add_object(cJSON_AddArrayToObject(sarif->run, "invocations"));
    cJSON_AddBoolToObject(object, "executionSuccessful", invocation->successful);
    cJSON_AddNumberToObject(object, "exitCode", invocation->exit_code);
    add_time(object, "startTimeUtc", invocation->started);
    add_time(object, "endTimeUtc", invocation->started + (time_t)invocation->seconds);
    cJSON_AddItemToObject(object, "toolExecutionNotifications", sarif->execution);
    cJSON_AddItemToObject(object, "toolConfigurationNotifications", sarif->configuration);
}

bool rpcancel_sarif_end(struct rpcancel_sarif *sarif, const struct rpcancel_sarif_invocation *invocation, FILE *out)
{
    add_invocation(sarif, invocation);
    cJSON_AddItemToObject(sarif->run, "results", sarif->results);
    cJSON_AddItemToObject(sarif->run, "properties", sarif->properties);
    return rpcancel_json_print(sarif->root, out);
}
