// SPDX-License-Identifier: Apache-2.0
/* A client that asks a DCE/RPC server as fast as it answers, or with many connections at once. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/bench.h"
#include "wire/bytes.h"
#include "wire/pdu.h"
#include "wire/presentation.h"

enum { CONTEXT = 1, FRAGMENT = 4280, ANSWER_MAX = 5840, ROUND = 100, INPUT_MAX = 65536 };
enum { IN_FLIGHT_MAX = BENCH_IN_FLIGHT_MAX, REQUEST_SIZE = 24, CALL_ID_AT = 12 };
/* Operations: of mgmt, inq_if_ids; of the test interface of rpcancel serve (docs/serve.md). */
enum { INQUIRE_INTERFACES = 0, ECHO = 0, PARK = 2, COUNT = 8 };

static const struct rpcancel_syntax management = {
    {0xAFA8BD80, 0x7D8A, 0x11C9, {0xBE, 0xF4, 0x08, 0x00, 0x2B, 0x10, 0x29, 0x89}}, 1};
static const struct rpcancel_syntax test_interface = {
    {0x72706361, 0x6E63, 0x656C, {0x80, 0x01, 0x74, 0x65, 0x73, 0x74, 0x00, 0x01}}, 1};

static bool send_pdu(int socket, const struct rpcancel_pdu *pdu)
{
    uint8_t bytes[1024];
    size_t size = rpcancel_pdu_encode(pdu, bytes, sizeof bytes);
    return size > 0 && send(socket, bytes, size, MSG_NOSIGNAL) == (ssize_t)size;
}

/* The next fragment, which must be a |type|; it stays in |bytes|. */
static bool receive_pdu(int socket, enum rpcancel_pdu_type type, uint8_t bytes[ANSWER_MAX], struct rpcancel_pdu *pdu)
{
    struct rpcancel_pdu_complaint complaint;
    if (!bench_receive(socket, bytes, RPCANCEL_PDU_HEADER_SIZE))
        return false;
    int length = rpcancel_pdu_length(bytes, RPCANCEL_PDU_HEADER_SIZE, &complaint);
    return length >= RPCANCEL_PDU_HEADER_SIZE && length <= ANSWER_MAX &&
           bench_receive(socket, bytes + RPCANCEL_PDU_HEADER_SIZE, (size_t)length - RPCANCEL_PDU_HEADER_SIZE) &&
           rpcancel_pdu_decode(bytes, (size_t)length, RPCANCEL_LENIENT, pdu, &complaint) && pdu->type == type;
}

/* Connects and asks for |syntax|, with |flags| besides first and last; the answer has to be read yet. -1 when that
 * cannot be. */
static int begin_connection(const char *host, uint16_t port, const struct rpcancel_syntax *syntax, uint8_t flags)
{
    uint8_t list[RPCANCEL_CONTEXT_LEAST_SIZE + RPCANCEL_SYNTAX_SIZE];
    struct rpcancel_context context = {.id = CONTEXT, .abstract = *syntax};
    struct rpcancel_pdu bind;
    int socket = bench_connect(host, port);
    rpcancel_pdu_init(&bind, RPCANCEL_PDU_BIND, 1);
    bind.flags |= flags;
    bind.bind.max_transmit = bind.bind.max_receive = FRAGMENT;
    bind.bind.context_count = 1;
    bind.bind.contexts = (struct rpcancel_span){
        list, rpcancel_context_write(list, sizeof list, false, &context, &rpcancel_syntax_ndr, 1)};
    if (socket >= 0 && !send_pdu(socket, &bind)) {
        close(socket);
        return -1;
    }
    return socket;
}

/* Whether the one context asked for was accepted. */
static bool is_bound(int socket)
{
    uint8_t bytes[ANSWER_MAX];
    struct rpcancel_pdu ack;
    struct rpcancel_result result;
    return receive_pdu(socket, RPCANCEL_PDU_BIND_ACK, bytes, &ack) &&
           rpcancel_result_next(&ack.bind_ack.results, rpcancel_pdu_is_big_endian(&ack), &result) &&
           result.result == RPCANCEL_ACCEPTANCE;
}

static struct rpcancel_pdu request_of(uint32_t call_id, uint16_t opnum)
{
    struct rpcancel_pdu request;
    rpcancel_pdu_init(&request, RPCANCEL_PDU_REQUEST, call_id);
    request.request.context_id = CONTEXT;
    request.request.opnum = opnum;
    return request;
}

/* A connection with calls in flight. */
struct flight {
    int socket;
    uint32_t called, answered; /* calls; the numbers of the next ones, but for the first two */
    uint64_t octets;           /* of stub data in all answers */
    size_t have;               /* octets in |input| that came and were not looked at yet */
    uint8_t input[INPUT_MAX];
};

/* Sends |count| requests, all at once. */
static bool call_many(struct flight *flight, unsigned count)
{
    uint8_t bytes[IN_FLIGHT_MAX * REQUEST_SIZE];
    size_t size = 0;
    for (unsigned i = 0; i < count; i++) {
        struct rpcancel_pdu request = request_of(flight->called++ + 2, INQUIRE_INTERFACES);
        size += rpcancel_pdu_encode(&request, bytes + size, sizeof bytes - size);
    }
    return send(flight->socket, bytes, size, MSG_NOSIGNAL) == (ssize_t)size;
}

/* Takes what answers are there, at least one; returns how many, 0 when something is wrong. */
static unsigned take_answers(struct flight *flight)
{
    unsigned taken = 0;
    while (taken == 0) {
        ssize_t got = recv(flight->socket, flight->input + flight->have, sizeof flight->input - flight->have, 0);
        if (got <= 0)
            return 0;
        flight->have += (size_t)got;
        size_t at = 0;
        struct rpcancel_pdu response;
        struct rpcancel_pdu_complaint complaint;
        for (int length; at < flight->have; at += (size_t)length, taken++) {
            length = rpcancel_pdu_length(flight->input + at, flight->have - at, &complaint);
            if (length < 0)
                return 0;
            if (length == 0 || (size_t)length > flight->have - at)
                break;
            if (!rpcancel_pdu_decode(flight->input + at, (size_t)length, RPCANCEL_LENIENT, &response, &complaint) ||
                response.type != RPCANCEL_PDU_RESPONSE || response.call_id != flight->answered++ + 2)
                return 0;
            flight->octets += response.data.size;
        }
        flight->have -= at;
        memmove(flight->input, flight->input + at, flight->have);
    }
    return taken;
}

int bench_calls(double seconds, unsigned in_flight, const char *host, uint16_t port)
{
    static struct flight flight;
    flight.socket = begin_connection(host, port, &management, RPCANCEL_PFC_CONC_MPX);
    bool fine = flight.socket >= 0 && is_bound(flight.socket) && call_many(&flight, in_flight);
    double begin = bench_now(), end = begin;
    for (; fine && end - begin < seconds; end = bench_now()) {
        for (unsigned i = 0; fine && i < ROUND; i++) {
            unsigned answers = take_answers(&flight);
            fine = answers > 0 && call_many(&flight, answers);
        }
    }
    if (flight.socket >= 0)
        close(flight.socket);
    printf("calls %.0f calls/s, %" PRIu32 " calls, %u in flight, %.0f octets of stub data in each answer\n",
           flight.answered / (end - begin), flight.answered, in_flight,
           flight.answered ? (double)flight.octets / flight.answered : 0.0);
    return fine ? 0 : 3;
}

/* The same octets again and again but for the call_id; of the answer, its kind and call_id are looked at. */
int bench_echo(double seconds, const char *host, uint16_t port)
{
    uint8_t request[REQUEST_SIZE], answer[ANSWER_MAX] = {0};
    struct rpcancel_pdu pdu = request_of(2, ECHO);
    int socket = begin_connection(host, port, &test_interface, 0);
    bool fine = socket >= 0 && is_bound(socket) && rpcancel_pdu_encode(&pdu, request, sizeof request) == REQUEST_SIZE;
    uint32_t exchanges = 0;
    double begin = bench_now(), end = begin;
    for (; fine && end - begin < seconds; end = bench_now()) {
        for (unsigned i = 0; fine && i < ROUND; i++, exchanges++) {
            rpcancel_write_32(request + CALL_ID_AT, 2 + exchanges, false);
            fine = send(socket, request, sizeof request, MSG_NOSIGNAL) == sizeof request &&
                   bench_receive(socket, answer, REQUEST_SIZE) && answer[2] == RPCANCEL_PDU_RESPONSE &&
                   memcmp(request + CALL_ID_AT, answer + CALL_ID_AT, 4) == 0;
        }
    }
    if (socket >= 0)
        close(socket);
    printf("echo %.0f exchanges/s, %" PRIu32 " requests and answers of %d octets, bare\n", exchanges / (end - begin),
           exchanges, REQUEST_SIZE);
    return fine ? 0 : 3;
}

/* ---- many connections ---- */

static bool park_on(int socket)
{
    struct rpcancel_pdu request = request_of(2, PARK);
    return is_bound(socket) && send_pdu(socket, &request);
}

/* How many calls the server says are waiting, when it has read what was sent to it before. */
static uint32_t waiting_calls(const char *host, uint16_t port)
{
    uint8_t bytes[ANSWER_MAX];
    struct rpcancel_pdu request = request_of(2, COUNT), response;
    int socket = begin_connection(host, port, &test_interface, 0);
    uint32_t count = 0;
    if (socket >= 0 && is_bound(socket) && send_pdu(socket, &request) &&
        receive_pdu(socket, RPCANCEL_PDU_RESPONSE, bytes, &response) && response.data.size >= 4)
        count = rpcancel_read_32(response.data.bytes, false);
    if (socket >= 0)
        close(socket);
    return count;
}

static bool cancel_on(int socket)
{
    struct rpcancel_pdu cancel;
    rpcancel_pdu_init(&cancel, RPCANCEL_PDU_CO_CANCEL, 2);
    return send_pdu(socket, &cancel);
}

static bool is_cancelled(int socket)
{
    uint8_t bytes[ANSWER_MAX];
    struct rpcancel_pdu fault;
    return receive_pdu(socket, RPCANCEL_PDU_FAULT, bytes, &fault) && fault.call_id == 2;
}

int bench_connections(unsigned wanted, const char *host, uint16_t port)
{
    struct rlimit limit = {wanted + 64, wanted + 64};
    int *sockets = calloc(wanted, sizeof *sockets);
    unsigned parked = 0, answered = 0;
    double begin = bench_now();
    setrlimit(RLIMIT_NOFILE, &limit);
    for (unsigned i = 0; sockets && i < wanted; i++)
        sockets[i] = begin_connection(host, port, &test_interface, 0);
    for (unsigned i = 0; sockets && i < wanted; i++)
        parked += sockets[i] >= 0 && park_on(sockets[i]);
    uint32_t counted = waiting_calls(host, port);
    for (unsigned i = 0; sockets && i < wanted; i++)
        parked -= sockets[i] >= 0 && !cancel_on(sockets[i]);
    for (unsigned i = 0; sockets && i < wanted; i++) {
        answered += sockets[i] >= 0 && is_cancelled(sockets[i]);
        close(sockets[i]);
    }
    free(sockets);
    uint32_t served = counted < answered ? counted : answered;
    printf("connections %" PRIu32 " at once, %u bound with a call parked, %" PRIu32
           " counted by the server, %u cancelled and answered, %.3f s\n",
           served, parked, counted, answered, bench_now() - begin);
    return 0;
}
