// SPDX-License-Identifier: Apache-2.0
/*
 * Clients under test: the reference server runs in a process of its own, a relay stands before it, and the client is a
 * command that is run against the relay. What the client sends is for whoever looks on at runtime->tap to judge.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/child_failure.h"
#include "runtime/command_words.h"
#include "runtime/pipes.h"
#include "runtime/process.h"
#include "runtime/reference_server.h"
#include "runtime/relay.h"

static const char host[] = "127.0.0.1";

enum {
    LOOK_MS = 50,     /* so often it is asked whether a client ended that does not say so by closing its output */
    LOOK_SOON_MS = 5, /* when it closed it */
    CLOSING_MS = 1000 /* for the ends of connections to arrive, once the client is gone */
};

struct listen {
    struct rpcancel_runtime base; /* first, so that it leads back */
    struct rpcancel_relay relay;
    struct rpcancel_reference_server server;
    char port[8];
    char **words;
    unsigned deadline_ms;
    const volatile sig_atomic_t *interrupted; /* NULL, or: once it is set, the client is ended */
    struct rpcancel_guard client_guard;
    struct rpcancel_process client;
};

/* ---- the client ---- */

static enum rpcancel_exchange stop(struct listen *listen, enum rpcancel_exchange how, const char *why)
{
    const struct rpcancel_child_failure failure = {
        .runtime = &listen->base, .process = &listen->client, .who = "the client"};
    rpcancel_relay_drop(&listen->relay);
    rpcancel_child_say_failed(&failure, why);
    return how;
}

/* Waits for something to do, until |until| at most. */
static void wait_for_something(const struct listen *listen, int64_t until)
{
    struct pollfd polled[RPCANCEL_RELAY_POLLED_MAX + 2];
    const struct rpcancel_process *client = &listen->client;
    bool is_quiet = client->output < 0 && client->error < 0;
    int64_t now = rpcancel_clock_ms();
    int64_t next = now + (is_quiet ? LOOK_SOON_MS : LOOK_MS);
    unsigned count = rpcancel_relay_poll(&listen->relay, polled, &next);
    polled[count++] = (struct pollfd){client->output, POLLIN, 0};
    polled[count++] = (struct pollfd){client->error, POLLIN, 0};
    next = next < until ? next : until;
    poll(polled, count, next > now ? (int)(next - now) : 0);
}

/* The client is gone; what it sent before that is still on its way. */
static void hear_the_end(struct listen *listen)
{
    int64_t until = rpcancel_clock_ms() + CLOSING_MS;
    while (rpcancel_relay_serve(&listen->relay) > 0 && rpcancel_clock_ms() < until)
        wait_for_something(listen, until);
    rpcancel_relay_drop(&listen->relay); /* somebody it left behind holds them */
}

static enum rpcancel_exchange judge_end(struct listen *listen, int status)
{
    char why[RPCANCEL_FAILURE_TEXT_MAX];
    if (WIFSIGNALED(status)) {
        snprintf(why, sizeof why, "the client was killed by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
        return stop(listen, RPCANCEL_EXCHANGE_CRASHED, why);
    }
    if (listen->relay.heard > 0)
        return RPCANCEL_EXCHANGE_ANSWERED;
    char sent[48] = "nothing";
    if (listen->relay.octets > 0)
        snprintf(sent, sizeof sent, "%zu octets, no whole PDU,", listen->relay.octets);
    snprintf(why, sizeof why, "the client sent %s to %s:%s, and ended with exit code %d", sent, host, listen->port,
             WEXITSTATUS(status));
    return stop(listen, RPCANCEL_EXCHANGE_BROKEN, why);
}

static bool is_interrupted(const struct listen *listen)
{
    return listen->interrupted && *listen->interrupted;
}

static enum rpcancel_exchange run_client(struct listen *listen, enum rpcancel_relay_kind how)
{
    char why[RPCANCEL_FAILURE_TEXT_MAX];
    int status = 0;
    rpcancel_relay_begin(&listen->relay, how);
    if (!rpcancel_process_start(&listen->client, listen->words, &listen->client_guard, listen->base.failure))
        return RPCANCEL_EXCHANGE_BROKEN;
    rpcancel_close(&listen->client.input); /* there is nothing to read */
    int64_t until = rpcancel_clock_ms() + listen->deadline_ms;
    bool has_ended = false;
    while (!has_ended && listen->relay.failure == 0 && !listen->base.tap.is_over && rpcancel_clock_ms() < until &&
           !is_interrupted(listen)) {
        wait_for_something(listen, until);
        rpcancel_relay_serve(&listen->relay);
        has_ended = rpcancel_process_look(&listen->client);
    }
    rpcancel_process_finish(&listen->client, RPCANCEL_PATIENCE_NONE, &listen->client_guard, &status);
    if (listen->relay.failure != 0) {
        snprintf(why, sizeof why, "the relay cannot reach its server: %s", strerror(listen->relay.failure));
        return stop(listen, RPCANCEL_EXCHANGE_BROKEN, why);
    }
    if (listen->base.tap.is_over) {
        rpcancel_relay_drop(&listen->relay);
        return RPCANCEL_EXCHANGE_ANSWERED;
    }
    if (!has_ended && is_interrupted(listen))
        return stop(listen, RPCANCEL_EXCHANGE_BROKEN, "interrupted");
    if (!has_ended) {
        snprintf(why, sizeof why, "the client did not end within %u ms", listen->deadline_ms);
        return stop(listen, RPCANCEL_EXCHANGE_HUNG, why);
    }
    hear_the_end(listen);
    return judge_end(listen, status);
}

/* ---- the runtime ---- */

static enum rpcancel_exchange listen_reset(struct rpcancel_runtime *runtime)
{
    rpcancel_relay_drop(&((struct listen *)runtime)->relay); /* no client runs between operations */
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static enum rpcancel_exchange listen_execute(struct rpcancel_runtime *runtime, struct rpcancel_operation operation,
                                             struct rpcancel_answer *answer)
{
    bool is_known = operation.kind == RPCANCEL_OP_RUN_CLIENT;
    *answer = rpcancel_answer_kind(is_known ? RPCANCEL_ANSWER_DONE : RPCANCEL_ANSWER_UNIMPLEMENTED);
    return is_known ? run_client((struct listen *)runtime, (enum rpcancel_relay_kind)operation.argument)
                    : RPCANCEL_EXCHANGE_ANSWERED;
}

static void listen_close(struct rpcancel_runtime *runtime)
{
    struct listen *listen = (struct listen *)runtime;
    rpcancel_relay_drop(&listen->relay);
    rpcancel_close(&listen->relay.listener);
    rpcancel_process_finish(&listen->client, RPCANCEL_PATIENCE_NONE, &listen->client_guard, NULL);
    rpcancel_reference_server_end(&listen->server);
    rpcancel_guard_end(&listen->client_guard);
    free(listen->words);
    free(listen);
}

static const struct rpcancel_runtime_functions listen_functions = {
    .reset = listen_reset, .execute = listen_execute, .close = listen_close, .subject = RPCANCEL_SUBJECT_CLIENT};

/* ---- opening ---- */

/* Writes |word| to |out| with {host} and {port} replaced, or only counts when that is NULL. Returns the length. */
static size_t replace(const char *word, const char *port, char *out)
{
    size_t length = 0;
    while (*word) {
        bool is_host = strncmp(word, "{host}", 6) == 0, is_port = strncmp(word, "{port}", 6) == 0;
        const char *from = is_host ? host : is_port ? port : word;
        size_t size = is_host || is_port ? strlen(from) : 1;
        if (out)
            memcpy(out + length, from, size);
        length += size;
        word += is_host || is_port ? 6 : 1;
    }
    return length;
}

/* The words of the command, in one piece of memory; NULL when there is none. */
static char **words_for(char *const *words, const char *port)
{
    size_t count = 0, characters = 0;
    for (; words[count]; count++)
        characters += replace(words[count], port, NULL) + 1;
    char **replaced = malloc((count + 1) * sizeof *replaced + characters);
    if (!replaced)
        return NULL;
    char *out = (char *)(replaced + count + 1);
    for (size_t i = 0; i < count; i++) {
        replaced[i] = out;
        out += replace(words[i], port, out);
        *out++ = '\0';
    }
    replaced[count] = NULL;
    return replaced;
}

bool rpcancel_listen_take_port(const char **text, uint16_t *port)
{
    size_t digits = strspn(*text, "0123456789");
    *port = 0;
    if (digits == 0 || (*text)[digits] != ':')
        return true;
    unsigned long number = strtoul(*text, NULL, 10);
    *port = (uint16_t)number;
    *text += digits + 1;
    return digits <= 5 && number > 0 && number <= UINT16_MAX;
}

static bool begin(struct listen *listen, uint16_t port, char *const *words,
                  const struct rpcancel_runtime_options *options, char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    if (!rpcancel_relay_listen(&listen->relay, port)) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "tcp-listen: %s:%u: %s", host, (unsigned)port, strerror(errno));
        return false;
    }
    snprintf(listen->port, sizeof listen->port, "%u", (unsigned)listen->relay.port);
    snprintf(listen->base.name, sizeof listen->base.name, "tcp-listen:%.40s", words[0]);
    listen->words = words_for(words, listen->port);
    if (!listen->words || !rpcancel_guard_start(&listen->client_guard)) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "tcp-listen: %s", strerror(errno));
        return false;
    }
    if (!rpcancel_reference_server_start(&listen->server, options->wire_profile, listen->relay.port, failure))
        return false;
    listen->relay.server = listen->server.address;
    return true;
}

struct rpcancel_runtime *rpcancel_runtime_open_listen(const char *command,
                                                      const struct rpcancel_runtime_options *options,
                                                      char failure[RPCANCEL_FAILURE_TEXT_MAX], bool *usage)
{
    char error[RPCANCEL_COMMAND_WORDS_ERROR_MAX];
    const char *rest = command;
    uint16_t port;
    char **words = NULL;
    *usage = true;
    if (!rpcancel_listen_take_port(&rest, &port)) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX,
                 "found `tcp-listen:%.64s`, expected tcp-listen:[PORT:]COMMAND, a port from 1 to 65535", command);
        return NULL;
    }
    enum rpcancel_command_words_result split = rpcancel_command_words_split(rest, &words, error);
    if (split != RPCANCEL_COMMAND_WORDS_OK) {
        *usage = split == RPCANCEL_COMMAND_WORDS_MALFORMED;
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "tcp-listen:COMMAND, %s", error);
        return NULL;
    }
    *usage = false;
    struct listen *listen = calloc(1, sizeof *listen);
    if (!listen) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "out of memory");
        free(words);
        return NULL;
    }
    listen->base.functions = &listen_functions;
    listen->deadline_ms = rpcancel_deadline(options);
    listen->interrupted = options->interrupted;
    listen->relay.listener = -1;
    listen->relay.tap = &listen->base.tap;
    memset(listen->base.control, RPCANCEL_HIDDEN, sizeof listen->base.control);
    bool has_begun = begin(listen, port, words, options, failure);
    free(words);
    if (has_begun)
        return &listen->base;
    listen_close(&listen->base);
    return NULL;
}
