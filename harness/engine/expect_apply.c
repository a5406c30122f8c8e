// SPDX-License-Identifier: Apache-2.0
/* Holding an expectation list against a check, and mending it. */
#include <string.h>

#include "engine/expect_list.h"

static const char *const fixme = "FIXME: why, and a link that tells more";

/* ---- finding ---- */

struct rpcancel_expect_line *rpcancel_expect_find(const struct rpcancel_expect_list *list, const char *name,
                                                  bool is_rule)
{
    struct rpcancel_expect_line *wildcard = NULL;
    for (size_t i = 0; i < list->count; i++) {
        struct rpcancel_expect_line *line = &list->lines[i];
        if (!line->is_entry)
            continue;
        if (!line->wildcard && strcmp(line->subject, name) == 0)
            return line;
        if (line->wildcard && (is_rule || line->is_now_and_then) &&
            strncmp(line->subject, name, strlen(line->subject)) == 0)
            wildcard = line;
    }
    return wildcard;
}

/* Whether |entry| names this verdict and the start of this message. */
static bool fits_entry(const struct rpcancel_expect_line *entry, enum rpcancel_verdict_word verdict,
                       const char *message)
{
    return entry->verdict == verdict && strncmp(entry->message, message, strlen(entry->message)) == 0;
}

static bool is_known(const struct rpcancel_check *check, const struct rpcancel_expect_line *entry)
{
    for (unsigned i = 0; i < rpcancel_rule_all(); i++) {
        const char *id = rpcancel_rule_at(i)->id;
        if (entry->wildcard ? strncmp(id, entry->subject, strlen(entry->subject)) == 0
                            : strcmp(id, entry->subject) == 0)
            return true;
    }
    for (size_t i = 0; i < check->sequence_count; i++) {
        const char *name = check->sequences[i].name;
        if (entry->wildcard ? entry->is_now_and_then && strncmp(name, entry->subject, strlen(entry->subject)) == 0
                            : strcmp(name, entry->subject) == 0)
            return true;
    }
    return false;
}

/* ---- applying ---- */

static bool becomes_expected_failure(enum rpcancel_verdict_word verdict)
{
    return verdict == RPCANCEL_VERDICT_FAIL || verdict == RPCANCEL_VERDICT_CRASH || verdict == RPCANCEL_VERDICT_HANG ||
           verdict == RPCANCEL_VERDICT_NONSTRICT;
}

/* Holds |entry| against the verdict on |name|; changes |*verdict| accordingly and returns whether it is excused. */
static bool apply(struct rpcancel_expect_line *entry, const char *name, enum rpcancel_verdict_word *verdict,
                  const char *message)
{
    if (fits_entry(entry, *verdict, message)) {
        if (becomes_expected_failure(*verdict))
            *verdict = RPCANCEL_VERDICT_XFAIL;
        return true;
    }
    if (entry->is_now_and_then)
        return false;
    if (*verdict == RPCANCEL_VERDICT_PASS) {
        snprintf(entry->stale, sizeof entry->stale, "%s passes, listed as %s", name,
                 rpcancel_verdict_text(entry->verdict));
        *verdict = RPCANCEL_VERDICT_XPASS;
    } else {
        snprintf(entry->stale, sizeof entry->stale, "%s is %s \"%.300s\", listed as %s", name,
                 rpcancel_verdict_text(*verdict), message, rpcancel_verdict_text(entry->verdict));
    }
    return false;
}

/* Whether what was found out about a rule is enough to hold its entry against it: where sequences were left out, or not
 * got to, what they would have shown is not known. */
static bool is_decided(const struct rpcancel_check *check, enum rpcancel_verdict_word verdict)
{
    bool is_all = check->complete && check->chosen_count == check->sequence_count;
    return is_all || verdict != RPCANCEL_VERDICT_SKIP;
}

size_t rpcancel_expect_apply(struct rpcancel_expect_list *list, struct rpcancel_check *check)
{
    size_t stale = 0;
    for (size_t i = 0; i < check->rule_count; i++) {
        struct rpcancel_check_rule *row = &check->rules[i];
        const char *id = rpcancel_rule_at(row->index)->id;
        struct rpcancel_expect_line *entry = rpcancel_expect_find(list, id, true);
        if (entry && (is_decided(check, row->verdict) || fits_entry(entry, row->verdict, row->message)))
            row->listed = apply(entry, id, &row->verdict, row->message);
    }
    for (size_t i = 0; i < check->sequence_count; i++) {
        struct rpcancel_check_sequence *row = &check->sequences[i];
        struct rpcancel_expect_line *entry = rpcancel_expect_find(list, row->name, false);
        bool reached = row->chosen && (check->complete || row->verdict != RPCANCEL_VERDICT_SKIP);
        if (entry && reached)
            row->listed = apply(entry, row->name, &row->verdict, row->message);
    }
    for (size_t i = 0; i < list->count; i++) {
        struct rpcancel_expect_line *line = &list->lines[i];
        if (line->is_entry && !is_known(check, line))
            snprintf(line->stale, sizeof line->stale, "no rule%s is called %.200s%s",
                     line->wildcard ? "" : " or sequence", line->subject, line->wildcard ? "*" : "");
        stale += line->stale[0] != '\0';
    }
    return stale;
}

/* ---- mending ---- */

/* A rule or a sequence that was checked, as lists see it. */
struct subject {
    const char *name;
    enum rpcancel_verdict_word verdict;
    const char *message;
    bool needs_entry;
    bool is_rule;
};

static size_t subject_count(const struct rpcancel_check *check)
{
    return check->rule_count + check->sequence_count;
}

static struct subject subject_at(const struct rpcancel_check *check, size_t position)
{
    if (position < check->rule_count) {
        const struct rpcancel_check_rule *row = &check->rules[position];
        bool problem = rpcancel_check_is_problem(check, row);
        return (struct subject){rpcancel_rule_at(row->index)->id, row->verdict, row->message, problem, true};
    }
    const struct rpcancel_check_sequence *row = &check->sequences[position - check->rule_count];
    bool failed = row->verdict == RPCANCEL_VERDICT_CRASH || row->verdict == RPCANCEL_VERDICT_HANG;
    return (struct subject){row->name, row->verdict, row->message, failed && !row->attributed, false};
}

static void write_entry(FILE *out, const struct subject *subject, const char *reason)
{
    fprintf(out, "%s %s \"", rpcancel_verdict_text(subject->verdict), subject->name);
    for (const char *c = subject->message; *c; c++)
        fprintf(out, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    fprintf(out, "\" # %s\n", reason);
}

static bool is_failing(enum rpcancel_verdict_word verdict)
{
    return verdict != RPCANCEL_VERDICT_PASS && verdict != RPCANCEL_VERDICT_SKIP &&
           verdict != RPCANCEL_VERDICT_HARNESS_ERROR;
}

/* Whether the entry need not change for what was found. */
static bool is_right(const struct rpcancel_expect_line *entry, const struct subject *subject)
{
    bool is_open = entry->is_now_and_then && (entry->wildcard || !is_failing(subject->verdict));
    return is_open || fits_entry(entry, subject->verdict, subject->message);
}

/* Writes |entry| as it should be: the reason stays where the verdict does. Entries about what was not checked stay, as
 * do those that fit. */
static void mend_entry(const struct rpcancel_expect_list *list, const struct rpcancel_check *check,
                       const struct rpcancel_expect_line *entry, FILE *out)
{
    bool fits = true;
    for (size_t i = 0; i < subject_count(check); i++) {
        struct subject subject = subject_at(check, i);
        if (rpcancel_expect_find(list, subject.name, subject.is_rule) == entry)
            fits &= is_right(entry, &subject);
    }
    if (fits) {
        if (is_known(check, entry))
            fprintf(out, "%s\n", entry->text);
        return;
    }
    for (size_t i = 0; i < subject_count(check); i++) {
        struct subject subject = subject_at(check, i);
        if (rpcancel_expect_find(list, subject.name, subject.is_rule) == entry && is_failing(subject.verdict))
            write_entry(out, &subject, subject.verdict == entry->verdict ? entry->reason : fixme);
    }
}

void rpcancel_expect_fix(const struct rpcancel_expect_list *list, const struct rpcancel_check *check, FILE *out)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->lines[i].is_entry)
            mend_entry(list, check, &list->lines[i], out);
        else
            fprintf(out, "%s\n", list->lines[i].text);
    }
    for (size_t i = 0; i < subject_count(check); i++) {
        struct subject subject = subject_at(check, i);
        const struct rpcancel_expect_line *entry = rpcancel_expect_find(list, subject.name, subject.is_rule);
        bool is_listed = entry && (!entry->is_now_and_then || !entry->wildcard ||
                                   fits_entry(entry, subject.verdict, subject.message));
        if (subject.needs_entry && !is_listed)
            write_entry(out, &subject, fixme);
    }
}
