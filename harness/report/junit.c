// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "report/junit.h"

#include <stdlib.h>
#include <string.h>

#include "report/text_stream.h"
#include "report/time_text.h"
#include "runtime/clean_text.h"

struct counts {
    size_t tests, failures, errors, skipped;
    double seconds;
};

/* Counts stand before what they count, so suites and the content of the one in hand grow apart. */
struct rpcancel_junit {
    struct rpcancel_text_stream suites;  /* finished ones */
    struct rpcancel_text_stream content; /* of the suite in hand */
    bool in_suite, in_properties;
    bool failed; /* memory was exhausted */
    struct counts counts, all;
    char *name; /* of the suite in hand */
    char started[RPCANCEL_TIME_TEXT_MAX];
};

/* ---- XML ---- */

static bool is_noncharacter(const char *text)
{
    return memcmp(text, "\xEF\xBF\xBE", 3) == 0 || memcmp(text, "\xEF\xBF\xBF", 3) == 0;
}

/* Writes the character of |length| bytes at |text|. Line ends and tabs of an attribute would be read as blanks. */
static void put_character(const char *text, unsigned length, bool in_attribute, FILE *out)
{
    unsigned char first = (unsigned char)*text;
    if (length == 0 || (length == 3 && is_noncharacter(text)))
        fputs(RPCANCEL_REPLACEMENT, out);
    else if (first == '&')
        fputs("&amp;", out);
    else if (first == '<')
        fputs("&lt;", out);
    else if (first == '>')
        fputs("&gt;", out);
    else if (first == '"')
        fputs("&quot;", out);
    else if (first == '\r' || (in_attribute && (first == '\n' || first == '\t')))
        fprintf(out, "&#%u;", first);
    else if (first < ' ' && first != '\n' && first != '\t')
        fputc('?', out); /* XML has no way to say it */
    else
        fwrite(text, 1, length, out);
}

static void put(const char *text, bool in_attribute, FILE *out)
{
    while (*text) {
        unsigned length = rpcancel_utf8_length(text);
        put_character(text, length, in_attribute, out);
        text += length ? length : 1;
    }
}

static void put_attribute(const char *name, const char *value, FILE *out)
{
    fprintf(out, " %s=\"", name);
    put(value, true, out);
    fputc('"', out);
}

static void put_counts(const struct counts *counts, FILE *out)
{
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", counts->tests, counts->failures, counts->errors);
}

/* ---- the report ---- */

struct rpcancel_junit *rpcancel_junit_begin(void)
{
    struct rpcancel_junit *junit = calloc(1, sizeof *junit);
    if (junit && rpcancel_text_stream_begin(&junit->suites))
        return junit;
    free(junit);
    return NULL;
}

static void end_properties(struct rpcancel_junit *junit)
{
    if (junit->in_properties)
        fprintf(junit->content.out, "    </properties>\n");
    junit->in_properties = false;
}

/* The time stamp is UTC and does not say so: JUnit's has no zone. */
static void write_suite(struct rpcancel_junit *junit, const char *content)
{
    FILE *out = junit->suites.out;
    fprintf(out, "  <testsuite");
    put_attribute("name", junit->name, out);
    put_counts(&junit->counts, out);
    fprintf(out, " skipped=\"%zu\" time=\"%.3f\" timestamp=\"%.19s\">\n%s  </testsuite>\n", junit->counts.skipped,
            junit->counts.seconds, junit->started, content);
}

static void end_suite(struct rpcancel_junit *junit)
{
    if (!junit->in_suite)
        return;
    end_properties(junit);
    char *content = rpcancel_text_stream_end(&junit->content);
    if (content)
        write_suite(junit, content);
    else
        junit->failed = true;
    junit->all.tests += junit->counts.tests;
    junit->all.failures += junit->counts.failures;
    junit->all.errors += junit->counts.errors;
    junit->all.seconds += junit->counts.seconds;
    free(content);
    free(junit->name);
    junit->in_suite = false;
}

void rpcancel_junit_suite(struct rpcancel_junit *junit, const char *name, time_t started, double seconds)
{
    end_suite(junit);
    junit->counts = (struct counts){.seconds = seconds};
    junit->name = strdup(name);
    junit->in_suite = junit->name && rpcancel_text_stream_begin(&junit->content);
    rpcancel_time_text(started, junit->started);
    if (junit->in_suite)
        return;
    free(junit->name);
    junit->failed = true;
}

void rpcancel_junit_property(struct rpcancel_junit *junit, const char *name, const char *value)
{
    FILE *out = junit->content.out;
    if (!junit->in_suite)
        return;
    if (!junit->in_properties)
        fprintf(out, "    <properties>\n");
    junit->in_properties = true;
    fprintf(out, "      <property");
    put_attribute("name", name, out);
    put_attribute("value", value, out);
    fprintf(out, "/>\n");
}

/* Why a case did not pass. Readers differ in what they show: of a failure, Jenkins shows the message, GitLab the text;
 * the reason of a skipped one both take from the text, and the older of Jenkins' schemas allows no other place. */
static void put_reason(const struct rpcancel_junit_case *test, FILE *out)
{
    if (test->outcome == RPCANCEL_JUNIT_SKIPPED) {
        fprintf(out, "      <skipped>");
        put(test->message, false, out);
        fprintf(out, "</skipped>\n");
        return;
    }
    const char *element = test->outcome == RPCANCEL_JUNIT_ERROR ? "error" : "failure";
    fprintf(out, "      <%s", element);
    put_attribute("message", test->message, out);
    put_attribute("type", test->type, out);
    fputc('>', out);
    if (test->text)
        put(test->text, false, out);
    fprintf(out, "</%s>\n", element);
}

void rpcancel_junit_case(struct rpcancel_junit *junit, const struct rpcancel_junit_case *test)
{
    FILE *out = junit->content.out;
    if (!junit->in_suite)
        return;
    end_properties(junit);
    junit->counts.tests++;
    junit->counts.failures += test->outcome == RPCANCEL_JUNIT_FAILURE;
    junit->counts.errors += test->outcome == RPCANCEL_JUNIT_ERROR;
    junit->counts.skipped += test->outcome == RPCANCEL_JUNIT_SKIPPED;
    fprintf(out, "    <testcase");
    put_attribute("classname", test->classname, out);
    put_attribute("name", test->name, out);
    fprintf(out, " time=\"%.3f\"", test->seconds);
    if (test->outcome == RPCANCEL_JUNIT_PASSED) {
        fprintf(out, "/>\n");
        return;
    }
    junit->failed |= test->outcome != RPCANCEL_JUNIT_SKIPPED && !test->text;
    fprintf(out, ">\n");
    put_reason(test, out);
    fprintf(out, "    </testcase>\n");
}

void rpcancel_junit_standard_error(struct rpcancel_junit *junit, const char *text)
{
    if (!junit->in_suite)
        return;
    end_properties(junit);
    fprintf(junit->content.out, "    <system-err>");
    put(text, false, junit->content.out);
    fprintf(junit->content.out, "</system-err>\n");
}

bool rpcancel_junit_end(struct rpcancel_junit *junit, FILE *out)
{
    end_suite(junit);
    char *suites = rpcancel_text_stream_end(&junit->suites);
    bool complete = suites && !junit->failed;
    if (complete) {
        fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
        put_counts(&junit->all, out);
        fprintf(out, " time=\"%.3f\">\n%s</testsuites>\n", junit->all.seconds, suites);
    }
    free(suites);
    free(junit);
    return complete;
}
