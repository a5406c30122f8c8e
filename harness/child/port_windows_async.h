// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PORT_WINDOWS_ASYNC_H
#define RPCANCEL_PORT_WINDOWS_ASYNC_H
/*
 * The client's half of asynchronous calls: what became of each letter's RPC_ASYNC_STATE, and the event object by which
 * the runtime tells that its call has come to an end.
 *
 * The runtime has the structure from the call on until RpcAsyncCompleteCall gives it back. Up to then nobody else
 * writes to it, and its memory stays.
 */
#include "child/port.h"

/* windows_async_start puts a function in the place of |functions|' complete_call that calls it and takes note of what
 * it answered, whenever it returns. */
void windows_async_start(struct port_functions *functions);

/* windows_async_forbids tells whether the documents have |operation| forbidden or undefined as the letter stands: a new
 * use of a structure that the runtime has, another end of a call that is final. */
bool windows_async_forbids(struct rpcancel_operation operation);

/* windows_async_is_busy tells whether the runtime has |handle|'s structure; windows_async_has, whether it has that at
 * |state|. */
bool windows_async_is_busy(unsigned handle);
bool windows_async_has(const RPC_ASYNC_STATE *state);

/* windows_async_call issues a call with |state|, on the client's thread. */
struct rpcancel_answer windows_async_call(unsigned handle, PRPC_ASYNC_STATE state);

/* windows_async_await takes the completion notification: 0, or 258 when there is none. */
struct rpcancel_answer windows_async_await(unsigned handle);

/* windows_async_note takes note of what a function answered to |operation|. */
void windows_async_note(struct rpcancel_operation operation, struct rpcancel_answer answer);

/* windows_async_settle waits for what is due: that requests arrive, and, for an eighth of a second of the harness's,
 * that ends of calls are announced. False when a request does not arrive: nobody knows whether it will. */
bool windows_async_settle(void);

/* windows_async_note_left says that the manager routine of |handle|'s call returned, and waits a little for a runtime
 * that takes this for an answer. windows_async_was_answered_early tells whether one does: the client was told of an end
 * that neither the server's program brought about, nor a cancel, nor the loss of the link. The server's asynchronous
 * handle is none any more then. */
void windows_async_note_left(unsigned handle);
bool windows_async_was_answered_early(unsigned handle);

/* windows_async_end completes all calls; their server has answered them, or, |is_last|, is gone. False when the runtime
 * still has one of the structures. Of a server that is gone nothing can come any more: a structure that the runtime
 * does not take for one of its own by then is left to it all the same (windows_async_has), and the letter needs
 * another. */
bool windows_async_end(bool is_last);

/* windows_async_is_out tells whether any call is out. */
bool windows_async_is_out(void);

#endif
