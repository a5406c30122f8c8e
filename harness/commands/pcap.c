// SPDX-License-Identifier: Apache-2.0
/* rpcancel pcap: captured conversations, held against the rules of the wire. */
#define _POSIX_C_SOURCE 200809L
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "capture/source.h"
#include "capture/verdicts.h"
#include "commands/command.h"
#include "commands/outputs.h"
#include "commands/sub_commands.h"

static const char *const group = "pcap", *const name = "pcap check";

static const char help[] =
    "Usage: rpcancel pcap check [OPTION…] FILE…\n"
    "       rpcancel pcap annotate [OPTION…] IN OUT\n\n"
    "check reads captures, pcap and pcapng, `-` from standard input; finds DCE/RPC over TCP and UDP on\n"
    "any port; and says which packets break which rule, and what could not be judged. annotate writes\n"
    "IN as pcapng, with a comment on each packet that breaks a rule. docs/captures.md explains.\n\n"
    "  --profile P        which rules apply: core (default), c706, ms-rpce, windows, freedce\n"
    "  --strict           rules of the level should as well\n"
    "  --whole            no datagram is missing: of UDP, judge by what was not seen too\n"
    "  --redact           annotate: keep headers; what else packets carry becomes zeros\n"
    "  --json FILE        check: also as JSON (docs/pcap.schema.json); - is standard output\n\n"
    "The last line of check is `pcap check: N packets, N PDUs judged, N findings`, or `nothing judged`.\n"
    "Exit codes: 0 no rule is broken · 1 one is · 2 usage · 3 nothing judged, or a file that cannot be\n"
    "read to its end.\n";

static void print_help(void)
{
    fputs(help, stdout);
}

struct request {
    enum rpcancel_wire_profile profile;
    bool strict, is_whole;
    const char *json;
};

static bool take_option(void *context, int option, const char *value)
{
    struct request *request = context;
    switch (option) {
    case 's':
        request->strict = true;
        return true;
    case 'w':
        request->is_whole = true;
        return true;
    case 'j':
        request->json = value;
        return true;
    default:
        return rpcancel_take_wire_profile(name, value, &request->profile);
    }
}

static void found(void *context, const struct rpcancel_capture_finding *finding)
{
    rpcancel_verdicts_found(context, finding);
}

/* A read that waits for more, of a pipe, ends at Ctrl-C, so that what was found can be told. */
static void watch_interrupts(void)
{
    struct sigaction action;
    rpcancel_interrupts_watch();
    sigaction(SIGINT, NULL, &action);
    action.sa_flags &= (int)~(unsigned)SA_RESTART;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* ---- check ---- */

static enum rpcancel_exit_code check_file(const struct request *request, struct rpcancel_verdicts *verdicts,
                                          const char *path)
{
    const unsigned binding = ~(unsigned)RPCANCEL_LEVELS_LENIENT;
    const struct rpcancel_capture_settings settings = {.profile = request->profile,
                                                       .levels = request->strict ? ~0u : binding,
                                                       .is_whole = request->is_whole,
                                                       .context = verdicts,
                                                       .found = found};
    struct rpcancel_capture *capture = rpcancel_capture_open(&settings);
    struct rpcancel_source source;
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    if (!capture) {
        rpcancel_say(name, "out of memory");
        return RPCANCEL_EXIT_TROUBLE;
    }
    verdicts->path = path;
    bool is_read = rpcancel_source_open(&source, path) &&
                   rpcancel_source_judge(&source, capture, rpcancel_interrupted()) == RPCANCEL_SOURCE_END;
    rpcancel_verdicts_file(verdicts, capture, is_read ? "" : source.failure);
    if (!is_read) {
        fflush(verdicts->text);
        rpcancel_say(name, "%s: %s", path, source.failure);
        code = RPCANCEL_EXIT_TROUBLE;
    }
    rpcancel_source_close(&source);
    rpcancel_capture_close(capture);
    return code;
}

static enum rpcancel_exit_code check_files(const struct request *request, struct rpcancel_verdicts *verdicts,
                                           char **paths, int count)
{
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    rpcancel_verdicts_begin(verdicts);
    for (int i = 0; i < count && !*rpcancel_interrupted(); i++)
        code = rpcancel_exit_stronger(code, check_file(request, verdicts, paths[i]));
    if (verdicts->findings > 0)
        code = rpcancel_exit_stronger(code, RPCANCEL_EXIT_FINDING);
    if (verdicts->judged == 0)
        code = RPCANCEL_EXIT_TROUBLE;
    return code;
}

static int check(const struct request *request, char **paths, int count)
{
    struct rpcancel_verdicts verdicts = {
        .text = stdout, .profile = request->profile, .strict = request->strict, .is_whole = request->is_whole};
    struct rpcancel_output output;
    const struct rpcancel_named_output named = {"--json", request->json};
    if (!rpcancel_outputs_spare(name, &named, 1, (const char *const *)paths, (size_t)count))
        return RPCANCEL_EXIT_USAGE;
    if (request->json && !rpcancel_output_begin(name, request->json, &output))
        return RPCANCEL_EXIT_TROUBLE;
    if (request->json)
        verdicts.json = output.file;
    if (rpcancel_output_is_standard(request->json))
        verdicts.text = stderr;
    watch_interrupts();
    enum rpcancel_exit_code code = check_files(request, &verdicts, paths, count);
    bool written = rpcancel_verdicts_end(&verdicts);
    if (request->json)
        code = rpcancel_exit_stronger(code, rpcancel_output_end(name, request->json, &output, written));
    return (int)code;
}

/* ---- the command line ---- */

int rpcancel_command_pcap(int argc, char **argv)
{
    static const struct option options[] = {
        {"help", no_argument, NULL, 'h'},       {"profile", required_argument, NULL, 'P'},
        {"strict", no_argument, NULL, 's'},     {"whole", no_argument, NULL, 'w'},
        {"json", required_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
    const bool is_named = argc > 1 && strcmp(argv[1], "check") == 0;
    const struct rpcancel_command_line command_line = {is_named ? name : group, options, print_help, take_option};
    struct request request = {.profile = RPCANCEL_WIRE_CORE};
    if (argc > 1 && strcmp(argv[1], "annotate") == 0)
        return rpcancel_pcap_annotate(argc - 1, argv + 1);
    int refused = rpcancel_options_read(&command_line, argc, argv, &request);
    if (refused >= 0)
        return refused;
    if (optind == argc || strcmp(argv[optind], "check") != 0)
        return rpcancel_usage(group, "expected check or annotate, found %s%s%s", optind == argc ? "nothing" : "\"",
                              optind == argc ? "" : argv[optind], optind == argc ? "" : "\"");
    if (optind + 1 == argc)
        return rpcancel_usage(name, "expected at least one file");
    return check(&request, argv + optind + 1, argc - optind - 1);
}
