#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A runtime whose answers are changed on the way out is convicted, and by the rule that the lie is about. The liar is the
# reference as a child; a lie is FUNCTION:TRUE=TOLD, the function as `rpcancel-child --help` names it.
set -euo pipefail
rpcancel=$TEST_BUILD_DIRECTORY/rpcancel
child=$TEST_BUILD_DIRECTORY/rpcancel-child
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# convicted LIE RULE [PROFILE]: the check fails with exit code 1, RULE among the rules that do.
convicted() {
    local code=0
    "$rpcancel" check --strict --profile "${3:-documented}" --json "$work/result.json" --runtime "child:'$child' --lie $1" \
        >"$work/log" 2>&1 || code=$?
    if ((code != 1)) || ! jq -e --arg rule "$2" 'any(.rules[]; .id == $rule and .verdict == "FAIL")' "$work/result.json" >/dev/null; then
        echo "lie $1: exit code $code, and $2 is not FAIL:" >&2
        grep -E '^[A-Z]+ ' "$work/log" >&2 || cat "$work/log" >&2
        failed=$((failed + 1))
    else
        echo "lie $1: convicted by $2"
    fi
}

convicted test-cancel:1791=0 RpcServerTestCancel/2
convicted test-cancel:0=1791 RpcServerTestCancel/1
convicted test-cancel-zero:1725=0 RpcServerTestCancel/10
convicted test-cancel-zero:1791=1725 RpcServerTestCancel/6
convicted test-cancel-invalid:1702=1725 RpcServerTestCancel/11
convicted status:997=0 RpcAsyncGetCallStatus/3
convicted status:0=997 RpcAsyncGetCallStatus/5
convicted complete:997=1818 RpcAsyncCompleteCall/3
convicted complete:1818=0 RpcAsyncCompleteCall/14
convicted complete:1818=0 RpcAsyncCompleteCall/11 documented-98
convicted complete:5=1726 RpcAsyncCompleteCall/7
convicted cancel:0=1914 RpcAsyncCancelCall/3
convicted cancel-abort:0=1914 RpcAsyncCancelCall/4
convicted await:0=258 asynchronous-call-state/1
convicted await:258=0 asynchronous-call-state/3
convicted init-bad-size:87=0 RpcAsyncInitializeHandle/1
convicted cancel-thread:0=1764 RpcCancelThread/1
convicted cancel-thread-denied:5=0 RpcCancelThread/2
convicted cancel-thread-ex:0=1764 RpcCancelThreadEx/1
convicted set-cancel-timeout:0=1764 RpcMgmtSetCancelTimeout/1
convicted set-call-timeout:0=1764 RpcBindingSetOption/1
convicted returned:258=0 preventing-client-side-hangs/1
convicted returned:258=1818 RpcMgmtSetCancelTimeout/2
convicted returned:1726=0 RpcCancelThread/4
convicted returned:1818=258 RpcBindingSetOption/3
convicted returned:0=1726 how-rpc-works/1
convicted test-cancel-thread:5=0 RpcTestCancel/2
convicted test-cancel-thread:0=5 RpcTestCancel/1
convicted 1791=0 RpcServerTestCancel/2
convicted 0=1791 RpcAsyncInitializeHandle/3
convicted 997=0 RpcAsyncGetCallStatus/3
convicted 1818=0 RpcAsyncCompleteCall/14

if "$rpcancel" check --strict --runtime "child:'$child'" >"$work/log" 2>&1; then
    echo "the truth: acquitted"
else
    cat "$work/log" >&2
    failed=$((failed + 1))
fi
((failed == 0))
