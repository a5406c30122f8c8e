// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "findings/finding_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/failure.h"
#include "export/test_source.h"
#include "report/output.h"
#include "report/private_findings.h"
#include "report/report.h"

/* Writes one file of a finding; |folder| is the one above its own. */
typedef bool write_function(const struct rpcancel_finding *finding, const struct rpcancel_finding_context *context,
                            const char *folder, FILE *out);

const char *rpcancel_finding_word(const struct rpcancel_finding *finding)
{
    if (finding->end == RPCANCEL_RUN_VIOLATED)
        return "FAIL";
    return finding->end == RPCANCEL_RUN_CRASHED ? "CRASH" : "HANG";
}

void rpcancel_finding_place(const struct rpcancel_finding *finding, const struct rpcancel_finding_context *context,
                            const char *folder, char place[RPCANCEL_FINDING_PATH_MAX])
{
    if (rpcancel_is_private(finding->end, context->how))
        rpcancel_private_path(folder, place);
    else
        snprintf(place, RPCANCEL_FINDING_PATH_MAX, "%.4000s", folder);
}

static void print_again(const struct rpcancel_finding *finding, const struct rpcancel_finding_context *context,
                        const char *folder, FILE *out)
{
    char place[RPCANCEL_FINDING_PATH_MAX], path[RPCANCEL_FINDING_PATH_MAX];
    rpcancel_finding_place(finding, context, folder, place);
    snprintf(path, sizeof path, "%.3950s/%s/sequence.seq", place, finding->name);
    fputs("  again     rpcancel replay --strict --runtime ", out);
    rpcancel_report_quote(context->how, out);
    fprintf(out, "%s ", context->options);
    if (path[0] == '-')
        fputs("./", out);
    rpcancel_report_quote(path, out);
    fputc('\n', out);
}

void rpcancel_finding_print(const struct rpcancel_finding *finding, const struct rpcancel_finding_context *context,
                            const char *folder, FILE *out)
{
    fprintf(out, "%s %s%s\n", rpcancel_finding_word(finding), finding->name, finding->known ? " (known)" : "");
    if (finding->rule >= 0) {
        const struct rpcancel_rule *rule = rpcancel_rule_at((unsigned)finding->rule);
        fprintf(out, "  rule      %s (%s)\n            %s\n", rule->id,
                rpcancel_level_name((enum rpcancel_level)rule->level), rule->text);
        fprintf(out, "  got       %s\n  want      %s\n", finding->got, finding->want);
    } else {
        fprintf(out, "  what      %s\n", finding->failure);
    }
    fputs("  sequence  ", out);
    rpcancel_report_sequence(&finding->sequence, "; ", out);
    fprintf(out, "\n  shown     %u of %d runs; %zu input%s, the first is %s\n", finding->shown, (int)RPCANCEL_ATTEMPTS,
            finding->inputs, finding->inputs == 1 ? "" : "s", finding->input);
    if (finding->rule >= 0)
        fprintf(out, "  source    %s\n", rpcancel_rule_at((unsigned)finding->rule)->source);
    if (folder)
        print_again(finding, context, folder, out);
}

/* ---- the files ---- */

static bool write_text(const struct rpcancel_finding *finding, const struct rpcancel_finding_context *context,
                       const char *folder, FILE *out)
{
    rpcancel_finding_print(finding, context, folder, out);
    fprintf(out, "  runtime   %s%s%s, profile %s\n", context->runtime->name, context->runtime->version[0] ? " " : "",
            context->runtime->version, rpcancel_profile_name(context->profile));
    if (finding->rule >= 0 && !finding->testable)
        fputs("  tests     test.c and wine_test.c do not show it: on the reference the sequence takes another course\n",
              out);
    return true;
}

size_t rpcancel_finding_head_lines(const struct rpcancel_finding *finding)
{
    return finding->rule >= 0 ? 2 : 1;
}

static bool write_sequence(const struct rpcancel_finding *finding, const struct rpcancel_finding_context *context,
                           const char *folder, FILE *out)
{
    (void)context;
    (void)folder;
    if (finding->rule >= 0) {
        const struct rpcancel_rule *rule = rpcancel_rule_at((unsigned)finding->rule);
        fprintf(out, "# %s: %s\n# The last answer was %s; wanted: %s.\n", rule->id, rule->text, finding->got,
                finding->want);
    } else {
        fprintf(out, "# %s: %s\n", rpcancel_finding_word(finding), finding->failure);
    }
    return rpcancel_sequence_write_text(&finding->sequence, out);
}

static bool write_test(const struct rpcancel_finding *finding, const struct rpcancel_finding_context *context,
                       bool wine, FILE *out)
{
    struct rpcancel_scenario scenario;
    char title[RPCANCEL_MESSAGE_MAX];
    if (!rpcancel_scenario_make(&scenario, &finding->sequence, context->profile, finding->rule)) {
        errno = ENOMEM;
        return false;
    }
    snprintf(title, sizeof title, "Found by rpcancel %s on %s%s%s", RPCANCEL_VERSION, context->runtime->name,
             context->runtime->version[0] ? " " : "", context->runtime->version);
    if (wine)
        rpcancel_test_source_wine(&scenario, title, true, out);
    else
        rpcancel_test_source_cmocka(&scenario, title, out);
    rpcancel_scenario_free(&scenario);
    return true;
}

static bool write_cmocka(const struct rpcancel_finding *finding, const struct rpcancel_finding_context *context,
                         const char *folder, FILE *out)
{
    (void)folder;
    return write_test(finding, context, false, out);
}

static bool write_wine(const struct rpcancel_finding *finding, const struct rpcancel_finding_context *context,
                       const char *folder, FILE *out)
{
    (void)folder;
    return write_test(finding, context, true, out);
}

static bool copy_input(const struct rpcancel_finding *finding, const struct rpcancel_finding_context *context,
                       const char *folder, FILE *out)
{
    char bytes[4096];
    size_t count;
    (void)context;
    (void)folder;
    FILE *in = fopen(finding->input, "re");
    if (!in)
        return false;
    while ((count = fread(bytes, 1, sizeof bytes, in)) > 0)
        fwrite(bytes, 1, count, out);
    bool read = !ferror(in);
    fclose(in);
    return read;
}

static bool write_file(const struct rpcancel_finding *finding, const struct rpcancel_finding_context *context,
                       const char *above, const char *name, write_function *write,
                       char failed[RPCANCEL_FINDING_PATH_MAX])
{
    struct rpcancel_output output;
    char place[RPCANCEL_FINDING_PATH_MAX];
    rpcancel_finding_place(finding, context, above, place);
    snprintf(failed, RPCANCEL_FINDING_PATH_MAX, "%.3950s/%s/%s", place, finding->name, name);
    if (!rpcancel_output_open(&output, failed))
        return false;
    if (!write(finding, context, above, output.file)) {
        int error = errno;
        rpcancel_output_discard(&output);
        errno = error;
        return false;
    }
    return rpcancel_output_commit(&output);
}

static bool write_all(const struct rpcancel_finding *finding, const struct rpcancel_finding_context *context,
                      const char *folder, char failed[RPCANCEL_FINDING_PATH_MAX])
{
    static const struct file {
        const char *name;
        write_function *write;
        bool of_rules; /* only findings that break a rule have it */
    } files[] = {
        {"input", copy_input, false},      {"sequence.seq", write_sequence, false}, {"test.c", write_cmocka, true},
        {"wine_test.c", write_wine, true}, {"finding.txt", write_text, false},
    };
    char place[RPCANCEL_FINDING_PATH_MAX], own[RPCANCEL_FINDING_PATH_MAX - 32];
    rpcancel_finding_place(finding, context, folder, place);
    if (snprintf(own, sizeof own, "%s/%s", place, finding->name) >= (int)sizeof own) {
        snprintf(failed, RPCANCEL_FINDING_PATH_MAX, "%s", folder);
        errno = ENAMETOOLONG;
        return false;
    }
    if (mkdir(own, 0777) != 0 && errno != EEXIST) {
        snprintf(failed, RPCANCEL_FINDING_PATH_MAX, "%s", own);
        return false;
    }
    for (unsigned i = 0; i < sizeof files / sizeof files[0]; i++) {
        if ((finding->rule >= 0 || !files[i].of_rules) &&
            !write_file(finding, context, folder, files[i].name, files[i].write, failed))
            return false;
    }
    return true;
}

bool rpcancel_finding_write(const struct rpcancel_finding *finding, const struct rpcancel_finding_context *context,
                            const char *folder, char failed[RPCANCEL_FINDING_PATH_MAX])
{
    if (!rpcancel_is_private(finding->end, context->how))
        return write_all(finding, context, folder, failed);
    if (!rpcancel_private_folder(folder, failed))
        return false;
    mode_t before = umask(077);
    bool written = write_all(finding, context, folder, failed);
    int reason = errno;
    umask(before);
    errno = reason;
    return written;
}

bool rpcancel_finding_is_saved(const char *folder, const char *name)
{
    static const char *const places[] = {"%s/%s/finding.txt", "%s/findings/%s/finding.txt",
                                         "%s/" RPCANCEL_PRIVATE_FOLDER "/%s/finding.txt",
                                         "%s/findings/" RPCANCEL_PRIVATE_FOLDER "/%s/finding.txt"};
    struct stat status;
    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
        char path[RPCANCEL_FINDING_PATH_MAX];
        snprintf(path, sizeof path, places[i], folder, name); // NOLINT(clang-diagnostic-format-nonliteral)
        if (stat(path, &status) == 0)
            return true;
    }
    return false;
}
