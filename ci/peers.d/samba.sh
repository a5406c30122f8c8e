# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Names of ci/peers, sourced by it: Samba's tests of the protocol, and its server.
# shellcheck disable=SC2154 # ci/peers sets work, out and program

# by_samba_class FILE SCRIPT ARGUMENT…: a script that uses the classes of Samba's tests, in their environment; what it prints goes
# to the file too.
by_samba_class() {
    # Debian's python3 has Debian's Samba.
    SERVER=127.0.0.1 DOMAIN=SUITE REALM=SUITE.EXAMPLE USERNAME=nobody PASSWORD=none IGNORE_RANDOM_PAD=1 \
        shown_and_kept "$1" timeout 300 /usr/bin/python3 "$project/tests/$2" "${@:3}"
}

# exported_methods NAME RESULT PORT: what `convert --to samba` writes, run by Samba's class on the server at the port, held against
# the result of the check of that server.
exported_methods() {
    by_samba_class "$out/$1-methods.txt" samba_methods.py "$project/build/release/rpcancel" "$2" "$3" "$out/$1-methods.log"
}

# Methods that we write pass on the reference, and fail on a server that counts wrong.
check_exported_methods() {
    local port runtime=(--profile windows --target "$project/corpus/runtimes/samba.target" --deadline 1000) code=0
    heading "samba-suite: methods written for it, on the reference and on one that counts wrong"
    interruptibly "$project/build/release/rpcancel" check "${runtime[@]}" --runtime tcp:127.0.0.1:135 \
        --json "$work/healthy.json" >"$work/healthy.txt" || true # the interface is poor: not all can be asked
    exported_methods reference "$work/healthy.json" 135 || code=1
    start_server "$work/count.log" /usr/bin/python3 "$project/tests/fake_server.py" count 135
    wait_until "$work/count.log" grep -q '^listening on' "$work/count.log" || return
    port=$(sed 's/.*://' "$work/count.log")
    # It breaks rules, as it should.
    interruptibly "$project/build/release/rpcancel" check "${runtime[@]}" --runtime "tcp:127.0.0.1:$port" \
        --json "$work/count.json" >"$work/count.txt" || true
    exported_methods count "$work/count.json" "$port" || code=1
    grep -q ', [1-9][0-9]* failed as they should' "$out/count-methods.txt" || code=1
    return "$code"
}

# begin_capture FILE: captures what passes on the loopback of this namespace from here on; end_capture ends that.
begin_capture() {
    dumpcap -q -i lo -w "$1" 2>"$work/dumpcap.log" &
    capturer=$!
    wait_until "$work/dumpcap.log" grep -q '^File:' "$work/dumpcap.log"
}

end_capture() {
    sleep 1 # what is on its way to it
    kill -INT "$capturer"
    wait "$capturer" || true
    tail -n 2 "$work/dumpcap.log"
}

# judge_capture: the server breaks no rule in what was captured, and enough of it was judged. The client breaks some, as those
# tests mean to.
judge_capture() {
    local least=3000 of_server judged
    rm -f "$out/samba-suite-capture.json"
    interruptibly "$project/build/release/rpcancel" pcap check --strict --profile windows --json "$out/samba-suite-capture.json" \
        "$out/samba-suite.pcapng" >"$out/samba-suite-capture.txt" || true # the client's
    read -r of_server judged < <(jq -r '"\([.findings[] | select(.side == "server")] | length) \(.summary.judged)"' \
        "$out/samba-suite-capture.json")
    echo "samba-suite captured: $judged PDUs judged, $of_server findings of the server, $(tail -n 1 "$out/samba-suite-capture.txt")"
    ((of_server == 0 && judged >= least)) && return
    grep -A 6 ', the server$' "$out/samba-suite-capture.txt" | head -n 40
    return 1
}

check_samba_suite() {
    local status=0 capturer=
    heading "samba-suite: Samba's tests of the protocol, profile windows"
    samba_configuration "$work/samba"
    start_serve "$out/samba-suite-server.log" --profile windows --netlogon --port 135 || return
    begin_capture "$out/samba-suite.pcapng" || return
    by_samba_class "$out/samba-suite.txt" samba_suite.py "$out/samba-suite.log" || status=$?
    end_capture
    judge_capture || status=$(stronger "$status" 1)
    check_exported_methods || status=$(stronger "$status" $?)
    return "$status"
}

# The management interface, in the profiles that have something to say of it; what it does otherwise than one of them, the
# list of that profile says.
check_samba() {
    local program=${program:-/usr/libexec/samba/samba-dcerpcd} target=$project/corpus/runtimes/samba.target profile status=0
    [[ -x $program ]] || give_up "there is no $program"
    samba_configuration "$work/samba"
    start_samba_dcerpcd "$out/samba-server.log" "$program" || return
    for profile in core windows c706; do
        held_against_list samba "samba-$profile" "$profile" --runtime tcp:127.0.0.1:135 --target "$target" ||
            status=$(stronger "$status" $?)
        exported_methods "samba-$profile" "$out/samba-$profile.json" 135 || status=$(stronger "$status" 1)
    done
    ask samba --runtime tcp:127.0.0.1:135 --target "$target" || status=$(stronger "$status" $?)
    repeated samba Samba samba-{core,windows,c706} || status=$(stronger "$status" $?)
    by_plain_octets samba samba_deviations.py 127.0.0.1 135 || status=$(stronger "$status" $?)
    return "$status"
}
