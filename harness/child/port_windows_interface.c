// SPDX-License-Identifier: Apache-2.0
#include "child/port_windows_interface.h"

#include <stdio.h>
#include <string.h>

#include <rpcndr.h>

/* ---- the interface, by hand: void Serve([in] handle_t binding, [in] long ticket), and the same with [async] ---- */

#if !defined(__x86_64__) && !defined(_M_X64)
#error "the description of the procedures below is that of x64"
#endif

enum { SLOT = sizeof(void *), BASE_TYPE_IN = 0x48, FC_LONG_TYPE = 0x08, FC_BIND_PRIMITIVE_HANDLE = 0x32 };

// clang-format off
#define SERVE_INTERFACE {{0x6f9a2d31, 0x8c41, 0x4e0b, {0x9d, 0x52, 0x11, 0x7a, 0x60, 0xc3, 0xe8, 0x24}}, {1, 0}}
#define NDR_SYNTAX {{0x8A885D04, 0x1CEB, 0x11C9, {0x9F, 0xE8, 0x08, 0x00, 0x2B, 0x10, 0x48, 0x60}}, {2, 0}}
#define SHORT(value) (value) & 0xFF, (value) >> 8

#define PROCEDURE(number, first, flags)                                                                               \
    0, 0x48,                                       /* handle is explicit; RPC flags follow, new initialisation */     \
    SHORT(0), SHORT(0),                            /* RPC flags */                                                    \
    SHORT(number), SHORT(((first) + 2) * SLOT),    /* of the procedure; size of its arguments on the stack */         \
    FC_BIND_PRIMITIVE_HANDLE, 0, SHORT((first) * SLOT), /* where the handle is */                                     \
    SHORT(8), SHORT(0),                            /* sizes of request and response */                                \
    flags, 1,                                      /* one parameter */                                                \
    10, 1,                                         /* size and flags of the extensions */                             \
    SHORT(0), SHORT(0), SHORT(0), SHORT(0),        /* correlation hints, notification, floating point arguments */    \
    SHORT(BASE_TYPE_IN), SHORT(((first) + 1) * SLOT), FC_LONG_TYPE, 0

enum { SYNCHRONOUS, ASYNCHRONOUS, PROCEDURES, PROCEDURE_SIZE = 36, EXTENSIONS = 0x40, ASYNCHRONOUS_HANDLE = 0x80 };

/* An asynchronous procedure has its RPC_ASYNC_STATE before the other arguments. */
static const unsigned char procedures[] = {
    PROCEDURE(SYNCHRONOUS, 0, EXTENSIONS),
    PROCEDURE(ASYNCHRONOUS, 1, EXTENSIONS | ASYNCHRONOUS_HANDLE),
    0,
};
_Static_assert(sizeof procedures == PROCEDURES * PROCEDURE_SIZE + 1, "where the second one begins");
// clang-format on
static const unsigned char types[] = {0, 0, 0};

static void *__RPC_USER take_memory(size_t size)
{
    return HeapAlloc(GetProcessHeap(), 0, size);
}

static void __RPC_USER give_memory(void *memory)
{
    HeapFree(GetProcessHeap(), 0, memory);
}

static struct windows_managers managers;

static void serve(handle_t binding, long ticket)
{
    managers.synchronous(binding, ticket);
}

static void serve_asynchronously(PRPC_ASYNC_STATE call, handle_t binding, long ticket)
{
    managers.asynchronous(call, binding, ticket);
}

#define STUB_DESCRIPTION(interface)                                                                         \
    {                                                                                                       \
        .RpcInterfaceInformation = &(interface), .pfnAllocate = take_memory, .pfnFree = give_memory,        \
        .pFormatTypes = types, .fCheckBounds = 1, .Version = 0x50002, .MIDLVersion = 0x8000253, .mFlags = 1 \
    }

static RPC_CLIENT_INTERFACE client_interface = {
    .Length = sizeof client_interface, .InterfaceId = SERVE_INTERFACE, .TransferSyntax = NDR_SYNTAX};
static const MIDL_STUB_DESC client_description = STUB_DESCRIPTION(client_interface);

static const SERVER_ROUTINE routines[PROCEDURES] = {
    [SYNCHRONOUS] = (SERVER_ROUTINE)(void (*)(void))serve,
    [ASYNCHRONOUS] = (SERVER_ROUTINE)(void (*)(void))serve_asynchronously,
};
static const unsigned short offsets[PROCEDURES] = {[SYNCHRONOUS] = 0, [ASYNCHRONOUS] = PROCEDURE_SIZE};
static const MIDL_STUB_DESC server_description;
static MIDL_SERVER_INFO server_information = {
    .pStubDesc = &server_description, .DispatchTable = routines, .ProcString = procedures, .FmtStringOffset = offsets};
static RPC_DISPATCH_FUNCTION functions[PROCEDURES + 1] = {
    [SYNCHRONOUS] = NdrServerCall2, [ASYNCHRONOUS] = NdrAsyncServerCall, NULL};
static RPC_DISPATCH_TABLE dispatch_table = {PROCEDURES, functions, 0};
static RPC_SERVER_INTERFACE server_interface = {.Length = sizeof server_interface,
                                                .InterfaceId = SERVE_INTERFACE,
                                                .TransferSyntax = NDR_SYNTAX,
                                                .DispatchTable = &dispatch_table,
                                                .InterpreterInfo = &server_information,
                                                .Flags = 0x04000000};
static const MIDL_STUB_DESC server_description = STUB_DESCRIPTION(server_interface);

/* ---- the server ---- */

enum { CALLS_MAX = 16, ENDPOINT_BYTES = 64 };

static const char *const protocol_names[WINDOWS_PROTOCOLS] = {
    [WINDOWS_NCALRPC] = "ncalrpc", [WINDOWS_NCACN_NP] = "ncacn_np", [WINDOWS_NCACN_IP_TCP] = "ncacn_ip_tcp"};

static enum windows_protocol protocol;
static unsigned char *server_address; /* string binding; NULL: nothing listens */

bool windows_interface_choose(const char *name)
{
    unsigned i = 0;
    while (i < WINDOWS_PROTOCOLS && strcmp(name, protocol_names[i]) != 0)
        i++;
    if (i < WINDOWS_PROTOCOLS)
        protocol = (enum windows_protocol)i;
    return i < WINDOWS_PROTOCOLS;
}

enum windows_protocol windows_interface_protocol(void)
{
    return protocol;
}

static bool failed(const char *function, RPC_STATUS code)
{
    if (code != RPC_S_OK)
        fprintf(stderr, "%s returned %ld\n", function, (long)code);
    return code != RPC_S_OK;
}

/* The port that the runtime chose, out of |binding|, one of the server's. False: it is of another protocol sequence. */
static bool read_endpoint(RPC_BINDING_HANDLE binding, char endpoint[ENDPOINT_BYTES])
{
    unsigned char *text = NULL;
    unsigned char *sequence = NULL;
    unsigned char *found = NULL;
    bool is_ours = false;
    if (failed("RpcBindingToStringBinding", RpcBindingToStringBindingA(binding, &text)))
        return false;
    if (!failed("RpcStringBindingParse", RpcStringBindingParseA(text, NULL, &sequence, NULL, &found, NULL))) {
        is_ours = strcmp((const char *)sequence, protocol_names[protocol]) == 0 && found[0] != '\0';
        snprintf(endpoint, ENDPOINT_BYTES, "%s", (const char *)found);
        RpcStringFreeA(&sequence);
        RpcStringFreeA(&found);
    }
    RpcStringFreeA(&text);
    return is_ours;
}

static bool inquire_endpoint(char endpoint[ENDPOINT_BYTES])
{
    RPC_BINDING_VECTOR *bindings = NULL;
    bool found = false;
    if (failed("RpcServerInqBindings", RpcServerInqBindings(&bindings)))
        return false;
    for (unsigned long i = 0; i < bindings->Count && !found; i++)
        found = read_endpoint(bindings->BindingH[i], endpoint);
    RpcBindingVectorFree(&bindings);
    if (!found)
        fprintf(stderr, "the server has no endpoint of %s\n", protocol_names[protocol]);
    return found;
}

/* A name of the process's own, or the port that is free. */
static bool use_protocol(char endpoint[ENDPOINT_BYTES])
{
    unsigned char name[16];
    unsigned long process = GetCurrentProcessId();
    snprintf((char *)name, sizeof name, "%s", protocol_names[protocol]);
    if (protocol == WINDOWS_NCACN_IP_TCP)
        return !failed("RpcServerUseProtseq", RpcServerUseProtseqA(name, CALLS_MAX, NULL)) &&
               inquire_endpoint(endpoint);
    snprintf(endpoint, ENDPOINT_BYTES, protocol == WINDOWS_NCACN_NP ? "\\pipe\\rpcancel-%lu" : "rpcancel-%lu", process);
    return !failed("RpcServerUseProtseqEp", RpcServerUseProtseqEpA(name, CALLS_MAX, (unsigned char *)endpoint, NULL));
}

/* Calls here carry no credentials; over TCP, Windows since XP SP2 gives such only to an interface with this routine. */
static RPC_STATUS RPC_ENTRY admit(RPC_IF_HANDLE interface_called, void *client)
{
    (void)interface_called;
    (void)client;
    return RPC_S_OK;
}

/* RPC_IF_ALLOW_LOCAL_ONLY would keep ncacn_ip_tcp out altogether; there the ticket keeps others out. */
static bool register_interface(void)
{
    bool is_tcp = protocol == WINDOWS_NCACN_IP_TCP;
    unsigned flags = is_tcp ? RPC_IF_ALLOW_CALLBACKS_WITH_NO_AUTH : RPC_IF_ALLOW_LOCAL_ONLY;
    return !failed("RpcServerRegisterIfEx",
                   RpcServerRegisterIfEx(&server_interface, NULL, NULL, flags, RPC_C_LISTEN_MAX_CALLS_DEFAULT,
                                         is_tcp ? admit : NULL));
}

const char *windows_interface_listen(const struct windows_managers *its_managers)
{
    char endpoint[ENDPOINT_BYTES];
    unsigned char name[16];
    unsigned char *host = protocol == WINDOWS_NCACN_IP_TCP ? (unsigned char *)"127.0.0.1" : NULL;
    if (server_address)
        return (const char *)server_address;
    managers = *its_managers;
    snprintf((char *)name, sizeof name, "%s", protocol_names[protocol]);
    bool listens =
        use_protocol(endpoint) && register_interface() &&
        !failed("RpcServerListen", RpcServerListen(1, CALLS_MAX, TRUE)) &&
        !failed("RpcStringBindingCompose",
                RpcStringBindingComposeA(NULL, name, host, (unsigned char *)endpoint, NULL, &server_address));
    return listens ? (const char *)server_address : NULL;
}

handle_t windows_interface_bind(const char *address)
{
    union {
        const char *text;
        unsigned char *address; /* which the function does not write to */
    } server = {.text = address};
    handle_t binding = NULL;
    return failed("RpcBindingFromStringBinding", RpcBindingFromStringBindingA(server.address, &binding)) ? NULL
                                                                                                         : binding;
}

void windows_interface_call(handle_t binding, long ticket)
{
    NdrClientCall2((PMIDL_STUB_DESC)&client_description, (PFORMAT_STRING)procedures, binding, ticket);
}

void windows_interface_call_asynchronously(PRPC_ASYNC_STATE call, handle_t binding, long ticket)
{
    NdrAsyncClientCall((PMIDL_STUB_DESC)&client_description, (PFORMAT_STRING)procedures + offsets[ASYNCHRONOUS], call,
                       binding, ticket);
}
