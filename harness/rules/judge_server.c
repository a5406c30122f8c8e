// SPDX-License-Identifier: Apache-2.0
/*
 * Rules on the functions a server calls. Each function is one rule of harness/rules/rules.def, where its sentence and
 * source stand; it decides only where that sentence speaks.
 */
#include "rules/rule_functions.h"

static bool is_on_worker(const struct rpcancel_situation *s)
{
    return s->operation.thread == RPCANCEL_THREAD_WORKER;
}

static bool is_cancelled(const struct rpcancel_situation *s)
{
    return s->server == RPCANCEL_V1C || s->server == RPCANCEL_V2C;
}

static bool is_cancelled_nonabortively(const struct rpcancel_situation *s)
{
    return is_cancelled(s) && s->call->cancelled == RPCANCEL_CANCELLED_NONABORTIVE;
}

static bool is_cancelled_only_abortively(const struct rpcancel_situation *s)
{
    return is_cancelled(s) && s->call->cancelled == RPCANCEL_CANCELLED_ABORTIVE;
}

static bool is_cancel_on_its_way(const struct rpcancel_situation *s)
{
    return s->server == RPCANCEL_V1P || s->server == RPCANCEL_V2P;
}

static bool is_not_cancelled(const struct rpcancel_situation *s)
{
    return s->server == RPCANCEL_V1 || s->server == RPCANCEL_V2;
}

static bool is_yes_or_no(struct rpcancel_answer a)
{
    return is(a, RPCANCEL_S_OK) || is(a, RPCANCEL_S_CALL_IN_PROGRESS);
}

/* ---- RpcServerTestCancel with a call's handle ---- */

RULE_ON(RpcServerTestCancel, 1)
{
    APPLIES_IF(is_cancelled_nonabortively(s) && is_its_own_thread(s));
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcServerTestCancel, 2)
{
    APPLIES_IF(is_not_cancelled(s) && is_its_own_thread(s));
    return require(is(a, RPCANCEL_S_CALL_IN_PROGRESS));
}

RULE_ON(RpcServerTestCancel, 3)
{
    APPLIES_IF(is_cancel_on_its_way(s) && is_its_own_thread(s));
    return require(is_yes_or_no(a));
}

RULE_ON(RpcServerTestCancel, 4)
{
    APPLIES_IF(is_cancelled_only_abortively(s) && is_its_own_thread(s));
    return require(is(a, RPCANCEL_S_OK));
}

/* ---- RpcServerTestCancel with 0 ---- */

RULE_ON(RpcServerTestCancel, 5)
{
    APPLIES_IF(s->server == RPCANCEL_V1C && is_cancelled_nonabortively(s));
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcServerTestCancel, 6)
{
    APPLIES_IF(s->server == RPCANCEL_V1);
    return require(is(a, RPCANCEL_S_CALL_IN_PROGRESS));
}

RULE_ON(RpcServerTestCancel, 7)
{
    if (s->server == RPCANCEL_V2)
        return require(is(a, RPCANCEL_S_CALL_IN_PROGRESS));
    APPLIES_IF(s->server == RPCANCEL_V2C && is_cancelled_nonabortively(s));
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcServerTestCancel, 8)
{
    APPLIES_IF(is_cancel_on_its_way(s));
    return require(is_yes_or_no(a));
}

RULE_ON(RpcServerTestCancel, 9)
{
    APPLIES_IF(is_cancelled_only_abortively(s));
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcServerTestCancel, 10)
{
    APPLIES_IF(is_on_worker(s));
    return require(is(a, RPCANCEL_S_NO_CALL_ACTIVE));
}

RULE_ON(RpcServerTestCancel, 11)
{
    (void)s;
    return require(is(a, RPCANCEL_S_INVALID_BINDING));
}

/* ---- the server's asynchronous handle ---- */

RULE_ON(RpcAsyncGetCallHandle, 2)
{
    APPLIES_IF((is_not_cancelled(s) || is_cancelled(s) || is_cancel_on_its_way(s)) && is_its_own_thread(s));
    return require(a.kind == RPCANCEL_ANSWER_HANDLE);
}

RULE_ON(RpcAsyncCompleteCall, 13)
{
    APPLIES_IF(is_not_cancelled(s));
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcAsyncAbortCall, 2)
{
    APPLIES_IF(is_not_cancelled(s) && rpcancel_is_abort_documented(s->operation.argument));
    return require(is(a, RPCANCEL_S_OK));
}
