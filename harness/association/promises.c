// SPDX-License-Identifier: Apache-2.0
#include "association/promises.h"

static bool is_completed_by_reply(const struct rpcancel_fate *fate)
{
    return fate->at_client == RPCANCEL_FATE_RESPONSE || fate->at_client == RPCANCEL_FATE_FAULT;
}

/* What the application did not see of the cancels is pending at the client afterwards, and nothing else is. Where
 * replies do not say that, or do not count, some are lost, but none is made up. */
static const char *cancels_broken(const struct rpcancel_wire_choices *choices, const struct rpcancel_fate *fate)
{
    bool left = fate->cancels > fate->taken;
    if (fate->at_server != RPCANCEL_FATE_ANSWERED) /* the association itself answered: nothing was counted */
        return NULL;
    if (fate->cancel_pending && !left)
        return "a cancel is pending at the client that the application took, or that there never was (W76)";
    if (choices->says_cancel_pending && choices->counts_cancels && left && !fate->cancel_pending)
        return "a cancel is lost: the application did not take it, and it is not pending at the client (W75)";
    return NULL;
}

static const char *call_broken(const struct rpcancel_setup *setup, const struct rpcancel_association_state *before,
                               const struct rpcancel_association_state *after, unsigned call)
{
    const struct rpcancel_fate *was = &before->fates[call], *is = &after->fates[call];
    if (was->at_client == is->at_client)
        return NULL;
    if (was->at_client != RPCANCEL_FATE_NONE && was->at_client != RPCANCEL_FATE_OPEN)
        return "a call that was over came to another end (W36, W97)";
    if (is_completed_by_reply(is))
        return cancels_broken(setup->choices, is);
    return NULL;
}

/* The application is told of cancels exactly when some came, of no more than came. Two may be told as one: they merge.
 */
static const char *telling_broken(const struct rpcancel_fate *fate)
{
    if (fate->at_server == RPCANCEL_FATE_EXECUTING && (fate->told > 0) != (fate->arrived > 0))
        return "a cancel reached the server and not the application, or the reverse (W56, W102)";
    if (fate->told > fate->arrived)
        return "the application was told of more cancels than came";
    return NULL;
}

/* What is left when nothing is on its way, nothing executes and no request waits to leave. */
static const char *rest_broken(const struct rpcancel_association_state *after)
{
    if (after->outbox_count || after->to_server_count || after->to_client_count)
        return NULL;
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++) {
        if (after->fates[i].at_server == RPCANCEL_FATE_EXECUTING)
            return NULL;
    }
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++) {
        if (after->fates[i].at_client == RPCANCEL_FATE_OPEN)
            return "a call never ends (W36)";
        bool is_assembly = after->server_calls[i].state == RPCANCEL_CALL_ASSEMBLING; /* W107 */
        if (after->server_calls[i].state != RPCANCEL_CALL_FREE && !is_assembly)
            return "the server keeps a call that is over";
    }
    return NULL;
}

const char *rpcancel_promise_broken(void *setup, const struct rpcancel_wire_edge *edge)
{
    struct rpcancel_action action = edge->action;
    bool answers = action.kind == RPCANCEL_ACTION_RESPOND || action.kind == RPCANCEL_ACTION_FAULT;
    if (edge->outcome->wrong)
        return edge->outcome->wrong;
    if (answers &&
        (edge->outcome->sent_count > 0) == (edge->from->fates[action.call].given_up != RPCANCEL_NOT_GIVEN_UP))
        return "an answer is sent exactly when the call was not given up (W36, W102, W112)";
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++) {
        const char *broken = call_broken(setup, edge->from, edge->to, i);
        if (!broken)
            broken = telling_broken(&edge->to->fates[i]);
        if (broken)
            return broken;
    }
    return rest_broken(edge->to);
}
