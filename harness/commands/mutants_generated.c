// SPDX-License-Identifier: Apache-2.0
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/sub_commands.h"
#include "engine/classify.h"
#include "engine/generated.h"
#include "engine/hidden.h"
#include "engine/profile_choices.h"
#include "sequence/sequence.h"

static const char name[] = "mutants";
static const uint64_t memory = UINT64_C(2) << 30;

struct settings {
    bool list;
    const char *match; /* names that have it in them; NULL: all */
    const char *mutant_class;
    bool hide_delivery;
    struct rpcancel_classify_options classify;
};

/* What became of all, and in which cells the documents leave room for the unspecified ones. */
struct tally {
    unsigned total;
    unsigned counts[RPCANCEL_MUTANT_CLASSES];
    unsigned kinds[RPCANCEL_FAULT_KINDS][RPCANCEL_MUTANT_CLASSES];
    unsigned places[RPCANCEL_PRODUCT_PLACES];
    unsigned accounts; /* unspecified ones in which something arrives or starts otherwise than in the reference */
};

static void print_help(void)
{
    printf(
        "Usage: rpcancel mutants --generated [OPTION…]\n\n"
        "Tries every defect that can be made of the tables of the machine of one call: in each class of states and "
        "for\n"
        "each operation another answer, another next state, an effect that stays away or comes twice, a guard less\n"
        "(docs/mutants.md). Exhaustive search shows of each that it is\n\n"
        "  killed       a rule is broken: which one, and the shortest sequence to that\n"
        "  equivalent   side by side with the reference it never answers otherwise\n"
        "  unspecified  it does, but only where the documents leave room; the cells are listed\n"
        "  missed       anything else: something is wrong with the rules\n\n"
        "  --slice NAME   core (default), or synchronous: in what threads that wait for calls are asked, what becomes\n"
        "                 of them, and RpcTestCancel; takes long\n"
        "  --list         say which there are\n"
        "  --match TEXT   only those that have TEXT in their names\n"
        "  --class C      print killed, equivalent, unspecified or missed ones only; all are counted\n"
        "  --earlier N    earlier calls of the handle that may live on: 0 (default) or 1, which takes long\n"
        "  --hide-delivery\n"
        "                 messages arrive unseen: only traces count, and sets of accounts; takes long\n"
        "  --profile P    documented (default), documented-98, windows\n"
        "  --without R    without the rule R, to see what it is worth\n\n"
        "Exit codes: 0 none missed · 1 otherwise · 2 usage · 3 trouble, interrupted.\n");
}

static bool take_class(struct settings *settings, const char *value)
{
    settings->mutant_class = value;
    for (unsigned i = 0; i < RPCANCEL_MUTANT_UNDECIDED; i++) {
        if (strcmp(rpcancel_mutant_class_name((enum rpcancel_mutant_class)i), value) == 0)
            return true;
    }
    rpcancel_usage(name, "--class: found \"%s\", expected killed, equivalent, unspecified or missed", value);
    return false;
}

static bool take_profile(struct rpcancel_classify_options *classify, const char *value)
{
    bool is_taken = rpcancel_take_profile(name, value, &classify->profile);
    classify->choices = rpcancel_profile_choices(classify->profile);
    return is_taken;
}

static bool take_rule(struct rpcancel_classify_options *classify, const char *value)
{
    int rule = rpcancel_rule_find(value);
    if (rule >= 0 && !rpcancel_rule_is_of_wire(rpcancel_rule_at((unsigned)rule))) {
        classify->without_rule = rpcancel_rule_at((unsigned)rule);
        return true;
    }
    rpcancel_usage(name, "--without: there is no rule %s of the API (see `rpcancel rules`)", value);
    return false;
}

static bool take_option(void *context, int option, const char *value)
{
    struct settings *settings = context;
    uint64_t number = 0;
    switch (option) {
    case 'l':
        settings->list = true;
        return true;
    case 'S':
        return rpcancel_take_slice(name, value, &settings->classify.slice);
    case 'm':
        settings->match = value;
        return true;
    case 'c':
        return take_class(settings, value);
    case 'e':
        if (!rpcancel_take_number(name, "earlier", value, 0, 1, &number))
            return false;
        settings->classify.earlier = (unsigned)number;
        return true;
    case 'H':
        settings->hide_delivery = true;
        return true;
    case 'P':
        return take_profile(&settings->classify, value);
    case 'w':
        return take_rule(&settings->classify, value);
    default: /* --generated */
        return true;
    }
}

static int read_arguments(struct settings *settings, int argc, char **argv)
{
    static const struct option options[] = {{"slice", required_argument, NULL, 'S'},
                                            {"generated", no_argument, NULL, 'g'},
                                            {"list", no_argument, NULL, 'l'},
                                            {"match", required_argument, NULL, 'm'},
                                            {"class", required_argument, NULL, 'c'},
                                            {"earlier", required_argument, NULL, 'e'},
                                            {"profile", required_argument, NULL, 'P'},
                                            {"hide-delivery", no_argument, NULL, 'H'},
                                            {"without", required_argument, NULL, 'w'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    int code = rpcancel_options_only(&command_line, argc, argv, settings);
    if (code < 0 && settings->classify.slice == RPCANCEL_SLICE_NOTIFICATION)
        return rpcancel_usage(name, "--slice: none are generated of notifications; expected core or synchronous");
    if (code < 0 && settings->classify.slice != RPCANCEL_SLICE_CORE && settings->hide_delivery)
        return rpcancel_usage(name, "--hide-delivery: only of the core");
    return code;
}

/* ---- what was found ---- */

static void print_operations(const struct rpcancel_operation *operations, unsigned count)
{
    char text[RPCANCEL_OPERATION_TEXT_MAX];
    for (unsigned i = 0; i < count; i++) {
        rpcancel_operation_print(operations[i], text, sizeof text);
        printf("%s %s", i ? ";" : ":", text);
    }
}

static void print_place(unsigned number)
{
    struct rpcancel_cell_place place = rpcancel_product_place_at(number);
    const struct rpcancel_table *table = rpcancel_table_at(place.table);
    printf("%s × %s", table->row_names[place.row], table->column_names[place.column]);
}

/* The first difference of each sort that matters for the class. */
static void print_difference(const struct rpcancel_product_result *product, enum rpcancel_difference difference)
{
    static const char *const words[RPCANCEL_DIFFERENCES] = {"not said",          "left open",    "another account",
                                                            "the stub's affair", "not answered", "not allowed"};
    const struct rpcancel_product_path *path = &product->first[difference];
    char answer[RPCANCEL_ANSWER_TEXT_MAX], other[RPCANCEL_ANSWER_TEXT_MAX];
    if (path->length == 0)
        return;
    rpcancel_answer_print(path->answer, answer, sizeof answer);
    rpcancel_answer_print(path->other, other, sizeof other);
    printf("  %s", words[difference]);
    print_operations(path->operations,
                     path->length < RPCANCEL_PRODUCT_PATH_MAX ? path->length : RPCANCEL_PRODUCT_PATH_MAX);
    printf(" => %s instead of %s\n", answer, other);
}

static void print_classification(const char *fault, const struct rpcancel_classification *found)
{
    printf("%s %s", fault, rpcancel_mutant_class_name(found->mutant_class));
    if (found->mutant_class == RPCANCEL_MUTANT_KILLED) {
        const struct rpcancel_explore_result *explore = &found->explore;
        printf(" by %s, %u operation%s", rpcancel_rule_at((unsigned)explore->violated_rule)->id, explore->path_length,
               explore->path_length == 1 ? "" : "s");
        print_operations(explore->path, explore->path_length);
    }
    printf("\n");
    bool has_product =
        found->mutant_class == RPCANCEL_MUTANT_UNSPECIFIED || found->mutant_class == RPCANCEL_MUTANT_MISSED;
    for (unsigned i = 0; has_product && i < RPCANCEL_DIFFERENCES; i++)
        print_difference(&found->product, (enum rpcancel_difference)i);
}

static void print_hidden(const char *fault, const struct rpcancel_hidden_result *found)
{
    char answer[RPCANCEL_ANSWER_TEXT_MAX];
    printf("%s %s", fault, rpcancel_mutant_class_name(found->mutant_class));
    if (found->mutant_class == RPCANCEL_MUTANT_KILLED)
        printf(" by %s", rpcancel_rule_at((unsigned)found->rule)->id);
    if (found->path_length > 0) {
        rpcancel_answer_print(found->answer, answer, sizeof answer);
        printf(", %u operation%s", found->path_length, found->path_length == 1 ? "" : "s");
        print_operations(found->path, found->path_length < RPCANCEL_PRODUCT_PATH_MAX ? found->path_length
                                                                                     : RPCANCEL_PRODUCT_PATH_MAX);
        printf(" => %s", answer);
    }
    printf("\n");
}

static void count(struct tally *tally, const struct rpcancel_fault *fault, enum rpcancel_mutant_class mutant_class)
{
    tally->total++;
    tally->counts[mutant_class]++;
    tally->kinds[fault->kind][mutant_class]++;
}

static void count_places(struct tally *tally, const struct rpcancel_product_result *product)
{
    tally->accounts += product->counts[RPCANCEL_DIFFERENCE_ACCOUNTS] > 0;
    for (unsigned place = 0; place < RPCANCEL_PRODUCT_PLACES; place++)
        tally->places[place] += product->places[RPCANCEL_DIFFERENCE_SILENT][place] ||
                                product->places[RPCANCEL_DIFFERENCE_LEFT_OPEN][place] ||
                                product->places[RPCANCEL_DIFFERENCE_STUB][place];
}

static void print_places(const struct tally *tally)
{
    printf("\nwhere unspecified ones answer otherwise\n");
    for (unsigned place = 0; place < RPCANCEL_PRODUCT_PLACES; place++) {
        if (tally->places[place] == 0)
            continue;
        printf("%8u  ", tally->places[place]);
        print_place(place);
        printf("\n");
    }
    printf("%8u  a message or a manager routine stays away, or comes otherwise than in the reference\n",
           tally->accounts);
}

static void print_tally(const struct tally *tally, bool has_places)
{
    printf("\n%-12s %8s %8s %10s %11s %6s\n", "kind", "mutants", "killed", "equivalent", "unspecified", "missed");
    for (unsigned kind = RPCANCEL_FAULT_CODE; kind < RPCANCEL_FAULT_KINDS; kind++) {
        const unsigned *counts = tally->kinds[kind];
        unsigned total = 0;
        for (unsigned i = 0; i < RPCANCEL_MUTANT_CLASSES; i++)
            total += counts[i];
        printf("%-12s %8u %8u %10u %11u %6u\n", rpcancel_fault_kind_name((enum rpcancel_fault_kind)kind), total,
               counts[RPCANCEL_MUTANT_KILLED], counts[RPCANCEL_MUTANT_EQUIVALENT], counts[RPCANCEL_MUTANT_UNSPECIFIED],
               counts[RPCANCEL_MUTANT_MISSED]);
    }
    if (has_places)
        print_places(tally);
    printf("\nmutants: generated %u: %u killed, %u equivalent, %u unspecified, %u missed\n", tally->total,
           tally->counts[RPCANCEL_MUTANT_KILLED], tally->counts[RPCANCEL_MUTANT_EQUIVALENT],
           tally->counts[RPCANCEL_MUTANT_UNSPECIFIED], tally->counts[RPCANCEL_MUTANT_MISSED]);
}

static int conclude(const struct tally *tally)
{
    if (*rpcancel_interrupted() || tally->counts[RPCANCEL_MUTANT_UNDECIDED]) {
        rpcancel_say(name, "%s", *rpcancel_interrupted() ? "interrupted" : "no memory");
        return RPCANCEL_EXIT_TROUBLE;
    }
    return tally->counts[RPCANCEL_MUTANT_MISSED] ? RPCANCEL_EXIT_FINDING : RPCANCEL_EXIT_CONFORMANT;
}

static bool is_asked_for(const struct settings *settings, enum rpcancel_mutant_class mutant_class)
{
    return !settings->mutant_class || strcmp(settings->mutant_class, rpcancel_mutant_class_name(mutant_class)) == 0;
}

/* Classifies one with delivery controlled. */
static void try_controlled(const struct settings *settings, const struct rpcancel_fault *fault, const char *text,
                           struct tally *tally)
{
    static struct rpcancel_classification found;
    const struct rpcancel_stepper step = {.fault = *fault};
    rpcancel_classify(&step, &settings->classify, &found);
    count(tally, fault, found.mutant_class);
    if (found.mutant_class == RPCANCEL_MUTANT_UNSPECIFIED)
        count_places(tally, &found.product);
    if (is_asked_for(settings, found.mutant_class))
        print_classification(text, &found);
}

/* Classifies one with delivery hidden. */
static void try_hidden(const struct settings *settings, struct rpcancel_hidden *hidden,
                       const struct rpcancel_fault *fault, const char *text, struct tally *tally)
{
    static struct rpcancel_hidden_result found;
    const struct rpcancel_stepper step = {.fault = *fault};
    rpcancel_hidden_classify(hidden, &step, &found);
    count(tally, fault, found.mutant_class);
    if (is_asked_for(settings, found.mutant_class))
        print_hidden(text, &found);
}

/* |hidden|: NULL where delivery is controlled. */
static int try_all(const struct settings *settings, const struct rpcancel_generated *list,
                   struct rpcancel_hidden *hidden)
{
    static struct tally tally;
    char text[RPCANCEL_FAULT_NAME_MAX];
    bool has_match = false;
    for (unsigned i = 0; i < list->count && !*rpcancel_interrupted(); i++) {
        rpcancel_fault_print(&list->faults[i], text);
        if (settings->match && !strstr(text, settings->match))
            continue;
        has_match = true;
        if (settings->list)
            printf("%s\n", text);
        else if (hidden)
            try_hidden(settings, hidden, &list->faults[i], text, &tally);
        else
            try_controlled(settings, &list->faults[i], text, &tally);
    }
    if (!has_match && settings->match && !*rpcancel_interrupted())
        return rpcancel_usage(name, "--match: no generated mutant has \"%s\" in its name", settings->match);
    if (settings->list)
        return RPCANCEL_EXIT_CONFORMANT;
    print_tally(&tally, !hidden);
    return conclude(&tally);
}

int rpcancel_mutants_generated(int argc, char **argv)
{
    struct settings settings = {.classify = {.choices = &rpcancel_choices_documented, .memory = memory}};
    struct rpcancel_generated list;
    int code = read_arguments(&settings, argc, argv);
    if (code >= 0)
        return code;
    settings.classify.stop = rpcancel_interrupted();
    rpcancel_interrupts_watch();
    rpcancel_tables_init();
    if (!rpcancel_generated_open(&list, settings.classify.choices, settings.classify.slice,
                                 settings.classify.earlier)) {
        rpcancel_say(name, "no memory");
        return RPCANCEL_EXIT_TROUBLE;
    }
    struct rpcancel_hidden *hidden = settings.hide_delivery ? rpcancel_hidden_open(&settings.classify) : NULL;
    if (hidden || !settings.hide_delivery) {
        code = try_all(&settings, &list, hidden);
    } else {
        rpcancel_say(name, "no memory");
        code = RPCANCEL_EXIT_TROUBLE;
    }
    if (hidden)
        rpcancel_hidden_close(hidden);
    rpcancel_generated_close(&list);
    return code;
}
