// SPDX-License-Identifier: Apache-2.0
/* rpcancel pcap annotate: a capture with comments on the packets that break a rule. */
#define _POSIX_C_SOURCE 200809L
#include <getopt.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "capture/annotate.h"
#include "commands/command.h"
#include "commands/outputs.h"
#include "commands/sub_commands.h"
#include "report/private_findings.h"

static const char *const name = "pcap annotate";

static const char help[] =
    "Usage: rpcancel pcap annotate [OPTION…] IN OUT\n\n"
    "Writes the capture IN as pcapng to OUT, with a comment on each packet that breaks a rule. IN is read\n"
    "twice. docs/captures.md explains.\n\n"
    "  --profile P        which rules apply: core (default), c706, ms-rpce, windows, freedce\n"
    "  --strict           rules of the level should as well\n"
    "  --whole            no datagram is missing: of UDP, judge by what was not seen too\n"
    "  --redact           keep headers; what else packets carry, stub data, tokens, everything that is not\n"
    "                     DCE/RPC, becomes zeros, and checksums fit\n\n"
    "The last line is `pcap annotate: N packets, N with comments`. Exit codes as those of pcap check.\n";

static void print_help(void)
{
    fputs(help, stdout);
}

static bool take_option(void *context, int option, const char *value)
{
    struct rpcancel_annotation_request *request = context;
    switch (option) {
    case 's':
        request->levels = ~0u;
        return true;
    case 'w':
        request->is_whole = true;
        return true;
    case 'r':
        request->redact = true;
        return true;
    default:
        return rpcancel_take_wire_profile(name, value, &request->profile);
    }
}

/* A pipe cannot be read twice, and what would be overwritten not at all. */
static bool is_fit(const char *in, const char *out)
{
    const struct rpcancel_named_output both[] = {{"IN", in}, {"OUT", out}};
    struct stat status;
    if (!rpcancel_outputs_are_distinct(name, both, 2))
        return false;
    if (!rpcancel_output_is_standard(in) && (stat(in, &status) != 0 || S_ISREG(status.st_mode)))
        return true; /* or is not there, which is said later */
    rpcancel_usage(name, "%s is no file, and IN is read twice", in);
    return false;
}

static int annotate(struct rpcancel_annotation_request *request, const char *out)
{
    struct rpcancel_annotation_result result;
    struct rpcancel_output output;
    if (!rpcancel_output_begin(name, out, &output))
        return RPCANCEL_EXIT_TROUBLE;
    request->out = output.file;
    request->interrupted = rpcancel_interrupted();
    rpcancel_interrupts_watch();
    bool is_begun = rpcancel_annotate(request, &result);
    enum rpcancel_exit_code code = result.findings ? RPCANCEL_EXIT_FINDING : RPCANCEL_EXIT_CONFORMANT;
    if (!is_begun)
        rpcancel_output_discard(&output);
    else
        code = rpcancel_exit_stronger(
            code, rpcancel_output_end_as(name, out, &output, rpcancel_is_private_file(request->in)));
    if (!is_begun || !result.is_complete) {
        rpcancel_say(name, "%s: %s", request->in, result.failure);
        code = RPCANCEL_EXIT_TROUBLE;
    }
    FILE *text = rpcancel_output_is_standard(out) ? stderr : stdout;
    if (is_begun && result.judged == 0) {
        fprintf(text, "nothing judged\n");
        code = RPCANCEL_EXIT_TROUBLE;
    }
    if (is_begun)
        fprintf(text, "pcap annotate: %" PRIu64 " packets, %" PRIu64 " with comments\n", result.packets,
                result.commented);
    return (int)code;
}

int rpcancel_pcap_annotate(int argc, char **argv)
{
    static const struct option options[] = {
        {"help", no_argument, NULL, 'h'},   {"profile", required_argument, NULL, 'P'},
        {"strict", no_argument, NULL, 's'}, {"whole", no_argument, NULL, 'w'},
        {"redact", no_argument, NULL, 'r'}, {NULL, 0, NULL, 0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    struct rpcancel_annotation_request request = {.profile = RPCANCEL_WIRE_CORE,
                                                  .levels = ~(unsigned)RPCANCEL_LEVELS_LENIENT};
    int refused = rpcancel_options_read(&command_line, argc, argv, &request);
    if (refused >= 0)
        return refused;
    if (argc - optind != 2)
        return rpcancel_usage(name, "expected two arguments, IN and OUT, found %d", argc - optind);
    request.in = argv[optind];
    return is_fit(argv[optind], argv[optind + 1]) ? annotate(&request, argv[optind + 1]) : RPCANCEL_EXIT_USAGE;
}
