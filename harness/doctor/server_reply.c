// SPDX-License-Identifier: Apache-2.0
#include "doctor/server_reply.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "wire/rules.h"

/* ---- in words ---- */

/* C706 12.6.3.1, p_reject_reason_t; 8 and 9: MS-RPCE 2.2.2.5. */
static const char *nak_reason(unsigned reason)
{
    static const char *const reasons[] = {"reason_not_specified",
                                          "temporary_congestion",
                                          "local_limit_exceeded",
                                          "called_paddr_unknown",
                                          "protocol_version_not_supported",
                                          "default_context_not_supported",
                                          "user_data_not_readable",
                                          "no_psap_available",
                                          "authentication_type_not_recognized",
                                          "invalid_checksum"};
    return reason < sizeof reasons / sizeof reasons[0] ? reasons[reason] : "which nobody knows";
}

static const char *rejection(unsigned reason)
{
    static const char *const reasons[] = {"reason not specified", "it does not know the interface",
                                          "it does not know NDR 2.0", "a local limit is exceeded"};
    return reason < sizeof reasons / sizeof reasons[0] ? reasons[reason] : "for a reason that nobody knows";
}

bool rpcancel_reply_is_bound(const struct rpcancel_server_reply *reply)
{
    return reply->said == RPCANCEL_SAID_BIND_ACK && reply->result == RPCANCEL_ACCEPTANCE;
}

void rpcancel_reply_print(const struct rpcancel_server_reply *reply, char out[RPCANCEL_REPLY_TEXT_MAX])
{
    switch (reply->said) {
    case RPCANCEL_SAID_NOTHING:
        if (reply->fragments > 0)
            snprintf(out, RPCANCEL_REPLY_TEXT_MAX, "%u fragments of a response within %u ms, and no end of it",
                     reply->fragments, reply->took_ms);
        else
            snprintf(out, RPCANCEL_REPLY_TEXT_MAX, "nothing within %u ms", reply->took_ms);
        break;
    case RPCANCEL_SAID_NO_CONNECT:
        snprintf(out, RPCANCEL_REPLY_TEXT_MAX, "no connection: %s", strerror(reply->error));
        break;
    case RPCANCEL_SAID_END:
        snprintf(out, RPCANCEL_REPLY_TEXT_MAX, "the end of the connection");
        break;
    case RPCANCEL_SAID_NONSENSE:
        snprintf(out, RPCANCEL_REPLY_TEXT_MAX, "octets that are no PDU: `%s`", reply->text);
        break;
    case RPCANCEL_SAID_BIND_ACK:
        if (rpcancel_reply_is_bound(reply))
            snprintf(out, RPCANCEL_REPLY_TEXT_MAX, "accepted, in %u ms", reply->took_ms);
        else
            snprintf(out, RPCANCEL_REPLY_TEXT_MAX, "the presentation context is rejected (result %u, reason %u): %s",
                     reply->result, reply->reason, rejection(reply->reason));
        break;
    case RPCANCEL_SAID_BIND_NAK:
        snprintf(out, RPCANCEL_REPLY_TEXT_MAX, "bind_nak, reason %u, %s", reply->reason, nak_reason(reply->reason));
        break;
    case RPCANCEL_SAID_FAULT:
        snprintf(out, RPCANCEL_REPLY_TEXT_MAX, "a fault with status 0x%08" PRIx32, reply->status);
        break;
    case RPCANCEL_SAID_RESPONSE:
        snprintf(out, RPCANCEL_REPLY_TEXT_MAX, "a response of %zu octets, in %u ms", reply->octets, reply->took_ms);
        break;
    }
}

static struct rpcancel_note *add_reply(struct rpcancel_notes *notes, enum rpcancel_note_level level, const char *tried,
                                       const char *remedy, const char *before,
                                       const struct rpcancel_server_reply *reply)
{
    char text[RPCANCEL_REPLY_TEXT_MAX];
    rpcancel_reply_print(reply, text);
    return rpcancel_note_add(notes, level, tried, remedy, "%s%s", before, text);
}

/* ---- reaching it ---- */

void rpcancel_judge_connect(struct rpcancel_notes *notes, const struct rpcancel_server_reply *reply)
{
    const char *remedy = "is the address right?";
    if (reply->said != RPCANCEL_SAID_NO_CONNECT) {
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "connection", NULL, "taken, in %u ms", reply->took_ms);
        return;
    }
    if (reply->error == ECONNREFUSED)
        remedy = "nothing listens there: start the server; a server that chooses its port itself is named by its "
                 "endpoint mapper, port 135";
    else if (reply->error == ETIMEDOUT)
        remedy = "a firewall lets nothing through, or the server takes no connections any more";
    add_reply(notes, RPCANCEL_NOTE_UNUSABLE, "connection", remedy, "", reply);
}

static const char *remedy_of_bind(const struct rpcancel_server_reply *reply)
{
    switch (reply->said) {
    case RPCANCEL_SAID_NOTHING:
        return "is this DCE/RPC over TCP (ncacn_ip_tcp)? a server that serves one connection at a time may be busy";
    case RPCANCEL_SAID_END:
        return "is this DCE/RPC over TCP (ncacn_ip_tcp)? does it take connections without authentication?";
    case RPCANCEL_SAID_NONSENSE:
        return "another protocol is spoken at this port, or another byte order of the header than packed_drep says";
    case RPCANCEL_SAID_BIND_ACK:
        return reply->reason == RPCANCEL_ABSTRACT_SYNTAX_NOT_SUPPORTED
                   ? "name an interface that it has: --target FILE, `interface UUID MAJOR.MINOR`; most have mgmt "
                     "(docs/tcp.md)"
                   : "rpcancel offers NDR 2.0 and nothing else";
    case RPCANCEL_SAID_BIND_NAK:
        return "reasons 1 and 2: too many connections; 4: it does not speak version 5.0; 8: it wants authentication, "
               "which rpcancel has not";
    default:
        return "a bind is answered by bind_ack or bind_nak";
    }
}

void rpcancel_judge_bind(struct rpcancel_notes *notes, const struct rpcancel_server_reply *reply)
{
    bool is_bound = rpcancel_reply_is_bound(reply);
    add_reply(notes, is_bound ? RPCANCEL_NOTE_OK : RPCANCEL_NOTE_UNUSABLE, "bind",
              is_bound ? NULL : remedy_of_bind(reply), "", reply);
}

static const char *remedy_of_fault(uint32_t status)
{
    enum { ACCESS_DENIED = 5, BAD_STUB_DATA = 1783, OP_RNG_ERROR = 0x1C010002, UNK_IF = 0x1C010003 };
    switch (status) {
    case OP_RNG_ERROR:
        return "the interface has no such operation: mend the opnum in the target";
    case UNK_IF:
        return "it accepted the bind, and does not know the interface: mend `interface` in the target";
    case ACCESS_DENIED:
        return "it wants authentication, which rpcancel has not: let it serve this interface without";
    case BAD_STUB_DATA:
        return "the stub data of the target do not fit the operation";
    default:
        return "name an operation that returns at once, and its stub data; opnum 0 of mgmt is one (docs/tcp.md)";
    }
}

void rpcancel_judge_fast(struct rpcancel_notes *notes, const struct rpcancel_server_reply *reply, unsigned opnum,
                         unsigned deadline_ms)
{
    char tried[RPCANCEL_TRIED_MAX];
    snprintf(tried, sizeof tried, "`fast`, opnum %u", opnum);
    if (reply->said == RPCANCEL_SAID_FAULT) {
        add_reply(notes, RPCANCEL_NOTE_UNUSABLE, tried, remedy_of_fault(reply->status), "", reply);
    } else if (reply->said != RPCANCEL_SAID_RESPONSE) {
        add_reply(notes, RPCANCEL_NOTE_UNUSABLE, tried,
                  "barriers are made of it: name an operation that returns at once, whatever else is done", "", reply);
    } else if (reply->took_ms > deadline_ms / 2) {
        struct rpcancel_note *note = add_reply(notes, RPCANCEL_NOTE_WARNING, tried, NULL, "", reply);
        rpcancel_note_remedy(note, "of %u ms: raise --deadline to %u, or name one that is fast", deadline_ms,
                             4 * reply->took_ms);
    } else {
        add_reply(notes, RPCANCEL_NOTE_OK, tried, NULL, "", reply);
    }
}

void rpcancel_judge_second(struct rpcancel_notes *notes, const struct rpcancel_server_reply *reply)
{
    static const char tried[] = "a second connection beside the first";
    if (reply->said == RPCANCEL_SAID_RESPONSE)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, tried, NULL, "served");
    else
        add_reply(notes, RPCANCEL_NOTE_WARNING, tried,
                  "with one connection at a time no `hold` can be released, and whether it outlived a sequence shows "
                  "by a bind alone",
                  "`fast` there brings ", reply);
}

void rpcancel_judge_multiplexed(struct rpcancel_notes *notes, const struct rpcancel_server_reply *bind, bool is_tried,
                                const struct rpcancel_server_reply *other)
{
    static const char tried[] = "concurrent multiplexing";
    if (!rpcancel_reply_is_bound(bind))
        add_reply(notes, RPCANCEL_NOTE_WARNING, tried, "a server that cannot may leave the flag out of its bind_ack",
                  "a bind that asks for it brings ", bind);
    else if (!bind->is_multiplexed)
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, tried,
                          "nothing, if it has none; sequences that ask for it are UNIMPLEMENTED", "not granted");
    else if (!is_tried)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, tried, NULL, "granted");
    else if (other->said == RPCANCEL_SAID_RESPONSE)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, tried, NULL, "granted; `fast` is served while another call waits");
    else
        add_reply(notes, RPCANCEL_NOTE_WARNING, tried,
                  "where it serves the calls of a connection one after the other, each such wait takes the whole "
                  "deadline: say a short one (docs/tcp.md)",
                  "granted; `fast` while another call waits brings ", other);
}

/* ---- does the target fit ---- */

void rpcancel_judge_park(struct rpcancel_notes *notes, const struct rpcancel_server_reply *before,
                         const struct rpcancel_server_reply *after)
{
    static const char tried[] = "`park`, and a co_cancel";
    if (before->said != RPCANCEL_SAID_NOTHING) {
        add_reply(notes, RPCANCEL_NOTE_UNUSABLE, tried,
                  "name an operation that waits for a cancel, or leave the line out of the target",
                  "it does not wait; before any cancel came ", before);
    } else if (after->said == RPCANCEL_SAID_FAULT && after->is_cancel) {
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, tried, NULL, "waits, and is cancelled, in %u ms", after->took_ms);
    } else if (after->said == RPCANCEL_SAID_FAULT) {
        struct rpcancel_note *note =
            add_reply(notes, RPCANCEL_NOTE_WARNING, tried, NULL, "waits, and then brings ", after);
        rpcancel_note_remedy(
            note, "if that is its word for a cancel, add `code 0x%" PRIx32 " 0x1c00000d` to the target", after->status);
    } else {
        add_reply(notes, RPCANCEL_NOTE_WARNING, tried,
                  "does the operation look for a cancel, and raise it? if it does, what comes of it is for the rules",
                  "waits, and then brings ", after);
    }
}

void rpcancel_judge_hold(struct rpcancel_notes *notes, bool counts, const struct rpcancel_server_reply *before,
                         const struct rpcancel_server_reply *release, const struct rpcancel_server_reply *after)
{
    static const char tried[] = "`hold`, and `release`";
    static const char wants[] = "name an operation that waits, and another one that lets it go on, called on a "
                                "connection of its own; or leave both out";
    if (before->said != RPCANCEL_SAID_NOTHING)
        add_reply(notes, RPCANCEL_NOTE_UNUSABLE, tried, wants, "it does not wait; before any release came ", before);
    else if (release->said != RPCANCEL_SAID_RESPONSE)
        add_reply(notes, RPCANCEL_NOTE_UNUSABLE, tried, wants, "`release` brings ", release);
    else if (counts && release->octets < sizeof release->number)
        rpcancel_note_add(notes, RPCANCEL_NOTE_UNUSABLE, tried, "leave `counts` out of the target",
                          "`release` should begin with a number of 32 bits, and brings %zu octets", release->octets);
    else if (after->said != RPCANCEL_SAID_RESPONSE)
        add_reply(notes, RPCANCEL_NOTE_UNUSABLE, tried, wants, "waits, and behind the release brings ", after);
    else if (counts && release->number != 1)
        rpcancel_note_add(notes, RPCANCEL_NOTE_UNUSABLE, tried,
                          "`counts` says how many calls were let go (32 bits, little-endian); leave it out otherwise",
                          "one call waits and goes on, and `release` says that it let %" PRIu32 " go", release->number);
    else
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, tried, NULL, "waits, and goes on behind the release");
}

void rpcancel_judge_stream(struct rpcancel_notes *notes, const struct rpcancel_server_reply *reply)
{
    if (reply->said == RPCANCEL_SAID_RESPONSE && reply->fragments > 1)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "`stream`", NULL, "a response in %u fragments", reply->fragments);
    else if (reply->said == RPCANCEL_SAID_RESPONSE)
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, "`stream`",
                          "ask for more by its stub data: rules that need it decide nothing of a single fragment",
                          "a response of %zu octets in one fragment", reply->octets);
    else
        add_reply(notes, RPCANCEL_NOTE_UNUSABLE, "`stream`",
                  "name an operation that returns more than a fragment, or leave the line out", "", reply);
}

void rpcancel_judge_alive(struct rpcancel_notes *notes, const struct rpcancel_server_reply *reply)
{
    if (reply->said == RPCANCEL_SAID_RESPONSE)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "after all that", NULL, "the server answers");
    else
        add_reply(notes, RPCANCEL_NOTE_FAILED, "after all that",
                  "look at the server: something of this was its end; a check says which sequence is", "`fast` brings ",
                  reply);
}

void rpcancel_judge_unnamed(struct rpcancel_notes *notes, const struct rpcancel_target *target,
                            const struct rpcancel_rule_set *set)
{
    for (unsigned class = RPCANCEL_CLASS_PARK; class < RPCANCEL_WIRE_CLASSES; class ++) {
        bool is_named = target->classes[class].is_known;
        bool is_hold = class == RPCANCEL_CLASS_HOLD;
        unsigned rules = 0;
        char tried[RPCANCEL_TRIED_MAX];
        if (is_named && (!is_hold || target->release.is_known))
            continue;
        for (unsigned i = rpcancel_rule_count(); i < rpcancel_rule_all(); i++)
            rules += rpcancel_rule_set_has(set, i) && (unsigned)rpcancel_rule_at(i)->needs >> class & 1u;
        snprintf(tried, sizeof tried, "`%s`", rpcancel_wire_class_name((enum rpcancel_wire_operation_class) class));
        struct rpcancel_note *note = rpcancel_note_add(
            notes, RPCANCEL_NOTE_WARNING, tried, NULL, "the target names no `%s`",
            is_named ? "release" : rpcancel_wire_class_name((enum rpcancel_wire_operation_class) class));
        rpcancel_note_remedy(note, "%u rule%s need%s it and are UNIMPLEMENTED without", rules, rules == 1 ? "" : "s",
                             rules == 1 ? "s" : "");
    }
}
