#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# --runtime tcp: the reference server conforms to each profile of the wire, every rule on servers is decided, servers
# that do otherwise are found out by the rule that says so, and those that are up to no good end no run but their own.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

# shellcheck source-path=SCRIPTDIR source=server.sh
source "$(dirname "$0")/server.sh"

declare -a servers=()

# begin FILE COMMAND…: start_command, for several servers at once.
begin() {
    start_command "$@"
    servers+=("$server")
}

# stop_all: ends all servers that were started.
# shellcheck disable=SC2317 # called by trap
stop_all() {
    ((${#servers[@]})) || return 0
    kill "${servers[@]}" 2>/dev/null
    wait "${servers[@]}" 2>/dev/null
    servers=()
}
trap 'stop_all; rm -rf "$work"' EXIT

# ---- the reference server, by each profile ----
# What it has nothing to show for: it sends no verifiers, and all of a response at once.
beyond=$'C706-12.6.3.8/1\nC706-12.6.4.8/6'
while read -r rule; do echo "SKIP $rule \"no sequence\" # it sends none"; done <<<"$beyond" >beyond.expect
declare -A rules=([core]=18 [c706]=49 [ms-rpce]=23 [windows]=32 [freedce]=48)
for profile in "${!rules[@]}"; do
    begin served "$rpcancel" serve --profile "$profile"
    expect_of 0 '^conformant but for [12] rules? listed as known$' "$rpcancel" check --strict --profile "$profile" --runtime "tcp:127.0.0.1:$port" \
        --expect beyond.expect --json "$profile.json"
    expect_of 1 '^not conformant$' "$rpcancel" check --strict --profile "$profile" --runtime "tcp:127.0.0.1:$port" \
        --sarif strict.sarif
    [[ $(jq -r '.runs[0].results[] | .properties.verdict' strict.sarif | sort -u) == SKIP ]] ||
        complain "$profile: strict, and other than SKIP"
    expect_of 0 '^conformant$' "$rpcancel" check --profile "$profile" --runtime "tcp:127.0.0.1:$port"
    [[ $(jq '.rules | length' "$profile.json") == "${rules[$profile]}" ]] ||
        complain "$profile: $(jq '.rules | length' "$profile.json") rules"
    undecided=$(jq -r '.rules[] | select(.checked == 0) | .id' "$profile.json" | grep -vxF "$beyond")
    [[ -z $undecided ]] || complain "$profile: undecided: $undecided"
    # Nothing that a client may do makes a rule on servers say what is not so.
    expect_of 0 '^random: 1000 sequences, [0-9]+ operations, [0-9]+ decisions, seed [0-9]+, no violation$' \
        "$rpcancel" random --runs 1000 --seconds 100 --calls 3 --seed 4 --profile "$profile" --runtime "tcp:127.0.0.1:$port"
    stop_all
done
"$rpcancel" rules --json all >said || complain "rules"
jq -r '.rules[] | select(.roles // [] | index("server")) | select(.protocol_sequences | index("ncacn_ip_tcp")) | .id' all |
    grep -vxF "$beyond" | sort >wanted
jq -r '.rules[] | select(.checked > 0) | .id' ./*.json | sort -u >found
diff wanted found >said || complain "rules on servers that no profile decides"

# ---- a server of another profile ----
begin served "$rpcancel" serve --profile windows
expect_of 1 '^not conformant$' "$rpcancel" check --profile c706 --runtime "tcp:127.0.0.1:$port" --json other.json \
    --sarif other.sarif
jq -r '.rules[] | select(.verdict == "FAIL") | .id' other.json | sort >found
printf '%s\n' C706-12.6.3.1/3 C706-12.6.3.1/5 C706-12.6.4.10/2 FreeDCE-cnassm/4 OSF-DCE-cancels/2 | sort >wanted
diff wanted found >said || complain "a windows server under c706 breaks other rules"
jq -r '.runs[0] | .tool.driver.rules as $rules | .results[] | select(.level == "error") | select(.ruleId == $rules[.ruleIndex].id) | .ruleId' \
    other.sarif | sort -u >found
diff wanted found >said || complain "the SARIF log names other rules"
# Random sequences find it too, and keep a short one that shows it.
expect_of 1 '1 violation$' "$rpcancel" random --profile c706 --runtime "tcp:127.0.0.1:$port" --out found.seq
[[ $(grep -c . found.seq) -le 6 ]] || complain "random keeps $(cat found.seq)"
expect_of 1 'breaks' "$rpcancel" replay --strict --profile c706 --runtime "tcp:127.0.0.1:$port" found.seq
# A failure is repeated by the command that the report prints, and shrunk already.
jq -r '.rules[] | select(.id == "C706-12.6.4.10/2") | .sequence' other.json | tr ';' '\n' >one.seq
expect_of 1 'C706-12.6.4.10/2' "$rpcancel" replay --profile c706 --runtime "tcp:127.0.0.1:$port" one.seq
expect_of 0 '' "$rpcancel" shrink --profile c706 --runtime "tcp:127.0.0.1:$port" \
    "$TEST_SOURCE_DIRECTORY/corpus/wire/cancel-between-fragments-twice.seq" --out small.seq
[[ $(grep -c . small.seq) -le 6 ]] || complain "shrunk to $(cat small.seq)"
expect_of 1 'passed over: they have no operation of the wire for servers|1 failed' "$rpcancel" replay --profile c706 \
    --runtime "tcp:127.0.0.1:$port" one.seq "$TEST_SOURCE_DIRECTORY/corpus/races"
expect_of 3 'passed over: they are of the wire' "$rpcancel" replay one.seq
stop_all

# ---- liars: what a healthy server sends is altered, and a rule says so ----
begin served "$rpcancel" serve --profile c706
healthy=$port
# lies MODE RULE: the server that lies so breaks the rule.
lies() {
    begin "$1.served" python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" "$1" "$healthy"
    "$rpcancel" check --strict --profile c706 --deadline 500 --runtime "tcp:127.0.0.1:$port" --json lie.json >said 2>&1
    jq -e --arg rule "$2" '.rules[] | select(.id == $rule and .verdict == "FAIL")' lie.json >found ||
        complain "$1 does not break $2: $(jq -c '[.rules[] | select(.verdict == "FAIL") | .id]' lie.json)"
}
lies count C706-12.6.4.10/3
lies status C706-E/1
lies call-id C706-12.6.3.5/3
lies twice C706-9.3.4/1
lies ack C706-12.6.4.6/4
lies pending C706-12.6.3.1/6
lies flags C706-12.6.3.1/4
lies first C706-12.6.2/3
lies first-byte C706-12.6.3.1/1
# An octet at a time is the same conversation.
begin drip.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" drip "$healthy"
expect_of 0 '^conformant$' "$rpcancel" check --profile c706 --runtime "tcp:127.0.0.1:$port" 'wire/cancel-*'

# ---- servers that are up to no good ----
begin silent.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" silent
expect_of 4 'no answer to the bind within 300 ms' "$rpcancel" check --deadline 300 --runtime "tcp:127.0.0.1:$port"
expect_of 4 'no answer to the bind within 300 ms' "$rpcancel" check --profile c706 --deadline 300 --runtime "tcp:127.0.0.1:$port" \
    --json silent.json
[[ $(jq '.rules | map(select(.verdict != "SKIP" and .verdict != "UNIMPLEMENTED")) | length' silent.json) == 0 ]] ||
    complain "silent at the bind breaks rules on calls"
begin garbage.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" garbage
expect_of 1 'C706-12.6.3.1/1' "$rpcancel" check --deadline 300 --runtime "tcp:127.0.0.1:$port"
begin closing.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" closing
expect_of 3 'the server closes the connection at the bind' "$rpcancel" check --deadline 300 --runtime "tcp:127.0.0.1:$port"

begin refusing.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" refusing "$healthy"
# shellcheck disable=SC2016 # a backtick is one
expect_of 3 'expected a response to `fast`, opnum 0 of the target, found the end of the connection' \
    "$rpcancel" check --runtime "tcp:127.0.0.1:$port"
# A connection for releases that is closed when it has served is opened anew.
begin once.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" release-once "$healthy"
printf '%s\n' 'associate plain' 'request a hold' release 'await-reply a' 'request a hold' release 'await-reply a' settle >held.seq
expect_of 0 '2 passed, 0 failed' "$rpcancel" replay --profile c706 --runtime "tcp:127.0.0.1:$port" held.seq held.seq
# One that serves a connection at a time can be judged where it needs no second one.
begin single.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" single "$healthy"
printf '%s\n' 'interface 72706361-6e63-656c-8001-746573740001 1.0' 'fast 0 00' 'park 2' 'stream 6 00000100' >single
expect_of 0 '^conformant$' "$rpcancel" check --profile core --target single --runtime "tcp:127.0.0.1:$port" 'wire/cancel-p*'

# One that closes over a stray cancel is found out by that alone, though a request would have come behind it.
begin intolerant.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" intolerant "$healthy"
expect_of 1 '^not conformant$' "$rpcancel" check --profile core --runtime "tcp:127.0.0.1:$port" --json intolerant.json
jq -r '.rules[] | select(.verdict == "FAIL") | .id' intolerant.json | sort >found
printf '%s\n' C706-12.6.4/2 FreeDCE-cnassm/1 FreeDCE-cnassm/3 FreeDCE-cnsclsm/2 | sort >wanted
diff wanted found >said || complain "a server that closes over cancels breaks other rules"

# ---- one call_id for all ----
# A server whose replies all have one breaks a rule at once; a target with it lets the others be judged, and that one not.
all=('interface 72706361-6e63-656c-8001-746573740001 1.0' 'fast 0 00' 'park 2' 'hold 3' 'stream 6 00000100' 'release 7 counts')
printf '%s\n' "${all[@]}" 'call-id 1' >one-id
begin one-id.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" call-id-1 "$healthy"
expect_of 1 '^FAIL C706-12.6.3.5/3 ' "$rpcancel" check --profile core --runtime "tcp:127.0.0.1:$port" wire/calls
expect_of 0 '^conformant$' "$rpcancel" check --profile core --target one-id --deadline 300 --runtime "tcp:127.0.0.1:$port" \
    wire/calls wire/call-id-again wire/fragments 'wire/cancel-[bfpu]*' 'wire/orphaned-[fu]*' --json one-id.json
jq -e '.rules[] | select(.id == "C706-12.6.3.5/3") | .verdict == "SKIP" and .checked > 0' one-id.json >found ||
    complain "C706-12.6.3.5/3 of one call-id: $(jq -c '.rules[] | select(.id == "C706-12.6.3.5/3")' one-id.json)"
# And a server that is as it should be is not blamed for what its target says.
sed -i 's/call-id 1/call-id 7/' one-id
for profile in core c706 windows; do
    begin served "$rpcancel" serve --profile "$profile"
    expect_of 0 '^conformant$' "$rpcancel" check --profile "$profile" --target one-id --runtime "tcp:127.0.0.1:$port"
    expect_of 0 'no violation$' "$rpcancel" random --runs 300 --seconds 100 --calls 3 --seed 4 --profile "$profile" \
        --target one-id --runtime "tcp:127.0.0.1:$port"
done

# One that never stops sending is late as others are, whatever it is that is waited for.
begin flood.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" flood "$healthy"
printf '%s\n' 'associate plain' 'request a park' 'co_cancel a flags-03' 'await-reply a' >flood.seq
patience=20 expect_of 4 'no reply to the call within 500 ms' "$rpcancel" replay --deadline 500 \
    --runtime "tcp:127.0.0.1:$port" flood.seq
printf '%s\n' 'associate plain' 'request a hold' release >flood.seq
patience=20 expect_of 4 'no call that can be released within 500 ms' "$rpcancel" replay --deadline 500 \
    --runtime "tcp:127.0.0.1:$port" flood.seq
# A signal ends every wait at once, and what was found is reported.
begin mute.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" mute "$healthy"
for signal in INT TERM; do
    SECONDS=0
    expect_of 3 '^interrupted after [0-9]+ of 75 sequences$' timeout --foreground --preserve-status -s "$signal" 2 "$rpcancel" check \
        --deadline 30000 --runtime "tcp:127.0.0.1:$port" --json interrupted.json
    ((SECONDS < 10)) || complain "$SECONDS seconds until $signal ends it"
    found=$(jq -r '[.sequences[].verdict] | unique | join(" ")' interrupted.json)
    [[ $(jq .complete interrupted.json) == false && $found == "PASS SKIP" ]] || complain "$signal: sequences are $found"
    expect_of 3 '^rpcancel replay: interrupted after 1 of 2 sequences$' timeout --foreground --preserve-status -s "$signal" 2 \
        "$rpcancel" replay --deadline 30000 --runtime "tcp:127.0.0.1:$port" held.seq \
        "$TEST_SOURCE_DIRECTORY/corpus/wire/cancel-parked.seq"
done

# ---- a server that serves the calls of a connection one after the other ----
# What keeps it from a call is ours to end, and that it must not wait for it only FreeDCE's side says.
printf '%s\n' 'associate plain' 'request a hold' 'orphaned a flags-03' settle 'request b fast' settle release settle \
    'request b hold' release 'await-reply b' >behind.seq
printf '%s\n' 'associate multiplexed' 'request a hold' 'request b fast' 'await-reply b' settle 'orphaned a flags-03' \
    'request a hold' 'await-first b' release 'await-reply a' 'await-reply b' settle >between.seq
for profile in windows ms-rpce core; do
    begin served "$rpcancel" serve --profile "$profile"
    begin serial.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" serial "$port"
    expect_of 0 '2 passed, 0 failed' "$rpcancel" replay --trace --profile "$profile" --deadline 300 \
        --runtime "tcp:127.0.0.1:$port" behind.seq between.seq
    [[ $(grep -c ' refused$' said) == 6 ]] || complain "$profile: other lines are refused: $(cat said)"
    says '^ +8 +settle +done$'
    says '^ +11 +await-reply b +done$'
    says '^ +12 +settle +done$'
done
expect_of 0 '^conformant$' "$rpcancel" check --profile core --deadline 300 --runtime "tcp:127.0.0.1:$port" 'wire/orphaned-*' \
    --json serial.json
jq -e '.summary.UNSPECIFIED > 0 and .summary.HANG == 0' serial.json >found || complain "serial: $(jq -c .summary serial.json)"
expect_of 0 'no violation$' "$rpcancel" random --runs 200 --seconds 100 --calls 3 --seed 4 --profile core --deadline 200 \
    --runtime "tcp:127.0.0.1:$port"
for profile in c706 freedce; do
    begin served "$rpcancel" serve --profile "$profile"
    begin serial.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" serial "$port"
    expect_of 4 'no answer to the barrier within 300 ms' "$rpcancel" replay --profile "$profile" --deadline 300 \
        --runtime "tcp:127.0.0.1:$port" behind.seq
    expect_of 4 '^HANG FreeDCE-cnassm/4 ' "$rpcancel" check --profile "$profile" --deadline 300 \
        --runtime "tcp:127.0.0.1:$port" wire/orphaned-held wire/orphaned-next-call wire/cancel-held --json serial.json
    [[ $(jq -r '.rules[] | select(.verdict == "HANG") | .id' serial.json) == FreeDCE-cnassm/4 ]] ||
        complain "$profile: serial is blamed on $(jq -c '[.rules[] | select(.verdict == "HANG") | .id]' serial.json)"
    # An open call in the way is another matter: nothing says that it must not be.
    sed '/^orphaned/,$d' between.seq >open.seq
    expect_of 0 '1 passed' "$rpcancel" replay --profile "$profile" --deadline 300 --runtime "tcp:127.0.0.1:$port" open.seq
done

# ---- servers that do not outlive a sequence: it is to blame, not the one behind it ----
printf '%s\n' 'associate plain' 'request a fast' settle >fine.seq
printf '%s\n' 'associate plain' 'request a fast' settle 'request b park' 'co_cancel b flags-06' 'await-reply b' \
    'request a fast' 'co_cancel b flags-04' >killer.seq
printf '%s\n' 'associate plain' 'request b park' 'co_cancel b flags-04' 'await-reply b' >stuck.seq
begin killer.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" killer "$healthy"
expect_of 4 '^rpcancel replay: the runtime is gone, and was not started again, after 2 of 3 sequences$' "$rpcancel" replay \
    --deadline 500 --runtime "tcp:127.0.0.1:$port" fine.seq killer.seq fine.seq
says '^CRASH killer.seq$'
says '^ +the server takes no connection any more$'
begin killer.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" killer "$healthy"
expect_of 4 '^given up after [0-9]+ of 75 sequences: the runtime is gone' "$rpcancel" check --deadline 500 \
    --runtime "tcp:127.0.0.1:$port"
says '^CRASH sequence wire/cancel-between-fragments-flags.seq$'
# Where somebody starts it again, what kills it can be shrunk.
begin again.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" killer-again "$healthy"
expect_of 4 '2 passed, 1 failed' "$rpcancel" replay --runtime "tcp:127.0.0.1:$port" fine.seq killer.seq fine.seq
expect_of 0 '8 operations to 1, .* shown 3 of 3' "$rpcancel" shrink --runtime "tcp:127.0.0.1:$port" killer.seq
says '^co_cancel b flags-04 +# crashed$'
expect_of 4 '^the server (takes no connection any more|ended all of its connections)' \
    "$rpcancel" random --profile c706 --out found.seq --runtime "tcp:127.0.0.1:$port"
grep -qx 'co_cancel [ab] flags-04' private-findings/found.seq || complain "random keeps $(cat private-findings/found.seq)"
# Rules that it broke before it fell are broken all the same.
begin counting.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" counting-again "$healthy"
expect_of 4 '^FAIL OSF-DCE-cancels/1 ' "$rpcancel" check --profile c706 --deadline 500 --runtime "tcp:127.0.0.1:$port" wire/cancel-not-inherited
says '^CRASH sequence wire/cancel-not-inherited\.seq$'
expect_of 4 '' "$rpcancel" check --profile c706 --deadline 500 --runtime "tcp:127.0.0.1:$port" --save fallen wire/cancel-not-inherited
says '^  sequence  associate [a-z]+; request a fast; co_cancel a flags-[0-9]+; await-reply a$'
grep -qx '# The runtime crashed after that\.' fallen/private-findings/OSF-DCE-cancels-1.seq || complain "the saved rule does not say that it fell"
# One that is stuck for all is to blame for one sequence, too; the next one waits until it is started again.
begin stuck.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" stuck "$healthy"
expect_of 4 '^rpcancel replay: the runtime is gone, and was not started again, after 2 of 3 sequences$' "$rpcancel" replay \
    --deadline 300 --runtime "tcp:127.0.0.1:$port" fine.seq stuck.seq fine.seq
says '^HANG stuck.seq$'
begin stuck.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" stuck-again "$healthy"
expect_of 4 '2 passed, 1 failed' "$rpcancel" replay --deadline 300 --runtime "tcp:127.0.0.1:$port" fine.seq stuck.seq fine.seq
says '^HANG stuck.seq$'

# ---- a server that closes at a cancel, though the client hears of it behind the barrier only ----
begin abrupt.served python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" abrupt "$healthy"
expect_of 1 '^not conformant$' "$rpcancel" check --runtime "tcp:127.0.0.1:$port" wire/cancel-unknown wire/orphaned-unknown --json abrupt.json
[[ $(jq -r '.rules[] | select(.verdict == "FAIL") | .id' abrupt.json | sort | xargs) == "C706-12.6.4/2 FreeDCE-cnassm/1 FreeDCE-cnassm/3" ]] ||
    complain "abrupt breaks $(jq -c '[.rules[] | select(.verdict == "FAIL") | .id]' abrupt.json)"

# ---- what cannot be done, and targets ----
expect_of 3 'has operations of the wire' "$rpcancel" convert --to cmocka one.seq one.c
expect_of 3 'tcp:127.0.0.1:1: Connection refused' "$rpcancel" check --runtime tcp:127.0.0.1:1
expect_of 2 'add --allow-host' "$rpcancel" check --runtime tcp:192.0.2.1:135
expect_of 2 'expected tcp:HOST:PORT' "$rpcancel" check --runtime tcp:127.0.0.1
expect_of 2 'expected tcp:HOST:PORT' "$rpcancel" check --runtime tcp:127.0.0.1:65536
expect_of 2 'is spoken to in PDUs' "$rpcancel" findings --runtime "tcp:127.0.0.1:$healthy" one.seq
expect_of 2 'are for --runtime tcp:HOST:PORT' "$rpcancel" check --target one.seq
for command in "check" "check --list" "replay one.seq" "shrink one.seq" random; do
    read -ra words <<<"$command"
    expect_of 2 'found "documented-98", expected core, c706, .* for --runtime tcp:' "$rpcancel" "${words[@]}" \
        --profile documented-98 --runtime "tcp:127.0.0.1:$healthy"
    expect_of 2 'found "c706", expected documented, documented-98 or windows for --runtime reference' "$rpcancel" \
        "${words[@]}" --profile c706
done
target() {
    printf '%s\n' "${@:3}" >target
    expect_of "$1" "$2" "$rpcancel" check --profile c706 --target target --runtime "tcp:127.0.0.1:$healthy"
}
target 3 '^rpcancel check: target:1: found "interface 7", expected interface UUID MAJOR.MINOR' 'interface 7'
# shellcheck disable=SC2016 # a backtick is one
target 3 'target: found no line `fast OPNUM`' 'interface 72706361-6e63-656c-8001-746573740001 1.0'
target 3 'target:2: found "fast x", expected an opnum' '# so far so good' 'fast x'
target 3 'target:1: found "fast 1 abc", expected' 'fast 1 abc'
target 3 'target:1: found "deadline 0", expected' 'deadline 0'
target 3 'target:1: found "slow 1", expected interface, fast' 'slow 1'
target 3 'target:1: found "call-id 0", expected call-id NUMBER, 1 to 4294967295' 'call-id 0'
target 3 'target:2: found "call-id 2", expected one such line' 'call-id 1' 'call-id 2'
target 3 'does not accept the interface of the target' 'interface 72706361-6e63-656c-8001-746573740001 2.0' 'fast 0'
samba=("$rpcancel" check --target "$TEST_SOURCE_DIRECTORY/corpus/runtimes/samba.target" --runtime "tcp:127.0.0.1:$healthy")
# shellcheck disable=SC2016 # a backtick is one
expect_of 1 'UNIMPLEMENTED +C706-12.6.2/4 .*the target names no `stream` operation' "${samba[@]}"
# shellcheck disable=SC2016 # a backtick is one
says 'SKIP +C706-12.6.3.8/1 .*; none was run to its end that asks for `park`, `hold`, `stream`, which the target does not name'
expect_of 0 '' "${samba[@]}" --expect "$TEST_SOURCE_DIRECTORY/corpus/runtimes/samba-core.expect"
target 1 'UNIMPLEMENTED +7$' 'interface afa8bd80-7d8a-11c9-bef4-08002b102989 1.0' 'fast 0'
# Numbers are decimal, or begin with 0x; an octal one is none.
target 3 'target:2: found "park 010", expected an opnum' 'fast 0' 'park 010'
target 3 'target:2: found "fast 1", expected one such line, which there is already' 'fast 0' 'fast 1'
target 3 'target:3: found "deadline 9", expected one such line' 'deadline 9' '' 'deadline 9'
target 3 'target:2: found "code 0x1 2", expected one MEANING' 'code 1 1' 'code 0x1 2'
printf '%s\n' 'interface 72706361-6e63-656c-8001-746573740001 1.0' 'fast 0x0 00' 'park 2' 'stream 6 00000100' 'deadline 3000' >target
expect_of 0 '^conformant$' "$rpcancel" check --target target --runtime "tcp:127.0.0.1:$healthy" wire/calls
expect_of 0 '^conformant$' "$rpcancel" check --target <(cat target) --runtime "tcp:127.0.0.1:$healthy" wire/calls
mkfifo pipe
expect_of 3 'pipe: found a named pipe, expected a file' "$rpcancel" check --target pipe --runtime "tcp:127.0.0.1:$healthy"
expect_of 3 'nowhere: No such file' "$rpcancel" check --target nowhere --runtime "tcp:127.0.0.1:$healthy"

finish
