// SPDX-License-Identifier: Apache-2.0
/* rpcancel convert: a sequence from text into binary and back. */
#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "commands/command.h"
#include "commands/files.h"
#include "report/output.h"

static const char *const name = "convert";

static const char help[] =
    "Usage: rpcancel convert IN OUT\n\n"
    "Reads the sequence IN and writes it to OUT in the form that its name tells: .seq is text,\n"
    ".bin is binary, anything else is the form that IN has not. `-` is standard input or output.\n"
    "Comments are lost. Form of IN: by name, else by content.\n";

static int write_sequence(const struct rpcancel_sequence *sequence, const char *path, enum rpcancel_form form)
{
    struct rpcancel_output output;
    if (!rpcancel_output_open(&output, path)) {
        rpcancel_say(name, "%s: %s", path, strerror(errno));
        return RPCANCEL_EXIT_TROUBLE;
    }
    bool written = form == RPCANCEL_FORM_TEXT ? rpcancel_sequence_write_text(sequence, output.file)
                                              : rpcancel_sequence_write_bytes(sequence, output.file);
    if (!written) {
        rpcancel_say(name, "%s: cannot be written", path);
        rpcancel_output_discard(&output);
        return RPCANCEL_EXIT_TROUBLE;
    }
    if (!rpcancel_output_commit(&output)) {
        rpcancel_say(name, "%s: %s", path, strerror(errno));
        return RPCANCEL_EXIT_TROUBLE;
    }
    return RPCANCEL_EXIT_CONFORMANT;
}

static int convert(const char *in, const char *out)
{
    struct rpcancel_sequence sequence = {0};
    enum rpcancel_form from;
    if (!rpcancel_can_hold_sequence(name, out))
        return RPCANCEL_EXIT_USAGE;
    int code = RPCANCEL_EXIT_TROUBLE;
    if (rpcancel_sequence_load(name, in, &sequence, &from)) {
        enum rpcancel_form to = rpcancel_form_of_name(out);
        if (to == RPCANCEL_FORM_UNKNOWN)
            to = from == RPCANCEL_FORM_TEXT ? RPCANCEL_FORM_BINARY : RPCANCEL_FORM_TEXT;
        code = write_sequence(&sequence, out, to);
    }
    rpcancel_sequence_free(&sequence);
    return code;
}

int rpcancel_command_convert(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (option != 'h')
            return rpcancel_bad_option(name, option, argv[optind - 1]);
        fputs(help, stdout);
        return RPCANCEL_EXIT_CONFORMANT;
    }
    if (argc - optind != 2)
        return rpcancel_usage(name, "expected two arguments, IN and OUT, found %d", argc - optind);
    return convert(argv[optind], argv[optind + 1]);
}
