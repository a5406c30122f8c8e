// SPDX-License-Identifier: Apache-2.0
/* Findings are objects of their own, written one after the other; all else is one object, whose members follow them. */
#include "capture/verdicts_json.h"

#include <stdlib.h>
#include <string.h>

#include "capture/finding.h"
#include "report/json_print.h"

static void print_member(FILE *out, const cJSON *member)
{
    char *text = cJSON_PrintUnformatted(member);
    if (!text) {
        rpcancel_json_exhausted();
        return;
    }
    fprintf(out, ",\n\"%s\": %s", member->string, text);
    cJSON_free(text);
}

void rpcancel_verdicts_json_begin(struct rpcancel_verdicts *verdicts)
{
    if (!verdicts->json)
        return;
    rpcancel_json_begin();
    verdicts->files = cJSON_CreateArray();
    fprintf(verdicts->json,
            "{\n\"tool\": \"rpcancel\",\n\"version\": \"%s\",\n\"profile\": \"%s\",\n\"strict\": %s,\n\"whole\": %s,\n",
            RPCANCEL_VERSION, rpcancel_wire_profile_name(verdicts->profile), verdicts->strict ? "true" : "false",
            verdicts->is_whole ? "true" : "false");
    fprintf(verdicts->json, "\"findings\": [");
}

static void add_end(cJSON *object, const char *name, const struct rpcancel_endpoint *end)
{
    char address[RPCANCEL_ENDPOINT_TEXT_MAX];
    cJSON *added = cJSON_AddObjectToObject(object, name);
    rpcancel_endpoint_print_address(end, address);
    cJSON_AddStringToObject(added, "address", address);
    cJSON_AddNumberToObject(added, "port", end->port);
}

static void add_call(cJSON *object, const struct rpcancel_capture_finding *finding)
{
    char activity[RPCANCEL_UUID_TEXT_MAX];
    if (finding->event) {
        cJSON_AddNumberToObject(object, "call_id", finding->event->pdu.call_id);
        return;
    }
    rpcancel_uuid_print(&finding->datagram->datagram.activity, activity);
    cJSON_AddStringToObject(object, "activity", activity);
    cJSON_AddNumberToObject(object, "sequence", finding->datagram->datagram.sequence);
}

static cJSON *object_of(const struct rpcancel_verdicts *verdicts, const struct rpcancel_capture_finding *finding)
{
    const struct rpcancel_rule *rule = rpcancel_capture_rule_at(finding->rule);
    char time[RPCANCEL_TIME_TEXT_MAX], found[RPCANCEL_FINDING_TEXT_MAX];
    cJSON *object = cJSON_CreateObject();
    rpcancel_time_print(finding->time, time);
    rpcancel_captured_print(finding, found, sizeof found);
    rpcancel_json_add_text(object, "file", verdicts->path);
    cJSON_AddNumberToObject(object, "packet", (double)finding->packet);
    cJSON_AddNumberToObject(object, "first_packet", (double)finding->first_packet);
    cJSON_AddStringToObject(object, "time", time);
    add_end(object, "source", finding->source);
    add_end(object, "destination", finding->destination);
    add_call(object, finding);
    cJSON_AddStringToObject(object, "rule", rule->id);
    cJSON_AddStringToObject(object, "level", rpcancel_level_name((enum rpcancel_level)rule->level));
    cJSON_AddStringToObject(object, "side", rpcancel_captured_side(finding));
    rpcancel_json_add_text(object, "found", found);
    cJSON_AddStringToObject(object, "expected", rule->text);
    return object;
}

void rpcancel_verdicts_json_found(struct rpcancel_verdicts *verdicts, const struct rpcancel_capture_finding *finding)
{
    if (!verdicts->json)
        return;
    cJSON *object = object_of(verdicts, finding);
    char *text = cJSON_PrintUnformatted(object);
    if (text)
        fprintf(verdicts->json, "%s\n%s", verdicts->findings > 1 ? "," : "", text);
    else
        rpcancel_json_exhausted();
    cJSON_free(text);
    cJSON_Delete(object);
}

static void add_number(cJSON *object, const char *name, uint64_t number)
{
    cJSON_AddNumberToObject(object, name, (double)number);
}

static void add_types(cJSON *object, const uint64_t types[RPCANCEL_CAPTURE_TYPES])
{
    cJSON *pdus = cJSON_AddObjectToObject(object, "pdus");
    for (unsigned type = 0; type < RPCANCEL_CAPTURE_TYPES; type++) {
        if (types[type] > 0)
            add_number(pdus, rpcancel_pdu_type_describe(type)->name, types[type]);
    }
}

void rpcancel_verdicts_json_file(struct rpcancel_verdicts *verdicts, const struct rpcancel_capture_counts *counts,
                                 const char *failure)
{
    if (!verdicts->json)
        return;
    cJSON *file = cJSON_CreateObject();
    rpcancel_json_add_text(file, "file", verdicts->path);
    rpcancel_json_add_text(file, "failure", failure);
    add_number(file, "packets", counts->packets);
    add_number(file, "conversations", counts->conversations);
    add_number(file, "dialogs", counts->dialogs);
    add_number(file, "activities", counts->activities);
    add_number(file, "datagrams", counts->datagrams);
    add_number(file, "judged", counts->judged);
    add_number(file, "judged_alone", counts->judged_alone);
    add_number(file, "findings", counts->findings);
    add_types(file, counts->types);
    cJSON *unjudged = cJSON_AddObjectToObject(file, "unjudged");
    add_number(unjudged, "smb", counts->smb);
    add_number(unjudged, "http", counts->http);
    add_number(unjudged, "with_verifier", counts->with_verifier);
    add_number(unjudged, "without_start", counts->without_start);
    add_number(unjudged, "with_gaps", counts->with_gaps);
    add_number(unjudged, "authenticated", counts->authenticated);
    add_number(unjudged, "sealed", counts->sealed);
    add_number(unjudged, "cut_pdus", counts->cut_pdus);
    add_number(unjudged, "unreadable", counts->unreadable);
    add_number(unjudged, "ip_fragments", counts->frames[RPCANCEL_FRAME_FRAGMENT] - counts->joined);
    add_number(unjudged, "cut_packets", counts->frames[RPCANCEL_FRAME_CUT]);
    add_number(unjudged, "wrong_packets", counts->frames[RPCANCEL_FRAME_WRONG]);
    add_number(unjudged, "forgotten", counts->forgotten);
    add_number(unjudged, "others", counts->others);
    add_number(unjudged, "silent", counts->silent);
    cJSON_AddItemToArray(verdicts->files, file);
}

static void add_rules(cJSON *object, const struct rpcancel_verdicts *verdicts)
{
    cJSON *rules = cJSON_AddArrayToObject(object, "rules");
    for (unsigned number = 0; number < rpcancel_capture_rule_count(); number++) {
        const struct rpcancel_rule *rule = rpcancel_capture_rule_at(number);
        if (verdicts->decided[number] == 0)
            continue;
        cJSON *row = cJSON_CreateObject();
        cJSON_AddStringToObject(row, "id", rule->id);
        cJSON_AddStringToObject(row, "level", rpcancel_level_name((enum rpcancel_level)rule->level));
        cJSON_AddStringToObject(row, "verdict", verdicts->violated[number] ? "FAIL" : "PASS");
        add_number(row, "checked", verdicts->decided[number]);
        add_number(row, "violated", verdicts->violated[number]);
        cJSON_AddStringToObject(row, "message", rule->text);
        cJSON_AddItemToArray(rules, row);
    }
}

bool rpcancel_verdicts_json_end(struct rpcancel_verdicts *verdicts)
{
    if (!verdicts->json)
        return true;
    cJSON *rest = cJSON_CreateObject();
    add_types(rest, verdicts->types);
    cJSON *summary = cJSON_AddObjectToObject(rest, "summary");
    add_number(summary, "packets", verdicts->packets);
    add_number(summary, "judged", verdicts->judged);
    add_number(summary, "findings", verdicts->findings);
    add_rules(rest, verdicts);
    cJSON_AddItemToObject(rest, "files", verdicts->files);
    fprintf(verdicts->json, "\n]");
    for (const cJSON *member = rest ? rest->child : NULL; member; member = member->next)
        print_member(verdicts->json, member);
    fprintf(verdicts->json, "\n}\n");
    cJSON_Delete(rest);
    return !rpcancel_json_was_exhausted();
}
