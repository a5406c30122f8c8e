// SPDX-License-Identifier: Apache-2.0
/*
 * Rules of the wire on conversations made by hand: what peers that keep every document may do breaks none, what breaks
 * one differs from that by little.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire_trace.h"

#define CORE RPCANCEL_WIRE_CORE
#define C706 RPCANCEL_WIRE_C706
#define MS_RPCE RPCANCEL_WIRE_MS_RPCE
#define WINDOWS RPCANCEL_WIRE_WINDOWS
#define FREEDCE RPCANCEL_WIRE_FREEDCE

struct conversation {
    enum rpcancel_wire_profile profile;
    const char *trace;
    const char *violated; /* by the last event: the rule; NULL: none is, by any */
};

static void print_rules(const char *what, const struct rpcancel_wire_mask *mask)
{
    for (unsigned i = 0; i < rpcancel_wire_rule_count(); i++) {
        if (rpcancel_wire_mask_has(mask, i))
            print_error("    %s: %s\n", what, rpcancel_wire_rule_at(i)->id);
    }
}

static bool is_violated(const struct rpcancel_wire_mask *mask, const char *id)
{
    for (unsigned i = 0; i < rpcancel_wire_rule_count(); i++) {
        if (rpcancel_wire_mask_has(mask, i) && strcmp(rpcancel_wire_rule_at(i)->id, id) == 0)
            return true;
    }
    return false;
}

/* Judges both ends, each by itself, and returns how many conversations came out otherwise. */
static unsigned play(const struct conversation *conversations, unsigned count, enum rpcancel_pdu_sender role)
{
    unsigned wrong = 0;
    for (unsigned i = 0; i < count; i++) {
        const struct conversation *c = &conversations[i];
        struct rpcancel_trace_verdict verdict;
        if (!rpcancel_trace_judge(c->trace, c->profile, role, &verdict))
            fail_msg("a word of `%s` is unknown", c->trace);
        bool is_as_expected = rpcancel_wire_mask_is_empty(&verdict.before) &&
                              (c->violated ? is_violated(&verdict.violated, c->violated)
                                           : rpcancel_wire_mask_is_empty(&verdict.violated));
        if (is_as_expected)
            continue;
        print_error("%s, by the rules of %s: expected %s\n", c->trace, rpcancel_wire_profile_name(c->profile),
                    c->violated ? c->violated : "no violation");
        print_rules("earlier", &verdict.before);
        print_rules("last", &verdict.violated);
        wrong++;
    }
    return wrong;
}

#define PLAY(conversations, role) \
    assert_int_equal(play((conversations), sizeof(conversations) / sizeof(conversations)[0], (role)), 0)

/* ---- clients ---- */

static void clients(void **state)
{
    static const struct conversation conversations[] = {
        /* a fault that meets the rest of its request on the way (W35) */
        {C706, "bind; > request 2 first; < fault 2 1c010014; > request 2 middle; > request 2 last; > request 3", NULL},
        {C706, "bind; > request 2 first; < fault 2 1c010014; > request 3 last", "C706-12.6.2/1"},
        {C706, "bind; > request 2 first; < fault 2 1c010014; > request 3; > request 2 last", "C706-12.6.2/1"},
        {MS_RPCE, "bind mpx; > request 2; > orphaned 2; > request 2 last", "MS-RPCE-3.3.1.5.10/1"},
        /* a maybe call is over when its request is (W37): the next one follows, and its call_id is free */
        {MS_RPCE, "bind; > request 2 maybe; > request 3; < response 3", NULL},
        {C706, "bind; > request 2 maybe; > request 2; < response 2", NULL},
        {MS_RPCE, "bind; > request 2; > request 3", "MS-RPCE-3.3.1.5.8/2"},
        {C706, "bind mpx; > request 2; > request 2", "C706-12.6.3.5/1"},
        {C706, "bind mpx; > request 2 first maybe; > request 2", "C706-12.6.2/1"},
        /* call_ids begin anew after 2^32 of them */
        {MS_RPCE, "bind; > request 0xfffffffe; < response 0xfffffffe; > request 1", NULL},
        {MS_RPCE, "bind; > request 3; < response 3; > request 2", "MS-RPCE-3.3.3.5.2/1"},
        /* a stray reply ends nothing */
        {CORE, "bind; > request 2; < response 9; < response 2; > request 3", NULL},
        {CORE, "bind; > request 2; < response 9; > request 3", "C706-12.6.3.5/2"},
        /* orphaned ends a call for the client */
        {C706, "bind; > request 2; > orphaned 2; > request 3; > co_cancel 3", NULL},
        {C706, "bind; > request 2; > orphaned 2; > co_cancel 2", "FreeDCE-cncclsm/2"},
        {MS_RPCE, "bind; > request 2; > orphaned 2; > request 3", "MS-RPCE-3.3.1.5.10/1"},
        {MS_RPCE, "bind; > request 2; > orphaned 2; > close", NULL},
        /* and a reply that crosses it makes no difference to the client */
        {C706, "bind; > request 2; > orphaned 2; < response 2; > co_cancel 2", "FreeDCE-cncclsm/2"},
        {C706, "bind; > request 2; > orphaned 2; < response 2; > orphaned 2", "FreeDCE-cncclsm/2"},
        {C706, "bind; > request 2; < response 2; > orphaned 2; > co_cancel 2", "FreeDCE-cncclsm/2"},
        {C706, "bind; > request 2 first; > orphaned 2; < fault 2 1c010014; > request 2 last", "FreeDCE-cncclsm/2"},
        {C706, "bind; > request 2; > orphaned 2; > request 3; < response 2; < response 3; > co_cancel 2",
         "FreeDCE-cncclsm/2"},
        {CORE, "bind; > request 2; > orphaned 2; < response 2; > co_cancel 2", NULL},
        {C706, "bind; > request 2; < response 2; > co_cancel 2", NULL},
        {C706, "bind; > request 2; > orphaned 2; < response 2; > request 3; > co_cancel 3; < response 3", NULL},
        {C706, "bind; > request 2; > orphaned 2; < response 2; > request 2; > co_cancel 2; > orphaned 2", NULL},
        {C706, "bind; > request 2; > orphaned 2; < response 2; > request 2; < response 2; > co_cancel 2", NULL},
        {C706, "bind; > request 2 first; < fault 2 1c010014; > co_cancel 2; > request 2 last", NULL},
    };
    (void)state;
    PLAY(conversations, RPCANCEL_SENDER_CLIENT);
}

/* ---- servers: replies ---- */

static void replies(void **state)
{
    static const struct conversation conversations[] = {
        {CORE, "bind; > request 2; < response 3", "C706-12.6.3.5/3"},
        /* a second end of a call is another matter than a reply to none, and not said outside of C706 */
        {CORE, "bind; > request 2; < response 2; < response 2", NULL},
        {C706, "bind; > request 2; < response 2; < response 2", "C706-9.3.4/1"},
        /* faults in several fragments: only FreeDCE and Samba say that there are none */
        {CORE, "bind; > request 2; < fault 2 5 first; < fault 2 5 middle; < fault 2 5 last; > request 3; < response 3",
         NULL},
        {C706, "bind; > request 2; < fault 2 5 first", "FreeDCE-cnsclsm/1"},
        {CORE, "bind; > request 2; < fault 2 5 last", "C706-12.6.2/3"},
        {CORE, "bind; > request 2; < fault 2 5; < fault 2 5 last", NULL},
        {C706, "bind; > request 2; < fault 2 5; < fault 2 5 last", "C706-9.3.4/1"},
        /* a response that begins before the request is complete: its fragments are marked as all are */
        {CORE, "bind; > request 2 first; < response 2 first; < response 2 middle; > request 2 last; < response 2 last",
         NULL},
        {CORE, "bind; > request 2 first; < response 2 first; < response 2 first", "C706-12.6.2/3"},
        {CORE, "bind; > request 2; < response 2 first; < fault 2 5", NULL},
        /* what a server makes of the rest of a request that it has answered is open */
        {C706, "bind; > request 2 first; < fault 2 1c010014; > request 2 last; < fault 2 1c01000b; < close", NULL},
        {WINDOWS, "bind; > request 2 first; < fault 2 1c010014; > request 2 last; < fault 2 5; < close", NULL},
        /* two alter_contexts: the answer to the first does not show that the second was read */
        {C706, "bind mpx; > request 2 hold; > alter 3; > orphaned 2; > alter 4; < altered 3; < response 2", NULL},
        {C706, "bind mpx; > request 2 hold; > alter 3; > orphaned 2; > alter 4; < altered 3; < altered 4; < response 2",
         "OSF-DCE-orphaned/1"},
        /* a call_id can be used again, once its call is over */
        {C706, "bind; > request 2; < response 2; > request 2 fast; < fault 2 1c01000b", "C706-12.6.3.5/4"},
        {FREEDCE, "bind; > request 2; < response 2; > request 2 fast; < fault 2 1c01000b", "C706-12.6.3.5/4"},
        {C706, "bind; > request 2 fast; > orphaned 2; > request 2 fast; < fault 2 1c01000b", NULL},
        {WINDOWS,
         "bind; > request 2; < response 2; > request 2 first; > orphaned 2; > request 3 fast; < fault 2 1c01000b; < "
         "close",
         NULL},
        /* maybe calls */
        {C706, "bind; > request 2 maybe; < response 2", "C706-12.6.3.1/3"},
        {C706, "bind; > request 2 maybe; < fault 2 1c010014 dne", NULL},
        {C706, "bind; > request 2 first maybe much; < fault 2 5", NULL},
        {C706, "bind; > request 2 maybe; > request 3 park; > co_cancel 3; < fault 3 1c00000d", "C706-12.6.4.10/2"},
        {WINDOWS, "bind; > request 2 maybe; > request 3 fast; < fault 2 1c01000b; < close", NULL},
        /* bind-time features in an alter_context: of one that asks MS-RPCE says nothing */
        {MS_RPCE, "bind; > alter 2; < altered 2", NULL},
        {MS_RPCE, "bind; > alter 2; < altered 2 granted 2", "MS-RPCE-3.3.1.5.3/1"},
        {WINDOWS, "bind; > alter 2; < altered 2 granted 0", "MS-RPCE-3.3.1.5.3/1"},
        {C706, "bind; > alter 2; < altered 2 granted 2", NULL},
        {MS_RPCE, "bind; > alter 2 features 2; < altered 2 granted 2", NULL},
        {MS_RPCE, "bind; > alter 2 features 2; < altered 2 granted 0", NULL},
        {MS_RPCE, "bind; > alter 2 features 1; < altered 2 granted 3", "MS-RPCE-3.3.1.5.3/1"},
        {MS_RPCE, "bind; > alter 2 features 2; > alter 3; < altered 2 granted 2; < altered 3", NULL},
        {MS_RPCE, "bind; > alter 2 features 2; > alter 3; < altered 2 granted 2; < altered 3 granted 2",
         "MS-RPCE-3.3.1.5.3/1"},
        /* before bind */
        {C706, "> co_cancel 1; > close", NULL},
        {C706, "> co_cancel 1; < fault 1 1c01000b", "FreeDCE-cnassm/2"},
        {C706, "> co_cancel 1; > request 1; < fault 1 1c01000b", NULL},
    };
    (void)state;
    PLAY(conversations, RPCANCEL_SENDER_SERVER);
}

/* ---- servers: cancels ---- */

static void cancels(void **state)
{
    static const struct conversation conversations[] = {
        /* what a cancel PDU with more than its header is, a server may choose (W52, W55, W131) */
        {C706, "bind mpx; > request 2 park; > co_cancel 2 junk; < fault 2 1c01000b; < close", NULL},
        {C706, "bind mpx; > request 2 park; > co_cancel 2 verifier; < fault 2 1c01000b; < close", NULL},
        {CORE, "bind; > co_cancel 7 junk; < fault 7 1c01000b; < close", NULL},
        {CORE, "bind; > co_cancel 7 verifier; < close", NULL},
        {CORE, "bind; > orphaned 7 flags 88; < fault 7 1c01000b; < close", NULL},
        {CORE, "bind; > co_cancel 7 flags 13; < close", NULL},
        {CORE, "bind mpx; > co_cancel 7 flags 13; < close", "FreeDCE-cnassm/1"},
        {CORE, "bind; > co_cancel 7; < close", "FreeDCE-cnassm/1"},
        {CORE, "bind; > co_cancel 7 flags 7; < close", "FreeDCE-cnsclsm/2"},
        {CORE, "bind; > co_cancel 7; < fault 7 1c01000b", "FreeDCE-cnassm/1"},
        /* after a refusal the end of the connection has that reason, until the server goes on */
        {C706, "bind; > request 2; < fault 2 1c010014; > co_cancel 7; < close", NULL},
        {C706, "bind mpx; > request 2; > request 3; < fault 2 5; < response 3; > co_cancel 7; < close", NULL},
        {C706, "bind; > request 2; < fault 2 5; > request 3; < response 3; > co_cancel 7; < close", "FreeDCE-cnassm/1"},
        /* over orphaned for a call that is there, only C706's side says what follows */
        {CORE, "bind; > request 2 hold; < response 2; > request 3; > orphaned 3; < close", NULL},
        {CORE, "bind mpx; > request 2 hold; > orphaned 2; > request 3; < response 3; > co_cancel 9; < close", NULL},
        {C706, "bind; > request 2 hold; > orphaned 2; > request 3 fast; < close", "FreeDCE-cnassm/4"},
        {C706, "bind; > request 2 hold; > orphaned 2; > request 3 first much; < close", NULL},
        {C706, "bind; > request 2 hold; > orphaned 2; > request 3 first much; < fault 3 5; < close", NULL},
        /* cancel_count */
        {CORE, "bind; > request 2; > co_cancel 2; < response 2 count 2", "C706-12.6.4.10/3"},
        {WINDOWS, "bind; > request 2 first; > orphaned 2; > co_cancel 2; > request 2 last; < response 2 count 1", NULL},
        {C706, "bind; > request 2 hold; > co_cancel 2; release; < response 2", NULL},
        /* a manager routine that was told to go on before the cancel was read */
        {C706, "bind mpx; > request 2 hold; release; > co_cancel 2; > request 3 fast; < response 3; < response 2",
         NULL},
        {C706, "bind mpx; > request 2 hold; > co_cancel 2; > request 3 fast; < response 3; release; < response 2",
         "C706-12.6.4.10/2"},
        {C706,
         "bind mpx; > request 2 hold; > co_cancel 2; > request 3 fast; < response 3; release; < response 2 count 1",
         "C706-12.6.3.1/5"},
        {C706,
         "bind mpx; > request 2 hold; > co_cancel 2; > request 3 fast; < response 3; release; < response 2 pending "
         "count 1",
         NULL},
        {C706, "bind; > request 2 park; > co_cancel 2; < response 2", NULL},
        /* refusals are no answer of a manager routine */
        {C706, "bind; > request 2 park; > co_cancel 2; < fault 2 1c010014", NULL},
        {C706, "bind; > request 2 park; > co_cancel 2; < fault 2 6d8 dne", NULL},
        {C706, "bind; > request 2 park first; > co_cancel 2; < fault 2 6d8", NULL},
        {C706, "bind; > request 2 park; > co_cancel 2; < fault 2 6d8", "C706-E/1"},
        /* PENDING_CANCEL on later fragments is no cancel (W53) */
        {C706, "bind; > request 2 first; > request 2 last pending; < response 2 pending", "C706-12.6.3.1/6"},
        {C706, "bind; > request 2 first; > request 2 last pending; < response 2", NULL},
        /* FreeDCE loses cancels behind its cancel_caf, and says so */
        {C706, "bind; > request 2 fast; > co_cancel 2; < response 2 count 1", "OSF-DCE-cancels/1"},
        {FREEDCE, "bind; > request 2 fast; > co_cancel 2; < response 2 count 1", NULL},
    };
    (void)state;
    PLAY(conversations, RPCANCEL_SENDER_SERVER);
}

/* ---- servers: orphaned ---- */

static void orphaned(void **state)
{
    static const struct conversation conversations[] = {
        /* a reply may have been begun before orphaned was read, unless the operation surely waited */
        {C706, "bind mpx; > request 2 fast; > orphaned 2; > request 3; < response 3; < response 2", NULL},
        {C706, "bind mpx; > request 2; > orphaned 2; > request 3; < response 3; < response 2", NULL},
        {C706, "bind mpx; > request 2 park; > co_cancel 2; > orphaned 2; > request 3; < response 3; < fault 2 1c00000d",
         NULL},
        {C706, "bind mpx; > request 2 park; > orphaned 2; > request 3; < response 3; < fault 2 1c00000d",
         "OSF-DCE-orphaned/1"},
        {C706, "bind mpx; > request 2 hold; > orphaned 2; > request 3; release; < response 3; < response 2", NULL},
        {C706, "bind mpx; > request 2 hold; > orphaned 2; > request 3; < response 3; release; < response 2",
         "OSF-DCE-orphaned/1"},
        {C706, "bind mpx; > request 2 first; > orphaned 2; > request 3; < response 3; < response 2", "C706-12.6.4.8/5"},
        /* the call_id of an orphaned call is used again: whose reply comes, nobody can tell */
        {C706, "bind mpx; > request 2 hold; > orphaned 2; > request 2; < response 2; < response 2", NULL},
    };
    (void)state;
    PLAY(conversations, RPCANCEL_SENDER_SERVER);
}

/* Plays each of |conversations| behind |begin| and twice as many orphaned calls as there are places, from call_id 100
 * on. */
static unsigned play_after_many(const char *begin, const struct conversation *conversations, unsigned count,
                                enum rpcancel_pdu_sender role)
{
    unsigned wrong = 0;
    for (unsigned i = 0; i < count; i++) {
        char trace[4096];
        struct conversation c = conversations[i];
        snprintf(trace, sizeof trace, "%s", begin);
        for (unsigned call = 100; call < 100 + 2 * RPCANCEL_WIRE_CALLS_MAX; call++)
            snprintf(trace + strlen(trace), sizeof trace - strlen(trace), ";> request %u fast;> orphaned %u", call,
                     call);
        snprintf(trace + strlen(trace), sizeof trace - strlen(trace), ";%s", c.trace);
        c.trace = trace;
        wrong += play(&c, 1, role);
    }
    return wrong;
}

/* More orphaned calls than there are places: of what is forgotten nothing is said, and all else judged. */
static void forgotten_calls(void **state)
{
    static const struct conversation servers[] = {
        {C706, "> request 300 fast; < response 300", NULL},
        {C706, "> request 300 fast; < response 301", "C706-12.6.3.5/3"},
        {C706, "> request 300 fast; < response 300; < response 300", "C706-9.3.4/1"},
        {CORE, "> request 300 fast; > co_cancel 300; < response 300 count 2", "C706-12.6.4.10/3"},
        {C706, "> request 300 hold; > co_cancel 300; > request 301 fast; < response 301; release; < response 300",
         "C706-12.6.4.10/2"},
        {C706, "> request 300 hold; > orphaned 300; > request 301 fast; < response 301; < response 300",
         "OSF-DCE-orphaned/1"},
        {C706, "> request 300 fast; < fault 300 1c01000b", "FreeDCE-cnassm/4"},
        {CORE, "> request 300 fast; < response 300; > co_cancel 50; < fault 50 1c01000b", "FreeDCE-cnassm/1"},
        /* replies to what was forgotten, the first one and those behind it, and to what was not */
        {CORE, "< response 100; < fault 101 5; < response 120 first; < response 120 last; < response 163", NULL},
        {CORE, "> co_cancel 100; > orphaned 101; < response 100; < fault 101 1c01000b", NULL},
        {C706, "> request 300 fast; < response 300; < response 100; < response 100", NULL},
        {CORE, "> request 100 last; < response 100; > request 300; < response 300", NULL},
        /* its call_id again */
        {C706, "> request 100 fast; < response 100; < response 100", NULL},
        {WINDOWS, "> request 300 fast pending; < response 300", NULL},
        {WINDOWS, "> request 300 fast; < fault 300 1c01000b; < close", NULL},
    };
    static const struct conversation clients[] = {
        {C706, "> request 300; > co_cancel 300; > request 300", "C706-12.6.3.5/1"},
        {C706, "> request 300; > co_cancel 301", "C706-12.6.4.6/2"},
        {C706, "> request 300; > orphaned 300; > co_cancel 300", "FreeDCE-cncclsm/2"},
        {C706, "> co_cancel 100; > orphaned 110", NULL},
        {CORE, "> request 100 last", NULL},
        {CORE, "< response 100; > request 300; > request 301", NULL},
    };
    unsigned server_count = sizeof servers / sizeof servers[0], client_count = sizeof clients / sizeof clients[0];
    (void)state;
    assert_int_equal(play_after_many("bind mpx", servers, server_count, RPCANCEL_SENDER_SERVER), 0);
    assert_int_equal(play_after_many("bind mpx", clients, client_count, RPCANCEL_SENDER_CLIENT), 0);
    /* Without multiplexing what was forgotten may be in the way. */
    static const struct conversation plain[] = {
        {CORE, "> request 300 fast; < fault 300 1c01000b; < close", NULL},
        {CORE, "> request 300 fast; > co_cancel 300; < fault 300 1c01000b; < close", NULL},
        {C706, "> request 300 fast; > co_cancel 300; < fault 300 1c01000b", "FreeDCE-cnassm/4"},
        {CORE, "> request 300 fast; < response 300; > request 301 first; > co_cancel 301; < fault 301 1c01000b",
         "FreeDCE-cnsclsm/3"},
    };
    assert_int_equal(play_after_many("bind", plain, sizeof plain / sizeof plain[0], RPCANCEL_SENDER_SERVER), 0);
}

/* More that are outstanding: nothing is judged, and nothing said wrongly. */
static void too_many_calls(void **state)
{
    struct rpcancel_trace_verdict verdict;
    char trace[2048] = "bind mpx";
    (void)state;
    for (unsigned call = 2; call < 2 + RPCANCEL_WIRE_CALLS_MAX + 1; call++)
        snprintf(trace + strlen(trace), sizeof trace - strlen(trace), "; > request %u", call);
    snprintf(trace + strlen(trace), sizeof trace - strlen(trace), "; < response 34; < response 2; < response 99");
    assert_true(rpcancel_trace_judge(trace, C706, RPCANCEL_SENDER_SERVER, &verdict));
    assert_true(rpcancel_wire_mask_is_empty(&verdict.violated));
    assert_true(rpcancel_wire_mask_is_empty(&verdict.before));
}

/* ---- servers: what Windows' were seen to do ---- */

static void observed(void **state)
{
    static const struct conversation conversations[] = {
        {WINDOWS, "bind; > request 2 hold; > request 3 fast; < fault 2 1c01000b; < close", NULL},
        {WINDOWS, "bind; > request 2 hold; > request 3 fast; < response 3", "Windows-raw_protocol/1"},
        {WINDOWS, "bind mpx; > request 2 first; > request 3 fast; < fault 3 1c01000b; < close", NULL},
        {WINDOWS, "bind mpx; > request 2 first; > request 3 fast; < fault 2 1c01000b", "Windows-raw_protocol/1"},
        /* the same, of the call_id of the one that is not complete */
        {WINDOWS, "bind; > request 2 first; > request 2 first; < fault 2 1c01000b; < close", NULL},
        {WINDOWS, "bind mpx; > request 2 first; > request 2 fast; < fault 2 1c01000b; < close", NULL},
        {WINDOWS, "bind; > request 2 fast first; > request 2 fast; < response 2", "Windows-raw_protocol/1"},
        {WINDOWS, "bind mpx; > request 2 fast first; > request 2 fast first; > request 2 last; < response 2",
         "Windows-raw_protocol/1"},
        {WINDOWS, "bind; > request 2 first; > request 2; < fault 2 1c01000b; > request 3; < response 3",
         "Windows-raw_protocol/1"},
        {CORE, "bind; > request 2 fast first; > request 2 fast; < response 2", NULL},
        {WINDOWS, "bind; > request 2 first; > request 2 fast; < fault 2 1c010014; < response 2", NULL},
        {WINDOWS, "bind; > request 2 first pending; > request 2 fast; < fault 2 6bd dne; < close", NULL},
        {WINDOWS, "bind; > request 2 first much; > request 2; < fault 2 5; < close", NULL},
        {WINDOWS, "bind; > request 2 first; > request 2 first much; < fault 2 5; < close", NULL},
        {WINDOWS, "bind auth; > request 2 first; > request 2 first; < fault 2 721; > request 3; < response 3", NULL},
        {WINDOWS, "bind; > request 2 first; < fault 2 1c010014; > request 2 fast; < response 2", NULL},
        /* it was answered before the other one was read */
        {WINDOWS, "bind; > request 2 hold; > request 3 fast; release; < response 2; < response 3", NULL},
        {WINDOWS, "bind; > request 2 first; > request 3 fast; < fault 2 1c010014; < response 3", NULL},
        {WINDOWS, "bind; > request 2 hold; release; > request 3 fast; < response 2; < response 3", NULL},
        /* one of two refusals */
        {WINDOWS, "bind mpx; > request 2 first; > request 3 first much; < fault 3 5; < close", NULL},
        {WINDOWS, "bind; > request 2 first pending much; < fault 2 6bd dne; < close", NULL},
        {WINDOWS, "bind; > request 2 first pending much; < fault 2 5; < close", NULL},
        {WINDOWS, "bind; > request 2 first much; < fault 2 6bd dne", "Windows-raw_protocol/8"},
        {WINDOWS, "bind; > request 2 much; < response 2", NULL},
        {WINDOWS, "bind; > request 2 pending; < fault 2 6bd dne; < close", NULL},
        {WINDOWS, "bind; > request 2 pending; < response 2", "Windows-raw_protocol/3"},
        {WINDOWS, "bind; > request 2 hold; > orphaned 2; > request 3 pending; < fault 2 1c01000b; < close", NULL},
        /* the end of the connection belongs to them */
        {WINDOWS, "bind; > request 2 pending; < fault 2 6bd dne; > request 3; < response 3", "Windows-raw_protocol/3"},
        {WINDOWS, "bind; > request 2 first much; < fault 2 5; > request 3; < response 3", "Windows-raw_protocol/8"},
        {WINDOWS,
         "bind; > request 2 first; > orphaned 2; > request 3 fast; < fault 2 1c01000b; > request 4; < response 4",
         "Windows-raw_protocol/7"},
        {WINDOWS, "bind; > request 2 hold; > request 3 fast; < fault 2 1c01000b; > request 4; < response 4",
         "Windows-raw_protocol/1"},
        {WINDOWS, "bind; > request 7 last; < fault 7 1c01000b; > request 8; < response 8", "Windows-raw_protocol/2"},
        {WINDOWS, "bind; > request 7 last; < close", "Windows-raw_protocol/2"},
        {WINDOWS, "bind; > request 7 last; > request 8; < close", NULL},
        {WINDOWS, "bind; > request 2; > orphaned 2; > request 7 last; < close", NULL},
        /* orphaned between fragments is ignored */
        {WINDOWS, "bind; > request 2 fast first; > orphaned 2; > request 2 last; < response 2", NULL},
        {WINDOWS, "bind; > request 2 fast first; > orphaned 2; > request 2 last; < fault 2 1c010014 dne", NULL},
        {WINDOWS, "bind; > request 2 fast first; > orphaned 2; > request 2 last; < fault 2 6d8",
         "Windows-raw_protocol/6"},
        {WINDOWS, "bind; > request 2 first; > orphaned 2; > request 3 fast; < fault 2 1c01000b; < close", NULL},
        {WINDOWS, "bind; > request 2 first; > orphaned 2; > request 3 fast; < response 3", "Windows-raw_protocol/7"},
        {WINDOWS, "bind; > request 2 first; > orphaned 2; > request 3 fast; < fault 2 1c010014; < response 3", NULL},
    };
    (void)state;
    PLAY(conversations, RPCANCEL_SENDER_SERVER);
}

/* ---- what comes close to breaking a rule, and what breaks one in an unusual way ---- */

static const struct conversation lawful_servers[] = {
    /* rest of a request, all sent before the early fault came */
    {C706, "bind; > request 2 first; > request 2 last; < fault 2 1c010014; < fault 2 1c01000b; < close", NULL},
    {WINDOWS, "bind; > request 2 first; > request 2 last; < fault 2 1c010014; < fault 2 1c01000b; < close", NULL},
    {CORE, "bind; > request 2 first; > request 2 last; < fault 2 1c010014; > co_cancel 2; < fault 2 1c01000b; < close",
     NULL},
    {WINDOWS,
     "bind; > request 2 first; > request 2 last; < fault 2 1c010014; > orphaned 2; < fault 2 1c01000b; < close", NULL},
    {WINDOWS, "bind; > request 2 first; > request 2 last; < fault 2 1c010014; > request 2; < fault 2 1c01000b; < close",
     NULL},
    {CORE,
     "bind; > request 2 first; > request 2 last; < fault 2 1c010014; > request 2; > co_cancel 2 flags 4; < fault 2 "
     "1c01000b; < close",
     NULL},
    {CORE,
     "bind; > request 2 first; > request 2 last; < fault 2 1c010014; > request 2 first; > co_cancel 2; < fault 2 "
     "1c01000b; < close",
     NULL},
    {C706,
     "bind; > request 2 first; > request 2 last; < fault 2 1c010014; > request 2; > co_cancel 2; < fault 2 "
     "1c01000b; < close",
     NULL},
    {WINDOWS,
     "bind; > request 2 first; > request 2 last; < fault 2 1c010014; > request 2 pending; < fault 2 1c01000b; < "
     "close",
     NULL},
    /* W108 forgets */
    {WINDOWS,
     "bind mpx; > request 5; > request 6 first; > orphaned 6; > request 7; < response 5; > request 8; < fault 7 "
     "1c01000b; < close",
     NULL},
    /* W10, W33: a fault that answers something else */
    {C706, "bind; > ack 5; > request 5; < fault 5 1c01000b; < close", NULL},
    {WINDOWS, "bind; > alter 3; > request 7 last; < fault 3 5; < fault 7 1c01000b; < close", NULL},
    /* manager raised what may not be sent */
    {MS_RPCE, "bind mpx; > request 2; > request 3; < response 3; > co_cancel 7; < close", NULL},
    {MS_RPCE, "bind mpx; > request 2; > request 3; < response 3; > co_cancel 2; < close", NULL},
    /* decreasing ids */
    {WINDOWS, "bind; > request 3; < response 3; > request 9; < response 9; > request 3; < fault 3 1c01000b; < close",
     NULL},
    {MS_RPCE,
     "bind; > request 9; < response 9; > request 3 first; > co_cancel 3; > request 3 last; < fault 3 1c01000b; < "
     "close",
     NULL},
    {MS_RPCE, "bind; > request 9; < response 9; > request 3; > co_cancel 3 flags 2; < fault 3 1c01000b; < close", NULL},
    /* W72 */
    {WINDOWS,
     "bind; > request 2 first; > co_cancel 2; > request 2 last; > orphaned 2; > co_cancel 2; < response 2 count 1",
     NULL},
    {WINDOWS,
     "bind mpx; > request 2 hold; > request 3 first pending; > co_cancel 3; > request 3 last; < response 3 count 1",
     NULL},
    /* shutdown */
    {CORE, "bind; > request 2; < response 2; < shutdown 0; > co_cancel 7; < close", NULL},
    {C706, "bind; > request 2 hold; > orphaned 2; < shutdown 0; > request 3; < close", NULL},
    /* refusals begun before orphaned */
    {C706, "bind mpx; > request 2 first; > orphaned 2; > request 3; < response 3; < fault 2 1c010014", NULL},
    {C706, "bind mpx; > request 2 hold; > orphaned 2; > request 3; < response 3; < fault 2 1c010014 dne", NULL},
    /* contexts */
    {C706, "bind; > request 2 context 7; > co_cancel 2; < fault 2 1c01000b; < close", NULL},
    {CORE, "bind; > request 2 first context 7; > co_cancel 2; > request 2 last; < fault 2 1c01000b; < close", NULL},
    /* W66 */
    {C706, "bind; > request 2 park; > co_cancel 2; < fault 2 1c00000c", NULL},
    /* W71 */
    {WINDOWS, "capture; bind; > request 2 first; > request 2 last pending; < fault 2 1c00000d", NULL},
    /* a request that the server has not answered may be why it closes, unless nothing about it could be */
    {CORE, "bind; > request 2 fast; < close", NULL},
    {CORE, "bind; > co_cancel 7; > request 2; < close", NULL},
    {CORE, "bind; > co_cancel 7; > request 2 fast pending; < close", NULL},
    {CORE, "bind; > co_cancel 7; > request 2 fast maybe; < close", NULL},
    {CORE, "bind; > co_cancel 7; > request 2 fast first; > request 2 last; < close", NULL},
    {CORE, "bind; > request 9; < response 9; > co_cancel 7; > request 2 fast; < close", NULL},
    {CORE, "bind; > request 2; < response 2; > co_cancel 7; > request 2 fast; < close", NULL},
    {CORE, "bind mpx; > request 2 fast; > co_cancel 7; > request 3 fast; < close", NULL},
    {CORE, "bind mpx; > request 2 hold; > orphaned 2; > co_cancel 7; > request 3 fast; < close", NULL},
    {CORE, "capture; bind; > co_cancel 7; > request 2 fast; < close", NULL},
    /* W54 of a second reply under core */
    {CORE, "bind; > request 2; < response 2; > co_cancel 2; < response 2", NULL},
};

static const struct conversation lawful_clients[] = {
    {MS_RPCE, "bind; > request 2; < short 2; > request 3", NULL},
    /* a reply that crosses orphaned, or answers a maybe call, is taken for that of the next call of that call_id */
    {C706, "bind; > request 2; < response 2; > orphaned 2; > request 2; > request 2", NULL},
    {MS_RPCE, "bind; > request 2 maybe; < response 2; > request 2; > request 3", NULL},
    {WINDOWS,
     "bind; > request 2 first; > request 2 last; < fault 2 1c010014; < fault 2 1c01000b; > request 2; > request 3",
     NULL},
    {C706, "bind; > request 2; < short 2; > request 2", NULL},
    {C706,
     "bind mpx; > request 2 first; > request 3 first; < fault 2 1c010014; < fault 3 1c010014; > request 2 last; > "
     "request 3 last",
     NULL},
    {C706, "bind mpx; > request 2 first; < fault 2 1c010014; > request 3 first; > request 2 last; > request 3 last",
     NULL},
};

static void lawful_oddities(void **state)
{
    unsigned wrong = play(lawful_servers, sizeof lawful_servers / sizeof lawful_servers[0], RPCANCEL_SENDER_SERVER);
    wrong += play(lawful_clients, sizeof lawful_clients / sizeof lawful_clients[0], RPCANCEL_SENDER_CLIENT);
    (void)state;
    assert_int_equal(wrong, 0);
}

static void unlawful_oddities(void **state)
{
    static const struct conversation servers[] = {
        /* W103 */
        {C706,
         "bind mpx; > request 2 stream; > orphaned 2; > request 3 fast; < response 2 first; < response 3; < response 2 "
         "middle; < response 2 middle",
         "C706-12.6.4.8/6"},
        {C706,
         "bind mpx; > request 2; > orphaned 2; > request 3 fast; < response 3; < response 2 first; < response 2 middle",
         "C706-12.6.4.8/6"},
        /* late ack */
        {CORE, "bind mpx; > request 2 park; > co_cancel 2; > request 3 fast; < response 3; < cancel_ack 2",
         "C706-12.6.4.6/4"},
        {CORE, "bind mpx; > request 2 park; > orphaned 2; > request 3 fast; < response 3; < cancel_ack 2",
         "C706-12.6.4.8/4"},
        /* closing over it is heard of behind the barrier */
        {CORE, "bind; > co_cancel 7; > request 2 fast; < close", "FreeDCE-cnassm/1"},
        {CORE, "bind; > orphaned 7; > orphaned 8; > request 2 fast; < close", "FreeDCE-cnassm/3"},
        {CORE, "bind; > request 2; < response 2; > co_cancel 2; > request 3 fast; < close", "C706-12.6.4/2"},
        {C706, "bind; > request 2 fast; > co_cancel 2; < close", "C706-6.1.8/1"},
        /* an unrelated end clears cut_in */
        {WINDOWS, "bind mpx; > request 2; > request 3 first; > request 4 fast; < response 2; < response 4",
         "Windows-raw_protocol/1"},
        /* a verifier of an authenticated call (W52) ends all judging */
        {CORE, "bind auth; > request 2; > co_cancel 2 verifier; < response 2 count 9", "C706-12.6.4.10/3"},
        {CORE, "bind auth; > request 2; > co_cancel 2; < response 2 count 9", "C706-12.6.4.10/3"},
        /* began_over stays */
        {C706,
         "bind; > request 2 maybe; > request 3; < response 3; > request 4 first; > co_cancel 4; > request 4 last; < "
         "fault 4 1c01000b",
         "FreeDCE-cnsclsm/3"},
    };
    unsigned wrong = play(servers, sizeof servers / sizeof servers[0], RPCANCEL_SENDER_SERVER);
    (void)state;
    assert_int_equal(wrong, 0);
}

/* After 32 calls nobody knows any longer which were there: yet a call_id above all of them was not. */
static void after_many_calls(void **state)
{
    struct rpcancel_trace_verdict verdict;
    char trace[4096] = "bind";
    (void)state;
    for (unsigned call = 2; call < 2 + RPCANCEL_WIRE_ENDED_MAX; call++)
        snprintf(trace + strlen(trace), sizeof trace - strlen(trace), ";> request %u;< response %u", call, call);
    size_t length = strlen(trace);
    snprintf(trace + length, sizeof trace - length, ";< response 99");
    assert_true(rpcancel_trace_judge(trace, CORE, RPCANCEL_SENDER_SERVER, &verdict));
    assert_true(is_violated(&verdict.violated, "C706-12.6.3.5/3"));
    char maybe[4096] = "bind";
    for (unsigned call = 2; call < 2 + 2 * (RPCANCEL_WIRE_CALLS_MAX + 1); call += 2)
        snprintf(maybe + strlen(maybe), sizeof maybe - strlen(maybe), ";> request %u maybe;> request %u;< response %u",
                 call, call + 1, call + 1);
    snprintf(maybe + strlen(maybe), sizeof maybe - strlen(maybe), ";< response 99");
    assert_true(rpcancel_trace_judge(maybe, CORE, RPCANCEL_SENDER_SERVER, &verdict));
    assert_true(is_violated(&verdict.violated, "C706-12.6.3.5/3"));
    snprintf(trace + length, sizeof trace - length, ";> co_cancel 99");
    assert_true(rpcancel_trace_judge(trace, CORE, RPCANCEL_SENDER_CLIENT, &verdict));
    assert_true(is_violated(&verdict.violated, "C706-12.6.4.6/2"));
}

int main(void)
{
    const struct CMUnitTest wire_rules[] = {
        cmocka_unit_test(clients),          cmocka_unit_test(replies),         cmocka_unit_test(cancels),
        cmocka_unit_test(orphaned),         cmocka_unit_test(observed),        cmocka_unit_test(forgotten_calls),
        cmocka_unit_test(too_many_calls),   cmocka_unit_test(lawful_oddities), cmocka_unit_test(unlawful_oddities),
        cmocka_unit_test(after_many_calls),
    };
    return cmocka_run_group_tests(wire_rules, NULL, NULL);
}
