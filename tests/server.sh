# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A `rpcancel serve` for script tests. Sourced after script.sh.

# shellcheck disable=SC2154 # the test's environment has it
rpcancel=$TEST_BUILD_DIRECTORY/rpcancel
server=0

# start ARGUMENT…: a server; sets `server` to its process and `port`.
start() {
    "$rpcancel" serve "$@" >served 2>&1 &
    server=$!
    for ((i = 0; i < 100; i++)); do
        port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' served)
        [[ -z $port ]] || return 0
        sleep 0.1
    done
    complain "the server did not begin: $(cat served)"
}

# stop SIGNAL PATTERN: ends the server, which must do so with 0 and a last line like PATTERN.
stop() {
    local got=0
    kill -"$1" "$server"
    wait "$server" || got=$?
    server=0
    cp served said
    ((got == 0)) || complain "the server ended with $got"
    says "$2"
}
trap '((server == 0)) || kill "$server"; rm -rf "$work"' EXIT
