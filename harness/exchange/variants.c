// SPDX-License-Identifier: Apache-2.0
/* Variants of calls over datagrams: what ends that keep every document do otherwise. Each names what leaves it free:
 * statements W…, open questions O… (docs/datagrams.md), sections of C706. */
#include "exchange/change_words.h"

/* ---- the form of cancel_ack ---- */

LEAVES(ack_has_12_octets)
{
    if (is_cancel_ack(datagram))
        datagram->cancel_ack.is_long = true;
    return 1;
}
LEAVES(accepting_is_255)
{
    if (is_cancel_ack(datagram) && datagram->cancel_ack.accepting[0])
        datagram->cancel_ack.accepting[0] = 0xFF;
    return 1;
}

/* ---- the header ---- */

static unsigned in_big_endian(struct rpcancel_datagram *datagram, bool is_meant)
{
    if (is_meant)
        datagram->drep[0] &= 0x0F;
    return 1;
}
LEAVES(client_is_big_endian)
{
    return in_big_endian(datagram, sender == RPCANCEL_SENDER_CLIENT);
}
LEAVES(server_is_big_endian)
{
    return in_big_endian(datagram, sender == RPCANCEL_SENDER_SERVER);
}
LEAVES(big_endian_and_long)
{
    if (is_cancel_ack(datagram)) {
        datagram->cancel_ack.is_long = true;
        datagram->cancel_ack.accepting[3] = datagram->cancel_ack.accepting[0];
        datagram->cancel_ack.accepting[0] = 0;
    }
    return in_big_endian(datagram, true);
}
LEAVES(has_object)
{
    datagram->object.time_low = 0x6F626A65;
    return 1;
}
LEAVES(has_hints)
{
    datagram->interface_hint = 3;
    datagram->activity_hint = 5;
    return 1;
}
LEAVES(has_serial)
{
    datagram->serial = 0x0102;
    return 1;
}
LEAVES(no_fack)
{
    datagram->flags |= RPCANCEL_PF_NO_FACK;
    return 1;
}
LEAVES(flags_of_implementations)
{
    datagram->flags |= 0x81;
    datagram->flags2 |= 0x01;
    return 1;
}
LEAVES(cancel_without_flags)
{
    if (datagram->type == RPCANCEL_PDU_CL_CANCEL)
        datagram->flags = 0;
    return 1;
}
LEAVES(cancel_is_idempotent)
{
    if (datagram->type == RPCANCEL_PDU_CL_CANCEL)
        datagram->flags |= RPCANCEL_PF_IDEMPOTENT;
    return 1;
}
LEAVES(client_knows_boot)
{
    if (sender == RPCANCEL_SENDER_CLIENT)
        datagram->server_boot = RPCANCEL_EXCHANGE_BOOT;
    return 1;
}

/* ---- what is sent again ---- */

LEAVES(cancel_twice)
{
    return is_cancel(datagram) ? 2 : 1;
}
LEAVES(ack_twice)
{
    return datagram->type == RPCANCEL_PDU_CANCEL_ACK ? 2 : 1;
}
LEAVES(reply_twice)
{
    return is_reply(datagram) ? 2 : 1;
}
LEAVES(ping_twice)
{
    return datagram->type == RPCANCEL_PDU_PING || datagram->type == RPCANCEL_PDU_WORKING ? 2 : 1;
}
AFTER(pings_every_second)
{
    if (ends->client.ping_timer == RPCANCEL_TIMEOUT_PING)
        ends->client.ping_timer = 1000;
}
AFTER(timeout_is_noticed_late)
{
    if (action.kind == RPCANCEL_EXCHANGE_CANCEL && ends->client.timeout_timer == ends->client.timeout &&
        ends->client.timeout != RPCANCEL_NEVER)
        ends->client.timeout_timer += RPCANCEL_TIMEOUT_PING / 4;
}

/* ---- choices ---- */

CHOOSES(acks_again)
{
    choices->acks_again = true;
}
CHOOSES(does_not_ack_again)
{
    choices->acks_again = false;
}
CHOOSES(half_a_second)
{
    choices->cancel_interval = choices->cancel_interval_max = 500;
}
CHOOSES(two_seconds)
{
    choices->cancel_interval = choices->cancel_interval_max = 2000;
}
CHOOSES(backs_off)
{
    choices->cancel_interval_max = 8000;
}
CHOOSES(does_not_back_off)
{
    choices->cancel_interval_max = choices->cancel_interval;
}
CHOOSES(quits)
{
    choices->quits = true;
}
CHOOSES(does_not_quit)
{
    choices->quits = false;
}
CHOOSES(acks_unseen_quit)
{
    choices->acks_unseen_orphan = true;
}
CHOOSES(does_not_ack_unseen_quit)
{
    choices->acks_unseen_orphan = false;
}
CHOOSES(says_pending)
{
    choices->says_cancel_pending = true;
}
CHOOSES(does_not_say_pending)
{
    choices->says_cancel_pending = false;
}
CHOOSES(ack_ends_call)
{
    choices->ack_ends_call = true;
}
CHOOSES(ack_of_last_id_only)
{
    choices->takes_last_id_only = true;
}

// clang-format off
const struct rpcancel_exchange_mutant rpcancel_exchange_variants[] = {
    WHEN_LEAVES("ack-of-12-octets", "server_is_accepting has four octets (O10).", ack_has_12_octets, C706),
    WHEN_LEAVES("ack-of-12-octets-microsoft", "The same (MS-RPCE 3.2.2.5.11 wants 9 at least).", ack_has_12_octets, MICROSOFT),
    WHEN_LEAVES("accepting-is-255", "server_is_accepting is true by another octet than 1.", accepting_is_255, FREEDCE),
    WHEN_LEAVES("client-big-endian", "The client's datagrams are big-endian (W7).", client_is_big_endian, FREEDCE),
    WHEN_LEAVES("server-big-endian", "The server's datagrams are big-endian (W7).", server_is_big_endian, FREEDCE),
    WHEN_LEAVES("big-endian-and-long", "Everything is big-endian, server_is_accepting of four octets.", big_endian_and_long, FREEDCE),
    WHEN_LEAVES("object", "Every datagram has an object UUID (C706 12.5.2).", has_object, FREEDCE),
    WHEN_LEAVES("hints", "Hints of interface and activity (C706 12.5.2).", has_hints, FREEDCE),
    WHEN_LEAVES("serial", "A serial number (C706 12.5.2).", has_serial, FREEDCE),
    WHEN_LEAVES("no-fack", "The flag that asks for no fack (table 12-2).", no_fack, FREEDCE),
    WHEN_LEAVES("flags-of-implementations", "The flags that are for implementations (tables 12-2, 12-3).",
        flags_of_implementations, FREEDCE),
    WHEN_LEAVES("cancel-without-flags", "cl_cancel without a flag.", cancel_without_flags, FREEDCE),
    WHEN_LEAVES("cancel-idempotent", "cl_cancel with the idempotent flag.", cancel_is_idempotent, FREEDCE),
    WHEN_LEAVES("boot-known", "The client knows server_boot from the first.", client_knows_boot, FREEDCE),
    WHEN_LEAVES("cancel-twice", "Every cl_cancel is sent twice.", cancel_twice, FREEDCE),
    WHEN_LEAVES("ack-twice", "Every cancel_ack is sent twice.", ack_twice, FREEDCE),
    WHEN_LEAVES("ack-twice-microsoft", "The same.", ack_twice, MICROSOFT),
    WHEN_LEAVES("reply-twice", "Every reply is sent twice.", reply_twice, FREEDCE),
    WHEN_LEAVES("ping-twice", "Every ping, and every working, is sent twice.", ping_twice, FREEDCE),
    BEHIND_STEPS("pings-every-second", "The client pings each second (C706 appendix K has 2).", pings_every_second, FREEDCE),
    BEHIND_STEPS("timeout-late", "The cancel time-out is noticed half a second late.", timeout_is_noticed_late, MICROSOFT),
    BY_CHOICE("acks-again", "A cl_cancel that comes again is acknowledged again (O9).", acks_again, FREEDCE),
    BY_CHOICE("does-not-ack-again", "It is not (O9).", does_not_ack_again, C706),
    BY_CHOICE("does-not-ack-again-microsoft", "It is not (O9).", does_not_ack_again, MICROSOFT),
    BY_CHOICE("interval-of-500", "A cl_cancel is sent again after half a second (W118: about).", half_a_second, C706),
    BY_CHOICE("interval-of-2000", "It is after two, as FreeDCE's (W118).", two_seconds, C706),
    BY_CHOICE("backs-off", "The interval doubles, up to 8 s (MS-RPCE's to 32 s).", backs_off, C706),
    BY_CHOICE("does-not-back-off", "The interval stays 1 s (MS-RPCE 3.2.2.2 limits it from above).", does_not_back_off, MICROSOFT),
    BY_CHOICE("quits", "A call that is given up is orphaned by cl_cancel without a body.", quits, MICROSOFT),
    BY_CHOICE("does-not-quit", "Nothing is sent for a call that is given up.", does_not_quit, C706),
    BY_CHOICE("unseen-quit-acknowledged", "Orphaning an unseen call is acknowledged (W129).", acks_unseen_quit, MICROSOFT),
    BY_CHOICE("unseen-quit-dropped", "Orphaning an unseen call is not acknowledged (W129 is FreeDCE's).",
        does_not_ack_unseen_quit, C706),
    BY_CHOICE("says-pending", "A reply says that a cancel is pending.", says_pending, MICROSOFT),
    BY_CHOICE("does-not-say-pending", "No reply says so.", does_not_say_pending, CORE),
    BY_CHOICE("ack-ends-call", "A cancel_ack ends the call (O15).", ack_ends_call, CORE),
    BY_CHOICE("ack-of-last-id-only", "A cancel_ack of an earlier cancel is discarded (W124).", ack_of_last_id_only, C706),
};
// clang-format on
const unsigned rpcancel_exchange_variant_count =
    sizeof rpcancel_exchange_variants / sizeof rpcancel_exchange_variants[0];
