// SPDX-License-Identifier: Apache-2.0
/* Steps of calls over datagrams for people. */
#include <stdio.h>

#include "datagram/event.h"
#include "exchange/search.h"
#include "exchange/strays.h"

/* The datagram that |action| moves, as people read it. */
static void print_moved(const struct rpcancel_exchange_setup *setup, const struct rpcancel_exchange_state *state,
                        struct rpcancel_exchange_action action, char *text, size_t size)
{
    static const char *const fates[] = {"arrives", "arrives, and stays on its way,", "is lost"};
    unsigned how = action.kind - RPCANCEL_EXCHANGE_ARRIVE_SERVER;
    bool to_server = how % 2 == 0;
    char datagram[RPCANCEL_EXCHANGE_TEXT_MAX];
    struct rpcancel_kept_datagram kept;
    rpcancel_datagram_at(setup, (to_server ? state->to_server : state->to_client)[action.place], &kept);
    struct rpcancel_datagram_event event = rpcancel_datagram_event_of(
        to_server ? RPCANCEL_SENDER_CLIENT : RPCANCEL_SENDER_SERVER, kept.bytes, kept.size, 0);
    rpcancel_datagram_event_print(&event, datagram, sizeof datagram);
    snprintf(text, size, "%s %s %s", to_server ? ">" : "<", datagram, fates[how / 2]);
}

static void print_action(const struct rpcancel_exchange_setup *setup, const struct rpcancel_exchange_state *state,
                         struct rpcancel_exchange_action action, char *text, size_t size)
{
    static const char *const texts[RPCANCEL_EXCHANGE_ACTIONS] = {
        [RPCANCEL_EXCHANGE_CALL] = "call",          [RPCANCEL_EXCHANGE_CANCEL] = "cancel",
        [RPCANCEL_EXCHANGE_ORPHAN] = "give up",     [RPCANCEL_EXCHANGE_TAKE] = "the manager routine sees the cancel",
        [RPCANCEL_EXCHANGE_RESPOND] = "it answers", [RPCANCEL_EXCHANGE_FAULT] = "it faults"};
    if (action.kind == RPCANCEL_EXCHANGE_STRAY_SERVER)
        snprintf(text, size, "> from nowhere: %s", rpcancel_exchange_stray_text(true, action.place));
    else if (action.kind == RPCANCEL_EXCHANGE_STRAY_CLIENT)
        snprintf(text, size, "< from nowhere: %s", rpcancel_exchange_stray_text(false, action.place));
    else if (texts[action.kind])
        snprintf(text, size, "%s", texts[action.kind]);
    else
        print_moved(setup, state, action, text, size);
}

void rpcancel_exchange_step_print(struct rpcancel_exchange_setup *setup, struct rpcancel_exchange_state *state,
                                  struct rpcancel_exchange_action action, char *text, size_t size)
{
    struct rpcancel_exchange_outcome outcome;
    if (action.kind != RPCANCEL_EXCHANGE_WAIT)
        print_action(setup, state, action, text, size);
    rpcancel_exchange_step(setup, state, action, &outcome);
    if (action.kind == RPCANCEL_EXCHANGE_WAIT)
        snprintf(text, size, "%u ms pass", outcome.elapsed);
}
