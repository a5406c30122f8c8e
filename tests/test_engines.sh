#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The engines as commands: their last lines, exit codes and files; that reference and rules agree; that defects die, by a
# named rule, and other readings of the documents live.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

rpcancel=$TEST_BUILD_DIRECTORY/rpcancel

# expect CODE PATTERN ARGUMENT…: runs the program; its last line on standard output must match PATTERN as a whole.
expect() {
    local code=$1 pattern=$2 got
    shift 2
    timeout 100 "$rpcancel" "$@" >"$work/said" 2>"$work/error" </dev/null
    got=$?
    ((got == code)) || complain "rpcancel $*: exit code $got, expected $code"
    tail -n 1 "$work/said" | grep -Exq -- "$pattern" || complain "rpcancel $*: the last line is not like: $pattern"
}

# refuses CODE ARGUMENT…: the program says why on standard error, and nothing else.
refuses() {
    local code=$1 got
    shift
    timeout 100 "$rpcancel" "$@" >"$work/said" 2>"$work/error" </dev/null
    got=$?
    ((got == code)) || complain "rpcancel $*: exit code $got, expected $code"
    [[ ! -s $work/said && -s $work/error ]] || complain "rpcancel $*: does not just say why"
}

number='[1-9][0-9]*'

# ---- explore ----
expect 0 "explore: $number states, $number pairs, $number edges, 0 unjudged, closed" explore
under_sanitizer || expect 0 "flips: $number tried, $number flagged, $number unspecified, 0 missed" explore --flips
expect 0 "explore: $number states, $number pairs, $number edges, 0 unjudged, open" explore --depth 3
expect 1 "explore: .*" explore --mutant test-cancel-consumes-flag
says 'RpcServerTestCancel/[0-9]+'
expect 0 "explore: .*, closed" explore --dot states.dot
grep -q '^digraph both' states.dot || complain "states.dot is no graph"
expect 0 "explore: 640 states, .*, closed" explore --earlier 0 --edges states.edges
grep -Fxq $'up a=zeroed\tinit a\t0\tup a=initialised' states.edges || complain "states.edges is without its first edge"
[[ $(cut -f 2 states.edges | grep -Fxc settle) == 640 ]] || complain "states.edges has not one settle a state"
expect 0 "explore: .*, open" explore --depth 1 --edges -
says $'^up a=zeroed\tcall a\texception\tup a=zeroed$'

# ---- random ----
expect 0 "random: 2000 sequences, $number operations, .* no violation" random --runs 2000 --seed 7
expect 0 "random: 500 sequences, $number operations, .* no violation" random --runs 500 --seed 7 --hide-delivery
expect 1 ".*" random --runs 20000 --seed 7 --mutant test-cancel-consumes-flag --out found.seq
timeout 100 "$rpcancel" replay --mutant test-cancel-consumes-flag found.seq >"$work/said" 2>&1
(($? == 1)) || complain "what random found does not fail when it is replayed"
# The command that random suggests, as it stands, but for where the program is.
suggests() {
    local hint
    hint=$(sed -n 's/^  rpcancel replay /replay /p' "$work/said")
    [[ -n $hint ]] || complain "random suggests no command"
    eval "timeout 100 \"\$rpcancel\" $hint" >"$work/said" 2>&1
    (($? == 1)) || complain "what random suggests does not show what it found: $hint"
}
expect 1 "random: .* 1 violation" random --runs 20000 --seed 7 --mutant test-cancel-consumes-flag --out "it's found.seq"
suggests
expect 1 "random: .* 1 violation" random --runs 20000 --seed 7 --mutant test-cancel-consumes-flag --hide-delivery --profile windows
suggests
expect 1 "random: .* 1 violation" random --runs 20000 --seed 7 --mutant test-cancel-consumes-flag --out -
grep -q 'saved as' "$work/said" && complain "random suggests to replay standard output"
timeout 100 "$rpcancel" replay found.seq >"$work/said" 2>&1 || complain "what random found fails on the reference itself"

# ---- mutants; under a sanitizer the test explore searches for them ----
engines=()
under_sanitizer && engines=(--engine check)
expect 0 "mutants: ($number) total, $number killed, 0 equivalent, 0 unspecified, 0 survived" mutants "${engines[@]}"
awk '/^mutants:/ {exit !($2 >= 12 && $2 == $4)}' said || complain "not every one of at least 12 mutants was killed"
[[ $("$rpcancel" mutants --list | grep -c '\[.*\]') -ge 30 ]] || complain "fewer than 30 mutants name a report"
expect 0 "variants: $number total, 0 rejected" mutants --variants --engine check
awk '/^variants:/ {exit !($2 >= 5)}' said || complain "there are fewer than 5 variants"
"$rpcancel" mutants --list >"$work/said"
says '^cancel-thread-hits-another +The cancel of .* \[https://.*\] Slice synchronous$'
[[ $(grep -c ' Slice synchronous$' "$work/said") -ge 14 ]] || complain "fewer than 14 mutants are of synchronous calls"

# ---- generated mutants ----
# A few of each class; the test `mutants` looks at them more closely.
expect 0 "mutants: generated $number: $number killed, $number equivalent, $number unspecified, 0 missed" \
    mutants --generated --match generated:cancel@cancelling+queued
says '^generated:cancel@cancelling\+queued/next/final killed by [A-Za-z]+/[0-9]+, [0-9]+ operations: init a; call a;'
says '^generated:cancel@cancelling\+queued/code/1915 unspecified$'
says '^  not said: init a; call a; settle; cancel a; cancel a => 1915 RPC_S_INVALID_ASYNC_CALL instead of 0 RPC_S_OK$'
says '^ +12  K4 nonabortively cancelled × cancel$'
expect 0 "mutants: generated .*" mutants --generated --match generated:cancel@cancelling+queued --class equivalent
says '^generated:cancel@cancelling\+queued/doubled/cancel equivalent$'
! grep -Eq '^generated:.* (killed|unspecified)' said || complain "--class prints others, too"
invalid=test-cancel-invalid@no-call+uncancelled+link+worker/code
expect 0 "mutants: generated $number: $number killed, 0 equivalent, 0 unspecified, 0 missed" \
    mutants --generated --match $invalid
expect 1 "mutants: generated $number: 0 killed, 0 equivalent, 0 unspecified, $number missed" \
    mutants --generated --match $invalid --without RpcServerTestCancel/11
says '^  not allowed: test-cancel invalid @w => 1725 RPC_S_NO_CALL_ACTIVE instead of 1702 RPC_S_INVALID_BINDING$'
expect 0 "mutants: generated 1: 1 killed, 0 equivalent, 0 unspecified, 0 missed" \
    mutants --generated --hide-delivery --match generated:cancel-abort@cancelling+queued/dropped/result
says '^generated:cancel-abort@cancelling\+queued/dropped/result killed by [A-Za-z]+/[0-9]+, [0-9]+ operations: init a; call a;'
expect 0 "generated:server-get-call-handle@[a-z+-]+/next/ended" mutants --generated --list
(($(sort -u said | wc -l) == $(wc -l <said) && $(wc -l <said) > 1000)) || complain "not a name of its own for each"
under_sanitizer || expect 0 "mutants: generated $number: .* 0 missed" mutants --generated --match /guard/link --profile documented-98
# Of synchronous calls.
expect 0 "mutants: generated $number: $number killed, 0 equivalent, 0 unspecified, 0 missed" \
    mutants --generated --slice synchronous --match generated:returned@waits/
says '^generated:returned@waits/code/0 killed by preventing-client-side-hangs/1, 2 operations: synchronous-call a; returned a$'
expect 0 "mutants: generated $number: $number killed, .*, 0 missed" \
    mutants --generated --slice synchronous --match generated:set-cancel-timeout@zeroed/code
# One can be named wherever a mutant can.
escalation=generated:cancel-abort@cancelling+dispatched/next/cancelling
expect 1 "explore: .*" explore --mutant $escalation
expect 1 "random: .* 1 violation" random --runs 20000 --seed 7 --mutant $escalation
expect 1 "not conformant" check --mutant $escalation
says '^FAIL '
refuses 2 explore --mutant generated:cancel@queued/code/0
refuses 2 check --mutant generated:cancel@queued/code/0
refuses 2 mutants --generated --class dead
refuses 2 mutants --generated --without RpcServerTestCancel/999
refuses 2 mutants --generated --engine check
refuses 2 mutants --generated --slice notification
refuses 2 mutants --generated --slice synchronous --hide-delivery

# ---- mutants by fuzzers, with programs in place of fuzz targets ----
# fuzzer COMMANDS: makes a program, ./fuzzer, that is run in place of a libFuzzer target.
fuzzer() {
    printf '#!/bin/bash\n%s\n' "$1" >fuzzer
    chmod +x fuzzer
}
mkdir temporary
export TMPDIR=$work/temporary
# shellcheck disable=SC2016 # they expand in the program
{
    fuzzer 'echo "stat::number_of_executed_units: 17" >&2; exit 0'
    expect 1 "mutants: $number total, 0 killed, .*, $number survived" mutants --engine libfuzzer --fuzzer ./fuzzer
    says '^  libfuzzer no rule objects after 17, '
    fuzzer 'echo before; echo "something is wrong"; exit 9'
    expect 3 "mutants: .*" mutants --engine libfuzzer --fuzzer ./fuzzer
    says 'could not be carried out: the fuzzer ended with exit code 9: something is wrong after 0'
    # It gets what it needs to know, and what it finds is judged here.
    fuzzer 'echo "$RPCANCEL_MUTANT $*" >>told
        for word; do [[ $word != -artifact_prefix=* ]] || printf "\x11\x00" >"${word#*=}crash-1"; done; exit 77'
    expect 3 "mutants: .*" mutants --engine libfuzzer --fuzzer ./fuzzer --seed 8 --fuzz-seconds 4
    says 'could not be carried out: an input crashes the fuzz target, but breaks no rule'
    says '^  libfuzzer RpcAsyncInitializeHandle/1 after 0, .* s: init a size-too-small$'
    grep -Eq '^init-accepts-bad-size .*-seed=9 .*-max_total_time=4 ' told || complain "the fuzzer was told: $(tail -n 1 told)"
    fuzzer 'echo $$ >>started; exec sleep 100'
    timeout --foreground --preserve-status -s INT 2 "$rpcancel" mutants --engine libfuzzer --fuzzer ./fuzzer >said 2>&1
    code=$?
    ((code == 3)) || complain "interrupted: exit code $code"
    says 'interrupted'
    [[ -s started ]] || complain "the fuzzer was not started"
    while read -r process; do
        ! kill -0 "$process" 2>/dev/null || complain "the fuzzer outlived the program"
    done <started
}
[[ -z $(ls -A temporary) ]] || complain "fuzzing left something in the temporary folder"
unset TMPDIR
refuses 3 mutants --engine afl --fuzzer ./no-such
grep -q 'no-such: No such file or directory; build it with cmake --preset fuzz-afl' error || complain "said: $(cat error)"
refuses 2 mutants --engine check --fuzzer ./fuzzer
refuses 2 mutants --engine afl --engine libfuzzer --fuzzer ./fuzzer
refuses 2 mutants --engine honggfuzz
refuses 2 mutants --engine afl --fuzz-seconds 0

finish
