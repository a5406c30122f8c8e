// SPDX-License-Identifier: Apache-2.0
/* Mutants of calls over datagrams: what goes wrong in real ends, one defect each, which datagrams show. */
#include "exchange/change_words.h"

enum { LEN = 74 /* place of |len| in the header, little-endian */, HEADER = RPCANCEL_DATAGRAM_HEADER_SIZE };

/* ---- clients: what cl_cancel says ---- */

LEAVES(cancel_of_version_1)
{
    if (is_cancel(datagram))
        datagram->cancel.version = 1;
    return 1;
}

/* The body of a cl_cancel becomes |length| octets. */
static void cut_cancel(uint8_t *bytes, size_t *size, uint8_t length)
{
    if (bytes[1] != RPCANCEL_PDU_CL_CANCEL || *size != HEADER + RPCANCEL_CANCEL_BODY_SIZE)
        return;
    if (length > RPCANCEL_CANCEL_BODY_SIZE)
        memset(bytes + *size, 0, length - RPCANCEL_CANCEL_BODY_SIZE);
    bytes[LEN] = length;
    *size = HEADER + (size_t)length;
}
OCTETS(cancel_is_an_id_only)
{
    cut_cancel(bytes, size, 4);
}
OCTETS(cancel_is_padded)
{
    cut_cancel(bytes, size, 12);
}

LEAVES(cancel_of_another_operation)
{
    if (is_cancel(datagram))
        datagram->opnum = 0;
    return 1;
}
LEAVES(quit_of_another_operation)
{
    if (is_quit(datagram))
        datagram->opnum = 0;
    return 1;
}
LEAVES(cancel_of_another_interface)
{
    if (is_cancel(datagram))
        datagram->interface.time_low++;
    return 1;
}
LEAVES(cancel_of_next_call)
{
    if (is_cancel(datagram))
        datagram->sequence++;
    return 1;
}
LEAVES(cancel_of_another_activity)
{
    if (is_cancel(datagram))
        datagram->activity.time_low++;
    return 1;
}

LEAVES(cancel_ids_are_0)
{
    if (is_cancel(datagram))
        datagram->cancel.cancel_id = 0;
    return 1;
}
LEAVES(cancel_ids_begin_with_2)
{
    if (is_cancel(datagram))
        datagram->cancel.cancel_id++;
    return 1;
}
LEAVES(cancel_ids_go_down)
{
    if (is_cancel(datagram) && datagram->cancel.cancel_id > 1)
        datagram->cancel.cancel_id = ends->state->memory ? 1 : 2;
    if (is_cancel(datagram) && datagram->cancel.cancel_id == 2)
        ends->state->memory = 1;
    return 1;
}
LEAVES(every_repetition_counts)
{
    if (is_cancel(datagram) && ends->state->memory < 8)
        ends->state->memory++;
    if (is_cancel(datagram))
        datagram->cancel.cancel_id = ends->state->memory;
    return 1;
}

/* ---- clients: repetition ---- */

AFTER(cancel_is_not_repeated)
{
    ends->client.cancel_timer = RPCANCEL_NEVER;
}
CHOOSES(cancel_is_repeated_after_a_minute)
{
    choices->cancel_interval = choices->cancel_interval_max = 60000;
}
ARRIVES(nocall_puts_off)
{
    if (datagram->type == RPCANCEL_PDU_NOCALL && ends->client.cancel_timer != RPCANCEL_NEVER)
        ends->client.cancel_timer = ends->client.interval;
    return true;
}
ARRIVES(working_ends_repetition)
{
    if (datagram->type == RPCANCEL_PDU_WORKING)
        ends->client.acknowledged = ends->client.cancels;
    return true;
}

/* Whether the repetition had ended, before something arrives. */
ARRIVES(notes_that_it_ended)
{
    ends->state->memory = ends->client.cancel_timer == RPCANCEL_NEVER && ends->client.cancels > 0;
    return true;
}
AFTER(repetition_does_not_begin_anew)
{
    if (came_to_client(action) && ends->state->memory)
        ends->client.cancel_timer = RPCANCEL_NEVER;
    ends->state->memory = 0;
}

ARRIVES(ack_is_not_seen)
{
    return !is_cancel_ack(datagram);
}
ARRIVES(older_ack_counts)
{
    if (is_cancel_ack(datagram) && datagram->cancel_ack.cancel_id < ends->client.acknowledged) {
        ends->client.acknowledged = datagram->cancel_ack.cancel_id;
        ends->client.cancel_timer = ends->client.interval;
    }
    return true;
}
ARRIVES(refusal_is_not_seen)
{
    if (is_cancel_ack(datagram))
        datagram->cancel_ack.accepting[0] = 1;
    return true;
}
ARRIVES(ack_of_any_activity)
{
    if (sender == RPCANCEL_SENDER_SERVER)
        datagram->activity = rpcancel_exchange_activity;
    return true;
}

/* ---- clients: how a call ends ---- */

CHOOSES(ack_ends_call)
{
    choices->ack_ends_call = true;
}
CHOOSES(ack_does_not_end_call)
{
    choices->ack_ends_call = false;
}
ARRIVES(version_is_not_looked_at)
{
    if (is_cancel_ack(datagram))
        datagram->cancel_ack.version = 0;
    return true;
}

/* |datagram| is for the client's call, and that was not cancelled. */
static bool is_for_uncancelled(const struct rpcancel_exchange_ends *ends, const struct rpcancel_datagram *datagram)
{
    const struct rpcancel_datagram_client *client = &ends->client;
    return client->state == RPCANCEL_DATAGRAM_CALLING && client->sequence == datagram->sequence && client->cancels == 0;
}
ARRIVES(ack_without_cancel)
{
    if (is_cancel_ack(datagram) && datagram->cancel_ack.version == 0 && is_for_uncancelled(ends, datagram))
        ends->client.cancels = datagram->cancel_ack.cancel_id = 1;
    return true;
}
ARRIVES(quack_without_cancel)
{
    if (is_quack(datagram) && is_for_uncancelled(ends, datagram))
        ends->client.cancels = 1;
    return true;
}
ARRIVES(id_is_not_looked_at)
{
    if (is_cancel_ack(datagram))
        datagram->cancel_ack.cancel_id = ends->client.cancels;
    return true;
}
AFTER(timeout_is_ignored)
{
    ends->client.timeout_timer = RPCANCEL_NEVER;
}
AFTER(timeout_is_in_other_units)
{
    bool runs = ends->client.timeout_timer != RPCANCEL_NEVER;
    if (action.kind == RPCANCEL_EXCHANGE_CANCEL && runs && ends->client.timeout_timer == ends->client.timeout)
        ends->client.timeout_timer *= 10;
}
/* ---- what clients or servers set ---- */

static void set_pending(struct rpcancel_datagram *datagram, enum rpcancel_pdu_type type)
{
    if (datagram->type == type)
        datagram->flags2 |= RPCANCEL_PF2_CANCEL_PENDING;
}
LEAVES(request_says_pending)
{
    set_pending(datagram, RPCANCEL_PDU_REQUEST);
    return 1;
}
LEAVES(working_says_pending)
{
    set_pending(datagram, RPCANCEL_PDU_WORKING);
    return 1;
}
LEAVES(ack_says_pending)
{
    set_pending(datagram, RPCANCEL_PDU_CANCEL_ACK);
    return 1;
}

/* ---- servers: cancel_ack ---- */

LEAVES(ack_of_version_1)
{
    if (is_cancel_ack(datagram))
        datagram->cancel_ack.version = 1;
    return 1;
}
OCTETS(ack_without_accepting)
{
    if (bytes[1] == RPCANCEL_PDU_CANCEL_ACK && *size > HEADER + 8) {
        bytes[LEN] = 8;
        *size = HEADER + 8;
    }
}
LEAVES(ack_of_next_id)
{
    if (is_cancel_ack(datagram))
        datagram->cancel_ack.cancel_id++;
    return 1;
}
LEAVES(later_acks_are_of_0)
{
    if (!is_cancel_ack(datagram))
        return 1;
    if (ends->state->memory)
        datagram->cancel_ack.cancel_id = 0;
    ends->state->memory = 1;
    return 1;
}
LEAVES(quit_is_acked_as_a_cancel)
{
    if (is_quack(datagram))
        datagram->cancel_ack = (struct rpcancel_cancel_ack_body){.is_present = true, .accepting = {0}};
    return 1;
}
LEAVES(quit_is_not_acknowledged)
{
    return is_quack(datagram) ? 0 : 1;
}
CHOOSES(unseen_quit_is_not_acknowledged)
{
    choices->acks_unseen_orphan = false;
}

/* ---- servers: what they take ---- */

ARRIVES(cancel_of_any_version)
{
    if (is_cancel(datagram))
        datagram->cancel.version = 0;
    return true;
}
ARRIVES(repeated_cancel_counts)
{
    if (is_cancel(datagram) && datagram->cancel.cancel_id == server_call(ends)->cancels)
        server_call(ends)->cancels--;
    return true;
}
ARRIVES(second_cancel_brings_the_first)
{
    if (is_cancel(datagram) && server_call(ends)->cancels == 1 && datagram->cancel.cancel_id == 2)
        server_call(ends)->cancels = 0;
    return true;
}
ARRIVES(cancel_of_an_earlier_call)
{
    if (is_cancel(datagram) && datagram->sequence < server_call(ends)->sequence)
        datagram->sequence = server_call(ends)->sequence;
    return true;
}
ARRIVES(cancel_of_a_later_call)
{
    const struct rpcancel_activity *call = server_call(ends);
    if (is_cancel(datagram) && call->state != RPCANCEL_ACTIVITY_NONE && datagram->sequence > call->sequence)
        datagram->sequence = call->sequence;
    return true;
}
ARRIVES(cancel_of_another_client)
{
    if (is_cancel(datagram) && sender == RPCANCEL_SENDER_CLIENT)
        datagram->activity = rpcancel_exchange_activity;
    return true;
}

static void answer(struct rpcancel_exchange_ends *ends, const struct rpcancel_datagram *asked,
                   enum rpcancel_pdu_type type)
{
    struct rpcancel_datagram datagram;
    rpcancel_datagram_init(&datagram, type);
    datagram.activity = asked->activity;
    datagram.interface = asked->interface;
    datagram.interface_version = asked->interface_version;
    datagram.server_boot = RPCANCEL_EXCHANGE_BOOT;
    datagram.sequence = asked->sequence;
    datagram.opnum = asked->opnum;
    if (type == RPCANCEL_PDU_REJECT)
        datagram.status = RPCANCEL_NCA_UNSPEC_REJECT;
    rpcancel_exchange_send(ends, RPCANCEL_SENDER_SERVER, &datagram);
}
ARRIVES(working_is_answered)
{
    if (sender == RPCANCEL_SENDER_CLIENT && datagram->type == RPCANCEL_PDU_WORKING)
        answer(ends, datagram, RPCANCEL_PDU_NOCALL);
    return true;
}
ARRIVES(cancel_ack_is_rejected)
{
    if (sender == RPCANCEL_SENDER_CLIENT && datagram->type == RPCANCEL_PDU_CANCEL_ACK)
        answer(ends, datagram, RPCANCEL_PDU_REJECT);
    return true;
}

// clang-format off
const struct rpcancel_exchange_mutant rpcancel_exchange_defects[] = {
    WHEN_LEAVES("cancel-of-version-1", "The body of cl_cancel has version 1.", cancel_of_version_1, CORE),
    IN_OCTETS("cancel-is-an-id-only", "The body of cl_cancel has 4 octets.", cancel_is_an_id_only, CORE),
    IN_OCTETS("cancel-is-padded", "The body of cl_cancel has 12 octets.", cancel_is_padded, CORE),
    WHEN_LEAVES("cancel-of-another-operation", "cl_cancel has operation number 0.", cancel_of_another_operation, CORE),
    WHEN_LEAVES("quit-of-another-operation", "cl_cancel without a body has operation number 0.",
        quit_of_another_operation, CORE),
    WHEN_LEAVES("cancel-of-another-interface", "cl_cancel is of another interface.", cancel_of_another_interface, CORE),
    WHEN_LEAVES("cancel-of-next-call", "cl_cancel has the sequence number of the call to come.", cancel_of_next_call, CORE),
    WHEN_LEAVES("cancel-of-another-activity", "cl_cancel is of another activity.", cancel_of_another_activity, CORE),
    WHEN_LEAVES("cancel-ids-are-0", "Every cancel_id is 0.", cancel_ids_are_0, MICROSOFT),
    WHEN_LEAVES("cancel-ids-begin-with-2", "The first cancel_id is 2.", cancel_ids_begin_with_2, MICROSOFT),
    WHEN_LEAVES("cancel-ids-go-down", "A second cancel that is sent again has cancel_id 1.", cancel_ids_go_down, FREEDCE),
    WHEN_LEAVES("every-repetition-counts", "A cl_cancel that is sent again has a cancel_id of its own.",
        every_repetition_counts, FREEDCE),
    BEHIND_STEPS("cancel-not-repeated", "A cl_cancel is sent once.", cancel_is_not_repeated, C706),
    BY_CHOICE("cancel-repeated-late", "A cl_cancel is sent again after a minute.", cancel_is_repeated_after_a_minute, C706),
    WHEN_ARRIVES("nocall-puts-off", "nocall begins the interval of the repetition anew.", nocall_puts_off, FREEDCE),
    WHEN_ARRIVES("working-ends-repetition", "working counts as an acknowledgement of the cancels.",
        working_ends_repetition, C706),
    ENTRY("acceptance-not-seen", "A repetition that a refusal has ended does not begin anew when the server accepts.",
        NULL, notes_that_it_ended, repetition_does_not_begin_anew, NULL, NULL, false, C706),
    WHEN_ARRIVES("ack-not-seen", "The client does not look at cancel_ack with a body.", ack_is_not_seen, FREEDCE),
    WHEN_ARRIVES("ack-not-seen-microsoft", "The same, where it is to end the call.", ack_is_not_seen, MICROSOFT),
    WHEN_ARRIVES("older-ack-counts", "A cancel_ack of an earlier cancel takes back that of a later one.",
        older_ack_counts, FREEDCE),
    WHEN_ARRIVES("refusal-not-seen", "server_is_accepting is not looked at.", refusal_is_not_seen, FREEDCE),
    WHEN_ARRIVES("ack-of-any-activity", "A cancel_ack of another activity counts.", ack_of_any_activity, C706),
    BY_CHOICE("ack-ends-call", "A cancel_ack ends the call, as Microsoft has it.", ack_ends_call, FREEDCE),
    BY_CHOICE("ack-does-not-end-call", "A cancel_ack ends the repetition only, as FreeDCE has it.",
        ack_does_not_end_call, MICROSOFT),
    WHEN_ARRIVES("ack-version-not-looked-at", "A cancel_ack of another version counts.", version_is_not_looked_at, MICROSOFT),
    WHEN_ARRIVES("ack-without-cancel", "A cancel_ack ends a call that was not cancelled.", ack_without_cancel, MICROSOFT),
    WHEN_ARRIVES("quack-without-cancel", "A cancel_ack without a body ends a call that was not cancelled.",
        quack_without_cancel, MICROSOFT),
    WHEN_ARRIVES("ack-id-not-looked-at", "A cancel_ack of any cancel_id ends the call.", id_is_not_looked_at, MICROSOFT),
    BEHIND_STEPS("timeout-ignored", "The cancel time-out never runs out.", timeout_is_ignored, MICROSOFT),
    BEHIND_STEPS("timeout-in-other-units", "The cancel time-out is ten times as long.", timeout_is_in_other_units, MICROSOFT),
    WHEN_LEAVES("request-says-pending", "Requests say that a cancel is pending.", request_says_pending, CORE),
    WHEN_LEAVES("working-says-pending", "working says that a cancel is pending.", working_says_pending, CORE),
    WHEN_LEAVES("ack-says-pending", "cancel_ack says that a cancel is pending.", ack_says_pending, CORE),
    WHEN_LEAVES("ack-of-version-1", "The body of cancel_ack has version 1.", ack_of_version_1, CORE),
    IN_OCTETS("ack-without-accepting", "The body of cancel_ack has 8 octets.", ack_without_accepting, CORE),
    WHEN_LEAVES("ack-of-next-id", "cancel_ack has the cancel_id that comes next.", ack_of_next_id, C706),
    WHEN_LEAVES("later-acks-of-0", "Only the first cancel_ack has a cancel_id.", later_acks_are_of_0, C706),
    WHEN_LEAVES("quit-acknowledged-as-cancel", "cl_cancel without a body is acknowledged by cancel_ack with one.",
        quit_is_acked_as_a_cancel, FREEDCE),
    WHEN_LEAVES("quit-not-acknowledged", "cl_cancel without a body is not acknowledged.", quit_is_not_acknowledged, FREEDCE),
    BY_CHOICE("unseen-quit-not-acknowledged", "The same, of a call whose request did not come.",
        unseen_quit_is_not_acknowledged, FREEDCE),
    WHEN_ARRIVES("cancel-of-any-version", "The server takes a cl_cancel of another version.", cancel_of_any_version, FREEDCE),
    WHEN_ARRIVES("repeated-cancel-counts", "A cl_cancel that comes again is another cancel.", repeated_cancel_counts, FREEDCE),
    WHEN_ARRIVES("second-brings-first", "The second cl_cancel delivers two cancels, though the first has come.",
        second_cancel_brings_the_first, FREEDCE),
    WHEN_ARRIVES("cancel-of-earlier-call", "A cl_cancel of an earlier call cancels the one that executes.",
        cancel_of_an_earlier_call, FREEDCE),
    WHEN_ARRIVES("cancel-of-later-call", "A cl_cancel of a call to come cancels the one that executes.",
        cancel_of_a_later_call, FREEDCE),
    WHEN_ARRIVES("cancel-of-another-client", "A cl_cancel of another activity cancels the call.",
        cancel_of_another_client, FREEDCE),
    WHEN_ARRIVES("working-answered", "The server answers working.", working_is_answered, MICROSOFT),
    WHEN_ARRIVES("cancel-ack-rejected", "The server rejects cancel_ack.", cancel_ack_is_rejected, MICROSOFT),
};
// clang-format on
const unsigned rpcancel_exchange_defect_count = sizeof rpcancel_exchange_defects / sizeof rpcancel_exchange_defects[0];
