// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE /* vasprintf */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands/command.h"
#include "runtime/clean_text.h"

/* Messages quote arguments and names of files, which may be anybody's. */
static void say(const char *command, const char *format, va_list arguments)
{
    char *message;
    if (vasprintf(&message, format, arguments) < 0)
        message = NULL;
    if (message)
        rpcancel_controls_replace(message, "\n\t", '?');
    fflush(stdout);
    fprintf(stderr, "rpcancel%s%s: %s\n", command ? " " : "", command ? command : "",
            message ? message : "out of memory");
    free(message);
}

void rpcancel_say(const char *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(command, format, arguments);
    va_end(arguments);
}

int rpcancel_usage(const char *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(command, format, arguments);
    va_end(arguments);
    fprintf(stderr, "Try `rpcancel%s%s --help`.\n", command ? " " : "", command ? command : "");
    return RPCANCEL_EXIT_USAGE;
}

/* Says what is wrong with |argument|, at which getopt_long stopped with '?' or ':'. */
static int bad_option(const char *command, int result, const char *argument)
{
    if (result == ':')
        return rpcancel_usage(command, "option %s needs a value", argument);
    if (optopt > 0 && isprint(optopt) && argument[1] != '-')
        return rpcancel_usage(command, "there is no option -%c", optopt);
    if (optopt > 0)
        return rpcancel_usage(command, "option %s takes no value", argument);
    return rpcancel_usage(command, "there is no option %s, or it is not the only one that begins so", argument);
}

int rpcancel_options_read(const struct rpcancel_command_line *line, int argc, char **argv, void *request)
{
    int option;
    while ((option = getopt_long(argc, argv, ":h", line->options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return bad_option(line->command, option, argv[optind - 1]);
        if (option == 'h') {
            line->print_help();
            return RPCANCEL_EXIT_CONFORMANT;
        }
        if (!line->take(request, option, optarg))
            return RPCANCEL_EXIT_USAGE;
    }
    return -1;
}

int rpcancel_options_only(const struct rpcancel_command_line *line, int argc, char **argv, void *request)
{
    int refused = rpcancel_options_read(line, argc, argv, request);
    if (refused >= 0 || optind == argc)
        return refused;
    return rpcancel_usage(line->command, "unexpected argument \"%s\"; it takes options only", argv[optind]);
}

bool rpcancel_number(const char *text, uint64_t limit, uint64_t *number)
{
    char *end;
    if (!isdigit((unsigned char)text[0]))
        return false;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0' || value > limit)
        return false;
    *number = value;
    return true;
}

bool rpcancel_take_profile(const char *command, const char *value, enum rpcancel_profile *profile)
{
    if (rpcancel_profile_from_name(value, profile))
        return true;
    rpcancel_usage(command, "--profile: found \"%s\", expected documented, documented-98 or windows", value);
    return false;
}

bool rpcancel_take_wire_profile(const char *command, const char *value, enum rpcancel_wire_profile *profile)
{
    if (rpcancel_wire_profile_from_name(value, profile))
        return true;
    rpcancel_usage(command, "--profile: found \"%s\", expected core, c706, ms-rpce, windows or freedce", value);
    return false;
}

bool rpcancel_take_slice(const char *command, const char *value, enum rpcancel_slice *slice)
{
    if (rpcancel_slice_from_name(value, slice))
        return true;
    rpcancel_usage(command, "--slice: found \"%s\", expected core, notification or synchronous", value);
    return false;
}

bool rpcancel_take_number(const char *command, const char *option, const char *value, uint64_t least, uint64_t most,
                          uint64_t *number)
{
    if (rpcancel_number(value, most, number) && *number >= least)
        return true;
    rpcancel_usage(command, "--%s: found \"%s\", expected a number from %" PRIu64 " to %" PRIu64, option, value, least,
                   most);
    return false;
}

bool rpcancel_take_unsigned(const char *command, const char *option, const char *value, unsigned least, unsigned most,
                            unsigned *number)
{
    uint64_t read;
    if (!rpcancel_take_number(command, option, value, least, most, &read))
        return false;
    *number = (unsigned)read;
    return true;
}
