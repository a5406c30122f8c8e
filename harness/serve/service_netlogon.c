// SPDX-License-Identifier: Apache-2.0
/*
 * A stand-in for netlogon, version 1.0, for test suites that want an interface with requests of some size: operation 4
 * (NetrServerReqChallenge) answers a challenge of zeros and success, the others are out of range. Offered on request
 * only.
 */
#include "serve/services.h"

enum { CHALLENGE_SIZE = 8 };

static void out_of_range(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    rpcancel_server_fault(&connection->server, request->call, RPCANCEL_NCA_OP_RNG_ERROR);
}

static void challenge(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    static const uint8_t answer[CHALLENGE_SIZE + 4] = {0};
    rpcancel_connection_answer(connection, request->call, answer, sizeof answer);
}

static rpcancel_service_operation *const operations[] = {out_of_range, out_of_range, out_of_range, out_of_range,
                                                         challenge};

const struct rpcancel_service rpcancel_service_netlogon = {
    {{{0x12345678, 0x1234, 0xABCD, {0xEF, 0x00, 0x01, 0x23, 0x45, 0x67, 0xCF, 0xFB}}, 1},
     sizeof operations / sizeof operations[0]},
    operations};
