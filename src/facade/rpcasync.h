// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FACADE_RPCASYNC_H
#define RPCANCEL_FACADE_RPCASYNC_H
/*
 * The documented API of asynchronous RPC under its documented names, on top of the reference implementation.
 *
 * A program written against the Windows headers compiles against this one where it uses RpcAsyncInitializeHandle,
 * RpcAsyncGetCallHandle, RpcAsyncGetCallStatus, RpcAsyncCompleteCall, RpcAsyncAbortCall, RpcAsyncCancelCall,
 * RpcServerTestCancel, RpcServerSubscribeForNotification, RpcServerUnsubscribeForNotification,
 * RpcServerInqCallAttributesW, RpcCancelThread, RpcCancelThreadEx, RpcTestCancel, RpcMgmtSetCancelTimeout and, for
 * RPC_C_OPT_CALL_TIMEOUT, RpcBindingSetOption. What stands behind the functions (which world, which thread, when
 * messages arrive and time goes by) is chosen with facade/rpcancel_facade.h.
 *
 * Types have the sizes they have on Windows, where long is 32 bits whatever the size of a pointer. Constants that
 * Windows headers disagree about have the numbers of the documentation.
 *
 * Besides the documented codes every function may return one of two of the façade's own, and then did nothing:
 *   RPCANCEL_FACADE_UNDEFINED  the documents call the result undefined, or forbid the call without naming a result;
 *   RPCANCEL_FACADE_REFUSED    it cannot happen here: no code runs on the selected thread, or the handle is not within
 *                              its reach (a manager routine has not handed it off), or the exception code or time-out
 *                              is none that the reference implementation can carry (RPCANCEL_FAULT_CODES,
 *                              enum rpcancel_timeout in operation.h).
 *
 * Threads: the functions act on the world and the thread that the calling thread selected. Threads that selected
 * different worlds do not disturb each other; one world is used by one thread at a time.
 */
#ifdef _WIN32
#error "on Windows use <rpc.h> and <rpcasync.h>"
#endif

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

typedef int32_t RPC_STATUS;
typedef void *RPC_BINDING_HANDLE;
typedef int32_t LONG;
typedef uint32_t ULONG;
typedef uint32_t DWORD;
typedef uint32_t UINT;
typedef int32_t BOOL;
typedef intptr_t LONG_PTR;
typedef uintptr_t DWORD_PTR;
typedef uintptr_t ULONG_PTR;
typedef void *HANDLE;
typedef void *LPOVERLAPPED;

#ifndef FALSE
#define FALSE 0
#endif
#ifndef TRUE
#define TRUE 1
#endif

#define RPCANCEL_FACADE_UNDEFINED ((RPC_STATUS)-1) /* 0xFFFFFFFF */
#define RPCANCEL_FACADE_REFUSED ((RPC_STATUS)-2)   /* 0xFFFFFFFE */

typedef enum RPC_ASYNC_EVENT {
    RpcCallComplete = 0,
    RpcSendComplete = 1,
    RpcReceiveComplete = 2,
    RpcClientDisconnect = 3,
    RpcClientCancel = 4
} RPC_ASYNC_EVENT;

typedef enum RPC_NOTIFICATION_TYPES {
    RpcNotificationTypeNone = 0,
    RpcNotificationTypeEvent = 1,
    RpcNotificationTypeApc = 2,
    RpcNotificationTypeIoc = 3,
    RpcNotificationTypeHwnd = 4,
    RpcNotificationTypeCallback = 5
} RPC_NOTIFICATION_TYPES;

typedef enum RPC_NOTIFICATIONS {
    RpcNotificationCallNone = 0,
    RpcNotificationClientDisconnect = 1,
    RpcNotificationCallCancel = 2
} RPC_NOTIFICATIONS;

struct RPC_ASYNC_STATE;
typedef void RPCNOTIFICATION_ROUTINE(struct RPC_ASYNC_STATE *pAsync, void *Context, RPC_ASYNC_EVENT Event);
typedef RPCNOTIFICATION_ROUTINE *PFN_RPCNOTIFICATION_ROUTINE;

typedef union RPC_ASYNC_NOTIFICATION_INFO {
    struct {
        PFN_RPCNOTIFICATION_ROUTINE NotificationRoutine;
        HANDLE hThread;
    } APC;
    struct {
        HANDLE hIOPort;
        DWORD dwNumberOfBytesTransferred;
        DWORD_PTR dwCompletionKey;
        LPOVERLAPPED lpOverlapped;
    } IOC;
    struct {
        HANDLE hWnd;
        UINT Msg;
    } HWND;
    HANDLE hEvent;
    PFN_RPCNOTIFICATION_ROUTINE NotificationRoutine;
} RPC_ASYNC_NOTIFICATION_INFO;

typedef struct UUID {
    uint32_t Data1;
    uint16_t Data2, Data3;
    uint8_t Data4[8];
} UUID;

typedef struct RPC_CALL_ATTRIBUTES_V2_W {
    unsigned int Version; /* 1 or 2: how many of the members there are; the caller's */
    ULONG Flags;
    ULONG ServerPrincipalNameBufferLength;
    uint16_t *ServerPrincipalName;
    ULONG ClientPrincipalNameBufferLength;
    uint16_t *ClientPrincipalName;
    ULONG AuthenticationLevel;
    ULONG AuthenticationService;
    BOOL NullSession;
    BOOL KernelModeCaller; /* from here on Version 2 */
    ULONG ProtocolSequence;
    ULONG IsClientLocal;
    HANDLE ClientPID;
    ULONG CallStatus; /* pages and headers disagree about the numbers: see rpcancel_choices in reference.h */
    ULONG CallType;
    void *CallLocalAddress;
    uint16_t OpNum;
    UUID InterfaceUuid;
} RPC_CALL_ATTRIBUTES_V2_W;

/* One call's handle, in memory of the caller. Size, Signature, Lock and StubInfo are the runtime's from a successful
 * RpcAsyncInitializeHandle on: altering one of them invalidates the handle. RuntimeInfo and Reserved are the runtime's
 * as well. UserInfo, Event, NotificationType and u are the caller's; the façade never reads or writes them. */
typedef struct RPC_ASYNC_STATE {
    unsigned int Size;
    ULONG Signature;
    LONG Lock;
    ULONG Flags;
    void *StubInfo;
    void *UserInfo;
    void *RuntimeInfo; /* a token, never an address; NULL unless a call is outstanding */
    RPC_ASYNC_EVENT Event;
    RPC_NOTIFICATION_TYPES NotificationType;
    RPC_ASYNC_NOTIFICATION_INFO u;
    LONG_PTR Reserved[4];
} RPC_ASYNC_STATE, *PRPC_ASYNC_STATE;

#define RPCANCEL_FACADE_LAYOUT(member, offset64, offset32)                                              \
    static_assert(offsetof(RPC_ASYNC_STATE, member) == (sizeof(void *) == 8 ? (offset64) : (offset32)), \
                  #member " is where Windows has it")
static_assert(sizeof(RPC_ASYNC_STATE) == (sizeof(void *) == 8 ? 112 : 68), "the size Windows gives it");
RPCANCEL_FACADE_LAYOUT(Size, 0, 0);
RPCANCEL_FACADE_LAYOUT(Signature, 4, 4);
RPCANCEL_FACADE_LAYOUT(Lock, 8, 8);
RPCANCEL_FACADE_LAYOUT(Flags, 12, 12);
RPCANCEL_FACADE_LAYOUT(StubInfo, 16, 16);
RPCANCEL_FACADE_LAYOUT(UserInfo, 24, 20);
RPCANCEL_FACADE_LAYOUT(RuntimeInfo, 32, 24);
RPCANCEL_FACADE_LAYOUT(Event, 40, 28);
RPCANCEL_FACADE_LAYOUT(NotificationType, 44, 32);
RPCANCEL_FACADE_LAYOUT(u, 48, 36);
RPCANCEL_FACADE_LAYOUT(Reserved, 80, 52);

#define RPC_ASYNC_VERSION_1_0 sizeof(RPC_ASYNC_STATE)
#define RPC_C_NOTIFY_ON_SEND_COMPLETE 0x1
#define RPC_C_CANCEL_INFINITE_TIMEOUT (-1)
#define RPC_C_OPT_CALL_TIMEOUT 12
#define INFINITE 0xFFFFFFFFu

/* RpcAsyncGetCallHandle reads the binding handle of the call that |pAsync| stands for: NULL while there is none. */
#define RpcAsyncGetCallHandle(pAsync) (((PRPC_ASYNC_STATE)(pAsync))->RuntimeInfo)

/*
 * RpcAsyncInitializeHandle makes |pAsync| ready for one call: sets Size and Signature, clears Lock, Flags, StubInfo,
 * RuntimeInfo and Reserved, and leaves the other members as they are. It does not read |*pAsync|.
 *
 * Returns 0; 87 when |Size| is not sizeof(RPC_ASYNC_STATE); 1914 when |pAsync| is NULL, lies in the first 64 KiB
 * (never mapped) or is not aligned; RPCANCEL_FACADE_UNDEFINED while a call made with |pAsync| is outstanding. Memory
 * that is unmapped elsewhere cannot be told without an operating system: touching it faults, as it may on Windows.
 */
RPC_STATUS RpcAsyncInitializeHandle(PRPC_ASYNC_STATE pAsync, unsigned int Size);

/* RpcAsyncGetCallStatus (client) returns 0 when the call succeeded, 997 while it is outstanding, 1914 for a handle that
 * is not valid or has no call (1702 with rpcancel_choices_windows), else the code the call failed with. On a server's
 * handle: 1915. */
RPC_STATUS RpcAsyncGetCallStatus(PRPC_ASYNC_STATE pAsync);

/* RpcAsyncCompleteCall (client and server) ends a call. At the client: 997 while it is outstanding and 1914 for a
 * handle that is not valid or has no call, both without effect; else the call's result, which is final. At the server:
 * 0; the reply goes out and the handle is destroyed. |Reply| is not used: calls here carry no data. */
RPC_STATUS RpcAsyncCompleteCall(PRPC_ASYNC_STATE pAsync, void *Reply);

/* RpcAsyncAbortCall (server) ends a call with a fault: 0, or RPCANCEL_FACADE_UNDEFINED for an ExceptionCode of 0. On a
 * client's handle: 1914 when it is not valid or has no call, else 1915. */
RPC_STATUS RpcAsyncAbortCall(PRPC_ASYNC_STATE pAsync, ULONG ExceptionCode);

/* RpcAsyncCancelCall (client) asks for the call to be cancelled, at once when |fAbort|, else when the server agrees.
 * Returns 0, or 1914 for a handle that is not valid or has no call. On a server's handle: 1915. */
RPC_STATUS RpcAsyncCancelCall(PRPC_ASYNC_STATE pAsync, BOOL fAbort);

/* RpcServerTestCancel tells whether the client cancelled a call: 0 when it did, 1791 when not. |BindingHandle| is what
 * RpcAsyncGetCallHandle gave for a server's handle, or NULL for the call that the selected thread serves (1725 when it
 * serves none). Anything else, a client's call handle too: 1702. */
RPC_STATUS RpcServerTestCancel(RPC_BINDING_HANDLE BindingHandle);

/* RpcServerSubscribeForNotification asks for |Notification|, once, when the call is cancelled or its client lost.
 * |Binding| is what RpcServerTestCancel takes; NULL is the call that the selected thread serves (1725 when it serves
 * none). Returns 0; 1764 when |Notification| is neither of the two; 87 when |NotificationType| is
 * RpcNotificationTypeNone; 1702 for anything that is no server's call handle. Nobody is called and no event is set:
 * rpcancel_facade_take says whether it was announced, so |NotificationInfo| is not used. */
RPC_STATUS RpcServerSubscribeForNotification(RPC_BINDING_HANDLE Binding, DWORD Notification,
                                             RPC_NOTIFICATION_TYPES NotificationType,
                                             RPC_ASYNC_NOTIFICATION_INFO *NotificationInfo);

/* RpcServerUnsubscribeForNotification ends that: 0, with the number of notifications that were announced and not taken
 * (0 or 1) in |*NotificationsQueued|; they are dropped. The codes are those of subscribing. */
RPC_STATUS RpcServerUnsubscribeForNotification(RPC_BINDING_HANDLE Binding, RPC_NOTIFICATIONS Notification,
                                               ULONG *NotificationsQueued);

/* RpcServerInqCallAttributesW fills the RPC_CALL_ATTRIBUTES_V2_W at |RpcCallAttributes|, whose Version says how much of
 * it is there: 0, or 87 for another Version than 1 and 2. Calls here have no client to tell of, so that all members but
 * CallStatus are 0. */
RPC_STATUS RpcServerInqCallAttributesW(RPC_BINDING_HANDLE ClientBinding, void *RpcCallAttributes);

/*
 * Synchronous calls. A thread of the client's is in the stub until the call it made is over. The seconds of all
 * time-outs are those of the virtual clock, which rpcancel_facade_elapse moves and nothing else.
 *
 * RpcCancelThread cancels the call that |Thread|, a handle from rpcancel_facade_thread, is in: 0, or 5 for a handle
 * without THREAD_SET_CONTEXT. The client waits for the server as long as RpcMgmtSetCancelTimeout said; then the call
 * fails with 1726. A thread in no call is left as it is.
 */
RPC_STATUS RpcCancelThread(void *Thread);

/* RpcCancelThreadEx does the same, but the client waits |Timeout| seconds (RPC_C_CANCEL_INFINITE_TIMEOUT, 0, 1, 2), and
 * then the call fails with 1818. Of several cancels the one whose time-out runs out first counts. */
RPC_STATUS RpcCancelThreadEx(void *Thread, LONG Timeout);

/* RpcMgmtSetCancelTimeout sets how many seconds the selected thread, one that rpcancel_facade_select_client_thread
 * selected, waits after a cancel: RPC_C_CANCEL_INFINITE_TIMEOUT, as before the first call of this, 0, 1 or 2. Returns
 * 0. Refused while the thread is in a call. */
RPC_STATUS RpcMgmtSetCancelTimeout(LONG Timeout);

/* RpcTestCancel tells whether the call that the selected thread serves was cancelled: 0 when it was, 5 when not, or
 * when it serves none. */
RPC_STATUS RpcTestCancel(void);

/* RpcBindingSetOption sets RPC_C_OPT_CALL_TIMEOUT, in milliseconds, for the calls made with |hBinding|, a handle from
 * rpcancel_facade_binding: 0 or INFINITE for none, or 1000. A call that takes longer fails with 1818. Returns 0.
 * Refused while the thread whose binding it is is in a call, and for every other |option|. */
RPC_STATUS RpcBindingSetOption(RPC_BINDING_HANDLE hBinding, ULONG option, ULONG_PTR optionValue);

/*
 * Binding handles. Those of calls are what RpcAsyncGetCallHandle gives a server; they end with their call. All others
 * are server binding handles, by which a client makes calls.
 *
 * RpcBindingServerFromClient sets |*ServerBinding| to a server binding handle for the client of the call
 * |ClientBinding|, or, NULL, of the call that the selected thread serves; to be freed by RpcBindingFree. Returns 0;
 * 1702 when it is no call's, 1725 when NULL and there is no such call. What the documents call undefined is undefined.
 */
RPC_STATUS RpcBindingServerFromClient(RPC_BINDING_HANDLE ClientBinding, RPC_BINDING_HANDLE *ServerBinding);

/* RpcBindingCopy sets |*DestinationBinding| to a copy of a server binding handle: 0. 1701 for a call's, 1702 for what
 * is neither. */
RPC_STATUS RpcBindingCopy(RPC_BINDING_HANDLE SourceBinding, RPC_BINDING_HANDLE *DestinationBinding);

/* RpcBindingFree frees the server binding handle |*Binding| and sets it to NULL: 0. 1701 for a call's, 1702 for what is
 * neither. */
RPC_STATUS RpcBindingFree(RPC_BINDING_HANDLE *Binding);

#endif
