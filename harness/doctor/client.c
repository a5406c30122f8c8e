// SPDX-License-Identifier: Apache-2.0
/* Clients: the client is run against the reference server, and then against one that does it harm. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/client_account.h"
#include "doctor/doctor.h"
#include "doctor/remedies.h"
#include "runtime/command_words.h"
#include "runtime/process.h"

static void opened(void *context, unsigned connection)
{
    (void)connection;
    ((struct rpcancel_client_account *)context)->connections++;
}

static void passed(void *context, unsigned connection, const struct rpcancel_wire_event *event)
{
    (void)connection;
    rpcancel_client_hear(context, event);
}

static void run_client(const struct rpcancel_doctor *doctor, struct rpcancel_runtime *runtime,
                       enum rpcancel_relay_kind how, struct rpcancel_client_account *account)
{
    const struct rpcancel_operation operation = {.kind = RPCANCEL_OP_RUN_CLIENT, .argument = how & 7u};
    struct rpcancel_answer answer;
    *account = (struct rpcancel_client_account){.limit_ms = rpcancel_deadline(&doctor->options)};
    runtime->tap = (struct rpcancel_wire_tap){.context = account, .opened = opened, .passed = passed};
    int64_t start = rpcancel_clock_ms();
    runtime->functions->reset(runtime);
    account->exchange = runtime->functions->execute(runtime, operation, &answer);
    account->took_ms = (unsigned)(rpcancel_clock_ms() - start);
    if (account->exchange != RPCANCEL_EXCHANGE_ANSWERED)
        memcpy(account->failure, runtime->failure, sizeof account->failure);
}

static void try_client(struct rpcancel_doctor *doctor, struct rpcancel_runtime *runtime)
{
    static struct rpcancel_client_account first, other;
    static const struct {
        enum rpcancel_relay_kind how;
        const char *what;
    } harms[] = {{RPCANCEL_RELAY_FAULT, "faults in place of replies"}, {RPCANCEL_RELAY_DROP, "lost connections"}};
    run_client(doctor, runtime, RPCANCEL_RELAY_PLAIN, &first);
    if (!*doctor->options.interrupted)
        rpcancel_judge_client(&doctor->notes, &first);
    if (rpcancel_doctor_is_stopped(doctor))
        return;
    run_client(doctor, runtime, RPCANCEL_RELAY_PLAIN, &other);
    if (!*doctor->options.interrupted)
        rpcancel_judge_client_again(&doctor->notes, &first, &other);
    for (unsigned i = 0; i < sizeof harms / sizeof harms[0] && !rpcancel_doctor_is_stopped(doctor); i++) {
        run_client(doctor, runtime, harms[i].how, &other);
        if (!*doctor->options.interrupted)
            rpcancel_judge_client_ends(&doctor->notes, harms[i].what, &other);
    }
}

/* Whether there is such a program, before anything listens for it. */
static bool can_be_run(struct rpcancel_doctor *doctor, const char *word)
{
    char path[RPCANCEL_PATH_MAX];
    uint8_t head[RPCANCEL_HEAD_SIZE];
    int error = rpcancel_process_find(word, path);
    if (error == 0)
        return true;
    rpcancel_note_add(&doctor->notes, RPCANCEL_NOTE_UNUSABLE, "the client's program",
                      rpcancel_remedy_of_program(error, false, head, 0), "%s: %s", word, strerror(error));
    return false;
}

static void open_and_try(struct rpcancel_doctor *doctor)
{
    char failure[RPCANCEL_FAILURE_TEXT_MAX] = "";
    bool usage = false;
    struct rpcancel_runtime *runtime = rpcancel_runtime_open(doctor->how, &doctor->options, failure, &usage);
    if (!runtime) {
        rpcancel_judge_listen(&doctor->notes, failure);
        return;
    }
    rpcancel_note_add(&doctor->notes, RPCANCEL_NOTE_OK, "listening", NULL, "ready for a client");
    memcpy(doctor->name, runtime->name, sizeof doctor->name);
    try_client(doctor, runtime);
    runtime->functions->close(runtime);
}

void rpcancel_doctor_see_client(struct rpcancel_doctor *doctor)
{
    const char *rest = doctor->how + strlen("tcp-listen:");
    char **words, error[RPCANCEL_COMMAND_WORDS_ERROR_MAX];
    uint16_t port;
    if (!rpcancel_listen_take_port(&rest, &port)) {
        snprintf(doctor->usage, sizeof doctor->usage,
                 "found `%.64s`, expected tcp-listen:[PORT:]COMMAND, a port from 1 to 65535", doctor->how);
        return;
    }
    if (rpcancel_command_words_split(rest, &words, error) != RPCANCEL_COMMAND_WORDS_OK) {
        snprintf(doctor->usage, sizeof doctor->usage, "tcp-listen:COMMAND, %s", error);
        return;
    }
    if (can_be_run(doctor, words[0])) {
        rpcancel_judge_client_words(&doctor->notes, words, port);
        open_and_try(doctor);
    }
    free(words);
}
