// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "capture/verdicts.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "capture/finding.h"
#include "capture/verdicts_json.h"

void rpcancel_time_print(int64_t time, char out[RPCANCEL_TIME_TEXT_MAX])
{
    const int64_t nanoseconds = 1000000000;
    time_t seconds = (time_t)(time / nanoseconds);
    struct tm parts = {0};
    char text[RPCANCEL_TIME_TEXT_MAX] = "";
    gmtime_r(&seconds, &parts);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(out, RPCANCEL_TIME_TEXT_MAX, "%.36s.%09uZ", text, (unsigned)(time % nanoseconds));
}

/* ---- findings ---- */

/* The first finding of a rule is told at length, the others in a line. */
static void print_finding(const struct rpcancel_verdicts *verdicts, const struct rpcancel_capture_finding *finding,
                          bool at_length)
{
    const struct rpcancel_rule *rule = rpcancel_capture_rule_at(finding->rule);
    char source[RPCANCEL_ENDPOINT_TEXT_MAX], destination[RPCANCEL_ENDPOINT_TEXT_MAX], time[RPCANCEL_TIME_TEXT_MAX];
    char found[RPCANCEL_FINDING_TEXT_MAX], call[RPCANCEL_FINDING_CALL_MAX];
    rpcancel_endpoint_print(finding->source, source);
    rpcancel_endpoint_print(finding->destination, destination);
    rpcancel_time_print(finding->time, time);
    rpcancel_captured_print(finding, found, sizeof found);
    rpcancel_captured_print_call(finding, call);
    if (!at_length) {
        fprintf(verdicts->text, "FAIL %s  packet %" PRIu64 "  %s  %s > %s  %s  %s  found %s\n", rule->id,
                finding->packet, time, source, destination, rpcancel_captured_side(finding), call, found);
        return;
    }
    const char *which = strchr(call, ' ');
    fprintf(verdicts->text,
            "FAIL %s (%s%s), the %s\n"
            "  packet    %" PRIu64 " of %s, %s\n"
            "  from      %s to %s\n"
            "  %-9.*s%s\n"
            "  found     %s\n"
            "  expected  %s\n"
            "  source    %s\n",
            rule->id, rpcancel_level_name((enum rpcancel_level)rule->level), rule->unverified ? ", unverified" : "",
            rpcancel_captured_side(finding), finding->packet, verdicts->path, time, source, destination,
            (int)(which - call), call, which, found, rule->text, rule->source);
}

void rpcancel_verdicts_begin(struct rpcancel_verdicts *verdicts)
{
    rpcancel_verdicts_json_begin(verdicts);
}

void rpcancel_verdicts_found(struct rpcancel_verdicts *verdicts, const struct rpcancel_capture_finding *finding)
{
    print_finding(verdicts, finding, verdicts->violated[finding->rule] == 0);
    verdicts->violated[finding->rule]++;
    verdicts->findings++;
    rpcancel_verdicts_json_found(verdicts, finding);
}

/* ---- what was judged ---- */

/* Writes a line, when there is anything to tell of. */
static unsigned tell(FILE *out, const char *indent, uint64_t number, const char *one, const char *many)
{
    if (number > 0)
        fprintf(out, "%s%" PRIu64 " %s\n", indent, number, number == 1 ? one : many);
    return number > 0;
}

unsigned rpcancel_unjudged_print(const struct rpcancel_capture_counts *counts, const char *indent, FILE *out)
{
    const struct {
        uint64_t number;
        const char *one, *many;
    } lines[] = {
        {counts->smb, "conversation in SMB: not judged; named pipes are not looked into",
         "conversations in SMB: not judged; named pipes are not looked into"},
        {counts->http, "conversation in RPC over HTTP: not judged", "conversations in RPC over HTTP: not judged"},
        {counts->with_verifier, "datagram with a verifier, which may be encrypted: not judged",
         "datagrams with a verifier, which may be encrypted: not judged"},
        {counts->without_start,
         "conversation whose beginning is missing: judged by the rules that look at one PDU by itself",
         "conversations whose beginning is missing: judged by the rules that look at one PDU by itself"},
        {counts->with_gaps, "conversation with gaps: from there on judged by the rules that look at one PDU by itself",
         "conversations with gaps: from there on judged by the rules that look at one PDU by itself"},
        {counts->sealed, "conversation that is sealed: headers judged, stub data not",
         "conversations that are sealed: headers judged, stub data not"},
        {counts->cut_pdus, "PDU of which stub data is missing: its header is judged",
         "PDUs of which stub data is missing: their headers are judged"},
        {counts->unreadable, "piece that is no PDU that can be read", "pieces that are no PDUs that can be read"},
        {counts->frames[RPCANCEL_FRAME_FRAGMENT] - counts->joined,
         "fragment of an IP packet that is not whole: not judged",
         "fragments of IP packets that are not whole: not judged"},
        {counts->frames[RPCANCEL_FRAME_CUT], "packet cut within its headers: not judged",
         "packets cut within their headers: not judged"},
        {counts->frames[RPCANCEL_FRAME_WRONG], "packet whose headers contradict themselves: not judged",
         "packets whose headers contradict themselves: not judged"},
        {counts->forgotten, "conversation forgotten, as there was too much at once",
         "conversations forgotten, as there was too much at once"},
        {counts->others, "conversation in something else", "conversations in something else"},
        {counts->silent, "conversation in which nothing was said", "conversations in which nothing was said"},
    };
    unsigned told = 0;
    for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++)
        told += tell(out, indent, lines[i].number, lines[i].one, lines[i].many);
    return told;
}

static void print_file(const struct rpcancel_verdicts *verdicts, const struct rpcancel_capture_counts *counts)
{
    fprintf(verdicts->text, "%s: %" PRIu64 " packets, %" PRIu64 " conversations over TCP, %" PRIu64 " in DCE/RPC",
            verdicts->path, counts->packets, counts->conversations, counts->dialogs);
    if (counts->datagrams > 0)
        fprintf(verdicts->text, "; %" PRIu64 " datagrams of %" PRIu64 " activities", counts->datagrams,
                counts->activities);
    fputs("\n", verdicts->text);
    if (counts->pdus > 0) {
        fprintf(verdicts->text, "  %" PRIu64 " PDUs:", counts->pdus);
        const char *separator = " ";
        for (unsigned type = 0; type < RPCANCEL_CAPTURE_TYPES; type++) {
            if (counts->types[type] == 0)
                continue;
            fprintf(verdicts->text, "%s%s %" PRIu64, separator, rpcancel_pdu_type_describe(type)->name,
                    counts->types[type]);
            separator = ", ";
        }
        fprintf(verdicts->text, "\n  %" PRIu64 " judged by all rules of the profile %s, %" PRIu64 " by some\n",
                counts->judged, rpcancel_wire_profile_name(verdicts->profile), counts->judged_alone);
    }
    rpcancel_unjudged_print(counts, "  ", verdicts->text);
}

void rpcancel_verdicts_file(struct rpcancel_verdicts *verdicts, const struct rpcancel_capture *capture,
                            const char *failure)
{
    const struct rpcancel_capture_counts *counts = rpcancel_capture_counts(capture);
    print_file(verdicts, counts);
    verdicts->packets += counts->packets;
    verdicts->judged += counts->judged + counts->judged_alone;
    verdicts->unjudged_files += counts->judged + counts->judged_alone == 0;
    for (unsigned type = 0; type < RPCANCEL_CAPTURE_TYPES; type++)
        verdicts->types[type] += counts->types[type];
    for (unsigned rule = 0; rule < rpcancel_capture_rule_count(); rule++)
        verdicts->decided[rule] += rpcancel_capture_decided(capture, rule);
    rpcancel_verdicts_json_file(verdicts, counts, failure);
}

bool rpcancel_verdicts_end(struct rpcancel_verdicts *verdicts)
{
    if (verdicts->judged == 0)
        fprintf(verdicts->text, "nothing judged\n");
    else
        fprintf(verdicts->text, "pcap check: %" PRIu64 " packets, %" PRIu64 " PDUs judged, %" PRIu64 " findings\n",
                verdicts->packets, verdicts->judged, verdicts->findings);
    return rpcancel_verdicts_json_end(verdicts);
}
