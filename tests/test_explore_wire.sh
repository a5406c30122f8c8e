#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rpcancel explore --wire and mutants --wire as people call them: last lines, exit codes, what is refused.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
rpcancel=$TEST_BUILD_DIRECTORY/rpcancel

# Under a sanitizer the tests wire_search, wire_lockstep and wire_mutants take these steps.
profiles=(core c706 ms-rpce windows freedce)
! under_sanitizer || profiles=(freedce)
for profile in "${profiles[@]}"; do
    expect_of 0 '^explore: [0-9]+ states, [0-9]+ pairs, [0-9]+ edges, [0-9]+ unjudged, closed$' \
        "$rpcancel" explore --wire --profile "$profile"
done
expect_of 6 ', open$' "$rpcancel" explore --wire --memory 1
expect_of 0 '^orphaned-twice +orphaned is sent twice\. Profile c706$' "$rpcancel" mutants --wire --list
if ! under_sanitizer; then
    expect_of 0 '^explore: 17103 states, .* 0 unjudged, closed$' "$rpcancel" explore --profile c706 --wire
    expect_of 0 '^lockstep: [0-9]+ states, [0-9]+ edges, [0-9]+ answers, closed$' "$rpcancel" explore --wire --lockstep
    says '^H1, an association for each call: .*; 12614 of 12614 worlds and 325574 of 325574 edges of the reference$'
    says '^  [0-9]+ deliveries left out: '
    expect_of 0 '^mutants: 48 total, 48 killed, 0 equivalent, 0 unspecified, 0 survived$' "$rpcancel" mutants --wire
    says '^  C706-12.6.4.10/3 after [0-9]+ pairs: call a in 1 fragment'
    expect_of 0 '^variants: 17 total, 0 rejected$' "$rpcancel" mutants --wire --variants
fi

expect_of 0 '^Usage: rpcancel explore --wire ' "$rpcancel" explore --wire --help
expect_of 0 '^Usage: rpcancel mutants --wire ' "$rpcancel" mutants --wire --help
expect_of 2 'expected core, c706, ms-rpce, windows or freedce' "$rpcancel" explore --wire --profile documented
expect_of 2 'calls' "$rpcancel" explore --wire --calls 3
expect_of 2 'no option --flips' "$rpcancel" explore --wire --flips
expect_of 2 'unexpected argument "x"' "$rpcancel" mutants --wire x
finish
