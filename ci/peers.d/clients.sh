# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Names of ci/peers, sourced by it: others' clients, of the reference server and judged.
# shellcheck disable=SC2154 # ci/peers sets work, out and program

check_clients() {
    heading "clients: Samba's and impacket's, of the reference server"
    samba_configuration "$work/samba"
    start_serve "$out/clients-server.log" --netlogon --port 135 || return
    start_serve "$out/clients-server-windows.log" --netlogon --address 127.0.0.2 --port 135 --profile windows || return
    shown_and_kept "$out/clients.txt" \
        timeout 300 /usr/bin/python3 "$project/tests/peer_clients.py" "$out/clients.log" 127.0.0.1 127.0.0.2
}

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

# What they send, by the profile that all share; what they do otherwise, their lists say.
check_clients_judged() {
    local client status=0
    samba_configuration "$work/samba"
    for client in samba impacket rpcclient smbtorture; do
        held_against_list "clients-judged, $client" "client-$client" core --deadline 8000 \
            --runtime "tcp-listen:$(client_command "$client")" || status=$(stronger "$status" $?)
    done
    repeated clients-judged impacket client-impacket || status=$(stronger "$status" $?)
    by_plain_octets clients-judged client_deviations.py || status=$(stronger "$status" $?)
    return "$status"
}
