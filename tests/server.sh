# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Servers for script tests, `rpcancel serve` above all. Sourced after script.sh.

# shellcheck disable=SC2154 # the test's environment has it
rpcancel=$TEST_BUILD_DIRECTORY/rpcancel
server=0

# start_command FILE COMMAND…: a server that says where it listens, in the file; sets `server` to its process and `port`.
start_command() {
    local file=$1
    : >"$file"
    "${@:2}" >"$file" 2>&1 &
    server=$!
    for ((i = 0; i < 200; i++)); do
        port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$file")
        [[ -z $port ]] || return 0
        sleep 0.05
    done
    complain "the server did not begin: $(cat "$file")"
}

# start ARGUMENT…: a `rpcancel serve`, likewise, in the file served.
start() {
    start_command served "$rpcancel" serve "$@"
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
