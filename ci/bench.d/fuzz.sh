# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2153,SC2154
# Rows of ci/bench that fuzz. Sourced, not run.

# fuzz_run PRESET TARGET LENGTH EXECUTIONS: libFuzzer, for a second or two of the processor where nothing is wrong; leaves the seconds
# it had it in $work/fuzz-seconds, what it said in $work/fuzz.log. So many executions, not seconds by the clock: of those a busy machine
# would have most go by before the target has begun.
fuzz_run() {
    processor_of "$work/fuzz.log" pinned "$project/build/$1/$2" -max_len="$3" -len_control=0 -runs="$4" -seed="$((i + 1))" \
        -print_final_stats=1 -verbosity=1 -rss_limit_mb=4096 -artifact_prefix="$work/" >"$work/fuzz-seconds"
}

# fuzz_rate KEY: a figure of that run by the seconds it took.
fuzz_rate() {
    sed -n "s/^$1: *//p" "$work/fuzz.log" | awk -v seconds="$(<"$work/fuzz-seconds")" '{printf "%.0f\n", $1 / seconds}'
}

measure_fuzz() {
    local executions=stat::number_of_executed_units
    for ((i = 0; i < RUNS; i++)); do
        fuzz_run fuzz-libfuzzer fuzz_empty 64 4000000
        fuzz_rate "$executions" >>"$work/empty"
        fuzz_run fuzz-libfuzzer fuzz_sequence 64 600000
        fuzz_rate "$executions" >>"$work/sequence"
        yardstick "$work/fuzz-yardsticks"
        fuzz_run fuzz-libfuzzer-sanitized fuzz_sequence 1024 200000
        fuzz_rate operations >>"$work/operations-sanitized"
        fuzz_run fuzz-libfuzzer fuzz_sequence 1024 400000
        fuzz_rate operations >>"$work/operations"
    done
    row "fuzz_sequence at 64 bytes" "executions/s" ratio 0.12 "$work/sequence" "$work/empty" - "reference: an empty target"
    row "fuzz_sequence at 1 KiB" "real steps/s" least 6000000 "$work/operations" - "$work/fuzz-yardsticks" \
        "$(grep '^operations:' "$work/fuzz.log")"
    row "fuzz_sequence at 1 KiB, ASan and UBSan" "real steps/s" least 3500000 "$work/operations-sanitized" - "$work/fuzz-yardsticks" \
        "libFuzzer with AddressSanitizer and UndefinedBehaviorSanitizer"
}

# By this the instrumentation was chosen (ci/fuzz-choice); here it is seen that it stays so.
measure_kill() {
    pinned "$project/ci/fuzz-kill" --seeds "$RUNS" >"$work/kill" || [[ -s $work/kill ]] || give_up "ci/fuzz-kill fails"
    sed -n 's/^killed \([0-9]*\) of .*/\1/p' "$work/kill" >"$work/kill-values"
    row "ten mutants, five seeds, libFuzzer" "found in 10 s" least 50 "$work/kill-values" - - \
        "medians until then: $(awk '$1 !~ /^(median|killed)$/ {sub(">", "", $2); sum += $2; operations += $3}
            END {printf "%.2f processor seconds and %.0f operations for all ten", sum, operations}' "$work/kill")"
}

# The process switch between afl-fuzz and the target is nearly all there is to it.
measure_afl() {
    mkdir "$work/seeds"
    printf '\x10\x00' >"$work/seeds/init"
    for ((i = 0; i < RUNS; i++)); do
        for target in fuzz_empty fuzz_sequence; do
            rm -rf "$work/afl"
            (
                afl_environment "$project/build/fuzz-afl/librpcancel-mutator-afl.so"
                AFL_INPUT_LEN_MAX=64 pinned afl-fuzz -i "$work/seeds" -o "$work/afl" -s "$((i + 1))" -V "$SECONDS_EACH" \
                    -- "$project/build/fuzz-afl/$target" >"$work/afl.log" 2>&1
            ) || give_up "afl-fuzz ended early: $(tail -n 3 "$work/afl.log")"
            afl_statistic execs_per_sec "$work/afl/default" >>"$work/afl-$target"
        done
    done
    row "fuzz_sequence with AFL++ at 64 bytes" "executions/s" ratio 0.70 "$work/afl-fuzz_sequence" "$work/afl-fuzz_empty" - \
        "$(afl_statistic edges_found "$work/afl/default") edges found; reference: an empty target with the same mutator"
}
