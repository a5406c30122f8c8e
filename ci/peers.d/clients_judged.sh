# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A name of ci/peers, sourced by it: what others' clients send, by the profile that all share; what they do otherwise, their lists say.

# client_command NAME: prints what follows tcp-listen: for that client. Two of them look for the endpoint mapper, at its port.
client_command() {
    case $1 in
    rpcclient)
        echo "135:rpcclient -N 'ncacn_ip_tcp:{host}[{port}]' -c 'epmlookup;epmmap netlogon ncacn_ip_tcp;logonctrl;epmlookup'"
        ;;
    # It gives a call a minute.
    smbtorture) echo "135:timeout 4 smbtorture -U% ncacn_ip_tcp:{host} rpc.mgmt rpc.epmapper" ;;
    *) echo "/usr/bin/python3 '$project/tests/judged_client.py' $1 {host} {port}" ;;
    esac
}

check_clients_judged() {
    local client status=0 code
    # shellcheck disable=SC2154 # ci/peers sets work and out
    samba_configuration "$work/samba"
    for client in samba impacket rpcclient smbtorture; do
        heading "clients-judged: $client, profile core"
        code=0
        interruptibly "$project/build/release/rpcancel" check --strict --profile core --deadline 8000 \
            --runtime "tcp-listen:$(client_command "$client")" \
            --expect "$project/corpus/runtimes/client-$client.expect" --json "$out/client-$client.json" || code=$?
        status=$(stronger "$status" "$code")
    done
    heading "clients-judged: what the lists say, by plain octets"
    code=0
    interruptibly timeout 60 /usr/bin/python3 "$project/tests/client_deviations.py" || code=1
    return "$(stronger "$status" "$code")"
}
