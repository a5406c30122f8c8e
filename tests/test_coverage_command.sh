#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rpcancel coverage: what it lists as missing covers just that, what it writes to complete a corpus completes it, the JSON
# is what docs/coverage.schema.json says and has the figures of the last line; and what cannot be is said.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

rpcancel=$TEST_BUILD_DIRECTORY/rpcancel
corpus=$TEST_SOURCE_DIRECTORY/corpus

patience=200
# expect CODE PATTERN ARGUMENT…: runs rpcancel coverage.
expect() {
    expect_of "$1" "$2" "$rpcancel" coverage "${@:3}"
}

# figure NAME: the first number of that figure in the last line said.
figure() {
    tail -n 1 said | sed -n "s/.*\b$1 \([0-9]*\) of .*/\1/p"
}

is_valid() {
    python3 "$TEST_SOURCE_DIRECTORY/tests/validate_json.py" "$TEST_SOURCE_DIRECTORY/docs/coverage.schema.json" "$1" >said 2>&1 ||
        complain "$1 is not what the schema says"
}

# ---- what is missing ----
printf 'init a\ncall a\ncancel a\n' >few.seq
expect 0 '^  and [1-9][0-9]+ more$' few.seq --missing --limit 2 --json few.json
for title in 'states not reached' 'edges not gone' 'pairs not met' 'rules not decided'; do
    grep -q "^$title: the last operation" said || complain "nothing is said of: $title"
done
line=$(tail -n 1 said)
is_valid few.json
[[ $line == "coverage: $(jq -r '.coverage | to_entries | map("\(.key) \(.value.covered) of \(.value.of)") | join(", ")' few.json)" ]] ||
    complain "JSON and last line differ"
jq -e '.missing | group_by(.kind + (.profile // "")) | length == 6 and all(length == 2)' few.json >/dev/null ||
    complain "not two missing of each of three kinds and three profiles"
# Each of them covers one thing more, of its kind.
kinds=(states edges pairs)
! under_sanitizer || kinds=(pairs)
for kind in "${kinds[@]}"; do
    rm -rf more
    mkdir more
    number=0
    while IFS= read -r sequence; do
        number=$((number + 1))
        printf '%s\n' "${sequence//; /$'\n'}" >more/$number.seq
    done < <(jq -r --arg kind "$kind" '.missing[] | select(.kind == $kind).sequence' few.json)
    expect 0 '^3 sequences, ' few.seq more
    (($(figure "$kind") >= $(jq ".coverage.$kind.covered" few.json) + number)) || complain "$(cat more/*) does not add $number $kind"
done

# ---- completed; under a sanitizer the test coverage_complete does that ----
if ! under_sanitizer; then
    cp -r "$corpus/fuzz_sequence" gaps
    find gaps/explore -type f | sort | awk 'NR % 40 == 0' | xargs rm
    expect 0 '^complete: [1-9][0-9]* sequences, [0-9]+ bytes written to new; with them states 640 of 640,' --catalogue gaps --complete new
    (($(figure edges) < 72468)) || complain "nothing was missing"
    while IFS= read -r file; do
        [[ $(sha256sum "new/$file") == "$file "* ]] || complain "new/$file is not named by its hash"
    done < <(ls new)
    expect 0 '^edges of one call +72468 +72468 +100\.00$' --catalogue gaps new --missing --json all.json \
        --floor states=100,edges=100,pairs=100,rules=100
    is_valid all.json
    jq -e '.missing == []' all.json >/dev/null || complain "something is missing where all is covered"
fi

# ---- what it does not take ----
expect 2 'floor' few.seq --floor nonsense=1
expect 3 'missing\.seq: No such file' missing.seq
expect 3 'nowhere' few.seq --json nowhere/out.json

finish
