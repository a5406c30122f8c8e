// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PORT_WINDOWS_PEER_H
#define RPCANCEL_PORT_WINDOWS_PEER_H
/*
 * The server's process as the client's sees it: started when it is needed first, ended with the client however that
 * ends, and asked by lines of the child protocol. `call a` and `synchronous-call a` announce a call, and are answered
 * with its ticket; `returned a` says that the stub raised instead.
 *
 * A server that ends without being told to has crashed: the client then ends as well, without an answer.
 */
#include "child/port.h"

/* windows_peer_prepare starts the process, and does not wait until it is up; windows_peer_start does, and does nothing
 * when it is. False after a message on stderr, or when the link was lost. */
void windows_peer_prepare(void);
bool windows_peer_start(void);

/* windows_peer_bind returns a binding handle of its own to the server, or to where the last one was, for the caller to
 * free with RpcBindingFree; NULL after a message on stderr. */
RPC_BINDING_HANDLE windows_peer_bind(void);

/* windows_peer_age counts the servers: a binding handle of another age leads nowhere. */
unsigned windows_peer_age(void);

/* windows_peer_ask has the server carry out |operation|. */
struct rpcancel_answer windows_peer_ask(struct rpcancel_operation operation);

/* windows_peer_expect announces a call of the letter |handle| and returns its ticket; 0: the server refuses, since two
 * calls of the letter are alive, or is not there. */
uint32_t windows_peer_expect(unsigned handle, bool synchronous);

/* windows_peer_give_up says that the stub of |handle|'s current call raised. */
void windows_peer_give_up(unsigned handle);

/* windows_peer_await waits up to |milliseconds|, or until |other| (NULL: nothing) is signalled, for the request of
 * |handle|'s current call to arrive; true when it has. */
bool windows_peer_await(unsigned handle, HANDLE other, DWORD milliseconds);

/* windows_peer_has_answered tells whether the server has answered |handle|'s current call. */
bool windows_peer_has_answered(unsigned handle);

/* windows_peer_lose_link ends the server's process for good, up to windows_peer_reset. */
void windows_peer_lose_link(void);
bool windows_peer_is_lost(void);

/* windows_peer_reset has the server answer and forget all calls; false when it could not, and was ended. */
bool windows_peer_reset(void);

/* windows_peer_end ends it, and leaves it to windows_peer_start to start another. */
void windows_peer_end(void);

#endif
