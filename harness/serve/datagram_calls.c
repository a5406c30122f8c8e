// SPDX-License-Identifier: Apache-2.0
#include "serve/datagram_calls.h"

#include "serve/stub_data.h"

enum {
    ECHO,
    SLEEP,
    PARK,
    PARK_AND_IGNORE,
    POLL,
    RAISE,
    STREAM,
    RELEASE,
    COUNT,
    OPERATIONS,
    BAD_STUB_DATA = 0x6F7,
    SLEEP_MAX = 600000
};

/* The interface of serve/service_test.c: whoever knows that knows this. */
const struct rpcancel_interface rpcancel_datagram_calls_interface = {
    {{0x72706361, 0x6E63, 0x656C, {0x80, 0x01, 0x74, 0x65, 0x73, 0x74, 0x00, 0x01}}, 1}, OPERATIONS};

static void answer(struct rpcancel_datagram_calls *calls, struct rpcancel_datagram_server *server, unsigned call,
                   size_t size)
{
    calls->calls[call].waits = false;
    rpcancel_datagram_server_respond(server, call, (struct rpcancel_span){calls->calls[call].reply, size});
}

static void fault(struct rpcancel_datagram_calls *calls, struct rpcancel_datagram_server *server, unsigned call,
                  uint32_t status)
{
    calls->calls[call].waits = false;
    rpcancel_datagram_server_fault(server, call, status);
}

/* A number goes out little-endian, as everything from this server. */
static void answer_number(struct rpcancel_datagram_calls *calls, struct rpcancel_datagram_server *server, unsigned call,
                          uint32_t number)
{
    struct rpcancel_stub stub = {0};
    rpcancel_stub_put_32(&stub, number);
    memcpy(calls->calls[call].reply, stub.bytes, stub.size);
    answer(calls, server, call, 4);
}

static bool take_number(const struct rpcancel_datagram_request *request, uint32_t limit, uint32_t *number)
{
    struct rpcancel_stub_reader reader = {.data = request->stub_data, .big_endian = request->big_endian};
    *number = rpcancel_stub_take_32(&reader);
    return !reader.failed && *number <= limit;
}

static uint32_t release(struct rpcancel_datagram_calls *calls)
{
    uint32_t count = 0;
    for (unsigned i = 0; i < RPCANCEL_ACTIVITIES_MAX; i++) {
        struct rpcancel_datagram_call_in_work *call = &calls->calls[i];
        if (!call->waits || call->operation != PARK_AND_IGNORE || call->is_released)
            continue;
        call->is_released = true;
        count++;
    }
    return count;
}

static uint32_t count_waiting(const struct rpcancel_datagram_calls *calls)
{
    uint32_t count = 0;
    for (unsigned i = 0; i < RPCANCEL_ACTIVITIES_MAX; i++)
        count += calls->calls[i].waits;
    return count;
}

/* ---- operations ---- */

static void echo(struct rpcancel_datagram_calls *calls, struct rpcancel_datagram_server *server,
                 const struct rpcancel_datagram_request *request)
{
    struct rpcancel_datagram_call_in_work *call = &calls->calls[request->call];
    if (request->stub_data.size > sizeof call->reply) {
        fault(calls, server, request->call, BAD_STUB_DATA);
        return;
    }
    if (request->stub_data.size > 0)
        memcpy(call->reply, request->stub_data.bytes, request->stub_data.size);
    answer(calls, server, request->call, request->stub_data.size);
}

static void stream(struct rpcancel_datagram_calls *calls, struct rpcancel_datagram_server *server,
                   const struct rpcancel_datagram_request *request)
{
    struct rpcancel_datagram_call_in_work *call = &calls->calls[request->call];
    uint32_t size;
    if (!take_number(request, sizeof call->reply, &size)) {
        fault(calls, server, request->call, BAD_STUB_DATA);
        return;
    }
    for (uint32_t i = 0; i < size; i++)
        call->reply[i] = (uint8_t)i;
    answer(calls, server, request->call, size);
}

void rpcancel_datagram_calls_begin(struct rpcancel_datagram_calls *calls, struct rpcancel_datagram_server *server,
                                   const struct rpcancel_datagram_request *request, uint64_t now)
{
    struct rpcancel_datagram_call_in_work *call = &calls->calls[request->call];
    uint32_t number;
    memset(call, 0, sizeof *call);
    call->operation = (uint8_t)request->opnum;
    switch (request->opnum) {
    case ECHO:
        echo(calls, server, request);
        break;
    case RAISE:
        fault(calls, server, request->call,
              take_number(request, UINT32_MAX, &number) && number ? number : (uint32_t)BAD_STUB_DATA);
        break;
    case STREAM:
        stream(calls, server, request);
        break;
    case RELEASE:
        answer_number(calls, server, request->call, release(calls));
        break;
    case COUNT:
        answer_number(calls, server, request->call, count_waiting(calls));
        break;
    case SLEEP:
        if (!take_number(request, SLEEP_MAX, &number)) {
            fault(calls, server, request->call, BAD_STUB_DATA);
            break;
        }
        call->due = now + number;
        call->waits = true;
        break;
    default:
        call->waits = true;
    }
}

/* ---- what calls wait for ---- */

void rpcancel_datagram_calls_cancel(struct rpcancel_datagram_calls *calls, unsigned call)
{
    calls->calls[call].is_cancelled = true;
}

void rpcancel_datagram_calls_orphan(struct rpcancel_datagram_calls *calls, unsigned call)
{
    calls->calls[call].is_orphaned = true;
}

/* Nobody waits for a call that was given up: it ends at once, and nothing is sent for it. */
static void go_on(struct rpcancel_datagram_calls *calls, struct rpcancel_datagram_server *server, unsigned number,
                  uint64_t now)
{
    const struct rpcancel_datagram_call_in_work *call = &calls->calls[number];
    bool takes_cancels = call->operation == PARK || call->operation == POLL;
    bool is_due = call->operation == SLEEP && call->due <= now;
    if (call->is_orphaned || call->is_released || is_due) {
        answer(calls, server, number, 0);
    } else if (call->is_cancelled && takes_cancels) {
        rpcancel_datagram_server_take_cancel(server, number);
        if (call->operation == PARK)
            fault(calls, server, number, (uint32_t)RPCANCEL_S_FAULT_CANCEL);
        else
            answer_number(calls, server, number, 1);
    }
}

void rpcancel_datagram_calls_go_on(struct rpcancel_datagram_calls *calls, struct rpcancel_datagram_server *server,
                                   uint64_t now)
{
    for (unsigned i = 0; i < RPCANCEL_ACTIVITIES_MAX; i++) {
        if (calls->calls[i].waits)
            go_on(calls, server, i, now);
    }
}

uint64_t rpcancel_datagram_calls_next(const struct rpcancel_datagram_calls *calls, uint64_t now)
{
    uint64_t next = UINT64_MAX;
    for (unsigned i = 0; i < RPCANCEL_ACTIVITIES_MAX; i++) {
        const struct rpcancel_datagram_call_in_work *call = &calls->calls[i];
        uint64_t left = call->due > now ? call->due - now : 0;
        if (call->waits && call->operation == SLEEP && left < next)
            next = left;
    }
    return next;
}
