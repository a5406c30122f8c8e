// SPDX-License-Identifier: Apache-2.0
/* rpcancel doctor: is a runtime reachable and sane? */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/outputs.h"
#include "report/doctor_report.h"

static const char *const name = "doctor";

static const char help[] =
    "Usage: rpcancel doctor [OPTION…]\n\n"
    "Tries whether a runtime can be reached and does as it is spoken to, before a check says anything of it: how\n"
    "it starts, what it has, whether it forgets, whose clock it goes by. No rule is judged. Each line is `ok`,\n"
    "`warning` or `problem`, what was tried, what came of it, and what to do. docs/doctor.md goes from symptoms to\n"
    "causes.\n\n" RPCANCEL_RUNTIME_HELP
    "  --json FILE        also as JSON (docs/doctor.schema.json); - is standard output\n\n"
    "The last line is `doctor: N ok, N warnings, N problems`.\n"
    "Exit codes: 0 no problem · 3 the runtime cannot be used, interrupted · 4 it crashed or hung · 2 usage.\n";

static void print_help(void)
{
    fputs(help, stdout);
}

struct request {
    struct rpcancel_runtime_choice choice;
    const char *json;
};

static bool take_option(void *context, int option, const char *value)
{
    struct request *request = context;
    if (option != 'j')
        return rpcancel_runtime_choice_take(&request->choice, name, option, value);
    request->json = value;
    return true;
}

/* A runtime that fell cannot be used, for that reason. */
static enum rpcancel_exit_code code_of(const struct rpcancel_notes *notes)
{
    if (*rpcancel_interrupted())
        return RPCANCEL_EXIT_TROUBLE;
    if (rpcancel_notes_of(notes, RPCANCEL_NOTE_FAILED) > 0)
        return RPCANCEL_EXIT_RUNTIME;
    return rpcancel_notes_are_bad(notes) ? RPCANCEL_EXIT_TROUBLE : RPCANCEL_EXIT_CONFORMANT;
}

static enum rpcancel_exit_code write_json(const struct request *request, const struct rpcancel_doctor_report *report)
{
    struct rpcancel_output output;
    if (!rpcancel_output_begin(name, request->json, &output))
        return RPCANCEL_EXIT_TROUBLE;
    return rpcancel_output_end(name, request->json, &output, rpcancel_doctor_json(report, output.file));
}

static int see_and_report(const struct request *request, struct rpcancel_doctor *doctor)
{
    rpcancel_interrupts_watch();
    rpcancel_doctor_see(doctor);
    if (doctor->usage[0])
        return rpcancel_usage(name, "%s", doctor->usage);
    enum rpcancel_exit_code code = code_of(&doctor->notes);
    const struct rpcancel_doctor_report report = {.doctor = doctor,
                                                  .profile = rpcancel_runtime_choice_profile(&request->choice),
                                                  .is_complete = !*rpcancel_interrupted(),
                                                  .exit_code = (int)code};
    bool json_is_out = rpcancel_output_is_standard(request->json);
    rpcancel_doctor_print(&report, json_is_out ? stderr : stdout);
    if (!report.is_complete)
        rpcancel_say(name, "interrupted");
    if (request->json)
        code = rpcancel_exit_stronger(code, write_json(request, &report));
    return (int)code;
}

int rpcancel_command_doctor(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"json", required_argument, NULL, 'j'},
                                            RPCANCEL_RUNTIME_LONG_OPTIONS,
                                            {NULL, 0, NULL, 0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    static struct rpcancel_doctor doctor; /* large for a stack */
    struct request request = {.json = NULL};
    rpcancel_runtime_choice_init(&request.choice);
    int refused = rpcancel_options_only(&command_line, argc, argv, &request);
    if (refused >= 0)
        return refused;
    const struct rpcancel_named_output output = {"--json", request.json};
    if (!rpcancel_runtime_choice_fits(&request.choice, name) ||
        !rpcancel_runtime_choice_is_spared(&request.choice, name, &output, 1))
        return RPCANCEL_EXIT_USAGE;
    if (!rpcancel_output_is_possible(name, request.json))
        return RPCANCEL_EXIT_TROUBLE;
    doctor.how = request.choice.how;
    doctor.options = request.choice.options;
    doctor.options.interrupted = rpcancel_interrupted();
    doctor.profile = request.choice.profile;
    rpcancel_target_default(&doctor.target);
    if (request.choice.target && !rpcancel_runtime_choice_target(name, request.choice.target, &doctor.target))
        return RPCANCEL_EXIT_TROUBLE;
    doctor.options.target = &doctor.target;
    return see_and_report(&request, &doctor);
}
