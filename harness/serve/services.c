// SPDX-License-Identifier: Apache-2.0
#include "serve/services.h"

static const struct rpcancel_service *const services[RPCANCEL_SERVICES_MAX] = {
    &rpcancel_service_management, &rpcancel_service_endpoint_mapper, &rpcancel_service_test,
    &rpcancel_service_netlogon};

const struct rpcancel_service *rpcancel_service_at(unsigned position, const struct rpcancel_serve_settings *settings)
{
    return position < rpcancel_service_count(settings) ? services[position] : NULL;
}

uint32_t rpcancel_service_count(const struct rpcancel_serve_settings *settings)
{
    return (uint32_t)RPCANCEL_SERVICES_MAX - !settings->netlogon;
}

void rpcancel_service_answer(struct rpcancel_connection *connection, const struct rpcancel_server_request *request,
                             const struct rpcancel_stub *stub)
{
    rpcancel_connection_answer(connection, request->call, stub->bytes, stub->size);
}

const struct rpcancel_interface *rpcancel_service_find(const struct rpcancel_syntax *syntax,
                                                       const struct rpcancel_serve_settings *settings)
{
    const struct rpcancel_service *service;
    for (unsigned i = 0; (service = rpcancel_service_at(i, settings)); i++) {
        if (rpcancel_syntax_is(&service->interface.syntax, syntax))
            return &service->interface;
    }
    return NULL;
}

void rpcancel_service_call(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    const struct rpcancel_service *service = (const struct rpcancel_service *)request->interface;
    service->operations[request->opnum](connection, request);
}
