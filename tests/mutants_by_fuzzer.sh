#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mutants_by_fuzzer.sh libfuzzer|afl: sets the fuzz target of this build on every mutant. Not a test by itself.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

mkdir "$work/temporary"
TMPDIR=$work/temporary timeout 280 "$TEST_BUILD_DIRECTORY/rpcancel" mutants --engine "$1" --seed 3 --fuzz-seconds 30 \
    --fuzzer "$TEST_BUILD_DIRECTORY/fuzz_sequence" >"$work/said" 2>&1 || complain "exit code $?"
total=$("$TEST_BUILD_DIRECTORY/rpcancel" mutants --list | wc -l)
tail -n 1 "$work/said"
[[ $(tail -n 1 "$work/said") == "mutants: $total total, $total killed, 0 equivalent, 0 unspecified, 0 survived" ]] ||
    complain "not every mutant was killed"
# Rule, effort, time and a sequence for each; at least one execution.
[[ $(grep -cE "^  $1 +[A-Za-z-]+/[0-9]+ after [1-9][0-9]*, [0-9.]+ s: [a-z]" "$work/said") == "$total" ]] ||
    complain "not a rule and a sequence for each"
[[ -z $(ls -A "$work/temporary") ]] || complain "it left something behind"

finish
