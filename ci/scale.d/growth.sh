# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# How the space grows, for ci/scale: every line of docs/scale/growth.csv is one search, of wire.csv one kind of
# association, of datagrams.csv one slice. Sourced, not run.

# What each search may take; one that takes more is `open`, and its figures are what it had reached.
readonly SEARCH_MIB=6000 SEARCH_SECONDS=300

# search FEATURE CALLS THREADS EARLIER [OPTION…]: a line for one search; FEATURE is what it is called in the data.
search() {
    local feature=$1 calls=$2 threads=$3 earlier=$4 status=0
    shift 4
    tell "$feature: $calls calls, $threads threads, $earlier earlier"
    "$rpcancel" explore --calls "$calls" --threads "$threads" --earlier "$earlier" --memory "$SEARCH_MIB" --seconds "$SEARCH_SECONDS" "$@" \
        >"$work/search" || status=$?
    ((status == 0 || status == FLOOR_MISSED)) || give_up "rpcancel explore ended with $status: $(tail -n 1 "$work/search")"
    awk -v what="$feature,$calls,$threads,$earlier" '
        /^depth / {depth = $2 + 0; for (i = 1; i < NF; i++) if ($(i + 1) == "bytes") bytes = $i}
        /^explore: / {printf "%s,%d,%d,%d,%d,%s,%s\n", what, depth, $2, $4, $6, bytes, $NF}' "$work/search" >>"$out/growth.csv.part"
}

# search_wire CALLS PROFILE: the same of associations; a line for each kind of them.
search_wire() {
    local status=0
    tell "wire: $1 calls, profile $2"
    "$rpcancel" explore --wire --calls "$1" --profile "$2" --memory "$SEARCH_MIB" >"$work/search" || status=$?
    ((status == 0 || status == FLOOR_MISSED)) || give_up "rpcancel explore --wire ended with $status: $(tail -n 1 "$work/search")"
    sed -nE 's/^(.*[^ ]) +([0-9]+) states +([0-9]+) pairs +([0-9]+) edges .*, (closed|open)$/\1|\2|\3|\4|\5/p' "$work/search" |
        awk -F '|' -v what="$2,$1" '{gsub(",", ";", $1); printf "%s,%s,%d,%d,%d,%s\n", what, $1, $2, $3, $4, $5}' >>"$out/wire.csv.part"
}

measure_growth() {
    local threads
    echo "feature,calls,threads,earlier,depth,states,pairs,edges,bytes a pair,end" >"$out/growth.csv.part"
    for threads in 1 2 3; do
        search core 1 "$threads" 0
        search core 1 "$threads" 1
    done
    for threads in 1 2; do
        search synchronous 1 "$threads" 0 --slice synchronous
        search synchronous 1 "$threads" 1 --slice synchronous
        search notification 1 "$threads" 0 --slice notification
    done
    search "profile windows" 1 1 0 --profile windows
    search "profile windows" 1 1 1 --profile windows
    for threads in 1 2 3; do search core 2 "$threads" 0; done
    search notification 1 1 1 --slice notification
    search synchronous 2 1 0 --slice synchronous
    search notification 2 1 0 --slice notification
    search core 2 1 1
    search core 3 1 0
    mv "$out/growth.csv.part" "$out/growth.csv"
    tell ''
}

measure_wire() {
    local profile
    echo "profile,calls,association,states,pairs,edges,end" >"$out/wire.csv.part"
    for profile in core c706 ms-rpce windows freedce; do
        search_wire 1 "$profile"
        search_wire 2 "$profile"
    done
    mv "$out/wire.csv.part" "$out/wire.csv"
    tell ''
}

measure_datagrams() {
    local status=0
    tell "datagrams"
    "$rpcancel" explore --datagrams --memory "$SEARCH_MIB" >"$work/search" || status=$?
    ((status == 0 || status == FLOOR_MISSED)) || give_up "rpcancel explore --datagrams ended with $status: $(tail -n 1 "$work/search")"
    {
        echo "slice,states,pairs,edges,end"
        sed -nE 's/^([a-z-]+) +([0-9]+) states +([0-9]+) pairs +([0-9]+) edges .*, (closed|open)$/\1,\2,\3,\4,\5/p' "$work/search"
    } >"$out/datagrams.csv.part"
    mv "$out/datagrams.csv.part" "$out/datagrams.csv"
    tell ''
}
