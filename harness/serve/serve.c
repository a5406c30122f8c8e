// SPDX-License-Identifier: Apache-2.0
/* The socket that listens, and the loop. */
#define _GNU_SOURCE /* accept4 */
#include "serve/serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/process.h"
#include "serve/connection.h"
#include "serve/signals.h"

enum { BACKLOG = 1024, PAUSE = 100, OTHER_FILES = 16, EVENTS = 64 };

/* Makes sure of a descriptor for every connection; false when there may not be so many. */
static bool allow_files(unsigned connections)
{
    struct rlimit limit;
    rlim_t needed = (rlim_t)connections + OTHER_FILES;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return false;
    if (limit.rlim_cur >= needed)
        return true;
    limit.rlim_cur = needed;
    if (limit.rlim_max < needed) {
        errno = EMFILE;
        return false;
    }
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static bool listen_on(struct rpcancel_serve_state *state, struct sockaddr_in *bound, const char **failure)
{
    const struct rpcancel_serve_settings *settings = state->settings;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(settings->port)};
    socklen_t size = sizeof *bound;
    const int yes = 1;
    inet_pton(AF_INET, settings->address, &address.sin_addr);
    *failure = "socket";
    state->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (state->listener < 0)
        return false;
    setsockopt(state->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    *failure = "bind";
    return bind(state->listener, (const struct sockaddr *)&address, sizeof address) == 0 &&
           listen(state->listener, BACKLOG) == 0 && getsockname(state->listener, (struct sockaddr *)bound, &size) == 0;
}

/* ---- the loop ---- */

/* Tells the system what is to be waited for; a failure of a change cannot be, as the descriptor is there. */
static bool watch(const struct rpcancel_serve_state *state, int how, int socket, uint32_t events, void *whose)
{
    struct epoll_event event = {.events = events, .data.ptr = whose};
    return epoll_ctl(state->epoll, how, socket, &event) == 0;
}

/* |connection| was served and is to be closed, or it is waited for what it wants next. */
static void go_on(struct rpcancel_serve_state *state, struct rpcancel_connection *connection, bool alive)
{
    if (!alive) {
        struct rpcancel_connection *last = state->connections[--state->connection_count];
        state->connections[connection->place] = last;
        last->place = connection->place;
        rpcancel_connection_close(connection);
        return;
    }
    uint32_t events = rpcancel_connection_events(connection);
    uint64_t next = rpcancel_connection_next(connection);
    if (events != connection->watched)
        watch(state, EPOLL_CTL_MOD, connection->socket, events, connection);
    connection->watched = events;
    state->next = next < state->next ? next : state->next;
}

/* Takes in whoever waits; those that are too many are closed, so that they know. Where the system has no descriptor or
 * memory for one, it is not asked again at once. */
static void accept_all(struct rpcancel_serve_state *state)
{
    const int yes = 1;
    int socket;
    while ((socket = accept4(state->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        struct rpcancel_connection *connection = NULL;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        if (state->connection_count < state->settings->connections_max)
            connection = rpcancel_connection_open(state, socket);
        if (!connection) {
            close(socket);
            continue;
        }
        connection->place = state->connection_count;
        state->connections[state->connection_count++] = connection;
        go_on(state, connection, watch(state, EPOLL_CTL_ADD, socket, connection->watched, connection));
    }
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != ECONNABORTED && errno != EINTR) {
        state->accept_again = state->now + PAUSE;
        watch(state, EPOLL_CTL_MOD, state->listener, 0, &state->listener);
    }
}

/* Serves everybody, whether octets came or not: somebody's time has come, or somebody did something for others. */
static void serve_all(struct rpcancel_serve_state *state)
{
    state->serve_all = false;
    state->next = UINT64_MAX;
    /* From the end, so that the last one can take the place of one that goes. */
    for (unsigned i = state->connection_count; i-- > 0;)
        go_on(state, state->connections[i], rpcancel_connection_serve(state->connections[i], 0));
}

static int time_to_wait(const struct rpcancel_serve_state *state)
{
    uint64_t next = state->next;
    if (state->accept_again && state->accept_again < next)
        next = state->accept_again;
    if (next == UINT64_MAX)
        return -1;
    if (next <= state->now)
        return 0;
    return next - state->now < INT_MAX ? (int)(next - state->now) : INT_MAX;
}

/* One round: waits, and serves who has something. */
static bool serve_round(struct rpcancel_serve_state *state)
{
    struct epoll_event events[EVENTS];
    bool is_asked = false;
    int ready = epoll_wait(state->epoll, events, EVENTS, time_to_wait(state));
    if (ready < 0 && errno != EINTR)
        return false;
    state->now = (uint64_t)rpcancel_clock_ms();
    for (int i = 0; i < ready; i++) {
        void *whose = events[i].data.ptr;
        is_asked |= whose == &state->listener;
        state->is_ended |= whose == &state->signals && rpcancel_signals_take(state->signals);
        if (whose != &state->listener && whose != &state->signals)
            go_on(state, whose, rpcancel_connection_serve(whose, events[i].events));
    }
    if (state->serve_all || state->next <= state->now)
        serve_all(state);
    if (state->accept_again && state->accept_again <= state->now) {
        state->accept_again = 0;
        watch(state, EPOLL_CTL_MOD, state->listener, EPOLLIN, &state->listener);
    }
    if (is_asked)
        accept_all(state);
    return true;
}

/* Begins to listen and to wait; false with errno set and what was attempted in |*failure|. */
static bool begin(struct rpcancel_serve_state *state, const char **failure)
{
    const struct rpcancel_serve_settings *settings = state->settings;
    struct sockaddr_in bound = {0};
    *failure = "open files, one for each connection";
    if (!allow_files(settings->connections_max) || !listen_on(state, &bound, failure))
        return false;
    *failure = "memory";
    state->connections = calloc(settings->connections_max, sizeof(struct rpcancel_connection *));
    if (!state->connections)
        return false;
    *failure = "epoll or signalfd";
    state->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (state->epoll < 0 || state->signals < 0 ||
        !watch(state, EPOLL_CTL_ADD, state->listener, EPOLLIN, &state->listener) ||
        !watch(state, EPOLL_CTL_ADD, state->signals, EPOLLIN, &state->signals))
        return false;
    unsigned port = ntohs(bound.sin_port);
    snprintf(state->port, sizeof state->port, "%u", settings->port_told ? settings->port_told : port);
    *failure = "standard output"; /* whoever waits for the line would wait for ever */
    return printf("listening on %s:%u\n", settings->address, port) > 0 && fflush(stdout) == 0;
}

static void end(struct rpcancel_serve_state *state)
{
    const int descriptors[] = {state->epoll, state->listener, state->signals};
    while (state->connection_count > 0)
        rpcancel_connection_close(state->connections[--state->connection_count]);
    for (unsigned i = 0; i < sizeof descriptors / sizeof descriptors[0]; i++) {
        if (descriptors[i] >= 0)
            close(descriptors[i]);
    }
    free(state->connections);
}

bool rpcancel_serve(const struct rpcancel_serve_settings *settings, struct rpcancel_serve_totals *totals,
                    const char **failure)
{
    sigset_t signals_before;
    struct rpcancel_serve_state state = {.settings = settings,
                                         .listener = -1,
                                         .epoll = -1,
                                         .signals = rpcancel_signals_watch(&signals_before),
                                         .now = (uint64_t)rpcancel_clock_ms(),
                                         .next = UINT64_MAX};
    bool served = begin(&state, failure);
    while (served && !state.is_ended)
        served = serve_round(&state);
    int reason = errno;
    end(&state);
    pthread_sigmask(SIG_SETMASK, &signals_before, NULL);
    *totals = state.totals;
    errno = reason;
    return served;
}
