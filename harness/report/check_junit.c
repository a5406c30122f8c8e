// SPDX-License-Identifier: Apache-2.0
/* The report of a check that continuous-integration servers read. */
#include <inttypes.h>
#include <stdlib.h>

#include "report/junit.h"
#include "report/report.h"
#include "report/text_stream.h"

enum { NAME_MAX_SIZE = 128, REASON_MAX = 2 * RPCANCEL_MESSAGE_MAX };

/* ---- rules ---- */

/* What JUnit calls it: what keeps the check from ending well has failed, whatever else is no pass was skipped. */
static enum rpcancel_junit_outcome outcome_of(const struct rpcancel_report *report,
                                              const struct rpcancel_check_rule *row)
{
    if (row->verdict == RPCANCEL_VERDICT_PASS)
        return RPCANCEL_JUNIT_PASSED;
    if (row->verdict == RPCANCEL_VERDICT_XPASS)
        return RPCANCEL_JUNIT_FAILURE;
    if (!rpcancel_check_is_problem(report->check, row))
        return RPCANCEL_JUNIT_SKIPPED;
    bool answered = row->verdict != RPCANCEL_VERDICT_CRASH && row->verdict != RPCANCEL_VERDICT_HANG;
    return answered ? RPCANCEL_JUNIT_FAILURE : RPCANCEL_JUNIT_ERROR;
}

/* Why it is no pass, in one line, with the reason that the list gives for what it excuses. */
static void print_reason(enum rpcancel_verdict_word verdict, const char *message, const char *reason, char *out)
{
    snprintf(out, REASON_MAX, "%s: %s%s%s%s", rpcancel_verdict_text(verdict),
             verdict == RPCANCEL_VERDICT_XPASS ? "passes, though listed" : message, *reason ? " (listed: " : "", reason,
             *reason ? ")" : "");
}

static char *text_of_rule(const struct rpcancel_report *report, const struct rpcancel_check_rule *row)
{
    struct rpcancel_text_stream stream;
    if (!rpcancel_text_stream_begin(&stream))
        return NULL;
    rpcancel_report_rule(report, row, stream.out);
    return rpcancel_text_stream_end(&stream);
}

static void add_rule(struct rpcancel_junit *junit, const struct rpcancel_report *report,
                     const struct rpcancel_check_rule *row)
{
    const struct rpcancel_rule *rule = rpcancel_rule_at(row->index);
    char classname[NAME_MAX_SIZE], reason[REASON_MAX];
    char *text = text_of_rule(report, row);
    snprintf(classname, sizeof classname, "rpcancel.%s", rule->function);
    print_reason(row->verdict, row->message, row->listed ? rpcancel_report_reason(report, rule->id, true) : "", reason);
    rpcancel_junit_case(junit, &(struct rpcancel_junit_case){.classname = classname,
                                                             .name = rule->id,
                                                             .outcome = outcome_of(report, row),
                                                             .type = rpcancel_verdict_text(row->verdict),
                                                             .message = reason,
                                                             .text = text});
    free(text);
}

static void add_properties(struct rpcancel_junit *junit, const struct rpcancel_report *report)
{
    const struct rpcancel_check *check = report->check;
    char seed[24];
    snprintf(seed, sizeof seed, "%" PRIu64, report->seed);
    rpcancel_junit_property(junit, "runtime", report->how);
    rpcancel_junit_property(junit, "runtime-name", check->runtime->name);
    rpcancel_junit_property(junit, "runtime-version", check->runtime->version);
    rpcancel_junit_property(junit, "profile", rpcancel_check_profile(check));
    rpcancel_junit_property(junit, "strict", check->options.strict ? "true" : "false");
    rpcancel_junit_property(junit, "seed", seed);
    rpcancel_junit_property(junit, "catalogue", rpcancel_report_catalogue(report));
    rpcancel_junit_property(junit, "version", RPCANCEL_VERSION);
}

/* ---- the check as a whole ---- */

static void add_whole(struct rpcancel_junit *junit, const char *name, enum rpcancel_junit_outcome outcome,
                      const char *type, const char *why)
{
    rpcancel_junit_case(junit, &(struct rpcancel_junit_case){.classname = "rpcancel.check",
                                                             .name = name,
                                                             .outcome = outcome,
                                                             .type = type,
                                                             .message = why,
                                                             .text = why});
}

static char *text_of_stale(const struct rpcancel_report *report, size_t *stale)
{
    struct rpcancel_text_stream stream;
    if (!rpcancel_text_stream_begin(&stream))
        return NULL;
    *stale = rpcancel_report_stale(report, stream.out);
    return rpcancel_text_stream_end(&stream);
}

static void add_expectations(struct rpcancel_junit *junit, const struct rpcancel_report *report)
{
    size_t stale = 1; /* without memory, the report fails */
    char message[NAME_MAX_SIZE];
    char *text = text_of_stale(report, &stale);
    snprintf(message, sizeof message, "%zu stale entr%s in the expectation list", stale, stale == 1 ? "y" : "ies");
    rpcancel_junit_case(junit, &(struct rpcancel_junit_case){
                                   .classname = "rpcancel.check",
                                   .name = "the expectation list fits",
                                   .outcome = stale ? RPCANCEL_JUNIT_FAILURE : RPCANCEL_JUNIT_PASSED,
                                   .type = "stale",
                                   .message = message,
                                   .text = text,
                               });
    free(text);
}

static char *text_of_sequence(const struct rpcancel_check_sequence *row)
{
    struct rpcancel_text_stream stream;
    if (!rpcancel_text_stream_begin(&stream))
        return NULL;
    rpcancel_report_unblamed(row, stream.out);
    return rpcancel_text_stream_end(&stream);
}

/* A sequence whose failure no rule is blamed for; it may be listed. */
static void add_sequence(struct rpcancel_junit *junit, const struct rpcancel_report *report,
                         const struct rpcancel_check_sequence *row)
{
    char message[REASON_MAX];
    char *text = text_of_sequence(row);
    print_reason(row->verdict, row->message, row->listed ? rpcancel_report_reason(report, row->name, false) : "",
                 message);
    rpcancel_junit_case(junit, &(struct rpcancel_junit_case){
                                   .classname = "rpcancel.sequences",
                                   .name = row->name,
                                   .outcome = row->listed ? RPCANCEL_JUNIT_SKIPPED : RPCANCEL_JUNIT_ERROR,
                                   .type = rpcancel_verdict_text(row->verdict),
                                   .message = message,
                                   .text = text,
                               });
    free(text);
}

static void add_check(struct rpcancel_junit *junit, const struct rpcancel_report *report)
{
    const struct rpcancel_check *check = report->check;
    bool shows_something = rpcancel_check_shows_something(check);
    add_whole(junit, "every sequence was run", check->complete ? RPCANCEL_JUNIT_PASSED : RPCANCEL_JUNIT_ERROR,
              "incomplete", check->failure);
    add_whole(junit, "something was decided", shows_something ? RPCANCEL_JUNIT_PASSED : RPCANCEL_JUNIT_FAILURE,
              "undecided", "no rule was decided");
    if (report->list)
        add_expectations(junit, report);
    for (size_t i = 0; i < check->sequence_count; i++) {
        const struct rpcancel_check_sequence *row = &check->sequences[i];
        bool excused = row->listed && !row->attributed && row->verdict == RPCANCEL_VERDICT_XFAIL;
        if (excused || rpcancel_check_is_unblamed(row))
            add_sequence(junit, report, row);
    }
    if (check->last_words_of)
        rpcancel_junit_standard_error(junit, check->last_words);
}

bool rpcancel_report_junit(const struct rpcancel_report *report, FILE *out)
{
    struct rpcancel_junit *junit = rpcancel_junit_begin();
    if (!junit)
        return false;
    rpcancel_junit_suite(junit, "rpcancel rules", report->started, report->seconds);
    add_properties(junit, report);
    for (size_t i = 0; i < report->check->rule_count; i++)
        add_rule(junit, report, &report->check->rules[i]);
    rpcancel_junit_suite(junit, "rpcancel check", report->started, 0);
    add_check(junit, report);
    return rpcancel_junit_end(junit, out);
}
