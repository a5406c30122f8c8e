// SPDX-License-Identifier: Apache-2.0
/* Calls: fragments become requests, cancels find the call they are for, and what nobody may send ends the connection.
 */
#include "wire/server.h"

#include "wire/server_parts.h"

void rpcancel_server_init(struct rpcancel_server *server, const struct rpcancel_server_host *host,
                          const struct rpcancel_wire_choices *choices, const char *port)
{
    memset(server, 0, sizeof *server);
    server->host = host;
    server->choices = choices;
    server->port = port;
    server->fragment_max = RPCANCEL_PDU_MUST_RECEIVE;
    server->assembling = -1;
}

/* Ends the association with a fault. */
static bool fault_and_close(struct rpcancel_server *server, uint32_t call_id, uint16_t context_id, uint8_t flags,
                            uint32_t status)
{
    rpcancel_server_send_fault(server, call_id, context_id, flags, status);
    return false;
}

static bool protocol_error(struct rpcancel_server *server, uint32_t call_id, uint16_t context_id)
{
    return fault_and_close(server, call_id, context_id, 0, RPCANCEL_NCA_PROTO_ERROR);
}

/* ---- finding calls ---- */

/* The call of that number which a cancel or orphaned can be for; NULL: the PDU is for nobody (W54, W99, W104, W105). */
static struct rpcancel_server_call *find_open_call(struct rpcancel_server *server, uint32_t call_id)
{
    for (unsigned i = 0; i < RPCANCEL_SERVER_CALLS_MAX; i++) {
        struct rpcancel_server_call *call = &server->calls[i];
        bool is_open = call->state == RPCANCEL_CALL_ASSEMBLING || call->state == RPCANCEL_CALL_EXECUTING;
        if (is_open && call->call_id == call_id)
            return call;
    }
    return NULL;
}

static unsigned number_of(const struct rpcancel_server *server, const struct rpcancel_server_call *call)
{
    return (unsigned)(call - server->calls);
}

static int find_state(const struct rpcancel_server *server, enum rpcancel_server_call_state state)
{
    for (int i = 0; i < RPCANCEL_SERVER_CALLS_MAX; i++) {
        if (server->calls[i].state == state)
            return i;
    }
    return -1;
}

/* ---- requests ---- */

static void execute(struct rpcancel_server *server, int number, bool big_endian, struct rpcancel_span stub_data)
{
    struct rpcancel_server_call *call = &server->calls[number];
    const struct rpcancel_server_context *context = rpcancel_server_find_context(server, call->context_id);
    unsigned earlier = call->cancels > 0 || !call->cancel_pending ? call->cancels : 1;
    call->state = RPCANCEL_CALL_EXECUTING;
    struct rpcancel_server_request request = {(unsigned)number, context->interface, call->opnum, big_endian, stub_data};
    server->host->request(server->host->context, server, &request);
    /* What came while the request was not complete is told now (W56), unless it was answered at once. */
    while (earlier-- > 0 && call->state == RPCANCEL_CALL_EXECUTING)
        server->host->cancel(server->host->context, server, (unsigned)number);
}

/* The fault of a call that cannot be executed; the association goes on. */
static bool not_executed(struct rpcancel_server *server, const struct rpcancel_pdu *pdu, uint16_t context_id,
                         uint32_t status)
{
    rpcancel_server_send_fault(server, pdu->call_id, context_id, RPCANCEL_PFC_DID_NOT_EXECUTE, status);
    return true;
}

/* What forbids a first fragment whatever it asks for, and ends the association; true when nothing does. */
static bool may_begin(struct rpcancel_server *server, const struct rpcancel_pdu *pdu)
{
    int open = server->assembling >= 0 ? server->assembling : find_state(server, RPCANCEL_CALL_EXECUTING);
    if (server->multiplexed && server->assembling >= 0) /* W32 */
        return protocol_error(server, pdu->call_id, 0);
    if (!server->multiplexed && open >= 0)
        return protocol_error(server, server->calls[open].call_id, server->calls[open].context_id);
    if (pdu->flags & RPCANCEL_PFC_PENDING_CANCEL && !server->choices->takes_pending_cancel) /* W70 */
        return fault_and_close(server, pdu->call_id, 0, RPCANCEL_PFC_DID_NOT_EXECUTE, RPCANCEL_S_NO_CALL_ACTIVE);
    if (!(pdu->flags & RPCANCEL_PFC_LAST_FRAG) && pdu->request.alloc_hint > RPCANCEL_SERVER_REQUEST_MAX) /* W20 */
        return fault_and_close(server, pdu->call_id, pdu->request.context_id, 0, RPCANCEL_S_ACCESS_DENIED);
    return true;
}

static void discard_assembly(struct rpcancel_server *server)
{
    memset(&server->calls[server->assembling], 0, sizeof server->calls[0]);
    server->assembling = -1;
}

/* Adds a fragment to the request in assembly, and executes it when it is the last. */
static bool add_fragment(struct rpcancel_server *server, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_server_call *call = &server->calls[server->assembling];
    size_t size = server->assembled + pdu->data.size;
    uint8_t *room = NULL;
    if (size > 0 && size <= RPCANCEL_SERVER_REQUEST_MAX)
        room = server->host->assembly(server->host->context, size);
    if (size > 0 && !room)
        return fault_and_close(server, call->call_id, call->context_id, 0, RPCANCEL_S_ACCESS_DENIED);
    if (room && pdu->data.size > 0)
        memcpy(room + server->assembled, pdu->data.bytes, pdu->data.size);
    server->assembled = size;
    if (!(pdu->flags & RPCANCEL_PFC_LAST_FRAG))
        return true;
    int number = server->assembling;
    server->assembling = -1;
    execute(server, number, rpcancel_pdu_is_big_endian(pdu), (struct rpcancel_span){room, size});
    return true;
}

static bool begin_request(struct rpcancel_server *server, const struct rpcancel_pdu *pdu)
{
    server->refusing = false; /* nothing more comes of another one */
    if (!may_begin(server, pdu))
        return false;
    const struct rpcancel_server_context *context = rpcancel_server_find_context(server, pdu->request.context_id);
    bool is_last = pdu->flags & RPCANCEL_PFC_LAST_FRAG;
    if (!context)
        return is_last ? not_executed(server, pdu, 0, RPCANCEL_NCA_UNK_IF) : protocol_error(server, pdu->call_id, 0);
    if (is_last && pdu->request.opnum >= context->interface->operations)
        return not_executed(server, pdu, pdu->request.context_id, RPCANCEL_NCA_OP_RNG_ERROR);
    int number = find_state(server, RPCANCEL_CALL_FREE);
    server->refusing = number < 0 && !is_last;
    server->refused = pdu->call_id;
    if (number < 0)
        return not_executed(server, pdu, pdu->request.context_id, RPCANCEL_NCA_SERVER_TOO_BUSY);
    server->calls[number] = (struct rpcancel_server_call){
        .state = RPCANCEL_CALL_ASSEMBLING,
        .call_id = pdu->call_id,
        .context_id = pdu->request.context_id,
        .opnum = pdu->request.opnum,
        .cancel_pending = pdu->flags & RPCANCEL_PFC_PENDING_CANCEL,
        .maybe = pdu->flags & RPCANCEL_PFC_MAYBE && server->choices->knows_maybe,
    };
    server->assembled = 0;
    if (is_last) { /* nothing to put together */
        execute(server, number, rpcancel_pdu_is_big_endian(pdu), pdu->data);
        return true;
    }
    server->assembling = number;
    return add_fragment(server, pdu);
}

static bool go_on_with_request(struct rpcancel_server *server, const struct rpcancel_pdu *pdu)
{
    if (server->assembling < 0 && server->refusing && server->refused == pdu->call_id) {
        server->refusing =
            !(pdu->flags & RPCANCEL_PFC_LAST_FRAG); /* it was answered, which the client cannot know yet */
        return true;
    }
    if (server->assembling < 0) /* W33 */
        return protocol_error(server, pdu->call_id, 0);
    const struct rpcancel_server_call *call = &server->calls[server->assembling];
    if (call->call_id != pdu->call_id || call->context_id != pdu->request.context_id ||
        call->opnum != pdu->request.opnum)
        return protocol_error(server, call->call_id, call->context_id);
    if (pdu->flags & RPCANCEL_PFC_LAST_FRAG) {
        const struct rpcancel_server_context *context = rpcancel_server_find_context(server, call->context_id);
        if (call->opnum >= context->interface->operations) {
            discard_assembly(server);
            return not_executed(server, pdu, pdu->request.context_id, RPCANCEL_NCA_OP_RNG_ERROR);
        }
    }
    return add_fragment(server, pdu);
}

static bool receive_request(struct rpcancel_server *server, const struct rpcancel_pdu *pdu)
{
    if (pdu->auth.value.size > 0)
        return fault_and_close(server, pdu->call_id, pdu->request.context_id, 0, RPCANCEL_S_ACCESS_DENIED);
    return pdu->flags & RPCANCEL_PFC_FIRST_FRAG ? begin_request(server, pdu) : go_on_with_request(server, pdu);
}

/* ---- cancels ---- */

static void receive_cancel(struct rpcancel_server *server, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_server_call *call = find_open_call(server, pdu->call_id);
    if (!call)
        return;
    call->cancels++;
    call->cancel_pending = true;
    if (call->state == RPCANCEL_CALL_EXECUTING)
        server->host->cancel(server->host->context, server, number_of(server, call));
}

/* Nothing will be sent for |call|, which executes. */
static void give_up(struct rpcancel_server *server, struct rpcancel_server_call *call)
{
    call->state = RPCANCEL_CALL_ORPHANED;
    server->host->orphaned(server->host->context, server, number_of(server, call));
}

static void receive_orphaned(struct rpcancel_server *server, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_server_call *call = find_open_call(server, pdu->call_id);
    if (!call)
        return;
    if (call->state == RPCANCEL_CALL_EXECUTING)
        give_up(server, call);                        /* W102 */
    else if (server->choices->orphaned_ends_assembly) /* W101; or W107 */
        discard_assembly(server);
}

void rpcancel_server_lost(struct rpcancel_server *server)
{
    if (server->assembling >= 0)
        discard_assembly(server);
    for (unsigned i = 0; i < RPCANCEL_SERVER_CALLS_MAX; i++) {
        if (server->calls[i].state == RPCANCEL_CALL_EXECUTING)
            give_up(server, &server->calls[i]);
    }
}

/* ---- fragments ---- */

static bool receive_bound(struct rpcancel_server *server, const struct rpcancel_pdu *pdu)
{
    switch (pdu->type) {
    case RPCANCEL_PDU_REQUEST:
        return receive_request(server, pdu);
    case RPCANCEL_PDU_BIND:
    case RPCANCEL_PDU_ALTER_CONTEXT:
        return rpcancel_server_bind(server, pdu);
    case RPCANCEL_PDU_CO_CANCEL:
        receive_cancel(server, pdu);
        return true;
    case RPCANCEL_PDU_ORPHANED:
        receive_orphaned(server, pdu);
        return true;
    default: /* what only servers send, or belongs to authentication or HTTP */
        return fault_and_close(server, pdu->call_id, 0, RPCANCEL_PFC_DID_NOT_EXECUTE, RPCANCEL_NCA_PROTO_ERROR);
    }
}

bool rpcancel_server_receive(struct rpcancel_server *server, const uint8_t *bytes, size_t size)
{
    struct rpcancel_pdu pdu;
    struct rpcancel_pdu_complaint complaint;
    bool understood = rpcancel_pdu_decode(bytes, size, RPCANCEL_LENIENT, &pdu, &complaint);
    bool is_bind = size >= RPCANCEL_PDU_HEADER_SIZE && pdu.version == 5 && pdu.type == RPCANCEL_PDU_BIND;
    if (!understood && is_bind) {
        /* A verifier that cannot be there is what Windows takes for another version. */
        bool has_verifier = rpcancel_read_16(bytes + 10, rpcancel_pdu_is_big_endian(&pdu)) != 0;
        return rpcancel_server_reject(server, &pdu,
                                      has_verifier ? RPCANCEL_REJECT_VERSION : RPCANCEL_REJECT_NOT_SPECIFIED);
    }
    if (!server->bound) {
        if (is_bind)
            return rpcancel_server_bind(server, &pdu);
        /* Cancels of calls that cannot exist are dropped (W130); all else has no meaning yet. */
        return understood && (pdu.type == RPCANCEL_PDU_CO_CANCEL || pdu.type == RPCANCEL_PDU_ORPHANED);
    }
    if (!understood)
        return size >= RPCANCEL_PDU_HEADER_SIZE && complaint.error != RPCANCEL_PDU_ERROR_VERSION
                   ? fault_and_close(server, pdu.call_id, 0, RPCANCEL_PFC_DID_NOT_EXECUTE, RPCANCEL_NCA_PROTO_ERROR)
                   : false;
    return receive_bound(server, &pdu);
}

void rpcancel_server_refuse(struct rpcancel_server *server, const uint8_t *bytes, size_t size)
{
    struct rpcancel_pdu pdu;
    struct rpcancel_pdu_complaint complaint;
    rpcancel_pdu_decode(bytes, size, RPCANCEL_LENIENT, &pdu, &complaint);
    if (server->bound && size >= RPCANCEL_PDU_HEADER_SIZE)
        protocol_error(server, pdu.call_id, 0);
}

bool rpcancel_server_take_cancel(struct rpcancel_server *server, unsigned call)
{
    bool pending = server->calls[call].cancel_pending;
    server->calls[call].cancel_pending = false;
    return pending;
}
