// SPDX-License-Identifier: Apache-2.0
/* The program `rpcancel`: finds the command and hands over to it. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/command.h"

static const struct command {
    const char *name;
    const char *summary;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"check", "run the catalogue on a runtime, with a verdict on every rule", rpcancel_command_check},
    {"doctor", "is a runtime reachable and sane? causes and remedies", rpcancel_command_doctor},
    {"replay", "run sequences from files on a runtime", rpcancel_command_replay},
    {"explore", "search the reference exhaustively: do rules, tables and it agree?", rpcancel_command_explore},
    {"random", "run random sequences on a runtime", rpcancel_command_random},
    {"shrink", "make a failing sequence as small as it gets", rpcancel_command_shrink},
    {"mutants", "are the rules strong enough, and not too strong? (the kill matrix)", rpcancel_command_mutants},
    {"suite", "a complete suite: every transition, and whether it led to the right state", rpcancel_command_suite},
    {"coverage", "what of the reference do sequences reach, and what not?", rpcancel_command_coverage},
    {"findings", "what a fuzzer left: made small, told apart, written as tests", rpcancel_command_findings},
    {"convert", "turn a sequence from text into binary and back, or into a test", rpcancel_command_convert},
    {"survey", "what does a runtime do where the documents are silent?", rpcancel_command_survey},
    {"diff", "what changed between two results, and is it worse?", rpcancel_command_diff},
    {"compare", "results of many runtimes side by side, as a page", rpcancel_command_compare},
    {"pcap", "judge captured conversations; write them back with comments", rpcancel_command_pcap},
    {"serve", "the reference server, for clients under test", rpcancel_command_serve},
    {"rules", "list the rules, as text, Markdown or JSON", rpcancel_command_rules},
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_help(FILE *out)
{
    fprintf(out, "rpcancel tests how a runtime cancels asynchronous DCE/RPC calls.\n\n"
                 "Usage: rpcancel COMMAND [OPTION…] [ARGUMENT…]\n\n");
    for (unsigned i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].summary);
    fprintf(out, "\n`rpcancel COMMAND --help` tells more. Also: --help, --version.\n\n"
                 "Exit codes, strongest first: 2 usage · 3 files, harness or infrastructure, interrupted · 4 the\n"
                 "runtime crashed or hung · 5 stale expectation list · 1 not conformant, or a finding · 6 coverage\n"
                 "or speed floor missed · 0 conformant.\n");
}

/* Flushes standard output; results that nobody could read are no results. */
static int finish(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    rpcancel_say(NULL, "cannot write to standard output");
    if (code >= RPCANCEL_BISECT_SKIP)
        return code;
    return (int)rpcancel_exit_stronger((enum rpcancel_exit_code)code, RPCANCEL_EXIT_TROUBLE);
}

/* A standard descriptor that is closed would become one of the next socket or file; what cannot be used that way takes
 * its place. */
static void keep_standard_descriptors(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        /* The lowest that is free is the one that is opened. */
        if (fcntl(descriptor, F_GETFD) < 0 && open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
            return;
    }
}

int main(int argc, char **argv)
{
    keep_standard_descriptors();
    if (argc < 2)
        return rpcancel_usage(NULL, "no command given");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return finish(RPCANCEL_EXIT_CONFORMANT);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("rpcancel %s\n", RPCANCEL_VERSION);
        return finish(RPCANCEL_EXIT_CONFORMANT);
    }
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return finish(commands[i].run(argc - 1, argv + 1));
    }
    return rpcancel_usage(NULL, "there is no %s %s", argv[1][0] == '-' ? "option" : "command", argv[1]);
}
