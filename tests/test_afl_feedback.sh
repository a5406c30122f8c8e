#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# AFL++ sees the situations an input comes into, and nothing else: not the handle, not how often. fuzz_sequence_blind is
# the same target with its code instrumented and without the feedback.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

target=$TEST_BUILD_DIRECTORY/fuzz_sequence
blind=$TEST_BUILD_DIRECTORY/fuzz_sequence_blind
export AFL_QUIET=1

# input NAME OPERATION…: writes a sequence to the file.
input() {
    local name=$1
    shift
    printf '%s\n' "$@" >"$name.seq"
    "$TEST_BUILD_DIRECTORY/rpcancel" convert "$name.seq" "$name" || complain "$name cannot be converted"
}

# map TARGET INPUT: writes the edges of the input, with their counts, to INPUT.map.
map() {
    rm -f "$2.map"
    timeout 60 afl-showmap -q -o "$2.map" -- "$1" "$2" >said 2>&1
    [[ -s $2.map ]] || complain "afl-showmap shows nothing of $2 on $(basename "$1")"
}

# same TARGET A B, different TARGET A B: compares the maps of two inputs.
same() {
    map "$1" "$2"
    map "$1" "$3"
    cmp -s "$2.map" "$3.map" || complain "$(basename "$1"): $2 and $3 differ: $(diff "$2.map" "$3.map" | tr '\n' ' ')"
}
different() {
    map "$1" "$2"
    map "$1" "$3"
    ! cmp -s "$2.map" "$3.map" || complain "$(basename "$1"): $2 and $3 do not differ"
}

# edges TARGET FOLDER: how many edges all inputs have together.
edges() {
    rm -rf maps
    # One map an input: what Debian's afl-showmap -C adds them up in, it does not clear first.
    timeout 100 afl-showmap -q -i "$2" -o maps -- "$1" >said 2>&1
    cut -d : -f 1 maps/* | sort -u | wc -l
}

# ---- one situation ----
start=('init a' 'call a' 'deliver request a' 'dispatch a @t1' 'cancel a')
input arrived "${start[@]}" 'deliver cancel a' 'test-cancel a @t1' 'settle'
input underway "${start[@]}" 'test-cancel a @t1' 'deliver cancel a' 'settle'
different "$target" arrived underway
same "$blind" arrived underway
input on-a "${start[@]}"
input on-b "${start[@]/ a/ b}"
same "$target" on-a on-b
input once "${start[@]}" 'status a'
input often "${start[@]}" 'status a' 'status a' 'status a' 'status a' 'status a'
same "$target" once often

# ---- all situations of the catalogue ----
mkdir catalogue
while IFS= read -r sequence; do
    count=$((${count:-0} + 1))
    "$TEST_BUILD_DIRECTORY/rpcancel" convert "$sequence" catalogue/$count || complain "$sequence cannot be converted"
done < <(find "$TEST_SOURCE_DIRECTORY"/corpus/{rules,races,bugs} -name '*.seq')
situations=$("$TEST_BUILD_DIRECTORY/situations" catalogue/* 2>/dev/null)
seen=$(edges "$target" catalogue)
without=$(edges "$blind" catalogue)
echo "$count inputs, $situations situations; edges: $seen with the feedback, $without in the code of the target"
((situations > 150)) || complain "the catalogue comes into $situations situations only"
# The way into the switch and out of it are edges too.
((seen >= situations && seen <= situations + 3)) || complain "$seen edges for $situations situations"
((without * 3 < seen)) || complain "without the feedback $without edges, with it $seen"

finish
