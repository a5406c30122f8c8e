// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_STATUS_H
#define RPCANCEL_STATUS_H
/*
 * Status codes: the numbers Windows gives the RPC_S_… names, and the names of the numbers.
 *
 * One X-macro is the source of the enum, of the names in sequences and reports, and of the order in which the
 * binary form of a sequence numbers them. Append only: the position of an entry is part of the binary format.
 *
 * Numbers: "System Error Codes" (win32 documentation); 258 is what WaitForSingleObject returns when a wait ends
 * without the event, and is how `await` says that no notification was there.
 */
#include <stdbool.h>
#include <stdint.h>

/* X(enumerator suffix, number, documented name) */
#define RPCANCEL_STATUS_CODES(X)                                  \
    X(OK, 0, "RPC_S_OK")                                          \
    X(ACCESS_DENIED, 5, "RPC_S_ACCESS_DENIED")                    \
    X(OUT_OF_MEMORY, 14, "RPC_S_OUT_OF_MEMORY")                   \
    X(INVALID_ARG, 87, "RPC_S_INVALID_ARG")                       \
    X(MORE_DATA, 234, "ERROR_MORE_DATA")                          \
    X(WAIT_TIMEOUT, 258, "WAIT_TIMEOUT")                          \
    X(ASYNC_CALL_PENDING, 997, "RPC_S_ASYNC_CALL_PENDING")        \
    X(WRONG_KIND_OF_BINDING, 1701, "RPC_S_WRONG_KIND_OF_BINDING") \
    X(INVALID_BINDING, 1702, "RPC_S_INVALID_BINDING")             \
    X(PROTSEQ_NOT_SUPPORTED, 1703, "RPC_S_PROTSEQ_NOT_SUPPORTED") \
    X(INVALID_TIMEOUT, 1709, "RPC_S_INVALID_TIMEOUT")             \
    X(OUT_OF_RESOURCES, 1721, "RPC_S_OUT_OF_RESOURCES")           \
    X(SERVER_UNAVAILABLE, 1722, "RPC_S_SERVER_UNAVAILABLE")       \
    X(SERVER_TOO_BUSY, 1723, "RPC_S_SERVER_TOO_BUSY")             \
    X(NO_CALL_ACTIVE, 1725, "RPC_S_NO_CALL_ACTIVE")               \
    X(CALL_FAILED, 1726, "RPC_S_CALL_FAILED")                     \
    X(CALL_FAILED_DNE, 1727, "RPC_S_CALL_FAILED_DNE")             \
    X(PROTOCOL_ERROR, 1728, "RPC_S_PROTOCOL_ERROR")               \
    X(CANNOT_SUPPORT, 1764, "RPC_S_CANNOT_SUPPORT")               \
    X(NO_CONTEXT_AVAILABLE, 1765, "RPC_S_NO_CONTEXT_AVAILABLE")   \
    X(INTERNAL_ERROR, 1766, "RPC_S_INTERNAL_ERROR")               \
    X(CALL_IN_PROGRESS, 1791, "RPC_S_CALL_IN_PROGRESS")           \
    X(CALL_CANCELLED, 1818, "RPC_S_CALL_CANCELLED")               \
    X(COMM_FAILURE, 1820, "RPC_S_COMM_FAILURE")                   \
    X(NOT_CANCELLED, 1826, "RPC_S_NOT_CANCELLED")                 \
    X(WRONG_PIPE_ORDER, 1831, "RPC_X_WRONG_PIPE_ORDER")           \
    X(SEND_INCOMPLETE, 1913, "RPC_S_SEND_INCOMPLETE")             \
    X(INVALID_ASYNC_HANDLE, 1914, "RPC_S_INVALID_ASYNC_HANDLE")   \
    X(INVALID_ASYNC_CALL, 1915, "RPC_S_INVALID_ASYNC_CALL")       \
    X(PIPE_CLOSED, 1916, "RPC_X_PIPE_CLOSED")                     \
    X(PIPE_DISCIPLINE_ERROR, 1917, "RPC_X_PIPE_DISCIPLINE_ERROR") \
    X(PIPE_EMPTY, 1918, "RPC_X_PIPE_EMPTY")                       \
    X(ACCESS_VIOLATION, 0xC0000005u, "STATUS_ACCESS_VIOLATION")   \
    X(FAULT_CANCEL, 0x1C00000Du, "nca_s_fault_cancel")

enum rpcancel_status {
#define RPCANCEL_X(suffix, number, name) RPCANCEL_S_##suffix = (int)(number),
    RPCANCEL_STATUS_CODES(RPCANCEL_X)
#undef RPCANCEL_X
};

/* rpcancel_status_count returns how many codes have a name. */
unsigned rpcancel_status_count(void);

/* rpcancel_status_at returns the number of the entry at |position| (below rpcancel_status_count()). */
uint32_t rpcancel_status_at(unsigned position);

/* rpcancel_status_position returns the position of |code| in the table, or -1 when it has no name. */
int rpcancel_status_position(uint32_t code);

/* rpcancel_status_name returns the documented name of |code|, or NULL when it has none. Static storage. */
const char *rpcancel_status_name(uint32_t code);

/* rpcancel_status_from_name sets |*code| to the number of the |length| bytes at |name|; false when unknown. */
bool rpcancel_status_from_name(const char *name, unsigned length, uint32_t *code);

#endif
