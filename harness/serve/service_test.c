// SPDX-License-Identifier: Apache-2.0
/*
 * The test interface, version 1.0: operations that make it visible what becomes of a cancel. Numbers in stub data are
 * 32 bits in the sender's byte order; docs/serve.md lists the operations.
 */
#include <stdlib.h>

#include "serve/services.h"

enum { BAD_STUB_DATA = 0x6F7, SLEEP_MAX = 600000, STREAM_MAX = 0x400000 };

/* The one number that is asked for; false, with the call answered, when there is none. */
static bool take_number(struct rpcancel_connection *connection, const struct rpcancel_server_request *request,
                        uint32_t limit, uint32_t *number)
{
    struct rpcancel_stub_reader reader = {.data = request->stub_data, .big_endian = request->big_endian};
    *number = rpcancel_stub_take_32(&reader);
    if (!reader.failed && *number <= limit)
        return true;
    rpcancel_server_fault(&connection->server, request->call, BAD_STUB_DATA);
    return false;
}

/* Returns at once, with what it was given. */
static void echo(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    rpcancel_connection_answer(connection, request->call, request->stub_data.bytes, request->stub_data.size);
}

/* Returns after so many milliseconds, cancelled or not. */
static void sleep_a_while(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    uint32_t milliseconds;
    if (take_number(connection, request, SLEEP_MAX, &milliseconds))
        rpcancel_connection_wait(connection, request->call, RPCANCEL_WAIT_TIME, connection->state->now + milliseconds);
}

/* Is cancelled, and faults with nca_s_fault_cancel: a manager that takes the cancel and does not handle it. */
static void park(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    rpcancel_connection_wait(connection, request->call, RPCANCEL_WAIT_CANCEL, 0);
}

/* Does not care for cancels, and returns when it is released. */
static void park_and_ignore(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    rpcancel_connection_wait(connection, request->call, RPCANCEL_WAIT_RELEASE, 0);
}

/* Asks until it is cancelled, and returns 1: a manager that takes the cancel and handles it. */
static void poll_for_cancel(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    rpcancel_connection_wait(connection, request->call, RPCANCEL_WAIT_NOTICE, 0);
}

/* Faults with the status it was given. 0 is none (W82). */
static void raise_status(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    uint32_t status;
    if (take_number(connection, request, UINT32_MAX, &status))
        rpcancel_server_fault(&connection->server, request->call, status ? status : BAD_STUB_DATA);
}

/* Returns so many octets: 0, 1, 2 … 255, 0 and so on. */
static void stream(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    uint32_t size;
    if (!take_number(connection, request, STREAM_MAX, &size))
        return;
    uint8_t *octets = malloc(size + 1);
    if (!octets) {
        rpcancel_server_fault(&connection->server, request->call, RPCANCEL_NCA_SERVER_TOO_BUSY);
        return;
    }
    for (uint32_t i = 0; i < size; i++)
        octets[i] = (uint8_t)i;
    rpcancel_connection_answer(connection, request->call, octets, size);
    free(octets);
}

static void answer_number(struct rpcancel_connection *connection, const struct rpcancel_server_request *request,
                          uint32_t number)
{
    struct rpcancel_stub stub = {0};
    rpcancel_stub_put_32(&stub, number);
    rpcancel_service_answer(connection, request, &stub);
}

/* Releases every call that ignores cancels, of all connections; returns how many. */
static void release(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    answer_number(connection, request, rpcancel_connection_release(connection->state));
}

/* Returns how many calls of all connections wait for something. */
static void count_waiting(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    answer_number(connection, request, rpcancel_connection_waiting(connection->state));
}

static rpcancel_service_operation *const operations[] = {
    echo, sleep_a_while, park, park_and_ignore, poll_for_cancel, raise_status, stream, release, count_waiting};

const struct rpcancel_service rpcancel_service_test = {
    {{{0x72706361, 0x6E63, 0x656C, {0x80, 0x01, 0x74, 0x65, 0x73, 0x74, 0x00, 0x01}}, 1},
     sizeof operations / sizeof operations[0]},
    operations};
