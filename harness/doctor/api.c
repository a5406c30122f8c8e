// SPDX-License-Identifier: Apache-2.0
/* Runtimes of the API: the reference, children, plugins. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "doctor/capabilities.h"
#include "doctor/child_lines.h"
#include "doctor/doctor.h"
#include "doctor/remedies.h"
#include "engine/catalogue.h"
#include "runtime/process.h"

/* A session with an open runtime. */
struct session {
    struct rpcancel_doctor *doctor;
    struct rpcancel_runtime *runtime;
    struct rpcancel_watch watch;
    struct rpcancel_run run;
    struct rpcancel_trials trials;
};

static unsigned since(int64_t start)
{
    return (unsigned)(rpcancel_clock_ms() - start);
}

/* ---- trials ---- */

/* Notes that the runtime itself failed. False: it did, or Ctrl-C came. */
static bool has_survived(struct session *session, const char *tried, const struct rpcancel_trial *trial)
{
    static const enum rpcancel_note_level levels[] = {
        [RPCANCEL_EXCHANGE_CRASHED] = RPCANCEL_NOTE_FAILED,
        [RPCANCEL_EXCHANGE_HUNG] = RPCANCEL_NOTE_FAILED,
        [RPCANCEL_EXCHANGE_BROKEN] = RPCANCEL_NOTE_UNUSABLE,
    };
    if (trial->exchange == RPCANCEL_EXCHANGE_ANSWERED)
        return true;
    if (*session->doctor->options.interrupted)
        return false; /* it was not waited for */
    rpcancel_note_add(&session->doctor->notes, levels[trial->exchange], tried,
                      rpcancel_remedy_of_exchange(trial->exchange), "%s", trial->failure);
    return false;
}

static bool play(struct session *session, const char *tried, const char *text, struct rpcancel_trial *trial)
{
    rpcancel_trial_run(text, &session->watch, &session->run, trial);
    return has_survived(session, tried, trial);
}

static void try_reset(struct session *session)
{
    static struct rpcancel_trial runs[3];
    for (unsigned i = 0; i < 3; i++) {
        if (!play(session, "reset, and the same sequence again", rpcancel_trial_reset, &runs[i]))
            return;
    }
    rpcancel_judge_reset(&session->doctor->notes, runs);
}

/* Plays the trials of a group, twice. */
static void try_group(struct session *session, unsigned number)
{
    const struct rpcancel_trial_group *group = &rpcancel_trial_groups[number];
    static struct rpcancel_trial again;
    bool is_steady = true;
    for (unsigned t = 0; group->texts[t] && !rpcancel_doctor_is_stopped(session->doctor); t++) {
        struct rpcancel_trial *trial = &session->trials.of[number][t];
        if (!play(session, group->name, group->texts[t], trial) || !play(session, group->name, group->texts[t], &again))
            return;
        is_steady = is_steady && rpcancel_judge_twice(&session->doctor->notes, group->name, trial, &again);
    }
}

static void judge_group(struct session *session, unsigned number)
{
    struct rpcancel_doctor *doctor = session->doctor;
    struct rpcancel_forecast forecast;
    rpcancel_kind_mask lacking = rpcancel_group_lacking(number, &session->watch);
    bool is_told =
        lacking != 0 && rpcancel_forecast_make(&forecast, doctor->profile, lacking, session->watch.runtime.control);
    rpcancel_judge_group(&doctor->notes, number, &session->trials, &session->watch, is_told ? &forecast : NULL);
}

static void try_groups(struct session *session)
{
    struct rpcancel_doctor *doctor = session->doctor;
    struct rpcancel_forecast forecast;
    for (unsigned i = 0; i < rpcancel_trial_group_count && !rpcancel_doctor_is_stopped(doctor); i++)
        try_group(session, i);
    if (rpcancel_doctor_is_stopped(doctor))
        return;
    for (unsigned i = 0; i < rpcancel_trial_group_count; i++)
        judge_group(session, i);
    rpcancel_judge_untried(&doctor->notes, &session->trials, &session->watch);
    rpcancel_judge_stubs(&doctor->notes, &session->trials);
    if (rpcancel_forecast_make(&forecast, doctor->profile, rpcancel_trials_lacking(&session->trials, &session->watch),
                               session->watch.runtime.control))
        rpcancel_judge_forecast(&doctor->notes, &forecast);
}

/* ---- the clock ---- */

static bool ask(struct session *session, struct rpcancel_operation operation, struct rpcancel_answer *answer)
{
    struct rpcancel_runtime *runtime = &session->watch.runtime;
    const struct rpcancel_trial came = {.exchange = runtime->functions->execute(runtime, operation, answer)};
    runtime->event_count = 0;
    if (came.exchange == RPCANCEL_EXCHANGE_ANSWERED)
        return true;
    static struct rpcancel_trial failed;
    failed = came;
    memcpy(failed.failure, runtime->failure, sizeof failed.failure);
    return has_survived(session, "clock", &failed);
}

static void pause_for(const struct session *session, unsigned ms)
{
    const struct timespec slice = {0, 20 * 1000000};
    int64_t until = rpcancel_clock_ms() + ms;
    while (rpcancel_clock_ms() < until && !*session->doctor->options.interrupted)
        nanosleep(&slice, NULL);
}

/* A call with a time-out of a second, real time, and a second of the runtime's. */
static void try_clock(struct session *session)
{
    enum { LONGER_THAN_A_SECOND_MS = 1200 };
    const struct rpcancel_operation timeout = {.kind = RPCANCEL_OP_SET_CALL_TIMEOUT, .argument = RPCANCEL_TIMEOUT_ONE},
                                    call = {.kind = RPCANCEL_OP_SYNCHRONOUS_CALL},
                                    returned = {.kind = RPCANCEL_OP_RETURNED}, elapse = {.kind = RPCANCEL_OP_ELAPSE},
                                    settle = {.kind = RPCANCEL_OP_SETTLE};
    const rpcancel_kind_mask lacking = rpcancel_watch_lacking(&session->watch);
    const struct rpcancel_operation needed[] = {timeout, call, returned, elapse, settle};
    struct rpcancel_runtime *runtime = &session->watch.runtime;
    struct rpcancel_answer answer;
    for (unsigned i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (lacking >> needed[i].kind & 1u || session->watch.kinds[needed[i].kind].asked == 0)
            return;
    }
    struct rpcancel_clock_trial clock = {.elapse_ms = session->watch.kinds[RPCANCEL_OP_ELAPSE].slowest_us / 1000};
    clock.pause_ms = clock.elapse_ms < RPCANCEL_ELAPSE_IS_SHORT_MS ? LONGER_THAN_A_SECOND_MS : clock.elapse_ms;
    if (runtime->functions->reset(runtime) != RPCANCEL_EXCHANGE_ANSWERED || !ask(session, timeout, &answer) ||
        !ask(session, call, &answer))
        return;
    pause_for(session, clock.pause_ms);
    if (!ask(session, returned, &clock.paused) || !ask(session, elapse, &answer) || !ask(session, settle, &answer) ||
        !ask(session, returned, &clock.elapsed))
        return;
    rpcancel_judge_clock(&session->doctor->notes, &clock);
}

/* ---- the whole ---- */

static void close_runtime(struct session *session)
{
    struct rpcancel_runtime *runtime = session->runtime;
    bool is_sound = !runtime->functions->finish || runtime->functions->finish(runtime) == RPCANCEL_EXCHANGE_ANSWERED;
    if (!is_sound)
        rpcancel_note_add(&session->doctor->notes, RPCANCEL_NOTE_FAILED, "end",
                          "its close function has to return, and its destructors not to fail", "%s", runtime->failure);
    runtime->functions->close(runtime);
}

static void see_open(struct session *session)
{
    struct rpcancel_doctor *doctor = session->doctor;
    memcpy(doctor->name, session->runtime->name, sizeof doctor->name);
    memcpy(doctor->version, session->runtime->version, sizeof doctor->version);
    rpcancel_watch_init(&session->watch, session->runtime);
    rpcancel_judge_controls(&doctor->notes, session->runtime->control);
    try_reset(session);
    if (!rpcancel_doctor_is_stopped(doctor))
        try_groups(session);
    if (!rpcancel_doctor_is_stopped(doctor))
        try_clock(session);
    if (!rpcancel_doctor_is_stopped(doctor))
        rpcancel_judge_latency(&doctor->notes, &session->watch, rpcancel_deadline(&doctor->options));
    rpcancel_run_free(&session->run);
}

static void open_and_see(struct rpcancel_doctor *doctor)
{
    char failure[RPCANCEL_FAILURE_TEXT_MAX] = "";
    bool usage = false;
    int64_t start = rpcancel_clock_ms();
    struct session *session = calloc(1, sizeof *session);
    struct rpcancel_runtime *runtime =
        session ? rpcancel_runtime_open(doctor->how, &doctor->options, failure, &usage) : NULL;
    if (runtime) {
        *session = (struct session){.doctor = doctor, .runtime = runtime};
        rpcancel_judge_start(&doctor->notes, since(start), rpcancel_start_limit(&doctor->options));
        see_open(session);
        close_runtime(session);
    } else if (usage) {
        memcpy(doctor->usage, failure, sizeof doctor->usage);
    } else if (!*doctor->options.interrupted) {
        rpcancel_note_add(&doctor->notes, RPCANCEL_NOTE_UNUSABLE, "start", rpcancel_remedy_of_opening(failure), "%s",
                          session ? failure : "out of memory");
    }
    free(session);
}

void rpcancel_doctor_see_api(struct rpcancel_doctor *doctor)
{
    static const char child[] = "child:", plugin[] = "plugin:";
    if (strncmp(doctor->how, child, strlen(child)) == 0)
        rpcancel_doctor_see_lines(doctor, doctor->how + strlen(child));
    else if (strncmp(doctor->how, plugin, strlen(plugin)) == 0)
        rpcancel_doctor_see_plugin_file(doctor, doctor->how + strlen(plugin));
    if (!doctor->usage[0] && !rpcancel_doctor_is_stopped(doctor))
        open_and_see(doctor);
}
