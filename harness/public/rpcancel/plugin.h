/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RPCANCEL_PLUGIN_H
#define RPCANCEL_PLUGIN_H
/*
 * A plugin is a shared object that lets rpcancel drive an RPC runtime in its own process:
 *
 *     rpcancel check --runtime plugin:./my_runtime.so
 *
 * It exports one function, rpcancel_plugin_entry, which returns a table. The harness opens an instance, asks it to
 * carry out one operation after the other, and judges the answers. The plugin reports what the runtime did, whether it
 * thinks it right or not. docs/plugin.md walks through an example; docs/sequences.md says what the operations mean.
 *
 * This header needs nothing else of rpcancel and is C99 and C++.
 *
 * Process. By default the plugin is loaded in a process of its own, a fork of the harness, and nothing it does to that
 * process harms the harness: a crash, exit() or an answer that does not come (--deadline) is a verdict. There its
 * standard input is empty and its standard output goes where its standard error goes, into the report of a failure.
 * With --in-process, and with rpcancel_fuzz_one, it is loaded into the program itself.
 *
 * Threads. The harness calls the plugin from one thread, and never while another call of its runs. Server threads (t1,
 * t2, t3, w) are names: which thread of the runtime stands for which is the plugin's business. It may have as many
 * threads of its own as it likes.
 *
 * Instances. At most one is open at a time: after close, open may be called again.
 *
 * Ownership. Everything the plugin hands out (its table, strings) lives until the program ends, and is never written
 * to by the harness. Everything the harness hands out lives until the function that got it returns, except the host,
 * which lives until close returns. No function may leave by an exception or longjmp.
 *
 * Growth. A plugin sets |abi| to RPCANCEL_PLUGIN_ABI and |size| to sizeof(struct rpcancel_plugin). The table of one
 * ABI only ever grows at its end: members that a plugin does not have, being older than the harness, count as NULL or
 * 0, and those that the harness does not know, being older than the plugin, are ignored. The other structures do not
 * change within an ABI. Operation kinds and events may be added: answer RPCANCEL_PLUGIN_ANSWER_UNIMPLEMENTED to a kind
 * you do not know. Anything else is a new ABI; a harness refuses a plugin of another one and says which it expected.
 *
 * What a plugin must not do (a NULL where none may be, an answer without a meaning) is told in a message that names the
 * plugin and what was expected, and ends the run with exit code 3.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RPCANCEL_PLUGIN_ABI 1

/*
 * What an operation is: the first byte of its binary form, for ever. The name of the function it stands for is behind
 * it. Operations that have a thread happen at the server, with the server's asynchronous handle of the call; the others
 * of the same function at the client, with its RPC_ASYNC_STATE.
 */
enum {
    RPCANCEL_PLUGIN_OP_INIT = 0x10,            /* RpcAsyncInitializeHandle */
    RPCANCEL_PLUGIN_OP_INIT_BAD_SIZE = 0x11,   /* the same; |argument| is RPCANCEL_PLUGIN_SIZE_… */
    RPCANCEL_PLUGIN_OP_INIT_BAD_MEMORY = 0x12, /* the same, with an address that cannot be written; no handle */
    RPCANCEL_PLUGIN_OP_CORRUPT = 0x13,  /* the client alters |argument|, RPCANCEL_PLUGIN_MEMBER_…, of its structure */
    RPCANCEL_PLUGIN_OP_CALL = 0x14,     /* the client's stub issues an asynchronous call */
    RPCANCEL_PLUGIN_OP_STATUS = 0x15,   /* RpcAsyncGetCallStatus */
    RPCANCEL_PLUGIN_OP_COMPLETE = 0x16, /* RpcAsyncCompleteCall */
    RPCANCEL_PLUGIN_OP_CANCEL = 0x17,   /* RpcAsyncCancelCall, fAbort FALSE */
    RPCANCEL_PLUGIN_OP_CANCEL_ABORT = 0x18,    /* RpcAsyncCancelCall, fAbort TRUE */
    RPCANCEL_PLUGIN_OP_ABORT = 0x19,           /* RpcAsyncAbortCall; |argument| is its exception code */
    RPCANCEL_PLUGIN_OP_GET_CALL_HANDLE = 0x1A, /* RpcAsyncGetCallHandle */
    RPCANCEL_PLUGIN_OP_AWAIT = 0x1B,           /* takes the completion notification, if there is one; does not wait */

    RPCANCEL_PLUGIN_OP_DELIVER_REQUEST = 0x30,  /* the request reaches the server */
    RPCANCEL_PLUGIN_OP_DELIVER_CANCEL = 0x31,   /* the cancel reaches the server */
    RPCANCEL_PLUGIN_OP_DELIVER_ORPHANED = 0x32, /* the news that the client gave the call up reaches the server */
    RPCANCEL_PLUGIN_OP_DELIVER_REPLY = 0x33,    /* the response or fault reaches the client */
    RPCANCEL_PLUGIN_OP_LOSE_LINK = 0x34,        /* the connection is lost, and every message on its way */
    RPCANCEL_PLUGIN_OP_SETTLE = 0x3F, /* everything on its way arrives, and everything that causes can be seen */

    RPCANCEL_PLUGIN_OP_DISPATCH = 0x50,            /* the manager routine starts on |thread| */
    RPCANCEL_PLUGIN_OP_HAND_OFF = 0x51,            /* it lets other threads have the asynchronous handle */
    RPCANCEL_PLUGIN_OP_RETURN = 0x52,              /* it returns */
    RPCANCEL_PLUGIN_OP_RAISE = 0x53,               /* it raises the exception |argument| */
    RPCANCEL_PLUGIN_OP_TEST_CANCEL = 0x54,         /* RpcServerTestCancel with the call's binding handle */
    RPCANCEL_PLUGIN_OP_TEST_CANCEL_ZERO = 0x55,    /* RpcServerTestCancel(NULL); no handle */
    RPCANCEL_PLUGIN_OP_TEST_CANCEL_INVALID = 0x56, /* RpcServerTestCancel, readable memory that is no binding handle */
    RPCANCEL_PLUGIN_OP_SERVER_COMPLETE = 0x57,     /* RpcAsyncCompleteCall */
    RPCANCEL_PLUGIN_OP_SERVER_ABORT = 0x58,        /* RpcAsyncAbortCall; |argument| is its exception code */
    RPCANCEL_PLUGIN_OP_SERVER_STATUS = 0x59,       /* RpcAsyncGetCallStatus */
    RPCANCEL_PLUGIN_OP_SERVER_CANCEL = 0x5A,       /* RpcAsyncCancelCall, fAbort FALSE */
    RPCANCEL_PLUGIN_OP_SERVER_CANCEL_ABORT = 0x5B, /* RpcAsyncCancelCall, fAbort TRUE */
    RPCANCEL_PLUGIN_OP_SERVER_GET_CALL_HANDLE = 0x5C, /* RpcAsyncGetCallHandle */

    /* |argument| of these is RPCANCEL_PLUGIN_NOTIFICATION_… */
    RPCANCEL_PLUGIN_OP_SUBSCRIBE = 0x5D,      /* RpcServerSubscribeForNotification, to be told by an event object */
    RPCANCEL_PLUGIN_OP_SUBSCRIBE_ZERO = 0x5E, /* the same without binding handle; no handle */
    RPCANCEL_PLUGIN_OP_UNSUBSCRIBE = 0x5F,    /* RpcServerUnsubscribeForNotification */
    RPCANCEL_PLUGIN_OP_TAKE = 0x60,           /* takes that notification, if there is one; does not wait */

    RPCANCEL_PLUGIN_OP_CALL_ATTRIBUTES = 0x61, /* RpcServerInqCallAttributes with the call's binding handle */

    /* What a server's program can do with the call's binding handle besides. */
    RPCANCEL_PLUGIN_OP_SERVER_FROM_CLIENT = 0x64, /* RpcBindingServerFromClient, then RpcBindingFree of what it made */
    RPCANCEL_PLUGIN_OP_SERVER_FROM_CLIENT_INVALID = 0x67, /* it, with readable memory that is no handle; no handle */
    RPCANCEL_PLUGIN_OP_COPY_CLIENT_BINDING = 0x65,        /* RpcBindingCopy, which is for clients; frees what it made */
    RPCANCEL_PLUGIN_OP_TEST_CANCEL_SERVER_BINDING =
        0x66, /* RpcServerTestCancel with a client's own handle; no handle */

    /* Synchronous calls: |handle| names a thread of the client's and its current call. |argument| of those that have
     * one is RPCANCEL_PLUGIN_TIMEOUT_…; seconds are those of ELAPSE, by no other clock. */
    RPCANCEL_PLUGIN_OP_SYNCHRONOUS_CALL = 0x20,     /* the thread calls the client's stub, which may not return yet */
    RPCANCEL_PLUGIN_OP_RETURNED = 0x21,             /* what it returned or raised, if it did; does not wait */
    RPCANCEL_PLUGIN_OP_CANCEL_THREAD = 0x22,        /* RpcCancelThread, on another thread */
    RPCANCEL_PLUGIN_OP_CANCEL_THREAD_DENIED = 0x23, /* the same, with a handle that lacks THREAD_SET_CONTEXT */
    RPCANCEL_PLUGIN_OP_CANCEL_THREAD_EX = 0x24,     /* RpcCancelThreadEx, on another thread */
    RPCANCEL_PLUGIN_OP_SET_CANCEL_TIMEOUT = 0x25,   /* RpcMgmtSetCancelTimeout, on the thread */
    RPCANCEL_PLUGIN_OP_SET_CALL_TIMEOUT = 0x26, /* RpcBindingSetOption with RPC_C_OPT_CALL_TIMEOUT, on its binding */
    RPCANCEL_PLUGIN_OP_ELAPSE = 0x3E,           /* a second goes by; no handle */
    RPCANCEL_PLUGIN_OP_DISPATCH_SYNCHRONOUS = 0x62, /* a synchronous manager routine starts on |thread| */
    RPCANCEL_PLUGIN_OP_TEST_CANCEL_THREAD = 0x63    /* RpcTestCancel; no handle */
};

/* Time-outs: none, or so many seconds. */
enum {
    RPCANCEL_PLUGIN_TIMEOUT_INFINITE = 0,
    RPCANCEL_PLUGIN_TIMEOUT_ZERO = 1,
    RPCANCEL_PLUGIN_TIMEOUT_ONE = 2,
    RPCANCEL_PLUGIN_TIMEOUT_TWO = 3
};

/* What a server's program subscribes to. */
enum {
    RPCANCEL_PLUGIN_NOTIFICATION_CANCEL = 0,      /* RpcNotificationCallCancel */
    RPCANCEL_PLUGIN_NOTIFICATION_DISCONNECT = 1,  /* RpcNotificationClientDisconnect */
    RPCANCEL_PLUGIN_NOTIFICATION_UNSUPPORTED = 2, /* a number that is neither */
    RPCANCEL_PLUGIN_NOTIFICATION_NO_TYPE = 3      /* the first, with RpcNotificationTypeNone */
};

/* |argument| of INIT_BAD_SIZE: how the size differs from that of RPC_ASYNC_STATE. */
enum { RPCANCEL_PLUGIN_SIZE_TOO_SMALL = 0, RPCANCEL_PLUGIN_SIZE_TOO_LARGE = 1 };

/* |argument| of CORRUPT: the member. */
enum {
    RPCANCEL_PLUGIN_MEMBER_SIGNATURE = 0,
    RPCANCEL_PLUGIN_MEMBER_SIZE = 1,
    RPCANCEL_PLUGIN_MEMBER_LOCK = 2,
    RPCANCEL_PLUGIN_MEMBER_STUB_INFO = 3
};

/* Server threads. t1 to t3 are the runtime's and run manager routines; w is one that the server program made itself. */
enum {
    RPCANCEL_PLUGIN_THREAD_T1 = 0,
    RPCANCEL_PLUGIN_THREAD_T2 = 1,
    RPCANCEL_PLUGIN_THREAD_T3 = 2,
    RPCANCEL_PLUGIN_THREAD_W = 3
};

struct rpcancel_plugin_operation {
    uint8_t kind;      /* RPCANCEL_PLUGIN_OP_…; those that follow are 0 where the kind has no use for them */
    uint8_t handle;    /* 0 to 3: a, b, c, d. Names a client's RPC_ASYNC_STATE and its current call */
    uint8_t earlier;   /* 1: a', the call made before with that RPC_ASYNC_STATE that is still alive at the server */
    uint8_t thread;    /* RPCANCEL_PLUGIN_THREAD_… */
    uint32_t argument; /* as the kind says */
};

/* What came of an operation. */
enum {
    RPCANCEL_PLUGIN_ANSWER_CODE = 0,      /* the function returned |code|; AWAIT, TAKE: 0 taken, 258 there was none;
                                             RETURNED: what the stub returned or raised, 258 it has not */
    RPCANCEL_PLUGIN_ANSWER_DONE = 1,      /* it happened; for operations without a return code (below) */
    RPCANCEL_PLUGIN_ANSWER_NULL = 2,      /* GET_CALL_HANDLE, SERVER_GET_CALL_HANDLE: the handle was NULL */
    RPCANCEL_PLUGIN_ANSWER_HANDLE = 3,    /* the same: it was not NULL */
    RPCANCEL_PLUGIN_ANSWER_EXCEPTION = 4, /* the function did not return but raised |code|; CALL: the stub raised it */
    RPCANCEL_PLUGIN_ANSWER_REFUSED = 5,   /* impossible here (no such message, call, thread): not done */
    RPCANCEL_PLUGIN_ANSWER_UNDEFINED = 6, /* documents call the outcome undefined: it was not tried */
    RPCANCEL_PLUGIN_ANSWER_UNIMPLEMENTED = 7 /* this plugin or this runtime has no such operation */
};

/* What the plugin saw in the structure after INIT was answered with code 0. Fill it with other bytes before. */
enum {
    RPCANCEL_PLUGIN_FACT_LOOKED = 1,  /* |signature| and the other facts mean something */
    RPCANCEL_PLUGIN_FACT_CLEARED = 2, /* Size is set; Lock, Flags, StubInfo, RuntimeInfo and Reserved are zero */
    RPCANCEL_PLUGIN_FACT_KEPT = 4     /* UserInfo, Event and NotificationType are as they were */
};

/*
 * Operations without a return code are answered DONE: CORRUPT, everything from DELIVER_REQUEST to SETTLE, DISPATCH,
 * HAND_OFF, RETURN and RAISE, SYNCHRONOUS_CALL, ELAPSE, DISPATCH_SYNCHRONOUS. CALL is answered with code 0 when the
 * stub returned. SETTLE is DONE only when everything on its way has arrived; a plugin that cannot know answers
 * UNIMPLEMENTED, it does not sleep and hope. RETURNED is answered with a code whether the stub returned it or raised
 * it. ELAPSE is for a runtime whose clock the plugin moves, or whose time-outs it can hold to a clock of its own:
 * docs/runtime-protocol.md says how, and that the answer is UNIMPLEMENTED where more time may have gone by than was
 * asked for.
 */
struct rpcancel_plugin_answer {
    uint8_t kind;       /* RPCANCEL_PLUGIN_ANSWER_… */
    uint8_t facts;      /* INIT only: RPCANCEL_PLUGIN_FACT_… */
    uint16_t unused;    /* 0 */
    uint32_t code;      /* of CODE and EXCEPTION */
    uint32_t signature; /* INIT only, with FACT_LOOKED: the member Signature */
};

/* What the runtime does of its own accord. */
enum {
    RPCANCEL_PLUGIN_EVENT_DISPATCHED = 1,   /* the manager routine of |handle| started on |thread| (t1 to t3) */
    RPCANCEL_PLUGIN_EVENT_NOTIFIED = 2,     /* the client was told that the call of |handle| is complete */
    RPCANCEL_PLUGIN_EVENT_DISCONNECTED = 3, /* the connection is lost */
    RPCANCEL_PLUGIN_EVENT_DISPATCHED_SYNCHRONOUS = 4 /* as DISPATCHED, a synchronous manager routine */
};

struct rpcancel_plugin_event {
    uint8_t kind;    /* RPCANCEL_PLUGIN_EVENT_…; those that follow are 0 where the kind has no use for them */
    uint8_t handle;  /* as in an operation */
    uint8_t earlier; /* likewise */
    uint8_t thread;  /* DISPATCHED, DISPATCHED_SYNCHRONOUS: RPCANCEL_PLUGIN_THREAD_T1 to T3 */
};

/* What the harness offers a plugin. */
struct rpcancel_plugin_host {
    void *context; /* to be handed back */
    /*
     * Announces an event. To be called from within execute, on the thread that execute was called on; an event that
     * the runtime tells of on another thread, or between two operations, is kept until then. Events that are announced
     * before an answer count as having happened before or during that operation, in their order. At most 64 an
     * operation.
     */
    void (*announce)(void *context, const struct rpcancel_plugin_event *event);
};

/* How something that the harness cannot simply do by itself comes about. */
enum {
    RPCANCEL_PLUGIN_COMMAND = 0, /* when the harness asks for the operation */
    RPCANCEL_PLUGIN_EVENT = 1,   /* when it happens, and then it is announced */
    RPCANCEL_PLUGIN_HIDDEN = 2   /* when it happens, unseen */
};

struct rpcancel_plugin {
    uint32_t abi;  /* RPCANCEL_PLUGIN_ABI */
    uint32_t size; /* sizeof(struct rpcancel_plugin) */
    /* What to call the runtime in reports: 1 to 63 printable ASCII characters without blanks; |version| may be NULL. */
    const char *name;
    const char *version;
    /* How messages arrive (DELIVER_…): COMMAND or HIDDEN. Most runtimes have hidden delivery: the harness then asks for
     * no DELIVER_…, reckons with everything that may have arrived, and asks for SETTLE where it wants to be sure. This
     * member and the next are read when open has returned, which may set them by its arguments. */
    uint8_t delivery;
    /* How a manager routine starts (DISPATCH, DISPATCH_SYNCHRONOUS): COMMAND, EVENT or HIDDEN. With hidden delivery and
     * COMMAND, DISPATCH waits for the request. */
    uint8_t dispatch;
    uint8_t unused[6]; /* 0 */

    /* Opens an instance. |arguments| are the |count| words behind the file's name in --runtime (not the name itself);
     * none with rpcancel_fuzz_one. Returns the instance, anything but NULL; NULL, after a line on standard error that
     * says why, when it cannot. */
    void *(*open)(const struct rpcancel_plugin_host *host, int count, const char *const *arguments);

    /* Forgets everything: RPC_ASYNC_STATEs zeroed, calls gone, the link up. Returns 0, or anything else when that
     * cannot be promised; the instance is then closed and opened again for each sequence, as it is when |reset| is
     * NULL. */
    int (*reset)(void *instance);

    /* Carries out |operation| and says what came of it in |answer|, which holds UNIMPLEMENTED and zeros before. */
    void (*execute)(void *instance, const struct rpcancel_plugin_operation *operation,
                    struct rpcancel_plugin_answer *answer);

    /* Ends the instance and what belongs to it. */
    void (*close)(void *instance);
};

#if defined(__GNUC__)
#define RPCANCEL_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define RPCANCEL_PLUGIN_EXPORT
#endif

/* rpcancel_plugin_entry is what a plugin exports. Returns its table, or, if it has several, the one for |abi|, the
 * harness's RPCANCEL_PLUGIN_ABI; never NULL. */
RPCANCEL_PLUGIN_EXPORT const struct rpcancel_plugin *rpcancel_plugin_entry(uint32_t abi);

#ifdef __cplusplus
}
#endif

#endif
