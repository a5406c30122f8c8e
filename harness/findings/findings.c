// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "findings/findings.h"

#include <stdlib.h>
#include <string.h>

#include "engine/shrink.h"
#include "engine/want.h"
#include "export/scenario.h"
#include "report/report.h"

enum { SHRINK_RUNS = 20000 };

/* ---- names ---- */

const char *rpcancel_finding_subject(const struct rpcancel_finding *finding)
{
    if (finding->rule >= 0)
        return rpcancel_rule_at((unsigned)finding->rule)->id;
    return finding->end == RPCANCEL_RUN_CRASHED ? "crash" : "hang";
}

static bool make_name(struct rpcancel_finding *finding)
{
    char *text = rpcancel_report_sequence_text(&finding->sequence);
    const char *subject = rpcancel_finding_subject(finding);
    if (!text)
        return false;
    rpcancel_fingerprint(subject, text, finding->fingerprint);
    free(text);
    snprintf(finding->name, sizeof finding->name, "%.70s-%s", subject, finding->fingerprint);
    for (char *c = finding->name; *c; c++) {
        if (*c == '/')
            *c = '-';
    }
    return true;
}

/* ---- adding ---- */

static bool exhausted(struct rpcancel_findings *findings)
{
    snprintf(findings->failure, sizeof findings->failure, "out of memory");
    return false;
}

static bool add_unshown(struct rpcancel_findings *findings, const char *input, const char *reason)
{
    struct rpcancel_unshown *grown =
        realloc(findings->unshown, (findings->unshown_count + 1) * sizeof findings->unshown[0]);
    if (!grown)
        return exhausted(findings);
    findings->unshown = grown;
    struct rpcancel_unshown *unshown = &grown[findings->unshown_count];
    unshown->input = strdup(input);
    if (!unshown->input)
        return exhausted(findings);
    snprintf(unshown->reason, sizeof unshown->reason, "%s", reason);
    findings->unshown_count++;
    return true;
}

/* Adds |finding|, or counts one more input for the same finding; takes over what it holds. */
static bool add_finding(struct rpcancel_findings *findings, struct rpcancel_finding *finding, const char *input)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (strcmp(findings->list[i].name, finding->name) == 0) {
            findings->list[i].inputs++;
            rpcancel_sequence_free(&finding->sequence);
            return true;
        }
    }
    struct rpcancel_finding *grown = realloc(findings->list, (findings->count + 1) * sizeof findings->list[0]);
    if (grown)
        findings->list = grown;
    finding->input = strdup(input);
    if (!grown || !finding->input) {
        free(finding->input);
        rpcancel_sequence_free(&finding->sequence);
        return exhausted(findings);
    }
    finding->inputs = 1;
    findings->list[findings->count++] = *finding;
    return true;
}

/* ---- one input ---- */

/* Says of |finding| what findings->run shows, which is a run of its sequence. */
static void describe(struct rpcancel_finding *finding, const struct rpcancel_run *run)
{
    if (run->end != RPCANCEL_RUN_VIOLATED) {
        snprintf(finding->failure, sizeof finding->failure, "%s", run->failure);
        return;
    }
    const struct rpcancel_run_step *step = &run->steps[run->last_step];
    rpcancel_answer_print(step->answer, finding->got, sizeof finding->got);
    for (unsigned i = 0; i < run->violated_count; i++) {
        if ((int)run->violated[i] == finding->rule)
            rpcancel_want_print(run->violated[i], &run->where[i], step->operation, finding->want, sizeof finding->want);
    }
}

/* Whether a test of the sequence, which demands what the documents say of it on the reference, fails on the runtime. */
static bool is_testable(const struct rpcancel_findings *findings, const struct rpcancel_finding *finding)
{
    struct rpcancel_scenario scenario;
    if (finding->end != RPCANCEL_RUN_VIOLATED ||
        !rpcancel_scenario_make(&scenario, &finding->sequence, findings->rules->profile, finding->rule))
        return false;
    bool rejects = rpcancel_scenario_rejects(&scenario, &findings->run);
    rpcancel_scenario_free(&scenario);
    return rejects;
}

/* findings->run has just failed on |sequence|. */
static bool take_failure(struct rpcancel_findings *findings, struct rpcancel_sequence *sequence, const char *input)
{
    struct rpcancel_run *run = &findings->run;
    struct rpcancel_finding finding = {.end = run->end,
                                       .rule = run->end == RPCANCEL_RUN_VIOLATED ? run->violated[0] : -1};
    struct rpcancel_shrink_options options = {
        .kind = {finding.end, finding.rule}, .runs = SHRINK_RUNS, .interrupted = findings->interrupted};
    struct rpcancel_shrink_result result;
    rpcancel_shrink(run, findings->runtime, sequence, &options, &result);
    if (result.end == RPCANCEL_SHRINK_BROKEN) {
        snprintf(findings->failure, sizeof findings->failure, "%s", result.failure);
        return false;
    }
    if (result.shown == 0)
        return add_unshown(findings, input, "failed once, and not again");
    finding.shown = result.shown;
    finding.sequence = *sequence;
    *sequence = (struct rpcancel_sequence){0};
    describe(&finding, run);
    finding.testable = is_testable(findings, &finding);
    if (!make_name(&finding)) {
        rpcancel_sequence_free(&finding.sequence);
        return exhausted(findings);
    }
    return add_finding(findings, &finding, input);
}

bool rpcancel_findings_take(struct rpcancel_findings *findings, struct rpcancel_sequence *sequence, const char *input)
{
    struct rpcancel_run *run = &findings->run;
    run->rules = findings->rules;
    run->tallies = NULL;
    findings->inputs++;
    switch (rpcancel_run_sequence(run, findings->runtime, sequence)) {
    case RPCANCEL_RUN_OK:
        return add_unshown(findings, input, "no rule is broken");
    case RPCANCEL_RUN_UNIMPLEMENTED:
        return add_unshown(findings, input, run->failure);
    case RPCANCEL_RUN_BROKEN:
        snprintf(findings->failure, sizeof findings->failure, "%s", run->failure);
        return false;
    default:
        return take_failure(findings, sequence, input);
    }
}

size_t rpcancel_findings_count_new(const struct rpcancel_findings *findings, enum rpcancel_run_end end)
{
    size_t count = 0;
    for (size_t i = 0; i < findings->count; i++)
        count += !findings->list[i].known && findings->list[i].end == end;
    return count;
}

void rpcancel_findings_free(struct rpcancel_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        rpcancel_sequence_free(&findings->list[i].sequence);
        free(findings->list[i].input);
    }
    for (size_t i = 0; i < findings->unshown_count; i++)
        free(findings->unshown[i].input);
    free(findings->list);
    free(findings->unshown);
    rpcancel_run_free(&findings->run);
}
