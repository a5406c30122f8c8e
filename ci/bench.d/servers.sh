# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2153,SC2154
# Rows of ci/bench that go over TCP. Sourced, not run.

readonly CONNECTIONS=1000

# check_server ADDRESS OUTPUT: the catalogue of the wire.
check_server() {
    pinned "$release/rpcancel" check --runtime "tcp:$1:135" >"$2"
}

# What needs port 135 runs in a network namespace of its own, in a second one of these scripts; it leaves its figures in the
# folder $RPCANCEL_BENCH_SERVERS.
readonly SAMBA=/usr/libexec/samba
measure_servers() {
    local bench=$project/build/release/rpcancel-bench work=$RPCANCEL_BENCH_SERVERS serve=127.0.0.2 samba=
    trap 'stop_servers 2>/dev/null || true' EXIT
    loopback_up
    start_serve "$work/serve.log" --address "$serve" --port 135 --connections "$((CONNECTIONS + 1))" || exit
    taskset -cp "$(($(nproc) - 1))" "${servers[0]}" >/dev/null
    if [[ -x $SAMBA/samba-dcerpcd ]]; then
        samba=127.0.0.1
        samba_configuration "$work/samba"
        start_samba_dcerpcd "$work/samba.log" "$SAMBA/samba-dcerpcd" taskset -c "$(($(nproc) - 1))" || exit
    fi
    for ((i = 0; i < RUNS; i++)); do
        for address in $serve $samba; do
            pinned "$bench" calls "$SECONDS_EACH" 32 "$address" 135 >>"$work/calls-$address" ||
                give_up "rpcancel-bench calls fails at $address"
        done
        pinned "$bench" calls "$SECONDS_EACH" 1 "$serve" 135 >>"$work/lock-step" || give_up "rpcancel-bench calls fails"
        pinned "$bench" tcp "$SECONDS_EACH" 24 112 >>"$work/tcp" || give_up "rpcancel-bench tcp fails"
        pinned "$bench" runtime "$SECONDS_EACH" "$serve:135" >>"$work/runtime" || give_up "rpcancel-bench runtime fails"
        pinned "$bench" echo "$SECONDS_EACH" "$serve" 135 >>"$work/echo" || give_up "rpcancel-bench echo fails"
        yardstick "$work/check-yardsticks"
        seconds_of check_server "$serve" "$work/check.txt" >>"$work/check"
        pinned "$bench" tcp "$SECONDS_EACH" 24 24 >>"$work/tcp-small" || give_up "rpcancel-bench tcp fails"
        pinned "$bench" connections "$CONNECTIONS" "$serve" 135 >>"$work/connections" || give_up "rpcancel-bench connections fails"
    done
    stop_servers || exit
}

# server_row NAME UNIT COMPARE TARGET VALUES REFERENCES WORK: a row of files in $work/servers that rpcancel-bench's lines are in.
server_row() {
    local values=$work/servers/$5 references=-
    rates "$values" >"$values.values"
    if [[ $6 != - ]]; then
        references=$work/servers/$6.values
        rates "$work/servers/$6" >"$references"
    fi
    row "$1" "$2" "$3" "$4" "$values.values" "$references" - "$(tail -n 1 "$values" | cut -d, -f2-)$7"
}

# A server judged against another vendor's with the same client; and against octets that nobody looks at.
measure_serve() {
    local samba=- peer="; samba-dcerpcd is not installed (Debian package samba), so there is nothing to compare with"
    mkdir "$work/servers"
    (
        export RPCANCEL_BENCH_SERVERS=$work/servers
        private_network "$project/ci/bench"
    ) || give_up "the measurements of servers failed: $(tail -qn 1 "$work"/servers/*.log)"
    if [[ -s $work/servers/calls-127.0.0.1 ]]; then
        samba=calls-127.0.0.1 peer="; reference: samba-dcerpcd with the same client"
    fi
    server_row "serve, mgmt operation 0" "calls/s" ratio 10 calls-127.0.0.2 "$samba" "$peer"
    server_row "serve in lock-step" "calls/s" ratio 0.8 lock-step tcp "; reference: as many octets over bare TCP"
    server_row "TCP runtime, one PDU and answer" "answers/s" ratio 0.8 runtime echo \
        "; reference: the same octets to the same server and back, bare; between two processes that do nothing else: \
$(rates "$work/servers/tcp-small" | median)"
    server_row "serve, connections at once" "connections" least "$CONNECTIONS" connections - ""
    row "whole catalogue, TCP" s most 5 "$work/servers/check" - "$work/servers/check-yardsticks" \
        "$(sed -n 's/.*: \([0-9]* sequences, .*\)/\1/p' "$work/servers/check.txt")"
}
