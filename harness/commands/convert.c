// SPDX-License-Identifier: Apache-2.0
/* rpcancel convert: a sequence from text into binary and back, and as a test; many into a folder. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <sys/stat.h>

#include "capture/record.h"
#include "commands/command.h"
#include "commands/files.h"
#include "commands/outputs.h"
#include "commands/sequence_folder.h"
#include "engine/verdict.h"
#include "export/test_samba.h"
#include "export/test_source.h"
#include "report/output.h"
#include "report/private_findings.h"

static const char *const name = "convert";

static const char help[] =
    "Usage: rpcancel convert [OPTION…] IN OUT\n"
    "       rpcancel convert PATH… FOLDER\n\n"
    "Reads the sequence IN and writes it to OUT in the form that its name tells: .seq is text,\n"
    ".bin is binary, .c is a cmocka test on the façade, .pcapng a capture of the reference server that\n"
    "is sent the sequence; anything else is the form, text or binary, that IN has not. `-` is standard input or "
    "output. Comments are lost. Form of IN: by name, else\n"
    "by content.\n"
    "What is made of a private finding becomes one (docs/disclosure.md).\n"
    "Into a folder, which is there or whose name ends in /, go the sequences of all PATH, files and\n"
    "folders, as fuzzers keep them: in canonical binary form, each named by the SHA-256 of its bytes.\n\n"
    "  --to FORM          text, binary, cmocka, wine (a test function as Wine's tests are written) or, of\n"
    "                     sequences for servers on the wire, samba (a method for Samba's raw_protocol.py)\n"
    "                     or pcapng\n"
    "  --profile P        tests: which rules demand something: documented (default), documented-98,\n"
    "                     windows; samba, and pcapng, of the server: core (default), c706, ms-rpce,\n"
    "                     windows, freedce\n"
    "  --rule ID          tests: the rule that the test is about (default: the last one that decides;\n"
    "                     samba: all of the profile)\n"
    "  --knownfail FILE   samba: also write the line for selftest/knownfail.d that expects it to fail\n";

static void print_help(void)
{
    fputs(help, stdout);
}

enum target { TO_TEXT, TO_BINARY, TO_CMOCKA, TO_WINE, TO_SAMBA, TO_PCAPNG, TO_BY_NAME };

struct request {
    enum target target;
    const char *profile_name; /* as --profile has it; NULL: it was not given */
    enum rpcancel_profile profile;
    enum rpcancel_wire_profile wire_profile;
    int rule; /* index, -1: the last one that decides */
    const char *in, *out, *knownfail;
};

/* ---- one sequence ---- */

static bool write_test(const struct request *request, const struct rpcancel_sequence *sequence, FILE *out)
{
    struct rpcancel_scenario scenario;
    char title[RPCANCEL_MESSAGE_MAX];
    if (!rpcancel_scenario_make(&scenario, sequence, request->profile, request->rule))
        return false;
    snprintf(title, sizeof title, "Written by rpcancel %s from %.400s", RPCANCEL_VERSION, request->in);
    if (request->target == TO_CMOCKA)
        rpcancel_test_source_cmocka(&scenario, title, out);
    else
        rpcancel_test_source_wine(&scenario, title, true, out);
    rpcancel_scenario_free(&scenario);
    return true;
}

/* Writes what |conversation| is as a method, and what is known to fail. False: said why. */
static bool write_method(const struct request *request, const struct rpcancel_conversation *conversation, FILE *out)
{
    const char *obstacle = rpcancel_samba_obstacle(conversation);
    char method[RPCANCEL_SAMBA_NAME_MAX], title[RPCANCEL_MESSAGE_MAX];
    struct rpcancel_output known;
    if (obstacle) {
        rpcancel_say(name, "%s: %s", request->in, obstacle);
        return false;
    }
    rpcancel_samba_name(conversation, request->in, method);
    snprintf(title, sizeof title, "Written by rpcancel %s from %.400s", RPCANCEL_VERSION, request->in);
    rpcancel_test_source_samba(conversation, method, title, out);
    if (!request->knownfail)
        return true;
    if (!rpcancel_output_begin(name, request->knownfail, &known))
        return false;
    rpcancel_samba_knownfail(method, known.file);
    return rpcancel_output_end(name, request->knownfail, &known, true) == RPCANCEL_EXIT_CONFORMANT;
}

static bool write_samba(const struct request *request, const struct rpcancel_sequence *sequence, FILE *out)
{
    struct rpcancel_conversation conversation;
    struct rpcancel_target target;
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    rpcancel_samba_target(&target);
    bool written =
        rpcancel_conversation_make(&conversation, sequence, request->wire_profile, request->rule, &target, failure);
    if (written)
        written = write_method(request, &conversation, out);
    else
        rpcancel_say(name, "%s: %s", request->in, failure);
    rpcancel_conversation_free(&conversation);
    return written;
}

/* What the reference server and its client say to each other. */
static bool write_capture(const struct request *request, const struct rpcancel_sequence *sequence, FILE *out)
{
    enum { PORT = 135 };
    struct rpcancel_conversation conversation;
    struct rpcancel_target target;
    struct rpcancel_record record;
    char failure[RPCANCEL_FAILURE_TEXT_MAX], comment[RPCANCEL_MESSAGE_MAX];
    rpcancel_target_default(&target);
    bool made = rpcancel_conversation_make(&conversation, sequence, request->wire_profile, -1, &target, failure);
    if (!made)
        rpcancel_say(name, "%s: %s", request->in, failure);
    snprintf(comment, sizeof comment, "The reference server of rpcancel %s, profile %s", RPCANCEL_VERSION,
             rpcancel_wire_profile_name(request->wire_profile));
    rpcancel_record_begin(&record, out, PORT, false, comment);
    record.title = request->in;
    rpcancel_record_opened(&record, 0);
    for (size_t i = 0; made && i < conversation.count; i++)
        rpcancel_record_passed(&record, 0, conversation.list[i].during, &conversation.list[i].event, NULL);
    rpcancel_conversation_free(&conversation);
    return made;
}

static bool write_form(const struct request *request, const struct rpcancel_sequence *sequence, FILE *out)
{
    switch (request->target) {
    case TO_TEXT:
        return rpcancel_sequence_write_text(sequence, out);
    case TO_BINARY:
        return rpcancel_sequence_write_bytes(sequence, out);
    case TO_SAMBA:
        return write_samba(request, sequence, out);
    case TO_PCAPNG:
        return write_capture(request, sequence, out);
    default:
        return write_test(request, sequence, out);
    }
}

static int write_sequence(const struct request *request, const struct rpcancel_sequence *sequence)
{
    struct rpcancel_output output;
    if (!rpcancel_output_open(&output, request->out)) {
        rpcancel_say(name, "%s: %s", request->out, strerror(errno));
        return RPCANCEL_EXIT_TROUBLE;
    }
    if (!write_form(request, sequence, output.file)) {
        if (request->target != TO_SAMBA && request->target != TO_PCAPNG) /* which have said why */
            rpcancel_say(name, "%s: cannot be written", request->out);
        rpcancel_output_discard(&output);
        return RPCANCEL_EXIT_TROUBLE;
    }
    return (int)rpcancel_output_end_as(name, request->out, &output, rpcancel_is_private_file(request->in));
}

static enum target target_of(const struct request *request, enum rpcancel_form in)
{
    if (request->target != TO_BY_NAME)
        return request->target;
    enum rpcancel_form form = rpcancel_form_of_name(request->out);
    if (form == RPCANCEL_FORM_UNKNOWN && rpcancel_name_ends_with(request->out, ".c"))
        return TO_CMOCKA;
    if (form == RPCANCEL_FORM_UNKNOWN && rpcancel_name_ends_with(request->out, ".pcapng"))
        return TO_PCAPNG;
    if (form == RPCANCEL_FORM_UNKNOWN)
        form = in == RPCANCEL_FORM_TEXT ? RPCANCEL_FORM_BINARY : RPCANCEL_FORM_TEXT;
    return form == RPCANCEL_FORM_TEXT ? TO_TEXT : TO_BINARY;
}

/* Tells whether the sequence can become what it is to become; else said why not. */
static bool is_fit(const struct request *request, const struct rpcancel_sequence *sequence)
{
    enum rpcancel_test_subject subject = rpcancel_sequence_subject(sequence);
    const char *obstacle = NULL;
    if (request->target == TO_TEXT || request->target == TO_BINARY)
        return true;
    if (sequence->count == 0)
        obstacle = "has no operation, so there is nothing to test";
    else if (request->target == TO_SAMBA && subject != RPCANCEL_SUBJECT_SERVER)
        obstacle = "has no operations of the wire for servers, which Samba's tests are of";
    else if (request->target == TO_PCAPNG && subject != RPCANCEL_SUBJECT_SERVER)
        obstacle = "has no operations of the wire for servers, so no PDUs come of it";
    else if (request->target != TO_SAMBA && request->target != TO_PCAPNG && subject != RPCANCEL_SUBJECT_API)
        obstacle = "has operations of the wire, and tests in C are of the documented functions";
    if (obstacle)
        rpcancel_say(name, "%s: %s", request->in, obstacle);
    return !obstacle;
}

/* It goes into a capture, as far as names tell. */
static bool is_capture(const struct request *request)
{
    return request->target == TO_PCAPNG ||
           (request->target == TO_BY_NAME && request->out && rpcancel_name_ends_with(request->out, ".pcapng"));
}

/* The profiles are those of the API, or of the wire for Samba and captures; false: said that it is none. */
static bool read_profile(struct request *request)
{
    if (!request->profile_name)
        return true;
    if (request->target != TO_SAMBA && !is_capture(request))
        return rpcancel_take_profile(name, request->profile_name, &request->profile);
    return rpcancel_take_wire_profile(name, request->profile_name, &request->wire_profile);
}

static int convert(struct request *request)
{
    struct rpcancel_sequence sequence = {0};
    enum rpcancel_form from;
    bool is_test = rpcancel_name_ends_with(request->out, ".c") || is_capture(request);
    const struct rpcancel_named_output outputs[] = {{"OUT", request->out}, {"--knownfail", request->knownfail}};
    if (!rpcancel_outputs_are_distinct(name, outputs, 2) || !rpcancel_outputs_spare(name, outputs, 2, &request->in, 1))
        return RPCANCEL_EXIT_USAGE;
    if (request->target == TO_BY_NAME && !is_test && !rpcancel_can_hold_sequence(name, request->out))
        return RPCANCEL_EXIT_USAGE;
    int code = RPCANCEL_EXIT_TROUBLE;
    if (rpcancel_sequence_load(name, request->in, &sequence, &from)) {
        request->target = target_of(request, from);
        code = is_fit(request, &sequence) ? write_sequence(request, &sequence) : RPCANCEL_EXIT_TROUBLE;
    }
    rpcancel_sequence_free(&sequence);
    return code;
}

/* ---- many sequences ---- */

static bool is_folder(const char *path)
{
    struct stat status;
    size_t length = strlen(path);
    return (length > 0 && path[length - 1] == '/') || (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

/* Where many sequences go to. */
struct folders {
    struct rpcancel_sequence_folder open;
    struct rpcancel_sequence_folder private; /* has no path until there is something for it */
    char place[RPCANCEL_PRIVATE_PATH_MAX];   /* of that */
};

/* Adds |sequence| to those that nobody else may read. False: said why. */
static bool add_private(struct folders *folders, const struct rpcancel_sequence *sequence)
{
    if (!folders->private.path) {
        if (!rpcancel_private_folder(folders->open.path, folders->place)) {
            rpcancel_cannot_write(name, folders->place);
            return false;
        }
        rpcancel_say_private(name, folders->place);
        if (!rpcancel_sequence_folder_open(&folders->private, name, folders->place))
            return false;
    }
    mode_t before = umask(077);
    bool added = rpcancel_sequence_folder_add(&folders->private, sequence);
    umask(before);
    return added;
}

/* Sequences are written one after the other, as there may be very many. */
static bool convert_into(struct folders *folders, const struct rpcancel_paths *paths)
{
    bool converted = true;
    for (size_t i = 0; i < paths->count; i++) {
        struct rpcancel_sequence sequence = {0};
        enum rpcancel_form form;
        bool written = rpcancel_sequence_load(name, paths->list[i], &sequence, &form);
        converted = converted && written;
        if (!written)
            written = true; /* the others are */
        else if (rpcancel_is_private_file(paths->list[i]))
            written = add_private(folders, &sequence);
        else
            written = rpcancel_sequence_folder_add(&folders->open, &sequence);
        rpcancel_sequence_free(&sequence);
        if (!written)
            return false;
    }
    return converted;
}

/* |in| are the paths that go into |out|. */
static int convert_all(char **in, int count, const char *out)
{
    static struct folders folders; /* large for a stack */
    struct rpcancel_paths paths = {0};
    bool converted = rpcancel_paths_add_all(name, &paths, in, count) &&
                     rpcancel_sequence_folder_open(&folders.open, name, out) && convert_into(&folders, &paths);
    rpcancel_paths_free(&paths);
    return converted ? RPCANCEL_EXIT_CONFORMANT : RPCANCEL_EXIT_TROUBLE;
}

/* ---- the command line ---- */

static bool take_target(struct request *request, const char *value)
{
    static const char *const words[] = {[TO_TEXT] = "text", [TO_BINARY] = "binary", [TO_CMOCKA] = "cmocka",
                                        [TO_WINE] = "wine", [TO_SAMBA] = "samba",   [TO_PCAPNG] = "pcapng"};
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], value) == 0) {
            request->target = (enum target)i;
            return true;
        }
    }
    rpcancel_usage(name, "--to: found \"%s\", expected text, binary, cmocka, wine, samba or pcapng", value);
    return false;
}

static bool take_option(void *context, int option, const char *value)
{
    struct request *request = context;
    switch (option) {
    case 't':
        return take_target(request, value);
    case 'P':
        request->profile_name = value;
        return true;
    case 'k':
        request->knownfail = value;
        return true;
    default:
        request->rule = rpcancel_rule_find(value);
        if (request->rule >= 0)
            return true;
        rpcancel_usage(name, "--rule: there is no rule \"%s\"; `rpcancel rules` lists them", value);
        return false;
    }
}

int rpcancel_command_convert(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"to", required_argument, NULL, 't'},
                                            {"profile", required_argument, NULL, 'P'},
                                            {"rule", required_argument, NULL, 'r'},
                                            {"knownfail", required_argument, NULL, 'k'},
                                            {NULL, 0, NULL, 0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    struct request request = {
        .target = TO_BY_NAME, .profile = RPCANCEL_PROFILE_DOCUMENTED, .wire_profile = RPCANCEL_WIRE_CORE, .rule = -1};
    int refused = rpcancel_options_read(&command_line, argc, argv, &request);
    if (refused >= 0)
        return refused;
    request.out = argc > optind ? argv[argc - 1] : NULL;
    if (!read_profile(&request))
        return RPCANCEL_EXIT_USAGE;
    if (request.knownfail && request.target != TO_SAMBA)
        return rpcancel_usage(name, "--knownfail goes with --to samba");
    if (argc - optind < 2)
        return rpcancel_usage(name, "expected two arguments, IN and OUT, found %d", argc - optind);
    if (is_folder(argv[argc - 1])) {
        if (request.target != TO_BY_NAME && request.target != TO_BINARY)
            return rpcancel_usage(name, "--to: into a folder, here %s, sequences go in binary only", argv[argc - 1]);
        return convert_all(argv + optind, argc - 1 - optind, argv[argc - 1]);
    }
    if (argc - optind > 2)
        return rpcancel_usage(name, "%s: expected a folder, for %d paths", argv[argc - 1], argc - 1 - optind);
    request.in = argv[optind];
    request.out = argv[optind + 1];
    return convert(&request);
}
