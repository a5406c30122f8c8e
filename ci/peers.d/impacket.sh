# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A name of ci/peers, sourced by it: impacket's DCERPCServer. What it does otherwise than a profile, the list of that profile says.
# shellcheck disable=SC2154 # ci/peers sets out

check_impacket() {
    local port=4135 profile status=0
    local target=(--runtime "tcp:127.0.0.1:$port" --target "$project/corpus/runtimes/impacket.target")
    start_server "$out/impacket-server.log" /usr/bin/python3 "$project/tests/impacket_server.py" "$port"
    wait_until "$out/impacket-server.log" grep -q '^listening on' "$out/impacket-server.log" || return
    for profile in core windows c706; do
        held_against_list impacket "impacket-$profile" "$profile" "${target[@]}" || status=$(stronger "$status" $?)
    done
    ask impacket "${target[@]}" || status=$(stronger "$status" $?)
    repeated impacket impacket impacket-{core,windows,c706} || status=$(stronger "$status" $?)
    by_plain_octets impacket impacket_deviations.py 127.0.0.1 "$port" || status=$(stronger "$status" $?)
    return "$status"
}
