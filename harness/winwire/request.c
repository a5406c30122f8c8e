// SPDX-License-Identifier: Apache-2.0
#include "winwire/request.h"

#include <string.h>

#include "child/port_windows_guard.h"

#if !defined(__x86_64__) && !defined(_M_X64)
#error "the descriptions of procedures below are those of x64"
#endif

static RPC_CLIENT_INTERFACE client_interface = {
    .Length = sizeof client_interface, .InterfaceId = WINWIRE_INTERFACE, .TransferSyntax = WINWIRE_NDR};

static void *__RPC_USER take_memory(size_t size)
{
    return HeapAlloc(GetProcessHeap(), 0, size);
}

static void __RPC_USER give_memory(void *memory)
{
    HeapFree(GetProcessHeap(), 0, memory);
}

static const unsigned char types[] = {0, 0, 0};
static const MIDL_STUB_DESC description = {.RpcInterfaceInformation = &client_interface,
                                           .pfnAllocate = take_memory,
                                           .pfnFree = give_memory,
                                           .pFormatTypes = types,
                                           .fCheckBounds = 1,
                                           .Version = 0x50002,
                                           .MIDLVersion = 0x8000253,
                                           .mFlags = 1};

/* ---- synchronous ---- */

struct exchange {
    const struct winwire_request *request;
    RPC_MESSAGE message;
    MIDL_STUB_MESSAGE stub;
    unsigned answered;
};

static void send_and_receive(void *context)
{
    struct exchange *exchange = context;
    const struct winwire_request *request = exchange->request;
    MIDL_STUB_MESSAGE *stub = &exchange->stub;
    NdrClientInitializeNew(&exchange->message, stub, (PMIDL_STUB_DESC)&description, request->opnum);
    exchange->message.RpcFlags = request->flags;
    NdrGetBuffer(stub, request->length, request->binding);
    if (request->length)
        memcpy(stub->Buffer, request->octets, request->length);
    stub->Buffer += request->length;
    NdrSendReceive(stub, stub->Buffer);
    exchange->answered = exchange->message.BufferLength;
}

static void free_buffer(void *context)
{
    NdrFreeBuffer(&((struct exchange *)context)->stub);
}

uint32_t winwire_request(const struct winwire_request *request, unsigned *answered)
{
    struct exchange exchange = {.request = request};
    uint32_t code = 0;
    uint32_t ignored = 0;
    windows_guard(send_and_receive, &exchange, &code);
    windows_guard(free_buffer, &exchange, &ignored);
    *answered = exchange.answered;
    return code;
}

/* ---- asynchronous: void Procedure([async], [in] handle_t binding) ---- */

enum { SLOT = sizeof(void *), FC_BIND_PRIMITIVE_HANDLE = 0x32 };

// clang-format off
#define SHORT(value) (value) & 0xFF, (value) >> 8
#define ASYNCHRONOUS_PROCEDURE(opnum) {                                                                 \
    0, 0x48,                                  /* handle is explicit; RPC flags follow */                \
    SHORT(0), SHORT(0),                       /* RPC flags */                                           \
    SHORT(opnum), SHORT(2 * SLOT),            /* number, size of the arguments on the stack */          \
    FC_BIND_PRIMITIVE_HANDLE, 0, SHORT(SLOT), /* the handle is the second argument */                   \
    SHORT(0), SHORT(0),                       /* sizes of request and response */                       \
    0xC0, 0,                                  /* asynchronous, extensions follow; no parameters */      \
    10, 1,                                    /* size and flags of the extensions */                    \
    SHORT(0), SHORT(0), SHORT(0), SHORT(0),   /* correlation hints, notification, floating point */     \
    0,                                                                                                  \
}
// clang-format on

static const unsigned char park_procedure[] = ASYNCHRONOUS_PROCEDURE(WINWIRE_PARK);
static const unsigned char hold_procedure[] = ASYNCHRONOUS_PROCEDURE(WINWIRE_HOLD);

struct beginning {
    RPC_ASYNC_STATE *async;
    handle_t binding;
    const unsigned char *procedure;
};

static void begin(void *context)
{
    const struct beginning *beginning = context;
    NdrAsyncClientCall((PMIDL_STUB_DESC)&description, (PFORMAT_STRING)beginning->procedure, beginning->async,
                       beginning->binding);
}

uint32_t winwire_begin(RPC_ASYNC_STATE *async, handle_t binding, unsigned opnum)
{
    struct beginning beginning = {async, binding, opnum == WINWIRE_PARK ? park_procedure : hold_procedure};
    uint32_t code = 0;
    windows_guard(begin, &beginning, &code);
    return code;
}
