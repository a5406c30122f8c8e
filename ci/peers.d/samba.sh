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

check_samba_suite() {
    local status=0
    heading "samba-suite: Samba's tests of the protocol, profile windows"
    samba_configuration "$work/samba"
    start_serve "$out/samba-suite-server.log" --profile windows --netlogon --port 135 || return
    by_samba_class "$out/samba-suite.txt" samba_suite.py "$out/samba-suite.log" || status=$?
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
