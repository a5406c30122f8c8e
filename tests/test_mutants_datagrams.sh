#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rpcancel mutants --datagrams: all are named, every rule names one, variants live, and docs/datagram-mutants.md is what
# came of it.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
rpcancel=$TEST_BUILD_DIRECTORY/rpcancel

timeout 400 "$rpcancel" mutants --datagrams --markdown table.md >said 2>&1 || complain "a mutant lives, or a rule names none"
says '^mutants: 64 total, 64 killed, 0 equivalent, 0 unspecified, 0 survived$'
says '^rules: 19 of 19 kill$'
says '^  C706-K/1 after [0-9]+ pairs: call; > request 1 is lost; 1000 ms pass; cancel;'
cmp table.md "$TEST_SOURCE_DIRECTORY/docs/datagram-mutants.md" ||
    complain "docs/datagram-mutants.md is out of date: run \`rpcancel mutants --datagrams --markdown docs/datagram-mutants.md\`"
if ! under_sanitizer; then
    timeout 400 "$rpcancel" mutants --datagrams --variants >said 2>&1 || complain "a variant is rejected"
    says '^variants: 36 total, 0 rejected$'
fi
expect_of 0 '^cancel-not-repeated +A cl_cancel is sent once\. Profile c706$' "$rpcancel" mutants --datagrams --list
says '^ping-not-answered .* Profile c706, by a promise$'
expect_of 0 '^Usage: rpcancel mutants --datagrams ' "$rpcancel" mutants --datagrams --help
expect_of 2 'goes neither with --list nor --variants' "$rpcancel" mutants --datagrams --list --markdown x
expect_of 3 '/nowhere/x: No such file or directory' "$rpcancel" mutants --datagrams --markdown /nowhere/x
expect_of 2 'unexpected argument "x"' "$rpcancel" mutants --datagrams x
finish
