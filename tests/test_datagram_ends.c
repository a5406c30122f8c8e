// SPDX-License-Identifier: Apache-2.0
/* Both ends of calls over datagrams: cancels, what becomes of them when datagrams are lost, late or doubled, time-outs,
 * and calls that are given up; in each profile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "datagram_pair.h"

enum {
    C706 = 1 << RPCANCEL_WIRE_C706,
    MS = 1 << RPCANCEL_WIRE_MS_RPCE,
    FREEDCE = 1 << RPCANCEL_WIRE_FREEDCE,
    ALL = C706 | MS | FREEDCE
};

static const struct conversation {
    unsigned profiles;
    const char *script, *log;
} conversations[] = {
    /* ---- calls ---- */
    {ALL, "call; >; respond; <; >", "request [executes] response ack [response]"},
    {ALL, "call; >; fault; <; >", "request [executes] fault ack [fault]"},
    {ALL, "call idempotent; >; respond; <", "request [executes] response [response]"},
    {ALL, "call; >; respond; <; >; call; >; respond; <",
     "request [executes] response ack [response] request [executes] response ack [response]"},
    {ALL, "call; call", "request no"},
    {ALL, "cancel; orphan", "no no"},
    /* The request is lost; the client asks, is told, and sends it again. */
    {ALL, "call; > lost; wait 2000; >; <; >", "request ping nocall request [executes]"},
    /* It was only late: it comes twice, and is executed once. */
    {ALL, "call; wait 2000; > later; >; <; >", "request ping nocall [executes] request working"},
    /* The reply is lost, and the client asks. */
    {ALL, "call; >; wait 2000; respond; < lost; >; <", "request [executes] ping response response ack [response]"},
    /* Its acknowledgement is lost: the server sends the reply again, and it is acknowledged again. */
    {ALL, "call; >; respond; <; > lost; wait 2000; <; >; wait 9000",
     "request [executes] response ack [response] response ack"},
    /* Nobody acknowledges. */
    {C706 | FREEDCE, "call; >; respond; < lost; wait 2000; wait 2000; wait 2000; wait 2000; wait 9999",
     "request [executes] response ping response ping response ping response ping quit [lost] quit quit"},
    {MS, "call; > lost; wait 10000", "request ping ping ping ping [lost]"},
    /* ---- cancels ---- */
    {C706, "call; >; cancel; >; take; fault; <; <; >",
     "request [executes] cancel:1 [cancelled:1] ack:1 yes fault ack [fault]"},
    {C706 | FREEDCE, "call; >; cancel; >; respond; <; <",
     "request [executes] cancel:1 [cancelled:1] ack:1 response+ ack [response+]"},
    {C706 | FREEDCE, "call; >; cancel; respond; <; >; <",
     "request [executes] cancel:1 response ack [response+] ack:0!"},
    {MS, "call; >; cancel; >; <; respond; <", "request [executes] cancel:1 [cancelled:1] ack:1 [cancelled] response"},
    {MS, "call; >; cancel; respond; <", "request [executes] cancel:1 response ack [response]"},
    /* A cancel is repeated until it is acknowledged. */
    {C706, "call; >; cancel; > lost; wait 1000; >; <; wait 1500; >; <; wait 1000",
     "request [executes] cancel:1 cancel:1 [cancelled:1] ack:1 ping working"},
    {FREEDCE, "call; >; cancel; > lost; wait 1000; wait 1000; >; <; wait 3000",
     "request [executes] cancel:1 cancel:1 ping [cancelled:1] ack:1 ping"},
    {MS, "call; cancel; wait 1000; wait 1000; wait 1000; wait 1000; wait 3000; wait 1000",
     "request cancel:1 cancel:1 ping cancel:1 ping ping cancel:1 ping"},
    /* What says that the server does not know the call does not put that off. */
    {FREEDCE, "call; > lost; wait 1000; cancel; > lost; wait 1000; >; <; > lost; wait 1000",
     "request cancel:1 ping nocall request cancel:1"},
    /* Late, a cancel_ack of before says that the server accepts: the second one is repeated again. */
    {C706, "call; >; cancel; cancel; >; respond; >; < later; <; wait 1000",
     "request [executes] cancel:1 cancel:2 [cancelled:1] ack:1 response+ ack:1! cancel:2"},
    /* The acknowledgement is lost. */
    {C706, "call; >; cancel; >; < lost; wait 1000; >; <; wait 900",
     "request [executes] cancel:1 [cancelled:1] ack:1 cancel:1 ack:1"},
    {FREEDCE, "call; >; cancel; >; < lost; wait 2000; >; wait 2000; >",
     "request [executes] cancel:1 [cancelled:1] ack:1 cancel:1 ping cancel:1 ping working"},
    /* One stands for those before it; an acknowledgement of an older one says nothing new. */
    {C706, "call; >; cancel; cancel; > lost; >; <; wait 1900",
     "request [executes] cancel:1 cancel:2 [cancelled:2] ack:2"},
    {C706, "call; >; cancel; >; cancel; >; < later; <; wait 1900",
     "request [executes] cancel:1 [cancelled:1] ack:1 cancel:2 [cancelled:1] ack:2"},
    {MS, "call; >; cancel; >; cancel; <; >; <",
     "request [executes] cancel:1 [cancelled:1] ack:1 cancel:2 [cancelled:1] ack:2 [cancelled]"},
    /* It came before the request. */
    {C706, "call; cancel; > later; wait 1000; >; >", "request cancel:1 cancel:1 [executes] [cancelled:1] ack:1"},
    /* It came after the reply, and does not count. */
    {C706 | FREEDCE, "call; >; cancel; respond; >; <; <",
     "request [executes] cancel:1 response ack:0! ack [response+]"},
    {C706, "call; >; cancel; respond; >; < later; wait 1000; <",
     "request [executes] cancel:1 response ack:0! ack [response+]"},
    /* ---- the cancel time-out ---- */
    {C706 | FREEDCE, "call timeout 500; >; cancel; > lost; wait 500; >; <; wait 9000; fault",
     "request [executes] cancel:1 quit [timeout+] quack [orphaned]"},
    {MS, "call timeout 500; >; cancel; > lost; wait 500; wait 9000", "request [executes] cancel:1 [timeout]"},
    {C706 | FREEDCE, "call timeout 0; >; cancel", "request [executes] cancel:1 quit [timeout+]"},
    {C706, "call timeout 1500; cancel; wait 1000; cancel; wait 500",
     "request cancel:1 cancel:1 cancel:2 quit [timeout+]"},
    {C706, "call timeout 1500; >; cancel; >; <; wait 1500",
     "request [executes] cancel:1 [cancelled:1] ack:1 quit [timeout+]"},
    /* ---- giving up ---- */
    {C706 | FREEDCE, "call; >; orphan; >; <; respond", "request [executes] quit quack [orphaned]"},
    {C706 | FREEDCE, "call; >; orphan; call; > lost; wait 1000; wait 1000; wait 1000; wait 1000; call",
     "request [executes] quit no quit quit request"},
    {C706 | FREEDCE, "call; >; orphan; > twice; respond; >", "request [executes] quit quack [orphaned] quack"},
    {C706 | FREEDCE, "call; >; fault; orphan; <; >; <", "request [executes] fault quit quack"},
    {MS, "call; >; orphan; call; >", "request [executes] request [orphaned]"},
    /* The one before is known, this one is not. */
    {C706 | FREEDCE, "call; >; respond; <; >; call; orphan; > lost; >; <",
     "request [executes] response ack [response] request quit quack"},
    /* A later call while the one before executes: it is orphaned, and the later one waits until it is over. */
    {MS, "call; >; orphan; call; >; respond; wait 2000; >; <; >",
     "request [executes] request [orphaned] ping nocall request [executes]"},
};

static struct datagram_pair pair;

static void as_documented(void **state)
{
    (void)state;
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof conversations / sizeof conversations[0]; i++) {
        for (unsigned profile = 0; profile < RPCANCEL_WIRE_PROFILES; profile++) {
            if (!(conversations[i].profiles >> profile & 1))
                continue;
            datagram_pair_open(&pair, rpcancel_datagram_choices_of((enum rpcancel_wire_profile)profile));
            datagram_pair_run(&pair, conversations[i].script);
            if (strcmp(pair.log, conversations[i].log) == 0)
                continue;
            wrong++;
            print_error("%s: %s\n  logged   %s\n  expected %s\n",
                        rpcancel_wire_profile_name((enum rpcancel_wire_profile)profile), conversations[i].script,
                        pair.log, conversations[i].log);
        }
    }
    assert_int_equal(wrong, 0);
}

/* ---- what no client of ours sends ---- */

/* A datagram for the call in hand, as its client would send it. */
static struct rpcancel_datagram one(enum rpcancel_pdu_type type)
{
    struct rpcancel_datagram datagram;
    rpcancel_datagram_init(&datagram, type);
    datagram.activity = pair.client.activity;
    datagram.interface = datagram_interface.syntax.uuid;
    datagram.interface_version = datagram_interface.syntax.version;
    datagram.sequence = pair.client.sequence;
    datagram.opnum = 1;
    return datagram;
}

static struct rpcancel_datagram cancel(uint32_t version, uint32_t cancel_id)
{
    struct rpcancel_datagram datagram = one(RPCANCEL_PDU_CL_CANCEL);
    datagram.cancel = (struct rpcancel_cancel_body){true, version, cancel_id};
    return datagram;
}

static void serves(const struct rpcancel_datagram *datagram, const char *log)
{
    uint8_t bytes[256];
    pair.log[0] = '\0';
    rpcancel_datagram_server_receive(&pair.server, 7, bytes, rpcancel_datagram_encode(datagram, bytes, sizeof bytes));
    assert_string_equal(pair.log, log);
}

static void takes(const struct rpcancel_datagram *datagram, const char *log)
{
    uint8_t bytes[256];
    pair.log[0] = '\0';
    rpcancel_datagram_client_receive(&pair.client, bytes, rpcancel_datagram_encode(datagram, bytes, sizeof bytes));
    assert_string_equal(pair.log, log);
}

static void execute(enum rpcancel_wire_profile profile)
{
    datagram_pair_open(&pair, rpcancel_datagram_choices_of(profile));
    datagram_pair_logs(&pair, "call; >", "request [executes]");
}

static void cancels_that_no_client_sends(void **state)
{
    (void)state;
    execute(RPCANCEL_WIRE_C706);
    struct rpcancel_datagram other_version = cancel(1, 1), zero = cancel(0, 0), huge = cancel(0, UINT32_MAX);
    serves(&other_version, "");
    serves(&zero, "");
    serves(&huge, "[cancelled:4294967295] ack:4294967295");
    serves(&huge, "ack:4294967295");
    struct rpcancel_datagram later = cancel(0, 1), unknown = cancel(0, 1);
    later.sequence++;
    serves(&later, "");
    unknown.activity.time_low++;
    serves(&unknown, "");
    unknown.cancel.is_present = false;
    serves(&unknown, "");
}

static void types_that_no_client_sends(void **state)
{
    (void)state;
    static const enum rpcancel_pdu_type types[] = {RPCANCEL_PDU_RESPONSE, RPCANCEL_PDU_FAULT,  RPCANCEL_PDU_WORKING,
                                                   RPCANCEL_PDU_NOCALL,   RPCANCEL_PDU_REJECT, RPCANCEL_PDU_CANCEL_ACK,
                                                   RPCANCEL_PDU_FACK};
    execute(RPCANCEL_WIRE_C706);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct rpcancel_datagram datagram = one(types[i]);
        serves(&datagram, "");
    }
    for (unsigned type = 0; type < RPCANCEL_DATAGRAM_TYPES; type++) { /* and what servers do not send, at the client */
        struct rpcancel_datagram datagram = one((enum rpcancel_pdu_type)type);
        datagram.server_boot = 0x5000;
        if (type <= RPCANCEL_PDU_PING || type == RPCANCEL_PDU_ACK || type == RPCANCEL_PDU_CL_CANCEL)
            takes(&datagram, "");
    }
}

static void requests_that_are_rejected(void **state)
{
    (void)state;
    execute(RPCANCEL_WIRE_C706);
    struct rpcancel_datagram request = one(RPCANCEL_PDU_REQUEST);
    static const uint8_t octets[] = {1, 2, 3, 4};
    request.data = (struct rpcancel_span){octets, sizeof octets};
    request.activity.time_mid++;
    struct rpcancel_datagram changed = request;
    changed.opnum = datagram_interface.operations;
    serves(&changed, "reject:1c010002");
    changed = request;
    changed.interface.time_low++;
    serves(&changed, "reject:1c010003");
    changed = request;
    changed.flags = RPCANCEL_PF_FRAG;
    serves(&changed, "reject:1c000009");
    changed = request;
    changed.auth_protocol = 10;
    changed.auth = changed.data;
    serves(&changed, "reject:1c00001d");
    changed = request;
    changed.server_boot = 0x4000;
    serves(&changed, "reject:1c010006");
    changed = cancel(0, 1);
    changed.server_boot = 0x4000;
    serves(&changed, "reject:1c010006");
    for (unsigned i = 1; i < RPCANCEL_ACTIVITIES_MAX; i++, request.activity.time_low++)
        serves(&request, "[executes]");
    serves(&request, "reject:1c010014");
    /* One that is answered makes room. */
    datagram_pair_logs(&pair, "respond", "response");
    struct rpcancel_datagram ack = request;
    ack.type = RPCANCEL_PDU_ACK;
    ack.data.size = 0;
    ack.activity.time_low--;
    serves(&ack, "");
    serves(&request, "[executes]");
}

static void maybe_gets_no_answer(void **state)
{
    (void)state;
    datagram_pair_open(&pair, rpcancel_datagram_choices_of(RPCANCEL_WIRE_C706));
    static const uint8_t octets[] = {1, 2, 3, 4};
    struct rpcancel_datagram request = one(RPCANCEL_PDU_REQUEST);
    request.data = (struct rpcancel_span){octets, sizeof octets};
    request.flags = RPCANCEL_PF_MAYBE;
    request.sequence = 1;
    serves(&request, "[executes]");
    datagram_pair_logs(&pair, "respond; wait 9000", "");
}

/* cancel_ack, for a call that was cancelled once. */
static struct rpcancel_datagram acknowledgement(uint32_t version, uint32_t cancel_id)
{
    struct rpcancel_datagram datagram = one(RPCANCEL_PDU_CANCEL_ACK);
    datagram.server_boot = 0x5000;
    datagram.cancel_ack = (struct rpcancel_cancel_ack_body){true, false, {1}, version, cancel_id};
    return datagram;
}

static void acknowledgements_that_do_not_fit(void **state)
{
    (void)state;
    static const enum rpcancel_wire_profile profiles[] = {RPCANCEL_WIRE_C706, RPCANCEL_WIRE_MS_RPCE};
    for (unsigned i = 0; i < 2; i++) {
        bool ends = i == 1;
        execute(profiles[i]);
        struct rpcancel_datagram early = acknowledgement(0, 0), other_version = acknowledgement(1, 1);
        struct rpcancel_datagram right = acknowledgement(0, 1), orphan = acknowledgement(0, 0);
        takes(&early, "");
        takes(&other_version, "");
        if (ends) { /* not cancelled: MS-RPCE 3.2.2.5.11 discards what has no body too */
            orphan.cancel_ack.is_present = false;
            takes(&orphan, "");
        }
        datagram_pair_logs(&pair, "cancel", "cancel:1");
        takes(&other_version, "");
        takes(&early, "");
        datagram_pair_logs(&pair, "wait 1000", "cancel:1");
        takes(&right, ends ? "[cancelled]" : "");
        datagram_pair_logs(&pair, "wait 999", "");
    }
    /* From FreeDCE's account of servers that know one form only. */
    execute(RPCANCEL_WIRE_FREEDCE);
    struct rpcancel_datagram orphan = acknowledgement(0, 0);
    orphan.cancel_ack.is_present = false;
    datagram_pair_logs(&pair, "cancel", "cancel:1");
    takes(&orphan, "[cancelled+]");
}

static void another_server(void **state)
{
    (void)state;
    execute(RPCANCEL_WIRE_C706);
    struct rpcancel_datagram working = one(RPCANCEL_PDU_WORKING);
    working.server_boot = 0x5000;
    takes(&working, "");
    working.server_boot = 0x5001;
    takes(&working, "quit [lost]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_documented),
        cmocka_unit_test(cancels_that_no_client_sends),
        cmocka_unit_test(types_that_no_client_sends),
        cmocka_unit_test(requests_that_are_rejected),
        cmocka_unit_test(maybe_gets_no_answer),
        cmocka_unit_test(acknowledgements_that_do_not_fit),
        cmocka_unit_test(another_server),
    };
    return cmocka_run_group_tests_name("datagram_ends", tests, NULL, NULL);
}
