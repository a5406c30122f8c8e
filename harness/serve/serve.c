// SPDX-License-Identifier: Apache-2.0
/* The socket that listens, and the loop. */
#define _GNU_SOURCE /* accept4 */
#include "serve/serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/process.h"
#include "serve/connection.h"

enum { BACKLOG = 1024, LONGEST_WAIT = 1000, PAUSE = 100, OTHER_FILES = 16 };

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

static int listen_on(const struct rpcancel_serve_settings *settings, struct sockaddr_in *bound, const char **failure)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(settings->port)};
    socklen_t size = sizeof *bound;
    const int yes = 1;
    inet_pton(AF_INET, settings->address, &address.sin_addr);
    *failure = "socket";
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0)
        return -1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    *failure = "bind";
    if (bind(listener, (const struct sockaddr *)&address, sizeof address) != 0 || listen(listener, BACKLOG) != 0 ||
        getsockname(listener, (struct sockaddr *)bound, &size) != 0) {
        int reason = errno;
        close(listener);
        errno = reason;
        return -1;
    }
    return listener;
}

/* Takes in whoever waits; those that are too many are closed, so that they know. Where the system has no descriptor or
 * memory for one, it is not asked again at once. */
static void accept_all(struct rpcancel_serve_state *state, int listener)
{
    const int yes = 1;
    int socket;
    while ((socket = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        if (state->connection_count == state->settings->connections_max) {
            close(socket);
            continue;
        }
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        struct rpcancel_connection *connection = rpcancel_connection_open(state, socket);
        if (connection)
            state->connections[state->connection_count++] = connection;
    }
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != ECONNABORTED && errno != EINTR)
        state->accept_again = state->now + PAUSE;
}

static int time_to_wait(const struct rpcancel_serve_state *state)
{
    uint64_t next = state->accept_again > state->now ? state->accept_again : UINT64_MAX;
    for (unsigned i = 0; i < state->connection_count; i++) {
        uint64_t one = rpcancel_connection_next(state->connections[i]);
        next = one < next ? one : next;
    }
    if (next <= state->now)
        return 0;
    return next - state->now < LONGEST_WAIT ? (int)(next - state->now) : LONGEST_WAIT;
}

/* One round: waits, and serves who has something. */
static bool serve_round(struct rpcancel_serve_state *state, struct pollfd *polled, int listener)
{
    unsigned count = state->connection_count;
    polled[0] = (struct pollfd){state->accept_again > state->now ? -1 : listener, POLLIN, 0};
    for (unsigned i = 0; i < count; i++)
        polled[i + 1] =
            (struct pollfd){state->connections[i]->socket, rpcancel_connection_events(state->connections[i]), 0};
    int ready = poll(polled, count + 1, time_to_wait(state));
    if (ready < 0 && errno != EINTR)
        return false;
    state->now = (uint64_t)rpcancel_clock_ms();
    /* From the end, so that the last one can take the place of one that goes. */
    for (unsigned i = count; i-- > 0;) {
        struct rpcancel_connection *connection = state->connections[i];
        if (rpcancel_connection_serve(connection, ready > 0 ? polled[i + 1].revents : 0))
            continue;
        state->connections[i] = state->connections[--state->connection_count];
        rpcancel_connection_close(connection);
    }
    if (ready > 0 && polled[0].revents)
        accept_all(state, listener);
    return true;
}

/* False with errno set: whoever waits for the line would wait for ever. */
static bool say_ready(const char *address, unsigned port)
{
    return printf("listening on %s:%u\n", address, port) > 0 && fflush(stdout) == 0;
}

bool rpcancel_serve(const struct rpcancel_serve_settings *settings, const volatile sig_atomic_t *stop,
                    struct rpcancel_serve_totals *totals, const char **failure)
{
    struct rpcancel_serve_state state = {.settings = settings, .now = (uint64_t)rpcancel_clock_ms()};
    struct sockaddr_in bound = {0};
    *failure = "open files, one for each connection";
    if (!allow_files(settings->connections_max))
        return false;
    int listener = listen_on(settings, &bound, failure);
    if (listener < 0)
        return false;
    struct pollfd *polled = calloc(settings->connections_max + 1, sizeof *polled);
    state.connections = calloc(settings->connections_max, sizeof(struct rpcancel_connection *));
    bool served = polled && state.connections;
    *failure = served ? "poll" : "memory";
    unsigned port = ntohs(bound.sin_port);
    snprintf(state.port, sizeof state.port, "%u", settings->port_told ? settings->port_told : port);
    if (served && !say_ready(settings->address, port)) {
        *failure = "standard output";
        served = false;
    }
    while (served && !*stop)
        served = serve_round(&state, polled, listener);
    int reason = errno;
    while (state.connection_count > 0)
        rpcancel_connection_close(state.connections[--state.connection_count]);
    close(listener);
    free(polled);
    free(state.connections);
    *totals = state.totals;
    errno = reason;
    return served;
}
