#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mutants_by_fuzzer.sh libfuzzer|afl: sets the fuzz target of this build on every mutant. Not a test by itself.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

# Those that half a minute may be too short for: two calls must be subscribed to the same, and one be cancelled.
seldom='cancel-announced-to-all'

mkdir "$work/temporary"
status=0
TMPDIR=$work/temporary timeout 280 "$TEST_BUILD_DIRECTORY/rpcancel" mutants --engine "$1" --seed 3 --fuzz-seconds 30 \
    --fuzzer "$TEST_BUILD_DIRECTORY/fuzz_sequence" >"$work/said" 2>&1 || status=$?
((status <= 1)) || complain "exit code $status"
total=$("$TEST_BUILD_DIRECTORY/rpcancel" mutants --list | wc -l)
tail -n 1 "$work/said"
[[ $(tail -n 1 "$work/said") =~ ^mutants:\ $total\ total,\ ([0-9]+)\ killed,\ 0\ equivalent,\ 0\ unspecified,\ ([0-9]+)\ survived$ ]] ||
    complain "not every mutant was tried"
killed=${BASH_REMATCH[1]-0}
survivors=$(awk '/^[a-z]/ {name = $1} / no rule objects / {print name}' "$work/said")
others=$(grep -vxE "($seldom)?" <<<"$survivors")
[[ -z $others ]] || complain "not killed: $others"
# Rule, effort, time and a sequence for each; at least one execution.
[[ $(grep -cE "^  $1 +[A-Za-z-]+/[0-9]+ after [1-9][0-9]*, [0-9.]+ s: [a-z]" "$work/said") == "$killed" ]] ||
    complain "not a rule and a sequence for each"
[[ -z $(ls -A "$work/temporary") ]] || complain "it left something behind"

finish
