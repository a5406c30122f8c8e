# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2317 # ci/peers sets what is not set here; traps call functions
# The second part of ci/peers, sourced by it: runs it for one name after the other, each alone, and says what came of all.

# in_private_space COMMAND…: becomes the command, in network and process namespaces of its own. All that it starts ends with it, and
# it with us, however we end.
in_private_space() {
    local space=(unshare --net --pid --fork --kill-child)
    if "${space[@]}" --mount-proc true 2>/dev/null; then
        space+=(--mount-proc)
    fi
    "${space[@]}" true 2>/dev/null || give_up "cannot make namespaces: run it as root"
    exec setpriv --pdeathsig KILL "${space[@]}" "$@"
}

# what_is_missing NAME: prints the first thing that the name needs and that is not there.
what_is_missing() {
    local need
    for need in ${NEEDS[$1]}; do
        case $need in
        python3:*)
            /usr/bin/python3 -c "import ${need#*:}" 2>/dev/null || { echo "python3 has no ${need#*:}" && return; }
            ;;
        /*) [[ -x ${program:-$need} ]] || { echo "there is no ${program:-$need}" && return; } ;;
        build/*) [[ -e $project/$need ]] || { echo "$need was not built" && return; } ;;
        *) command -v "$need" >/dev/null || { echo "there is no $need" && return; } ;;
        esac
    done
}

declare -A running=() # name of each process
declare -A began=()   # and when

# start_alone NAME: starts ci/peers for that name, in the background; what it prints goes to a file.
start_alone() {
    local missing alone=$work/$1 arguments=("$1" --out "$out")
    [[ -z $program ]] || arguments+=(--program "$program")
    missing=$(what_is_missing "$1")
    if [[ $missing ]]; then
        echo "$1: not run: $missing"
        note_end "$1" 0 "$INFRASTRUCTURE"
        return
    fi
    mkdir "$alone"
    RPCANCEL_PEERS_ALONE=$alone in_private_space "$project/ci/peers" "${arguments[@]}" >"$alone.said" 2>&1 &
    running[$!]=$1
    began[$1]=$SECONDS
    [[ ! -t 1 ]] || echo "$1: begun"
}

# await_one: waits for one of those that run, and shows what it printed.
await_one() {
    local process name code=0
    wait -n -p process "${!running[@]}" || code=$?
    name=${running[$process]}
    unset "running[$process]"
    cat "$work/$name.said"
    ((code == 0)) || note_failure "$name"
    rm -rf "${work:?}/$name"
    note_end "$name" $((SECONDS - began[$name])) "$code"
}

# note_failure NAME: what it said and no list foresaw is shown once more at the end.
note_failure() {
    { heading "$1 failed" && grep -vE '\(listed\)|^(PASS|shown) |: repeated, ' "$work/$1.said" | tail -n 40; } >>"$work/failures" || true
}

# note_end NAME SECONDS CODE
note_end() {
    times+=("$(printf '%5d s  %-16s exit code %d' "$2" "$1" "$3")")
    (($3 == 0)) || echo "$1: exit code $3"
    strongest=$(stronger "$3" "$strongest")
}

# make_folder: sets `work` to a folder that is removed however we end, SIGKILL included: by a process that no signal to our group reaches,
# when nobody holds its standard input any more. Everything that is started here does; what ends last may need a moment.
make_folder() {
    # shellcheck disable=SC2016 # for the other shell
    coproc remover { exec setsid sh -c 'trap "" PIPE
        made=$(mktemp -d) && echo "$made" 2>/dev/null && exec >&- && cat >/dev/null
        for try in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$made" 2>/dev/null && exit; sleep 0.5; done'; }
    local input=${remover[1]}
    exec {held}>&"$input" {input}>&- # a coproc's own descriptors are not inherited
    read -r work <&"${remover[0]}" || give_up "cannot make a folder for what runs"
}

# end_all: ends what runs; the process namespaces go with `unshare`. Then waits until the folder is gone.
end_all() {
    if ((${#running[@]})); then
        kill -KILL "${!running[@]}" 2>/dev/null || true
        wait "${!running[@]}" 2>/dev/null || true
    fi
    exec {held}>&-
    # shellcheck disable=SC2154 # coproc sets it
    wait "$remover_PID" 2>/dev/null || true
}

# verdicts: a row for each result that was written now, and how many rules have which verdict.
verdicts() {
    local result counts words=(PASS FAIL HANG CRASH XFAIL VACUOUS UNIMPLEMENTED SKIP) format='%-24s%6s%6s%6s%6s%7s%9s%15s%6s\n'
    command -v jq >/dev/null || { echo "there is no jq to count them" && return; }
    # shellcheck disable=SC2059 # it is a format
    printf "$format" "" "${words[@]}"
    while IFS= read -r result; do
        counts=$(jq -r --arg words "${words[*]}" '.summary as $counts | ($words | split(" "))[] | $counts[.]' "$result")
        # shellcheck disable=SC2059,SC2086 # it is a format; these are words
        printf "$format" "$(basename "$result" .json)" $counts
    done < <(find "$out" -maxdepth 1 -name '*.json' ! -name '*-survey.json' ! -name '*-capture.json' -newer "$work/begin" | sort)
}

# Which results a runtime of the page has.
readonly RESULTS=(
    "Wine 8.0=wine wine-survey"
    "Wine 8.0, ncacn_ip_tcp=wine-tcp"
    "Wine 8.0, server=wine-server-core wine-server-windows wine-server-c706 wine-server-survey"
    "Wine 8.0, server, call_ids=wine-server-call-ids"
    "Wine 8.0, client=client-wine client-wine-windows"
    "Samba 4.17.12=samba-core samba-windows samba-c706 samba-survey"
    "impacket 0.10.0=impacket-core impacket-windows impacket-c706 impacket-survey"
    "python3-samba 4.17.12, client=client-samba"
    "impacket 0.10.0, client=client-impacket"
    "rpcclient 4.17.12=client-rpcclient"
    "smbtorture 4.17.12=client-smbtorture"
)

# compare: all results that are there now, side by side: runtimes.md. Sets `absent` to those that are not.
compare() {
    local pair file arguments=()
    # shellcheck disable=SC2016 # backquotes are Markdown's
    local note='Debian 12 as of the date, by `ci/peers --renew`. `ci/peers NAME` starts one runtime and checks all of it again: `wine`,
`wine-server`, `wine-client`, `samba`, `impacket`, `clients-judged`. [windows.md](windows.md) and [tcp.md](tcp.md) say how to start one
by hand, for the commands below. What is *known* names the file that shows the deviation without rpcancel, which `ci/peers` runs too:
a script of plain octets, or of the functions of Wine a program of its own. Captures were written by `rpcancel replay --capture`.'
    absent=()
    for pair in "${RESULTS[@]}"; do
        for file in ${pair#*=}; do
            if [[ -s $out/$file.json ]]; then
                arguments+=("${pair%%=*}=$out/$file.json")
            else
                absent+=("$file.json")
            fi
        done
    done
    ((${#arguments[@]})) || return 0
    mkdir -p "$out/captures" # of functions none are made
    "$project/build/release/rpcancel" compare --relative-to "$project" --captures "$out/captures" --note "$note" --markdown "$out/runtimes.md" \
        "${arguments[@]}"
}

# renew: docs/runtimes.md from runtimes.md, and the captures that it names, in pcaps/runtimes. A page without one of the results would
# no longer tell what it told of that runtime.
renew() {
    local capture to
    if ((${#absent[@]})); then
        echo "nothing is renewed: $out has no ${absent[*]}; run ci/peers --renew without names first" >&2
        return "$INFRASTRUCTURE"
    fi
    rm -rf "$project/pcaps/runtimes"
    while IFS= read -r capture; do
        to=$project/pcaps/runtimes/${capture#"$out/captures/"}
        mkdir -p "$(dirname "$to")"
        cp "$capture" "$to"
    done < <(sed -n "s|^- capture: |$project/|p" "$out/runtimes.md" | tr -d \\\\)
    sed "s|^- capture: ${out#"$project/"}/captures/|- capture: pcaps/runtimes/|" "$out/runtimes.md" >"$work/page"
    mv "$work/page" "$project/docs/runtimes.md"
    echo "docs/runtimes.md and pcaps/runtimes are renewed"
}

make_folder
trap end_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
touch "$work/begin"
strongest=0
times=()
# Two at a time: they mostly wait.
for name in "${names[@]}"; do
    ((${#running[@]} < 2)) || await_one
    start_alone "$name"
done
while ((${#running[@]})); do
    await_one
done
heading "verdicts on rules"
verdicts
heading "deviations"
compare || strongest=$(stronger "$strongest" "$INFRASTRUCTURE")
((!renewing || strongest)) || renew || strongest=$?
[[ ! -s $work/failures ]] || cat "$work/failures"
heading "time"
printf '%s\n' "${times[@]}"
exit "$strongest"
