// SPDX-License-Identifier: Apache-2.0
#include "doctor/client_account.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "wire/presentation.h"

static void hear_bind_ack(struct rpcancel_client_account *account, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_span list = pdu->bind_ack.results;
    struct rpcancel_result result;
    while (rpcancel_result_next(&list, rpcancel_pdu_is_big_endian(pdu), &result)) {
        account->accepted += result.result == RPCANCEL_ACCEPTANCE;
        account->rejected += result.result == RPCANCEL_USER_REJECTION || result.result == RPCANCEL_PROVIDER_REJECTION;
    }
}

void rpcancel_client_hear(struct rpcancel_client_account *account, const struct rpcancel_wire_event *event)
{
    const struct rpcancel_pdu *pdu = &event->pdu;
    bool is_pdu = event->kind == RPCANCEL_WIRE_PDU && pdu->type < RPCANCEL_PDU_TYPE_COUNT;
    if (event->sender == RPCANCEL_SENDER_CLIENT) {
        account->unreadable += event->kind == RPCANCEL_WIRE_UNREADABLE;
        account->sent[is_pdu ? pdu->type : 0] += is_pdu;
        return;
    }
    if (!is_pdu)
        return;
    if (pdu->type == RPCANCEL_PDU_BIND_ACK || pdu->type == RPCANCEL_PDU_ALTER_CONTEXT_RESP)
        hear_bind_ack(account, pdu);
    account->rejected += pdu->type == RPCANCEL_PDU_BIND_NAK;
    account->faults += pdu->type == RPCANCEL_PDU_FAULT;
    account->responses += pdu->type == RPCANCEL_PDU_RESPONSE;
}

/* ---- before it is run ---- */

void rpcancel_judge_client_words(struct rpcancel_notes *notes, char *const words[], unsigned port)
{
    bool has_port = false;
    for (unsigned i = 0; words[i]; i++)
        has_port |= strstr(words[i], "{port}") != NULL;
    if (has_port)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "the command's words", NULL, "{port} leads the client here");
    else if (port != 0)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "the command's words", NULL,
                          "no {port}: the client has to know of port %u by itself", port);
    else
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, "the command's words",
                          "write {port} where the client takes the port, or say which one it insists on: "
                          "tcp-listen:135:COMMAND",
                          "no {port}, and the port is another one each time");
}

void rpcancel_judge_listen(struct rpcancel_notes *notes, const char *failure)
{
    const char *remedy = NULL;
    if (strstr(failure, strerror(EADDRINUSE)))
        remedy = "somebody has that port (`ss -ltnp` shows who): end it, or leave PORT out where the client takes "
                 "another one";
    else if (strstr(failure, strerror(EACCES)))
        remedy = "ports below 1024 are for root: unshare --net --map-root-user, or sysctl "
                 "net.ipv4.ip_unprivileged_port_start";
    rpcancel_note_add(notes, RPCANCEL_NOTE_UNUSABLE, "listening", remedy, "%s", failure);
}

/* ---- once it was run ---- */

static const char *remedy_of_silence(const struct rpcancel_client_account *account)
{
    if (strstr(account->failure, "cannot start"))
        return "is it a program for this machine, or has it a `#!` line in front?";
    if (strstr(account->failure, "no whole PDU"))
        return "is this DCE/RPC over TCP (ncacn_ip_tcp)?";
    return "does it take {host} and {port}, and ncacn_ip_tcp? run it by hand against `rpcancel serve --netlogon`";
}

/* It crashed, hung, or never came. False: it did. */
static bool judge_exchange(struct rpcancel_notes *notes, const struct rpcancel_client_account *account)
{
    static const char tried[] = "the client, run once";
    bool has_come = account->connections > 0;
    if (account->exchange == RPCANCEL_EXCHANGE_BROKEN)
        rpcancel_note_add(notes, RPCANCEL_NOTE_UNUSABLE, tried, remedy_of_silence(account), "%s", account->failure);
    else if (account->exchange == RPCANCEL_EXCHANGE_CRASHED)
        rpcancel_note_add(notes, RPCANCEL_NOTE_FAILED, tried,
                          "run it by hand against `rpcancel serve --netlogon`, in a debugger", "%s", account->failure);
    else if (account->exchange == RPCANCEL_EXCHANGE_HUNG)
        rpcancel_note_add(notes, RPCANCEL_NOTE_FAILED, tried,
                          has_come ? "let it end once it has done what it can; if it is only slow, raise --deadline"
                                   : "does it take {host} and {port}?",
                          "%s%s", account->failure, has_come ? "" : ", and never connected");
    return account->exchange == RPCANCEL_EXCHANGE_ANSWERED;
}

static void judge_binds(struct rpcancel_notes *notes, const struct rpcancel_client_account *account)
{
    if (account->accepted > 0)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "its binds", NULL, "%u accepted, %u not", account->accepted,
                          account->rejected);
    else if (account->rejected > 0)
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, "its binds",
                          "let it use an interface of `rpcancel serve --netlogon` (docs/serve.md): one that gets no "
                          "further than its bind is judged by that alone",
                          "%u, and none was accepted: the server has not the interface, or NDR was not offered",
                          account->rejected);
    else
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, "its binds",
                          "is this DCE/RPC over TCP (ncacn_ip_tcp)? one that gets no further is judged by that alone",
                          "none was answered");
}

static void judge_calls(struct rpcancel_notes *notes, const struct rpcancel_client_account *account)
{
    unsigned requests = account->sent[RPCANCEL_PDU_REQUEST], cancels = account->sent[RPCANCEL_PDU_CO_CANCEL],
             orphaned = account->sent[RPCANCEL_PDU_ORPHANED];
    if (requests > 0)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "its calls", NULL,
                          "%u fragments of requests; it got %u of responses, and %u faults", requests,
                          account->responses, account->faults);
    else
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, "its calls", "let it call something",
                          "none: rules on requests are SKIP");
    if (cancels > 0 && orphaned > 0)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "its cancels", NULL, "%u co_cancel, %u orphaned", cancels, orphaned);
    else
        rpcancel_note_add(
            notes, RPCANCEL_NOTE_WARNING, "its cancels",
            "let it cancel a call of `park` and go on, and give another one up: rules on what it does not "
            "send are SKIP",
            "%u co_cancel, %u orphaned", cancels, orphaned);
}

static void judge_time(struct rpcancel_notes *notes, const struct rpcancel_client_account *account)
{
    bool is_slow = account->took_ms > account->limit_ms / 2;
    struct rpcancel_note *note =
        rpcancel_note_add(notes, is_slow ? RPCANCEL_NOTE_WARNING : RPCANCEL_NOTE_OK, "its time", NULL, "%u ms of %u",
                          account->took_ms, account->limit_ms);
    if (is_slow)
        rpcancel_note_remedy(note, "raise --deadline to %u: what is late once is HANG", 4 * account->took_ms);
}

void rpcancel_judge_client(struct rpcancel_notes *notes, const struct rpcancel_client_account *account)
{
    if (!judge_exchange(notes, account))
        return;
    rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "the client, run once", NULL, "ended, after %u connection%s",
                      account->connections, account->connections == 1 ? "" : "s");
    if (account->unreadable > 0)
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, "what it sends", "is this DCE/RPC over TCP (ncacn_ip_tcp)?",
                          "octets that are no PDU");
    judge_binds(notes, account);
    judge_calls(notes, account);
    judge_time(notes, account);
}

void rpcancel_judge_client_again(struct rpcancel_notes *notes, const struct rpcancel_client_account *one,
                                 const struct rpcancel_client_account *other)
{
    static const char tried[] = "the client, run again";
    if (other->exchange != RPCANCEL_EXCHANGE_ANSWERED) {
        rpcancel_note_add(notes, RPCANCEL_NOTE_FAILED, tried,
                          "each sequence runs it anew: does it leave something behind?",
                          "%s, which it did not the first time", other->failure);
        return;
    }
    for (unsigned type = 0; type < RPCANCEL_PDU_TYPE_COUNT; type++) {
        const struct rpcancel_pdu_type_description *description = rpcancel_pdu_type_describe(type);
        if (one->sent[type] == other->sent[type] || !description)
            continue;
        rpcancel_note_add(
            notes, RPCANCEL_NOTE_WARNING, tried, "what varies is reported as a failure that shows now and then",
            "it sent %u PDUs of type %s, and %u the first time", other->sent[type], description->name, one->sent[type]);
        return;
    }
    rpcancel_note_add(notes, RPCANCEL_NOTE_OK, tried, NULL, "it sent as many PDUs of each type");
}

void rpcancel_judge_client_ends(struct rpcancel_notes *notes, const char *what,
                                const struct rpcancel_client_account *account)
{
    if (account->exchange == RPCANCEL_EXCHANGE_ANSWERED)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, what, NULL, "the client ended, in %u ms", account->took_ms);
    else
        rpcancel_note_add(notes, RPCANCEL_NOTE_FAILED, what,
                          account->exchange == RPCANCEL_EXCHANGE_HUNG
                              ? "a client that tries again without end is HANG: let it give up, or raise --deadline"
                              : "run it by hand, in a debugger",
                          "%s", account->failure);
}
