// SPDX-License-Identifier: Apache-2.0
#include "wire_client.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "wire/presentation.h"

const struct rpcancel_interface wire_interface = {{{0x11111111, 0x2222, 0x3333, {4, 4, 5, 5, 5, 5, 5, 5}}, 1},
                                                  WIRE_OPERATIONS};

static void take_fragment(void *context, const uint8_t *bytes, size_t size)
{
    struct wire_client *client = context;
    struct rpcancel_pdu_complaint complaint;
    uint8_t *copy = client->octets + client->octets_used;
    assert_true(client->sent_count < WIRE_SENT_MAX && size <= sizeof client->octets - client->octets_used);
    memcpy(copy, bytes, size);
    client->octets_used += size;
    /* Whatever this server sends, a strict reader takes it. */
    assert_true(rpcancel_pdu_decode(copy, size, RPCANCEL_STRICT, &client->sent[client->sent_count++], &complaint));
}

static const struct rpcancel_interface *find_interface(void *context, const struct rpcancel_syntax *syntax)
{
    (void)context;
    return rpcancel_syntax_is(syntax, &wire_interface.syntax) ? &wire_interface : NULL;
}

static bool join_group(void *context, uint32_t *group_id)
{
    (void)context;
    bool is_new = *group_id == 0;
    *group_id = 1;
    return is_new;
}

static uint8_t *assembly(void *context, size_t size)
{
    struct wire_client *client = context;
    return size <= sizeof client->assembly ? client->assembly : NULL;
}

static void tell(struct wire_client *client, enum wire_told what, unsigned call, size_t stub_size)
{
    assert_true(client->told_count < WIRE_TOLD_MAX);
    client->told[client->told_count].what = what;
    client->told[client->told_count].call = call;
    client->told[client->told_count++].stub_size = stub_size;
}

static void take_request(void *context, struct rpcancel_server *server, const struct rpcancel_server_request *request)
{
    tell(context, WIRE_TOLD_REQUEST, request->call, request->stub_data.size);
    assert_ptr_equal(request->interface, &wire_interface);
    if (request->opnum == WIRE_ECHO)
        rpcancel_server_respond(server, request->call, request->stub_data);
}

static void take_cancel(void *context, struct rpcancel_server *server, unsigned call)
{
    (void)server;
    tell(context, WIRE_TOLD_CANCEL, call, 0);
}

static void take_orphaned(void *context, struct rpcancel_server *server, unsigned call)
{
    (void)server;
    tell(context, WIRE_TOLD_ORPHANED, call, 0);
}

void wire_send(struct wire_client *client, const struct rpcancel_pdu *pdu)
{
    static uint8_t bytes[RPCANCEL_PDU_SIZE_MAX];
    size_t size = rpcancel_pdu_encode(pdu, bytes, sizeof bytes);
    client->sent_count = client->told_count = 0;
    client->octets_used = 0;
    assert_true(client->open && size > 0);
    client->open = rpcancel_server_receive(&client->server, bytes, size);
}

void wire_connect(struct wire_client *client, enum rpcancel_wire_profile profile, uint8_t flags, uint16_t fragment_max)
{
    uint8_t list[RPCANCEL_CONTEXT_LEAST_SIZE + RPCANCEL_SYNTAX_SIZE];
    struct rpcancel_context context = {.id = 1, .abstract = wire_interface.syntax};
    struct rpcancel_pdu bind;
    memset(client, 0, sizeof *client);
    client->open = true;
    client->host = (struct rpcancel_server_host){client,   take_fragment, find_interface, join_group,
                                                 assembly, take_request,  take_cancel,    take_orphaned};
    rpcancel_server_init(&client->server, &client->host, rpcancel_wire_choices_of(profile), "135");
    rpcancel_pdu_init(&bind, RPCANCEL_PDU_BIND, 1);
    bind.flags |= flags;
    bind.bind.max_transmit = bind.bind.max_receive = fragment_max;
    bind.bind.context_count = 1;
    bind.bind.contexts = (struct rpcancel_span){
        list, rpcancel_context_write(list, sizeof list, false, &context, &rpcancel_syntax_ndr, 1)};
    wire_send(client, &bind);
    assert_true(client->open);
    assert_int_equal(client->sent_count, 1);
    assert_int_equal(client->sent[0].type, RPCANCEL_PDU_BIND_ACK);
}

void wire_request(struct wire_client *client, uint32_t call_id, uint16_t opnum, uint8_t flags, size_t size)
{
    static const uint8_t stub_data[RPCANCEL_SERVER_FRAGMENT_MAX];
    struct rpcancel_pdu request;
    rpcancel_pdu_init(&request, RPCANCEL_PDU_REQUEST, call_id);
    request.flags = flags;
    request.request.context_id = 1;
    request.request.opnum = opnum;
    request.data = (struct rpcancel_span){stub_data, size};
    wire_send(client, &request);
}

void wire_co_cancel(struct wire_client *client, uint32_t call_id)
{
    struct rpcancel_pdu cancel;
    rpcancel_pdu_init(&cancel, RPCANCEL_PDU_CO_CANCEL, call_id);
    cancel.flags = RPCANCEL_PFC_LAST_FRAG | RPCANCEL_PFC_PENDING_CANCEL; /* as Windows clients have it */
    wire_send(client, &cancel);
}

void wire_orphaned(struct wire_client *client, uint32_t call_id)
{
    struct rpcancel_pdu orphaned;
    rpcancel_pdu_init(&orphaned, RPCANCEL_PDU_ORPHANED, call_id);
    wire_send(client, &orphaned);
}

void wire_faults(const struct wire_client *client, uint32_t call_id, uint8_t flags, uint32_t status)
{
    assert_int_equal(client->sent_count, 1);
    assert_int_equal(client->sent[0].type, RPCANCEL_PDU_FAULT);
    assert_int_equal(client->sent[0].call_id, call_id);
    assert_int_equal(client->sent[0].flags, flags);
    assert_int_equal(client->sent[0].fault.status, status);
}
