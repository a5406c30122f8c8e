# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What all parts of ci/peers use. Sourced by it, before them.
# shellcheck disable=SC2154,SC2317 # ci/peers sets project and out; the parts call these functions

child=
besides=() # started by `beside`, and
files=()   # what they write
wine_prefixes=() # that have a wineserver

# stronger A B: prints the stronger one of two exit codes.
stronger() {
    local code
    for code in 2 3 4 5 1 6 0; do
        if (($1 == code || $2 == code)); then
            echo "$code"
            return
        fi
    done
    echo "$INFRASTRUCTURE"
}

# interruptibly COMMAND…: runs the command so that a signal to this script ends both at once, not one after the other.
interruptibly() {
    local status=0
    "$@" &
    child=$!
    wait "$child" || status=$?
    child=
    return "$status"
}

# beside FILE COMMAND…: starts the command, with its output in the file; await_all waits for all that were started so, shows
# the files, and returns the strongest exit code.
beside() {
    local file=$1
    shift
    "$@" >"$file" 2>&1 &
    besides+=("$!")
    files+=("$file")
}

await_all() {
    local i code strongest=0
    for i in "${!besides[@]}"; do
        code=0
        wait "${besides[i]}" || code=$?
        strongest=$(stronger "$strongest" "$code")
        cat "${files[i]}"
    done
    besides=()
    files=()
    return "$strongest"
}

clean_up() {
    local process prefix
    for process in $child "${besides[@]}"; do
        kill "$process" 2>/dev/null || true
        wait "$process" || true
    done
    stop_servers 2>/dev/null || true
    for prefix in "${wine_prefixes[@]}"; do end_wineserver "$prefix"; done
}

# end_wineserver PREFIX: the one of that prefix, with all programs that it has.
end_wineserver() {
    WINEPREFIX=$1 "$WINESERVER" -k >/dev/null 2>&1 || true
    WINEPREFIX=$1 "$WINESERVER" -w >/dev/null 2>&1 || true
}

# held_against_list NAME LIST PROFILE OPTION VALUE OPTION VALUE [SEQUENCE]: a strict check; what it finds is what the list says. The
# JSON has the name of the list, as has the folder with a capture of each deviation.
held_against_list() {
    local status=0
    heading "$1: checking, profile $3"
    rm -f "$out/$2.json"
    interruptibly "$project/build/release/rpcancel" check --strict --profile "$3" "${@:4}" \
        --expect "$project/corpus/runtimes/$2.expect" --json "$out/$2.json" || status=$?
    capture "$2" "$3" "${@:4:4}"
    return "$status"
}

# capture LIST PROFILE OPTION…: the shortest sequence of each rule that is broken, run once more: $out/captures/LIST/RULE.pcapng. What
# crashes the runtime is not captured (docs/disclosure.md).
capture() {
    local folder=$out/captures/$1 rule sequence
    rm -rf "$folder"
    mkdir -p "$folder"
    while IFS=$'\t' read -r rule sequence; do
        printf '%b' "$sequence" >"$work/shortest.seq"
        interruptibly "$project/build/release/rpcancel" replay --strict --profile "$2" "${@:3}" --capture "$folder/${rule//\//-}.pcapng" \
            "$work/shortest.seq" >"$work/replay.txt" 2>&1 </dev/null || true # it fails, as it did
    done < <(jq -r '[.sequences[] | select((.found // .verdict) == "CRASH") | .id] as $crashing
        | .rules[] | select(.sequence and (.found // .verdict) != "CRASH" and (.found_in | IN($crashing[]) | not))
        | [.id, .sequence] | @tsv' "$out/$1.json")
}

# by_plain_octets NAME SCRIPT ARGUMENT…: what the lists say, shown without rpcancel.
by_plain_octets() {
    heading "$1: what the lists say, by plain octets"
    interruptibly timeout 60 /usr/bin/python3 "$project/tests/$2" "${@:3}" || return 1
}

# repeated NAME LABEL LIST…: some of the commands by which docs/runtimes.md repeats deviations that do not hang, on the runtime that is
# up, or that they start.
repeated() {
    local list results=() rpcancel=$project/build/release/rpcancel
    heading "$1: deviations repeated by the commands of docs/runtimes.md"
    for list in "${@:3}"; do
        results+=("$2=$out/$list.json")
    done
    "$rpcancel" compare --relative-to "$project" --markdown "$work/page.md" "${results[@]}" >"$work/compare.txt" || return 1
    interruptibly timeout 120 /usr/bin/python3 "$project/tests/repeat_deviations.py" "$work/page.md" "$rpcancel" 4 || return 1
}

# ask NAME OPTION…: what the runtime does where documents are silent; only that it cannot be asked is a failure.
ask() {
    heading "$1: survey"
    rm -f "$out/$1-survey.json"
    interruptibly "$project/build/release/rpcancel" survey "${@:2}" --json "$out/$1-survey.json" >"$out/$1-survey.txt"
    tail -n 1 "$out/$1-survey.txt"
}

# shown_and_kept FILE COMMAND…: runs the command, interruptibly; what it prints is shown, and goes to the file.
shown_and_kept() {
    local file=$1 status=0 tee
    shift
    exec 3> >(tee "$file")
    tee=$!
    interruptibly setpriv --pdeathsig TERM "$@" >&3 3>&- || status=$?
    exec 3>&-
    wait "$tee"
    return "$status"
}
