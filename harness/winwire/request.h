// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WINWIRE_REQUEST_H
#define RPCANCEL_WINWIRE_REQUEST_H
/* One call of the test interface, by the functions that client stubs are made of. */
#include <stdbool.h>
#include <stdint.h>

#include "winwire/interface.h"

struct winwire_request {
    handle_t binding;
    unsigned opnum;     /* enum winwire_opnum */
    const void *octets; /* stub data, |length| octets; NULL only with 0 */
    unsigned length;
    unsigned flags; /* RPC_NCA_FLAGS_… */
};

/* winwire_request makes the call and returns when it has ended: 0 with the octets of the answer counted in |*answered|,
 * or what the runtime raised. */
uint32_t winwire_request(const struct winwire_request *request, unsigned *answered);

/* winwire_begin begins an asynchronous call of |opnum|, WINWIRE_PARK or WINWIRE_HOLD, on |async|, which the caller has
 * initialised and completes. 0, or what the runtime raised: then nothing was begun. */
uint32_t winwire_begin(RPC_ASYNC_STATE *async, handle_t binding, unsigned opnum);

#endif
