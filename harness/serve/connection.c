// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "serve/connection.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/services.h"

enum { MILLISECONDS = 1000, END_SECONDS = 2 };

/* ---- memory, which all connections share ---- */

/* Makes |*bytes|, of |*room| octets, at least |size| octets long; false when there is no room for it. */
static bool make_room(struct rpcancel_serve_state *state, uint8_t **bytes, size_t *room, size_t size)
{
    if (size <= *room)
        return true;
    size_t more = size < 2 * *room ? 2 * *room : size;
    if (state->memory - *room + more > state->settings->memory_max)
        return false;
    uint8_t *moved = realloc(*bytes, more);
    if (!moved)
        return false;
    state->memory += more - *room;
    *bytes = moved;
    *room = more;
    return true;
}

static void give_back(struct rpcancel_serve_state *state, uint8_t **bytes, size_t *room)
{
    free(*bytes);
    state->memory -= *room;
    *bytes = NULL;
    *room = 0;
}

/* ---- what the association asks for ---- */

static void end(struct rpcancel_connection *connection)
{
    connection->is_ending = true;
    memset(connection->calls, 0, sizeof connection->calls); /* nobody waits for their answers */
    connection->deadline = connection->state->now + END_SECONDS * MILLISECONDS;
}

/* Puts octets behind those that are to be sent. */
static void put_out(void *context, const uint8_t *bytes, size_t size)
{
    struct rpcancel_connection *connection = context;
    if (!make_room(connection->state, &connection->output, &connection->output_room, connection->output_size + size)) {
        end(connection); /* a peer that does not read what it asked for */
        return;
    }
    memcpy(connection->output + connection->output_size, bytes, size);
    connection->output_size += size;
}

static void host_send(void *context, const uint8_t *bytes, size_t size)
{
    struct rpcancel_connection *connection = context;
    if (connection->live)
        rpcancel_live_end_sends(connection->live, bytes, size);
    else
        put_out(connection, bytes, size);
}

static const struct rpcancel_interface *host_find_interface(void *context, const struct rpcancel_syntax *syntax)
{
    const struct rpcancel_connection *connection = context;
    return rpcancel_service_find(syntax, connection->state->settings);
}

static bool host_join_group(void *context, uint32_t *group_id)
{
    struct rpcancel_connection *connection = context;
    struct rpcancel_serve_state *state = connection->state;
    if (*group_id == 0) {
        *group_id = ++state->last_group;
        return true;
    }
    for (unsigned i = 0; i < state->connection_count; i++) {
        const struct rpcancel_connection *other = state->connections[i];
        if (other != connection && other->server.bound && !other->is_ending && other->server.group_id == *group_id)
            return true;
    }
    return false;
}

static uint8_t *host_assembly(void *context, size_t size)
{
    struct rpcancel_connection *connection = context;
    return make_room(connection->state, &connection->request, &connection->request_room, size) ? connection->request
                                                                                               : NULL;
}

static void host_request(void *context, struct rpcancel_server *server, const struct rpcancel_server_request *request)
{
    struct rpcancel_connection *connection = context;
    (void)server;
    connection->state->totals.calls++;
    connection->calls[request->call].wait = RPCANCEL_WAIT_NOTHING;
    rpcancel_service_call(connection, request);
}

static void host_cancel(void *context, struct rpcancel_server *server, unsigned call)
{
    static const uint8_t noticed[4] = {1};
    struct rpcancel_connection *connection = context;
    struct rpcancel_waiting_call *waiting = &connection->calls[call];
    connection->state->totals.cancels++;
    if (waiting->wait == RPCANCEL_WAIT_CANCEL) {
        waiting->wait = RPCANCEL_WAIT_NOTHING;
        rpcancel_server_take_cancel(server, call);
        rpcancel_server_fault(server, call, RPCANCEL_S_FAULT_CANCEL);
    } else if (waiting->wait == RPCANCEL_WAIT_NOTICE) {
        rpcancel_server_take_cancel(server, call);
        rpcancel_connection_answer(connection, call, noticed, sizeof noticed);
    }
}

static void host_orphaned(void *context, struct rpcancel_server *server, unsigned call)
{
    struct rpcancel_connection *connection = context;
    struct rpcancel_waiting_call *waiting = &connection->calls[call];
    connection->state->totals.orphaned++;
    /* The manager gets a cancel (W102); one that ignores cancels goes on for nobody. */
    if (waiting->wait == RPCANCEL_WAIT_CANCEL || waiting->wait == RPCANCEL_WAIT_NOTICE) {
        waiting->wait = RPCANCEL_WAIT_NOTHING;
        rpcancel_server_fault(server, call, RPCANCEL_S_FAULT_CANCEL);
    }
}

/* ---- what operations ask for ---- */

void rpcancel_connection_answer(struct rpcancel_connection *connection, unsigned call, const void *stub_data,
                                size_t size)
{
    struct rpcancel_action answered = {.kind = RPCANCEL_ACTION_RESPOND, .call = (uint8_t)call, .argument = 1};
    if (connection->live)
        rpcancel_live_end_notes(connection->live, &connection->server);
    connection->calls[call].wait = RPCANCEL_WAIT_NOTHING;
    rpcancel_server_respond(&connection->server, call, (struct rpcancel_span){stub_data, size});
    if (connection->live)
        rpcancel_live_end_acted(connection->live, answered);
}

void rpcancel_connection_wait(struct rpcancel_connection *connection, unsigned call, enum rpcancel_wait wait,
                              uint64_t until)
{
    connection->calls[call] = (struct rpcancel_waiting_call){(uint8_t)wait, until};
    if (wait == RPCANCEL_WAIT_TIME && until < connection->next)
        connection->next = until;
}

uint32_t rpcancel_connection_release(struct rpcancel_serve_state *state)
{
    uint32_t released = 0;
    for (unsigned i = 0; i < state->connection_count; i++) {
        struct rpcancel_connection *connection = state->connections[i];
        for (unsigned call = 0; call < RPCANCEL_SERVER_CALLS_MAX; call++) {
            if (connection->calls[call].wait != RPCANCEL_WAIT_RELEASE)
                continue;
            rpcancel_connection_answer(connection, call, NULL, 0);
            state->serve_all = true;
            released++;
        }
    }
    return released;
}

uint32_t rpcancel_connection_waiting(const struct rpcancel_serve_state *state)
{
    uint32_t waiting = 0;
    for (unsigned i = 0; i < state->connection_count; i++) {
        for (unsigned call = 0; call < RPCANCEL_SERVER_CALLS_MAX; call++)
            waiting += state->connections[i]->calls[call].wait != RPCANCEL_WAIT_NOTHING;
    }
    return waiting;
}

/* ---- the socket ---- */

/* A connection with room for a change, if there is one; NULL without memory. */
static struct rpcancel_connection *make_connection(const struct rpcancel_wire_change *change)
{
    struct rpcancel_connection *connection = calloc(1, sizeof *connection);
    if (!connection || !change)
        return connection;
    connection->live = malloc(sizeof *connection->live);
    if (connection->live &&
        rpcancel_live_end_open(connection->live, change, RPCANCEL_SENDER_SERVER, put_out, connection))
        return connection;
    free(connection->live);
    free(connection);
    return NULL;
}

struct rpcancel_connection *rpcancel_connection_open(struct rpcancel_serve_state *state, int socket)
{
    struct rpcancel_connection *connection = make_connection(state->settings->change);
    if (!connection)
        return NULL;
    connection->state = state;
    connection->socket = socket;
    connection->watched = rpcancel_connection_events(connection);
    connection->deadline = state->now + (uint64_t)state->settings->fragment_seconds * MILLISECONDS;
    connection->next = UINT64_MAX;
    connection->host = (struct rpcancel_server_host){connection,    host_send,    host_find_interface, host_join_group,
                                                     host_assembly, host_request, host_cancel,         host_orphaned};
    rpcancel_server_init(&connection->server, &connection->host, rpcancel_wire_choices_of(state->settings->profile),
                         state->port);
    state->totals.connections++;
    return connection;
}

void rpcancel_connection_close(struct rpcancel_connection *connection)
{
    close(connection->socket);
    give_back(connection->state, &connection->request, &connection->request_room);
    give_back(connection->state, &connection->output, &connection->output_room);
    if (connection->live)
        rpcancel_live_end_close(connection->live);
    free(connection->live);
    free(connection);
}

static bool has_output(const struct rpcancel_connection *connection)
{
    return connection->output_sent < connection->output_size;
}

uint32_t rpcancel_connection_events(const struct rpcancel_connection *connection)
{
    /* Who does not take answers gets no more questions in. */
    return has_output(connection) ? EPOLLOUT : EPOLLIN;
}

uint64_t rpcancel_connection_next(const struct rpcancel_connection *connection)
{
    uint64_t deadline = connection->deadline ? connection->deadline : UINT64_MAX;
    return deadline < connection->next ? deadline : connection->next;
}

/* Hands a fragment to the association, by way of the change; false when the connection is to be closed. */
static bool receive(struct rpcancel_connection *connection, const uint8_t *bytes, size_t size)
{
    struct rpcancel_live_end *live = connection->live;
    if (live)
        rpcancel_live_end_receives(live, &connection->server, &bytes, &size);
    bool goes_on = size == 0 || rpcancel_server_receive(&connection->server, bytes, size);
    return goes_on && !(live && rpcancel_live_end_is_over(live));
}

/* Takes the fragments off the input; what is left of it is no whole one. */
static void take_fragments(struct rpcancel_connection *connection)
{
    size_t at = 0;
    while (!connection->is_ending) {
        struct rpcancel_pdu_complaint complaint;
        const uint8_t *bytes = connection->input + at;
        size_t left = connection->input_size - at;
        int length = rpcancel_pdu_length(bytes, left, &complaint);
        if (length < 0) {
            end(connection);
        } else if (length > RPCANCEL_SERVER_FRAGMENT_MAX && left >= RPCANCEL_PDU_HEADER_SIZE) {
            rpcancel_server_refuse(&connection->server, bytes, left < (size_t)length ? left : (size_t)length);
            end(connection);
        } else if (length == 0 || (size_t)length > left) {
            break;
        } else {
            at += (size_t)length;
            if (!receive(connection, bytes, (size_t)length))
                end(connection);
        }
    }
    connection->input_size = connection->is_ending ? 0 : connection->input_size - at;
    memmove(connection->input, connection->input + at, connection->input_size);
}

static void set_deadline(struct rpcancel_connection *connection, size_t before)
{
    const struct rpcancel_serve_state *state = connection->state;
    if (connection->is_ending)
        return;
    if (connection->input_size == 0 && connection->server.bound)
        connection->deadline = 0;
    else if (connection->deadline == 0 || connection->input_size < before) /* another fragment begins */
        connection->deadline = state->now + (uint64_t)state->settings->fragment_seconds * MILLISECONDS;
}

static bool read_input(struct rpcancel_connection *connection)
{
    size_t before = connection->input_size;
    ssize_t got = recv(connection->socket, connection->input + before, sizeof connection->input - before, 0);
    if (got < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    if (got == 0) /* gone, and so are its calls (W111, W112) */
        return false;
    if (connection->is_ending)
        return true;
    connection->input_size += (size_t)got;
    take_fragments(connection);
    set_deadline(connection, before);
    return true;
}

static bool write_output(struct rpcancel_connection *connection)
{
    ssize_t sent = send(connection->socket, connection->output + connection->output_sent,
                        connection->output_size - connection->output_sent, MSG_NOSIGNAL);
    if (sent < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    connection->output_sent += (size_t)sent;
    if (!has_output(connection)) {
        connection->output_sent = connection->output_size = 0;
        give_back(connection->state, &connection->output, &connection->output_room);
    }
    return true;
}

static void let_time_pass(struct rpcancel_connection *connection)
{
    if (connection->state->now < connection->next)
        return;
    connection->next = UINT64_MAX;
    for (unsigned call = 0; call < RPCANCEL_SERVER_CALLS_MAX; call++) {
        const struct rpcancel_waiting_call *waiting = &connection->calls[call];
        if (waiting->wait != RPCANCEL_WAIT_TIME)
            continue;
        if (waiting->until <= connection->state->now)
            rpcancel_connection_answer(connection, call, NULL, 0);
        else if (waiting->until < connection->next)
            connection->next = waiting->until;
    }
}

bool rpcancel_connection_serve(struct rpcancel_connection *connection, uint32_t events)
{
    bool alive = true;
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR) && !has_output(connection))
        alive = read_input(connection);
    let_time_pass(connection);
    if (alive && has_output(connection))
        alive = write_output(connection);
    if (alive && connection->is_ending && !connection->is_shut && !has_output(connection)) {
        /* Closing while octets of the peer are unread would take from it what was sent last: it goes first. */
        connection->is_shut = true;
        shutdown(connection->socket, SHUT_WR);
    }
    if (alive && events & EPOLLERR)
        alive = false;
    return alive && (connection->deadline == 0 || connection->state->now < connection->deadline);
}
