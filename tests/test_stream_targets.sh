#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The fuzz targets that take octets of the wire, on files: the corpus breaks nothing, every invariant is held against
# something by it, and each deliberate defect breaks one; what a target says of a finding, and of what it cannot do.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

corpus=$TEST_SOURCE_DIRECTORY/corpus

# replay CODE TARGET PATH…: runs the target on the paths.
replay() {
    local code=$1 target=$2 got
    shift 2
    { timeout 100 "$TEST_BUILD_DIRECTORY/${target}_standalone" "$@" >"$work/said" 2>&1 </dev/null; } 2>/dev/null # bash tells of crashes
    got=$?
    ((got == code)) || complain "$target $*: exit code $got, expected $code"
}

aborted=134

mapfile -t targets < <(cd "$TEST_SOURCE_DIRECTORY/fuzzers" && grep -l '^#include "streams/watch.h"' fuzz_*.c | sed 's/\.c$//')
((${#targets[@]} == 5)) || complain "there are other targets than this test knows: ${targets[*]}"
for target in "${targets[@]}"; do
    # ---- nothing to find, and nothing that never happens ----
    RPCANCEL_PROGRESS=$work/progress-$target replay 0 "$target" "$corpus/$target"
    says '^replayed [1-9][0-9]+ inputs$'
    says '^operations: [1-9][0-9]+$'
    read -r held all < <(od -A n -v -t u8 -j 56 -N 16 "progress-$target")
    ((all > 5 && held == all)) || complain "$target: $held of $all invariants are held against something by the corpus"
    : >empty
    replay 0 "$target" empty
    head -c 4096 /dev/urandom >noise
    replay 0 "$target" noise
    # ---- what is no defect and no invariant ----
    RPCANCEL_MUTANT=no-such replay 2 "$target" empty
    says "^RPCANCEL_MUTANT: there is no defect 'no-such' of this target; there are: [a-z]"
    RPCANCEL_PASS_OVER=no_such replay 2 "$target" empty
    says "^RPCANCEL_PASS_OVER: there is no invariant 'no_such'"
    RPCANCEL_PROGRESS=nowhere/progress replay 3 "$target" empty
done

# shows TARGET DEFECT INVARIANT FILE: whether the defect shows in the file as that invariant broken.
shows() {
    { RPCANCEL_MUTANT=$2 "$TEST_BUILD_DIRECTORY/$1_standalone" "$4" >"$work/said" 2>&1; } 2>/dev/null && return 1
    grep -q "^VIOLATED $3 (invariant): [A-Za-z].*\.$" "$work/said"
}

# ---- each defect is shown, named by its invariant, by a file of the corpus ----
defects=0
while read -r target defect invariant; do
    [[ $target != '#' ]] || continue
    defects=$((defects + 1))
    found=
    for file in "$corpus/$target"/defects/*; do
        if shows "$target" "$defect" "$invariant" "$file"; then
            found=1
            break
        fi
    done
    [[ $found ]] || complain "$target: no file shows $defect as $invariant"
done <"$TEST_SOURCE_DIRECTORY/tests/stream_defects.txt"
for target in "${targets[@]}"; do
    RPCANCEL_MUTANT=no-such replay 2 "$target" empty
    while read -r defect; do
        grep -q "^$target $defect [a-z_]*$" "$TEST_SOURCE_DIRECTORY/tests/stream_defects.txt" ||
            complain "$target: the defect $defect is not in tests/stream_defects.txt"
        defects=$((defects - 1))
    done < <(sed -n 's/.*; there are: //p' said | tr ' ' '\n')
done
((defects == 0)) || complain "tests/stream_defects.txt has $defects defects that there are not"

# ---- what is said of a finding ----
printf '\x00\x05\x00\x12\x06\x10\x00\x00\x00\x10\x00\x00\x00\x04\x00\x00\x00\x01\x02' >cancel
sed -i '1s/^\x00/\x08/' cancel # bound
replay 0 fuzz_association_server cancel
says '^operations: 2$'
export RPCANCEL_MUTANT=unknown-cancel-is-faulted
replay $aborted fuzz_association_server cancel
says '^VIOLATED server_cancels_unanswered \(invariant\): co_cancel and orphaned are not answered'
says '^  settings 0x08$'
says '^  co_cancel call_id=4 flags=0x06 size=16  05001206100000001000000004000000$'
says '^crashed on: cancel$'
grep -q 'choice' said && complain "what comes after the violation is shown"
RPCANCEL_PASS_OVER=server_cancels_unanswered replay 0 fuzz_association_server cancel
says '^operations: 1$'
unset RPCANCEL_MUTANT

# ---- the same of parcels ----
printf '\x01\x02\x00\x03\x80\x00\x70\x00' >calls # a call, all that is on its way to the server
replay 0 fuzz_datagram calls
says '^operations: 2$'
export RPCANCEL_MUTANT=executed-twice
replay $aborted fuzz_datagram calls
says '^VIOLATED datagram_server_executes_once \(invariant\): A call that is not idempotent is executed once'
says '^  settings 0x01$'
says '^  tag 0 size=2  0380$'
says '^  tag 14 size=0  $'
unset RPCANCEL_MUTANT

# ---- the dictionary: made from the tables, entries as engines read them ----
"$TEST_BUILD_DIRECTORY/rpcancel-stream-dictionary" >dictionary || complain "there is no dictionary"
grep -vE '^# .|^"(\\x[0-9A-F]{2})+"$' dictionary >said && complain "the dictionary has other lines"
: >said
names=$(sed -n 's/^    X([A-Z_0-9]*, [0-9]*, "\([a-z_0-9]*\)", [0-9]*, \(CLIENT\|SERVER\|EITHER\),.*/\1/p' "$TEST_SOURCE_DIRECTORY/src/wire/pdu.h")
(($(wc -w <<<"$names") == 13)) || complain "there are other types than this test knows: $names"
for name in $names nca_s_fault_cancel nca_proto_error RPC_S_CALL_CANCELLED; do
    (($(grep -cx "# $name" dictionary) == 2)) || complain "the dictionary has $name not in both byte orders"
done

finish
