#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The documented names live in the façade and nowhere in the program that loads other vendors' code.
set -euo pipefail

names='RpcServerTestCancel|RpcAsync[A-Za-z]+|I_RpcAsync[A-Za-z]+'
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
