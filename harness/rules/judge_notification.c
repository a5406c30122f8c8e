// SPDX-License-Identifier: Apache-2.0
/*
 * Rules on notifications of a call. Each function is one rule of harness/rules/rules.def, where
 * its sentence and source stand; it decides only where that sentence speaks.
 */
#include "observer/notices.h"
#include "rules/rule_functions.h"

/* The call is alive, and its client there. */
static bool is_live(const struct rpcancel_situation *s)
{
    return s->server >= RPCANCEL_V1 && s->server <= RPCANCEL_V2C;
}

/* The call that is meant is alive: the one named, or, without a handle, that of a manager routine that has not handed
 * it off. */
static bool is_meant(const struct rpcancel_situation *s)
{
    bool is_zero = s->operation.kind == RPCANCEL_OP_SUBSCRIBE_ZERO;
    return s->call && is_live(s) && is_its_own_thread(s) && (!is_zero || s->server <= RPCANCEL_V1C);
}

static bool is_event(const struct rpcancel_situation *s)
{
    return s->operation.argument == RPCANCEL_EVENT_CANCEL || s->operation.argument == RPCANCEL_EVENT_DISCONNECT;
}

static enum rpcancel_seen_subscription notice(const struct rpcancel_situation *s)
{
    return rpcancel_notice_of(s->observer, s->call, s->operation.argument);
}

RULE_ON(RpcServerSubscribeForNotification, 1)
{
    APPLIES_IF(s->operation.argument == RPCANCEL_EVENT_UNSUPPORTED && is_meant(s));
    return require(is(a, RPCANCEL_S_CANNOT_SUPPORT));
}

RULE_ON(RpcServerSubscribeForNotification, 2)
{
    APPLIES_IF(s->operation.argument == RPCANCEL_EVENT_NO_TYPE && is_meant(s));
    return require(is(a, RPCANCEL_S_INVALID_ARG));
}

RULE_ON(RpcServerSubscribeForNotification, 3)
{
    bool is_not_cancelled = s->server == RPCANCEL_V1 || s->server == RPCANCEL_V2;
    APPLIES_IF(is_event(s) && is_not_cancelled && is_its_own_thread(s) && notice(s) == RPCANCEL_NOTICE_NONE);
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcServerSubscribeForNotification, 4)
{
    APPLIES_IF(s->call && s->server == RPCANCEL_V1 && is_event(s) && notice(s) == RPCANCEL_NOTICE_NONE);
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcServerSubscribeForNotification, 5)
{
    APPLIES_IF(s->operation.argument == RPCANCEL_EVENT_CANCEL && notice(s) == RPCANCEL_NOTICE_SETTLED);
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcServerSubscribeForNotification, 6)
{
    APPLIES_IF(s->operation.argument == RPCANCEL_EVENT_DISCONNECT && notice(s) == RPCANCEL_NOTICE_SETTLED);
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcServerSubscribeForNotification, 7)
{
    bool is_possible = s->server != RPCANCEL_V0 && s->server != RPCANCEL_VE;
    APPLIES_IF(is_possible && (notice(s) == RPCANCEL_NOTICE_NONE || notice(s) == RPCANCEL_NOTICE_ARMED));
    return require(is(a, RPCANCEL_S_WAIT_TIMEOUT));
}

RULE_ON(RpcServerSubscribeForNotification, 8)
{
    APPLIES_IF(notice(s) == RPCANCEL_NOTICE_TAKEN || notice(s) == RPCANCEL_NOTICE_OVER);
    return require(is(a, RPCANCEL_S_WAIT_TIMEOUT));
}

RULE_ON(RpcServerUnsubscribeForNotification, 1)
{
    APPLIES_IF(s->operation.argument == RPCANCEL_EVENT_UNSUPPORTED && is_live(s) && is_its_own_thread(s));
    return require(is(a, RPCANCEL_S_CANNOT_SUPPORT));
}

RULE_ON(RpcServerUnsubscribeForNotification, 2)
{
    APPLIES_IF(is_event(s) && s->server != RPCANCEL_V0 && s->server != RPCANCEL_VE && is_its_own_thread(s));
    APPLIES_IF(notice(s) != RPCANCEL_NOTICE_NONE && notice(s) != RPCANCEL_NOTICE_OVER &&
               notice(s) != RPCANCEL_NOTICE_OPEN_DROPPED);
    return require(is(a, RPCANCEL_S_OK));
}

/* ---- RpcBindingServerFromClient ---- */

RULE_ON(RpcBindingServerFromClient, 1)
{
    APPLIES_IF((s->server == RPCANCEL_V1 || s->server == RPCANCEL_V2) && is_its_own_thread(s));
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcBindingServerFromClient, 2)
{
    (void)s;
    return require(is(a, RPCANCEL_S_INVALID_BINDING));
}
