# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# What fuzzing reaches, for ci/scale: curves.csv, kills.csv, fleet.csv, merge.csv. Sourced, not run.

# Seeds of each engine; executions of a curve, and those after which a mutant is given up, so that what is said does not depend on
# how busy the machine is; seconds of a job of a fleet, and its jobs.
readonly SEEDS=3 FLEET_SECONDS=20 FLEET_JOBS=4
declare -rA CURVE_EXECUTIONS=([libfuzzer]=1000000 [afl]=40000) KILL_EXECUTIONS=([libfuzzer]=1000000 [afl]=10000)

# build_fuzzers TARGET…: for both engines.
build_fuzzers() {
    build_preset fuzz-libfuzzer "$@" >&2 || give_up "the build of the targets for libFuzzer failed"
    build_preset fuzz-afl "$@" rpcancel-mutator-afl >&2 || give_up "the build of the targets for AFL++ failed"
    mkdir -p "$work/seeds"
    printf '\x10\x00' >"$work/seeds/init" # `init a`: afl-fuzz wants an input that is not empty
}

# run_afl TARGET SEED OPTION…: afl-fuzz from that one sequence, into $work/afl.
run_afl() {
    local target=$1 seed=$2
    shift 2
    rm -rf "$work/afl"
    (
        afl_environment "$project/build/fuzz-afl/librpcancel-mutator-afl.so"
        AFL_INPUT_LEN_MAX=1024 afl-fuzz -i "$work/seeds" -o "$work/afl" -t 20000 -s "$seed" "$@" -- "$project/build/fuzz-afl/$target" \
            >"$work/log" 2>&1
    ) || give_up "afl-fuzz ended early: $(tail -n 3 "$work/log")"
}

# run_libfuzzer TARGET SEED OPTION…: from nothing, the corpus in memory. Its exit status is that of libFuzzer.
run_libfuzzer() {
    local target=$1 seed=$2
    shift 2
    "$project/build/fuzz-libfuzzer/$target" -max_len=1024 -len_control=0 -verbosity=0 -rss_limit_mb=4096 -timeout=60 \
        -artifact_prefix="$work/" -seed="$seed" "$@" >"$work/log" 2>&1
}

measure_curves() {
    local engine seed most
    build_fuzzers rpcancel-curve
    echo "engine,seed,executions,operations,states,edges,pairs,rules" >"$out/curves.csv.part"
    for ((seed = 1; seed <= SEEDS; seed++)); do
        for engine in libfuzzer afl; do
            tell "curve of $engine, seed $seed"
            most=${CURVE_EXECUTIONS[$engine]}
            rm -f "$work/curve"
            if [[ $engine == libfuzzer ]]; then
                RPCANCEL_CURVE=$work/curve run_libfuzzer rpcancel-curve "$seed" -runs="$most" ||
                    give_up "rpcancel-curve ended early: $(tail -n 1 "$work/log")"
            else
                RPCANCEL_CURVE=$work/curve run_afl rpcancel-curve "$seed" -E "$most"
            fi
            # Where a process began anew the curve ends.
            awk -v OFS=, -v what="$engine,$seed" '$1 <= before {exit} {before = $1; print what, $1, $2, $3, $4, $5, $6}' \
                "$work/curve" >>"$out/curves.csv.part"
        done
    done
    mv "$out/curves.csv.part" "$out/curves.csv"
    tell ''
}

# progress_number INDEX: one of fuzzers/progress.h.
progress_number() {
    od -A n -v -t u8 -w8 -N 72 "$work/progress" | sed -n "$(($1 + 1))p" | tr -d ' '
}

# kill_by ENGINE MUTANT SEED: a line of kills.csv: executions and operations until the mutant is found, or until the limit.
kill_by() {
    local found=1 status=0
    rm -f "$work/progress"
    export RPCANCEL_MUTANT=$2 RPCANCEL_PROGRESS=$work/progress
    if [[ $1 == libfuzzer ]]; then
        # The names of the functions on the stack are not wanted, and take longer than finding.
        UBSAN_OPTIONS=symbolize=0 run_libfuzzer fuzz_sequence "$3" -runs="${KILL_EXECUTIONS[libfuzzer]}" || status=$?
        ((status != 0)) || found=0
        ((status == 0)) || grep -q '^VIOLATED ' "$work/log" || give_up "$2: $(tail -n 1 "$work/log")"
    else
        AFL_BENCH_UNTIL_CRASH=1 run_afl fuzz_sequence "$3" -E "${KILL_EXECUTIONS[afl]}"
        [[ -n $(find "$work/afl/default/crashes" -name 'id:*') ]] || found=0
    fi
    unset RPCANCEL_MUTANT RPCANCEL_PROGRESS
    echo "$1,$2,$3,$(progress_number 1),$(progress_number 2),$found" >>"$out/kills.csv.part"
}

measure_kills() {
    local mutants engine seed mutant
    build_fuzzers fuzz_sequence
    mapfile -t mutants < <("$rpcancel" mutants --list | sed '/^mutants: /d' | cut -d ' ' -f 1)
    echo "engine,mutant,seed,executions,operations,found" >"$out/kills.csv.part"
    for ((seed = 1; seed <= SEEDS; seed++)); do
        for engine in libfuzzer afl; do
            for mutant in "${mutants[@]}"; do
                tell "$engine, seed $seed: $mutant"
                kill_by "$engine" "$mutant" "$seed"
            done
        done
    done
    mv "$out/kills.csv.part" "$out/kills.csv"
    tell ''
}

# reached FOLDER…: what corpora have together, as `rpcancel coverage` counts it: states, edges, pairs, rules, with commas between.
reached() {
    "$rpcancel" coverage "$@" | sed -nE 's/^coverage: states ([0-9]+) .*, edges ([0-9]+) .*, pairs ([0-9]+) .*, rules ([0-9]+) .*/\1,\2,\3,\4/p'
}

# fuzz_job ENGINE JOBS SEED SECONDS FOLDER: a job of ci/fuzz from nothing; prints its executions.
fuzz_job() {
    "$project/ci/fuzz" fuzz_sequence "$4" --engine "$1" --jobs "$2" --seed "$3" --empty --out "$5" >"$work/job" 2>&1 ||
        give_up "ci/fuzz: $(tail -n 1 "$work/job")"
    sed -nE 's/^fuzz: .* s: ([0-9]+) executions, .*/\1/p' "$work/job"
}

# fleet_line ENGINE HOW JOBS SECONDS EXECUTIONS FOLDER…
fleet_line() {
    local what=$1,$2,$3,$4,$5
    shift 5
    echo "$what,$(reached "$@"),$(find "$@" -type f | wc -l)" >>"$out/fleet.csv.part"
}

# Together: jobs that exchange what they find while they run. Apart: jobs with seeds of their own, whose corpora are put together
# afterwards, as those of machines that never meet. Longer: one job for as long as all of those.
measure_fleet() {
    local engine jobs executions all folders
    build_fuzzers fuzz_sequence
    echo "engine,how,jobs,seconds,executions,states,edges,pairs,rules,files" >"$out/fleet.csv.part"
    echo "engine,jobs,sequences,kept" >"$out/merge.csv.part"
    for engine in libfuzzer afl; do
        for ((jobs = 1; jobs <= FLEET_JOBS; jobs *= 2)); do
            tell "$engine, $jobs jobs together"
            executions=$(fuzz_job "$engine" "$jobs" 1 "$FLEET_SECONDS" "$work/$engine-together-$jobs")
            fleet_line "$engine" together "$jobs" "$FLEET_SECONDS" "$executions" "$work/$engine-together-$jobs/corpus"
        done
        all=0 folders=()
        for ((jobs = 1; jobs <= FLEET_JOBS; jobs++)); do
            tell "$engine, job $jobs apart"
            executions=$(fuzz_job "$engine" 1 "$((jobs * 1000))" "$FLEET_SECONDS" "$work/$engine-apart-$jobs")
            all=$((all + executions))
            folders+=("$work/$engine-apart-$jobs/corpus")
            fleet_line "$engine" apart "$jobs" "$FLEET_SECONDS" "$all" "${folders[@]}"
        done
        tell "$engine, one job for longer"
        executions=$(fuzz_job "$engine" 1 1 "$((FLEET_SECONDS * FLEET_JOBS))" "$work/$engine-longer")
        fleet_line "$engine" longer 1 "$((FLEET_SECONDS * FLEET_JOBS))" "$executions" "$work/$engine-longer/corpus"
        tell "$engine, merging"
        mkdir -p "$work/merged-$engine"
        "$project/ci/corpus" merge "${folders[@]}" --into "$work/merged-$engine/$engine" --engine "$engine" >"$work/merge" ||
            give_up "ci/corpus merge: $(tail -n 1 "$work/merge")"
        sed -nE "s/^merge: ([0-9]+) of ([0-9]+) sequences .*/$engine,$FLEET_JOBS,\2,\1/p" "$work/merge" >>"$out/merge.csv.part"
    done
    mv "$out/fleet.csv.part" "$out/fleet.csv"
    mv "$out/merge.csv.part" "$out/merge.csv"
    tell ''
}
