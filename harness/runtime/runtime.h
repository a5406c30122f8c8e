// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_RUNTIME_H
#define RPCANCEL_RUNTIME_H
/*
 * Runtimes: anything that executes operations. The harness drives every runtime through this interface, and only
 * through it.
 */
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "answer.h"
#include "operation.h"
#include "runtime/suspicion.h"
#include "wire/profile.h"

/* How a runtime relates to an operation. */
enum rpcancel_control {
    RPCANCEL_COMMAND, /* the harness can make it happen */
    RPCANCEL_EVENT,   /* the runtime announces that it happened */
    RPCANCEL_HIDDEN   /* it happens unseen */
};

/* What became of one exchange with the runtime. */
enum rpcancel_exchange {
    RPCANCEL_EXCHANGE_ANSWERED,
    RPCANCEL_EXCHANGE_CRASHED, /* the runtime ended without answering; runtime->failure says how */
    RPCANCEL_EXCHANGE_HUNG,    /* no answer before the deadline */
    RPCANCEL_EXCHANGE_BROKEN   /* harness or infrastructure: nonsense on the channel, no memory, cannot start */
};

/* What may have kept a server of the wire from an answer, without harm: it may serve the calls of a connection one
 * after the other. */
enum rpcancel_kept_by {
    RPCANCEL_KEPT_BY_NOTHING,
    RPCANCEL_KEPT_BY_ORPHANED, /* a call that was given up before, and that waits for what did not come; no other */
    RPCANCEL_KEPT_BY_OPEN      /* an open one that does */
};

enum {
    RPCANCEL_EVENTS_MAX = 64,
    RPCANCEL_FAILURE_TEXT_MAX = 256,
    RPCANCEL_RUNTIME_NAME_MAX = 64,
    RPCANCEL_ERROR_TAIL_MAX = 2048,
    RPCANCEL_WIRE_CONNECTIONS_MAX = 16 /* that one client under test may have open at once */
};

/* Something the runtime announced of its own accord, as the operation it amounts to. */
struct rpcancel_event {
    struct rpcancel_operation operation;
    struct rpcancel_answer answer;
};

struct rpcancel_runtime;

struct rpcancel_wire_event; /* wire/observer.h */
struct rpcancel_target;     /* runtime/target.h */

/* Who looks on while a runtime of the wire is spoken to; |context| is handed on. */
struct rpcancel_wire_tap {
    void *context;
    /* A connection was opened, and what had its number, below RPCANCEL_WIRE_CONNECTIONS_MAX, is over. */
    void (*opened)(void *context, unsigned connection);
    void (*passed)(void *context, unsigned connection, const struct rpcancel_wire_event *event);
    bool is_over; /* set by either: nothing more need be waited for */
};

struct rpcancel_runtime_functions {
    /* Forgets everything: handles zeroed, no calls. A crashed runtime is started again. */
    enum rpcancel_exchange (*reset)(struct rpcancel_runtime *runtime);
    /* Carries out |operation| and sets |*answer|. Events announced meanwhile are appended to runtime->events. */
    enum rpcancel_exchange (*execute)(struct rpcancel_runtime *runtime, struct rpcancel_operation operation,
                                      struct rpcancel_answer *answer);
    /* NULL, or called when a sequence is at its end: leaves what that has begun, and finds out whether the runtime
     * outlived it. CRASHED, HUNG, BROKEN as |execute|; then |reset| waits for a runtime that somebody starts again.
     * Of the API: the first half of |reset|, so that what falls when it is to forget falls behind the sequence that it
     * is to forget, and not in front of the next one. */
    enum rpcancel_exchange (*conclude)(struct rpcancel_runtime *runtime);
    /* Ends the runtime and everything it started, and releases |runtime| itself. */
    void (*close)(struct rpcancel_runtime *runtime);
    /* NULL, or: ends it before |close|, which then has less to do, and tells how it went: CRASHED or HUNG with
     * runtime->failure when it did not end as it should. Nothing but |close| may follow. */
    enum rpcancel_exchange (*finish)(struct rpcancel_runtime *runtime);
    /* enum rpcancel_test_subject. Of the wire: |execute| takes the operations that are for that subject, and tells
     * runtime->tap what passes. HUNG: what had to be answered was not, or the client did not end; where
     * runtime->kept_by says that it need not have been, the sequence can go on. */
    uint8_t subject;
};

struct rpcancel_runtime {
    const struct rpcancel_runtime_functions *functions;
    char name[RPCANCEL_RUNTIME_NAME_MAX];      /* "reference", "wine", … as the runtime calls itself */
    char version[RPCANCEL_RUNTIME_NAME_MAX];   /* "" when unknown */
    uint8_t control[RPCANCEL_OPERATION_KINDS]; /* enum rpcancel_control of every operation */
    struct rpcancel_event events[RPCANCEL_EVENTS_MAX];
    unsigned event_count;                /* the reader sets it back to 0 */
    struct rpcancel_wire_tap tap;        /* of a runtime of the wire; set before it is told to do anything */
    struct rpcancel_suspicion suspicion; /* likewise; of a server, whose target says that it is wanted */
    uint8_t kept_by;                     /* likewise, after HUNG: enum rpcancel_kept_by */
    uint8_t lacks;                       /* likewise: RPCANCEL_WIRE_NEEDS_… that the server under test cannot meet */
    bool told_hung; /* after HUNG: the runtime said so itself, nothing was waited for, and it can be asked on */
    bool is_gone;   /* likewise: the runtime crashed, and nobody started it again; |reset| says BROKEN */
    char failure[RPCANCEL_FAILURE_TEXT_MAX]; /* after CRASHED, HUNG, BROKEN: one line for people */
    /* After CRASHED, HUNG, BROKEN: the last whole lines a child wrote to its standard error, without control
     * characters, each ended by a newline; "" when none. The runtime prints nothing of it; whoever reports the failure
     * does. */
    char error_tail[RPCANCEL_ERROR_TAIL_MAX + 1];
};

enum { RPCANCEL_DEADLINE_MS = 5000, RPCANCEL_START_MS = 30000, RPCANCEL_LATE_MS = 1000 };

/* Settings of every kind of runtime; a kind ignores what does not concern it. */
struct rpcancel_runtime_options {
    unsigned deadline_ms;                    /* of one exchange; 0: RPCANCEL_DEADLINE_MS */
    unsigned start_ms;                       /* of starting a child, up to its first answer; 0: RPCANCEL_START_MS */
    bool hide_delivery;                      /* reference: deliver at random and unseen instead of on command */
    uint64_t seed;                           /* of hidden delivery */
    bool windows_profile;                    /* reference: choices of the profile `windows` */
    const char *mutant;                      /* reference: name of the mutant or variant to run instead, or NULL */
    bool in_process;                         /* plugin: load it into this process instead of one of its own */
    enum rpcancel_wire_profile wire_profile; /* of the wire; tcp-listen: of its own server */
    bool allow_host;                         /* tcp: a server on another machine may be spoken to */
    const struct rpcancel_target *target;    /* tcp: what the server is; NULL: the test interface of rpcancel serve */
    /* NULL, or once it is set nothing is waited for, and the exchange in hand is BROKEN. Of a child, exchanges that
     * begin later have RPCANCEL_LATE_MS: they may show once more what was found. Of a plugin in this process: nothing.
     */
    const volatile sig_atomic_t *interrupted;
};

/* rpcancel_deadline returns how many milliseconds one exchange may take. */
static inline unsigned rpcancel_deadline(const struct rpcancel_runtime_options *options)
{
    return options->deadline_ms ? options->deadline_ms : RPCANCEL_DEADLINE_MS;
}

/* rpcancel_start_limit returns how many milliseconds a child may take to its first answer. */
static inline unsigned rpcancel_start_limit(const struct rpcancel_runtime_options *options)
{
    return options->start_ms ? options->start_ms : RPCANCEL_START_MS;
}

/*
 * rpcancel_runtime_open opens what |how| describes: `reference`, `child:COMMAND`, `plugin:FILE [ARGUMENT…]`,
 * `tcp:HOST:PORT` or `tcp-listen:[PORT:]COMMAND`. NULL on failure, with a line for people in |failure|. |*usage| tells
 * whether |how| itself was at fault (exit code 2) or what it names (3).
 */
struct rpcancel_runtime *rpcancel_runtime_open(const char *how, const struct rpcancel_runtime_options *options,
                                               char failure[RPCANCEL_FAILURE_TEXT_MAX], bool *usage);

/* The kinds. Same contract. */
struct rpcancel_runtime *rpcancel_runtime_open_reference(const struct rpcancel_runtime_options *options,
                                                         char failure[RPCANCEL_FAILURE_TEXT_MAX]);
struct rpcancel_runtime *rpcancel_runtime_open_child(const char *command,
                                                     const struct rpcancel_runtime_options *options,
                                                     char failure[RPCANCEL_FAILURE_TEXT_MAX], bool *usage);
struct rpcancel_runtime *rpcancel_runtime_open_plugin(const char *words, const struct rpcancel_runtime_options *options,
                                                      char failure[RPCANCEL_FAILURE_TEXT_MAX], bool *usage);
struct rpcancel_runtime *rpcancel_runtime_open_tcp(const char *address, const struct rpcancel_runtime_options *options,
                                                   char failure[RPCANCEL_FAILURE_TEXT_MAX], bool *usage);

struct rpcancel_runtime *rpcancel_runtime_open_listen(const char *command,
                                                      const struct rpcancel_runtime_options *options,
                                                      char failure[RPCANCEL_FAILURE_TEXT_MAX], bool *usage);

/* rpcancel_listen_take_port takes `PORT:` off the beginning of |*text|, what follows `tcp-listen:`, if it is there, and
 * sets |*port|, else 0; false when the number is none of a port. */
bool rpcancel_listen_take_port(const char **text, uint16_t *port);

/* rpcancel_runtime_subject returns what is under test in the runtime that |how| describes. */
enum rpcancel_test_subject rpcancel_runtime_subject(const char *how);

#endif
