// SPDX-License-Identifier: Apache-2.0
#include "engine/state_class.h"

#include "rules/judge.h"

unsigned rpcancel_state_class(const struct rpcancel_observer *observer, unsigned handle)
{
    struct rpcancel_situation client, server;
    rpcancel_situate(&client, observer, (struct rpcancel_operation){.kind = RPCANCEL_OP_STATUS, .handle = handle & 3u});
    rpcancel_situate(&server, observer,
                     (struct rpcancel_operation){.kind = RPCANCEL_OP_TEST_CANCEL, .handle = handle & 3u});
    return client.client * (unsigned)RPCANCEL_SERVER_ROWS + rpcancel_asynchronous_row(server.server);
}
