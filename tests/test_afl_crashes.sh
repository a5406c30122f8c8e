#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# AFL++ tells crashes apart by the edges they take: every rule has one of its own, so that of a target with ten defects at
# once crashes of at least ten rules are kept.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
# shellcheck source-path=SCRIPTDIR source=crash_state.sh
source "$TEST_SOURCE_DIRECTORY/tests/crash_state.sh"

readonly EXECUTIONS=15000

target=$TEST_BUILD_DIRECTORY/fuzz_sequence
export AFL_QUIET=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_FAST_CAL=1

# ---- one edge a rule ----
# map_of MUTANT RULE INPUT: writes the edges of the crash to MUTANT.map.
map_of() {
    RPCANCEL_MUTANT=$1 timeout 60 afl-showmap -q -e -o "$1.map" -- "$target" "$3" >said 2>&1
    grep -q "^VIOLATED $2 " <(RPCANCEL_MUTANT=$1 "$target" "$3" 2>&1) || complain "$1 does not violate $2"
    sort -o "$1.map" "$1.map"
    cp "$3" inputs/
    names=${names:+$names,}$1
}
mkdir inputs
ten_defects map_of 2>/dev/null
# What the same inputs take on the reference, where they do not crash.
timeout 60 afl-showmap -q -e -i inputs -o healthy -- "$target" >said 2>&1
sort -u healthy/* >healthy.map
own=0
for map in ./*.map; do
    [[ $map != ./healthy.map ]] || continue
    others=(./*.map)
    others=("${others[@]/$map/}")
    # shellcheck disable=SC2068 # the empty one must go
    mine=$(comm -23 "$map" <(sort -u ${others[@]}) | wc -l)
    ((mine == 1)) || complain "$map has $mine edges of its own"
    own=$((own + 1))
done
((own == 10)) || complain "$own maps"

# ---- all ten defects at once ----
mkdir seeds
printf '\x10\x00' >seeds/init
AFL_CUSTOM_MUTATOR_LIBRARY=$TEST_BUILD_DIRECTORY/librpcancel-mutator-afl.so AFL_CUSTOM_MUTATOR_ONLY=1 AFL_INPUT_LEN_MAX=128 \
    RPCANCEL_MUTANT=$names timeout 200 afl-fuzz -i seeds -o out -E "$EXECUTIONS" -s 1 -- "$target" >said 2>&1 ||
    complain "afl-fuzz ended with $?: $(tail -n 3 said)"
for crash in out/default/crashes/id:*; do
    { RPCANCEL_MUTANT=$names "$target" "$crash" 2>&1; } 2>/dev/null | sed -n 's/^VIOLATED \([^ ]*\) .*/\1/p' >rule
    [[ -s rule ]] || complain "$crash violates no rule"
    cat rule >>rules
done 2>/dev/null # bash tells of crashes
rules=$(sort -u rules | wc -l)
echo "$(wc -l <rules) crashes kept, $rules rules: $(sort rules | uniq -c | awk '{printf "%s%s %s", sep, $1, $2; sep = ", "}')"
((rules >= 10)) || complain "crashes of $rules rules only"

finish
