// SPDX-License-Identifier: Apache-2.0
/* What the reports share. */
#include <string.h>

#include "engine/catalogue.h"
#include "report/report.h"
#include "report/text_stream.h"

const char *rpcancel_report_catalogue(const struct rpcancel_report *report)
{
    return report->catalogue ? report->catalogue : rpcancel_catalogue_id;
}

void rpcancel_report_count(const struct rpcancel_check *check, size_t counts[RPCANCEL_VERDICT_WORDS])
{
    memset(counts, 0, RPCANCEL_VERDICT_WORDS * sizeof counts[0]);
    for (size_t i = 0; i < check->rule_count; i++)
        counts[check->rules[i].verdict]++;
}

uint64_t rpcancel_report_unspecified(const struct rpcancel_check *check)
{
    uint64_t sum = 0;
    for (unsigned kind = 0; kind < RPCANCEL_ALL_KINDS; kind++)
        sum += check->tallies.kinds[kind].unspecified;
    return sum;
}

void rpcancel_report_sequence(const struct rpcancel_sequence *sequence, const char *separator, FILE *out)
{
    for (size_t i = 0; i < sequence->count; i++) {
        char text[RPCANCEL_OPERATION_TEXT_MAX];
        rpcancel_operation_print(sequence->items[i].operation, text, sizeof text);
        fprintf(out, "%s%s", i ? separator : "", text);
    }
}

char *rpcancel_report_sequence_text(const struct rpcancel_sequence *sequence)
{
    struct rpcancel_text_stream stream;
    if (!rpcancel_text_stream_begin(&stream))
        return NULL;
    rpcancel_report_sequence(sequence, "\n", stream.out);
    fputc('\n', stream.out);
    return rpcancel_text_stream_end(&stream);
}

const char *rpcancel_report_reason(const struct rpcancel_report *report, const char *name, bool is_rule)
{
    const struct rpcancel_expect_line *entry = report->list ? rpcancel_expect_find(report->list, name, is_rule) : NULL;
    return entry ? entry->reason : "";
}

void rpcancel_report_file_name(const char *id, char *out, size_t size)
{
    snprintf(out, size, "%s.seq", id);
    for (char *c = out; *c; c++) {
        if (*c == '/')
            *c = '-';
    }
}

void rpcancel_report_quote(const char *word, FILE *out)
{
    const char *plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
    if (*word && strspn(word, plain) == strlen(word)) {
        fputs(word, out);
        return;
    }
    fputc('\'', out);
    for (; *word; word++)
        fputs(*word == '\'' ? "'\\''" : (char[]){*word, '\0'}, out);
    fputc('\'', out);
}
