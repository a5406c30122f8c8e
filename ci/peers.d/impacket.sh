# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A name of ci/peers, sourced by it: impacket's DCERPCServer. What it does otherwise than a profile, the list of that profile says.

check_impacket() {
    local port=4135 profile status=0 code
    local target=(--runtime "tcp:127.0.0.1:$port" --target "$project/corpus/runtimes/impacket.target" --deadline 300)
    # shellcheck disable=SC2154 # ci/peers sets out
    start_server "$out/impacket-server.log" /usr/bin/python3 "$project/tests/impacket_server.py" "$port"
    wait_until "$out/impacket-server.log" grep -q '^listening on' "$out/impacket-server.log" || return
    for profile in core windows c706; do
        heading "impacket: checking, profile $profile"
        code=0
        interruptibly "$project/build/release/rpcancel" check --strict --profile "$profile" "${target[@]}" \
            --expect "$project/corpus/runtimes/impacket-$profile.expect" --json "$out/impacket-$profile.json" || code=$?
        status=$(stronger "$status" "$code")
    done
    ask impacket "${target[@]}" || status=$(stronger "$status" $?)
    heading "impacket: what the lists say, by plain octets"
    code=0
    interruptibly timeout 60 /usr/bin/python3 "$project/tests/impacket_deviations.py" 127.0.0.1 "$port" || code=1
    return "$(stronger "$status" "$code")"
}
