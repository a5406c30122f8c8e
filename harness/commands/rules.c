// SPDX-License-Identifier: Apache-2.0
/* rpcancel rules: the table of rules. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands/command.h"
#include "commands/outputs.h"
#include "engine/check.h"
#include "report/output.h"
#include "report/rules_report.h"

static const char *const name = "rules";

static const char help[] = "Usage: rpcancel rules [OPTION…]\n\n"
                           "Lists the rules. FILE may be - for standard output.\n\n"
                           "  --json FILE        rules and statements as JSON (docs/rules.schema.json)\n"
                           "  --markdown FILE    rules, tables and statements as docs/rules.md has them\n"
                           "  --uncovered        only the rules that no sequence of the catalogue decides on the\n"
                           "                     reference; exit code 6 when there are any\n";

static void print_help(void)
{
    fputs(help, stdout);
}

static bool write_markdown(FILE *out)
{
    rpcancel_rules_markdown(out);
    return true;
}

static enum rpcancel_exit_code write_file(const char *path, bool (*write)(FILE *out))
{
    struct rpcancel_output output;
    if (!rpcancel_output_open(&output, path)) {
        rpcancel_say(name, "%s: %s", path, strerror(errno));
        return RPCANCEL_EXIT_TROUBLE;
    }
    if (!write(output.file)) {
        rpcancel_output_discard(&output);
        rpcancel_say(name, "%s: out of memory", path);
        return RPCANCEL_EXIT_TROUBLE;
    }
    if (rpcancel_output_commit(&output))
        return RPCANCEL_EXIT_CONFORMANT;
    rpcancel_say(name, "%s: %s", path, strerror(errno));
    return RPCANCEL_EXIT_TROUBLE;
}

/* ---- --uncovered ---- */

/* Marks the rules that the catalogue decides on the reference under |profile|. */
static enum rpcancel_exit_code mark_covered(enum rpcancel_profile profile, bool covered[RPCANCEL_RULES_MAX])
{
    static struct rpcancel_check check; /* large for a stack */
    struct rpcancel_runtime_choice choice;
    struct rpcancel_check_options options = {.profile = profile, .strict = true, .interrupted = rpcancel_interrupted()};
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    rpcancel_runtime_choice_init(&choice);
    choice.options.windows_profile = profile == RPCANCEL_PROFILE_WINDOWS;
    struct rpcancel_runtime *runtime = rpcancel_runtime_choice_open(&choice, name, &code);
    if (!runtime)
        return code;
    if (rpcancel_check_prepare(&check, rpcancel_catalogue, rpcancel_catalogue_count, &options) !=
        RPCANCEL_CHECK_PREPARED) {
        rpcancel_say(name, "%s", check.failure);
        code = RPCANCEL_EXIT_TROUBLE;
    } else {
        rpcancel_check_run(&check, runtime);
        for (size_t i = 0; i < check.rule_count; i++)
            covered[check.rules[i].index] |= check.rules[i].checked > 0;
        if (check.interrupted) {
            rpcancel_say(name, "%s", check.failure);
            code = RPCANCEL_EXIT_TROUBLE;
        }
    }
    rpcancel_check_free(&check);
    runtime->functions->close(runtime);
    return code;
}

static enum rpcancel_exit_code list_uncovered(void)
{
    bool covered[RPCANCEL_RULES_MAX] = {false};
    unsigned count = 0;
    for (unsigned profile = 0; profile < RPCANCEL_PROFILES; profile++) {
        enum rpcancel_exit_code code = mark_covered((enum rpcancel_profile)profile, covered);
        if (code != RPCANCEL_EXIT_CONFORMANT)
            return code;
    }
    for (unsigned i = 0; i < rpcancel_rule_count(); i++) {
        if (covered[i])
            continue;
        printf("%s %s\n", rpcancel_rule_at(i)->id, rpcancel_rule_at(i)->text);
        count++;
    }
    printf("%u of %u rules uncovered\n", count, rpcancel_rule_count());
    return count ? RPCANCEL_EXIT_FLOOR : RPCANCEL_EXIT_CONFORMANT;
}

struct request {
    const char *json, *markdown;
    bool uncovered;
};

static bool take_option(void *context, int option, const char *value)
{
    struct request *request = context;
    if (option == 'j')
        request->json = value;
    else if (option == 'm')
        request->markdown = value;
    else
        request->uncovered = true;
    return true;
}

int rpcancel_command_rules(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"json", required_argument, NULL, 'j'},
                                            {"markdown", required_argument, NULL, 'm'},
                                            {"uncovered", no_argument, NULL, 'u'},
                                            {NULL, 0, NULL, 0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    struct request request = {.uncovered = false};
    int refused = rpcancel_options_read(&command_line, argc, argv, &request);
    if (refused >= 0)
        return refused;
    if (optind < argc)
        return rpcancel_usage(name, "found \"%s\", expected no argument", argv[optind]);
    const struct rpcancel_named_output outputs[] = {{"--json", request.json}, {"--markdown", request.markdown}};
    if (!rpcancel_outputs_are_distinct(name, outputs, sizeof outputs / sizeof outputs[0]))
        return RPCANCEL_EXIT_USAGE;
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    if (request.json)
        code = rpcancel_exit_stronger(code, write_file(request.json, rpcancel_rules_json));
    if (request.markdown)
        code = rpcancel_exit_stronger(code, write_file(request.markdown, write_markdown));
    if (request.uncovered)
        code = rpcancel_exit_stronger(code, list_uncovered());
    if (!request.json && !request.markdown && !request.uncovered)
        rpcancel_rules_terminal(stdout);
    return (int)code;
}
