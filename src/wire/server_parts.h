// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WIRE_SERVER_PARTS_H
#define RPCANCEL_WIRE_SERVER_PARTS_H
/* What the files of the server's association have in common; for them only. */
#include "wire/server.h"

/* rpcancel_server_bind deals with a bind or an alter_context. False: the connection is to be closed. */
bool rpcancel_server_bind(struct rpcancel_server *server, const struct rpcancel_pdu *pdu);

/* Why a bind is rejected, C706 p_reject_reason_t; the last one MS-RPCE 2.2.2.5. */
enum { RPCANCEL_REJECT_NOT_SPECIFIED = 0, RPCANCEL_REJECT_VERSION = 4, RPCANCEL_REJECT_AUTHENTICATION_TYPE = 8 };

/* rpcancel_server_reject sends a bind_nak for |pdu|, of which no more than the header is looked at. Returns false. */
bool rpcancel_server_reject(struct rpcancel_server *server, const struct rpcancel_pdu *pdu, uint16_t reason);

/* rpcancel_server_send sends |pdu|. */
void rpcancel_server_send(struct rpcancel_server *server, const struct rpcancel_pdu *pdu);

/* rpcancel_server_send_fault sends a fault that the association itself has for that call; |flags| are added to first
 * and last fragment. */
void rpcancel_server_send_fault(struct rpcancel_server *server, uint32_t call_id, uint16_t context_id, uint8_t flags,
                                uint32_t status);

/* rpcancel_server_find_context returns the accepted context of that number, or NULL. */
struct rpcancel_server_context *rpcancel_server_find_context(struct rpcancel_server *server, uint16_t id);

#endif
