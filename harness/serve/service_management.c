// SPDX-License-Identifier: Apache-2.0
/* The remote management interface, C706 appendix Q (mgmt), version 1.0: which clients ask without any set-up. */
#include "serve/services.h"

enum { ERROR_STATUS_OK = 0, STATISTICS = 4 };

/* rpc__mgmt_inq_if_ids: a pointer to a vector of pointers to interface ids, then the status. */
static void inquire_interfaces(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    const struct rpcancel_serve_settings *settings = connection->state->settings;
    const struct rpcancel_service *service;
    struct rpcancel_stub stub = {0};
    uint32_t count = rpcancel_service_count(settings);
    rpcancel_stub_put_pointer(&stub, 0);
    rpcancel_stub_put_32(&stub, count);
    rpcancel_stub_put_32(&stub, count);
    for (uint32_t i = 0; i < count; i++)
        rpcancel_stub_put_pointer(&stub, i + 1);
    for (uint32_t i = 0; (service = rpcancel_service_at(i, settings)); i++) {
        rpcancel_stub_put_uuid(&stub, &service->interface.syntax.uuid);
        rpcancel_stub_put_32(&stub, service->interface.syntax.version);
    }
    rpcancel_stub_put_32(&stub, ERROR_STATUS_OK);
    rpcancel_service_answer(connection, request, &stub);
}

/* rpc__mgmt_inq_stats: calls received, calls sent, packets received, packets sent; as many as were asked for. */
static void inquire_statistics(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    struct rpcancel_stub_reader reader = {.data = request->stub_data, .big_endian = request->big_endian};
    uint32_t count = rpcancel_stub_take_32(&reader);
    struct rpcancel_stub stub = {0};
    if (count > STATISTICS)
        count = STATISTICS;
    rpcancel_stub_put_32(&stub, count);
    rpcancel_stub_put_32(&stub, count);
    for (uint32_t i = 0; i < count; i++)
        rpcancel_stub_put_32(&stub, i == 0 ? (uint32_t)connection->state->totals.calls : 0);
    rpcancel_stub_put_32(&stub, ERROR_STATUS_OK);
    rpcancel_service_answer(connection, request, &stub);
}

/* rpc__mgmt_is_server_listening: the status, then yes. */
static void is_listening(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    struct rpcancel_stub stub = {0};
    rpcancel_stub_put_32(&stub, ERROR_STATUS_OK);
    rpcancel_stub_put_32(&stub, 1);
    rpcancel_service_answer(connection, request, &stub);
}

/* rpc__mgmt_stop_server_listening: nobody who is not authenticated may. */
static void stop_listening(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    struct rpcancel_stub stub = {0};
    rpcancel_stub_put_32(&stub, RPCANCEL_S_ACCESS_DENIED);
    rpcancel_service_answer(connection, request, &stub);
}

/* rpc__mgmt_inq_princ_name: a string of which only the NUL is there, as there is no authentication service. */
static void inquire_principal(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    struct rpcancel_stub_reader reader = {.data = request->stub_data, .big_endian = request->big_endian};
    struct rpcancel_stub stub = {0};
    rpcancel_stub_take_32(&reader); /* the authentication service asked about */
    uint32_t room = rpcancel_stub_take_32(&reader);
    rpcancel_stub_put_32(&stub, room ? room : 1);
    rpcancel_stub_put_32(&stub, 0);
    rpcancel_stub_put_32(&stub, 1);
    rpcancel_stub_put(&stub, "", 1);
    rpcancel_stub_align(&stub);
    rpcancel_stub_put_32(&stub, ERROR_STATUS_OK);
    rpcancel_service_answer(connection, request, &stub);
}

static rpcancel_service_operation *const operations[] = {inquire_interfaces, inquire_statistics, is_listening,
                                                         stop_listening, inquire_principal};

const struct rpcancel_service rpcancel_service_management = {
    {{{0xAFA8BD80, 0x7D8A, 0x11C9, {0xBE, 0xF4, 0x08, 0x00, 0x2B, 0x10, 0x29, 0x89}}, 1},
     sizeof operations / sizeof operations[0]},
    operations};
