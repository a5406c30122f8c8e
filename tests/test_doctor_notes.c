// SPDX-License-Identifier: Apache-2.0
/* What rpcancel doctor makes of what it sees, where no runtime of a script can be brought to show it; that its trials
 * are valid, and its forecast is what a check says. tests/test_doctor.sh has the rest. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "doctor/capabilities.h"
#include "doctor/child_lines.h"
#include "doctor/client_account.h"
#include "doctor/doctor.h"
#include "doctor/remedies.h"
#include "doctor/server_reply.h"
#include "engine/check.h"
#include "fake_runtime.h"
#include "wire/presentation.h"

static struct rpcancel_notes notes;

/* The last note must be of |level| and say |part|. Forgets all notes. */
static void last_says(enum rpcancel_note_level level, const char *part)
{
    char line[sizeof notes.list[0]];
    assert_true(notes.count > 0);
    const struct rpcancel_note *note = &notes.list[notes.count - 1];
    snprintf(line, sizeof line, "%s: %s; %s", note->tried, note->came, note->remedy);
    if (note->level != level || !strstr(line, part))
        fail_msg("level %d `%s`, expected level %d and `%s`", (int)note->level, line, (int)level, part);
    notes.count = 0;
}

/* ---- notes ---- */

static void notes_have_bounds_and_no_control_characters(void **state)
{
    (void)state;
    for (unsigned i = 0; i < RPCANCEL_NOTES_MAX + 5; i++)
        rpcancel_note_add(&notes, RPCANCEL_NOTE_OK, "tried\n", NULL, "came %u\033[31m", i);
    assert_int_equal(notes.count, RPCANCEL_NOTES_MAX);
    assert_false(rpcancel_notes_are_bad(&notes));
    assert_string_equal(notes.list[0].came, "came 0?[31m");
    last_says(RPCANCEL_NOTE_OK, "tried?: came 100?[31m; ");
}

/* ---- trials ---- */

static void trials_are_valid_on_the_reference(void **state)
{
    (void)state;
    static struct rpcancel_trial trial;
    for (unsigned seed = 0; seed < 20; seed++) { /* 0: delivery on command */
        const struct rpcancel_runtime_options options = {.hide_delivery = seed > 0, .seed = seed};
        char failure[RPCANCEL_FAILURE_TEXT_MAX];
        struct rpcancel_runtime *reference = rpcancel_runtime_open_reference(&options, failure);
        struct rpcancel_run run = {0};
        static struct rpcancel_watch watch;
        rpcancel_watch_init(&watch, reference);
        for (unsigned g = 0; g < rpcancel_trial_group_count; g++) {
            for (unsigned t = 0; rpcancel_trial_groups[g].texts[t]; t++) {
                assert_true(t < RPCANCEL_TRIAL_TEXTS_MAX);
                rpcancel_trial_run(rpcancel_trial_groups[g].texts[t], &watch, &run, &trial);
                if (trial.end != RPCANCEL_RUN_OK || run.unexpected > 0)
                    fail_msg("%s %u, seed %u: end %d, %zu unexpected: %s", rpcancel_trial_groups[g].name, t, seed,
                             (int)trial.end, run.unexpected, trial.failure);
            }
        }
        assert_int_equal(rpcancel_watch_lacking(&watch), 0);
        rpcancel_run_free(&run);
        watch.runtime.functions->close(&watch.runtime);
        reference->functions->close(reference);
    }
}

/* Each kind of operation belongs to one group, and is tried by it. */
static void groups_have_every_kind_once(void **state)
{
    (void)state;
    rpcancel_kind_mask all = 0;
    assert_true(rpcancel_trial_group_count <= RPCANCEL_TRIAL_GROUPS_MAX);
    for (unsigned g = 0; g < rpcancel_trial_group_count; g++) {
        assert_int_equal(all & rpcancel_trial_groups[g].kinds, 0);
        all |= rpcancel_trial_groups[g].kinds;
    }
    assert_int_equal(all, ((rpcancel_kind_mask)1 << RPCANCEL_OPERATION_KINDS) - 1);
}

/* The trial of a fake runtime that does as |change| says. */
static struct rpcancel_trials trials_of(fake_change *change, struct rpcancel_watch *watch, unsigned group)
{
    static struct rpcancel_trials trials;
    static struct fake_runtime fake;
    struct rpcancel_run run = {0};
    memset(&trials, 0, sizeof trials);
    fake_runtime_open(&fake, change, false, 0);
    rpcancel_watch_init(watch, &fake.runtime);
    for (unsigned t = 0; rpcancel_trial_groups[group].texts[t]; t++)
        rpcancel_trial_run(rpcancel_trial_groups[group].texts[t], watch, &run, &trials.of[group][t]);
    rpcancel_run_free(&run);
    fake_runtime_close(&fake);
    return trials;
}

static enum rpcancel_exchange no_status(struct fake_runtime *fake, struct rpcancel_operation operation,
                                        struct rpcancel_answer *answer)
{
    (void)fake;
    if (operation.kind == RPCANCEL_OP_STATUS) /* as Wine's stubs raise */
        *answer = rpcancel_answer_exception(0x80000100u);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void stubs_of_wine_are_unimplemented(void **state)
{
    (void)state;
    static struct rpcancel_watch watch;
    struct rpcancel_trials trials = trials_of(no_status, &watch, 1);
    assert_int_equal(rpcancel_watch_lacking(&watch), (rpcancel_kind_mask)1 << RPCANCEL_OP_STATUS);
    rpcancel_judge_group(&notes, 1, &trials, &watch, NULL);
    last_says(RPCANCEL_NOTE_WARNING, "client calls: `status a`: unimplemented; ");
}

static void trials_that_end_elsewhere_differ(void **state)
{
    (void)state;
    static struct rpcancel_trial one, other;
    one.count = 2; /* both steps are `init a` with 0 */
    other.count = 1;
    assert_int_equal(rpcancel_trial_difference(&one, &other), 0);
    assert_false(rpcancel_judge_twice(&notes, "handles", &one, &other));
    last_says(RPCANCEL_NOTE_WARNING, "it went on behind `init a` once, and ended there once");
    other.count = 2;
    assert_true(rpcancel_judge_twice(&notes, "handles", &one, &other));
    assert_int_equal(notes.count, 0);
}

/* ---- the forecast ---- */

static void forecast_is_what_a_check_says(void **state)
{
    (void)state;
    static struct rpcancel_check check;
    static struct fake_runtime fake;
    const struct rpcancel_check_options options = {.profile = RPCANCEL_PROFILE_DOCUMENTED};
    struct rpcancel_forecast forecast;
    unsigned unimplemented = 0;
    fake_runtime_open(&fake, no_status, false, 0);
    rpcancel_check_prepare(&check, rpcancel_catalogue, rpcancel_catalogue_count, &options);
    rpcancel_check_run(&check, &fake.runtime);
    for (size_t i = 0; i < check.rule_count; i++)
        unimplemented += check.rules[i].verdict == RPCANCEL_VERDICT_UNIMPLEMENTED;
    assert_true(rpcancel_forecast_make(&forecast, RPCANCEL_PROFILE_DOCUMENTED,
                                       (rpcancel_kind_mask)1 << RPCANCEL_OP_STATUS, fake.runtime.control));
    assert_true(unimplemented > 0);
    assert_int_equal(forecast.unimplemented, unimplemented);
    assert_int_equal(forecast.rules, check.rule_count);
    rpcancel_check_free(&check);
    fake_runtime_close(&fake);
}

/* ---- the clock ---- */

static void a_real_clock_that_ran_out_is_told(void **state)
{
    (void)state;
    const struct rpcancel_clock_trial clock = {.elapse_ms = 1500,
                                               .pause_ms = 1500,
                                               .paused = rpcancel_answer_code(1818),
                                               .elapsed = rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED)};
    rpcancel_judge_clock(&notes, &clock);
    last_says(RPCANCEL_NOTE_WARNING,
              "`elapse` takes 1.5 s; after 1.5 s without one it still answers (the call is over)");
}

/* ---- children ---- */

static void a_start_for_each_sequence_is_reckoned_up(void **state)
{
    (void)state;
    static struct rpcancel_lines_account account = {
        .count = 2,
        .spoken = {{.what = "describe", .took_ms = 900, .line = "1 unimplemented"},
                   {.what = "reset", .line = "2 unimplemented", .excess = ""}},
        .has_ended = true};
    rpcancel_judge_lines(&notes, &account);
    assert_int_equal(notes.count, 4);
    notes.count = 2;
    last_says(RPCANCEL_NOTE_WARNING, "900 ms each time, about 360 s in a check; if that is too long");
    account.status = 11; /* killed by a signal */
    rpcancel_judge_lines(&notes, &account);
    last_says(RPCANCEL_NOTE_WARNING, "end of input: the child was killed by signal 11");
}

/* ---- servers ---- */

static struct rpcancel_server_reply reply_of(enum rpcancel_server_said said)
{
    return (struct rpcancel_server_reply){.said = said, .took_ms = 7};
}

static void connections_and_binds(void **state)
{
    (void)state;
    struct rpcancel_server_reply reply = reply_of(RPCANCEL_SAID_NO_CONNECT);
    reply.error = ETIMEDOUT;
    rpcancel_judge_connect(&notes, &reply);
    last_says(RPCANCEL_NOTE_UNUSABLE, "timed out; a firewall");
    reply.error = ENETUNREACH;
    rpcancel_judge_connect(&notes, &reply);
    last_says(RPCANCEL_NOTE_UNUSABLE, "unreachable; is the address right?");
    reply = reply_of(RPCANCEL_SAID_BIND_NAK);
    for (reply.reason = 0; reply.reason < 11; reply.reason++) {
        static const char *const names[] = {"not_specified", "congestion", "local_limit", "paddr",
                                            "version",       "context",    "user_data",   "psap",
                                            "auth",          "checksum",   "nobody knows"};
        rpcancel_judge_bind(&notes, &reply);
        last_says(RPCANCEL_NOTE_UNUSABLE, names[reply.reason]);
    }
    reply = reply_of(RPCANCEL_SAID_BIND_ACK);
    reply.result = RPCANCEL_PROVIDER_REJECTION;
    for (reply.reason = 0; reply.reason < 5; reply.reason++) {
        static const char *const names[] = {"reason not specified", "--target FILE", "it does not know NDR 2.0",
                                            "a local limit", "that nobody knows"};
        rpcancel_judge_bind(&notes, &reply);
        last_says(RPCANCEL_NOTE_UNUSABLE, names[reply.reason]);
    }
    reply = reply_of(RPCANCEL_SAID_FAULT);
    rpcancel_judge_bind(&notes, &reply);
    last_says(RPCANCEL_NOTE_UNUSABLE, "a bind is answered by");
}

static void faults_of_fast(void **state)
{
    (void)state;
    static const struct {
        uint32_t status;
        const char *remedy;
    } faults[] = {{0x1C010002, "no such operation"},
                  {0x1C010003, "does not know the interface"},
                  {5, "wants authentication"},
                  {1783, "stub data of the target"},
                  {1726, "name an operation that returns at once"}};
    struct rpcancel_server_reply reply = reply_of(RPCANCEL_SAID_FAULT);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        reply.status = faults[i].status;
        rpcancel_judge_fast(&notes, &reply, 3, 5000);
        last_says(RPCANCEL_NOTE_UNUSABLE, faults[i].remedy);
    }
    reply = reply_of(RPCANCEL_SAID_RESPONSE);
    reply.took_ms = 3900;
    rpcancel_judge_fast(&notes, &reply, 3, 5000);
    last_says(RPCANCEL_NOTE_WARNING, "in 3900 ms; of 5000 ms: raise --deadline to 15600");
}

static void operations_that_do_not_fit(void **state)
{
    (void)state;
    const struct rpcancel_server_reply nothing = reply_of(RPCANCEL_SAID_NOTHING), end = reply_of(RPCANCEL_SAID_END);
    struct rpcancel_server_reply fault = reply_of(RPCANCEL_SAID_FAULT), response = reply_of(RPCANCEL_SAID_RESPONSE);
    fault.status = 0x6BA;
    rpcancel_judge_park(&notes, &nothing, &fault);
    last_says(RPCANCEL_NOTE_WARNING, "add `code 0x6ba 0x1c00000d` to the target");
    rpcancel_judge_park(&notes, &nothing, &response);
    last_says(RPCANCEL_NOTE_WARNING, "does the operation look for a cancel");
    rpcancel_judge_hold(&notes, false, &response, &response, &response);
    last_says(RPCANCEL_NOTE_UNUSABLE, "it does not wait");
    rpcancel_judge_hold(&notes, true, &nothing, &response, &response);
    last_says(RPCANCEL_NOTE_UNUSABLE, "leave `counts` out");
    response.octets = 4;
    response.number = 3;
    rpcancel_judge_hold(&notes, true, &nothing, &response, &response);
    last_says(RPCANCEL_NOTE_UNUSABLE, "one call waits and goes on, and `release` says that it let 3 go");
    rpcancel_judge_hold(&notes, false, &nothing, &response, &end);
    last_says(RPCANCEL_NOTE_UNUSABLE, "behind the release brings the end of the connection");
    rpcancel_judge_stream(&notes, &end);
    last_says(RPCANCEL_NOTE_UNUSABLE, "`stream`: the end of the connection");
    rpcancel_judge_alive(&notes, &nothing);
    last_says(RPCANCEL_NOTE_FAILED, "nothing within 7 ms; look at the server");
}

/* ---- clients ---- */

static void ports_that_cannot_be_had(void **state)
{
    (void)state;
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    snprintf(failure, sizeof failure, "tcp-listen: 127.0.0.1:135: %s", strerror(EACCES));
    rpcancel_judge_listen(&notes, failure);
    last_says(RPCANCEL_NOTE_UNUSABLE, "ports below 1024");
    rpcancel_judge_listen(&notes, "out of memory");
    last_says(RPCANCEL_NOTE_UNUSABLE, "listening: out of memory; ");
}

static void clients_that_change(void **state)
{
    (void)state;
    static struct rpcancel_client_account one, other;
    other.exchange = RPCANCEL_EXCHANGE_HUNG;
    snprintf(other.failure, sizeof other.failure, "it did not end");
    rpcancel_judge_client_again(&notes, &one, &other);
    last_says(RPCANCEL_NOTE_FAILED, "which it did not the first time");
    other.exchange = RPCANCEL_EXCHANGE_ANSWERED;
    other.sent[RPCANCEL_PDU_CO_CANCEL] = 2;
    rpcancel_judge_client_again(&notes, &one, &other);
    last_says(RPCANCEL_NOTE_WARNING, "it sent 2 PDUs of type co_cancel, and 0 the first time");
    other.exchange = RPCANCEL_EXCHANGE_CRASHED;
    rpcancel_judge_client_ends(&notes, "lost connections", &other);
    last_says(RPCANCEL_NOTE_FAILED, "lost connections: it did not end; run it by hand");
    one.limit_ms = 1000;
    one.took_ms = 700;
    rpcancel_judge_client(&notes, &one);
    last_says(RPCANCEL_NOTE_WARNING, "700 ms of 1000; raise --deadline to 2800");
}

/* ---- files ---- */

static void says_part(const char *remedy, const char *part)
{
    if (!remedy || !strstr(remedy, part))
        fail_msg("`%s` does not say `%s`", remedy ? remedy : "(nothing)", part);
}

static void files_that_are_no_programs(void **state)
{
    (void)state;
    const uint8_t script[] = "#!/no/such/python\n", dll[64] = "MZ", text[] = "hello";
    uint8_t head[RPCANCEL_HEAD_SIZE];
    size_t size = rpcancel_head_read("/proc/self/exe", head);
    assert_int_equal(size, RPCANCEL_HEAD_SIZE);
    assert_int_equal(rpcancel_head_read("/", head), 0);
    size = rpcancel_head_read("/proc/self/exe", head);
    says_part(rpcancel_remedy_of_program(ENOENT, true, head, size), "the loader that it names is not");
    head[18] ^= 0x55;
    says_part(rpcancel_remedy_of_program(ENOENT, true, head, size), "for another machine");
    says_part(rpcancel_remedy_of_program(ENOEXEC, true, head, size), "for another machine");
    says_part(rpcancel_remedy_of_shared_object(head, size), "for another machine");
    head[18] ^= 0x55;
    head[16] = 1;
    says_part(rpcancel_remedy_of_shared_object(head, size), "it is an object file");
    head[16] = 2;
    says_part(rpcancel_remedy_of_shared_object(head, size), "it is a program");
    head[16] = 3;
    assert_null(rpcancel_remedy_of_shared_object(head, size));
    says_part(rpcancel_remedy_of_program(ENOENT, true, script, sizeof script), "that its `#!` line names is not");
    says_part(rpcancel_remedy_of_program(ENOEXEC, true, dll, sizeof dll), "child:wine64");
    says_part(rpcancel_remedy_of_shared_object(dll, sizeof dll), "a DLL");
    says_part(rpcancel_remedy_of_program(ENOEXEC, true, text, sizeof text), "name the interpreter");
    assert_null(rpcancel_remedy_of_program(ENOMEM, true, text, sizeof text));
    assert_null(rpcancel_remedy_of_opening("something else"));
    says_part(rpcancel_remedy_of_opening("x cannot be loaded: undefined symbol: y"), "-Wl,-z,defs");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_have_bounds_and_no_control_characters),
        cmocka_unit_test(trials_are_valid_on_the_reference),
        cmocka_unit_test(groups_have_every_kind_once),
        cmocka_unit_test(stubs_of_wine_are_unimplemented),
        cmocka_unit_test(trials_that_end_elsewhere_differ),
        cmocka_unit_test(forecast_is_what_a_check_says),
        cmocka_unit_test(a_real_clock_that_ran_out_is_told),
        cmocka_unit_test(a_start_for_each_sequence_is_reckoned_up),
        cmocka_unit_test(connections_and_binds),
        cmocka_unit_test(faults_of_fast),
        cmocka_unit_test(operations_that_do_not_fit),
        cmocka_unit_test(ports_that_cannot_be_had),
        cmocka_unit_test(clients_that_change),
        cmocka_unit_test(files_that_are_no_programs),
    };
    return cmocka_run_group_tests_name("doctor_notes", tests, NULL, NULL);
}
