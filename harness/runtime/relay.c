// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE /* accept4 */
#include "runtime/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/pipes.h"
#include "runtime/process.h"

enum { BACKLOG = 1024 }; /* who is not let in by it tries again after a second */

bool rpcancel_relay_listen(struct rpcancel_relay *relay, uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    const int yes = 1;
    relay->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (relay->listener < 0)
        return false;
    setsockopt(relay->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(relay->listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(relay->listener, BACKLOG) != 0 ||
        getsockname(relay->listener, (struct sockaddr *)&address, &size) != 0) {
        int reason = errno;
        rpcancel_close(&relay->listener);
        errno = reason;
        return false;
    }
    relay->port = ntohs(address.sin_port);
    return true;
}

/* ---- what passes ---- */

static void tell(const struct rpcancel_relay *relay, const struct rpcancel_relay_connection *connection,
                 const struct rpcancel_wire_event *event)
{
    relay->tap->passed(relay->tap->context, connection->number, event);
}

static void tell_closed(const struct rpcancel_relay *relay, const struct rpcancel_relay_connection *connection,
                        enum rpcancel_pdu_sender by)
{
    const struct rpcancel_wire_event closed = rpcancel_wire_closed(by);
    tell(relay, connection, &closed);
}

static void queue(struct rpcancel_relay_flow *flow, const uint8_t *bytes, size_t size)
{
    if (size > sizeof flow->output - flow->queued)
        abort(); /* |output| takes all that comes of one fragment */
    memcpy(flow->output + flow->queued, bytes, size);
    flow->queued += size;
}

void rpcancel_relay_send(const struct rpcancel_relay *relay, struct rpcancel_relay_connection *connection,
                         const uint8_t *bytes, size_t size)
{
    struct rpcancel_wire_event event;
    rpcancel_wire_event_of(RPCANCEL_SENDER_SERVER, bytes, size, &event);
    queue(&connection->down, bytes, size);
    tell(relay, connection, &event);
}

/* Takes in what is there. Returns how many octets. */
static size_t fill(struct rpcancel_relay_flow *flow, int socket)
{
    size_t before = flow->size;
    while (!flow->is_at_end && flow->size < sizeof flow->input) {
        ssize_t got = recv(socket, flow->input + flow->size, sizeof flow->input - flow->size, 0);
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
            break;
        flow->is_at_end = got <= 0;
        flow->size += got > 0 ? (size_t)got : 0;
    }
    return flow->size - before;
}

/* Sends what is queued, as far as it goes. What nobody takes any longer is dropped. */
static void flush(struct rpcancel_relay_flow *flow, int socket)
{
    while (flow->sent < flow->queued) {
        ssize_t now = send(socket, flow->output + flow->sent, flow->queued - flow->sent, MSG_NOSIGNAL);
        if (now < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
            return;
        flow->sent = now < 0 ? flow->queued : flow->sent + (size_t)now;
    }
    flow->sent = flow->queued = 0;
}

/* The length of the fragment that the input begins with; 0: it is not whole; all of it when no fragment begins there.
 */
static size_t next_fragment(const struct rpcancel_relay_flow *flow)
{
    struct rpcancel_pdu_complaint complaint;
    int length = rpcancel_pdu_length(flow->input, flow->size, &complaint);
    if (length < 0)
        return flow->size;
    return (size_t)length <= flow->size ? (size_t)length : 0;
}

static void take_off(struct rpcancel_relay_flow *flow, size_t size)
{
    flow->size -= size;
    memmove(flow->input, flow->input + size, flow->size);
}

/* ---- a connection ---- */

/* The server's side is at its end, perhaps because the client's was. The client hears so, and what it still says is
 * listened to. */
static void close_server(const struct rpcancel_relay *relay, struct rpcancel_relay_connection *connection)
{
    rpcancel_close(&connection->server);
    tell_closed(relay, connection, connection->is_shut ? RPCANCEL_SENDER_CLIENT : RPCANCEL_SENDER_SERVER);
    shutdown(connection->client, SHUT_WR);
}

/* Passes on what the client sent; false when nothing behind it has a meaning. */
static bool pass_up(struct rpcancel_relay *relay, struct rpcancel_relay_connection *connection)
{
    struct rpcancel_relay_flow *up = &connection->up;
    size_t size;
    while ((connection->server < 0 || up->queued == 0) && (size = next_fragment(up)) > 0) {
        struct rpcancel_wire_event event;
        rpcancel_wire_event_of(RPCANCEL_SENDER_CLIENT, up->input, size, &event);
        bool is_request = event.kind == RPCANCEL_WIRE_PDU && event.pdu.type == RPCANCEL_PDU_REQUEST;
        tell(relay, connection, &event);
        relay->heard++;
        if (event.kind == RPCANCEL_WIRE_UNREADABLE)
            return false;
        if (relay->how == RPCANCEL_RELAY_STRAY_REPLY)
            connection->held_until = 0; /* it said what it makes of the stray one */
        if (relay->how == RPCANCEL_RELAY_DROP && is_request && connection->server >= 0)
            close_server(relay, connection);
        if (connection->server >= 0) {
            queue(up, up->input, size);
            flush(up, connection->server);
        }
        take_off(up, size);
    }
    return true;
}

static void pass_down(const struct rpcancel_relay *relay, struct rpcancel_relay_connection *connection)
{
    struct rpcancel_relay_flow *down = &connection->down;
    size_t size = 0;
    while (down->queued == 0 && rpcancel_clock_ms() >= connection->held_until && (size = next_fragment(down)) > 0) {
        struct rpcancel_wire_event event;
        rpcancel_wire_event_of(RPCANCEL_SENDER_SERVER, down->input, size, &event);
        bool is_taken = rpcancel_relay_alter(relay, connection, &event);
        flush(down, connection->client);
        if (is_taken)
            take_off(down, size);
    }
    if (down->is_at_end && down->queued == 0 && next_fragment(down) == 0)
        close_server(relay, connection);
}

static void end(struct rpcancel_relay *relay, struct rpcancel_relay_connection *connection)
{
    relay->connections[connection->number] = NULL;
    rpcancel_close(&connection->client);
    rpcancel_close(&connection->server);
    free(connection);
}

/* The client sends nothing more; it may wait for replies. The server closes its side once it has read that. */
static void shut_up(struct rpcancel_relay_connection *connection)
{
    const struct rpcancel_relay_flow *up = &connection->up;
    if (connection->is_shut || connection->server < 0 || up->queued > 0 || next_fragment(up) > 0)
        return;
    connection->is_shut = true;
    shutdown(connection->server, SHUT_WR);
}

/* Does what can be done; the connection may be none any longer then. */
static void serve(struct rpcancel_relay *relay, struct rpcancel_relay_connection *connection)
{
    relay->octets += fill(&connection->up, connection->client);
    if (connection->server >= 0)
        flush(&connection->up, connection->server);
    if (!pass_up(relay, connection)) {
        tell_closed(relay, connection, RPCANCEL_SENDER_SERVER);
        end(relay, connection);
        return;
    }
    if (connection->up.is_at_end)
        shut_up(connection);
    flush(&connection->down, connection->client);
    if (connection->server >= 0) {
        fill(&connection->down, connection->server);
        pass_down(relay, connection);
    }
    if (!connection->up.is_at_end || connection->server >= 0)
        return;
    if (!connection->is_shut) /* the server was the first to close */
        tell_closed(relay, connection, RPCANCEL_SENDER_CLIENT);
    end(relay, connection);
}

/* ---- all of them ---- */

static void begin(struct rpcancel_relay *relay, unsigned number, int client)
{
    const int yes = 1;
    struct rpcancel_relay_connection *connection = calloc(1, sizeof *connection);
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    /* On the loopback network, to one who listens: it is there at once. */
    bool is_there = connection && server >= 0 &&
                    connect(server, (const struct sockaddr *)&relay->server, sizeof relay->server) == 0;
    if (!is_there) {
        relay->failure = errno;
        rpcancel_close(&client);
        rpcancel_close(&server);
        free(connection);
        return;
    }
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    fcntl(server, F_SETFL, O_NONBLOCK);
    connection->number = number;
    connection->client = client;
    connection->server = server;
    relay->connections[number] = connection;
    relay->tap->opened(relay->tap->context, number);
}

void rpcancel_relay_begin(struct rpcancel_relay *relay, enum rpcancel_relay_kind how)
{
    int client;
    rpcancel_relay_drop(relay);
    while ((client = accept4(relay->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0)
        close(client);
    relay->how = how;
    relay->heard = 0;
    relay->octets = 0;
    relay->failure = 0;
}

static unsigned free_number(const struct rpcancel_relay *relay)
{
    unsigned number = 0;
    while (number < RPCANCEL_WIRE_CONNECTIONS_MAX && relay->connections[number])
        number++;
    return number;
}

/* When it has something to do by itself. */
static int64_t next_of(const struct rpcancel_relay_connection *connection)
{
    bool waits = connection->held_until > 0 && connection->down.queued == 0 && next_fragment(&connection->down) > 0;
    return waits ? connection->held_until : INT64_MAX;
}

unsigned rpcancel_relay_poll(const struct rpcancel_relay *relay, struct pollfd *polled, int64_t *next)
{
    unsigned count = 0;
    bool has_room = free_number(relay) < RPCANCEL_WIRE_CONNECTIONS_MAX;
    polled[count++] = (struct pollfd){has_room ? relay->listener : -1, POLLIN, 0};
    for (unsigned i = 0; i < RPCANCEL_WIRE_CONNECTIONS_MAX; i++) {
        const struct rpcancel_relay_connection *connection = relay->connections[i];
        if (!connection)
            continue;
        const struct rpcancel_relay_flow *up = &connection->up, *down = &connection->down;
        bool is_open = !up->is_at_end && up->size < sizeof up->input;
        short client = (short)((is_open ? POLLIN : 0) | (down->queued ? POLLOUT : 0));
        short server = (short)((down->size < sizeof down->input ? POLLIN : 0) | (up->queued ? POLLOUT : 0));
        polled[count++] = (struct pollfd){client ? connection->client : -1, client, 0};
        bool is_silent = down->is_at_end && !up->queued;
        polled[count++] = (struct pollfd){server && !is_silent ? connection->server : -1, server, 0};
        int64_t time = next_of(connection);
        *next = time < *next ? time : *next;
    }
    return count;
}

unsigned rpcancel_relay_serve(struct rpcancel_relay *relay)
{
    int client;
    unsigned number, count = 0;
    while ((number = free_number(relay)) < RPCANCEL_WIRE_CONNECTIONS_MAX &&
           (client = accept4(relay->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0)
        begin(relay, number, client);
    for (unsigned i = 0; i < RPCANCEL_WIRE_CONNECTIONS_MAX; i++) {
        if (relay->connections[i])
            serve(relay, relay->connections[i]);
        count += relay->connections[i] != NULL;
    }
    return count;
}

void rpcancel_relay_drop(struct rpcancel_relay *relay)
{
    for (unsigned i = 0; i < RPCANCEL_WIRE_CONNECTIONS_MAX; i++) {
        if (relay->connections[i])
            end(relay, relay->connections[i]);
    }
}
