// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE /* SOCK_CLOEXEC */
#include "serve/datagrams.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "runtime/process.h"
#include "serve/datagram_calls.h"
#include "serve/signals.h"

enum { OCTETS_MAX = 65536, TAKEN_AT_ONCE = 64 };

struct service {
    int socket, signals;
    uint64_t now; /* ms */
    struct rpcancel_datagram_server server;
    struct rpcancel_datagram_server_host host;
    struct rpcancel_datagram_calls calls;
    struct rpcancel_serve_datagrams_totals *totals;
    uint8_t octets[OCTETS_MAX];
};

/* ---- peers as numbers ---- */

static uint64_t number_of(const struct sockaddr_in *address)
{
    return (uint64_t)ntohl(address->sin_addr.s_addr) << 16 | ntohs(address->sin_port);
}

/* A datagram that cannot be sent now is lost, as datagrams are. */
static void send_to(void *context, uint64_t peer, const uint8_t *bytes, size_t size)
{
    const struct service *service = context;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)peer), .sin_addr.s_addr = htonl((uint32_t)(peer >> 16))};
    (void)sendto(service->socket, bytes, size, 0, (const struct sockaddr *)&address, sizeof address);
}

/* ---- what the server asks for ---- */

static const struct rpcancel_interface *find_interface(void *context, const struct rpcancel_syntax *syntax)
{
    (void)context;
    return rpcancel_syntax_is(syntax, &rpcancel_datagram_calls_interface.syntax) ? &rpcancel_datagram_calls_interface
                                                                                 : NULL;
}

static void execute(void *context, struct rpcancel_datagram_server *server,
                    const struct rpcancel_datagram_request *request)
{
    struct service *service = context;
    service->totals->calls++;
    rpcancel_datagram_calls_begin(&service->calls, server, request, service->now);
}

static void cancel(void *context, struct rpcancel_datagram_server *server, unsigned call, uint32_t cancels)
{
    struct service *service = context;
    (void)server;
    service->totals->cancels += cancels;
    rpcancel_datagram_calls_cancel(&service->calls, call);
}

static void orphan(void *context, struct rpcancel_datagram_server *server, unsigned call)
{
    struct service *service = context;
    (void)server;
    service->totals->orphaned++;
    rpcancel_datagram_calls_orphan(&service->calls, call);
}

/* ---- the loop ---- */

static int time_to_wait(const struct service *service)
{
    uint64_t next = rpcancel_datagram_calls_next(&service->calls, service->now);
    uint32_t timer = rpcancel_datagram_server_next(&service->server);
    if (timer != RPCANCEL_NEVER && timer < next)
        next = timer;
    if (next == UINT64_MAX)
        return -1;
    return next < INT_MAX ? (int)next : INT_MAX;
}

static void take_datagrams(struct service *service)
{
    for (unsigned i = 0; i < TAKEN_AT_ONCE; i++) {
        struct sockaddr_in from;
        socklen_t length = sizeof from;
        ssize_t size =
            recvfrom(service->socket, service->octets, sizeof service->octets, 0, (struct sockaddr *)&from, &length);
        if (size < 0)
            return;
        service->totals->datagrams++;
        rpcancel_datagram_server_receive(&service->server, number_of(&from), service->octets, (size_t)size);
        rpcancel_datagram_calls_go_on(&service->calls, &service->server, service->now);
    }
}

static void let_time_pass(struct service *service)
{
    uint64_t now = (uint64_t)rpcancel_clock_ms();
    uint64_t passed = now - service->now;
    service->now = now;
    rpcancel_datagram_server_elapse(&service->server, passed < RPCANCEL_NEVER ? (uint32_t)passed : RPCANCEL_NEVER - 1);
    rpcancel_datagram_calls_go_on(&service->calls, &service->server, now);
}

static bool serve(struct service *service)
{
    for (;;) {
        struct pollfd waiting[] = {{.fd = service->socket, .events = POLLIN},
                                   {.fd = service->signals, .events = POLLIN}};
        if (poll(waiting, 2, time_to_wait(service)) < 0 && errno != EINTR)
            return false;
        let_time_pass(service);
        if (waiting[1].revents && rpcancel_signals_take(service->signals))
            return true;
        if (waiting[0].revents)
            take_datagrams(service);
    }
}

/* ---- beginning and end ---- */

static bool begin(struct service *service, const struct rpcancel_serve_datagrams_settings *settings,
                  const char **failure)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(settings->port)}, bound = {0};
    socklen_t size = sizeof bound;
    inet_pton(AF_INET, settings->address, &address.sin_addr);
    *failure = "signalfd";
    if (service->signals < 0)
        return false;
    *failure = "socket";
    service->socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (service->socket < 0)
        return false;
    *failure = "bind";
    if (bind(service->socket, (const struct sockaddr *)&address, sizeof address) != 0 ||
        getsockname(service->socket, (struct sockaddr *)&bound, &size) != 0)
        return false;
    service->host = (struct rpcancel_datagram_server_host){service, send_to, find_interface, execute, cancel, orphan};
    /* Another one with each start, so that clients of an earlier server learn that it is gone (C706 12.5.2). */
    uint32_t boot = (uint32_t)time(NULL);
    rpcancel_datagram_server_init(&service->server, &service->host, rpcancel_datagram_choices_of(settings->profile),
                                  boot ? boot : 1);
    service->now = (uint64_t)rpcancel_clock_ms();
    *failure = "standard output"; /* whoever waits for the line would wait for ever */
    return printf("listening on %s:%u\n", settings->address, ntohs(bound.sin_port)) > 0 && fflush(stdout) == 0;
}

bool rpcancel_serve_datagrams(const struct rpcancel_serve_datagrams_settings *settings,
                              struct rpcancel_serve_datagrams_totals *totals, const char **failure)
{
    sigset_t signals_before;
    struct service *service = calloc(1, sizeof *service);
    *totals = (struct rpcancel_serve_datagrams_totals){0};
    *failure = "memory";
    if (!service)
        return false;
    service->totals = totals;
    service->socket = -1;
    service->signals = rpcancel_signals_watch(&signals_before);
    bool served = begin(service, settings, failure) && serve(service);
    int reason = errno;
    if (service->socket >= 0)
        close(service->socket);
    if (service->signals >= 0)
        close(service->signals);
    free(service);
    pthread_sigmask(SIG_SETMASK, &signals_before, NULL);
    errno = reason;
    return served;
}
