#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# --runtime tcp-listen: a healthy client conforms to each profile of the wire, every rule on clients is decided, clients that
# do otherwise are found out by the rule that says so, and those that are up to no good end no run but their own.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
# shellcheck source-path=SCRIPTDIR source=server.sh
source "$(dirname "$0")/server.sh"

client="python3 -S '$TEST_SOURCE_DIRECTORY/tests/fake_client.py'"
export PYTHONDONTWRITEBYTECODE=1
slowly=(--deadline 20000) # on a machine that has much to do

# ---- a healthy client, by each profile ----
# What it has nothing to show for: it sends no verifiers, and names no object.
beyond=$'C706-12.6.3.8/1\nC706-12.6.4.9/1'
while read -r rule; do echo "SKIP $rule \"no sequence\" # it sends none"; done <<<"$beyond" >beyond.expect
declare -A rules=([core]=10 [c706]=21 [ms-rpce]=15 [windows]=15 [freedce]=21)
for profile in "${!rules[@]}"; do
    chosen=()
    [[ $profile == c706 || $profile == ms-rpce ]] || chosen=(wire-client/plain wire-client/stray-reply)
    expect_of 0 '^conformant but for [12] rules? listed as known$' "$rpcancel" check --strict "${slowly[@]}" --profile "$profile" \
        --runtime "tcp-listen:$client healthy {port}" --expect beyond.expect --json "$profile.json" "${chosen[@]}"
    [[ $(jq '.rules | length' "$profile.json") == "${rules[$profile]}" ]] ||
        complain "$profile: $(jq '.rules | length' "$profile.json") rules"
    undecided=$(jq -r '.rules[] | select(.checked == 0) | .id' "$profile.json" | grep -vxF "$beyond")
    [[ -z $undecided ]] || complain "$profile: undecided: $undecided"
done
expect_of 1 '^not conformant$' "$rpcancel" check --strict "${slowly[@]}" --profile core --runtime "tcp-listen:$client healthy {port}"
"$rpcancel" rules --json all >said || complain "rules"
jq -r '.rules[] | select(.roles // [] | index("client")) | select(.protocol_sequences | index("ncacn_ip_tcp")) | .id' all |
    sort >on_clients
grep -vxF "$beyond" on_clients >wanted
jq -r '.rules[] | select(.checked > 0) | .id' ./*.json | sort -u >found
diff wanted found >said || complain "rules on clients that no profile decides: $(cat said)"

# ---- clients that break a rule, each found out by it ----
: >broken
# lies MODE RULE PROFILE [SEQUENCE]
lies() {
    printf 'client %s\n' "${4-plain}" >lie.seq
    expect_of 1 "$2" "$rpcancel" replay --strict "${slowly[@]}" --profile "$3" \
        --runtime "tcp-listen:$client $1 {port}" lie.seq
    echo "$2" >>broken
}
lies cancel-body C706-12.6.4.6/1 core
lies cancel-unknown C706-12.6.4.6/2 core
lies cancel-early C706-12.6.4.6/2 c706
lies cancel-ended FreeDCE-cncclsm/1 c706
lies orphaned-body C706-12.6.4.8/1 c706
lies orphaned-unknown C706-12.6.4.8/2 c706
lies orphaned-twice FreeDCE-cncclsm/2 c706
lies orphaned-ended FreeDCE-cncclsm/3 c706
lies orphaned-then-more MS-RPCE-3.3.1.5.10/1 ms-rpce
lies impatient MS-RPCE-3.3.1.5.8/2 ms-rpce
lies interleaved MS-RPCE-3.3.1.5.8/3 ms-rpce
lies interleaved-later C706-12.6.2/2 core
lies fragment-of-nothing C706-12.6.2/1 core
lies reused C706-12.6.3.5/1 c706
lies decreasing MS-RPCE-3.3.3.5.2/1 ms-rpce
lies two-orders Samba-dcesrv_core/1 windows
lies version C706-12.6.3.1/1 core
lies minor C706-12.6.3.2/1 c706
lies reserved C706-12.6.3.1/2 c706
lies length-small C706-12.6.3.3/1 core
lies length-swapped C706-12.1/1 core
lies length-of-none C706-12.6.4/1 core
lies verifier-length C706-12.6.3.8/1 core
lies too-large C706-12.6.4.3/1 c706
lies object C706-12.6.4.9/1 c706
lies believes C706-12.6.3.5/2 core stray-reply
# Who breaks C706-9.4.3.3/1 broke C706-12.6.4.6/2 before, which ends the run.
grep -vxF C706-9.4.3.3/1 on_clients | diff - <(sort -u broken) >said || complain "rules on clients that no client here breaks: $(cat said)"

# `check` says the same, and the command that it prints repeats it.
printf 'client stray-reply\n' >one.seq
expect_of 1 'FAIL C706-12.6.3.5/2' "$rpcancel" check "${slowly[@]}" --runtime "tcp-listen:$client believes {port}" \
    wire-client/stray-reply
sed -n 's/^  again *rpcancel //p' said >again
eval "set -- $(<again)"
expect_of 1 'FAIL C706-12.6.3.5/2' "$rpcancel" "$@"
expect_of 0 '1 passed, 0 failed' "$rpcancel" replay "${slowly[@]}" --runtime "tcp-listen:$client healthy {port}" one.seq

# ---- several connections, and what a client leaves behind ----
expect_of 0 '^conformant$' "$rpcancel" check "${slowly[@]}" --runtime "tcp-listen:$client many {port}" wire-client/plain
expect_of 0 '^conformant$' "$rpcancel" check "${slowly[@]}" --runtime "tcp-listen:$client leaves {port}" wire-client/plain

for mode in half crowd; do
    expect_of 0 '^conformant$' "$rpcancel" check "${slowly[@]}" --runtime "tcp-listen:$client $mode {port}" \
        wire-client/{plain,late,fragments}
done
expect_of 3 'the client sent 5 octets, no whole PDU, to 127.0.0.1:[0-9]+, and ended with exit code 0' "$rpcancel" check \
    "${slowly[@]}" --runtime "tcp-listen:$client few {port}" wire-client/plain
# Who does not read costs no time: ticks of 10 ms that the relay ran for, in two seconds.
"$rpcancel" check "${slowly[@]}" --runtime "tcp-listen:$client lazy {port}" wire-client/late >lazy.said 2>&1 &
lazy=$!
sleep 1.8
ticks=$(sed 's/.*) //' "/proc/$lazy/stat" | awk '{print $12 + $13}')
((ticks < 60)) || complain "the relay ran for $ticks ticks"
wait "$lazy" || complain "lazy: exit code $?: $(cat lazy.said)"

# ---- clients that are up to no good ----
# try CODE PATTERN MODE [OPTION…]
try() {
    expect_of "$1" "$2" "$rpcancel" check --runtime "tcp-listen:$client $3 {port}" "${@:4}" wire-client/plain
}
try 4 'the client did not end within 1500 ms' silent --deadline 1500
try 4 'the client did not end within 1500 ms' hang --deadline 1500
try 4 'the client was killed by signal 11 .*about to fall' crash "${slowly[@]}"
try 3 'the client sent nothing to 127.0.0.1:[0-9]+, and ended with exit code 1; .*nothing to do today' away "${slowly[@]}"
# A signal ends the wait for a client.
SECONDS=0
expect_of 3 '^interrupted after 0 of 1 sequences$' timeout --foreground --preserve-status -s INT 1 "$rpcancel" check --deadline 30000 \
    --runtime "tcp-listen:$client hang {port}" --json interrupted.json wire-client/plain
[[ $SECONDS -lt 10 && -s interrupted.json ]] || complain "$SECONDS seconds until a signal ends it"
# Nothing outlives a run, however it ends.
: >pids
printf '#!/bin/sh\nsleep 60 & echo $! $$ >>%q\nwait\n' "$PWD/pids" >sleeper
chmod +x sleeper
expect_of 4 'did not end within 700 ms' "$rpcancel" check --deadline 700 --runtime "tcp-listen:./sleeper" wire-client/plain
[[ -s pids ]] || complain "the client did not run"
for pid in $(<pids); do
    # What nobody has waited for yet is no process any longer.
    state=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | cut -c1)
    [[ -z $state || $state == Z ]] || complain "process $pid of a client is still there"
done

# ---- words, ports, and what cannot be done ----
printf '#!/bin/sh\nprintf "%%s|" "$@" >%q\n' "$PWD/words" >show
chmod +x show
expect_of 3 'sent nothing' "$rpcancel" check --runtime "tcp-listen:./show 'a {host}:{port}' x{port}y {other} \"\"" wire-client/plain
grep -qE '^a 127\.0\.0\.1:([0-9]+)\|x\1y\|\{other\}\|\|$' words || complain "words: $(cat words)"
start --profile core
expect_of 3 "tcp-listen: 127.0.0.1:$port: Address already in use" "$rpcancel" check --runtime "tcp-listen:$port:true"
stop TERM '^serve: '
expect_of 3 "sent nothing to 127.0.0.1:$port," "$rpcancel" check --runtime "tcp-listen:$port:true" wire-client/plain
expect_of 3 'cannot start ../nowhere' "$rpcancel" check --runtime 'tcp-listen:./nowhere' wire-client/plain
expect_of 2 'expected tcp-listen:\[PORT:\]COMMAND' "$rpcancel" check --runtime tcp-listen:65536:true
expect_of 2 'expected the name of a program' "$rpcancel" check --runtime tcp-listen:
expect_of 2 'what a client does is its own' "$rpcancel" random --runtime tcp-listen:true
expect_of 2 'are for --runtime tcp:HOST:PORT' "$rpcancel" check --target one.seq --runtime tcp-listen:true
expect_of 0 '^7 sequences, 10 rules$' "$rpcancel" check --list --runtime tcp-listen:true
expect_of 3 'passed over: they have no operation of the wire for clients' "$rpcancel" replay --runtime tcp-listen:true \
    "$TEST_SOURCE_DIRECTORY/corpus/wire" "$TEST_SOURCE_DIRECTORY/corpus/races"
expect_of 3 'passed over: they are of the wire, for' "$rpcancel" replay one.seq

finish
