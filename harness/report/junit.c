// SPDX-License-Identifier: Apache-2.0
/* The report continuous-integration servers read. */
#include <inttypes.h>

#include "report/report.h"

/* Writes |text| as XML character data or an attribute's value; XML has no way to say control characters. */
static void put(const char *text, FILE *out)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc((unsigned char)*text < 0x20 && *text != '\n' && *text != '\t' ? '?' : *text, out);
            break;
        }
    }
}

static void put_property(const char *name, const char *value, FILE *out)
{
    fprintf(out, "      <property name=\"%s\" value=\"", name);
    put(value, out);
    fprintf(out, "\"/>\n");
}

/* What JUnit calls it: what keeps the runtime from conforming has failed, what was not decided was skipped. */
static bool is_failed(const struct rpcancel_report *report, const struct rpcancel_check_rule *row)
{
    return rpcancel_check_is_problem(report->check, row) || row->verdict == RPCANCEL_VERDICT_XPASS;
}

static bool is_skipped(const struct rpcancel_report *report, const struct rpcancel_check_rule *row)
{
    return !is_failed(report, row) && row->verdict != RPCANCEL_VERDICT_PASS;
}

static void put_case(const struct rpcancel_report *report, const struct rpcancel_check_rule *row, FILE *out)
{
    const struct rpcancel_rule *rule = rpcancel_rule_at(row->index);
    fprintf(out, "    <testcase classname=\"");
    put(rule->function, out);
    fprintf(out, "\" name=\"%s\" time=\"0\"", rule->id);
    if (row->verdict == RPCANCEL_VERDICT_PASS) {
        fprintf(out, "/>\n");
        return;
    }
    bool failed = is_failed(report, row);
    const char *verdict = rpcancel_verdict_text(row->verdict);
    fprintf(out, ">\n      <%s message=\"%s: ", failed ? "failure" : "skipped", verdict);
    put(row->message, out);
    fprintf(out, failed ? "\" type=\"%s\">" : "\">", verdict);
    if (failed) {
        put(rule->text, out);
        if (row->has_failure) {
            fprintf(out, "\n");
            rpcancel_report_sequence(&row->failure.sequence, "\n", out);
        }
    }
    fprintf(out, "</%s>\n    </testcase>\n", failed ? "failure" : "skipped");
}

void rpcancel_report_junit(const struct rpcancel_report *report, FILE *out)
{
    const struct rpcancel_check *check = report->check;
    size_t failed = 0, skipped = 0;
    char seed[24];
    for (size_t i = 0; i < check->rule_count; i++) {
        failed += is_failed(report, &check->rules[i]);
        skipped += is_skipped(report, &check->rules[i]);
    }
    snprintf(seed, sizeof seed, "%" PRIu64, report->seed);
    fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    fprintf(out,
            "  <testsuite name=\"rpcancel\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"0\">\n",
            check->rule_count, failed, skipped);
    fprintf(out, "    <properties>\n");
    put_property("runtime", report->how, out);
    put_property("profile", rpcancel_profile_name(check->options.profile), out);
    put_property("catalogue", rpcancel_catalogue_id, out);
    put_property("seed", seed, out);
    fprintf(out, "    </properties>\n");
    for (size_t i = 0; i < check->rule_count; i++)
        put_case(report, &check->rules[i], out);
    fprintf(out, "  </testsuite>\n</testsuites>\n");
}
