// SPDX-License-Identifier: Apache-2.0
/* Binding: presentation contexts, sizes of fragments, the association group, bind-time features. */
#include "wire/server_parts.h"

/* NDR64, which is known, but not offered: a context cannot change to it. */
static const struct rpcancel_syntax ndr64 = {
    {0x71710533, 0xBEBA, 0x4937, {0x83, 0x19, 0xB5, 0xDB, 0xEF, 0x9C, 0xCC, 0x36}}, 1};

struct negotiation {
    struct rpcancel_server *server;
    bool big_endian;
    struct rpcancel_span asked;
    uint8_t results[255 * RPCANCEL_RESULT_SIZE];
    size_t results_size;
    unsigned count;
    /* Interfaces that one of the contexts so far was accepted for. */
    const struct rpcancel_interface *accepted[RPCANCEL_SERVER_CONTEXTS_MAX];
    unsigned accepted_count;
};

/* What becomes of a bind as a whole. */
enum outcome { ANSWERED, REJECTED, BROKEN };

struct rpcancel_server_context *rpcancel_server_find_context(struct rpcancel_server *server, uint16_t id)
{
    for (unsigned i = 0; i < server->context_count; i++) {
        if (server->contexts[i].id == id)
            return &server->contexts[i];
    }
    return NULL;
}

static bool offers(struct rpcancel_span transfers, bool big_endian, const struct rpcancel_syntax *wanted)
{
    struct rpcancel_syntax transfer;
    while (rpcancel_syntax_next(&transfers, big_endian, &transfer)) {
        if (rpcancel_syntax_is(&transfer, wanted))
            return true;
    }
    return false;
}

static bool was_accepted(const struct negotiation *negotiation, const struct rpcancel_interface *interface)
{
    for (unsigned i = 0; i < negotiation->accepted_count; i++) {
        if (negotiation->accepted[i] == interface)
            return true;
    }
    return false;
}

/* Accepts |context| for |interface|; false when there are too many. */
static bool accept_context(struct negotiation *negotiation, uint16_t id, const struct rpcancel_interface *interface)
{
    struct rpcancel_server *server = negotiation->server;
    struct rpcancel_server_context *known = rpcancel_server_find_context(server, id);
    if (!known && server->context_count == RPCANCEL_SERVER_CONTEXTS_MAX)
        return false;
    if (!known)
        known = &server->contexts[server->context_count++];
    *known = (struct rpcancel_server_context){id, interface};
    if (!was_accepted(negotiation, interface) && negotiation->accepted_count < RPCANCEL_SERVER_CONTEXTS_MAX)
        negotiation->accepted[negotiation->accepted_count++] = interface;
    return true;
}

static enum outcome judge_syntax(struct negotiation *negotiation, const struct rpcancel_context *context,
                                 struct rpcancel_result *result)
{
    struct rpcancel_server *server = negotiation->server;
    const struct rpcancel_interface *interface =
        server->host->find_interface(server->host->context, &context->abstract);
    result->result = RPCANCEL_PROVIDER_REJECTION;
    result->reason = RPCANCEL_ABSTRACT_SYNTAX_NOT_SUPPORTED;
    if (!interface)
        return ANSWERED;
    result->reason = RPCANCEL_TRANSFER_SYNTAXES_NOT_SUPPORTED;
    if (!offers(context->transfers, negotiation->big_endian, &rpcancel_syntax_ndr)) {
        /* A context that has a syntax cannot get another one. */
        bool changes = rpcancel_server_find_context(server, context->id) &&
                       offers(context->transfers, negotiation->big_endian, &ndr64);
        return changes ? BROKEN : ANSWERED;
    }
    if (server->choices->one_of_each_syntax && was_accepted(negotiation, interface))
        return ANSWERED;
    result->reason = RPCANCEL_LOCAL_LIMIT_EXCEEDED;
    if (!accept_context(negotiation, context->id, interface))
        return ANSWERED;
    *result = (struct rpcancel_result){RPCANCEL_ACCEPTANCE, RPCANCEL_REASON_NOT_SPECIFIED, rpcancel_syntax_ndr};
    return ANSWERED;
}

/* Every context asked for, each with a result. */
static enum outcome negotiate(struct negotiation *negotiation)
{
    struct rpcancel_context context;
    unsigned features_asked = 0;
    while (rpcancel_context_next(&negotiation->asked, negotiation->big_endian, &context)) {
        struct rpcancel_result result = {0};
        enum outcome outcome = ANSWERED;
        uint64_t features;
        if (context.transfer_count == 0)
            return REJECTED;
        if (rpcancel_context_asks_features(&context, negotiation->big_endian, &features)) {
            if (++features_asked > 1)
                return REJECTED; /* W98 */
            result.result = RPCANCEL_NEGOTIATE_ACK;
            result.reason = (uint16_t)(features & (RPCANCEL_FEATURE_SECURITY_CONTEXT_MULTIPLEXING |
                                                   RPCANCEL_FEATURE_KEEP_CONNECTION_ON_ORPHAN));
        } else {
            outcome = judge_syntax(negotiation, &context, &result);
        }
        if (outcome != ANSWERED)
            return outcome;
        negotiation->results_size +=
            rpcancel_result_write(negotiation->results + negotiation->results_size,
                                  sizeof negotiation->results - negotiation->results_size, false, &result);
        negotiation->count++;
    }
    return negotiation->count > 0 ? ANSWERED : REJECTED;
}

bool rpcancel_server_reject(struct rpcancel_server *server, const struct rpcancel_pdu *pdu, uint16_t reason)
{
    /* The versions of this server, then padding to a multiple of 4. */
    const uint8_t versions[] = {5, pdu->minor_version <= 1 ? pdu->minor_version : 1};
    static const uint8_t padding[3] = {0};
    struct rpcancel_pdu nak;
    rpcancel_pdu_init(&nak, RPCANCEL_PDU_BIND_NAK, pdu->call_id);
    nak.bind_nak.reason = reason;
    nak.bind_nak.has_versions = true;
    nak.bind_nak.version_count = 1;
    nak.bind_nak.versions = (struct rpcancel_span){versions, sizeof versions};
    nak.data = (struct rpcancel_span){padding, sizeof padding};
    rpcancel_server_send(server, &nak);
    return false;
}

/* The size of fragments both sides can live with. */
static uint16_t fragment_size(const struct rpcancel_bind_body *bind)
{
    unsigned size = bind->max_transmit < bind->max_receive ? bind->max_transmit : bind->max_receive;
    if (size > RPCANCEL_SERVER_FRAGMENT_MAX)
        size = RPCANCEL_SERVER_FRAGMENT_MAX;
    size -= size % 8;
    return (uint16_t)(size < RPCANCEL_SERVER_FRAGMENT_LEAST ? RPCANCEL_SERVER_FRAGMENT_LEAST : size);
}

static void acknowledge(struct negotiation *negotiation, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_server *server = negotiation->server;
    bool is_bind = pdu->type == RPCANCEL_PDU_BIND;
    struct rpcancel_pdu ack;
    rpcancel_pdu_init(&ack, is_bind ? RPCANCEL_PDU_BIND_ACK : RPCANCEL_PDU_ALTER_CONTEXT_RESP, pdu->call_id);
    ack.flags |= pdu->flags & RPCANCEL_PFC_SUPPORT_HEADER_SIGN;
    if (is_bind && server->multiplexed)
        ack.flags |= RPCANCEL_PFC_CONC_MPX;
    ack.bind_ack.max_transmit = server->fragment_max;
    ack.bind_ack.max_receive = server->fragment_max;
    ack.bind_ack.group_id = server->group_id;
    if (is_bind)
        ack.bind_ack.address = (struct rpcancel_span){(const uint8_t *)server->port, strlen(server->port) + 1};
    ack.bind_ack.result_count = (uint8_t)negotiation->count;
    ack.bind_ack.results = (struct rpcancel_span){negotiation->results, negotiation->results_size};
    rpcancel_server_send(server, &ack);
}

/* What a first bind settles beside the contexts; false when the association group does not exist. */
static bool begin(struct rpcancel_server *server, const struct rpcancel_pdu *pdu)
{
    server->group_id = pdu->bind.group_id;
    if (!server->host->join_group(server->host->context, &server->group_id))
        return false;
    server->bound = true;
    server->multiplexed = pdu->flags & RPCANCEL_PFC_CONC_MPX;
    server->fragment_max = fragment_size(&pdu->bind);
    return true;
}

bool rpcancel_server_bind(struct rpcancel_server *server, const struct rpcancel_pdu *pdu)
{
    struct negotiation negotiation = {
        .server = server, .big_endian = rpcancel_pdu_is_big_endian(pdu), .asked = pdu->bind.contexts};
    bool is_bind = pdu->type == RPCANCEL_PDU_BIND;
    if (pdu->auth.value.size > 0) { /* of levels that exist the type is at fault */
        bool is_level = pdu->auth.level >= 2 && pdu->auth.level <= 6;
        return rpcancel_server_reject(server, pdu,
                                      is_level ? RPCANCEL_REJECT_AUTHENTICATION_TYPE : RPCANCEL_REJECT_NOT_SPECIFIED);
    }
    if (is_bind == server->bound || (is_bind && !begin(server, pdu)))
        return rpcancel_server_reject(server, pdu, RPCANCEL_REJECT_NOT_SPECIFIED);
    enum outcome outcome = negotiate(&negotiation);
    if (outcome == ANSWERED) {
        acknowledge(&negotiation, pdu);
        return true;
    }
    if (outcome == REJECTED && is_bind)
        return rpcancel_server_reject(server, pdu, RPCANCEL_REJECT_NOT_SPECIFIED);
    rpcancel_server_send_fault(server, pdu->call_id, 0, RPCANCEL_PFC_DID_NOT_EXECUTE, RPCANCEL_NCA_PROTO_ERROR);
    return false;
}
