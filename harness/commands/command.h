// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_COMMAND_H
#define RPCANCEL_COMMAND_H
/*
 * The commands of the program `rpcancel`, and what they share: messages on standard error, and the options that say
 * which runtime is meant.
 *
 * A command takes its name as argv[0], prints its results on standard output and everything else on standard error,
 * and returns the exit code. To add one: a file with its function, and a line in the table of main.c.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "commands/exit_code.h"
#include "engine/alphabet.h"
#include "rules/judge.h"
#include "runtime/runtime.h"
#include "wire/profile.h"

int rpcancel_command_check(int argc, char **argv);
int rpcancel_command_replay(int argc, char **argv);
int rpcancel_command_convert(int argc, char **argv);
int rpcancel_command_compare(int argc, char **argv);
int rpcancel_command_coverage(int argc, char **argv);
int rpcancel_command_diff(int argc, char **argv);
int rpcancel_command_doctor(int argc, char **argv);
int rpcancel_command_explore(int argc, char **argv);
int rpcancel_command_mutants(int argc, char **argv);
int rpcancel_command_findings(int argc, char **argv);
int rpcancel_command_pcap(int argc, char **argv);
int rpcancel_command_random(int argc, char **argv);
int rpcancel_command_rules(int argc, char **argv);
int rpcancel_command_serve(int argc, char **argv);
int rpcancel_command_shrink(int argc, char **argv);
int rpcancel_command_suite(int argc, char **argv);
int rpcancel_command_survey(int argc, char **argv);

/* rpcancel_say prints one line `rpcancel COMMAND: MESSAGE` on standard error. */
__attribute__((format(printf, 2, 3))) void rpcancel_say(const char *command, const char *format, ...);

/* rpcancel_usage does the same, adds where help is to be had, and returns RPCANCEL_EXIT_USAGE. */
__attribute__((format(printf, 2, 3))) int rpcancel_usage(const char *command, const char *format, ...);

struct option; /* of <getopt.h> */

/* What a command takes. */
struct rpcancel_command_line {
    const char *command;
    const struct option *options; /* for getopt_long, --help with the letter h among them */
    void (*print_help)(void);     /* on standard output */
    /* Takes one other option into |request|; false, and said why, when its value is no good. */
    bool (*take)(void *request, int option, const char *value);
};

/* rpcancel_options_read reads the options of a command; those that are wrong it names. Returns -1 to go on,
 * argv[optind] being the first argument that is no option; else the exit code: help was asked for and given, or usage.
 */
int rpcancel_options_read(const struct rpcancel_command_line *line, int argc, char **argv, void *request);

/* rpcancel_options_only is rpcancel_options_read for a command that takes options and nothing else. */
int rpcancel_options_only(const struct rpcancel_command_line *line, int argc, char **argv, void *request);

/* rpcancel_number reads |text|, all of it, as a decimal number up to |limit|. */
bool rpcancel_number(const char *text, uint64_t limit, uint64_t *number);

/* rpcancel_take_profile reads the value of --profile of the API; false, and said so, when there is no such profile. */
bool rpcancel_take_profile(const char *command, const char *value, enum rpcancel_profile *profile);

/* rpcancel_take_wire_profile reads the value of --profile of the wire, likewise. */
bool rpcancel_take_wire_profile(const char *command, const char *value, enum rpcancel_wire_profile *profile);

/* rpcancel_take_slice reads the value of --slice; false, and said so, when there is no such slice. */
bool rpcancel_take_slice(const char *command, const char *value, enum rpcancel_slice *slice);

/* rpcancel_take_number reads the value of --|option| as a decimal number from |least| to |most|; false, and said so,
 * when it is none. */
bool rpcancel_take_number(const char *command, const char *option, const char *value, uint64_t least, uint64_t most,
                          uint64_t *number);

/* rpcancel_take_unsigned is the same for a smaller number. */
bool rpcancel_take_unsigned(const char *command, const char *option, const char *value, unsigned least, unsigned most,
                            unsigned *number);

/* ---- the runtime that is meant ---- */

struct rpcancel_runtime_choice {
    const char *how; /* "reference" unless --runtime says otherwise */
    struct rpcancel_runtime_options options;
    enum rpcancel_profile profile;
    const char *profile_name; /* as --profile has it; NULL: it has none */
    const char *target;       /* file that describes the server it speaks to; NULL: none */
};

/* For tables of getopt_long; their results are these letters, which commands leave to
 * rpcancel_runtime_choice_take. */
#define RPCANCEL_RUNTIME_LONG_OPTIONS                                                                 \
    {"runtime", required_argument, NULL, 'R'}, {"profile", required_argument, NULL, 'P'},             \
        {"hide-delivery", no_argument, NULL, 'H'}, {"seed", required_argument, NULL, 'S'},            \
        {"deadline", required_argument, NULL, 'D'}, {"start-deadline", required_argument, NULL, 'T'}, \
        {"in-process", no_argument, NULL, 'I'}, {"target", required_argument, NULL, 'G'},             \
        {"allow-host", no_argument, NULL, 'A'},                                                       \
    {                                                                                                 \
        "mutant", required_argument, NULL, 'M'                                                        \
    }

#define RPCANCEL_RUNTIME_HELP                                                                  \
    "  --runtime R        what to run: reference (default), child:COMMAND, plugin:FILE and\n"  \
    "                     arguments for it (words split as a shell would; no shell runs),\n"   \
    "                     tcp:HOST:PORT, a server that is spoken to in PDUs, or\n"             \
    "                     tcp-listen:[PORT:]COMMAND, a client that {host} and {port} in its\n" \
    "                     words lead to us (docs/tcp.md)\n"                                    \
    "  --target FILE      tcp: what the server is (default: rpcancel serve)\n"                 \
    "  --allow-host       tcp: HOST may be another machine\n"                                  \
    "  --in-process       plugin: load it into this process, not into one of its own\n"        \
    "  --profile P        which rules apply: documented (default), documented-98, windows;\n"  \
    "                     of the wire: core (default), c706, ms-rpce, windows, freedce\n"      \
    "  --deadline MS      how long an answer, or a client, may take, in milliseconds\n"        \
    "                     (default 5000)\n"                                                    \
    "  --start-deadline MS\n"                                                                  \
    "                     how long a child or plugin may take to be up (default 30000)\n"      \
    "  --hide-delivery    reference: messages arrive at random and unseen\n"                   \
    "  --seed N           of that, decimal (default 1)\n"                                      \
    "  --mutant NAME      reference: run this mutant or variant of it\n"

/* rpcancel_runtime_choice_init sets the defaults. */
void rpcancel_runtime_choice_init(struct rpcancel_runtime_choice *choice);

/* rpcancel_runtime_choice_take takes one option; false when its value is no good, which it has said then. Options it
 * does not know must not be passed. */
bool rpcancel_runtime_choice_take(struct rpcancel_runtime_choice *choice, const char *command, int option,
                                  const char *value);

/* rpcancel_runtime_choice_fits tells whether its options are such as go with its runtime; else it has said which is
 * not. */
bool rpcancel_runtime_choice_fits(const struct rpcancel_runtime_choice *choice, const char *command);

/* rpcancel_runtime_choice_is_spared tells whether none of |count| outputs is a file that the runtime is made of, as far
 * as a whole word of its command, a plugin or a target names it; what is found by PATH is not looked for. False: said
 * which, as a mistake in usage. */
struct rpcancel_named_output; /* commands/outputs.h */
bool rpcancel_runtime_choice_is_spared(const struct rpcancel_runtime_choice *choice, const char *command,
                                       const struct rpcancel_named_output *outputs, size_t count);

/* rpcancel_runtime_choice_open opens it, if its options fit, and watches for Ctrl-C from then on (below), since a
 * runtime may not even start. NULL: said why, and |*code| is the exit code. */
struct rpcancel_runtime *rpcancel_runtime_choice_open(const struct rpcancel_runtime_choice *choice, const char *command,
                                                      enum rpcancel_exit_code *code);

/* rpcancel_suggest_doctor says, behind trouble with a runtime, what looks for its cause. */
void rpcancel_suggest_doctor(const char *command);

/* rpcancel_runtime_choice_target reads the file |path| that --target names; false, and said why, when it is none. */
struct rpcancel_target; /* runtime/target.h */
bool rpcancel_runtime_choice_target(const char *command, const char *path, struct rpcancel_target *target);

/* rpcancel_runtime_choice_rules fills |set| with the rules that are in force for it, of the levels in the mask
 * |levels|. */
void rpcancel_runtime_choice_rules(const struct rpcancel_runtime_choice *choice, struct rpcancel_rule_set *set,
                                   unsigned levels);

/* rpcancel_runtime_choice_profile returns the name of the profile that they belong to. Static storage. */
const char *rpcancel_runtime_choice_profile(const struct rpcancel_runtime_choice *choice);

/* rpcancel_runtime_choice_is_of_api tells whether it is no runtime that is spoken to in PDUs; says that |command| is
 * not for those otherwise. */
bool rpcancel_runtime_choice_is_of_api(const struct rpcancel_runtime_choice *choice, const char *command);

/* rpcancel_runtime_choice_close closes |runtime|. Where it did not end as it should, says so and returns the exit code
 * of that; where a server is suspected of showing its memory, keeps that private and returns RPCANCEL_EXIT_FINDING;
 * else RPCANCEL_EXIT_CONFORMANT. */
enum rpcancel_exit_code rpcancel_runtime_choice_close(struct rpcancel_runtime *runtime, const char *command);

/* rpcancel_runtime_choice_write writes the options, but --runtime, that differ from the defaults into |out|, each
 * with a blank before it, cut to |size|. */
void rpcancel_runtime_choice_write(const struct rpcancel_runtime_choice *choice, char *out, size_t size);

/* ---- git bisect ---- */

enum { RPCANCEL_BISECT_OPTION = 'b' };
#define RPCANCEL_BISECT_LONG_OPTION                         \
    {                                                       \
        "bisect", no_argument, NULL, RPCANCEL_BISECT_OPTION \
    }
#define RPCANCEL_BISECT_HELP                                                                       \
    "  --bisect           exit codes for `git bisect run`: 0 good, also with a stale list; 1 or\n" \
    "                     4 bad; 125 skip, for trouble; 128 stop, for usage or interrupted\n"

/* rpcancel_asks_for_bisect tells whether --bisect is among the arguments: a mistake in those before it ends a bisection
 * as well. */
bool rpcancel_asks_for_bisect(int argc, char **argv);

/* rpcancel_end_for_bisect returns the exit code of a command that ends with |code|, an enum rpcancel_exit_code, as `git
 * bisect run` wants it. */
int rpcancel_end_for_bisect(int code);

/* ---- progress on a terminal ---- */

/* rpcancel_progress_of_shrinking returns what shows the progress of shrinking on standard error; NULL when that is no
 * terminal. rpcancel_progress_clear wipes what was shown. */
void (*rpcancel_progress_of_shrinking(void))(void *context, unsigned runs, size_t length);
void rpcancel_progress_clear(void);

/* ---- Ctrl-C ---- */

/* rpcancel_interrupts_watch makes SIGINT and SIGTERM set the flag that rpcancel_interrupted returns; another such
 * signal, a second later or more, ends the program at once. */
void rpcancel_interrupts_watch(void);
const volatile sig_atomic_t *rpcancel_interrupted(void);

#endif
