# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Names of ci/peers, sourced by it: Wine's functions, its server and its client.
# shellcheck disable=SC2154 # ci/peers sets project, work, out and program

# wineserver_of WINE64: prints the wineserver that belongs to it.
wineserver_of() {
    local folder candidate
    folder=$(dirname "$(realpath "$1")")
    for candidate in "$folder/wineserver" "$folder/server/wineserver" "$folder/../server/wineserver"; do
        if [[ -x $candidate ]]; then
            realpath "$candidate"
            return
        fi
    done
    give_up "there is no wineserver near $1"
}

# start_wine: a wineserver with a prefix of its own; wine64 is what runs programs there.
start_wine() {
    local found=${program:-/usr/lib/wine/wine64}
    WINESERVER=$(wineserver_of "$found") || return
    export WINESERVER WINEDEBUG=-all WINEPREFIX=$work/wine WINEARCH=win64
    # Nobody looks at dialogues or menus, and nothing here needs what would be asked for.
    export WINEDLLOVERRIDES=winedbg.exe,winemenubuilder.exe,mscoree,mshtml=d
    mkdir "$WINEPREFIX"
    heading "wine: making a prefix"
    run_wineserver "$WINEPREFIX"
    quietly "$work/prefix.log" "$found" wineboot --init </dev/null || give_up "wine could not make its prefix"
    wine64=$found
}

# run_wineserver PREFIX: starts one that stays, so that each start of a program takes milliseconds. At its end it may list what
# programs left behind.
run_wineserver() {
    wine_prefixes+=("$1")
    WINEPREFIX=$1 "$WINESERVER" -p >/dev/null 2>&1 || give_up "wineserver does not start"
}

# start_second_wine: another wineserver, with a copy of the prefix, in WINEPREFIX_TOO. One handles a request at a time, and checks
# beside each other would wait for it.
start_second_wine() {
    WINEPREFIX_TOO=$work/wine-too
    # The registry is in its memory until it ends.
    end_wineserver "$WINEPREFIX"
    cp -a "$WINEPREFIX" "$WINEPREFIX_TOO" || give_up "the prefix cannot be copied"
    wine_prefixes=()
    run_wineserver "$WINEPREFIX"
    run_wineserver "$WINEPREFIX_TOO"
}

# check_over_ncalrpc RUNTIME: held against its list, and some of what came of it repeated. A process of its own.
check_over_ncalrpc() {
    local status=0
    trap '[[ -z $child ]] || kill "$child"; exit 143' TERM
    interruptibly "$project/build/release/rpcancel" check --runtime "$1" --expect "$project/corpus/runtimes/wine.expect" \
        --json "$out/wine.json" || status=$?
    repeated wine Wine wine || status=$(stronger "$status" $?)
    return "$status"
}

check_wine() {
    start_wine || return
    start_second_wine || return
    local shim=$project/build/release/rpcancel-winrpc.exe
    local runtime="child:'$wine64' '$shim' --second 1"
    # Cancels of threads exist over TCP only; here nobody else can reach what listens. Everything else is the same there, but
    # for completion notifications, which Wine gives by luck.
    local threads=('rules/RpcCancelThread/*' 'rules/RpcCancelThreadEx/*' 'rules/how-rpc-works/*'
        'rules/RpcTestCancel/2-next-call-on-the-thread.seq' RpcCancelThread RpcCancelThreadEx how-rpc-works)
    x86_64-w64-mingw32-gcc -std=gnu17 -O2 -Wall -Wextra -static "$project/tests/wine/deviations.c" -lrpcrt4 \
        -o "$work/deviations.exe" || give_up "could not build tests/wine/deviations.c"
    rm -f "$out"/wine{,-tcp}.json
    # All of them wait, most of the time.
    heading "wine: over ncalrpc, threads over ncacn_ip_tcp, answers one by one, and the deviations without the shim"
    beside "$out/wine.txt" check_over_ncalrpc "$runtime"
    WINEPREFIX=$WINEPREFIX_TOO beside "$out/wine-tcp.txt" "$project/build/release/rpcancel" check \
        --runtime "$runtime --protocol ncacn_ip_tcp" --expect "$project/corpus/runtimes/wine-tcp.expect" \
        --json "$out/wine-tcp.json" "${threads[@]}"
    beside "$out/wine-dialogues.txt" timeout 300 /usr/bin/python3 "$project/tests/wine/dialogues.py" \
        "$project/tests/wine/dialogues.txt" "$wine64" "$shim"
    beside "$out/wine-deviations.txt" timeout 120 "$wine64" "$work/deviations.exe"
    beside "$out/wine-survey-said.txt" ask wine --runtime "$runtime"
    await_all
}

# start_wine_server LOG PORT: Wine's rpcrt4 serves the test interface, up to when it listens; one that ends is started again.
start_wine_server() {
    # shellcheck disable=SC2016 # for the other shell
    start_server "$1" bash -c 'while :; do "$@" & trap "kill $!; wait $!; exit" TERM; wait "$!"; sleep 0.2; done' serve \
        "$wine64" "$project/build/release/rpcancel-winwire.exe" serve "$2"
    wait_until "$1" grep -q '^listening on' "$1"
}

check_wine_server() {
    local target=$project/corpus/runtimes/wine-server.target port=4135 profile status=0
    start_wine || return
    start_wine_server "$out/wine-server.log" "$port" || return
    # Of calls with different call_ids one sequence.
    held_against_list wine-server wine-server-call-ids core --runtime "tcp:127.0.0.1:$port" \
        --target "$project/corpus/runtimes/wine-server-call-ids.target" wire/calls.seq || status=$?
    for profile in core windows c706; do
        held_against_list wine-server "wine-server-$profile" "$profile" --runtime "tcp:127.0.0.1:$port" --target "$target" ||
            status=$(stronger "$status" $?)
    done
    ask wine-server --runtime "tcp:127.0.0.1:$port" --target "$target" || status=$(stronger "$status" $?)
    repeated wine-server "Wine, server" wine-server-{core,windows,c706} || status=$(stronger "$status" $?)
    by_plain_octets wine-server wine_server_deviations.py 127.0.0.1 "$port" || status=$(stronger "$status" $?)
    return "$status"
}

check_wine_client() {
    local wire=$project/build/release/rpcancel-winwire.exe list profile status=0
    start_wine || return
    for profile in core windows; do
        list="client-wine"
        [[ $profile == core ]] || list=client-wine-$profile
        held_against_list wine-client "$list" "$profile" --deadline 30000 \
            --runtime "tcp-listen:'$wine64' '$wire' call {host} {port}" || status=$(stronger "$status" $?)
    done
    repeated wine-client "Wine, client" client-wine{,-windows} || status=$(stronger "$status" $?)
    by_plain_octets wine-client wine_client_deviations.py "$wine64" "$wire" call || status=$(stronger "$status" $?)
    return "$status"
}
