// SPDX-License-Identifier: Apache-2.0
/*
 * Mutants that are data: their names, their classes, that each class can be told from the others, and that what kills
 * one in a search breaks the same rule when it is run. Mutants after reports: that there are enough.
 */
#include "engine/classify.h"
#include "engine/generated.h"
#include "engine/hidden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/run.h"
#include "runtime/runtime.h"

static struct rpcancel_classification found;

static void classify_slice(const struct rpcancel_stepper *step, enum rpcancel_slice slice,
                           enum rpcancel_profile profile, const char *without)
{
    const struct rpcancel_classify_options options = {
        .slice = slice,
        .profile = profile,
        .choices = &rpcancel_choices_documented,
        .without_rule = without ? rpcancel_rule_at((unsigned)rpcancel_rule_find(without)) : NULL,
        .memory = UINT64_C(1) << 30,
    };
    rpcancel_tables_init();
    rpcancel_classify(step, &options, &found);
}

static void classify_step(const struct rpcancel_stepper *step, enum rpcancel_profile profile, const char *without)
{
    classify_slice(step, RPCANCEL_SLICE_CORE, profile, without);
}

static enum rpcancel_mutant_class classify(const char *name, const char *without)
{
    struct rpcancel_stepper step;
    if (!rpcancel_stepper_find(name, strlen(name), &step, NULL))
        fail_msg("%s is no name", name);
    classify_step(&step, RPCANCEL_PROFILE_DOCUMENTED, without);
    return found.mutant_class;
}

/* ---- names ---- */

static void check_names(enum rpcancel_slice slice)
{
    struct rpcancel_generated list, again;
    char name[RPCANCEL_FAULT_NAME_MAX], before[RPCANCEL_FAULT_NAME_MAX] = "";
    unsigned kinds[RPCANCEL_FAULT_KINDS] = {0};
    assert_true(rpcancel_generated_open(&list, &rpcancel_choices_documented, slice, 0));
    assert_true(rpcancel_generated_open(&again, &rpcancel_choices_documented, slice, 0));
    assert_true(list.count > 1000 && list.count == again.count && list.cells == again.cells);
    for (unsigned i = 0; i < list.count; i++) {
        struct rpcancel_fault read;
        rpcancel_fault_print(&list.faults[i], name);
        assert_true(strlen(name) < RPCANCEL_FAULT_NAME_MAX - 1 && strcmp(name, before) != 0);
        assert_true(i == 0 || rpcancel_fault_compare(&list.faults[i - 1], &list.faults[i]) < 0);
        assert_int_equal(rpcancel_fault_compare(&list.faults[i], &again.faults[i]), 0);
        assert_true(rpcancel_fault_parse(&read, name, strlen(name)));
        assert_int_equal(rpcancel_fault_compare(&read, &list.faults[i]), 0);
        kinds[list.faults[i].kind]++;
        memcpy(before, name, sizeof before);
    }
    for (unsigned kind = RPCANCEL_FAULT_CODE; kind < RPCANCEL_FAULT_KINDS; kind++)
        assert_true(kinds[kind] > 5);
    rpcancel_generated_close(&list);
    rpcancel_generated_close(&again);
}

static void names_are_unique_and_can_be_read(void **state)
{
    (void)state;
    rpcancel_tables_init();
    check_names(RPCANCEL_SLICE_CORE);
    check_names(RPCANCEL_SLICE_SYNCHRONOUS);
}

/* Of synchronous calls those are listed that the core has not, and of the core none of theirs. */
static void each_slice_has_its_own(void **state)
{
    struct rpcancel_generated core, synchronous;
    (void)state;
    rpcancel_tables_init();
    assert_true(rpcancel_generated_open(&core, &rpcancel_choices_documented, RPCANCEL_SLICE_CORE, 0));
    assert_true(rpcancel_generated_open(&synchronous, &rpcancel_choices_documented, RPCANCEL_SLICE_SYNCHRONOUS, 0));
    for (unsigned i = 0; i < core.count; i++)
        assert_false(rpcancel_fault_is_of_thread(&core.faults[i]));
    for (unsigned i = 0; i < synchronous.count; i++)
        assert_null(
            bsearch(&synchronous.faults[i], core.faults, core.count, sizeof *core.faults, rpcancel_fault_compare));
    rpcancel_generated_close(&core);
    rpcancel_generated_close(&synchronous);
}

/* Two faults whose names differ are two: as the order is total and strict, all names are, too. */
static void what_is_no_name_is_refused(void **state)
{
    static const char *const no_names[] = {
        "",
        "generated:",
        "generated:cancel",
        "generated:cancel@outstanding/code/0",             /* a dimension is missing */
        "generated:cancel@outstanding+queued+link/code/0", /* one too many */
        "generated:cancel@queued+outstanding/code/0",      /* in another order */
        "generated:cancel@outstanding+queued/code/4711",
        "generated:cancel@outstanding+queued/code/0x",
        "generated:cancel@outstanding+queued/dropped/everything",
        "generated:cancel@outstanding+queued/doubled/cancelled", /* nothing uses it up */
        "generated:cancel@outstanding+queued/none/0",
        "generated:cancel@outstanding+queued/code",
        "generated:cancels@outstanding+queued/code/0",
        "Generated:cancel@outstanding+queued/code/0",
    };
    struct rpcancel_fault fault;
    struct rpcancel_stepper step;
    (void)state;
    for (unsigned i = 0; i < sizeof no_names / sizeof no_names[0]; i++) {
        if (rpcancel_fault_parse(&fault, no_names[i], strlen(no_names[i])) ||
            rpcancel_stepper_find(no_names[i], strlen(no_names[i]), &step, NULL))
            fail_msg("%s is taken for a name", no_names[i]);
    }
    const char *good = "generated:cancel@outstanding+queued/code/0";
    assert_true(rpcancel_fault_parse(&fault, good, strlen(good)));
    assert_false(rpcancel_fault_parse(&fault, good, strlen(good) - 1));
}

/* ---- classes ---- */

static bool is_only_place(const bool places[RPCANCEL_PRODUCT_PLACES], const char *row, const char *column)
{
    bool found_it = false;
    for (unsigned i = 0; i < RPCANCEL_PRODUCT_PLACES; i++) {
        if (!places[i])
            continue;
        struct rpcancel_cell_place place = rpcancel_product_place_at(i);
        const struct rpcancel_table *table = rpcancel_table_at(place.table);
        assert_int_equal(rpcancel_product_place(place), i);
        found_it =
            strcmp(table->row_names[place.row], row) == 0 && strcmp(table->column_names[place.column], column) == 0;
        if (!found_it)
            return false;
    }
    return found_it;
}

static void the_reference_is_equivalent_to_itself(void **state)
{
    (void)state;
    const struct rpcancel_stepper none = {0};
    for (unsigned profile = 0; profile <= RPCANCEL_PROFILE_DOCUMENTED_98; profile++) {
        classify_step(&none, (enum rpcancel_profile)profile, NULL);
        assert_int_equal(found.mutant_class, RPCANCEL_MUTANT_EQUIVALENT);
        assert_int_equal(found.explore.end, RPCANCEL_EXPLORE_CLOSED);
        assert_int_equal(found.explore.path_length, 0); /* nothing unjudged, overjudged or outside of the tables */
        assert_int_equal(found.explore.states, 640);
        assert_true(found.product.states > 640);
    }
}

static void each_class_can_be_told(void **state)
{
    (void)state;
    assert_int_equal(classify("generated:test-cancel@dispatched+cancelled+link+dispatcher/code/1791", NULL),
                     RPCANCEL_MUTANT_KILLED);
    assert_string_equal(rpcancel_rule_at((unsigned)found.explore.violated_rule)->function, "RpcServerTestCancel");
    assert_int_equal(found.explore.path_length, 6); /* init, call, cancel, settle, dispatch, test */
    assert_int_equal(classify("generated:deliver-reply@aborted+ended/dropped/outcome", NULL),
                     RPCANCEL_MUTANT_EQUIVALENT);
    assert_int_equal(classify("generated:cancel@cancelling+queued/code/1915", NULL), RPCANCEL_MUTANT_UNSPECIFIED);
    assert_true(
        is_only_place(found.product.places[RPCANCEL_DIFFERENCE_SILENT], "K4 nonabortively cancelled", "cancel"));
    assert_int_equal(found.product.first[RPCANCEL_DIFFERENCE_SILENT].length, 5);
    assert_int_equal(found.product.first[RPCANCEL_DIFFERENCE_SILENT].answer.code, 1915);
    assert_int_equal(found.product.first[RPCANCEL_DIFFERENCE_SILENT].other.code, 0);
}

/* One of each kind dies, by effects that only later answers show. */
static void each_kind_can_kill(void **state)
{
    static const char *const names[] = {
        "generated:await@aborted+announced/code/258",
        "generated:cancel-abort@cancelling+queued/next/cancelling",
        "generated:cancel@outstanding+dispatched/dropped/cancel",
        "generated:cancel-abort@outstanding+dispatched/doubled/notification",
        "generated:complete@outstanding+dispatched/guard/answered",
        "generated:init-bad-size@zeroed/guard/operation",
    };
    (void)state;
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (classify(names[i], NULL) != RPCANCEL_MUTANT_KILLED)
            fail_msg("%s is %s", names[i], rpcancel_mutant_class_name(found.mutant_class));
    }
}

static void of_synchronous_calls_each_class_can_be_told(void **state)
{
    static const struct {
        const char *name;
        enum rpcancel_mutant_class mutant_class;
        const char *rule; /* that kills it */
    } mutants[] = {
        {"generated:returned@waits/code/0", RPCANCEL_MUTANT_KILLED, "preventing-client-side-hangs/1"},
        {"generated:returned@waits/guard/returned", RPCANCEL_MUTANT_KILLED, "preventing-client-side-hangs/1"},
        {"generated:cancel-thread@waits/dropped/cancel", RPCANCEL_MUTANT_KILLED, "RpcServerTestCancel/5"},
        {"generated:cancel-thread-denied@waits/code/0", RPCANCEL_MUTANT_KILLED, "RpcCancelThread/2"},
        {"generated:set-cancel-timeout@zeroed/code/87", RPCANCEL_MUTANT_KILLED, "RpcMgmtSetCancelTimeout/1"},
        {"generated:elapse@due-in-1/next/due-in-1", RPCANCEL_MUTANT_KILLED, "RpcCancelThread/4"},
        {"generated:cancel-thread@zeroed/code/1725", RPCANCEL_MUTANT_UNSPECIFIED, NULL},
        {"generated:elapse@due-in-1/dropped/orphaned", RPCANCEL_MUTANT_EQUIVALENT,
         NULL}, /* the cancel was sent before */

    };
    (void)state;
    for (unsigned i = 0; i < sizeof mutants / sizeof mutants[0]; i++) {
        struct rpcancel_stepper step;
        assert_true(rpcancel_stepper_find(mutants[i].name, strlen(mutants[i].name), &step, NULL));
        classify_slice(&step, RPCANCEL_SLICE_SYNCHRONOUS, RPCANCEL_PROFILE_DOCUMENTED, NULL);
        int rule = found.mutant_class == RPCANCEL_MUTANT_KILLED ? found.explore.violated_rule : -1;
        const char *id = rule >= 0 ? rpcancel_rule_at((unsigned)rule)->id : "";
        if (found.mutant_class != mutants[i].mutant_class || (mutants[i].rule && strcmp(id, mutants[i].rule) != 0))
            fail_msg("%s is %s %s", mutants[i].name, rpcancel_mutant_class_name(found.mutant_class), id);
    }
}

static void without_its_rule_one_is_missed(void **state)
{
    static const char name[] = "generated:test-cancel-invalid@no-call+uncancelled+link+worker/code/1725";
    (void)state;
    assert_int_equal(classify(name, NULL), RPCANCEL_MUTANT_KILLED);
    const char *rule = rpcancel_rule_at((unsigned)found.explore.violated_rule)->id;
    assert_int_equal(classify(name, rule), RPCANCEL_MUTANT_MISSED);
    assert_true(found.explore.unjudged > 0);
    assert_true(found.product.counts[RPCANCEL_DIFFERENCE_WRONG] > 0);
    assert_int_equal(found.product.first[RPCANCEL_DIFFERENCE_WRONG].length, 1);
    assert_int_equal(classify(name, "RpcAsyncCancelCall/3"), RPCANCEL_MUTANT_KILLED); /* another one changes nothing */
}

static void without_memory_none_is_told(void **state)
{
    (void)state;
    struct rpcancel_stepper none = {0};
    const struct rpcancel_classify_options options = {.choices = &rpcancel_choices_documented, .memory = 4096};
    rpcancel_classify(&none, &options, &found);
    assert_int_equal(found.mutant_class, RPCANCEL_MUTANT_UNDECIDED);
}

/* Each of the core answers otherwise than the reference somewhere, and where it does the documents leave room; but for
 * one, which does so on a dispatcher that serves another call. */
static void variants_are_unspecified(void **state)
{
    static const char of_two_calls[] = "third-thread-refused";
    unsigned living = 0;
    (void)state;
    for (unsigned i = 0; i < rpcancel_variant_count; i++) {
        if (rpcancel_variants[i].slice != RPCANCEL_SLICE_CORE)
            continue;
        const struct rpcancel_stepper step = {.function = rpcancel_variants[i].step};
        classify_step(&step, rpcancel_variants[i].profile, NULL);
        bool is_seen = strcmp(rpcancel_variants[i].name, of_two_calls) != 0;
        if (found.mutant_class != (is_seen ? RPCANCEL_MUTANT_UNSPECIFIED : RPCANCEL_MUTANT_EQUIVALENT))
            fail_msg("%s is %s", rpcancel_variants[i].name, rpcancel_mutant_class_name(found.mutant_class));
        living++;
    }
    assert_true(living >= 12);
}

/* Those of synchronous calls likewise. */
static void variants_of_synchronous_calls_are_unspecified(void **state)
{
    unsigned count = 0;
    (void)state;
    for (unsigned i = 0; i < rpcancel_variant_count; i++) {
        const struct rpcancel_stepper step = {.function = rpcancel_variants[i].step};
        if (rpcancel_variants[i].slice != RPCANCEL_SLICE_SYNCHRONOUS || count++ % TEST_EVERY != 0)
            continue;
        classify_slice(&step, RPCANCEL_SLICE_SYNCHRONOUS, rpcancel_variants[i].profile, NULL);
        if (found.mutant_class != RPCANCEL_MUTANT_UNSPECIFIED)
            fail_msg("%s is %s", rpcancel_variants[i].name, rpcancel_mutant_class_name(found.mutant_class));
    }
    assert_true(count >= 5);
}

static void a_function_is_compared_with_the_reference_as_it_stands(void **state)
{
    (void)state;
    const struct rpcancel_stepper reference = {.function = rpcancel_step};
    classify_step(&reference, RPCANCEL_PROFILE_DOCUMENTED, NULL);
    assert_int_equal(found.mutant_class, RPCANCEL_MUTANT_EQUIVALENT);
    classify_slice(&reference, RPCANCEL_SLICE_SYNCHRONOUS, RPCANCEL_PROFILE_DOCUMENTED, NULL);
    assert_int_equal(found.mutant_class, RPCANCEL_MUTANT_EQUIVALENT);
}

/* Of synchronous calls: each rule, and a defect that it is there for. */
static const struct {
    const char *rule, *mutant;
} kills[] = {
    {"RpcCancelThread/1", "cancel-thread-refused-once-dispatched"},
    {"RpcCancelThread/2", "cancel-thread-without-access"},
    {"RpcCancelThread/3", "cancel-thread-does-not-wait"},
    {"RpcCancelThread/4", "cancel-timeout-is-a-stub"},
    {"RpcCancelThreadEx/1", "cancel-thread-ex-not-supported"},
    {"RpcCancelThreadEx/2", "given-up-call-succeeds"},
    {"RpcMgmtSetCancelTimeout/1", "cancel-timeout-not-supported"},
    {"RpcMgmtSetCancelTimeout/2", "cancel-timeout-runs-from-call"},
    {"RpcMgmtSetCancelTimeout/3", "cancel-timeout-0-is-none"},
    {"RpcBindingSetOption/1", "call-timeout-not-taken-back"},
    {"RpcBindingSetOption/2", "call-timeout-runs-from-setting"},
    {"RpcBindingSetOption/3", "call-timeout-answers-1726"},
    {"preventing-client-side-hangs/1", "call-times-out-unasked"},
    {"how-rpc-works/1", "call-timeout-0-is-at-once"},
    {"how-rpc-works/2", "cancelled-success-lost"},
    {"how-rpc-works/3", "fault-lost-in-stub"},
    {"how-rpc-works/4", "cancel-thread-hides-dead-peer"},
    {"RpcTestCancel/1", "thread-test-never-notices"},
    {"RpcTestCancel/2", "thread-test-is-a-stub"},
};

static void every_rule_of_synchronous_calls_kills(void **state)
{
    (void)state;
    unsigned rules = 0;
    rpcancel_tables_init();
    for (unsigned i = 0; i < rpcancel_rule_count(); i++)
        rules += rpcancel_rule_at(i)->operations >> RPCANCEL_ASYNCHRONOUS_KINDS != 0;
    assert_int_equal(rules, sizeof kills / sizeof kills[0]);
    for (unsigned i = 0; i < rules; i++) {
        struct rpcancel_explore_options options = {.calls = 1,
                                                   .threads = 1,
                                                   .every_argument = true,
                                                   .slice = RPCANCEL_SLICE_SYNCHRONOUS,
                                                   .memory = UINT64_C(1) << 30,
                                                   .step = {.function = rpcancel_mutant_find(kills[i].mutant)},
                                                   .choices = &rpcancel_choices_documented,
                                                   .only_rule =
                                                       rpcancel_rule_at((unsigned)rpcancel_rule_find(kills[i].rule))};
        rpcancel_explore(&options, &found.explore);
        if (found.explore.end != RPCANCEL_EXPLORE_VIOLATED)
            fail_msg("%s does not break %s", kills[i].mutant, kills[i].rule);
    }
}

static void enough_mutants_name_a_report(void **state)
{
    unsigned reported = 0;
    (void)state;
    for (unsigned i = 0; i < rpcancel_defect_count; i++) {
        const char *source = rpcancel_defects[i].source;
        reported += source && strlen(source) > 10;
        for (unsigned k = 0; k < i; k++)
            assert_string_not_equal(rpcancel_defects[i].name, rpcancel_defects[k].name);
    }
    assert_true(reported >= 45);
}

/* ---- delivery hidden ---- */

/* With memory: test_hidden_classes.c. */
static void without_memory_no_trace_is_told(void **state)
{
    const struct rpcancel_classify_options options = {.choices = &rpcancel_choices_documented, .memory = 1 << 20};
    const struct rpcancel_stepper none = {0};
    struct rpcancel_hidden_result seen;
    (void)state;
    rpcancel_tables_init();
    struct rpcancel_hidden *hidden = rpcancel_hidden_open(&options);
    assert_non_null(hidden);
    rpcancel_hidden_classify(hidden, &none, &seen);
    assert_int_equal(seen.mutant_class, RPCANCEL_MUTANT_UNDECIDED);
    assert_true(seen.states > 0);
    rpcancel_hidden_close(hidden);
}

/* ---- runs ---- */

/* What a search says breaks a rule breaks it when it is run, by name. */
static void what_kills_in_a_search_kills_in_a_run(void **state)
{
    enum { EVERY = 127 };
    static struct rpcancel_rule_set rules;
    static struct rpcancel_run run;
    struct rpcancel_generated list;
    unsigned killed = 0;
    (void)state;
    rpcancel_tables_init();
    rpcancel_rule_set_init(&rules, RPCANCEL_PROFILE_DOCUMENTED, ~0u);
    run.rules = &rules;
    assert_true(rpcancel_generated_open(&list, &rpcancel_choices_documented, RPCANCEL_SLICE_CORE, 0));
    for (unsigned i = 0; i < list.count; i += EVERY) {
        char name[RPCANCEL_FAULT_NAME_MAX], failure[RPCANCEL_FAILURE_TEXT_MAX];
        const struct rpcancel_stepper step = {.fault = list.faults[i]};
        struct rpcancel_sequence sequence = {0};
        rpcancel_fault_print(&list.faults[i], name);
        classify_step(&step, RPCANCEL_PROFILE_DOCUMENTED, NULL);
        assert_int_not_equal(found.mutant_class, RPCANCEL_MUTANT_MISSED);
        if (found.mutant_class != RPCANCEL_MUTANT_KILLED)
            continue;
        for (unsigned k = 0; k < found.explore.path_length; k++)
            assert_true(rpcancel_sequence_append(&sequence, found.explore.path[k], 0, 0));
        const struct rpcancel_runtime_options options = {.mutant = name};
        struct rpcancel_runtime *runtime = rpcancel_runtime_open_reference(&options, failure);
        assert_non_null(runtime);
        enum rpcancel_run_end end = rpcancel_run_sequence(&run, runtime, &sequence);
        bool raised = found.explore.path_answer.kind == RPCANCEL_ANSWER_EXCEPTION;
        if (end != (raised ? RPCANCEL_RUN_CRASHED : RPCANCEL_RUN_VIOLATED) ||
            run.violated[0] != found.explore.violated_rule)
            fail_msg("%s: the run ends with %d", name, (int)end);
        killed++;
        runtime->functions->close(runtime);
        rpcancel_sequence_free(&sequence);
    }
    assert_true(killed > 20);
    rpcancel_run_free(&run);
    rpcancel_generated_close(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_unique_and_can_be_read),
        cmocka_unit_test(each_slice_has_its_own),
        cmocka_unit_test(what_is_no_name_is_refused),
        cmocka_unit_test(the_reference_is_equivalent_to_itself),
        cmocka_unit_test(each_class_can_be_told),
        cmocka_unit_test(each_kind_can_kill),
        cmocka_unit_test(of_synchronous_calls_each_class_can_be_told),
        cmocka_unit_test(without_its_rule_one_is_missed),
        cmocka_unit_test(without_memory_none_is_told),
        cmocka_unit_test(variants_are_unspecified),
        cmocka_unit_test(variants_of_synchronous_calls_are_unspecified),
        cmocka_unit_test(a_function_is_compared_with_the_reference_as_it_stands),
        cmocka_unit_test(every_rule_of_synchronous_calls_kills),
        cmocka_unit_test(enough_mutants_name_a_report),
        cmocka_unit_test(without_memory_no_trace_is_told),
        cmocka_unit_test(what_kills_in_a_search_kills_in_a_run),
    };
    return cmocka_run_group_tests_name("mutants", tests, NULL, NULL);
}
