#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Crash de-duplication tells rules apart by their stacks: every rule has a function under a name of its own in the fuzz
# target, whatever the compiler made of it, and where the stack can be seen (AddressSanitizer) it is among the top frames.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
# shellcheck source-path=SCRIPTDIR source=crash_state.sh
source "$TEST_SOURCE_DIRECTORY/tests/crash_state.sh"

target=$TEST_BUILD_DIRECTORY/fuzz_sequence_standalone

# ---- names ----
nm "$target" >symbols
"$TEST_BUILD_DIRECTORY/rpcancel" rules --json rules.json >/dev/null 2>&1
while read -r rule; do
    functions=$((${functions:-0} + 1))
    grep -q " $(function_of_rule "$rule")\$" symbols || complain "the target has no function $(function_of_rule "$rule")"
done < <(jq -r '.rules[] | select(.operations != []) | .id' rules.json)
((${functions:-0} > 50)) || complain "only ${functions:-0} rules"
[[ $(grep -c ' violated_' symbols) == "$functions" ]] || complain "not $functions functions violated_…"

# ---- the defects of ci/fuzz-kill ----
# shows MUTANT RULE INPUT: the input makes the target say that the rule is violated.
shows() {
    local state
    { ASAN_OPTIONS=handle_abort=2 RPCANCEL_MUTANT=$1 "$target" "$3" >"said-$1" 2>&1; } 2>/dev/null
    grep -q "^VIOLATED $2 " "said-$1" || complain "$1 does not violate $2"
    grep -q "\b$1\b" "$TEST_SOURCE_DIRECTORY/ci/fuzz-kill" || complain "ci/fuzz-kill does not know $1"
    echo "$2" >>rules
    grep -q '__asan_init' symbols || return 0
    state=$(crash_state <"said-$1")
    [[ $state == *"$(function_of_rule "$2")"* ]] || complain "$1: the crash state is $state"
    echo "$state" >>states
}
ten_defects shows
[[ $(sort -u rules | wc -l) == 10 ]] || complain "not ten different rules"
if grep -q '__asan_init' symbols; then
    sed 's/^/state: /' states
    [[ $(sort -u states | wc -l) == 10 ]] || complain "not ten different crash states"
fi

finish
