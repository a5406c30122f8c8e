// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "commands/check_outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands/command.h"
#include "commands/outputs.h"
#include "report/output.h"
#include "report/private_findings.h"

typedef bool write_function(const struct rpcancel_report *report, FILE *out);

bool rpcancel_check_outputs_are_possible(const char *command, const struct rpcancel_check_outputs *outputs)
{
    return rpcancel_output_is_possible(command, outputs->json) &&
           rpcancel_output_is_possible(command, outputs->junit) &&
           rpcancel_output_is_possible(command, outputs->sarif) && rpcancel_folder_is_possible(command, outputs->save);
}

static enum rpcancel_exit_code write_report(const char *command, const struct rpcancel_report *report, const char *path,
                                            write_function *write)
{
    struct rpcancel_output output;
    if (!path)
        return RPCANCEL_EXIT_CONFORMANT;
    if (!rpcancel_output_begin(command, path, &output))
        return RPCANCEL_EXIT_TROUBLE;
    return rpcancel_output_end(command, path, &output, write(report, output.file));
}

/* A failing sequence to be saved. */
struct failing {
    const char *name;    /* of the rule or sequence, "races/late-reply.seq" */
    const char *text;    /* what the rule says; NULL: none is blamed */
    const char *message; /* what came */
    const struct rpcancel_sequence *sequence;
    size_t count; /* of its items, so many from the first on */
    enum rpcancel_run_end end;
    bool fell_later; /* |message| is of what came before the runtime crashed or hung */
};

static void write_failing(const struct failing *failing, FILE *out)
{
    struct rpcancel_sequence shown = *failing->sequence;
    bool crashed = failing->end == RPCANCEL_RUN_CRASHED;
    shown.count = failing->count;
    fprintf(out, "# %s%s%s\n", failing->name, failing->text ? ": " : "", failing->text ? failing->text : "");
    if (failing->fell_later)
        fprintf(out, "# %s\n# The runtime %s after that.\n", failing->message, crashed ? "crashed" : "was lost");
    else
        fprintf(out, "# %s%s\n", crashed ? "The runtime crashed: " : "", failing->message);
    rpcancel_report_sequence(&shown, "\n", out);
    fputc('\n', out);
}

/* Sets |*kept_private| when that is where it went. */
static enum rpcancel_exit_code save_failing(const char *command, const struct failing *failing,
                                            const struct rpcancel_report *report, const char *folder,
                                            bool *kept_private)
{
    struct rpcancel_output output;
    char file[128], *path, instead[RPCANCEL_PRIVATE_PATH_MAX];
    bool is_private = rpcancel_is_private(failing->end, report->how);
    rpcancel_report_file_name(failing->name, file, sizeof file);
    char *twice = strstr(file, ".seq.seq"); /* a sequence's name has it already */
    if (twice)
        twice[strlen(".seq")] = '\0';
    if (asprintf(&path, "%s/%s", folder, file) < 0)
        return rpcancel_cannot_write(command, folder);
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    rpcancel_private_path(folder, instead); /* until the file has a name there */
    bool opened = is_private ? rpcancel_private_open(&output, path, instead) : rpcancel_output_open(&output, path);
    if (opened)
        write_failing(failing, output.file);
    if (!opened || !rpcancel_output_commit(&output))
        code = rpcancel_cannot_write(command, is_private ? instead : path);
    else
        *kept_private |= is_private;
    free(path);
    return code;
}

/* Rules that are blamed for a crash have sequences of their own. One that nothing was asked of before it shows nothing:
 * the runtime does not start. */
static bool crashed(const struct rpcancel_check_sequence *row)
{
    return row->verdict == RPCANCEL_VERDICT_CRASH && rpcancel_check_is_unblamed(row) && row->taken > 0;
}

/* Whether both crash with an operation of the same kind, or both at the reset. */
static bool crash_alike(const struct rpcancel_check_sequence *row, const struct rpcancel_check_sequence *other)
{
    if (row->at_reset || other->at_reset)
        return row->at_reset == other->at_reset;
    return row->sequence.items[row->taken - 1].operation.kind == other->sequence.items[other->taken - 1].operation.kind;
}

/* Whether |row| crashes the runtime, and no shorter one, or one before it, does so alike. */
static bool is_shortest_crash(const struct rpcancel_check *check, const struct rpcancel_check_sequence *row)
{
    if (!crashed(row))
        return false;
    for (size_t i = 0; i < check->sequence_count; i++) {
        const struct rpcancel_check_sequence *other = &check->sequences[i];
        if (crashed(other) && crash_alike(row, other) &&
            (other->taken < row->taken || (other->taken == row->taken && other < row)))
            return false;
    }
    return true;
}

/* Where no rule is to blame, what is to be saved is a sequence of the catalogue, up to there. */
static enum rpcancel_exit_code save_crashes(const char *command, const struct rpcancel_report *report,
                                            const char *folder, bool *kept_private)
{
    const struct rpcancel_check *check = report->check;
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    for (size_t i = 0; i < check->sequence_count; i++) {
        const struct rpcancel_check_sequence *row = &check->sequences[i];
        if (!is_shortest_crash(check, row))
            continue;
        const struct failing failing = {row->name, NULL, row->message, &row->sequence, row->taken, RPCANCEL_RUN_CRASHED,
                                        false};
        code = rpcancel_exit_stronger(code, save_failing(command, &failing, report, folder, kept_private));
    }
    return code;
}

static enum rpcancel_exit_code save_failures(const char *command, const struct rpcancel_report *report,
                                             const char *folder)
{
    const struct rpcancel_check *check = report->check;
    bool kept_private = false;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return rpcancel_cannot_write(command, folder);
    enum rpcancel_exit_code code = save_crashes(command, report, folder, &kept_private);
    for (size_t i = 0; i < check->rule_count; i++) {
        const struct rpcancel_check_rule *row = &check->rules[i];
        const struct rpcancel_rule *rule = rpcancel_rule_at(row->index);
        const struct rpcancel_check_failure *failure = &row->failure;
        const struct failing failing = {rule->id,
                                        rule->text,
                                        row->message,
                                        &failure->sequence,
                                        failure->sequence.count,
                                        failure->end,
                                        failure->got[0] && failure->end != RPCANCEL_RUN_VIOLATED};
        if (row->has_failure)
            code = rpcancel_exit_stronger(code, save_failing(command, &failing, report, folder, &kept_private));
    }
    if (kept_private) {
        char place[RPCANCEL_PRIVATE_PATH_MAX];
        rpcancel_private_path(folder, place);
        rpcancel_say_private(command, place);
    }
    return code;
}

enum rpcancel_exit_code rpcancel_check_write(const char *command, const struct rpcancel_report *report,
                                             const struct rpcancel_check_outputs *outputs)
{
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    bool taken = rpcancel_output_is_standard(outputs->json) || rpcancel_output_is_standard(outputs->junit) ||
                 rpcancel_output_is_standard(outputs->sarif);
    if (outputs->save)
        code = save_failures(command, report, outputs->save);
    rpcancel_report_terminal(report, taken ? stderr : stdout);
    code = rpcancel_exit_stronger(code, write_report(command, report, outputs->json, rpcancel_report_json));
    code = rpcancel_exit_stronger(code, write_report(command, report, outputs->junit, rpcancel_report_junit));
    return rpcancel_exit_stronger(code, write_report(command, report, outputs->sarif, rpcancel_report_sarif));
}
