// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_OPERATION_H
#define RPCANCEL_OPERATION_H
/*
 * Operations: the alphabet that every other part of the project speaks.
 *
 * An operation is four small numbers without pointers: what is done, to which handle, on which server thread, with
 * which argument. A handle (a, b, …) names a client's RPC_ASYNC_STATE and its current call; with |earlier| (written
 * a') it names a call made before with the same RPC_ASYNC_STATE that is still alive at the server or on its way.
 *
 * The same function can be asked of either end. In text, an operation on a client's handle carries no thread, one
 * on the server's asynchronous handle of that call carries the server thread it runs on: `complete a` is the
 * client's RpcAsyncCompleteCall, `complete a @w` is the server's.
 */
#include <stdbool.h>
#include <stdint.h>

enum {
    RPCANCEL_HANDLES_MAX = 4, /* a, b, c, d */
    RPCANCEL_DISPATCHERS_MAX = 3,
    RPCANCEL_OPERANDS_MAX = 8
};

/* A server thread. t1 … t3 are the runtime's: they run manager routines. w is a thread that the server program made
 * itself; it serves no call, and finishes calls that a manager routine has handed off. */
enum rpcancel_thread {
    RPCANCEL_THREAD_T1,
    RPCANCEL_THREAD_T2,
    RPCANCEL_THREAD_T3,
    RPCANCEL_THREAD_WORKER,
    RPCANCEL_THREADS
};

/* Who causes an operation. */
enum rpcancel_actor {
    RPCANCEL_ACTOR_CLIENT,  /* the client program calls a function */
    RPCANCEL_ACTOR_SERVER,  /* the server program calls a function, or a manager routine starts or ends */
    RPCANCEL_ACTOR_NETWORK, /* a message arrives or is lost */
    RPCANCEL_ACTOR_HARNESS  /* settle */
};

/* Which parts of struct rpcancel_operation an operation uses; the others are zero in the canonical form. */
enum { RPCANCEL_USES_HANDLE = 1, RPCANCEL_USES_EARLIER = 2, RPCANCEL_USES_THREAD = 4, RPCANCEL_USES_ARGUMENT = 8 };

/* What an operation's argument means. */
enum rpcancel_argument {
    RPCANCEL_ARGUMENT_NONE,
    RPCANCEL_ARGUMENT_SIZE,         /* enum rpcancel_bad_size */
    RPCANCEL_ARGUMENT_MEMBER,       /* enum rpcancel_member */
    RPCANCEL_ARGUMENT_FAULT,        /* position in the list of fault codes */
    RPCANCEL_ARGUMENT_SUBSCRIBED,   /* enum rpcancel_call_event */
    RPCANCEL_ARGUMENT_UNSUBSCRIBED, /* the same, up to UNSUPPORTED */
    RPCANCEL_ARGUMENT_TAKEN,        /* the same, up to DISCONNECT */
    RPCANCEL_ARGUMENT_TIMEOUT,      /* enum rpcancel_timeout */
    RPCANCEL_ARGUMENT_CALL_TIMEOUT, /* the same, up to ONE */
    RPCANCEL_ARGUMENT_ASSOCIATION,  /* enum rpcancel_association_kind */
    RPCANCEL_ARGUMENT_REQUEST,      /* enum rpcancel_request_kind */
    RPCANCEL_ARGUMENT_FRAGMENT,     /* enum rpcancel_fragment_kind */
    RPCANCEL_ARGUMENT_FORM,         /* enum rpcancel_cancel_form */
    RPCANCEL_ARGUMENT_WRONG,        /* enum rpcancel_wrong_type */
    RPCANCEL_ARGUMENT_RELAY         /* enum rpcancel_relay_kind */
};

/* What a bind asks for. */
enum rpcancel_association_kind {
    RPCANCEL_ASSOCIATION_PLAIN,
    RPCANCEL_ASSOCIATION_MULTIPLEXED, /* CONC_MPX */
    RPCANCEL_ASSOCIATION_KEEP,        /* the bind-time feature KeepConnectionOnOrphan */
    RPCANCEL_ASSOCIATION_MULTIPLEXED_KEEP,
    RPCANCEL_ASSOCIATION_SIGNING,    /* bit 0x04, header signing, and no verifier */
    RPCANCEL_ASSOCIATION_BIG_ENDIAN, /* all that the client sends is */
    RPCANCEL_ASSOCIATION_FEATURES_TWICE,
    RPCANCEL_ASSOCIATIONS
};

/* What a request asks for: an operation of the server under test, and what is special about the PDU. */
enum rpcancel_request_kind {
    RPCANCEL_REQUEST_FAST,
    RPCANCEL_REQUEST_PARK,
    RPCANCEL_REQUEST_HOLD,
    RPCANCEL_REQUEST_STREAM,
    RPCANCEL_REQUEST_FAST_PENDING_CANCEL, /* PENDING_CANCEL on the first fragment */
    RPCANCEL_REQUEST_PARK_PENDING_CANCEL,
    RPCANCEL_REQUEST_FAST_MAYBE,
    RPCANCEL_REQUEST_FAST_ANNOUNCING, /* alloc_hint says 5 MiB */
    RPCANCEL_REQUESTS
};

enum rpcancel_fragment_kind { RPCANCEL_FRAGMENT_PLAIN, RPCANCEL_FRAGMENT_PENDING_CANCEL, RPCANCEL_FRAGMENTS };

/* How a co_cancel or orphaned is made: with such pfc_flags, a verifier, or octets behind the header. */
enum rpcancel_cancel_form {
    RPCANCEL_FORM_06, /* as Windows' co_cancel has it */
    RPCANCEL_FORM_03, /* as Windows' orphaned has it */
    RPCANCEL_FORM_00,
    RPCANCEL_FORM_02,
    RPCANCEL_FORM_04,
    RPCANCEL_FORM_07,
    RPCANCEL_FORM_VERIFIER,
    RPCANCEL_FORM_JUNK,
    RPCANCEL_FORMS
};

/* A PDU that no client sends. */
enum rpcancel_wrong_type {
    RPCANCEL_WRONG_RESPONSE,
    RPCANCEL_WRONG_FAULT,
    RPCANCEL_WRONG_BIND_ACK,
    RPCANCEL_WRONG_BIND_NAK,
    RPCANCEL_WRONG_SHUTDOWN,
    RPCANCEL_WRONG_PING,
    RPCANCEL_WRONG_CANCEL_ACK,
    RPCANCEL_WRONG_UNKNOWN,
    RPCANCEL_WRONG_TYPES
};

/* What a client under test gets of what the server says. */
enum rpcancel_relay_kind {
    RPCANCEL_RELAY_PLAIN,
    RPCANCEL_RELAY_PENDING_CANCEL, /* responses with PENDING_CANCEL on the last fragment */
    RPCANCEL_RELAY_STRAY_REPLY,    /* before the first response one for a call_id that is not outstanding */
    RPCANCEL_RELAY_FRAGMENTS,      /* responses in fragments of few octets */
    RPCANCEL_RELAY_FAULT,          /* nca_s_fault_cancel in place of every reply */
    RPCANCEL_RELAY_DROP,           /* the end of the connection in place of the first reply */
    RPCANCEL_RELAY_LATE,           /* the first reply after a pause */
    RPCANCEL_RELAYS
};

/* What RpcServerSubscribeForNotification is asked for. */
enum rpcancel_call_event {
    RPCANCEL_EVENT_CANCEL,      /* RpcNotificationCallCancel */
    RPCANCEL_EVENT_DISCONNECT,  /* RpcNotificationClientDisconnect */
    RPCANCEL_EVENT_UNSUPPORTED, /* a value that is neither */
    RPCANCEL_EVENT_NO_TYPE,     /* RpcNotificationCallCancel, to be announced in no way: RpcNotificationTypeNone */
    RPCANCEL_CALL_EVENTS
};

/* Time-outs, in seconds of the clock that `elapse` moves. */
enum rpcancel_timeout {
    RPCANCEL_TIMEOUT_INFINITE,
    RPCANCEL_TIMEOUT_ZERO,
    RPCANCEL_TIMEOUT_ONE,
    RPCANCEL_TIMEOUT_TWO,
    RPCANCEL_TIMEOUTS
};

enum rpcancel_bad_size { RPCANCEL_SIZE_TOO_SMALL, RPCANCEL_SIZE_TOO_LARGE, RPCANCEL_BAD_SIZES };
enum rpcancel_member {
    RPCANCEL_MEMBER_SIGNATURE,
    RPCANCEL_MEMBER_SIZE,
    RPCANCEL_MEMBER_LOCK,
    RPCANCEL_MEMBER_STUB_INFO,
    RPCANCEL_MEMBERS
};

/*
 * The codes a server may abort with or raise. 5 and 87 are ordinary: they reach the client unchanged. The others are
 * reserved (MS-RPCE 3.3.3.5.1 and 3.1.1.5.5, RpcAsyncCompleteCall): what the client sees is not documented, and for 0
 * the call of RpcAsyncAbortCall itself is not. Append only.
 */
#define RPCANCEL_FAULT_CODES(X) X(5) X(1818) X(0) X(997) X(1914) X(87) X(0xC0000005u) X(0x1C00000Du)
enum {
    RPCANCEL_FAULT_CODE_COUNT = 8,
    RPCANCEL_FAULT_ORDINARY = 0,
    RPCANCEL_FAULT_CANCELLED = 1,
    RPCANCEL_FAULT_ZERO = 2
};

/*
 * X(enumerator, byte in the binary form, words in the text form, actor, operands used, meaning of the argument,
 *   function or message)
 *
 * Text is words, then the handle, then what follows: `cancel a abort` is "cancel" with a suffix. Bytes are for ever.
 */
#define RPCANCEL_OPERATIONS(X)                                                                                     \
    X(INIT, 0x10, "init", "", CLIENT, HANDLE, NONE, "RpcAsyncInitializeHandle")                                    \
    X(INIT_BAD_SIZE, 0x11, "init", "", CLIENT, HANDLE | ARGUMENT, SIZE, "RpcAsyncInitializeHandle")                \
    X(INIT_BAD_MEMORY, 0x12, "init bad-memory", "", CLIENT, NOTHING, NONE, "RpcAsyncInitializeHandle")             \
    X(CORRUPT, 0x13, "corrupt", "", CLIENT, HANDLE | ARGUMENT, MEMBER, "RPC_ASYNC_STATE")                          \
    X(CALL, 0x14, "call", "", CLIENT, HANDLE, NONE, "client stub")                                                 \
    X(STATUS, 0x15, "status", "", CLIENT, HANDLE, NONE, "RpcAsyncGetCallStatus")                                   \
    X(COMPLETE, 0x16, "complete", "", CLIENT, HANDLE, NONE, "RpcAsyncCompleteCall")                                \
    X(CANCEL, 0x17, "cancel", "", CLIENT, HANDLE, NONE, "RpcAsyncCancelCall")                                      \
    X(CANCEL_ABORT, 0x18, "cancel", "abort", CLIENT, HANDLE, NONE, "RpcAsyncCancelCall")                           \
    X(ABORT, 0x19, "abort", "", CLIENT, HANDLE | ARGUMENT, FAULT, "RpcAsyncAbortCall")                             \
    X(GET_CALL_HANDLE, 0x1A, "get-call-handle", "", CLIENT, HANDLE, NONE, "RpcAsyncGetCallHandle")                 \
    X(AWAIT, 0x1B, "await", "", CLIENT, HANDLE, NONE, "completion notification")                                   \
    X(DELIVER_REQUEST, 0x30, "deliver request", "", NETWORK, HANDLE | EARLIER, NONE, "request")                    \
    X(DELIVER_CANCEL, 0x31, "deliver cancel", "", NETWORK, HANDLE | EARLIER, NONE, "cancel")                       \
    X(DELIVER_ORPHANED, 0x32, "deliver orphaned", "", NETWORK, HANDLE | EARLIER, NONE, "orphaned")                 \
    X(DELIVER_REPLY, 0x33, "deliver reply", "", NETWORK, HANDLE | EARLIER, NONE, "response or fault")              \
    X(LOSE_LINK, 0x34, "lose link", "", NETWORK, NOTHING, NONE, "connection")                                      \
    X(SETTLE, 0x3F, "settle", "", HARNESS, NOTHING, NONE, "barrier")                                               \
    X(DISPATCH, 0x50, "dispatch", "", SERVER, HANDLE | EARLIER | THREAD, NONE, "manager routine")                  \
    X(HAND_OFF, 0x51, "hand-off", "", SERVER, HANDLE | EARLIER, NONE, "manager routine")                           \
    X(RETURN, 0x52, "return", "", SERVER, HANDLE | EARLIER, NONE, "manager routine")                               \
    X(RAISE, 0x53, "raise", "", SERVER, HANDLE | EARLIER | ARGUMENT, FAULT, "RpcRaiseException")                   \
    X(TEST_CANCEL, 0x54, "test-cancel", "", SERVER, HANDLE | EARLIER | THREAD, NONE, "RpcServerTestCancel")        \
    X(TEST_CANCEL_ZERO, 0x55, "test-cancel 0", "", SERVER, THREAD, NONE, "RpcServerTestCancel")                    \
    X(TEST_CANCEL_INVALID, 0x56, "test-cancel invalid", "", SERVER, THREAD, NONE, "RpcServerTestCancel")           \
    X(SERVER_COMPLETE, 0x57, "complete", "", SERVER, HANDLE | EARLIER | THREAD, NONE, "RpcAsyncCompleteCall")      \
    X(SERVER_ABORT, 0x58, "abort", "", SERVER, HANDLE | EARLIER | THREAD | ARGUMENT, FAULT, "RpcAsyncAbortCall")   \
    X(SERVER_STATUS, 0x59, "status", "", SERVER, HANDLE | EARLIER | THREAD, NONE, "RpcAsyncGetCallStatus")         \
    X(SERVER_CANCEL, 0x5A, "cancel", "", SERVER, HANDLE | EARLIER | THREAD, NONE, "RpcAsyncCancelCall")            \
    X(SERVER_CANCEL_ABORT, 0x5B, "cancel", "abort", SERVER, HANDLE | EARLIER | THREAD, NONE, "RpcAsyncCancelCall") \
    X(SERVER_GET_CALL_HANDLE, 0x5C, "get-call-handle", "", SERVER, HANDLE | EARLIER | THREAD, NONE,                \
      "RpcAsyncGetCallHandle")

/* In the same columns, the operations of the slice of notifications: what a server can ask of a call besides whether it
 * was cancelled. They are apart since they multiply what there is to be searched (docs/architecture.md). */
#define RPCANCEL_NOTIFICATION_OPERATIONS(X)                                                                            \
    X(SUBSCRIBE, 0x5D, "subscribe", "", SERVER, HANDLE | EARLIER | THREAD | ARGUMENT, SUBSCRIBED,                      \
      "RpcServerSubscribeForNotification")                                                                             \
    X(SUBSCRIBE_ZERO, 0x5E, "subscribe 0", "", SERVER, THREAD | ARGUMENT, SUBSCRIBED,                                  \
      "RpcServerSubscribeForNotification")                                                                             \
    X(UNSUBSCRIBE, 0x5F, "unsubscribe", "", SERVER, HANDLE | EARLIER | THREAD | ARGUMENT, UNSUBSCRIBED,                \
      "RpcServerUnsubscribeForNotification")                                                                           \
    X(TAKE, 0x60, "take", "", SERVER, HANDLE | EARLIER | THREAD | ARGUMENT, TAKEN, "call notification")                \
    X(CALL_ATTRIBUTES, 0x61, "call-attributes", "", SERVER, HANDLE | EARLIER | THREAD, NONE,                           \
      "RpcServerInqCallAttributes")                                                                                    \
    X(SERVER_FROM_CLIENT, 0x64, "server-from-client", "", SERVER, HANDLE | EARLIER | THREAD, NONE,                     \
      "RpcBindingServerFromClient")                                                                                    \
    X(COPY_CLIENT_BINDING, 0x65, "copy-client-binding", "", SERVER, HANDLE | EARLIER | THREAD, NONE, "RpcBindingCopy") \
    X(SERVER_FROM_CLIENT_INVALID, 0x67, "server-from-client invalid", "", SERVER, THREAD, NONE,                        \
      "RpcBindingServerFromClient")                                                                                    \
    X(TEST_CANCEL_SERVER_BINDING, 0x66, "test-cancel server-binding", "", SERVER, THREAD, NONE, "RpcServerTestCancel")

/*
 * In the same columns, the operations of the slice of synchronous calls. Here a letter is a thread of the client's: it
 * waits in the stub for the call it made, and other threads cancel what it waits for. Time passes by `elapse` only.
 * The client's come first, the server's last.
 */
#define RPCANCEL_SYNCHRONOUS_OPERATIONS(X)                                                                            \
    X(SYNCHRONOUS_CALL, 0x20, "synchronous-call", "", CLIENT, HANDLE, NONE, "client stub")                            \
    X(RETURNED, 0x21, "returned", "", CLIENT, HANDLE, NONE, "client stub")                                            \
    X(CANCEL_THREAD, 0x22, "cancel-thread", "", CLIENT, HANDLE, NONE, "RpcCancelThread")                              \
    X(CANCEL_THREAD_DENIED, 0x23, "cancel-thread", "no-access", CLIENT, HANDLE, NONE, "RpcCancelThread")              \
    X(CANCEL_THREAD_EX, 0x24, "cancel-thread-ex", "", CLIENT, HANDLE | ARGUMENT, TIMEOUT, "RpcCancelThreadEx")        \
    X(SET_CANCEL_TIMEOUT, 0x25, "set-cancel-timeout", "", CLIENT, HANDLE | ARGUMENT, TIMEOUT,                         \
      "RpcMgmtSetCancelTimeout")                                                                                      \
    X(SET_CALL_TIMEOUT, 0x26, "set-call-timeout", "", CLIENT, HANDLE | ARGUMENT, CALL_TIMEOUT, "RpcBindingSetOption") \
    X(ELAPSE, 0x3E, "elapse", "", HARNESS, NOTHING, NONE, "clock")                                                    \
    X(DISPATCH_SYNCHRONOUS, 0x62, "dispatch", "synchronous", SERVER, HANDLE | EARLIER | THREAD, NONE,                 \
      "manager routine")                                                                                              \
    X(TEST_CANCEL_THREAD, 0x63, "test-cancel thread", "", SERVER, THREAD, NONE, "RpcTestCancel")

/*
 * The alphabet of the wire, in the same columns: what a client under our control sends to a server under test, and, the
 * last one, how a client under test is run. In sequences the former stand with `settle` and with nothing else, the
 * latter alone; runtimes that are not spoken to in PDUs do not know them.
 */
#define RPCANCEL_WIRE_OPERATIONS(X)                                                                            \
    X(ASSOCIATE, 0x70, "associate", "", CLIENT, ARGUMENT, ASSOCIATION, "bind")                                 \
    X(SEND_REQUEST, 0x71, "request", "", CLIENT, HANDLE | ARGUMENT, REQUEST, "request")                        \
    X(SEND_FIRST, 0x72, "first", "", CLIENT, HANDLE | ARGUMENT, REQUEST, "request")                            \
    X(SEND_MIDDLE, 0x73, "middle", "", CLIENT, HANDLE | ARGUMENT, FRAGMENT, "request")                         \
    X(SEND_LAST, 0x74, "last", "", CLIENT, HANDLE | ARGUMENT, FRAGMENT, "request")                             \
    X(SEND_CO_CANCEL, 0x75, "co_cancel", "", CLIENT, HANDLE | ARGUMENT, FORM, "co_cancel")                     \
    X(SEND_ORPHANED, 0x76, "orphaned", "", CLIENT, HANDLE | ARGUMENT, FORM, "orphaned")                        \
    X(SEND_WRONG, 0x77, "wrong", "", CLIENT, ARGUMENT, WRONG, "PDU that no client sends")                      \
    X(SAME_CALL_ID, 0x78, "same-call-id", "", CLIENT, HANDLE, NONE, "call_id of the next request")             \
    X(AWAIT_REPLY, 0x79, "await-reply", "", CLIENT, HANDLE, NONE, "response or fault")                         \
    X(RELEASE, 0x7A, "release", "", SERVER, NOTHING, NONE, "operation of the server under test that releases") \
    X(DISCONNECT, 0x7B, "disconnect", "", CLIENT, NOTHING, NONE, "connection")                                 \
    X(AWAIT_FIRST, 0x7C, "await-first", "", CLIENT, HANDLE, NONE, "first fragment of a response")              \
    X(RUN_CLIENT, 0x7D, "client", "", CLIENT, ARGUMENT, RELAY, "client under test")

/* All that a runtime with our API is asked, and that with what a peer on the wire is asked. */
#define RPCANCEL_API_OPERATIONS(X) \
    RPCANCEL_OPERATIONS(X) RPCANCEL_NOTIFICATION_OPERATIONS(X) RPCANCEL_SYNCHRONOUS_OPERATIONS(X)
#define RPCANCEL_ALL_OPERATIONS(X) RPCANCEL_API_OPERATIONS(X) RPCANCEL_WIRE_OPERATIONS(X)

/* In this order: the client's, the network's, settle, the server's, notifications, synchronous calls, the wire. New
 * kinds join their own. */
enum rpcancel_operation_kind {
#define RPCANCEL_X(kind, byte, words, suffix, actor, uses, argument, function) RPCANCEL_OP_##kind,
    RPCANCEL_OPERATIONS(RPCANCEL_X)
#undef RPCANCEL_X
        RPCANCEL_CORE_KINDS, /* those without the notifications */
    RPCANCEL_BEFORE_NOTIFICATIONS = RPCANCEL_CORE_KINDS - 1,
#define RPCANCEL_X(kind, byte, words, suffix, actor, uses, argument, function) RPCANCEL_OP_##kind,
    RPCANCEL_NOTIFICATION_OPERATIONS(RPCANCEL_X)
#undef RPCANCEL_X
        RPCANCEL_ASYNCHRONOUS_KINDS, /* those without synchronous calls */
    RPCANCEL_BEFORE_SYNCHRONOUS = RPCANCEL_ASYNCHRONOUS_KINDS - 1,
#define RPCANCEL_X(kind, byte, words, suffix, actor, uses, argument, function) RPCANCEL_OP_##kind,
    RPCANCEL_SYNCHRONOUS_OPERATIONS(RPCANCEL_X)
#undef RPCANCEL_X
        RPCANCEL_OPERATION_KINDS, /* all of the API */
    RPCANCEL_BEFORE_WIRE = RPCANCEL_OPERATION_KINDS - 1,
#define RPCANCEL_X(kind, byte, words, suffix, actor, uses, argument, function) RPCANCEL_OP_##kind,
    RPCANCEL_WIRE_OPERATIONS(RPCANCEL_X)
#undef RPCANCEL_X
        RPCANCEL_ALL_KINDS /* those of the wire with them */
};

/* The operations that are tried together. */
enum rpcancel_slice {
    RPCANCEL_SLICE_CORE,         /* calls, their cancels, their ends */
    RPCANCEL_SLICE_NOTIFICATION, /* these, and what a server can subscribe to and ask */
    RPCANCEL_SLICE_SYNCHRONOUS,  /* synchronous calls, and the core without what clients ask of an RPC_ASYNC_STATE */
    RPCANCEL_SLICES
};

/* rpcancel_is_of_wire tells whether operations of |kind| are of the alphabet of the wire. */
static inline bool rpcancel_is_of_wire(unsigned kind)
{
    return kind >= RPCANCEL_OPERATION_KINDS;
}

/* What is under test, and so which alphabet is spoken. */
enum rpcancel_test_subject {
    RPCANCEL_SUBJECT_API,    /* an implementation of the documented functions */
    RPCANCEL_SUBJECT_SERVER, /* of the wire: a server */
    RPCANCEL_SUBJECT_CLIENT  /* of the wire: a client */
};

/* rpcancel_subject_of returns whom operations of |kind| are for; of `settle`, which two have, the first. */
static inline enum rpcancel_test_subject rpcancel_subject_of(unsigned kind)
{
    if (!rpcancel_is_of_wire(kind))
        return RPCANCEL_SUBJECT_API;
    return kind == RPCANCEL_OP_RUN_CLIENT ? RPCANCEL_SUBJECT_CLIENT : RPCANCEL_SUBJECT_SERVER;
}

struct rpcancel_operation {
    uint8_t kind;         /* enum rpcancel_operation_kind */
    uint8_t handle : 2;   /* 0 is a; below RPCANCEL_HANDLES_MAX */
    uint8_t earlier : 1;  /* 1: the earlier call of the handle that is still alive (a') */
    uint8_t thread : 2;   /* enum rpcancel_thread */
    uint8_t argument : 3; /* meaning by kind; below RPCANCEL_OPERANDS_MAX */
};

struct rpcancel_operation_description {
    const char *enumerator; /* "CANCEL_ABORT": names coverage counters and tables */
    const char *words;      /* text before the handle */
    const char *suffix;     /* text after the handle, "" for none */
    const char *function;   /* documented function the operation calls, or the message or event it stands for */
    uint8_t byte;           /* kind in the binary form */
    uint8_t actor;          /* enum rpcancel_actor */
    uint8_t uses;           /* RPCANCEL_USES_… */
    uint8_t argument;       /* enum rpcancel_argument */
};

/* rpcancel_operation_describe returns what is known of |kind| (below RPCANCEL_ALL_KINDS). Static storage. */
const struct rpcancel_operation_description *rpcancel_operation_describe(unsigned kind);

/* rpcancel_is_delivery tells whether operations of |kind| are the arrival of a message. */
static inline bool rpcancel_is_delivery(unsigned kind)
{
    return kind >= RPCANCEL_OP_DELIVER_REQUEST && kind <= RPCANCEL_OP_DELIVER_REPLY;
}

/* rpcancel_is_dispatch tells whether operations of |kind| are the start of a manager routine. */
static inline bool rpcancel_is_dispatch(unsigned kind)
{
    return kind == RPCANCEL_OP_DISPATCH || kind == RPCANCEL_OP_DISPATCH_SYNCHRONOUS;
}

/* rpcancel_is_of_notifications tells whether operations of |kind| are of the slice of notifications alone. */
static inline bool rpcancel_is_of_notifications(unsigned kind)
{
    return kind >= RPCANCEL_CORE_KINDS && kind < RPCANCEL_ASYNCHRONOUS_KINDS;
}

/* rpcancel_is_of_threads tells whether operations of |kind| are what a thread of the client's does, or is asked, with a
 * synchronous call; or the clock. */
static inline bool rpcancel_is_of_threads(unsigned kind)
{
    return kind >= RPCANCEL_ASYNCHRONOUS_KINDS && kind <= RPCANCEL_OP_ELAPSE;
}

/* rpcancel_takes_asynchronous_handle tells whether operations of |kind| take the server's asynchronous handle, which a
 * synchronous manager routine has not; it has a binding handle. */
static inline bool rpcancel_takes_asynchronous_handle(unsigned kind)
{
    return kind >= RPCANCEL_OP_SERVER_COMPLETE && kind <= RPCANCEL_OP_SERVER_GET_CALL_HANDLE;
}

/* rpcancel_returns_no_code tells whether operations of |kind| are answered DONE, not with a code: they are no call of a
 * function. */
static inline bool rpcancel_returns_no_code(unsigned kind)
{
    switch (kind) {
    case RPCANCEL_OP_CORRUPT:
    case RPCANCEL_OP_DELIVER_REQUEST:
    case RPCANCEL_OP_DELIVER_CANCEL:
    case RPCANCEL_OP_DELIVER_ORPHANED:
    case RPCANCEL_OP_DELIVER_REPLY:
    case RPCANCEL_OP_LOSE_LINK:
    case RPCANCEL_OP_SETTLE:
    case RPCANCEL_OP_DISPATCH:
    case RPCANCEL_OP_HAND_OFF:
    case RPCANCEL_OP_RETURN:
    case RPCANCEL_OP_RAISE:
    case RPCANCEL_OP_SYNCHRONOUS_CALL:
    case RPCANCEL_OP_ELAPSE:
    case RPCANCEL_OP_DISPATCH_SYNCHRONOUS:
        return true;
    default:
        return false;
    }
}

/* rpcancel_earlier_timeout returns the one of two enum rpcancel_timeout that runs out first. */
static inline unsigned rpcancel_earlier_timeout(unsigned a, unsigned b)
{
    if (a == RPCANCEL_TIMEOUT_INFINITE || b == RPCANCEL_TIMEOUT_INFINITE)
        return a == RPCANCEL_TIMEOUT_INFINITE ? b : a;
    return a < b ? a : b;
}

/* rpcancel_operation_canonical clears the operands that the kind does not use and reduces the argument to its range.
 * Two operations mean the same exactly when their canonical forms are equal. */
struct rpcancel_operation rpcancel_operation_canonical(struct rpcancel_operation operation);

/* rpcancel_fault_code returns the code at |position| of the list of fault codes (position modulo its length). */
uint32_t rpcancel_fault_code(unsigned position);

#endif
