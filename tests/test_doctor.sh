#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rpcancel doctor: says of children and plugins what is wrong with them and what to do, with the right exit code; says nothing
# of those that are sound; leaves no process, after Ctrl-C neither. What no script can bring about is in test_doctor_notes.c.
# shellcheck disable=SC2016 # backquotes in patterns are meant as they stand
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

rpcancel=$TEST_BUILD_DIRECTORY/rpcancel
tests=$TEST_SOURCE_DIRECTORY/tests
child="child:python3 -S '$tests/fake_child.py' '$TEST_BUILD_DIRECTORY/rpcancel-child'"

# doctor CODE PATTERN [OPTION…]: as expect_of, with short deadlines; the last line must say what the lines before it do.
doctor() {
    expect_of "$1" "$2" "$rpcancel" doctor --deadline 1500 --start-deadline 2500 "${@:3}"
    local ok warnings problems
    ok=$(grep -c '^ok ' said) warnings=$(grep -c '^warning ' said) problems=$(grep -c '^problem ' said)
    says "^doctor: $ok ok, $warnings warnings?, $problems problems?\$"
    (($1 == 0)) || ((problems > 0)) || complain "exit code $1 without a problem"
}
# odd CODE PATTERN MODE [ARGUMENT…]: fake_child.py.
odd() { doctor "$1" "$2" --runtime "$child ${*:3}"; }

# ---- sound ones, of each kind ----
sound() { doctor 0 ' ok, 0 warnings, 0 problems$' "$@"; }
sound
sound --hide-delivery --seed 7
sound --profile windows --json reference.json
sound --runtime "child:$TEST_BUILD_DIRECTORY/rpcancel-child" --json child.json
sound --runtime "child:$TEST_BUILD_DIRECTORY/rpcancel-child --delivery hidden"
sound --runtime "plugin:$TEST_BUILD_DIRECTORY/rpcancel-reference.so"
sound --runtime "plugin:$TEST_BUILD_DIRECTORY/rpcancel-reference.so" --in-process
for json in reference child; do
    holds python3 "$tests/validate_json.py" "$TEST_SOURCE_DIRECTORY/docs/doctor.schema.json" "$json.json"
done
[[ $(jq -r '.exitCode, .complete, .runtime.name, .profile' child.json | tr '\n' ' ') == '0 true reference documented ' ]] ||
    complain "child.json: $(cat child.json)"

# ---- children: starting ----
doctor 3 'cannot start `./nothing`: No such file.*there is no such program' --runtime child:./nothing
echo hello >text && chmod +x text && doctor 3 'cannot start `./text`: Exec format error.*name the interpreter' --runtime child:./text
echo hello >locked && doctor 3 'Permission denied; it may not be run: chmod' --runtime child:./locked
doctor 3 'that is a folder' --runtime child:/
printf '#!/no/such/python\n' >script && chmod +x script && doctor 3 'that its `#!` line names is not' --runtime child:./script
printf 'MZ\0\0' >prog.exe && chmod +x prog.exe && doctor 3 'child:wine64 FILE' --runtime child:./prog.exe
python3 - "$rpcancel" <<'PY' && chmod +x foreign
import sys
octets = bytearray(open(sys.argv[1], "rb").read(4096))
octets[18] ^= 0x55  # e_machine
open("foreign", "wb").write(octets)
PY
doctor 3 'it is a program for another machine' --runtime child:./foreign
doctor 3 'with exit code 127 .*so ends a shell or loader' --runtime "child:sh -c no-such-program"
doctor 3 'exit code 0 .*a launcher that goes into the background' --runtime child:true
odd 3 'describe: the child ended with exit code 3 instead of answering; last on .*`so be it`; try it by hand' dies describe
odd 3 'closed its output and went on running.*keep standard output open' closes
expect_of 2 'command: byte 1: expected the name of a program' "$rpcancel" doctor --runtime child:

# ---- children: lines ----
odd 3 'describe: no answer within 2500 ms; if it is only slow' silent
odd 3 'but the beginning of a line: `1 0 name=xxxxx`; end each answer with a line feed' half
odd 3 'more than 4096 bytes without a line feed' endless
odd 3 'no answer until the input ended.*flush after each line' held
odd 3 'no answer until the next line was written.*flush standard output after' lagging
odd 3 'expected 1 in front; an answer begins with the number' number
odd 3 'with `ready.`; expected .*nothing but answers and events may go' prose
odd 3 'as it should be`; expected only key=value' behind
odd 3 'and then wrote `1 0 name=.*exactly one line answers a line' twice
odd 0 'they end with carriage returns, which are ignored' returns
odd 0 'ok       lines: one answer to each, flushed$' events
odd 0 'answered `3 0`; answer `unimplemented` to whatever it does not know' knows-all
odd 3 'answered `1 0 delivery=event`; expected delivery=command or' says "'0 delivery=event'"
odd 3 'answered `1 7`; expected 0 or unimplemented; docs' says 7
odd 0 'it answered `unimplemented`: these are the defaults' says unimplemented
odd 3 'reset: answered `4 5`; expected 0 or unimplemented' resets 5
odd 0 'the child is started anew for each sequence, [0-9]+ ms each' resets unimplemented
odd 4 'init a: no answer within 1500 ms' mute "'init a'"
odd 4 'init a: the child ended with exit code 3 instead.*answer `unimplemented` to what it cannot do' dies "'init a'"
odd 0 'the child did not end within a second; end with 0' stays
odd 0 'end of input: the child ended with exit code 3; end with 0' ends 3

# ---- what it controls, whether it forgets ----
doctor 0 'ok       delivery=command: ' --runtime "$child good"
says '^ok       dispatch=command: '
odd 0 'delivery=hidden: messages arrive unseen' says "'0 delivery=hidden'"
odd 0 'warning  dispatch=hidden: .*each sequence ends where' says "'0 delivery=hidden dispatch=hidden'"
says 'not tried to the end: completion, .*: because `dispatch a @t1` is not implemented'
odd 0 'ok       dispatch=event: ' says "'0 dispatch=event'"
says '`dispatch a @t1` was not announced once everything had arrived; .*write `event dispatched`'
odd 3 'then 997 RPC_S_ASYNC_CALL_PENDING, and that again: something outlives the reset; let `reset` forget' resets 0
odd 0 'warning  reset, .*answers depend on time or chance, or on what was before' wavers "'status a'" 5
says 'warning  client calls, the same trial twice: .*answers depend on time or chance'

# ---- what it has ----
odd 0 'subscriptions: `subscribe a cancel @t1`, .*unimplemented; that alone makes [0-9]+ of' answers subscribe unimplemented
says 'not tried to the end: subscriptions: because'
of() { sed -n "s/.* a check would call \\([0-9]*\\) UNIMPLEMENTED and \\([0-9]*\\) SKIP.*/\\1 \\2/p" said; }
for lacking in subscribe call 'call-attributes' 'cancel' 'elapse'; do
    odd 0 'rules within reach' answers "$lacking" unimplemented
    told=$(of)
    "$rpcancel" check --runtime "$child answers $lacking unimplemented" --json check.json >said 2>&1
    [[ $told == "$(jq -r '[.summary.UNIMPLEMENTED // 0, .summary.SKIP // 0] | join(" ")' check.json)" ]] ||
        complain "without $lacking the forecast is $told, the check says $(jq -c .summary check.json)"
done
odd 0 'raised in a valid use; pass exceptions on' answers "'cancel a'" "'exception 0xC0000005'"
odd 0 'otherwise than a valid use leads one to think: `dispatch a @t1` refused \(not done\)' answers dispatch refused
odd 0 'RpcAsyncGetCallStatus: answered 1914 .* as a stub does; if it is a stub' answers "'status a'" 1914
odd 4 'did not answer `cancel a`.*no operation may wait' mute "'cancel a'"
odd 4 'instead of answering `cancel a`.*run it in a debugger' dies "'cancel a'"
odd 3 'with `[0-9]+ hello`; expected .*docs/runtime-protocol.md says which' answers "'cancel a'" hello
odd 4 'problem  clock: .*did not answer `returned a` within' silent-clock

# ---- time ----
odd 0 'took 1.[0-9] s of 1.5 s; raise --deadline to [0-9]+: what is late once is HANG' slow hand-off 1
odd 0 'time to start: [12].* of 2.5 s .*raise --start-deadline to' slow-start 1.5
odd 0 'yet a time-out of a second ran out in 1.2 s without one; let nothing but `elapse`' ticking
odd 0 'ok       clock: real: `elapse` takes 3.* answers `unimplemented`, as it should' real
odd 0 'warning  clock: real: .*still answers \(the call goes on\)' real-careless
odd 0 'an `elapse` and a `settle` the call still waits; let `elapse` move' stopped

# ---- plugins ----
plugin() { doctor "$1" "$2" --runtime "plugin:$3"; }
plugin 3 'file: no-such.so: No such file' no-such.so
plugin 3 'is no plain file' .
plugin 3 'it is no shared object: compile with -fPIC' text
plugin 3 'for another machine' foreign
plugin 3 'it is a DLL' prog.exe
plugin 3 'export the function that rpcancel/plugin.h declares' "$TEST_BUILD_DIRECTORY/plugin-no-entry.so"
plugin 3 'compile it against the rpcancel/plugin.h of this version' "$TEST_BUILD_DIRECTORY/plugin-other-abi.so"
plugin 3 '`open` returned NULL: see what' "$TEST_BUILD_DIRECTORY/rpcancel-reference.so --frobnicate"
plugin 3 'it hangs when it is loaded or opened' "$TEST_BUILD_DIRECTORY/plugin-hangs-at-load.so"
plugin 3 'it falls when it is loaded or opened' "$TEST_BUILD_DIRECTORY/plugin-dies-at-load.so"
plugin 3 'it ends the process when it is loaded or opened' "$TEST_BUILD_DIRECTORY/plugin-hostile.so open exit"
plugin 4 'was killed by signal 6.*catch what the function raises' "$TEST_BUILD_DIRECTORY/plugin-hostile.so execute abort"
read -ra compile <<<"$TEST_COMPILER -shared -fPIC -I$TEST_SOURCE_DIRECTORY/harness/public"
cat >falls.c <<'C'
#include <rpcancel/plugin.h>
#include <stdlib.h>

int needed(void);

static void *open_one(const struct rpcancel_plugin_host *host, int count, const char *const *arguments)
{
    (void)host, (void)count, (void)arguments;
    return malloc(1);
}

static void close_one(void *instance)
{
    free(instance);
    exit(needed());
}

static int reset(void *instance)
{
    (void)instance;
    return 0;
}

static void execute(void *instance, const struct rpcancel_plugin_operation *operation, struct rpcancel_plugin_answer *answer)
{
    (void)instance, (void)operation, (void)answer;
}

const struct rpcancel_plugin *rpcancel_plugin_entry(uint32_t abi);
const struct rpcancel_plugin *rpcancel_plugin_entry(uint32_t abi)
{
    static const struct rpcancel_plugin plugin = {.abi = RPCANCEL_PLUGIN_ABI, .size = sizeof plugin, .name = "falls",
        .open = open_one, .close = close_one, .reset = reset, .execute = execute};
    (void)abi;
    return &plugin;
}
C
echo 'int needed(void) { return 3; }' >needed.c
holds "${compile[@]}" needed.c -o libneeded.so
holds "${compile[@]}" falls.c -L. -lneeded "-Wl,-rpath,$work" -o falls.so
plugin 4 'end: .*ended with exit code 3 when it was closed; its close function has to return' falls.so
mv libneeded.so elsewhere.so
plugin 3 'cannot be loaded.*libneeded.so.*`ldd FILE` shows which' falls.so
expect_of 2 'the plugin.s file and arguments: byte 1' "$rpcancel" doctor --runtime plugin:

# ---- usage, outputs, Ctrl-C ----
expect_of 2 'unknown runtime' "$rpcancel" doctor --runtime nothing
expect_of 2 'it takes options only' "$rpcancel" doctor something
expect_of 2 'for --runtime reference' "$rpcancel" doctor --runtime child:true --mutant x
expect_of 3 'No such file' "$rpcancel" doctor --json no/such/folder.json
"$rpcancel" doctor --runtime child:true --json - 2>/dev/null >out.json
[[ $(jq -r '.exitCode, .summary.problems' out.json | tr '\n' ' ') == '3 1 ' ]] || complain "out.json: $(cat out.json)"
# check and its like point here.
expect_of 3 '`rpcancel doctor` with the same --runtime' "$rpcancel" check --runtime child:./nothing
printf '#!/bin/sh\necho $$ >>%s/pids; read -r line; echo up >>%s/pids; sleep 100\n' "$work" "$work" >slow && chmod +x slow
"$rpcancel" doctor --runtime child:./slow --json interrupted.json >said 2>&1 &
doctor=$!
for ((i = 0; i < 200; i++)); do
    ! grep -q up pids 2>/dev/null || break
    sleep 0.05
done
kill -INT "$doctor"
wait "$doctor"
code=$?
((code == 3)) || complain "interrupted: exit code $code"
says 'rpcancel doctor: interrupted'
[[ $(jq .complete interrupted.json) == false ]] || complain "interrupted.json says that it is complete"
! kill -0 "$(head -n 1 pids)" 2>/dev/null || complain "the child goes on after Ctrl-C"
finish
