// SPDX-License-Identifier: Apache-2.0
/*
 * Rules on the functions a client calls. Each function is one rule of harness/rules/rules.def, where its sentence and
 * source stand; it decides only where that sentence speaks.
 */
#include "rules/rule_functions.h"

/* ---- RpcAsyncInitializeHandle ---- */

RULE_ON(RpcAsyncInitializeHandle, 1)
{
    APPLIES_IF(has_no_call(s));
    return require(is(a, RPCANCEL_S_INVALID_ARG));
}

RULE_ON(RpcAsyncInitializeHandle, 2)
{
    (void)s;
    return require(is_invalid_handle(a) || a.kind == RPCANCEL_ANSWER_EXCEPTION);
}

RULE_ON(RpcAsyncInitializeHandle, 3)
{
    APPLIES_IF(s->client == RPCANCEL_K0 || s->client == RPCANCEL_K0C || s->client == RPCANCEL_K8);
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcAsyncInitializeHandle, 4)
{
    APPLIES_IF(s->client == RPCANCEL_K1 || s->client == RPCANCEL_K2X);
    return require(is(a, RPCANCEL_S_OK));
}

static bool looked_after_success(const struct rpcancel_situation *s, struct rpcancel_answer a)
{
    return has_no_call(s) && is(a, RPCANCEL_S_OK) && (a.facts & RPCANCEL_FACT_LOOKED);
}

RULE_ON(RpcAsyncInitializeHandle, 5)
{
    APPLIES_IF(looked_after_success(s, a));
    return require(a.facts & RPCANCEL_FACT_SIGNATURE_ASYC);
}

RULE_ON(RpcAsyncInitializeHandle, 6)
{
    APPLIES_IF(looked_after_success(s, a));
    return require((a.facts & RPCANCEL_FACT_CLEARED) && (a.facts & RPCANCEL_FACT_KEPT));
}

/* ---- RpcAsyncGetCallHandle on the client's handle ---- */

RULE_ON(RpcAsyncGetCallHandle, 1)
{
    APPLIES_IF(s->client == RPCANCEL_K1);
    return require(a.kind == RPCANCEL_ANSWER_NULL);
}

/* ---- RpcAsyncGetCallStatus ---- */

RULE_ON(RpcAsyncGetCallStatus, 1)
{
    APPLIES_IF(s->client == RPCANCEL_K0);
    return require(is_invalid_handle(a));
}

RULE_ON(RpcAsyncGetCallStatus, 2)
{
    APPLIES_IF(s->client == RPCANCEL_K0 || s->client == RPCANCEL_K1);
    return require(is(a, RPCANCEL_S_INVALID_BINDING));
}

RULE_ON(RpcAsyncGetCallStatus, 3)
{
    APPLIES_IF(s->client == RPCANCEL_K3);
    return require(is_pending(a));
}

RULE_ON(RpcAsyncGetCallStatus, 4)
{
    APPLIES_IF(s->client == RPCANCEL_K4);
    return require(is_pending(a));
}

RULE_ON(RpcAsyncGetCallStatus, 5)
{
    APPLIES_IF(s->client == RPCANCEL_K6 && !was_cancelled_before(s) && !was_cancelled_late(s));
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcAsyncGetCallStatus, 6)
{
    APPLIES_IF(s->client == RPCANCEL_K6 && was_cancelled_before(s) && !was_cancelled_late(s));
    return require(is(a, RPCANCEL_S_OK) || is(a, RPCANCEL_S_CALL_CANCELLED));
}

RULE_ON(RpcAsyncGetCallStatus, 7)
{
    APPLIES_IF(s->client == RPCANCEL_K7 && !was_cancelled_late(s));
    return require(!is(a, RPCANCEL_S_OK) && !is_pending(a) && !is_invalid_handle(a));
}

RULE_ON(RpcAsyncGetCallStatus, 8)
{
    APPLIES_IF(s->client == RPCANCEL_K5T);
    return require(!is_pending(a));
}

/* ---- RpcAsyncCompleteCall on the client's handle ---- */

RULE_ON(RpcAsyncCompleteCall, 1)
{
    APPLIES_IF(s->client == RPCANCEL_K0);
    return require(is_invalid_handle(a));
}

RULE_ON(RpcAsyncCompleteCall, 2)
{
    APPLIES_IF(s->client == RPCANCEL_K0);
    return require(is_invalid_handle_or_binding(a));
}

RULE_ON(RpcAsyncCompleteCall, 3)
{
    APPLIES_IF(s->client == RPCANCEL_K3);
    return require(is_pending(a));
}

RULE_ON(RpcAsyncCompleteCall, 4)
{
    APPLIES_IF(s->client == RPCANCEL_K4);
    return require(is_pending(a));
}

RULE_ON(RpcAsyncCompleteCall, 5)
{
    APPLIES_IF(s->client == RPCANCEL_K6 && !was_cancelled_before(s) && !was_cancelled_late(s));
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcAsyncCompleteCall, 6)
{
    APPLIES_IF(s->client == RPCANCEL_K6 && was_cancelled_before(s) && !was_cancelled_late(s));
    return require(is(a, RPCANCEL_S_OK) || is(a, RPCANCEL_S_CALL_CANCELLED));
}

RULE_ON(RpcAsyncCompleteCall, 7)
{
    APPLIES_IF(ordinary_fault(s) && s->client == RPCANCEL_K7 && !was_cancelled_before(s) && !was_cancelled_late(s));
    return require(is(a, ordinary_fault(s)));
}

RULE_ON(RpcAsyncCompleteCall, 8)
{
    APPLIES_IF(ordinary_fault(s) && s->client == RPCANCEL_K7 && was_cancelled_before(s) && !was_cancelled_late(s));
    return require(is(a, ordinary_fault(s)));
}

RULE_ON(RpcAsyncCompleteCall, 9)
{
    APPLIES_IF(s->client == RPCANCEL_K7 && failed_by_link(s) && !was_cancelled_late(s));
    return require(is_link_failure(a) || (was_cancelled_before(s) && is(a, RPCANCEL_S_CALL_CANCELLED)));
}

/* The server has not completed, aborted or raised: whatever reached the client is none of its answers. */
static bool is_unanswered(const struct rpcancel_situation *s)
{
    return s->call->phase < RPCANCEL_SEEN_ENDED_RUNNING;
}

/* What a completion yields that is final; that it must be, another rule says. */
static bool is_final(struct rpcancel_answer a)
{
    return !is_pending(a) && !is_invalid_handle(a);
}

RULE_ON(RpcAsyncCompleteCall, 10)
{
    APPLIES_IF(s->client == RPCANCEL_K5T);
    return require(is_final(a));
}

RULE_ON(RpcAsyncCompleteCall, 11)
{
    APPLIES_IF(s->client == RPCANCEL_K5T && !is_unanswered(s) && is_final(a));
    return require(is(a, RPCANCEL_S_CALL_CANCELLED) || (s->observer->link_lost && is_link_failure(a)));
}

RULE_ON(RpcAsyncCompleteCall, 12)
{
    APPLIES_IF(was_cancelled_late(s) && (s->client == RPCANCEL_K6 || s->client == RPCANCEL_K7));
    if (s->client == RPCANCEL_K6)
        return require(is(a, RPCANCEL_S_OK) || (was_cancelled_before(s) && is(a, RPCANCEL_S_CALL_CANCELLED)));
    if (failed_by_link(s))
        return require(is_link_failure(a) || (was_cancelled_before(s) && is(a, RPCANCEL_S_CALL_CANCELLED)));
    APPLIES_IF(ordinary_fault(s));
    return require(is(a, ordinary_fault(s)));
}

RULE_ON(RpcAsyncCompleteCall, 14)
{
    APPLIES_IF(s->client == RPCANCEL_K5T && is_unanswered(s) && is_final(a));
    return require(is(a, RPCANCEL_S_CALL_CANCELLED) || is_link_failure(a));
}

/* ---- RpcAsyncCancelCall ---- */

RULE_ON(RpcAsyncCancelCall, 1)
{
    APPLIES_IF(s->client == RPCANCEL_K0);
    return require(is_invalid_handle(a));
}

RULE_ON(RpcAsyncCancelCall, 2)
{
    APPLIES_IF(s->client == RPCANCEL_K0);
    return require(is_invalid_handle_or_binding(a));
}

RULE_ON(RpcAsyncCancelCall, 3)
{
    APPLIES_IF(s->client == RPCANCEL_K3);
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcAsyncCancelCall, 4)
{
    APPLIES_IF(s->client == RPCANCEL_K3);
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcAsyncCancelCall, 5)
{
    APPLIES_IF(s->client == RPCANCEL_K4);
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcAsyncCancelCall, 6)
{
    APPLIES_IF(s->client == RPCANCEL_K5 && s->handle->settled);
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(RpcAsyncCancelCall, 7)
{
    APPLIES_IF(s->client == RPCANCEL_K4);
    return require(is(a, RPCANCEL_S_WAIT_TIMEOUT));
}

/* ---- the completion notification ---- */

RULE_ON(asynchronous_call_state, 1)
{
    APPLIES_IF((s->client == RPCANCEL_K6 || s->client == RPCANCEL_K7) && !s->handle->taken && s->handle->settled);
    return require(is(a, RPCANCEL_S_OK));
}

RULE_ON(asynchronous_call_state, 2)
{
    APPLIES_IF(s->handle->taken && (s->handle->phase == RPCANCEL_SEEN_ISSUED || s->client == RPCANCEL_K8));
    return require(is(a, RPCANCEL_S_WAIT_TIMEOUT));
}

RULE_ON(asynchronous_call_state, 3)
{
    APPLIES_IF(s->client == RPCANCEL_K3 && !s->handle->taken);
    return require(is(a, RPCANCEL_S_WAIT_TIMEOUT));
}

RULE_ON(error_handling, 1)
{
    APPLIES_IF(s->client == RPCANCEL_K2X);
    return require(is(a, RPCANCEL_S_WAIT_TIMEOUT));
}

/* ---- RpcAsyncAbortCall on the client's handle ---- */

RULE_ON(RpcAsyncAbortCall, 3)
{
    APPLIES_IF(s->client == RPCANCEL_K0);
    return require(is_invalid_handle_or_binding(a));
}

RULE_ON(RpcAsyncAbortCall, 1)
{
    APPLIES_IF(s->client == RPCANCEL_K0);
    return require(is_invalid_handle(a));
}
