// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "runtime/process.h"
#include "runtime/tcp.h"
#include "wire/event.h"

/* No system call waits for longer, so that an interruption is noticed that came just before one. */
enum { SLICE_MS = 200 };

bool rpcancel_tcp_is_interrupted(const struct rpcancel_tcp_connection *connection)
{
    return connection->interrupted && *connection->interrupted;
}

/* Waits until the connection that is being made is there. */
static bool wait_for_connection(const struct rpcancel_tcp_connection *connection, int socket)
{
    struct pollfd polled = {socket, POLLOUT, 0};
    int failure = ETIMEDOUT, ready = 0;
    socklen_t size = sizeof failure;
    int64_t until = rpcancel_clock_ms() + connection->deadline_ms;
    while (ready <= 0 && rpcancel_clock_ms() < until && !rpcancel_tcp_is_interrupted(connection))
        ready = poll(&polled, 1, connection->deadline_ms < SLICE_MS ? (int)connection->deadline_ms : SLICE_MS);
    if (ready > 0 && getsockopt(socket, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 && failure == 0)
        return true;
    errno = failure;
    return false;
}

bool rpcancel_tcp_read_address(const char *text, struct sockaddr_in *address)
{
    char host[64];
    const char *colon = strrchr(text, ':');
    char *end;
    if (!colon || (size_t)(colon - text) >= sizeof host || !colon[1])
        return false;
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = '\0';
    unsigned long port = strtoul(colon + 1, &end, 10);
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    return !*end && port > 0 && port <= UINT16_MAX &&
           inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &address->sin_addr) == 1;
}

unsigned rpcancel_tcp_deadline(const struct rpcancel_runtime_options *options, const struct rpcancel_target *target)
{
    return options->deadline_ms || !target->deadline_ms ? rpcancel_deadline(options) : target->deadline_ms;
}

bool rpcancel_tcp_may_speak_to(const char *address, bool allow_host, struct sockaddr_in *parsed,
                               char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    if (!rpcancel_tcp_read_address(address, parsed)) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX,
                 "found `tcp:%.64s`, expected tcp:HOST:PORT, an IPv4 address and a port from 1 to 65535", address);
        return false;
    }
    if (ntohl(parsed->sin_addr.s_addr) >> 24 != 127 && !allow_host) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX,
                 "tcp:%.64s is another machine, and what is sent may harm it; add --allow-host if it may be", address);
        return false;
    }
    return true;
}

bool rpcancel_tcp_open(struct rpcancel_tcp_connection *connection, const struct sockaddr_in *address)
{
    const int yes = 1;
    const unsigned slice = connection->deadline_ms < SLICE_MS ? connection->deadline_ms : SLICE_MS;
    const struct timeval timeout = {0, slice * 1000};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return false;
    bool connected = connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 ||
                     (errno == EINPROGRESS && wait_for_connection(connection, fd));
    int reason = errno;
    /* From here on every call waits: one system call an answer. */
    const int blocking = 0;
    if (!connected || ioctl(fd, FIONBIO, &blocking) != 0) {
        close(fd);
        errno = reason;
        return false;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    connection->socket = fd;
    connection->was_closed_by_server = connection->was_heard = false;
    connection->size = 0;
    if (connection->tap)
        connection->tap->opened(connection->tap->context, 0);
    return true;
}

static void tell(const struct rpcancel_tcp_connection *connection, const struct rpcancel_wire_event *event)
{
    if (connection->tap)
        connection->tap->passed(connection->tap->context, 0, event);
}

void rpcancel_tcp_releases(struct rpcancel_tcp_connection *connection)
{
    const struct rpcancel_wire_event released = {
        .kind = RPCANCEL_WIRE_RELEASED, .sender = RPCANCEL_SENDER_CLIENT, .released = RPCANCEL_WIRE_RELEASED_ALL};
    tell(connection, &released);
}

static void end(struct rpcancel_tcp_connection *connection, enum rpcancel_pdu_sender by)
{
    const struct rpcancel_wire_event closed = rpcancel_wire_closed(by);
    close(connection->socket);
    connection->socket = -1;
    connection->was_closed_by_server = by == RPCANCEL_SENDER_SERVER;
    tell(connection, &closed);
}

void rpcancel_tcp_close(struct rpcancel_tcp_connection *connection)
{
    if (connection->socket >= 0)
        end(connection, RPCANCEL_SENDER_CLIENT);
}

bool rpcancel_tcp_leave(struct rpcancel_tcp_connection *connection, unsigned patience_ms)
{
    int64_t now = rpcancel_clock_ms(), until = now + patience_ms;
    struct pollfd polled = {connection->socket, POLLIN, 0};
    ssize_t got = 1;
    if (connection->socket < 0)
        return true;
    shutdown(connection->socket, SHUT_WR);
    for (; got > 0 && now <= until && poll(&polled, 1, (int)(until - now)) > 0; now = rpcancel_clock_ms())
        got = recv(connection->socket, connection->input, sizeof connection->input, MSG_DONTWAIT);
    end(connection, RPCANCEL_SENDER_CLIENT);
    return got <= 0;
}

/* A fault of a target that has its own word for something is judged as what it means. */
static void translate(const struct rpcancel_target *target, struct rpcancel_wire_event *event)
{
    if (event->kind != RPCANCEL_WIRE_PDU || event->pdu.type != RPCANCEL_PDU_FAULT)
        return;
    for (unsigned i = 0; i < target->code_count; i++) {
        if (event->pdu.fault.status == target->codes[i].status) {
            event->pdu.fault.status = target->codes[i].means;
            return;
        }
    }
}

/* Takes in whole fragments from the input; false when what is there is none. */
static bool take_fragments(struct rpcancel_tcp_connection *connection)
{
    size_t at = 0;
    bool is_sound = true;
    while (is_sound && connection->socket >= 0) {
        struct rpcancel_pdu_complaint complaint;
        const uint8_t *bytes = connection->input + at;
        size_t left = connection->size - at;
        int length = rpcancel_pdu_length(bytes, left, &complaint);
        if (length == 0 || (length > 0 && (size_t)length > left))
            break;
        is_sound = length > 0;
        struct rpcancel_wire_event event;
        rpcancel_wire_event_of(RPCANCEL_SENDER_SERVER, bytes, is_sound ? (size_t)length : left, &event);
        translate(connection->target, &event);
        tell(connection, &event);
        if (event.kind == RPCANCEL_WIRE_PDU)
            connection->received(connection->context, &event.pdu);
        at += is_sound ? (size_t)length : left;
    }
    connection->size -= at;
    memmove(connection->input, connection->input + at, connection->size);
    return is_sound;
}

bool rpcancel_tcp_receive(struct rpcancel_tcp_connection *connection, int64_t until)
{
    do {
        ssize_t got = recv(connection->socket, connection->input + connection->size,
                           sizeof connection->input - connection->size, 0);
        if (got > 0) {
            connection->was_heard = true;
            connection->size += (size_t)got;
            if (!take_fragments(connection))
                end(connection, RPCANCEL_SENDER_CLIENT); /* nothing behind it has a meaning */
            return true;
        }
        if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
            end(connection, RPCANCEL_SENDER_SERVER);
            return true;
        }
    } while (rpcancel_clock_ms() < until && !rpcancel_tcp_is_interrupted(connection));
    return false;
}

bool rpcancel_tcp_receive_until(struct rpcancel_tcp_connection *connection, const bool *condition, bool wanted)
{
    int64_t until = rpcancel_clock_ms() + connection->deadline_ms;
    bool is_late = false;
    while (*condition != wanted && connection->socket >= 0 && !(connection->tap && connection->tap->is_over)) {
        if (is_late || rpcancel_tcp_is_interrupted(connection) || !rpcancel_tcp_receive(connection, until))
            return false;
        /* A server that never stops sending is late, too. */
        is_late = *condition != wanted && rpcancel_clock_ms() >= until;
    }
    return true;
}

void rpcancel_tcp_look(struct rpcancel_tcp_connection *connection)
{
    struct pollfd polled = {connection->socket, POLLIN, 0};
    int64_t until = rpcancel_clock_ms() + connection->deadline_ms; /* there are servers that never stop sending */
    while (connection->socket >= 0 && poll(&polled, 1, 0) == 1 && rpcancel_clock_ms() < until &&
           !rpcancel_tcp_is_interrupted(connection))
        rpcancel_tcp_receive(connection, 0);
}

void rpcancel_tcp_send(struct rpcancel_tcp_connection *connection, const uint8_t *bytes, size_t size,
                       enum rpcancel_wire_operation_class class)
{
    struct rpcancel_wire_event event;
    rpcancel_wire_event_of(RPCANCEL_SENDER_CLIENT, bytes, size, &event);
    event.class = (uint8_t) class;
    size_t sent = 0;
    int64_t until = 0; /* most go at once, and ask no clock */
    while (sent < size) {
        ssize_t now = send(connection->socket, bytes + sent, size - sent, MSG_NOSIGNAL);
        if (now > 0)
            sent += (size_t)now;
        else if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)
            break;
        if (sent < size && until == 0)
            until = rpcancel_clock_ms() + connection->deadline_ms;
        else if (sent < size && (rpcancel_clock_ms() >= until || rpcancel_tcp_is_interrupted(connection)))
            break;
    }
    if (sent == size) {
        tell(connection, &event);
        return;
    }
    /* It closed before this; what it sent before that is still to be heard. */
    while (connection->socket >= 0 && rpcancel_tcp_receive(connection, 0))
        continue;
    if (connection->socket >= 0)
        end(connection, RPCANCEL_SENDER_SERVER);
}
