#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Ten defects that break ten rules give ten different stacks in libFuzzer, and ten different crash states.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
# shellcheck source-path=SCRIPTDIR source=crash_state.sh
source "$TEST_SOURCE_DIRECTORY/tests/crash_state.sh"

target=$TEST_BUILD_DIRECTORY/fuzz_sequence
PATH=$(llvm-config-19 --bindir):$PATH # libFuzzer looks for llvm-symbolizer there

# crashes MUTANT RULE INPUT: notes the stack and the crash state.
crashes() {
    local status=0 state frames
    RPCANCEL_MUTANT=$1 timeout 60 "$target" -artifact_prefix="$work/" "$3" >said 2>&1 || status=$?
    ((status == 77)) || complain "$1: exit code $status"
    grep -q "^VIOLATED $2 " said || complain "$1 does not violate $2"
    frames=$(grep -oE '^ +#[0-9]+ .*' said | awk '{print $4}' | head -n 12)
    grep -qx "$(function_of_rule "$2")" <<<"$frames" || complain "$1: $(function_of_rule "$2") is not among the top frames"
    tr '\n' ' ' <<<"$frames" >>stacks
    echo >>stacks
    state=$(crash_state <said)
    [[ $state == *"$(function_of_rule "$2")"* ]] || complain "$1: the crash state is $state"
    ! grep -q '\.llvm\.' <<<"$state" || complain "$1: the crash state $state has names that change with every build"
    echo "$state" >>states
}
ten_defects crashes
sed 's/^/state: /' states
for file in stacks states; do
    [[ $(sort -u "$file" | wc -l) == 10 ]] || complain "not ten different $file"
done

finish
