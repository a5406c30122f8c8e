// SPDX-License-Identifier: Apache-2.0
/* rpcancel suite: a checking set of sequences for the machine that the rules and the reference make. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands/command.h"
#include "commands/suite_folder.h"
#include "commands/suite_mutants.h"
#include "suite/model.h"
#include "suite/two_calls_suite.h"

static const char name[] = "suite";

enum { EXTRA_STATES_MAX = 1, CALLS_MAX = 2 };

struct settings {
    enum rpcancel_profile profile;
    unsigned calls, depth, extra_states;
    bool depth_given, extra_given, profile_given, list, mutants, variants;
    const char *out;
};

static void print_help(void)
{
    printf("Usage: rpcancel suite [OPTION…]\n\n"
           "Makes a complete suite by the HSI method: a way to every state of the machine that one call is, from\n"
           "there every operation, and then the sequences by whose judged answers the state reached is known from\n"
           "others. docs/completeness.md says what a runtime that passes has shown, and what not.\n"
           "`rpcancel check --suite` runs it on a runtime.\n\n"
           "  --extra-states N the runtime may have N states more: 0 (default) or %d\n"
           "  --calls N        1 (default), or 2: the bounded suite of two calls\n"
           "  --depth N        two calls: transitions of sequences of N operations, 1 to %d (default %d)\n"
           "  --profile P      documented (default), documented-98, windows\n"
           "  --list           list the classes of states, and for each what it cannot be told from\n"
           "  --out DIR        write the sequences to the folder DIR, which is new or empty, as text files\n"
           "  --mutants        exercise every mutant: does a rule object, do answers differ from the reference's?\n"
           "  --variants       the same of every variant, to none of which a rule may object\n\n"
           "The last line is `suite: S states in C classes, P sequences, O operations, extra states N`.\n"
           "Exit codes: 0 made; all mutants killed, no variant rejected · 1 otherwise · 2 usage · 3 trouble,\n"
           "interrupted, or more sequences than there is room for.\n",
           EXTRA_STATES_MAX, RPCANCEL_TWO_CALLS_DEPTH_MAX, RPCANCEL_TWO_CALLS_DEPTH_DEFAULT);
}

/* ---- arguments ---- */

static bool take_option(void *context, int option, const char *value)
{
    struct settings *settings = context;
    switch (option) {
    case 'e':
        settings->extra_given = true;
        return rpcancel_take_unsigned(name, "extra-states", value, 0, EXTRA_STATES_MAX, &settings->extra_states);
    case 'c':
        return rpcancel_take_unsigned(name, "calls", value, 1, CALLS_MAX, &settings->calls);
    case 'd':
        settings->depth_given = true;
        return rpcancel_take_unsigned(name, "depth", value, 1, RPCANCEL_TWO_CALLS_DEPTH_MAX, &settings->depth);
    case 'P':
        settings->profile_given = true;
        return rpcancel_take_profile(name, value, &settings->profile);
    case 'l':
        settings->list = true;
        return true;
    case 'm':
        settings->mutants = true;
        return true;
    case 'v':
        settings->variants = true;
        return true;
    default:
        settings->out = value;
        return true;
    }
}

/* Returns -1, or the exit code when options contradict each other. */
static int hold_together(const struct settings *settings)
{
    bool tries = settings->mutants || settings->variants;
    if (settings->mutants && settings->variants)
        return rpcancel_usage(name, "--mutants and --variants exclude each other");
    if (tries && (settings->list || settings->out || settings->profile_given || settings->calls > 1))
        return rpcancel_usage(name,
                              "--%s takes suite and profile as each needs them; of the other options it knows "
                              "--extra-states and --depth",
                              settings->mutants ? "mutants" : "variants");
    if (!tries && settings->depth_given && settings->calls == 1)
        return rpcancel_usage(name, "--depth is for --calls 2; the machine of one call is searched to its end");
    if (settings->calls > 1 && (settings->list || settings->extra_given))
        return rpcancel_usage(name, "--%s is for one call", settings->list ? "list" : "extra-states");
    return -1;
}

static int read_arguments(struct settings *settings, int argc, char **argv)
{
    static const struct option options[] = {{"extra-states", required_argument, NULL, 'e'},
                                            {"calls", required_argument, NULL, 'c'},
                                            {"depth", required_argument, NULL, 'd'},
                                            {"profile", required_argument, NULL, 'P'},
                                            {"list", no_argument, NULL, 'l'},
                                            {"mutants", no_argument, NULL, 'm'},
                                            {"variants", no_argument, NULL, 'v'},
                                            {"out", required_argument, NULL, 'o'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    int refused = rpcancel_options_only(&command_line, argc, argv, settings);
    if (refused >= 0)
        return refused;
    refused = hold_together(settings);
    if (refused >= 0)
        return refused;
    return rpcancel_suite_folder_is_possible(name, settings->out) ? -1 : RPCANCEL_EXIT_TROUBLE;
}

/* ---- the classes ---- */

/* Which classes |class| cannot be told from, as 1, 4-7, …; |told|, by class: it can. */
static void print_ranges(const bool *told, uint32_t classes, uint32_t class)
{
    const char *before = " ";
    for (uint32_t i = 0; i < classes; i++) {
        uint32_t last = i;
        if (told[i] || i == class)
            continue;
        while (last + 1 < classes && !told[last + 1] && last + 1 != class)
            last++;
        printf(last > i ? "%s%" PRIu32 "-%" PRIu32 : "%s%" PRIu32, before, i, last);
        before = ", ";
        i = last;
    }
    printf("\n");
}

static void print_way(const struct rpcancel_suite_model *model, uint32_t pair)
{
    char text[RPCANCEL_OPERATION_TEXT_MAX];
    uint16_t leads[RPCANCEL_ALPHABET_MAX];
    unsigned length = 0;
    for (uint32_t at = pair; at != 0 && length < RPCANCEL_ALPHABET_MAX; at = model->pairs.parents[at])
        leads[length++] = model->pairs.leads[at];
    for (unsigned i = length; i > 0; i--) {
        rpcancel_operation_print(model->alphabet.operations[leads[i - 1]], text, sizeof text);
        printf("%s%s", i == length ? "" : "; ", text);
    }
    printf(length ? "\n" : "the beginning\n");
}

/* The states of |class|: how many, and the first. */
static uint32_t count_states(const struct rpcancel_suite_model *model, uint32_t class, uint32_t *first)
{
    uint32_t count = 0;
    for (uint32_t pair = model->pairs.count; pair-- > 0;) {
        if (model->class_of[pair] == class) {
            *first = pair;
            count++;
        }
    }
    return count;
}

static void print_class(const struct rpcancel_suite_model *model, const struct rpcancel_apart apart[2], uint32_t class,
                        bool *told)
{
    uint32_t certain = 0, either = 0, first = 0, classes = model->machine.states;
    uint32_t states = count_states(model, class, &first);
    for (uint32_t i = 0; i < classes; i++) {
        told[i] = rpcancel_apart_length(&apart[1], class, i) || rpcancel_apart_length(&apart[1], i, class);
        certain += rpcancel_apart_length(&apart[0], class, i) > 0;
        either += told[i];
    }
    printf("class %" PRIu32 ": %" PRIu32 " state%s: ", class, states, states == 1 ? "" : "s");
    print_way(model, first);
    printf("    told from %" PRIu32 " for certain, from %" PRIu32 " if they answer as the reference, not from %" PRIu32
           ":",
           certain, either - certain, classes - 1 - either);
    print_ranges(told, classes, class);
}

static bool print_classes(const struct rpcancel_suite_model *model)
{
    struct rpcancel_apart apart[2] = {{0}, {0}};
    bool *told = calloc(model->machine.states, sizeof *told);
    bool found = told && rpcancel_apart_find(&apart[0], &model->machine, RPCANCEL_APART_CERTAINLY) &&
                 rpcancel_apart_find(&apart[1], &model->machine, RPCANCEL_APART_BY_REFERENCE);
    for (uint32_t number = 0; found && number < model->machine.states; number++)
        print_class(model, apart, number, told);
    rpcancel_apart_close(&apart[0]);
    rpcancel_apart_close(&apart[1]);
    free(told);
    return found;
}

/* ---- the suite ---- */

static enum rpcancel_exit_code no_room(void)
{
    rpcancel_say(name, "there is no room for so many sequences");
    return RPCANCEL_EXIT_TROUBLE;
}

static enum rpcancel_exit_code write_suite(const struct settings *settings, const struct rpcancel_suite *suite,
                                           const struct rpcancel_alphabet *alphabet)
{
    struct rpcancel_suite_texts texts;
    enum rpcancel_exit_code code = RPCANCEL_EXIT_TROUBLE;
    if (!settings->out)
        return RPCANCEL_EXIT_CONFORMANT;
    if (rpcancel_suite_texts_make(&texts, suite, alphabet))
        code = rpcancel_suite_folder_write(name, settings->out, &texts);
    else
        no_room();
    rpcancel_suite_texts_free(&texts);
    return code;
}

static void print_last_line(uint32_t states, uint32_t classes, const struct rpcancel_suite *suite,
                            unsigned extra_states)
{
    struct rpcancel_suite_size size = rpcancel_suite_measure(suite);
    printf("suite: %" PRIu32 " states in %" PRIu32 " classes, %" PRIu32 " sequences, %" PRIu64
           " operations, extra states %u\n",
           states, classes, size.sequences, size.operations, extra_states);
}

static void print_machine(const struct rpcancel_suite_model *model)
{
    const struct rpcancel_identifiers *identifiers = &model->identifiers;
    uint64_t possible = 0, judged = 0, open = 0;
    for (size_t i = 0; i < (size_t)model->machine.states * model->machine.inputs; i++) {
        const struct rpcancel_transition *transition = &model->machine.transitions[i];
        possible += rpcancel_transition_is_possible(transition);
        judged += rpcancel_transition_is_possible(transition) && transition->allowed != RPCANCEL_MACHINE_UNJUDGED;
        open += transition->open;
    }
    printf("%" PRIu64 " transitions, %" PRIu64 " of them judged, %" PRIu64
           " after which it depends on an answer that is left open where it stands\n",
           possible, judged, open);
    printf("%" PRIu64 " pairs of classes told apart for certain, %" PRIu64
           " more where the other one answers as the reference, %" PRIu64 " not; %u sequences for that\n",
           identifiers->pairs[RPCANCEL_PAIRS_CERTAIN], identifiers->pairs[RPCANCEL_PAIRS_BY_REFERENCE],
           identifiers->pairs[RPCANCEL_PAIRS_NOT], identifiers->count);
}

static enum rpcancel_exit_code make_one_call(const struct settings *settings, const struct rpcancel_suite_model *model)
{
    struct rpcancel_suite suite = {0};
    enum rpcancel_exit_code code = RPCANCEL_EXIT_TROUBLE;
    if (settings->list && !print_classes(model))
        return no_room();
    if (rpcancel_suite_open(&suite) &&
        rpcancel_suite_make(&suite, &model->machine, &model->identifiers, settings->extra_states)) {
        code = write_suite(settings, &suite, &model->alphabet);
        print_machine(model);
        print_last_line(model->pairs.count, model->machine.states, &suite, settings->extra_states);
    } else {
        no_room();
    }
    rpcancel_suite_close(&suite);
    return code;
}

static enum rpcancel_exit_code make_two_calls(const struct settings *settings, const struct rpcancel_suite_model *model)
{
    static struct rpcancel_two_calls_suite two; /* large for a stack */
    enum rpcancel_exit_code code = RPCANCEL_EXIT_TROUBLE;
    if (rpcancel_two_calls_suite_make(&two, model, settings->depth)) {
        code = write_suite(settings, &two.suite, &two.alphabet);
        printf("%" PRIu64 " transitions, of sequences of up to %u operations\n", two.transitions, settings->depth);
        print_last_line(two.states, two.classes, &two.suite, 0);
    } else {
        no_room();
    }
    rpcancel_suite_close(&two.suite);
    return code;
}

int rpcancel_command_suite(int argc, char **argv)
{
    struct settings settings = {.calls = 1, .depth = RPCANCEL_TWO_CALLS_DEPTH_DEFAULT};
    int code = read_arguments(&settings, argc, argv);
    if (code >= 0)
        return code;
    rpcancel_interrupts_watch();
    if (settings.mutants || settings.variants)
        return rpcancel_suite_mutants(name, settings.variants, settings.extra_states, settings.depth);
    struct rpcancel_suite_model *model = rpcancel_suite_model_open(settings.profile);
    if (!model)
        return (int)no_room();
    code = (int)(settings.calls == 1 ? make_one_call(&settings, model) : make_two_calls(&settings, model));
    rpcancel_suite_model_close(model);
    return code;
}
