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
    FAULT_CONTEXT_MISMATCH = 0x1C00001A, /* nca_s_fault_context_mismatch, C706 appendix E */
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

/* One floor of a tower; false when it is not there. */
static bool take_floor(struct rpcancel_stub_reader *tower, struct rpcancel_span *left, struct rpcancel_span *right)
{
    struct rpcancel_span *sides[2] = {left, right};
    for (unsigned i = 0; i < 2; i++) {
        const uint8_t *size = rpcancel_stub_take(tower, 1, 2);
        sides[i]->size = size ? rpcancel_read_16(size, false) : 0;
        sides[i]->bytes = rpcancel_stub_take(tower, 1, sides[i]->size);
    }
    return !tower->failed;
}

/* A floor that names an interface or a transfer syntax. */
static bool take_syntax_floor(struct rpcancel_stub_reader *tower, struct rpcancel_syntax *syntax)
{
    struct rpcancel_span left, right;
    if (!take_floor(tower, &left, &right) || left.size != 19 || left.bytes[0] != FLOOR_UUID || right.size != 2)
        return false;
    rpcancel_uuid_read(left.bytes + 1, false, &syntax->uuid);
    syntax->version = rpcancel_read_16(left.bytes + 17, false) | (uint32_t)rpcancel_read_16(right.bytes, false) << 16;
    return true;
}

static bool take_protocol_floor(struct rpcancel_stub_reader *tower, uint8_t protocol)
{
    struct rpcancel_span left, right;
    return take_floor(tower, &left, &right) && left.size == 1 && left.bytes[0] == protocol;
}

/* The service that a tower asks for, in NDR over ncacn_ip_tcp, or NULL; addresses do not count. Floors are
 * little-endian whatever the sender is. */
static const struct rpcancel_service *find_by_tower(struct rpcancel_span tower,
                                                    const struct rpcancel_serve_settings *settings)
{
    struct rpcancel_stub_reader reader = {.data = tower};
    struct rpcancel_syntax interface, transfer;
    rpcancel_stub_take(&reader, 1, 2); /* how many floors */
    if (!take_syntax_floor(&reader, &interface) || !take_syntax_floor(&reader, &transfer) ||
        !rpcancel_syntax_is(&transfer, &rpcancel_syntax_ndr) ||
        !take_protocol_floor(&reader, FLOOR_CONNECTION_ORIENTED) || !take_protocol_floor(&reader, FLOOR_TCP))
        return NULL;
    return (const struct rpcancel_service *)rpcancel_service_find(&interface, settings);
}

/* ---- context handles ---- */

/* Where a lookup goes on is all there is to its handle, so nothing has to be kept for it: attributes of zero, a UUID
 * whose first number is the position and whose rest marks it as one of these. */
static const struct rpcancel_uuid handle_mark = {0, 0x7270, 0x6361, {0x6E, 0x63, 0x65, 0x6C, 0x65, 0x70, 0x74, 0x68}};

static void put_handle(struct rpcancel_stub *stub, uint32_t position)
{
    static const struct rpcancel_uuid null;
    struct rpcancel_uuid uuid = position ? handle_mark : null;
    uuid.time_low = position;
    rpcancel_stub_put_32(stub, 0);
    rpcancel_stub_put_uuid(stub, &uuid);
}

static bool uuid_is(const struct rpcancel_uuid *one, const struct rpcancel_uuid *other)
{
    return memcmp(one, other, sizeof *one) == 0; /* no padding in it */
}

/* False when it is neither null, which is position 0, nor one of these. */
static bool take_handle(struct rpcancel_stub_reader *reader, uint32_t *position)
{
    static const struct rpcancel_uuid null;
    struct rpcancel_uuid uuid;
    uint32_t attributes = rpcancel_stub_take_32(reader);
    rpcancel_stub_take_uuid(reader, &uuid);
    *position = uuid.time_low;
    uuid.time_low = 0;
    return attributes == 0 && uuid_is(&uuid, *position ? &handle_mark : &null);
}

/* ---- operations ---- */

static void put_array_head(struct rpcancel_stub *stub, uint32_t room, uint32_t count)
{
    rpcancel_stub_put_32(stub, count); /* num_ents or num_towers */
    rpcancel_stub_put_32(stub, room);
    rpcancel_stub_put_32(stub, 0);
    rpcancel_stub_put_32(stub, count);
}

/* What ept_lookup is asked for. */
struct inquiry {
    uint32_t type, version_option, position, most;
    bool has_object, has_interface;
    struct rpcancel_uuid object;
    struct rpcancel_syntax interface;
};

enum { INQUIRE_ALL, INQUIRE_BY_INTERFACE, INQUIRE_BY_OBJECT, INQUIRE_BY_BOTH };
enum { VERSION_ALL = 1, VERSION_COMPATIBLE, VERSION_EXACT, VERSION_MAJOR_ONLY, VERSION_UP_TO };

/* False when the handle is none of this server's. */
static bool take_inquiry(const struct rpcancel_server_request *request, struct inquiry *inquiry)
{
    struct rpcancel_stub_reader reader = {.data = request->stub_data, .big_endian = request->big_endian};
    *inquiry = (struct inquiry){.type = rpcancel_stub_take_32(&reader)};
    inquiry->has_object = rpcancel_stub_take_32(&reader);
    if (inquiry->has_object)
        rpcancel_stub_take_uuid(&reader, &inquiry->object);
    inquiry->has_interface = rpcancel_stub_take_32(&reader);
    if (inquiry->has_interface) {
        rpcancel_stub_take_uuid(&reader, &inquiry->interface.uuid);
        inquiry->interface.version = rpcancel_stub_take_16(&reader);
        inquiry->interface.version |= (uint32_t)rpcancel_stub_take_16(&reader) << 16;
    }
    inquiry->version_option = rpcancel_stub_take_32(&reader);
    bool is_known = take_handle(&reader, &inquiry->position);
    inquiry->most = rpcancel_stub_take_32(&reader);
    if (reader.failed)
        inquiry->most = 0;
    return is_known || reader.failed;
}

static bool version_fits(uint32_t offered, uint32_t asked, uint32_t option)
{
    unsigned major = offered & 0xFFFF, minor = offered >> 16, asked_major = asked & 0xFFFF, asked_minor = asked >> 16;
    switch (option) {
    case VERSION_ALL:
        return true;
    case VERSION_COMPATIBLE:
        return major == asked_major && minor >= asked_minor;
    case VERSION_EXACT:
        return offered == asked;
    case VERSION_MAJOR_ONLY:
        return major == asked_major;
    case VERSION_UP_TO:
        return major < asked_major || (major == asked_major && minor <= asked_minor);
    default:
        return false;
    }
}

/* No endpoint here has an object. */
static const struct rpcancel_uuid no_object;

static bool is_wanted(const struct rpcancel_service *service, const struct inquiry *inquiry)
{
    const struct rpcancel_syntax *syntax = &service->interface.syntax;
    if (inquiry->type > INQUIRE_BY_BOTH)
        return false;
    if (inquiry->type & INQUIRE_BY_OBJECT && inquiry->has_object && !uuid_is(&inquiry->object, &no_object))
        return false;
    return !(inquiry->type & INQUIRE_BY_INTERFACE) || !inquiry->has_interface ||
           (uuid_is(&syntax->uuid, &inquiry->interface.uuid) &&
            version_fits(syntax->version, inquiry->interface.version, inquiry->version_option));
}

static void put_entries(struct rpcancel_stub *stub, const struct rpcancel_connection *connection,
                        const struct rpcancel_service *const *found, uint32_t count)
{
    static const char annotation[4] = "";
    for (uint32_t i = 0; i < count; i++) {
        rpcancel_stub_put_uuid(stub, &no_object);
        rpcancel_stub_put_pointer(stub, i);
        rpcancel_stub_put_32(stub, 0);
        rpcancel_stub_put_32(stub, 1); /* the NUL, and what makes it a multiple of 4 */
        rpcancel_stub_put(stub, annotation, sizeof annotation);
    }
    for (uint32_t i = 0; i < count; i++)
        put_tower(stub, connection, found[i]);
    rpcancel_stub_align(stub);
}

/* The status that comes with |count| entries, the last ones of an inquiry when there could have been more. MS-RPCE
 * 2.2.1.2.4 has one that says so; Windows says it only when none is left. */
static uint32_t lookup_status(const struct rpcancel_connection *connection, uint32_t count, uint32_t most)
{
    bool says_so = connection->state->settings->profile != RPCANCEL_WIRE_WINDOWS;
    return count == 0 || (says_so && count < most) ? EPT_S_NOT_REGISTERED : 0;
}

/* ept_lookup: as many as may be returned. When those are all that were asked for, the handle leads on, if only to the
 * answer that there are no more, which some clients wait for; else it is null, which others wait for. */
static void look_up(struct rpcancel_connection *connection, const struct rpcancel_server_request *request)
{
    const struct rpcancel_serve_settings *settings = connection->state->settings;
    const struct rpcancel_service *service, *found[RPCANCEL_SERVICES_MAX];
    struct inquiry inquiry;
    struct rpcancel_stub stub = {0};
    uint32_t count = 0;
    if (!take_inquiry(request, &inquiry)) {
        rpcancel_server_fault(&connection->server, request->call, FAULT_CONTEXT_MISMATCH);
        return;
    }
    uint32_t at = inquiry.position;
    for (; count < inquiry.most && (service = rpcancel_service_at(at, settings)); at++) {
        if (is_wanted(service, &inquiry))
            found[count++] = service;
    }
    bool is_full = count > 0 && count == inquiry.most;
    put_handle(&stub, is_full ? at : 0);
    put_array_head(&stub, inquiry.most, count);
    put_entries(&stub, connection, found, count);
    rpcancel_stub_put_32(&stub, lookup_status(connection, count, inquiry.most));
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
    put_handle(&stub, 0);
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
    put_handle(&stub, 0);
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
