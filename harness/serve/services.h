// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SERVE_SERVICES_H
#define RPCANCEL_SERVE_SERVICES_H
/* The interfaces of the reference server. Each is a file with its table of operations; services.c lists them. */
#include "serve/connection.h"
#include "serve/stub_data.h"

/* An operation answers with rpcancel_connection_answer or rpcancel_server_fault, or says what it waits for. */
typedef void rpcancel_service_operation(struct rpcancel_connection *connection,
                                        const struct rpcancel_server_request *request);

struct rpcancel_service {
    struct rpcancel_interface interface; /* first, so that it leads back to its service */
    rpcancel_service_operation *const *operations;
};

/* How many there are at most. */
enum { RPCANCEL_SERVICES_MAX = 4 };

extern const struct rpcancel_service rpcancel_service_management, rpcancel_service_endpoint_mapper,
    rpcancel_service_netlogon, rpcancel_service_test;

/* rpcancel_service_find returns the interface of that syntax which |settings| offer, or NULL. */
const struct rpcancel_interface *rpcancel_service_find(const struct rpcancel_syntax *syntax,
                                                       const struct rpcancel_serve_settings *settings);

/* rpcancel_service_at returns the service at |position| of those that |settings| offer, or NULL behind the last. */
const struct rpcancel_service *rpcancel_service_at(unsigned position, const struct rpcancel_serve_settings *settings);

/* rpcancel_service_count returns how many |settings| offer. */
uint32_t rpcancel_service_count(const struct rpcancel_serve_settings *settings);

/* rpcancel_service_answer answers |request| with |stub|. */
void rpcancel_service_answer(struct rpcancel_connection *connection, const struct rpcancel_server_request *request,
                             const struct rpcancel_stub *stub);

/* rpcancel_service_call carries out |request|. */
void rpcancel_service_call(struct rpcancel_connection *connection, const struct rpcancel_server_request *request);

#endif
