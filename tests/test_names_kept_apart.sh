#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The documented names live in the façade and nowhere in the program that loads other vendors' code, or in the library
# that is linked into it. That library has no names but its own, and objects that any linker takes anywhere.
set -euo pipefail

names='(I_)?Rpc[A-Z][A-Za-z]+'
# defined FILE: the documented names that it defines.
defined() {
    nm --defined-only --format=posix "$1" | awk '{print $1}' | grep -xE "$names" | sort -u || true
}

for program in rpcancel rpcancel-child; do
    if [[ ! -x $TEST_BUILD_DIRECTORY/$program ]]; then
        echo "$TEST_BUILD_DIRECTORY/$program was not built"
        exit 1
    fi
done
found=$(defined "$TEST_BUILD_DIRECTORY/rpcancel")
if [[ -n $found ]]; then
    printf 'rpcancel defines documented names:\n%s\n' "$found"
    exit 1
fi
# The other way round, so that a mistake in this script does not pass for success.
if [[ $(defined "$TEST_BUILD_DIRECTORY/rpcancel-child") != *RpcServerTestCancel* ]]; then
    echo "rpcancel-child does not define RpcServerTestCancel"
    exit 1
fi

# A plugin exports them all, with nothing else but its entry.
exported=$(nm -D --defined-only --format=posix "$TEST_BUILD_DIRECTORY/rpcancel-reference.so" | awk '{print $1}' |
    grep -vE '^(_|__asan|__odr_asan)' | sort)
expected=$(printf '%s\n' RpcAsyncAbortCall RpcAsyncCancelCall RpcAsyncCompleteCall RpcAsyncGetCallStatus \
    RpcAsyncInitializeHandle RpcBindingCopy RpcBindingFree RpcBindingServerFromClient RpcBindingSetOption \
    RpcCancelThread RpcCancelThreadEx RpcMgmtSetCancelTimeout RpcServerInqCallAttributesW \
    RpcServerSubscribeForNotification RpcServerTestCancel RpcServerUnsubscribeForNotification RpcTestCancel \
    rpcancel_plugin_entry)
if [[ $exported != "$expected" ]]; then
    printf 'rpcancel-reference.so exports:\n%s\n' "$exported"
    exit 1
fi

archive=$TEST_BUILD_DIRECTORY/fuzzers/librpcancel_fuzz.a
# Of sanitizers and coverage; what is installed has none.
compilers='__odr_asan'
[[ ${TEST_COMPILER-} != *-fsanitize=* ]] || compilers=__
names=$(nm --defined-only --extern-only --format=posix "$archive" | awk 'NF > 1 {print $1}')
foreign=$(grep -vE "^(rpcancel_|LLVMFuzzerCustom|$compilers)" <<<"$names" || true)
if [[ -n $foreign || $names != *rpcancel_fuzz_one* ]]; then
    printf 'librpcancel_fuzz.a has names that are not its own, or lacks rpcancel_fuzz_one:\n%s\n' "$foreign"
    exit 1
fi
if ! headers=$(readelf -hSW "$archive" 2>&1) || grep -qE '\.gnu\.lto_|[Nn]ot an ELF file' <<<"$headers"; then
    echo "librpcancel_fuzz.a has objects for link-time optimisation, which not every compiler can link"
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! gcc -shared -o "$work/all.so" -Wl,--whole-archive "$archive" -Wl,--no-whole-archive 2>"$work/log"; then
    cat "$work/log"
    echo "librpcancel_fuzz.a cannot be linked into a shared object"
    exit 1
fi
