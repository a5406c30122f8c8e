# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the scripts of this folder share. Sourced, not run.

export LC_ALL=C.UTF-8
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Exit code of "files, harness or infrastructure", as in the programs.
readonly INFRASTRUCTURE=3
# Of "a floor of coverage or speed was missed".
# shellcheck disable=SC2034 # scripts use it
readonly FLOOR_MISSED=6

# What failed in the tests of a submission, to be shown once more at its end: much is printed after it.
# shellcheck disable=SC2034 # scripts use it
failures_log=$project/build/logs/failures.log

# What a script does and takes is said at its head.
if [[ ${1-} == --help ]]; then
    sed -n '3,${/^#/!q; s/^# \?//; p}' "$0"
    exit 0
fi

# heading TEXT: begins a part of the output.
heading() {
    printf '\n== %s\n' "$*"
}

# give_up TEXT: the script cannot do its work.
give_up() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit "$INFRASTRUCTURE"
}

# tell TEXT: what is being done, on a terminal; an empty text wipes it.
tell() {
    [[ ! -t 2 ]] || printf '\r\033[K%s' "$1" >&2
}

# fuzz_targets: the targets of fuzzers/, one a line. is_fuzz_target NAME: whether that is one of them.
fuzz_targets() {
    (cd "$project/fuzzers" && printf '%s\n' fuzz_*.c | sed 's/\.c$//')
}
is_fuzz_target() {
    fuzz_targets | grep -Fxq -- "$1"
}

# is_stream_target NAME: whether that target takes octets of the wire in place of sequences, streams of fragments
# (fuzzers/streams/stream.h) or parcels (parcel.h). stream_targets: those that do, one a line.
is_stream_target() {
    grep -q '^#include "streams/watch.h"' "$project/fuzzers/$1.c" 2>/dev/null
}
stream_targets() {
    (cd "$project/fuzzers" && grep -l '^#include "streams/watch.h"' fuzz_*.c | sed 's/\.c$//')
}

# afl_mutator TARGET: the library with which afl-fuzz makes its inputs, as the build calls it.
afl_mutator() {
    if grep -q '^#include "streams/parcel.h"' "$project/fuzzers/$1.c" 2>/dev/null; then
        echo rpcancel-parcel-mutator-afl
    elif is_stream_target "$1"; then
        echo rpcancel-stream-mutator-afl
    else
        echo rpcancel-mutator-afl
    fi
}

# quietly LOG COMMAND…: runs the command with its output in the file; shows the end of it when the command fails.
quietly() {
    local log=$1
    shift
    mkdir -p "$(dirname "$log")"
    "$@" >"$log" 2>&1 && return 0
    local status=$?
    printf 'failed (exit %d): %s\nthe end of %s:\n' "$status" "$*" "$log" >&2
    tail -n 40 "$log" >&2
    return "$status"
}

# configure_preset PRESET: makes the build folder build/PRESET.
configure_preset() {
    (cd "$project" && quietly "$project/build/logs/$1-configure.log" cmake --preset "$1")
}

# build_preset PRESET [TARGET…]: configures, where that was not done yet, and builds build/PRESET; one such at a time.
build_preset() {
    mkdir -p "$project/build/logs"
    (
        flock 8
        build_alone "$@"
    ) 8>"$project/build/logs/$1.lock"
}

build_alone() {
    local preset=$1
    shift
    # What else changes, the build sees itself.
    if [[ ! -e $project/build/$preset/build.ninja || $project/CMakePresets.json -nt $project/build/$preset/build.ninja ]]; then
        configure_preset "$preset" || return
    fi
    quietly "$project/build/logs/$preset-build.log" cmake --build "$project/build/$preset" ${1+--target "$@"}
}

# afl_environment LIBRARY: makes afl-fuzz, from here on, do without a terminal, a processor of its own and settings of the
# machine that take root to change, and use the mutator library (its full path) for all mutations.
afl_environment() {
    export AFL_NO_UI=1 AFL_QUIET=1 AFL_NO_AFFINITY=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_FAST_CAL=1
    export AFL_CUSTOM_MUTATOR_LIBRARY=$1 AFL_CUSTOM_MUTATOR_ONLY=1
}

# afl_edges TARGET FOLDER MAPS: how many edges all inputs of the folder have together; MAPS is a folder for that. One map an
# input: what Debian's afl-showmap -C adds them up in, it does not clear first.
afl_edges() {
    rm -rf "$3"
    AFL_QUIET=1 afl-showmap -q -i "$2" -o "$3" -- "$1" >"$3.log" 2>&1 || give_up "afl-showmap failed: $(tail -n 1 "$3.log")"
    find "$3" -type f -exec cut -d : -f 1 {} + | sort -u | wc -l
}

# afl_statistic KEY FOLDER: one figure of the fuzzer_stats that afl-fuzz left in its output folder.
afl_statistic() {
    sed -n "s/^$1 *: *\([^ %]*\).*/\1/p" "$2/fuzzer_stats"
}
