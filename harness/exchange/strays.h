// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_EXCHANGE_STRAYS_H
#define RPCANCEL_EXCHANGE_STRAYS_H
/* Datagrams that neither end of ours sends, but others may: what servers, and clients, have to be able to take. */
#include "exchange/ends.h"

/* rpcancel_exchange_make_strays puts them into the table of datagrams, and their numbers into the setup. */
void rpcancel_exchange_make_strays(struct rpcancel_exchange_ends *ends);

/* rpcancel_exchange_stray_text returns what stray |which| to the server, or to the client, is. Static storage. */
const char *rpcancel_exchange_stray_text(bool to_server, unsigned which);

#endif
