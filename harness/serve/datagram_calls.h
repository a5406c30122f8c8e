// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SERVE_DATAGRAM_CALLS_H
#define RPCANCEL_SERVE_DATAGRAM_CALLS_H
/*
 * The test interface over datagrams: the operations of serve/service_test.c, as docs/serve.md lists them, as far as a
 * reply fits one datagram. No I/O; time is told in ms. Calls have the numbers that the server gives them.
 */
#include "datagram/server.h"

struct rpcancel_datagram_calls {
    struct rpcancel_datagram_call_in_work {
        bool waits; /* it was begun, and is not answered */
        bool is_cancelled, is_orphaned, is_released;
        uint8_t operation;
        uint64_t due; /* sleep: when it returns */
        uint8_t reply[RPCANCEL_DATAGRAM_MAX - RPCANCEL_DATAGRAM_HEADER_SIZE];
    } calls[RPCANCEL_ACTIVITIES_MAX];
};

extern const struct rpcancel_interface rpcancel_datagram_calls_interface;

/* rpcancel_datagram_calls_begin carries out |request|, which is answered now or waits for something. */
void rpcancel_datagram_calls_begin(struct rpcancel_datagram_calls *calls, struct rpcancel_datagram_server *server,
                                   const struct rpcancel_datagram_request *request, uint64_t now);

/* rpcancel_datagram_calls_cancel notes that |call| is cancelled, rpcancel_datagram_calls_orphan that it was given up;
 * what follows from that, rpcancel_datagram_calls_go_on does, once the server has acknowledged it. */
void rpcancel_datagram_calls_cancel(struct rpcancel_datagram_calls *calls, unsigned call);
void rpcancel_datagram_calls_orphan(struct rpcancel_datagram_calls *calls, unsigned call);

/* rpcancel_datagram_calls_go_on answers the calls whose time has come. */
void rpcancel_datagram_calls_go_on(struct rpcancel_datagram_calls *calls, struct rpcancel_datagram_server *server,
                                   uint64_t now);

/* rpcancel_datagram_calls_next returns the ms until one's time comes, or UINT64_MAX. */
uint64_t rpcancel_datagram_calls_next(const struct rpcancel_datagram_calls *calls, uint64_t now);

#endif
