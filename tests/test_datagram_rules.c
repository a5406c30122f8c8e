// SPDX-License-Identifier: Apache-2.0
/*
 * Rules of datagrams on calls made by hand: what ends that keep every document may do breaks none, whatever the network
 * makes of it; and what breaks one differs from that by little.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "datagram_trace.h"

#define CORE RPCANCEL_WIRE_CORE
#define C706 RPCANCEL_WIRE_C706
#define MS_RPCE RPCANCEL_WIRE_MS_RPCE
#define WINDOWS RPCANCEL_WIRE_WINDOWS
#define FREEDCE RPCANCEL_WIRE_FREEDCE

/* Rules that one of these conversations decides, or breaks. */
static struct rpcancel_wire_mask decided, broken;

static void print_rules(const char *what, const struct rpcancel_wire_mask *mask)
{
    for (unsigned i = 0; i < rpcancel_datagram_rule_count(); i++) {
        if (rpcancel_wire_mask_has(mask, i))
            print_error("    %s: %s\n", what, rpcancel_datagram_rule_at(i)->id);
    }
}

/* |mask| has the rule |id| and no other. */
static bool has_only(const struct rpcancel_wire_mask *mask, const char *id)
{
    unsigned first = rpcancel_wire_mask_next(mask, 0);
    return first < RPCANCEL_WIRE_RULES_MAX && strcmp(rpcancel_datagram_rule_at(first)->id, id) == 0 &&
           rpcancel_wire_mask_next(mask, first + 1) == RPCANCEL_WIRE_RULES_MAX;
}

static bool comes_out(const char *trace, enum rpcancel_wire_profile profile, enum rpcancel_pdu_sender role,
                      const char *violated)
{
    struct rpcancel_datagram_trace_verdict verdict;
    if (!rpcancel_datagram_trace_judge(trace, profile, role, &verdict))
        fail_msg("a word of `%s` is unknown", trace);
    for (unsigned i = 0; i < 2; i++) {
        decided.bits[i] |= verdict.decided.bits[i];
        broken.bits[i] |= verdict.violated.bits[i];
    }
    bool is_as_expected =
        rpcancel_wire_mask_is_empty(&verdict.before) &&
        (violated ? has_only(&verdict.violated, violated) : rpcancel_wire_mask_is_empty(&verdict.violated));
    if (is_as_expected)
        return true;
    print_error("%s, by the rules of %s: expected %s\n", trace, rpcancel_wire_profile_name(profile),
                violated ? violated : "no violation");
    print_rules("earlier", &verdict.before);
    print_rules("last", &verdict.violated);
    return false;
}

/* ---- what must break a rule, by the last event, and no other ---- */

struct unlawful {
    enum rpcancel_wire_profile profile;
    enum rpcancel_pdu_sender role;
    const char *trace, *violated;
};

#define CLIENT RPCANCEL_SENDER_CLIENT
#define SERVER RPCANCEL_SENDER_SERVER
#define EITHER RPCANCEL_SENDER_EITHER

/* clang-format off */
static const struct unlawful unlawful[] = {
    {CORE, CLIENT, "capture; > request 1; > ping 1 flags2 2", "C706-12.5.2/2"},
    {CORE, CLIENT, "capture; > request 1 flags2 2", "C706-12.5.2/2"},
    {CORE, SERVER, "capture; > request 1; < working 1 flags2 2", "C706-12.5.2/2"},
    {CORE, SERVER, "capture; > request 1; < ack 1 1 flags2 2", "C706-12.5.2/2"},

    {CORE, CLIENT, "capture; > request 1; > cancel 1 1 version 1", "C706-12.5.3.3/1"},
    {CORE, CLIENT, "capture; > request 1; > cancel 1 1 size 4", "C706-12.5.3.3/1"},
    {CORE, CLIENT, "capture; > request 1; > cancel 1 1 size 7", "C706-12.5.3.3/1"},
    {CORE, CLIENT, "capture; > request 1; > cancel 1 1 size 9", "C706-12.5.3.3/1"},
    {CORE, CLIENT, "capture; > request 1; > cancel 1 1 size 12", "C706-12.5.3.3/1"},

    {CORE, CLIENT, "capture; > request 1; > cancel 1 1 opnum 2", "C706-12.5.2/1"},
    {CORE, CLIENT, "capture; > request 1; > quit 1 interface 2", "C706-12.5.2/1"},
    {CORE, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 2 1", "C706-12.5.2/1"},
    {CORE, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 1 1 activity 2", "C706-12.5.2/1"},
    {CORE, CLIENT, "at client; > request 1; > quit 2", "C706-12.5.2/1"},

    {MS_RPCE, CLIENT, "capture; > request 1; > cancel 1 0", "MS-RPCE-3.2.2.4.2/1"},
    {MS_RPCE, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 1 2", "MS-RPCE-3.2.2.4.2/1"},
    {FREEDCE, CLIENT, "at client; > request 1; ! cancelled 1; ! cancelled 1; > cancel 1 2; > cancel 1 1", "MS-RPCE-3.2.2.4.2/1"},
    {FREEDCE, CLIENT, "at client; > request 1; > cancel 1 1", "MS-RPCE-3.2.2.4.2/1"},

    {C706, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 1 1; wait 9000; wait 1001", "C706-K/1"},
    {C706, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 1 1; wait 2000; > cancel 1 1; wait 10001", "C706-K/1"},
    {C706, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 1 1; < ack 1 1; ! cancelled 1; > cancel 1 2; wait 10001", "C706-K/1"},
    {FREEDCE, CLIENT, "at client; > request 1 idempotent; ! cancelled 1; > cancel 1 1; < ack 1 1; < nocall 1; wait 10001", "C706-K/1"},

    {FREEDCE, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 1 1; < ack 1 1; > cancel 1 1", "FreeDCE-dgclsn/1"},
    {FREEDCE, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 1 1; ! cancelled 1; > cancel 1 2; < ack 1 2; < ack 1 1; > cancel 1 2", "FreeDCE-dgclsn/1"},
    {FREEDCE, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 1 1; < ack 1 1; < nocall 1; > cancel 1 1", "FreeDCE-dgclsn/1"},

    {FREEDCE, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 1 1; < ack 1 0 refusing; > cancel 1 1", "FreeDCE-dgclsn/2"},
    {FREEDCE, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 1 1; < ack 1 1 refusing; ! cancelled 1; > cancel 1 2", "FreeDCE-dgclsn/2"},
    {FREEDCE, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 1 1; < ack 1 1 refusing; ! ended 1 cancelled", "FreeDCE-dgclsn/3"},
    {FREEDCE, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 1 1; < ack 1 1; ! ended 1 cancelled", "FreeDCE-dgclsn/3"},

    {MS_RPCE, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 1 1; < ack 1 1 version 1; ! ended 1 cancelled", "MS-RPCE-3.2.2.5.11/1"},
    {WINDOWS, CLIENT, "at client; > request 1; < ack 1 0; ! ended 1 cancelled", "MS-RPCE-3.2.2.5.11/2"},
    {MS_RPCE, CLIENT, "at client; > request 1; < quack 1; ! ended 1 cancelled", "MS-RPCE-3.2.2.5.11/2"},
    {MS_RPCE, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 1 1; ! cancelled 1; > cancel 1 2; < ack 1 1; ! ended 1 cancelled", "MS-RPCE-3.2.2.5.11/3"},
    {MS_RPCE, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 1 1; < ack 1 1; wait 0", "MS-RPCE-3.2.2.5.11/4"},
    {MS_RPCE, CLIENT, "at client; > request 1; ! cancelled 1; > cancel 1 1; < ack 1 2; < ack 1 1; < ack 1 2; wait 0", "MS-RPCE-3.2.2.5.11/4"},
    {MS_RPCE, CLIENT, "at client; > request 1; ! cancelled 1 timeout 3000; > cancel 1 1; wait 4001", "MS-RPCE-3.2.2.2.2/1"},
    {WINDOWS, CLIENT, "at client; > request 1; ! cancelled 1 timeout 0; > cancel 1 1; wait 1001", "MS-RPCE-3.2.2.2.2/1"},

    {CORE, SERVER, "capture; > request 1; > cancel 1 1; < ack 1 1 version 1", "C706-12.5.3.2/1"},
    {CORE, SERVER, "capture; > request 1; > cancel 1 1; < ack 1 1 size 8", "C706-12.5.3.2/1"},
    {CORE, SERVER, "capture; > request 1; > cancel 1 1; < ack 1 1 size 1", "C706-12.5.3.2/1"},
    {FREEDCE, SERVER, "capture; > request 1; > cancel 1 1 version 1; < ack 1 0", "FreeDCE-dgslsn/1"},
    {FREEDCE, SERVER, "capture; > request 1; > cancel 1 1 version 1; < ack 1 1", "FreeDCE-dgslsn/1"},
    {FREEDCE, SERVER, "at server; > request 1; > cancel 1 1; ! posted 1 2", "FreeDCE-dgslsn/2"},
    {FREEDCE, SERVER, "at server; > request 1; > cancel 1 1; ! posted 1 1; > cancel 1 1; ! posted 1 1", "FreeDCE-dgslsn/2"},
    {FREEDCE, SERVER, "at server; > request 1; ! posted 1 1", "FreeDCE-dgslsn/2"},
    {C706, SERVER, "capture; > request 1; > cancel 1 1; < ack 1 2", "FreeDCE-dgslsn/3"},
    {C706, SERVER, "capture; > request 1; > quit 1; < ack 1 1", "FreeDCE-dgslsn/3"},
    {C706, SERVER, "at server; > request 1; > cancel 1 1; < ack 1 1; > cancel 1 2; < ack 1 0", "FreeDCE-dgslsn/3"},
    {MS_RPCE, SERVER, "capture; > cancel_ack 1; < fault 1", "MS-RPCE-3.2.3.5.3/1"},
    {WINDOWS, SERVER, "capture; > request 1; < response 1; > working 2; < nocall 2", "MS-RPCE-3.2.3.5.3/1"},
    {FREEDCE, SERVER, "at server; > request 1; > quit 1; wait 0", "FreeDCE-dgslsn/4"},
    {FREEDCE, SERVER, "at server; > request 1; < response 1; > ack 1; > quit 2; wait 0", "FreeDCE-dgslsn/4"},
};

/* ---- what nobody may object to, under any profile, seen from anywhere unless it says where, both
 * ends unless it says of one ---- */

static const struct { unsigned profiles; const char *place, *trace; enum rpcancel_pdu_sender role; } lawful[] = {
#define EVERY ((1u << RPCANCEL_WIRE_PROFILES) - 1)
#define BITS_ENDING (EVERY & ~(1u << FREEDCE)) /* a cancel_ack may end the call */
#define BITS_MICROSOFT (1u << MS_RPCE | 1u << WINDOWS)
#define BITS_C706 (1u << CORE | 1u << C706 | 1u << FREEDCE)
    {EVERY, NULL, "> request 1; < response 1; > ack 1; > request 2; < fault 2; > ack 2", EITHER},
    {EVERY, NULL, "> request 1; < response 1 flags2 2; > ack 1", EITHER},
    {EVERY, NULL, "> request 1; < fault 1 flags2 3", EITHER},
    {BITS_ENDING, NULL, "> request 1; ! cancelled 1; > cancel 1 1; ! posted 1 1; < ack 1 1; ! ended 1 cancelled", EITHER},
    {BITS_C706, NULL, "> request 1; ! cancelled 1; > cancel 1 1; ! posted 1 1; < ack 1 1; wait 60000; < fault 1; ! ended 1 answered; > ack 1", EITHER},
    {BITS_ENDING, NULL, "> request 1; ! cancelled 1; > cancel 1 1; wait 1000; > cancel 1 1; ! posted 1 1; < ack 1 1 size 12; < ack 1 1; ! ended 1 cancelled", EITHER},
    /* one stands for those before it */
    {BITS_ENDING, NULL, "> request 1; ! cancelled 1; ! cancelled 1; > cancel 1 2; ! posted 1 2; < ack 1 2; ! ended 1 cancelled", EITHER},
    /* an old one is acknowledged again, or not */
    {BITS_C706, "at server", "> request 1; > cancel 1 1; ! posted 1 1; < ack 1 1; > cancel 1 1; < ack 1 1", EITHER},
    /* a server that takes no cancels any longer names what it accepted */
    {BITS_C706, NULL, "> request 1; < response 1; ! cancelled 1; > cancel 1 1; < ack 1 0 refusing; ! ended 1 answered; > ack 1", EITHER},
    {BITS_C706, NULL, "> request 1; ! cancelled 1; > cancel 1 1; < ack 1 1 refusing; wait 60000; < ack 1 1; ! cancelled 1; > cancel 1 2; < ack 1 2", EITHER},
    /* given up: over the time-out, or by its caller; and what may be sent for it all the same */
    {EVERY, NULL, "> request 1; ! cancelled 1 timeout 3000; > cancel 1 1; wait 3000; ! ended 1 timeout; > quit 1; < quack 1", EITHER},
    {EVERY, "at client", "> request 1; ! ended 1 otherwise; > quit 1; wait 1000; > quit 1; wait 1000; > quit 1", EITHER},
    {EVERY, NULL, "> request 1; ! cancelled 1 timeout 3000; > cancel 1 1; wait 2000; ! cancelled 1 timeout 3000; > cancel 1 2; wait 3500", EITHER},
    {EVERY, NULL, "> request 1; ! cancelled 1 timeout 3000; > cancel 1 1; wait 2000; < response 1; ! ended 1 answered; wait 90000", EITHER},
    /* a server that knows one form of cancel_ack only has orphaned the call (FreeDCE's account) */
    {EVERY, NULL, "> request 1; ! cancelled 1; > cancel 1 1; < quack 1; ! ended 1 cancelled", EITHER},
    /* an idempotent call may run again, and sees its cancel again */
    {BITS_C706, NULL, "> request 1 idempotent; ! cancelled 1; > cancel 1 1; < ack 1 1; < nocall 1; > request 1 idempotent; > cancel 1 1; < ack 1 1", EITHER},
    {EVERY, NULL, "> request 1; > ping 1; < nocall 1; > request 1; < working 1; > fack 1; < response 1", EITHER},
    /* a client that is wrong about one thing may be right about another */
    {BITS_MICROSOFT, "capture", "> working 1; > request 1; < response 1", EITHER},
    {EVERY, "capture", "> cancel 1 1 version 1; > cancel 1 1; < ack 1 1", SERVER},
    /* ---- what the network does ---- */
    {EVERY, "capture", "> cancel 1 1; > request 1; < ack 1 1; > cancel 1 1; < ack 1 1; < ack 1 1", EITHER},
    {EVERY, "capture", "> request 1; > cancel 1 2; > cancel 1 1; < ack 1 2; < ack 1 1; > cancel 1 2", EITHER},
    {EVERY, "capture", "> request 1; > cancel 1 1; < response 1; < response 1; > cancel 1 1; > ack 1; < ack 1 0 refusing; > cancel 1 1", EITHER},
    {EVERY, "at server", "> cancel 1 1; > quit 1; > request 1", EITHER},
    {EVERY, "at server", "> request 2; < response 2; > cancel 1 1; > quit 1; wait 60000", EITHER},
    {EVERY, "at server", "> quit 1; wait 60000", EITHER},
    {EVERY, "at client", "> request 1; ! cancelled 1; > cancel 1 1; < ack 1 0; < ack 1 0 refusing; wait 60000", EITHER},
    {EVERY, "capture gaps", "< ack 1 7; < response 1; > cancel 3 1; < ack 3 9", EITHER},
    {EVERY, "capture gaps", "> cancel 1 1 version 1; < ack 1 4", SERVER},
    {EVERY, "capture gaps", "> working 1; < response 1", EITHER},
    {BITS_MICROSOFT, "at client", "> request 1; ! cancelled 1; > cancel 1 1; < ack 1 2; < ack 1 1 version 3; < working 1; wait 1000; < ack 1 1; ! ended 1 cancelled; wait 0", CLIENT},
    {BITS_MICROSOFT, "at client", "> request 1; < ack 1 0; < quack 1; wait 1000; < response 1; ! ended 1 answered", EITHER},
};
/* clang-format on */

static void unlawful_ones_break_one_rule(void **state)
{
    unsigned wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof unlawful / sizeof unlawful[0]; i++)
        wrong += !comes_out(unlawful[i].trace, unlawful[i].profile, unlawful[i].role, unlawful[i].violated);
    assert_int_equal(wrong, 0);
}

static void lawful_ones_break_none(void **state)
{
    static const char *const places[] = {"capture", "at client", "at server", "capture gaps"};
    unsigned wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof lawful / sizeof lawful[0]; i++) {
        for (unsigned place = 0; place < sizeof places / sizeof places[0]; place++) {
            char trace[1024];
            snprintf(trace, sizeof trace, "%s; %s", lawful[i].place ? lawful[i].place : places[place], lawful[i].trace);
            for (unsigned profile = 0; profile < RPCANCEL_WIRE_PROFILES; profile++) {
                if (!(lawful[i].profiles >> profile & 1))
                    continue;
                if (lawful[i].role & CLIENT)
                    wrong += !comes_out(trace, (enum rpcancel_wire_profile)profile, CLIENT, NULL);
                if (lawful[i].role & SERVER)
                    wrong += !comes_out(trace, (enum rpcancel_wire_profile)profile, SERVER, NULL);
            }
        }
    }
    assert_int_equal(wrong, 0);
}

/* After both of the above. */
static void every_rule_was_decided_and_broken(void **state)
{
    (void)state;
    for (unsigned i = 0; i < rpcancel_datagram_rule_count(); i++) {
        if (!rpcancel_wire_mask_has(&decided, i) || !rpcancel_wire_mask_has(&broken, i))
            fail_msg("%s is not", rpcancel_datagram_rule_at(i)->id);
    }
}

static void many_calls(void **state)
{
    struct rpcancel_datagram_trace_verdict verdict;
    char trace[4096] = "at client";
    (void)state;
    for (unsigned call = 1; call <= RPCANCEL_DATAGRAM_CALLS_MAX + 1; call++)
        snprintf(trace + strlen(trace), sizeof trace - strlen(trace), ";> request %u;< response %u", call, call);
    size_t length = strlen(trace);
    snprintf(trace + length, sizeof trace - length, ";> cancel 1 1"); /* forgotten: it may have been requested */
    assert_true(rpcancel_datagram_trace_judge(trace, C706, CLIENT, &verdict));
    assert_true(rpcancel_wire_mask_is_empty(&verdict.violated));
    snprintf(trace + length, sizeof trace - length, ";> cancel 2 1 opnum 9"); /* remembered */
    assert_true(rpcancel_datagram_trace_judge(trace, C706, CLIENT, &verdict));
    assert_true(has_only(&verdict.violated, "C706-12.5.2/1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unlawful_ones_break_one_rule),
        cmocka_unit_test(lawful_ones_break_none),
        cmocka_unit_test(every_rule_was_decided_and_broken),
        cmocka_unit_test(many_calls),
    };
    return cmocka_run_group_tests_name("datagram_rules", tests, NULL, NULL);
}
