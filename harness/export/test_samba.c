// SPDX-License-Identifier: Apache-2.0
#include "export/test_samba.h"

#include <ctype.h>
#include <string.h>

#include "rules/rules.h"

/* ---- what is spoken of ---- */

void rpcancel_samba_target(struct rpcancel_target *target)
{
    static const char text[] = "interface afa8bd80-7d8a-11c9-bef4-08002b102989 1.0\nfast 0\n";
    char failure[RPCANCEL_TARGET_TEXT_MAX];
    rpcancel_target_read(target, "mgmt", text, sizeof text - 1, failure); /* it is well-formed */
}

static void put_identifier(const char *text, size_t length, char *out, size_t *size)
{
    for (size_t i = 0; i < length && *size < RPCANCEL_SAMBA_NAME_MAX - 1; i++)
        out[(*size)++] = isalnum((unsigned char)text[i]) ? text[i] : '_';
    out[*size] = '\0';
}

void rpcancel_samba_name(const struct rpcancel_conversation *conversation, const char *path,
                         char out[RPCANCEL_SAMBA_NAME_MAX])
{
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
    const char *dot = strrchr(file, '.');
    size_t size = 0;
    put_identifier("test_", 5, out, &size);
    if (strcmp(file, "-") == 0)
        put_identifier("sequence", 8, out, &size);
    else
        put_identifier(file, dot && dot != file ? (size_t)(dot - file) : strlen(file), out, &size);
    if (conversation->rule < 0)
        return;
    const char *id = rpcancel_rule_at((unsigned)conversation->rule)->id;
    put_identifier("_", 1, out, &size);
    put_identifier(id, strlen(id), out, &size);
}

void rpcancel_samba_knownfail(const char *name, FILE *out)
{
    /* As many names begin with others, \b ends it. */
    fprintf(out, "^samba.tests.dcerpc.raw_protocol.samba.tests.dcerpc.raw_protocol.TestDCERPC_BIND.%s\\b\n", name);
}

/* ---- what cannot be written ---- */

static bool is_of_client(const struct rpcancel_conversation_event *at)
{
    return at->event.kind == RPCANCEL_WIRE_PDU && at->event.sender == RPCANCEL_SENDER_CLIENT;
}

static const char no_such_type[] = "the helpers of Samba's class write no PDU of a type that no client sends";

static const char *obstacle_of_client(const struct rpcancel_pdu *pdu)
{
    if (rpcancel_pdu_is_big_endian(pdu))
        return "the helpers of Samba's class write PDUs in little-endian order only";
    switch (pdu->type) {
    case RPCANCEL_PDU_CO_CANCEL:
    case RPCANCEL_PDU_ORPHANED:
        if (pdu->data.size > 0 || pdu->auth.value.size > 0)
            return "a co_cancel or orphaned with more than its header is not written";
        return NULL;
    case RPCANCEL_PDU_BIND:
    case RPCANCEL_PDU_REQUEST:
        return NULL;
    default:
        return no_such_type;
    }
}

static bool completes_request(const struct rpcancel_conversation_event *at)
{
    return is_of_client(at) && at->event.pdu.type == RPCANCEL_PDU_REQUEST &&
           at->event.pdu.flags & RPCANCEL_PFC_LAST_FRAG;
}

/* Tells whether what the server sent at |index| may arrive in one piece with something else that it sends: an earlier
 * answer, nothing having been sent to it since that this is the answer to; or that to a call which was complete when
 * this one was. */
static bool may_be_glued(const struct rpcancel_conversation *conversation, size_t index)
{
    const struct rpcancel_conversation_event *at = &conversation->list[index];
    bool is_another_complete = false;
    for (size_t i = index; i-- > 0;) {
        const struct rpcancel_conversation_event *before = &conversation->list[i];
        if (is_of_client(before) && before->event.pdu.call_id == at->event.pdu.call_id)
            return is_another_complete && completes_request(before);
        is_another_complete |= completes_request(before);
        if (before->event.kind == RPCANCEL_WIRE_PDU && before->event.sender == RPCANCEL_SENDER_SERVER)
            return true;
    }
    return false;
}

/* How much of the conversation there is up to the last answer of which something is demanded. */
static size_t asked_count(const struct rpcancel_conversation *conversation)
{
    size_t count = conversation->count;
    while (count > 0 && (conversation->list[count - 1].event.sender != RPCANCEL_SENDER_SERVER ||
                         !rpcancel_demand_is_any(&conversation->list[count - 1].demand)))
        count--;
    return count;
}

const char *rpcancel_samba_obstacle(const struct rpcancel_conversation *conversation)
{
    for (size_t i = 0; i < conversation->count; i++) {
        const struct rpcancel_conversation_event *at = &conversation->list[i];
        bool is_server = at->event.sender == RPCANCEL_SENDER_SERVER;
        if (at->event.kind == RPCANCEL_WIRE_UNREADABLE)
            return is_server ? "what the reference answers is no PDU" : no_such_type;
        const char *obstacle = is_of_client(at) ? obstacle_of_client(&at->event.pdu) : NULL;
        if (obstacle)
            return obstacle;
        if (at->event.kind == RPCANCEL_WIRE_PDU && !is_of_client(at) && may_be_glued(conversation, i))
            return "two answers may come in one piece, which recv_pdu of Samba's class does not take apart";
    }
    return asked_count(conversation) > 0
               ? NULL
               : "no rule demands anything of what the server answers, so there is nothing to test";
}

/* ---- what the client sends ---- */

static void put_flags(unsigned flags, const char *indent, FILE *out)
{
    static const char *const names[] = {
        "FIRST", "LAST", "PENDING_CANCEL_OR_HDR_SIGNING", NULL, "CONC_MPX", "DID_NOT_EXECUTE", "MAYBE", "OBJECT_UUID"};
    const char *separator = "";
    for (unsigned bit = 0; bit < 8; bit++) {
        if (!(flags >> bit & 1u))
            continue;
        if (separator[0])
            fprintf(out, "%s%s", separator, indent);
        if (names[bit])
            fprintf(out, "dcerpc.DCERPC_PFC_FLAG_%s", names[bit]);
        else
            fprintf(out, "0x%02x", 1u << bit);
        separator = " |\n";
    }
    if (flags == 0)
        fputs("0", out);
}

static const char flags_argument[] = "                                    ";

static void put_bind(const struct rpcancel_conversation_event *at, FILE *out)
{
    const struct rpcancel_pdu *pdu = &at->event.pdu;
    unsigned features = pdu->bind.context_count - 1u;
    fputs("        ctx1 = dcerpc.ctx_list()\n"
          "        ctx1.context_id = 0\n"
          "        ctx1.num_transfer_syntaxes = 1\n"
          "        ctx1.abstract_syntax = samba.dcerpc.mgmt.abstract_syntax()\n"
          "        ctx1.transfer_syntaxes = [base.transfer_syntax_ndr()]\n",
          out);
    for (unsigned i = 0; i < features; i++) {
        fprintf(out,
                "        ctx%u = dcerpc.ctx_list()\n"
                "        ctx%u.context_id = %u\n"
                "        ctx%u.num_transfer_syntaxes = 1\n"
                "        ctx%u.abstract_syntax = samba.dcerpc.mgmt.abstract_syntax()\n"
                "        ctx%u.transfer_syntaxes = [base.bind_time_features_syntax(\n"
                "            features=dcerpc.DCERPC_BIND_TIME_KEEP_CONNECTION_ON_ORPHAN)]\n",
                i + 2, i + 2, i + 1, i + 2, i + 2, i + 2);
    }
    fprintf(out,
            "        req = self.generate_bind(call_id=%u,\n                                 pfc_flags=", pdu->call_id);
    put_flags(pdu->flags, "                                           ", out);
    fputs(",\n                                 ctx_list=[ctx1", out);
    for (unsigned i = 0; i < features; i++)
        fprintf(out, ", ctx%u", i + 2);
    fputs("])\n        self.send_pdu(req)\n", out);
}

static void put_request(const struct rpcancel_pdu *pdu, FILE *out)
{
    fprintf(out, "        req = self.generate_request(call_id=%u,\n%spfc_flags=", pdu->call_id, flags_argument);
    put_flags(pdu->flags, "                                              ", out);
    if (pdu->request.alloc_hint != pdu->data.size)
        fprintf(out, ",\n%salloc_hint=0x%x", flags_argument, pdu->request.alloc_hint);
    fprintf(out, ",\n%scontext_id=ctx1.context_id,\n%sopnum=%u,\n%sstub=b\"\")\n        self.send_pdu(req)\n",
            flags_argument, flags_argument, pdu->request.opnum, flags_argument);
}

static void put_cancel(const struct rpcancel_pdu *pdu, FILE *out)
{
    bool is_orphaned = pdu->type == RPCANCEL_PDU_ORPHANED;
    fprintf(out, "        req = self.generate_%s(call_id=%u, pfc_flags=0x%02x)\n        self.send_pdu(req)\n",
            is_orphaned ? "orphaned" : "co_cancel", pdu->call_id, pdu->flags);
}

/* ---- what the server answers ---- */

static void put_rules(const struct rpcancel_demand *demand, FILE *out)
{
    for (unsigned i = 0; i < demand->rule_count; i++)
        fprintf(out, "%s%s%s",
                i == 0       ? "        # "
                : i % 4 == 0 ? ",\n        # "
                             : ", ",
                rpcancel_rule_at(demand->rules[i])->id, i + 1 == demand->rule_count ? "\n" : "");
}

/* What rules leave open may be otherwise, and then the rest is about another case. */
static void put_guard(const char *condition, const char *value, bool is_demanded, const char *what, FILE *out)
{
    if (is_demanded)
        fprintf(out, "        self.assertEqual(%s, %s)\n", condition, value);
    else
        fprintf(out, "        if %s != %s:\n            self.skipTest(\"no rule demands %s\")\n", condition, value,
                what);
}

/* A fault that may be there for another reason must not be there for one of these. */
static void put_forbidden_statuses(const struct rpcancel_demand *demand, const char *indent, FILE *out)
{
    if (demand->forbidden_count == 0)
        return;
    fprintf(out, "%sif rep.ptype == dcerpc.DCERPC_PKT_FAULT:\n%s    self.assertNotIn(rep.u.status, [", indent, indent);
    for (unsigned i = 0; i < demand->forbidden_count; i++)
        fprintf(out, "%s0x%08x", i == 0 ? "" : ", ", demand->forbidden[i]);
    fputs("])\n", out);
}

/* The call_id may be another one, but not that of a call that must not be answered. */
static void put_other_calls(const struct rpcancel_demand *demand, FILE *out)
{
    if (demand->call_id || demand->other_call_count == 0)
        return;
    fputs("        self.assertNotIn(rep.call_id, [", out);
    for (unsigned i = 0; i < demand->other_call_count; i++)
        fprintf(out, "%s%u", i ? ", " : "", demand->other_calls[i]);
    fputs("])\n", out);
}

static void put_status(const struct rpcancel_conversation_event *at, FILE *out)
{
    char value[16];
    if (at->event.pdu.type != RPCANCEL_PDU_FAULT)
        return;
    snprintf(value, sizeof value, "0x%08x", at->event.pdu.fault.status);
    put_guard("rep.u.status", value, at->demand.status, "this status", out);
}

static unsigned how_many(const bool counts[RPCANCEL_CONVERSATION_COUNTS])
{
    unsigned sum = 0;
    for (unsigned i = 0; i < RPCANCEL_CONVERSATION_COUNTS; i++)
        sum += counts[i];
    return sum;
}

/* Asserts that cancel_count is one of |counts|, of which there is at least one. */
static void put_counts(const bool counts[RPCANCEL_CONVERSATION_COUNTS], const char *indent, FILE *out)
{
    unsigned least = 0, sum = how_many(counts);
    while (!counts[least])
        least++;
    bool is_range = true;
    for (unsigned i = least; i < least + sum; i++)
        is_range &= counts[i];
    if (sum == RPCANCEL_CONVERSATION_COUNTS)
        fprintf(out, "%spass\n", indent);
    else if (sum == 1)
        fprintf(out, "%sself.assertEqual(rep.u.cancel_count, %u)\n", indent, least);
    else if (is_range && least == 0)
        fprintf(out, "%sself.assertLessEqual(rep.u.cancel_count, %u)\n", indent, sum - 1);
    else if (is_range)
        fprintf(out, "%sself.assertIn(rep.u.cancel_count, range(%u, %u))\n", indent, least, least + sum);
    else {
        fprintf(out, "%sself.assertIn(rep.u.cancel_count, [", indent);
        for (unsigned i = 0, n = 0; i < RPCANCEL_CONVERSATION_COUNTS; i++) {
            if (counts[i])
                fprintf(out, "%s%u", n++ ? ", " : "", i);
        }
        fputs("])\n", out);
    }
}

static void put_cancels(const struct rpcancel_demand *demand, FILE *out)
{
    static const char pending[] = "rep.pfc_flags & dcerpc.DCERPC_PFC_FLAG_PENDING_CANCEL";
    unsigned without = how_many(demand->counts[0]), with = how_many(demand->counts[1]);
    if (without + with == 2 * RPCANCEL_CONVERSATION_COUNTS)
        return;
    if (with == 0 || without == 0) {
        fprintf(out, "        self.assert%s(%s)\n", with ? "True" : "False", pending);
        if (without + with < RPCANCEL_CONVERSATION_COUNTS)
            put_counts(demand->counts[with > 0], "        ", out);
    } else if (memcmp(demand->counts[0], demand->counts[1], sizeof demand->counts[0]) == 0) {
        put_counts(demand->counts[0], "        ", out);
    } else {
        fprintf(out, "        if %s:\n", pending);
        put_counts(demand->counts[1], "            ", out);
        fputs("        else:\n", out);
        put_counts(demand->counts[0], "            ", out);
    }
}

static void put_answer(const struct rpcancel_conversation_event *at, FILE *out)
{
    static const char *const types[] = {[RPCANCEL_PDU_RESPONSE] = "dcerpc.DCERPC_PKT_RESPONSE",
                                        [RPCANCEL_PDU_FAULT] = "dcerpc.DCERPC_PKT_FAULT",
                                        [RPCANCEL_PDU_BIND_ACK] = "dcerpc.DCERPC_PKT_BIND_ACK",
                                        [RPCANCEL_PDU_BIND_NAK] = "dcerpc.DCERPC_PKT_BIND_NAK"};
    const struct rpcancel_pdu *pdu = &at->event.pdu;
    const struct rpcancel_demand *demand = &at->demand;
    bool is_reply = pdu->type == RPCANCEL_PDU_RESPONSE || pdu->type == RPCANCEL_PDU_FAULT;
    char value[16];
    fputs("        rep = self.recv_pdu()\n", out);
    put_rules(demand, out);
    if (demand->must_come)
        fputs("        self.assertIsNotNone(rep)\n", out);
    else
        fputs("        if rep is None and self.s is None:\n"
              "            self.skipTest(\"no rule forbids the end of the connection here\")\n"
              "        self.assertIsNotNone(rep)\n",
              out);
    /* Where no other type or status may come, an equation says it. */
    if (is_reply && !(demand->type && (pdu->type == RPCANCEL_PDU_RESPONSE || demand->status)))
        put_forbidden_statuses(demand, "        ", out);
    put_guard("rep.ptype", types[pdu->type], demand->type, is_reply ? "this type" : "that a bind is accepted", out);
    snprintf(value, sizeof value, "%u", pdu->call_id);
    put_other_calls(demand, out);
    put_guard("rep.call_id", value, demand->call_id, "this call_id", out);
    put_status(at, out);
    if (demand->flags)
        fprintf(out, "        self.assertEqual(rep.pfc_flags & 0x%02x, 0x%02x)\n", demand->flags,
                pdu->flags & demand->flags);
    if (is_reply)
        put_cancels(demand, out);
}

static void put_end(const struct rpcancel_conversation_event *at, FILE *out)
{
    if (!at->demand.must_close) {
        fputs("        # The reference closes here; no rule demands it.\n"
              "        self._disconnect(\"done\")\n",
              out);
        return;
    }
    put_rules(&at->demand, out);
    fputs("        rep = self.recv_pdu()\n"
          "        self.assertIsNone(rep)\n"
          "        self.assertNotConnected()\n",
          out);
}

/* Looks whether an answer comes, so that it does not arrive in one piece with a later one. */
static void put_silence(const struct rpcancel_conversation_event *at, FILE *out)
{
    const struct rpcancel_demand *demand = &at->demand;
    bool all_faults = demand->forbidden_count == RPCANCEL_CONVERSATION_STATUSES;
    if (!at->is_silent)
        return;
    fputs("        rep = self.recv_pdu(timeout=0.1)\n", out);
    if (at->forbids_response || demand->forbidden_count > 0) {
        put_rules(demand, out);
        fprintf(out, "        if rep is not None and rep.call_id == %u:\n", at->event.pdu.call_id);
    }
    if (at->forbids_response)
        fputs("            self.assertNotEqual(rep.ptype, dcerpc.DCERPC_PKT_RESPONSE)\n", out);
    if (all_faults)
        fputs("            self.assertNotEqual(rep.ptype, dcerpc.DCERPC_PKT_FAULT)\n", out);
    else
        put_forbidden_statuses(demand, "            ", out);
    fputs("        if rep is not None or self.s is None:\n"
          "            self.skipTest(\"no rule forbids this\")\n",
          out);
}

/* ---- all ---- */

static void put_head(const struct rpcancel_conversation *conversation, const char *name, const char *title, FILE *out)
{
    fprintf(out, "    def %s(self):\n        # %s\n        # profile %s\n", name, title,
            rpcancel_wire_profile_name(conversation->profile));
    if (conversation->rule < 0)
        return;
    const struct rpcancel_rule *rule = rpcancel_rule_at((unsigned)conversation->rule);
    fprintf(out, "        # %s: %s\n        # %s\n", rule->id, rule->text, rule->source);
}

static void put_client(const struct rpcancel_conversation_event *at, bool *is_bound, bool *is_closed, FILE *out)
{
    const struct rpcancel_pdu *pdu = &at->event.pdu;
    if (*is_closed || (*is_bound && pdu->type == RPCANCEL_PDU_BIND)) {
        if (!*is_closed)
            fputs("        self._disconnect(\"another connection\")\n", out);
        fputs("        self.connect()\n", out);
        *is_bound = *is_closed = false;
    }
    *is_bound |= pdu->type == RPCANCEL_PDU_BIND;
    if (pdu->type == RPCANCEL_PDU_BIND)
        put_bind(at, out);
    else if (pdu->type == RPCANCEL_PDU_REQUEST)
        put_request(pdu, out);
    else
        put_cancel(pdu, out);
    put_silence(at, out);
}

void rpcancel_test_source_samba(const struct rpcancel_conversation *conversation, const char *name, const char *title,
                                FILE *out)
{
    bool is_bound = false, is_closed = false, was_server = true;
    const size_t count = asked_count(conversation);
    put_head(conversation, name, title, out);
    for (size_t i = 0; i < count; i++) {
        const struct rpcancel_conversation_event *at = &conversation->list[i];
        bool is_server = at->event.sender == RPCANCEL_SENDER_SERVER;
        fputs(was_server && !is_server ? "\n" : "", out);
        was_server = is_server;
        if (at->event.kind == RPCANCEL_WIRE_PDU && is_server)
            put_answer(at, out);
        else if (at->event.kind == RPCANCEL_WIRE_PDU)
            put_client(at, &is_bound, &is_closed, out);
        else if (at->event.kind == RPCANCEL_WIRE_CLOSED && is_server)
            put_end(at, out);
        else if (at->event.kind == RPCANCEL_WIRE_CLOSED)
            fputs("        self._disconnect(\"done\")\n", out);
        is_closed |= at->event.kind == RPCANCEL_WIRE_CLOSED;
    }
}
