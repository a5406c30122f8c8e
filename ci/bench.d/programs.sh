# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2153,SC2154
# Rows of ci/bench of programs that need nothing but themselves, a child at most. Sourced, not run.

# yardstick FILE: how fast the machine is just now, added to the file.
readonly YARDSTICK=0.3
yardstick() {
    pinned "$release/rpcancel-bench" yardstick "$YARDSTICK" | awk '{print $2}' >>"$1"
}

# seconds_of COMMAND…: wall seconds of one run.
seconds_of() {
    local begin=$EPOCHREALTIME
    "$@" >/dev/null || give_up "failed: $*"
    awk -v begin="$begin" -v end="$EPOCHREALTIME" 'BEGIN {printf "%.4f\n", end - begin}'
}

# processor_of OUTPUT COMMAND…: seconds that one run had a processor; what it says goes to the file. Of a program without a second
# process that tells its speed, whatever else the machine does.
processor_of() {
    local TIMEFORMAT='%3U %3S' output=$1
    shift
    { time "$@" >"$output" 2>&1; } 2>"$work/time" || give_up "failed: $*: $(tail -n 1 "$output")"
    tail -n 1 "$work/time" | awk '{print $1 + $2}'
}

# measure_rate NAME MEASUREMENT UNIT TARGET PROGRAM: one of rpcancel-bench's that needs nothing else.
measure_rate() {
    local files=$work/rate-${1//[ &]/-}
    for ((i = 0; i < RUNS; i++)); do
        yardstick "$files.yardsticks"
        pinned "$5" "$2" "$SECONDS_EACH" >>"$files"
    done
    rates "$files" >"$files.values"
    row "$1" "$3" least "$4" "$files.values" - "$files.yardsticks" "$(tail -n 1 "$files" | cut -d, -f2-)"
}

measure_step() {
    measure_rate "reference step with all rules" step "steps/s" 20000000 "$release/rpcancel-bench"
    measure_rate "reference step, ASan and UBSan" step "steps/s" 10000000 "$project/build/fuzz-libfuzzer-sanitized/rpcancel-bench"
}

measure_pdu() {
    measure_rate "small PDUs decoded" pdu "PDUs/s" 20000000 "$release/rpcancel-bench"
}

# The peer is what people write random sequences with elsewhere.
measure_random() {
    local seconds
    for ((i = 0; i < RUNS; i++)); do
        pinned /usr/bin/python3 "$project/ci/bench.d/stateful.py" "$SECONDS_EACH" | awk '{print $2}' >>"$work/stateful" ||
            give_up "stateful.py fails"
        seconds=$(processor_of "$work/random" pinned "$release/rpcancel" random --seconds "$SECONDS_EACH" --seed "$((i + 1))")
        sed -n 's/^random: .* sequences, \([0-9]*\) operations, .*/\1/p' "$work/random" |
            awk -v seconds="$seconds" '{printf "%.0f\n", $1 / seconds}' >>"$work/random-values"
    done
    row "random sequences" "operations/s" ratio 1000 "$work/random-values" "$work/stateful" - \
        "$(sed -n 's/^random: //p' "$work/random"); reference: steps of a stateful test of Hypothesis"
}

# explore_row NAME RUNS OPTION…: judged edges a second; leaves what it said in $work/explore.
explore_row() {
    local name=$1 runs=$2 seconds files
    shift 2
    files=$work/explore-${*//[ -]/}
    for ((i = 0; i < runs; i++)); do
        yardstick "$files.yardsticks"
        seconds=$(processor_of "$work/explore" pinned "$release/rpcancel" explore "$@")
        sed -n 's/^explore: .* pairs, \([0-9]*\) edges, .*/\1/p' "$work/explore" |
            awk -v seconds="$seconds" '{printf "%.0f\n", $1 / seconds}' >>"$files.values"
    done
    row "$name" "edges/s" least 25000000 "$files.values" - "$files.yardsticks" "$(tail -n 1 "$work/explore")"
}

measure_explore() {
    explore_row "exhaustive search, judged edges" "$RUNS" --calls 2 --threads 2
    sed -n 's/.*second, \([0-9.]*\) bytes a pair/\1/p' "$work/explore" >"$work/explore-bytes"
    row "exhaustive search, memory" "bytes a pair" most 64 "$work/explore-bytes" - - "$(tail -n 1 "$work/explore")"
    explore_row "exhaustive search, notifications" "$LONG_RUNS" --slice notification
}

# Both search two calls with what was told about them, which makes as many states and edges; SPIN judges none of them.
measure_spin() {
    for ((i = 0; i < LONG_RUNS; i++)); do
        pinned "$project/ci/spin" --program "$release/rpcancel" --speed 1 >>"$work/spin" || give_up "ci/spin fails"
    done
    awk '$1 == "explore" {print $2}' "$work/spin" >"$work/spin-ours"
    awk '$1 == "spin" {print $2}' "$work/spin" >"$work/spin-theirs"
    row "exhaustive search against SPIN" "edges/s" ratio 2 "$work/spin-ours" "$work/spin-theirs" - \
        "$(sed -n 's/^explore .*, //p' "$work/spin" | tail -n 1); reference: SPIN's transitions/s, \
$(sed -n 's/^spin .*, //p' "$work/spin" | tail -n 1)"
}

measure_child() {
    for ((i = 0; i < RUNS; i++)); do
        pinned "$release/rpcancel-bench" pipe "$SECONDS_EACH" >>"$work/pipe"
        pinned "$release/rpcancel-bench" child "$SECONDS_EACH" "'$release/rpcancel-child'" >>"$work/child"
    done
    rates "$work/child" >"$work/child-values"
    rates "$work/pipe" >"$work/pipe-values"
    row "child in lock-step" "exchanges/s" least 120000 "$work/child-values" "$work/pipe-values" - \
        "$(tail -n 1 "$work/child" | cut -d, -f2-); reference: 64 bytes through bare pipes"
}

measure_check() {
    local runtime done_work
    for ((i = 0; i < RUNS; i++)); do
        for runtime in reference child; do
            yardstick "$work/check-$runtime.yardsticks"
            seconds_of pinned "$release/rpcancel" check --strict --runtime "$(check_runtime "$runtime")" >>"$work/check-$runtime"
        done
    done
    for runtime in reference child; do
        done_work=$("$release/rpcancel" check --strict --runtime "$(check_runtime "$runtime")" | sed -n 's/.*: \([0-9]* sequences, .*\)/\1/p')
        row "whole catalogue, $runtime" s most "$([[ $runtime == child ]] && echo 2 || echo 0.1)" "$work/check-$runtime" - \
            "$work/check-$runtime.yardsticks" "$done_work"
    done
}
check_runtime() {
    if [[ $1 == child ]]; then echo "child:'$release/rpcancel-child'"; else echo "$1"; fi
}

replay_standalone() {
    pinned "$release/fuzz_sequence_standalone" "$@" 2>"$work/log" || give_up "the replay failed: $(tail -n 1 "$work/log")"
}

# The fuzz corpus, small binary files, most of what takes time being the files: as CI replays it on every change. Ten times
# over, as once takes no more than a program's start-up.
measure_replay() {
    local corpus=() files target done_work
    for ((i = 0; i < 10; i++)); do corpus+=("$project/corpus/fuzz_sequence"); done
    files=$(find "${corpus[@]}" -type f | wc -l)
    for ((i = 0; i < RUNS; i++)); do
        yardstick "$work/replay.yardsticks"
        seconds_of pinned "$release/rpcancel" replay "${corpus[@]}" >>"$work/replay"
        seconds_of replay_standalone "${corpus[@]}" >>"$work/standalone"
    done
    for target in replay standalone; do
        if [[ $target == replay ]]; then
            done_work=$("$release/rpcancel" replay "${corpus[@]}" | tail -n 1)
        else
            done_work=$(replay_standalone "${corpus[@]}")
        fi
        awk -v files="$files" '{printf "%.0f\n", files / $1}' "$work/$target" >"$work/$target-values"
        row "corpus replay, $target" "files/s" least 20000 "$work/$target-values" - "$work/replay.yardsticks" "$done_work"
    done
}

# Exit code 1 is that of findings.
check_findings() {
    pinned "$release/rpcancel" pcap check --json "$work/pcap.json" "$work/large.pcap" >"$work/pcap.txt" || (($? == 1))
}

# Who reads the same file and says a line of each packet; or what each PDU of DCE/RPC is. Start-up, on a capture without packets, is subtracted.
summarize() {
    pinned tshark -r "$1" >/dev/null
}
dissect() {
    pinned tshark -n -r "$1" -Y dcerpc -T fields -e frame.number -e dcerpc.pkt_type -e dcerpc.cn_call_id >/dev/null
}
check_none() {
    pinned "$release/rpcancel" pcap check "$work/none.pcap" || (($? == 3))
}

# speeds SECONDS START-UPS: megabytes a second, of times with start-up and times of start-up alone.
readonly MEGABYTES=105
speeds() {
    paste "$1" "$2" | awk -v megabytes="$MEGABYTES" '{print megabytes / ($1 - $2)}'
}

measure_capture() {
    local planted peer
    planted=$(python3 "$project/tests/pcap_large.py" "$work/large.pcap" "${MEGABYTES}000000") || give_up "no capture to check"
    head -c 24 "$work/large.pcap" >"$work/none.pcap"
    for ((i = 0; i < LONG_RUNS; i++)); do
        processor_of "$work/said" check_findings >>"$work/pcap-ours"
        processor_of "$work/said" check_none >>"$work/pcap-ours-begin"
        for peer in summarize dissect; do
            processor_of "$work/said" "$peer" "$work/large.pcap" >>"$work/pcap-$peer"
            processor_of "$work/said" "$peer" "$work/none.pcap" >>"$work/pcap-$peer-begin"
        done
    done
    jq -r '.findings[] | "\(.packet) \(.side) \(.rule)"' "$work/pcap.json" | sort -n >"$work/pcap-found"
    sort -n "$work/large.pcap.expected" | diff -q - "$work/pcap-found" >/dev/null || give_up "pcap check does not find what was planted"
    speeds "$work/pcap-ours" "$work/pcap-ours-begin" >"$work/pcap-values"
    for peer in summarize dissect; do
        speeds "$work/pcap-$peer" "$work/pcap-$peer-begin" >"$work/pcap-$peer-values"
    done
    row "capture check beside plain tshark" "MB/s" ratio 50 "$work/pcap-values" "$work/pcap-summarize-values" - \
        "$planted and found; $(tail -n 1 "$work/pcap.txt"); reference: tshark -r"
    row "capture check, start-up subtracted" "MB/s" ratio 50 "$work/pcap-values" "$work/pcap-dissect-values" - \
        "$planted and found; $(tail -n 1 "$work/pcap.txt"); reference: tshark -Y dcerpc with three fields"
    rm -f "$work/large.pcap"
}
