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

static enum rpcancel_exit_code save_failure(const char *command, const struct rpcancel_check_rule *row,
                                            const char *folder)
{
    const struct rpcancel_rule *rule = rpcancel_rule_at(row->index);
    struct rpcancel_output output;
    char file[128], *path;
    rpcancel_report_file_name(rule->id, file, sizeof file);
    if (asprintf(&path, "%s/%s", folder, file) < 0)
        return rpcancel_cannot_write(command, folder);
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    if (rpcancel_output_open(&output, path)) {
        fprintf(output.file, "# %s: %s\n# %s\n", rule->id, rule->text, row->message);
        rpcancel_report_sequence(&row->failure.sequence, "\n", output.file);
        fputc('\n', output.file);
        if (!rpcancel_output_commit(&output))
            code = rpcancel_cannot_write(command, path);
    } else {
        code = rpcancel_cannot_write(command, path);
    }
    free(path);
    return code;
}

static enum rpcancel_exit_code save_failures(const char *command, const struct rpcancel_check *check,
                                             const char *folder)
{
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return rpcancel_cannot_write(command, folder);
    for (size_t i = 0; i < check->rule_count; i++) {
        if (check->rules[i].has_failure)
            code = rpcancel_exit_stronger(code, save_failure(command, &check->rules[i], folder));
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
        code = save_failures(command, report->check, outputs->save);
    rpcancel_report_terminal(report, taken ? stderr : stdout);
    code = rpcancel_exit_stronger(code, write_report(command, report, outputs->json, rpcancel_report_json));
    code = rpcancel_exit_stronger(code, write_report(command, report, outputs->junit, rpcancel_report_junit));
    return rpcancel_exit_stronger(code, write_report(command, report, outputs->sarif, rpcancel_report_sarif));
}
