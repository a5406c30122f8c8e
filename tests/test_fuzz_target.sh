#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The fuzz target on files: what it says of the corpus, of defects, and of what it cannot read.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

target=$TEST_BUILD_DIRECTORY/fuzz_sequence_standalone
corpus=$TEST_SOURCE_DIRECTORY/corpus

# expect CODE ARGUMENT…: runs the target on the arguments.
expect() {
    local code=$1 got
    shift
    { timeout 100 "$target" "$@" >"$work/said" 2>&1 </dev/null; } 2>/dev/null # bash tells of crashes
    got=$?
    ((got == code)) || complain "$*: exit code $got, expected $code"
}

aborted=134

# ---- nothing to find ----
expect 0 "$corpus/rules" "$corpus/races" "$corpus/bugs"
says '^replayed [1-9][0-9]+ inputs$'
says '^operations: [1-9][0-9]+$'
head -c 4096 /dev/urandom >noise
expect 0 noise
: >empty
expect 0 empty
says '^operations: 0$'

# ---- a defect: the rule, the answers, the sequence as text ----
printf '%s\n' 'init a' 'call a' 'deliver request a' 'dispatch a @t1' 'cancel a' 'deliver cancel a' \
    'test-cancel a @t1' 'test-cancel a @t1' 'status a' >cancelled.seq
expect 0 cancelled.seq
export RPCANCEL_MUTANT=test-cancel-consumes-flag
expect $aborted cancelled.seq
says '^VIOLATED RpcServerTestCancel/1 \(must\): [A-Z].*\.$'
says '^source: RpcServerTestCancel'
says '^got:  1791 RPC_S_CALL_IN_PROGRESS$'
says '^want: 0 RPC_S_OK$'
says '^operations: 8$'
says '^crashed on: cancelled.seq$'
# What it printed is a sequence that shows the same, and nothing behind the violation.
sed -n '/^sequence:/,/^got:/p' said | grep '^  ' >printed.seq
[[ $(wc -l <printed.seq) == 8 ]] || complain "the sequence printed has not 8 lines"
expect $aborted printed.seq
says '^VIOLATED RpcServerTestCancel/1 '

# ---- rules passed over: the input ends there, and nothing is said ----
RPCANCEL_PASS_OVER=RpcServerTestCancel/1 expect 0 cancelled.seq
says '^operations: 8$'
RPCANCEL_PASS_OVER=RpcAsyncCancelCall/1,RpcServerTestCancel/1 expect 0 cancelled.seq
RPCANCEL_PASS_OVER=RpcServerTestCancel/2 expect $aborted cancelled.seq
RPCANCEL_PASS_OVER=RpcServerTestCancel/1,RpcServerTestCancel expect 2 cancelled.seq
says "^RPCANCEL_PASS_OVER: there is no rule 'RpcServerTestCancel'; "

# ---- progress, for whoever watches ----
RPCANCEL_PROGRESS=nowhere/progress expect 3 cancelled.seq
says '^RPCANCEL_PROGRESS: nowhere/progress: No such file or directory$'
cp cancelled.seq text
RPCANCEL_PROGRESS=text expect 3 cancelled.seq
says '^RPCANCEL_PROGRESS: text: is no progress file$'
cmp -s text cancelled.seq || complain "a file that is something else was written to"
RPCANCEL_PROGRESS=progress expect $aborted cancelled.seq
[[ -s progress ]] || complain "no progress"

# ---- every defect is found in the catalogue; other readings of the documents are not objected to ----
while read -r mutant; do
    RPCANCEL_MUTANT=$mutant expect $aborted "$corpus/rules" "$corpus/races" "$corpus/bugs"
    says '^VIOLATED [A-Za-z-]+/[0-9]+ '
done < <("$TEST_BUILD_DIRECTORY/rpcancel" mutants --list | awk '{print $1}')
while read -r variant; do
    RPCANCEL_MUTANT=$variant expect 0 "$corpus/rules" "$corpus/races" "$corpus/bugs"
done < <("$TEST_BUILD_DIRECTORY/rpcancel" mutants --variants --list | awk '{print $1}')

# ---- what it cannot do ----
RPCANCEL_MUTANT=no-such expect 2 empty
says "there is no mutant or variant 'no-such'"
unset RPCANCEL_MUTANT
expect 2
says '^usage: '
mkdir nothing
expect 2 nothing
says '^usage: '
expect 3 missing
says '^missing: No such file or directory$'
printf 'init a\ncancel z\n' >bad.seq
expect 3 bad.seq
says '^bad.seq:2:8: '

finish
