// SPDX-License-Identifier: Apache-2.0
/*
 * Rules on synchronous calls. Each function is one rule of harness/rules/rules.def, where its sentence and source
 * stand; it decides only where that sentence speaks.
 */
#include "rules/rule_functions.h"

/* The stub has not returned. */
static bool is_waiting(struct rpcancel_answer a)
{
    return is(a, RPCANCEL_S_WAIT_TIMEOUT);
}

/* ---- RpcCancelThread, RpcCancelThreadEx ---- */

RULE_ON(RpcCancelThread, 1)
{
    APPLIES_IF(s->thread == RPCANCEL_T1);
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcCancelThread, 2)
{
    APPLIES_IF(s->thread == RPCANCEL_T1);
    return require(is(a, RPCANCEL_S_ACCESS_DENIED));
}

RULE_ON(RpcCancelThread, 3)
{
    APPLIES_IF(s->thread == RPCANCEL_T2 && s->handle->due_in == 0);
    return require(is_waiting(a));
}

RULE_ON(RpcCancelThread, 4)
{
    APPLIES_IF(s->thread == RPCANCEL_T3 && s->handle->cancel_timeout != RPCANCEL_TIMEOUT_ZERO);
    return require(!is(a, RPCANCEL_S_OK) && !is_waiting(a));
}

RULE_ON(RpcCancelThreadEx, 1)
{
    APPLIES_IF(s->thread == RPCANCEL_T1 && s->operation.argument != RPCANCEL_TIMEOUT_INFINITE);
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcCancelThreadEx, 2)
{
    APPLIES_IF(s->thread == RPCANCEL_T4);
    return require(!is(a, RPCANCEL_S_OK));
}

/* ---- RpcMgmtSetCancelTimeout ---- */

RULE_ON(RpcMgmtSetCancelTimeout, 1)
{
    APPLIES_IF(s->thread == RPCANCEL_T0);
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcMgmtSetCancelTimeout, 2)
{
    APPLIES_IF(s->thread == RPCANCEL_T2 && s->handle->due_in != 0);
    return require(is_waiting(a));
}

RULE_ON(RpcMgmtSetCancelTimeout, 3)
{
    APPLIES_IF(s->thread == RPCANCEL_T3 && s->handle->cancel_timeout == RPCANCEL_TIMEOUT_ZERO);
    return require(!is(a, RPCANCEL_S_OK) && !is_waiting(a));
}

/* ---- RpcBindingSetOption, RPC_C_OPT_CALL_TIMEOUT ---- */

RULE_ON(RpcBindingSetOption, 1)
{
    APPLIES_IF(s->thread == RPCANCEL_T0);
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcBindingSetOption, 2)
{
    APPLIES_IF(s->thread == RPCANCEL_T1 && s->handle->call_timeout);
    return require(is_waiting(a));
}

RULE_ON(RpcBindingSetOption, 3)
{
    APPLIES_IF(s->thread == RPCANCEL_T5);
    return require(is(a, RPCANCEL_S_CALL_CANCELLED));
}

RULE_ON(preventing_client_side_hangs, 1)
{
    APPLIES_IF(s->thread == RPCANCEL_T1 && !s->handle->call_timeout);
    return require(is_waiting(a));
}

/* ---- what a synchronous call returns with ---- */

static bool was_cancelled(const struct rpcancel_situation *s)
{
    return s->handle->nonabortive;
}

RULE_ON(how_rpc_works, 1)
{
    APPLIES_IF(s->thread == RPCANCEL_T6 && s->call->outcome == RPCANCEL_OUTCOME_SUCCESS && !was_cancelled(s));
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(how_rpc_works, 2)
{
    APPLIES_IF(s->thread == RPCANCEL_T6 && s->call->outcome == RPCANCEL_OUTCOME_SUCCESS && was_cancelled(s));
    return require(is(a, RPCANCEL_S_OK) || is(a, RPCANCEL_S_CALL_CANCELLED));
}

RULE_ON(how_rpc_works, 3)
{
    APPLIES_IF(s->thread == RPCANCEL_T6 && ordinary_fault(s));
    return require(is(a, ordinary_fault(s)));
}

RULE_ON(how_rpc_works, 4)
{
    APPLIES_IF(s->thread == RPCANCEL_T7);
    return require(is_link_failure(a) || (was_cancelled(s) && is(a, RPCANCEL_S_CALL_CANCELLED)));
}

/* ---- RpcTestCancel ---- */

RULE_ON(RpcTestCancel, 1)
{
    APPLIES_IF(s->server == RPCANCEL_VSC && s->call->cancelled == RPCANCEL_CANCELLED_NONABORTIVE);
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcTestCancel, 2)
{
    APPLIES_IF(s->server == RPCANCEL_VS);
    return require(!is(a, RPCANCEL_S_OK));
}
