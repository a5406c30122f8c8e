#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rpcancel findings: inputs that show the same are one finding, all that is promised is written, reports follow their
# schemas, a baseline decides what is new, and what goes wrong is said.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

rpcancel=$TEST_BUILD_DIRECTORY/rpcancel
schemas=$TEST_SOURCE_DIRECTORY/build/schemas

"$TEST_SOURCE_DIRECTORY/ci/schemas" || {
    echo "FAILED: without the schemas nothing is tested"
    exit 1
}

# findings CODE PATTERN ARGUMENT…: some line that it prints matches the pattern.
findings() {
    local code=$1 pattern=$2 got
    shift 2
    timeout 100 "$rpcancel" findings "$@" >said 2>error </dev/null
    got=$?
    cat error >>said
    ((got == code)) || complain "findings $*: exit code $got, expected $code"
    grep -Eq -- "$pattern" said || complain "findings $*: says nothing like: $pattern"
}

holds() {
    "$@" >>said 2>&1 || complain "$*"
}

# query EXPRESSION: jq finds it true of all.json.
query() {
    jq -e "$1" all.json >/dev/null || complain "all.json: $1"
}

# ---- four inputs that show two things, one that shows nothing ----
mkdir inputs
printf '%s\n' 'init a' 'call a' 'deliver request a' 'dispatch a @t1' 'cancel a' 'deliver cancel a' 'test-cancel a @t1' \
    'test-cancel a @t1' 'status a' >inputs/first.seq
printf '%s\n' 'init b' 'init c' 'call c' 'status c' 'cancel c' 'settle' 'dispatch c @t2' 'status c' 'test-cancel c @t2' \
    'test-cancel c @t2' >inputs/second.seq
"$rpcancel" convert inputs/first.seq inputs/crash-of-libfuzzer
printf '%s\n' 'init a' 'call a' 'cancel a' 'settle' 'dispatch a @t1' 'hand-off a' 'test-cancel a @w' 'test-cancel 0 @t1' >inputs/third.seq
printf 'init a\n' >inputs/nothing.seq
mutant=(--mutant test-cancel-consumes-flag)
findings 1 '^findings: 5 inputs, 2 findings, 2 new, 1 not shown$' "${mutant[@]}" --out all --json all.json --junit all.xml \
    --sarif all.sarif inputs
says '^FAIL RpcServerTestCancel-1-[0-9a-f]{16}$'
says '^  sequence  init a; call a; cancel a; settle; dispatch a @t1; test-cancel a @t1; test-cancel a @t1$'
says '^  shown     3 of 3 runs; 3 inputs, the first is inputs/crash-of-libfuzzer$'
says '^not shown: inputs/nothing.seq: no rule is broken$'
query '.findings | length == 2 and all(.shown == 3 and .testable and (.known | not))'
query '.complete and .inputs == 5 and (.unshown | length == 1)'
holds python3 "$TEST_SOURCE_DIRECTORY/tests/validate_json.py" "$TEST_SOURCE_DIRECTORY/docs/findings.schema.json" all.json
holds python3 "$TEST_SOURCE_DIRECTORY/tests/validate_json.py" "$schemas/sarif-2.1.0.json" all.sarif
holds xmllint --noout --schema "$schemas/junit.xsd" all.xml
[[ $(xmllint --xpath 'count(//failure)' all.xml) == 2 ]] || complain "JUnit has not 2 failures"
jq -e '.runs[0].results | length == 2 and all(.level == "error")' all.sarif >/dev/null || complain "SARIF has not 2 errors"
# SARIF points at the operation that fails.
jq -r '.runs[0].results[].locations[0].physicalLocation | [.artifactLocation.uri, .region.startLine] | @tsv' all.sarif |
    while IFS=$'\t' read -r file line; do
        [[ $(sed -n "${line}p" "$file") == test-cancel* && $(sed -n "$((line + 1))p" "$file") == "" ]] || echo "$file:$line"
    done >wrong
[[ ! -s wrong ]] || complain "SARIF points elsewhere: $(cat wrong)"

# ---- what is in a folder ----
folder=$(echo all/RpcServerTestCancel-1-*)
for file in finding.txt sequence.seq input test.c wine_test.c; do
    [[ -s $folder/$file ]] || complain "$folder/$file is not there"
done
cmp -s "$folder/input" inputs/crash-of-libfuzzer || complain "the input is not the one that was found"
[[ $("$rpcancel" shrink "${mutant[@]}" "$folder/sequence.seq" 2>/dev/null | grep -vc '^#') == 7 ]] || complain "the sequence does not show it"
command=$(sed -n 's/^  again     //p' "$folder/finding.txt")
PATH=$TEST_BUILD_DIRECTORY:$PATH bash -c "$command" >said 2>&1
(($? == 1)) || complain "the command does not show it again: $command"
[[ $(find all -name '*.seq.*') == "" ]] || complain "temporary files are left"

# ---- a baseline: what it has is known ----
mkdir inputs/fourth
printf '%s\n' 'init a' 'call a' 'cancel a' 'settle' 'dispatch a @t1' 'hand-off a' 'return a' 'test-cancel a @w' 'test-cancel a @w' \
    >inputs/fourth/other.seq
findings 0 ', 2 findings, 0 new, ' "${mutant[@]}" --baseline all --json all.json --junit all.xml --sarif all.sarif inputs/*.seq
query '.findings | all(.known)'
[[ $(xmllint --xpath 'count(//failure)' all.xml) == 0 ]] || complain "known findings are failures"
jq -e '.runs[0].results | all(.suppressions | length == 1)' all.sarif >/dev/null || complain "known findings are not suppressed"
mkdir job && mv all job/findings # as ci/fuzz leaves it
findings 0 ', 0 new, ' "${mutant[@]}" --baseline job inputs/first.seq
rm -r job/findings/RpcServerTestCancel-1-*
findings 1 ', 2 findings, 1 new, ' "${mutant[@]}" --baseline job inputs/*.seq
findings 0 '^findings: 1 input, 0 findings, 0 new, 1 not shown$' inputs/first.seq

# ---- a runtime that crashes or hangs ----
plugin=$TEST_BUILD_DIRECTORY/plugin-hostile.so
findings 4 '^findings: 2 inputs, 1 finding, 1 new, 0 not shown$' --runtime "plugin:$plugin execute abort" --out crashes \
    --json all.json --sarif all.sarif inputs/first.seq inputs/nothing.seq
says '^CRASH crash-[0-9a-f]{16}$'
query '.findings[0] | .verdict == "CRASH" and .rule == null and .sequence == "init a\n"'
holds python3 "$TEST_SOURCE_DIRECTORY/tests/validate_json.py" "$TEST_SOURCE_DIRECTORY/docs/findings.schema.json" all.json
[[ -s $(echo crashes/private-findings/crash-*)/finding.txt && ! -e $(echo crashes/private-findings/crash-*)/test.c ]] || complain "a crash is not written as one"
findings 4 ', 1 finding, 1 new, ' --runtime "plugin:$plugin execute hang" --deadline 100 inputs/nothing.seq
says '^HANG hang-[0-9a-f]{16}$'

# ---- what cannot be done ----
printf 'cancle a\n' >bad.seq
findings 3 '^findings: 1 input, 1 finding, ' "${mutant[@]}" bad.seq inputs/first.seq
says 'bad.seq:1:1: '
findings 3 'missing: No such file' missing
findings 3 'expected a folder that findings were written to' --baseline bad.seq inputs
findings 3 'bad.seq' "${mutant[@]}" --out bad.seq inputs
findings 2 'expected at least one file' --json x.json
findings 2 '' --json x --junit ./x inputs
findings 2 'there is no mutant' --mutant no-such inputs

finish
