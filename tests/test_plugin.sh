#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Plugins as the commands run them: the reference as a plugin is judged as the reference is; what plugins do wrong is a
# verdict and an exit code; nothing is left running.
# shellcheck disable=SC2016 # backquotes in patterns are meant as they stand
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

rpcancel=$TEST_BUILD_DIRECTORY/rpcancel
# Under names of this test, so that it can be told which processes are its own.
for plugin in rpcancel-reference plugin-hostile plugin-other-abi plugin-marked; do
    ln -s "$TEST_BUILD_DIRECTORY/$plugin.so" "$plugin.so"
done
reference=plugin:$work/rpcancel-reference.so
hostile=plugin:$work/plugin-hostile.so

# expect CODE PATTERN ARGUMENT…: runs the program.
expect() {
    expect_of "$1" "$2" "$rpcancel" "${@:3}"
}

# judged OUT ARGUMENT…: what a check came to: every rule, every sequence, the counts.
judged() {
    local out=$1
    shift
    "$rpcancel" check --strict --json result.json "$@" >said 2>&1 || complain "check $*: exit code $?"
    jq -S '{conformant, complete, summary, sequences, rules: [.rules[] | {id, verdict, checked, message}]}' \
        result.json >"$out"
}

# ---- the reference as a plugin: the same verdicts by as many decisions ----
for profile in documented documented-98 windows; do
    choices=documented
    [[ $profile != windows ]] || choices=windows
    judged expected --profile "$profile"
    [[ $(jq '[.rules[].checked] | add' expected) -gt 400 ]] || complain "the reference decides next to nothing"
    judged forked --profile "$profile" --runtime "$reference --profile $choices"
    diff expected forked >said || complain "profile $profile: as a plugin the reference is judged differently"
    judged in-process --profile "$profile" --runtime "$reference --profile $choices" --in-process
    diff expected in-process >said || complain "profile $profile, in process: it is judged differently"
done
expect 0 '^reference [0-9.]+, profile documented, delivery hidden: ' check --runtime "$reference --delivery hidden"
expect 0 '^reference [0-9.]+, profile documented, delivery hidden: ' check --runtime "$reference --delivery hidden" --in-process
expect 0 'no violation$' random --runs 200 --runtime "$reference"
expect 0 '0 failed$' replay --runtime "$reference" "$TEST_SOURCE_DIRECTORY/corpus/races"

# ---- a defect: found, shown again by the command that the report suggests, in either mode ----
lying="$reference --lie test-cancel:1791=0"
for mode in '' --in-process; do
    expect 1 '^FAIL RpcServerTestCancel/2 ' check ${mode:+"$mode"} --runtime "$lying"
    again=$(sed -n 's/^  again *rpcancel //p' said | head -n 1)
    [[ -z $mode || $again == *" --in-process "* ]] || complain "the command to show it again lacks --in-process: $again"
    eval "timeout 60 \"\$rpcancel\" $again" >said 2>&1
    (($? == 1)) || complain "the command does not show it again: $again"
    expect 1 '1 violation$' random --runs 5000 ${mode:+"$mode"} --runtime "$lying"
done

# ---- usage ----
expect 2 'rpcancel check: the plugin.s file and arguments: byte 1: expected' check --runtime plugin:
expect 2 '--in-process is for --runtime plugin:FILE; --runtime is reference' check --in-process
expect 2 '--in-process is for --runtime plugin:FILE; --runtime is child:true' check --in-process --runtime child:true
expect 2 'are for --runtime reference' check --runtime "$reference" --mutant escalation-ignored

# ---- no plugin ----
for mode in '' --in-process; do
    expect 3 "the plugin no-such.so cannot be loaded: .*No such file or directory; expected a shared object" \
        check ${mode:+"$mode"} --runtime plugin:no-such.so
    expect 3 'other-abi.so has ABI 7 of rpcancel/plugin.h; expected 1' \
        check ${mode:+"$mode"} --runtime "plugin:$work/plugin-other-abi.so"
    expect 3 'reference.so did not open: open returned NULL' \
        check ${mode:+"$mode"} --runtime "$reference --frobnicate"
done
expect 3 'last on its standard error: `--frobnicate: expected --delivery' check --runtime "$reference --frobnicate"
cp "$TEST_BUILD_DIRECTORY/plugin-marked.so" 'my runtime.so'
expect 1 '^marked' check --runtime "plugin:'my runtime.so'"
expect 1 '^marked' check --runtime plugin:plugin-marked.so

# ---- what a plugin does wrong ----
expect 4 'hostile.so was killed by signal 6' check rules/RpcAsyncGetCallStatus/1-never-initialised.seq --runtime "$hostile execute abort"
# Also by a signal that the harness handles, in every process that it starts.
expect 4 '^  shown +3 of 3 runs ' check rules/RpcAsyncGetCallStatus/1-never-initialised.seq \
    --runtime "$hostile execute terminate"
grep -q 'hostile.so was killed by signal 15' said || complain 'a plugin that ends itself by SIGTERM does not end so'
expect 4 'hostile.so ended with exit code 7 instead of answering `[a-z0 @]*`; last on its standard error: `farewell`' \
    check rules/RpcAsyncGetCallStatus/1-never-initialised.seq --runtime "$hostile execute exit"
expect 4 'hostile.so did not answer `[a-z0 @]*` within 200 ms' \
    check rules/RpcAsyncGetCallStatus/1-never-initialised.seq --deadline 200 --runtime "$hostile execute hang-stubbornly"
expect 3 'hostile.so answered `[a-z0 @]*` with `kind 8`; expected kind 0 to 7' \
    check rules/RpcAsyncGetCallStatus/1-never-initialised.seq --runtime "$hostile execute answer-8"
expect 3 'hostile.so did not answer `describe` within 200 ms' \
    check --start-deadline 200 --runtime "$hostile open hang"
expect 3 'hostile.so was killed by signal 6 .* instead of answering `describe`' check --runtime "$hostile open abort"
printf 'init a\nstatus a\n' >short.seq
for command in 'replay short.seq' 'check rules/RpcAsyncGetCallStatus/1-never-initialised.seq' 'random --runs 3'; do
    read -ra words <<<"$command"
    expect 4 'hostile.so was killed by signal 6 \(Aborted\) when it was closed' "${words[@]}" --runtime "$hostile close abort"
done
expect 4 'hostile.so did not end within 200 ms when it was closed' \
    replay short.seq --deadline 200 --runtime "$hostile close hang-stubbornly"

# ---- Ctrl-C while a plugin does not answer ----
"$rpcancel" check --deadline 60000 --runtime "$hostile execute hang-stubbornly" >said 2>&1 </dev/null &
check=$!
sleep 0.5
kill -INT "$check"
sleep 0.2
kill -INT "$check"
wait "$check" 2>/dev/null

# ---- nothing is left ----
for _ in {1..40}; do
    left=$(pgrep -f "$work/")
    [[ -n $left ]] || break
    sleep 0.1
done
[[ -z $left ]] || complain "still running: $left"

finish
