// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FAULT_STATUS_H
#define RPCANCEL_FAULT_STATUS_H
/* What a caller is told of the status of a fault, MS-RPCE 3.1.1.5.5. */
#include <stdbool.h>
#include <stdint.h>

/* rpcancel_fault_status_code returns the code that a caller gets for |status|: a status without an entry there as it
 * is. Left out of the table are the statuses for which the rest of the page was not read, or sources disagree. */
uint32_t rpcancel_fault_status_code(uint32_t status);

/* rpcancel_fault_status_is_ordinary tells whether documents say what a caller gets that the server's application
 * faulted with |status| for: not of those a function returns for reasons of its own (RpcAsyncCompleteCall), those that
 * are banned from the wire (MS-RPCE 3.3.3.5.1), and those that are mapped. */
bool rpcancel_fault_status_is_ordinary(uint32_t status);

#endif
