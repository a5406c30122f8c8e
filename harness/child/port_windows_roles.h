// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PORT_WINDOWS_ROLES_H
#define RPCANCEL_PORT_WINDOWS_ROLES_H
/*
 * The two processes that the shim is. The one that the harness started is the client: it keeps the clients' structures
 * and threads, and starts the other, the server, which listens, runs manager routines, and is asked by lines of the
 * child protocol as the client is asked by the harness. Everything that a server's program does happens there.
 *
 * The functions are those of port.h, for one role each.
 */
#include "child/port.h"

/* How the program was started. */
struct windows_options {
    const char *protocol; /* as windows_interface_choose takes it */
    unsigned seconds;     /* real ones in a second of the harness's; even, or 1 */
    bool ask_silent_stubs;
    bool serves; /* it is the server */
};

const struct windows_options *windows_options(void);

/* windows_patience_ms returns how long a function that waits for nothing may take: an eighth of a second of the
 * harness's. */
DWORD windows_patience_ms(void);

/* windows_mark_stuck says that a function does not return (port_is_stuck), at the server for instance. */
void windows_mark_stuck(void);

/* windows_run_client has |function| called on the client's thread, and waits up to |milliseconds|. False when it
 * raised. When it does not return the program is stuck, and |context| must live on. */
bool windows_run_client(void (*function)(void *context), void *context, DWORD milliseconds, uint32_t *exception);

/* windows_client_is_back tells, waiting up to |milliseconds|, whether the client's thread does nothing (any more). */
bool windows_client_is_back(DWORD milliseconds);

bool windows_client_carry_out(struct rpcancel_operation operation, PRPC_ASYNC_STATE client,
                              struct rpcancel_answer *answer);
struct rpcancel_answer windows_client_last_word(struct rpcancel_operation operation, struct rpcancel_answer answer);
bool windows_client_reset(void);

void windows_server_describe(char *out, size_t size);
bool windows_server_carry_out(struct rpcancel_operation operation, struct rpcancel_answer *answer);
PRPC_ASYNC_STATE windows_server_handle(struct rpcancel_operation operation, struct rpcancel_answer *answer);
HANDLE windows_server_event(struct rpcancel_operation operation);
RPC_BINDING_HANDLE windows_server_client_binding(void);
struct rpcancel_answer windows_server_last_word(struct rpcancel_operation operation, struct rpcancel_answer answer);
bool windows_server_reset(void);

#endif
