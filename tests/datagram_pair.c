// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "datagram_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

const struct rpcancel_interface datagram_interface = {{{0x12345678, 0x1234, 0xABCD, {1, 2, 3, 4, 5, 6, 7, 8}}, 1}, 4};
static const struct rpcancel_uuid activity = {0x11111111, 0x2222, 0x3333, {4, 4, 5, 5, 5, 5, 5, 5}};
static const uint8_t octets[] = {1, 2, 3, 4};

static void note(struct datagram_pair *pair, const char *format, ...)
{
    va_list arguments;
    size_t length = strlen(pair->log);
    if (length > 0 && length + 1 < sizeof pair->log)
        pair->log[length++] = ' ';
    va_start(arguments, format);
    vsnprintf(pair->log + length, sizeof pair->log - length, format, arguments);
    va_end(arguments);
}

static void note_datagram(struct datagram_pair *pair, const uint8_t *bytes, size_t size)
{
    struct rpcancel_datagram datagram;
    struct rpcancel_datagram_complaint complaint;
    if (!rpcancel_datagram_decode(bytes, size, RPCANCEL_STRICT, &datagram, &complaint))
        fail_msg("octet %zu: expected %s", complaint.offset, rpcancel_datagram_error_text(complaint.error));
    const char *pending = datagram.flags2 & RPCANCEL_PF2_CANCEL_PENDING ? "+" : "";
    const struct rpcancel_cancel_ack_body *ack = &datagram.cancel_ack;
    if (datagram.type == RPCANCEL_PDU_CL_CANCEL && datagram.cancel.is_present)
        note(pair, "cancel:%u", datagram.cancel.cancel_id);
    else if (datagram.type == RPCANCEL_PDU_CL_CANCEL)
        note(pair, "quit");
    else if (datagram.type == RPCANCEL_PDU_CANCEL_ACK && ack->is_present)
        note(pair, "ack:%u%s", ack->cancel_id, rpcancel_datagram_is_accepting(ack) ? "" : "!");
    else if (datagram.type == RPCANCEL_PDU_CANCEL_ACK)
        note(pair, "quack");
    else if (datagram.type == RPCANCEL_PDU_REJECT)
        note(pair, "reject:%08x", datagram.status);
    else
        note(pair, "%s%s", rpcancel_datagram_name(&datagram), pending);
}

static void enqueue(struct datagram_pair *pair, struct pair_queue *queue, const uint8_t *bytes, size_t size)
{
    assert_true(queue->count < PAIR_QUEUE_MAX && size <= sizeof queue->datagrams[0].bytes);
    memcpy(queue->datagrams[queue->count].bytes, bytes, size);
    queue->datagrams[queue->count++].size = size;
    note_datagram(pair, bytes, size);
    if (pair->sent)
        pair->sent(pair->context, queue == &pair->to_server ? RPCANCEL_SENDER_CLIENT : RPCANCEL_SENDER_SERVER, bytes,
                   size);
}

/* ---- what the ends ask for ---- */

static void client_sends(void *context, const uint8_t *bytes, size_t size)
{
    struct datagram_pair *pair = context;
    enqueue(pair, &pair->to_server, bytes, size);
}

static void client_completes(void *context, const struct rpcancel_datagram_result *result)
{
    struct datagram_pair *pair = context;
    if (result->end == RPCANCEL_DATAGRAM_END_RESPONSE)
        assert_memory_equal(result->stub_data.bytes, octets, sizeof octets);
    note(pair, "[%s%s]", rpcancel_datagram_end_name(result->end), result->cancel_pending ? "+" : "");
}

static void server_sends(void *context, uint64_t peer, const uint8_t *bytes, size_t size)
{
    struct datagram_pair *pair = context;
    assert_int_equal(peer, 7);
    enqueue(pair, &pair->to_client, bytes, size);
}

static const struct rpcancel_interface *find_interface(void *context, const struct rpcancel_syntax *syntax)
{
    (void)context;
    return rpcancel_syntax_is(syntax, &datagram_interface.syntax) ? &datagram_interface : NULL;
}

static void server_executes(void *context, struct rpcancel_datagram_server *server,
                            const struct rpcancel_datagram_request *request)
{
    struct datagram_pair *pair = context;
    (void)server;
    pair->call = request->call;
    assert_memory_equal(request->stub_data.bytes, octets, sizeof octets);
    note(pair, "[executes]");
}

static void server_cancelled(void *context, struct rpcancel_datagram_server *server, unsigned call, uint32_t cancels)
{
    struct datagram_pair *pair = context;
    (void)server;
    assert_int_equal(call, pair->call);
    note(pair, "[cancelled:%u]", cancels);
}

static void server_orphaned(void *context, struct rpcancel_datagram_server *server, unsigned call)
{
    struct datagram_pair *pair = context;
    (void)server;
    assert_int_equal(call, pair->call);
    note(pair, "[orphaned]");
}

void datagram_pair_open(struct datagram_pair *pair, const struct rpcancel_datagram_choices *choices)
{
    memset(pair, 0, sizeof *pair);
    pair->client_host = (struct rpcancel_datagram_client_host){pair, client_sends, client_completes};
    pair->server_host = (struct rpcancel_datagram_server_host){
        pair, server_sends, find_interface, server_executes, server_cancelled, server_orphaned};
    rpcancel_datagram_client_init(&pair->client, &pair->client_host, choices, &activity, &datagram_interface.syntax);
    rpcancel_datagram_server_init(&pair->server, &pair->server_host, choices, 0x5000);
}

/* ---- scripts ---- */

static void arrive(struct datagram_pair *pair, char to, const char *how)
{
    struct pair_queue *queue = to == '>' ? &pair->to_server : &pair->to_client;
    uint8_t bytes[256];
    if (queue->count == 0)
        fail_msg("nothing is on its way %c", to);
    unsigned which = strcmp(how, " later") == 0 ? queue->count - 1 : 0;
    size_t size = queue->datagrams[which].size;
    memcpy(bytes, queue->datagrams[which].bytes, size);
    if (strcmp(how, " twice") != 0) {
        queue->count--;
        memmove(&queue->datagrams[which], &queue->datagrams[which + 1],
                (queue->count - which) * sizeof queue->datagrams[0]);
    }
    if (strcmp(how, " lost") == 0)
        return;
    if (to == '>')
        rpcancel_datagram_server_receive(&pair->server, 7, bytes, size);
    else
        rpcancel_datagram_client_receive(&pair->client, bytes, size);
}

static void issue(struct datagram_pair *pair, const char *how)
{
    static const char with_timeout[] = " timeout ";
    struct rpcancel_span stub_data = {octets, sizeof octets};
    uint32_t timeout = RPCANCEL_NEVER;
    if (strncmp(how, with_timeout, sizeof with_timeout - 1) == 0)
        timeout = (uint32_t)strtoul(how + sizeof with_timeout - 1, NULL, 10);
    if (!rpcancel_datagram_client_call(&pair->client, 1, stub_data, strcmp(how, " idempotent") == 0, timeout))
        note(pair, "no");
}

static bool serve(struct datagram_pair *pair, const char *step)
{
    if (strcmp(step, "take") == 0)
        note(pair, rpcancel_datagram_server_take_cancel(&pair->server, pair->call) ? "yes" : "no");
    else if (strcmp(step, "respond") == 0)
        rpcancel_datagram_server_respond(&pair->server, pair->call, (struct rpcancel_span){octets, sizeof octets});
    else if (strcmp(step, "fault") == 0)
        rpcancel_datagram_server_fault(&pair->server, pair->call, RPCANCEL_S_FAULT_CANCEL);
    else
        return false;
    return true;
}

static void take_step(struct datagram_pair *pair, const char *step)
{
    if (*step == '>' || *step == '<') {
        arrive(pair, *step, step + 1);
    } else if (strncmp(step, "call", 4) == 0) {
        issue(pair, step + 4);
    } else if (strcmp(step, "cancel") == 0) {
        if (!rpcancel_datagram_client_cancel(&pair->client))
            note(pair, "no");
    } else if (strcmp(step, "orphan") == 0) {
        if (!rpcancel_datagram_client_orphan(&pair->client))
            note(pair, "no");
    } else if (strncmp(step, "wait ", 5) == 0) {
        uint32_t ms = (uint32_t)strtoul(step + 5, NULL, 10);
        pair->ms += ms;
        rpcancel_datagram_client_elapse(&pair->client, ms);
        rpcancel_datagram_server_elapse(&pair->server, ms);
    } else if (!serve(pair, step)) {
        fail_msg("there is no step %s", step);
    }
}

void datagram_pair_run(struct datagram_pair *pair, const char *script)
{
    char text[1024], *rest = text;
    assert_true(strlen(script) < sizeof text);
    strcpy(text, script);
    pair->log[0] = '\0';
    for (char *step; (step = strtok_r(rest, ";", &rest));)
        take_step(pair, step + strspn(step, " "));
}

void datagram_pair_logs(struct datagram_pair *pair, const char *script, const char *log)
{
    datagram_pair_run(pair, script);
    if (strcmp(pair->log, log) != 0)
        fail_msg("%s\n  logged   %s\n  expected %s", script, pair->log, log);
}
