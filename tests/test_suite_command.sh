#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rpcancel suite: what it says of itself, the folder it writes, what it finds of mutants; and a check by the suite.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

rpcancel=$TEST_BUILD_DIRECTORY/rpcancel
patience=250

# expect CODE PATTERN ARGUMENT…: runs rpcancel suite.
expect() {
    expect_of "$1" "$2" "$rpcancel" suite "${@:3}"
}

# figure NAME: the number before that word in the last line said.
figure() {
    tail -n 1 said | sed -n "s/.*[ :]\([0-9]*\) $1\b.*/\1/p"
}

# ---- arguments ----
expect 2 'expected a number from 0 to 1' --extra-states 2
expect 2 'expected a number from 1 to 2' --calls 3
expect 2 '--depth is for --calls 2' --depth 3
expect 2 '--(list|extra-states) is for one call' --calls 2 --list
expect 2 '--(list|extra-states) is for one call' --calls 2 --extra-states 0
expect 2 '--mutants and --variants exclude each other' --mutants --variants
expect 2 '--mutants takes suite and profile as each needs them' --mutants --profile windows
expect 2 'expected documented, documented-98 or windows' --profile core
expect 2 'unexpected argument "folder"' folder
expect 3 'nowhere/folder: No such file or directory' --out nowhere/folder

# ---- figures, and the list of classes ----
expect 0 '^suite: 2797 states in [0-9]+ classes, [0-9]+ sequences, [0-9]+ operations, extra states 0$' --list
says '^class 0: 1 state: the beginning$'
classes=$(figure classes) sequences=$(figure sequences) operations=$(figure operations)
certain=$(sed -n 's/^\([0-9]*\) pairs of classes told apart for certain, .*/\1/p' said)
((classes > 100 && sequences > classes && operations > sequences)) || complain "figures that cannot be"
(($(grep -c '^class ' said) == classes)) || complain "not every class is listed"
listed=$(sed -n 's/^    told from \([0-9]*\) for certain.*/\1/p' said | awk '{ sum += $1 } END { print sum }')
((listed == 2 * certain)) || complain "the classes are told from $listed others, but there are $certain such pairs"
states=$(sed -n 's/^class [0-9]*: \([0-9]*\) state.*/\1/p' said | awk '{ sum += $1 } END { print sum }')
((states == 2797)) || complain "the classes have $states states"

# ---- the folder: the suite of two calls of a small depth, as it has few sequences ----
mkdir folder full
: >full/other
expect 3 'full: is there and has files in it' --calls 2 --depth 3 --out full
expect 0 '^suite: [0-9]+ states in [0-9]+ classes, ' --calls 2 --depth 3 --out folder/
two=$(figure sequences)
(($(find folder -name '*.seq' | wc -l) == two)) || complain "the folder has other sequences than were counted"
(($(cat folder/*/*.seq | wc -l) == $(figure operations))) || complain "the folder has other operations than were counted"
expect_of 0 "^replay: $two sequences, $two passed, 0 failed$" "$rpcancel" replay folder
if ! under_sanitizer; then
    expect 0 '^suite: ' --calls 2 --depth 3 --out again
    holds diff -r folder again
    rm -r again
fi
expect 3 'folder: is there and has files in it' --calls 2 --depth 3 --out folder
holds test "$(find . -maxdepth 1 -type d | sort | tr '\n' ' ')" = '. ./folder ./full '

# ---- mutants and variants; under a sanitizer they take a minute, of steps that are taken above ----
if ! under_sanitizer; then
    expect 0 '^mutants: 51 total, 51 killed by a rule, 51 differ from the recorded answers$' --mutants
    (($(grep -c ', two calls: ' said) == 3)) || complain "other mutants than those that need two calls were found by two only"
    expect 0 '^variants: 14 total, 0 rejected by a rule, 13 differ from the recorded answers$' --variants
    expect 1 '^late-reply-completes-new-call +no ' --mutants --depth 4
fi

# ---- a check by the suite ----
expect_of 0 "^reference, profile documented, strict, delivery controlled: $sequences sequences, $operations operations$" \
    "$rpcancel" check --suite --strict --json suite.json
says '^conformant$'
# Its reports say that other sequences were run than those of the catalogue, and are what the schema says.
expect_of 0 '' "$rpcancel" check --json catalogue.json
holds python3 "$TEST_SOURCE_DIRECTORY/tests/validate_json.py" "$TEST_SOURCE_DIRECTORY/docs/report.schema.json" suite.json
[[ $(jq -r .catalogue suite.json) != "$(jq -r .catalogue catalogue.json)" ]] || complain "suite and catalogue look the same"
expect_of 1 '^FAIL RpcAsyncCancelCall/6 ' "$rpcancel" check --suite --mutant escalation-ignored
again=$(sed -n 's/^  again  *rpcancel //p' said)
[[ $again == *' --suite suite/'* ]] || complain "the command that shows it again does not name the suite: $again"
# shellcheck disable=SC2086 # words of a command
expect_of 1 '^FAIL RpcAsyncCancelCall/6 ' "$rpcancel" $again
expect_of 2 '--fix needs the whole catalogue; leave out --suite' "$rpcancel" check --suite --expect list --fix
expect_of 2 'is spoken to in PDUs' "$rpcancel" check --suite --runtime tcp:127.0.0.1:1

finish
