// SPDX-License-Identifier: Apache-2.0
/*
 * The endpoint mapper, C706 appendix O (ept), version 3.0: says that every interface of this server is where it is
 * itself. ept_lookup and ept_map answer; ept_lookup_handle_free takes any handle; nobody can register anything.
 */
#include <arpa/inet.h>

#include "serve/services.h"

enum {
    HANDLE_SIZE = 20, /* of a context handle */
    TOWER_MAX = 256,
    EPT_S_NOT_REGISTERED = 0x16C9A0D6,
    /* Protocol identifiers of floors, C706 appendix I. */
    FLOOR_UUID = 0x0D,
    FLOOR_CONNECTION_ORIENTED = 0x0B,
    FLOOR_TCP = 0x07,
    FLOOR_IP = 0x09
};

/* ---- towers ---- */

static void put_floor(struct rpcancel_stub *tower, const void *left, uint16_t left_size, const void *right,
                      uint16_t right_size)
{
    rpcancel_stub_put_16(tower, left_size);
    rpcancel_stub_put(tower, left, left_size);
    rpcancel_stub_put_16(tower, right_size);
    rpcancel_stub_put(tower, right, right_size);
}

static void put_syntax_floor(struct rpcancel_stub *tower, const struct rpcancel_syntax *syntax)
{
    uint8_t left[19] = {FLOOR_UUID}, right[2];
    rpcancel_uuid_write(left + 1, false, &syntax->uuid);
    rpcancel_write_16(left + 17, (uint16_t)syntax->version, false);
    rpcancel_write_16(right, (uint16_t)(syntax->version >> 16), false);
    put_floor(tower, left, sizeof left, right, sizeof right);
}

/* The tower of |service|: five floors, at the address and port that |connection| came to. */
static void make_tower(struct rpcancel_stub *tower, const struct rpcancel_connection *connection,
                       const struct rpcancel_service *service)
{
    static const uint8_t connection_oriented = FLOOR_CONNECTION_ORIENTED, tcp = FLOOR_TCP, ip = FLOOR_IP;
    static const uint8_t minor[2] = {0};
    uint8_t port[2], address[4] = {0};
    unsigned number = 0;
    for (const char *digit = connection->state->port; *digit; digit++)
        number = number * 10 + (unsigned)(*digit - '0');
    rpcancel_write_16(port, (uint16_t)number, true);
    inet_pton(AF_INET, connection->state->settings->address, address);
    tower->size = 0;
    rpcancel_stub_put_16(tower, 5);
    put_syntax_floor(tower, &service->interface.syntax);
    put_syntax_floor(tower, &rpcancel_syntax_ndr);
    put_floor(tower, &connection_oriented, 1, minor, sizeof minor);
    put_floor(tower, &tcp, 1, port, sizeof port);
    put_floor(tower, &ip, 1, address, sizeof address);
}

/* twr_t: a structure whose array comes last. */
static void put_tower(struct rpcancel_stub *stub, const struct rpcancel_connection *connection,
                      const struct rpcancel_service *service)
{
    struct rpcancel_stub tower;
    make_tower(&tower, connection, service);
    rpcancel_stub_align(stub);
    rpcancel_stub_put_32(stub, (uint32_t)tower.size);
    rpcancel_stub_put_32(stub, (uint32_t)tower.size);
    rpcancel_stub_put(stub, tower.bytes, tower.size);
}

/* The service whose interface the first floor of a tower names, or NULL. Floors are little-endian whatever the sender
 * is. */
static const struct rpcancel_service *find_by_tower(struct rpcancel_span tower,
                                                    const struct rpcancel_serve_settings *settings)
{
    struct rpcancel_stub_reader reader = {.data = tower};
    const uint8_t *floors = rpcancel_stub_take(&reader, 1, 2), *left_size = rpcancel_stub_take(&reader, 1, 2);
    const uint8_t *left = rpcancel_stub_take(&reader, 1, 19);
    rpcancel_stub_take(&reader, 1, 2); /* the size of the right side */
    const uint8_t *right = rpcancel_stub_take(&reader, 1, 2);
    struct rpcancel_syntax syntax;
    if (reader.failed || rpcancel_read_16(floors, false) < 2 || rpcancel_read_16(left_size, false) != 19 ||
        left[0] != FLOOR_UUID)
        return NULL;
    rpcancel_uuid_read(left + 1, false, &syntax.uuid);
    syntax.version = rpcancel_read_16(left + 17, false) | (uint32_t)rpcancel_read_16(right, false) << 16;
    return (const struct rpcancel_service *)rpcancel_service_find(&syntax, settings);
}

/* ---- operations ---- */

static void put_null_handle(struct rpcancel_stub *stub)
{
    static const uint8_t null[HANDLE_SIZE] = {0};
    rpcancel_stub_put(stub, null, sizeof null);
}

static void put_array_head(struct rpcancel_stub *stub, uint32_t room, uint32_t count)
{
    rpcancel_stub_put_32(stub, count); /* num_ents or num_towers */
    rpcancel_stub_put_32(stub, room);
    rpcancel_stub_put_32(stub, 0);
    rpcancel_stub_put_32(stub, count);
}

/* ept_lookup: every interface, at once; asked again it would be the same, so the handle is null. */
static void look_up(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    const struct rpcancel_serve_settings *settings = connection->state->settings;
    static const struct rpcancel_uuid no_object;
    static const char annotation[4] = "";
    const struct rpcancel_service *service;
    struct rpcancel_stub stub = {0};
    uint32_t count = rpcancel_service_count(settings);
    put_null_handle(&stub);
    put_array_head(&stub, count, count);
    for (uint32_t i = 0; i < count; i++) {
        rpcancel_stub_put_uuid(&stub, &no_object);
        rpcancel_stub_put_pointer(&stub, i);
        rpcancel_stub_put_32(&stub, 0);
        rpcancel_stub_put_32(&stub, 1); /* the NUL, and what makes it a multiple of 4 */
        rpcancel_stub_put(&stub, annotation, sizeof annotation);
    }
    for (uint32_t i = 0; (service = rpcancel_service_at(i, settings)); i++)
        put_tower(&stub, connection, service);
    rpcancel_stub_align(&stub);
    rpcancel_stub_put_32(&stub, 0);
    rpcancel_service_answer(connection, request, &stub);
}

/* The tower that ept_map is asked with, and how many it may answer. */
static struct rpcancel_span take_map_request(const struct rpcancel_server_request *request, uint32_t *most)
{
    struct rpcancel_stub_reader reader = {.data = request->stub_data, .big_endian = request->big_endian};
    struct rpcancel_span tower = {0};
    if (rpcancel_stub_take_32(&reader)) /* an object */
        rpcancel_stub_take(&reader, 4, RPCANCEL_UUID_SIZE);
    if (rpcancel_stub_take_32(&reader)) {
        rpcancel_stub_take_32(&reader); /* the size of the array, which is its length */
        tower.size = rpcancel_stub_take_32(&reader);
        tower.bytes = tower.size <= TOWER_MAX ? rpcancel_stub_take(&reader, 1, tower.size) : NULL;
    }
    rpcancel_stub_take(&reader, 4, HANDLE_SIZE);
    *most = rpcancel_stub_take_32(&reader);
    return tower.bytes && !reader.failed ? tower : (struct rpcancel_span){0};
}

static void map(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    struct rpcancel_stub stub = {0};
    uint32_t most = 0;
    struct rpcancel_span tower = take_map_request(request, &most);
    const struct rpcancel_service *service =
        tower.bytes && most > 0 ? find_by_tower(tower, connection->state->settings) : NULL;
    put_null_handle(&stub);
    put_array_head(&stub, most, service != NULL);
    if (service) {
        rpcancel_stub_put_pointer(&stub, 0);
        put_tower(&stub, connection, service);
    }
    rpcancel_stub_align(&stub);
    rpcancel_stub_put_32(&stub, service ? 0 : EPT_S_NOT_REGISTERED);
    rpcancel_service_answer(connection, request, &stub);
}

static void free_handle(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    struct rpcancel_stub stub = {0};
    put_null_handle(&stub);
    rpcancel_stub_put_32(&stub, 0);
    rpcancel_service_answer(connection, request, &stub);
}

static void refuse(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    rpcancel_server_fault(&connection->server, request->call, RPCANCEL_S_ACCESS_DENIED);
}

static rpcancel_service_operation *const operations[] = {refuse, refuse, look_up, map, free_handle, refuse, refuse};

const struct rpcancel_service rpcancel_service_endpoint_mapper = {
    {{{0xE1AF8308, 0x5D1F, 0x11C9, {0x91, 0xA4, 0x08, 0x00, 0x2B, 0x14, 0xA0, 0xFA}}, 3},
     sizeof operations / sizeof operations[0]},
    operations};
