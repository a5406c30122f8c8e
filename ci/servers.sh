# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Servers on loopback in a network namespace of their own, for scripts of this folder that speak to them. Sourced after
# common.sh, not run. Who starts servers calls stop_servers, from a trap on EXIT too; what a script is killed by takes them as well.

servers=()
readonly TERMINATED=143 # how a program ends that does not catch SIGTERM

# private_network COMMAND…: becomes the command, in a network namespace with nothing in it; gives up where that cannot be.
private_network() {
    local namespace=(unshare --net)
    ((EUID == 0)) || namespace=(unshare --user --map-root-user --net)
    "${namespace[@]}" true 2>/dev/null || give_up "cannot make a network namespace: run it as root"
    exec "${namespace[@]}" "$@"
}

# loopback_up: the first thing to do in it.
loopback_up() {
    PATH=$PATH:/usr/sbin:/sbin ip link set lo up || give_up "cannot bring up loopback"
}

# start_server LOG COMMAND…: starts the command with its output in the file.
start_server() {
    local log=$1
    shift
    : >"$log"
    setpriv --pdeathsig TERM "$@" >"$log" 2>&1 &
    servers+=("$!")
}

# wait_until LOG CONDITION…: until the condition holds, ten seconds at most; LOG is where to look why it does not.
wait_until() {
    local log=$1
    shift
    for ((i = 0; i < 200; i++)); do
        ! "$@" || return 0
        sleep 0.05
    done
    echo "a server is not ready: $(tail -n 1 "$log")" >&2
    return "$INFRASTRUCTURE"
}

# accepts ADDRESS PORT: whether somebody listens there.
accepts() {
    (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null
}

# start_serve LOG ARGUMENT…: `rpcancel serve` of the release, up to when it listens.
start_serve() {
    local log=$1
    shift
    # shellcheck disable=SC2154 # common.sh sets it
    start_server "$log" "$project/build/release/rpcancel" serve "$@"
    wait_until "$log" grep -q '^listening on' "$log"
}

# samba_configuration FOLDER: lets Samba keep everything in the folder, and speak on loopback only; its programs find that by the
# environment.
samba_configuration() {
    export SMB_CONF_PATH=$1/smb.conf
    mkdir -p "$1/ncalrpc"
    printf '[global]\n' >"$SMB_CONF_PATH"
    printf '%s = %s\n' 'interfaces' lo 'bind interfaces only' yes 'rpc start on demand helpers' false 'lock directory' "$1" \
        'state directory' "$1" 'cache directory' "$1" 'private dir' "$1" 'pid directory' "$1" 'ncalrpc dir' "$1/ncalrpc" \
        'log file' "$1/log" >>"$SMB_CONF_PATH"
}

# start_samba_dcerpcd LOG PROGRAM [PREFIX…]: samba-dcerpcd, with the configuration that samba_configuration made, and the
# endpoint mapper's worker that is installed beside it; up to when it listens. Further words go before the program, as a prefix.
start_samba_dcerpcd() {
    local log=$1 program=$2
    start_server "$log" "${@:3}" "$program" --configfile="$SMB_CONF_PATH" -F --no-process-group --debug-stdout \
        "$(dirname "$program")/rpcd_epmapper"
    wait_until "$log" accepts 127.0.0.1 135
}

# stop_servers: ends all of them; fails when one had ended by itself, or ends otherwise than is fit.
stop_servers() {
    local server ended status=0
    for server in "${servers[@]}"; do
        kill "$server" 2>/dev/null || status=$INFRASTRUCTURE
        ended=0
        wait "$server" || ended=$?
        ((ended == 0 || ended == TERMINATED)) || status=$INFRASTRUCTURE
    done
    servers=()
    ((status == 0)) || echo "a server ended too early, or not as it should" >&2
    return "$status"
}
