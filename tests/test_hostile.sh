#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runtimes that mean harm, as `rpcancel check` meets them: the run ends, says what happened with the exit code that is documented, and
# leaves no process and no file. docs/hostile.md has all of what a runtime can do, and which test does it.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
# shellcheck source-path=SCRIPTDIR source=server.sh
source "$(dirname "$0")/server.sh"
export PYTHONDONTWRITEBYTECODE=1

# The programs make their files here, if they make any.
mkdir temporary
export TMPDIR=$PWD/temporary

# nothing_left WHO: none of the processes that are in pids, and no file.
nothing_left() {
    local pid state
    for pid in $(<pids); do
        state=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | cut -c1)
        [[ -z $state || $state == Z ]] || complain "$1: process $pid is still there"
    done
    [[ -z $(ls -A temporary) ]] || complain "$1: left $(ls -A temporary)"
}

# ---- children ----
# child CODE PATTERN MODE ARGUMENT…
child() {
    : >pids
    expect_of "$1" "$2" "$rpcancel" check --json result.json --runtime \
        "child:python3 -S '$TEST_SOURCE_DIRECTORY/tests/hostile_child.py' $3 '$TEST_BUILD_DIRECTORY/rpcancel-child' '$PWD/pids'" "${@:4}"
    [[ $(wc -l <pids) -ge 2 ]] || complain "$3: it was not started"
    nothing_left "$3"
}
# query FILTER: holds of the result.
query() {
    jq -e "$1" result.json >/dev/null || complain "not so: $1: $(jq -c .summary result.json)"
}
child 0 '^conformant$' drips
child 1 '^FAIL RpcServerTestCancel/1 ' changes
query '.complete and .summary.FAIL > 0 and .summary.CRASH == 0'
child 1 'shown +1 of 3 runs' recovers
query '.complete and ([.rules[] | select(.verdict == "FAIL")] | length) == 1'
child 3 'expected the name, version, delivery and dispatch that it had when it was started before' falls 'bugs/*'
query '.runtime.name == "reference" and .summary.CRASH > 0'
child 3 'with .[0-9]+ 0.; expected that number in front of the answer' unknown rules/RpcAsyncCancelCall/3-handed-off
child 4 'exit code 0 instead of answering .cancel [ab]., after the unfinished line' cut rules/RpcAsyncCancelCall/3-handed-off
child 4 'did not answer .cancel [ab]. within 500 ms' deaf --deadline 500 rules/RpcAsyncCancelCall/3-handed-off
child 4 'did not answer .cancel [ab]. within 500 ms' stubborn --deadline 500 rules/RpcAsyncCancelCall/3-handed-off

# ---- servers ----
start --profile c706
healthy=$port
healthy_server=$server
# server CODE PATTERN MODE ARGUMENT…
server() {
    start_command "$3.served" python3 -S "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" "$3" "$healthy"
    echo $server >pids
    expect_of "$1" "$2" "$rpcancel" check --profile c706 --runtime "tcp:127.0.0.1:$port" --json result.json "${@:4}"
    kill "$server" 2>/dev/null
    wait "$server" 2>/dev/null
    server=$healthy_server
    nothing_left "$3"
}
server 0 '^conformant$' trickle wire/cancel-parked
server 4 'HANG.*' half --deadline 300 wire/cancel-parked
server 1 '^FAIL FreeDCE-cnassm/4 ' cut --deadline 2000 'wire/cancel-*'
server 1 '^FAIL FreeDCE-cnassm/4 ' reset --deadline 2000 'wire/cancel-*'
server 1 '^FAIL FreeDCE-cnassm/4 ' half-shut --deadline 2000 'wire/cancel-*'
server 1 '^FAIL C706-12.6.4.10/3 ' changes --strict
query '.complete and .summary.HANG == 0'

# ---- clients ----
# client CODE PATTERN MODE ARGUMENT…
client() {
    : >pids
    expect_of "$1" "$2" "$rpcancel" check --profile c706 --runtime \
        "tcp-listen:sh -c 'echo \$\$ >>$PWD/pids; exec python3 -S \"$TEST_SOURCE_DIRECTORY/tests/fake_client.py\" $3 {port}'" "${@:4}" wire-client/plain
    [[ -s pids ]] || complain "$3: it was not started"
    nothing_left "$3"
}
client 0 '^conformant$' drips --deadline 30000
client 4 'the client did not end within 700 ms' flood --deadline 700
client 4 'the client did not end within 1500 ms' half-a-pdu --deadline 1500

finish
