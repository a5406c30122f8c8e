#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the program says and which exit code it gives when arguments, files or runtimes are not as they should be; and
# that nothing is left behind: no process, no half-written file.
# shellcheck disable=SC2016 # backquotes in patterns are meant as they stand
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

rpcancel=$TEST_BUILD_DIRECTORY/rpcancel

# expect CODE PATTERN ARGUMENT…: runs the program.
expect() {
    expect_of "$1" "$2" "$rpcancel" "${@:3}"
}

# ---- arguments ----
expect 2 'no command given'
expect 2 'there is no command frobnicate' frobnicate
expect 2 'there is no option --frobnicate' --frobnicate
expect 0 '^rpcancel [0-9]+\.[0-9]+\.[0-9]+$' --version
expect 0 'Exit codes, strongest first' --help
for command in check replay convert rules suite; do
    expect 0 "^Usage: rpcancel $command" "$command" --help
    expect 2 'there is no option --frobnicate' "$command" --frobnicate
    expect 2 'there is no option -x' "$command" -x
done
expect 2 'option --runtime needs a value' check --runtime
expect 2 'option --strict=1 takes no value' check --strict=1
expect 2 'expected reference, child:COMMAND, plugin:FILE, tcp:HOST:PORT or tcp-listen:COMMAND' check --runtime nonsense
expect 2 'expected documented, documented-98 or windows' check --profile nonsense
expect 2 '--deadline: found "0", expected milliseconds' check --deadline 0
expect 2 '--deadline: found "1s", expected milliseconds' check --deadline 1s
expect 2 '--seed: found "-1", expected a decimal number' check --seed -1
expect 2 'there is no mutant or variant `nonsense`' check --mutant nonsense
expect 2 'are for --runtime reference' check --runtime child:true --mutant nonsense
expect 2 'no sequence and no rule in force matches the filter: nonsense' check nonsense
expect 2 'no sequence and no rule in force matches the filter: nonsense' check --list RpcServerTestCancel nonsense
expect 2 '--fix needs --expect LIST' check --fix
expect 2 '--fix needs the whole catalogue' check --expect list --fix RpcServerTestCancel
expect 2 '^rpcancel check: --json and --junit cannot both go to standard output$' check --json - --junit -
expect 2 '^rpcancel check: --junit and --sarif cannot both go to standard output$' check --sarif - --junit -
expect 2 '^rpcancel explore: --dot and --edges cannot both go to standard output$' explore --dot - --edges -
expect 2 '^rpcancel check: --json and --sarif name the same file: never\.x$' check --json never.x --sarif never.x
expect 2 '^rpcancel check: --json and --junit name the same file: \./never\.x$' check --json never.x --junit ./never.x
expect 2 'name the same file' check --json "$work/never.x" --junit never.x
expect 2 '^rpcancel check: --junit and --save name the same file: never\.x/$' check --junit never.x --save never.x/
expect 2 '^rpcancel check: --json and --expect name the same file: known\.expect$' check --json known.expect --expect known.expect
expect 2 '^rpcancel check: --json and --expect cannot both go to standard output$' check --json - --expect - --fix
expect 2 'expected at least one file or folder' replay
expect 2 'expected two arguments, IN and OUT, found 1' convert one
expect 2 'expected at least one file or folder, or --catalogue' coverage
expect 2 'expected at least one file or folder to minimise' coverage --catalogue --minimise never
expect 2 '--floor: found "states=101"' coverage --catalogue --floor edges=1.25,states=101
expect 2 'found "one", expected no argument' rules one

# ---- what works ----
expect 0 '^conformant$' check --strict
expect 0 '^conformant$' check --strict --profile windows
expect 0 '^conformant$' check --strict --profile documented-98
expect 0 '^conformant$' check --hide-delivery --seed 7
expect 0 '[0-9]+ sequences, 11 rules$' check --list RpcServerTestCancel
expect 0 '^PASS +RpcServerTestCancel/11 .*decided [0-9]+ times' check RpcServerTestCancel/11
expect 0 '^0 of [0-9]+ rules uncovered$' rules --uncovered
expect 1 '^FAIL RpcServerTestCancel/[0-9]+ ' check --mutant test-cancel-consumes-flag --save saved
holds test -n "$(ls saved)"
expect 1 'breaks RpcServerTestCancel/' replay --mutant test-cancel-consumes-flag saved
expect 0 '^replay: [1-9][0-9]* sequences, [1-9][0-9]* passed, 0 failed$' replay saved
"$rpcancel" check --json - >only.json 2>said
holds jq -e '.conformant and .complete' only.json
"$rpcancel" check --sarif - >only.sarif 2>people.txt
holds jq -e '.version == "2.1.0"' only.sarif
holds grep -q '^conformant$' people.txt
"$rpcancel" check --junit - >only.xml 2>people.txt
holds grep -q '^</testsuites>$' only.xml
holds grep -q '^conformant$' people.txt
expect 0 '^conformant$' check --expect - --json listed.json # an empty list, from standard input

# ---- sequences in files ----
printf 'init a\ninit z\n' >malformed.seq
printf 'init a\nfrobnicate a\n' >unknown.seq
printf 'init a => 87\n' >unexpected.seq
printf 'init a => 0\nstatus b => 1914\n' >good.seq
mkdir empty
expect 3 '^rpcancel replay: malformed\.seq:2:6: ' replay malformed.seq
expect 3 '^rpcancel replay: unknown\.seq:2:1: ' replay unknown.seq
expect 3 '^rpcancel replay: missing\.seq: No such file or directory' replay missing.seq
expect 2 'there is no sequence' replay empty
expect 1 'expected 87' replay unexpected.seq
expect 0 '^replay: 1 sequence, 1 passed, 0 failed$' replay good.seq
expect 3 '^replay: 2 sequences, 1 passed, 1 failed$' replay good.seq malformed.seq unexpected.seq
printf '# nothing to do\n\n' >nothing.seq
: >nothing.bin
expect 3 '^rpcancel replay: nothing\.seq: has no operation$' replay nothing.seq good.seq
expect 3 '^rpcancel replay: nothing\.bin: has no operation$' replay nothing.bin
mkfifo silence
exec 3<>silence # keeps it open, so that a read of it waits for ever
timeout -k 5 1 "$rpcancel" replay silence >said 2>&1
(($? == 124)) || complain "a replay that waits for its file does not end at the first signal"
exec 3>&-

expect 0 '' convert good.seq good.bin
expect 0 '^replay: 1 sequence, 1 passed' replay good.bin
expect 0 '' convert good.bin again.seq
holds diff good.seq again.seq
expect 0 '^init a => 0$' convert good.bin -
expect 3 '^rpcancel convert: malformed\.seq:2:6: ' convert malformed.seq never.bin
expect 3 'missing\.seq: No such file' convert missing.seq never.bin
expect 3 'No such file or directory' convert good.seq nowhere/never.bin

# ---- what is read is not written over ----
"$rpcancel" check --json result.json rules/RpcServerTestCancel >/dev/null
"$rpcancel" survey --json survey.json >/dev/null
printf 'interface 72706361-6e63-656c-8001-746573740001 1.0\nfast 0\n' >some.target
mkdir several && cp good.seq several && ln -s good.seq link.seq && ln good.seq hard.seq
cp "$TEST_SOURCE_DIRECTORY/pcaps/S05-cancel-while-executing.c706.pcapng" small.pcapng
echo 'no plugin, nor a script' | tee some.so >some.sh
md5sum good.seq several/good.seq result.json survey.json some.target small.pcapng some.so some.sh >before
wire=(--runtime tcp:127.0.0.1:1 --target some.target)
for output in good.seq ./good.seq link.seq hard.seq; do
    expect 2 '^rpcancel convert: OUT names a file that is read as well: ' convert good.seq "$output"
done
expect_of 2 '^rpcancel convert: OUT names a file that is read as well: good\.seq$' bash -c '"$0" convert - good.seq <good.seq' "$rpcancel"
expect 2 '^rpcancel convert: --knownfail names a file that is read as well: good\.seq$' convert --to samba --knownfail good.seq good.seq never.py
expect 2 '^rpcancel convert: OUT and --knownfail name the same file: never\.py$' convert --to samba --knownfail never.py good.seq never.py
expect 2 '^rpcancel diff: --json names a file that is read as well: \./result\.json$' diff --json ./result.json result.json result.json
expect 2 '^rpcancel compare: --markdown names a file that is read as well: result\.json$' compare --markdown result.json mine=result.json
expect 2 '^rpcancel survey: --json names a file that is read as well: survey\.json$' survey --beside survey.json --json survey.json
expect 2 '^rpcancel check: --junit names a file that is read as well: some\.target$' check "${wire[@]}" --junit some.target
expect 2 '^rpcancel check: --json names a file that is read as well: some\.so$' check --runtime plugin:./some.so --json some.so
expect 2 '^rpcancel survey: --json names a file that is read as well: some\.sh$' survey --runtime "child:bash 'some.sh' again" --json some.sh
expect 2 '^rpcancel check: --sarif names a file that is read as well: some\.sh$' check --runtime "tcp-listen:1234:./some.sh {port}" --sarif some.sh
expect 2 '^rpcancel doctor: --json names a file that is read as well: some\.target$' doctor "${wire[@]}" --json some.target
expect 2 '^rpcancel random: --out names a file that is read as well: some\.target$' random "${wire[@]}" --out some.target
expect 2 '^rpcancel replay: --capture names a file that is read as well: several/good\.seq$' replay "${wire[@]}" --capture several/good.seq several
expect 2 '^rpcancel replay: --capture names a file that is read as well: some\.target$' replay "${wire[@]}" --capture some.target several
expect 2 '^rpcancel shrink: --out names a file that is read as well: good\.seq$' shrink --out good.seq good.seq
expect 2 '^rpcancel findings: --sarif names a file that is read as well: several/good\.seq$' findings --sarif several/good.seq several
expect 2 '^rpcancel coverage: --json names a file that is read as well: several/good\.seq$' coverage --json several/good.seq several
expect 2 '^rpcancel coverage: --json names a file that is read as well: good\.seq$' coverage --json good.seq --beside good.seq --catalogue
expect 2 '^rpcancel pcap check: --json names a file that is read as well: small\.pcapng$' pcap check --json small.pcapng small.pcapng
expect 2 '^rpcancel rules: --json and --markdown name the same file: never\.x$' rules --json never.x --markdown never.x
expect_of 0 '^diff: 0 worse' bash -c '"$0" diff --json - - result.json <result.json' "$rpcancel"
holds md5sum -c --quiet before
rm hard.seq
# What may have to be written is tried before anything is run.
mkdir random-failure.seq
expect 3 '^rpcancel random: random-failure\.seq: Is a directory$' random --runs 1 --mutant escalation-ignored
! grep -q '^random: ' said || complain "that nothing can be written is found out at the end"
expect 0 'no violation$' random --runs 1 # where nobody expects that anything must be
rmdir random-failure.seq
expect 3 'nothing\.bin: has no operation, so there is nothing to test' convert nothing.bin never.c
expect 2 'text \(\.seq\) and as binary \(\.bin\) only' convert good.seq never.pcap
expect 3 'empty: Is a directory' convert empty never.bin

# What a fuzzer wrote is binary, though each of its bytes be a character of text: its name tells.
printf '&@' >printable
expect 3 '^rpcancel replay: printable:1:1: expected an operation' replay printable
for name in "$(sha1sum <printable | cut -c 1-40)" "$(sha256sum <printable | cut -c 1-64)" "crash-$(sha1sum <printable | cut -c 1-40)" id:000001,time:5; do
    cp printable "$name"
    expect 0 '^replay: 1 sequence, 1 passed' replay "./$name"
done
cp printable "$(sha1sum <printable | cut -c 1-39)"
expect 3 ':1:1: expected an operation' replay "$(sha1sum <printable | cut -c 1-39)"

# Into a folder: files and folders, in either form; what is the same is one file.
mkdir -p many/below
cp good.seq many
cp good.bin many/below/again
printf 'init b\n' >many/below/other.seq
expect 0 '' convert many good.seq folder/
(cd folder && for file in *; do printf '%s  %s\n' "$file" "$file"; done) >names
holds test "$(wc -l <names)" = 2
(cd folder && sha256sum --check --quiet ../names) >said 2>&1 || complain "files are not named by the SHA-256 of their bytes"
holds cmp good.bin "folder/$(sha256sum good.bin | cut -c 1-64)"
expect 0 '' convert many folder
holds test "$(find folder -type f | wc -l)" = 2
expect 3 '^rpcancel convert: malformed\.seq:2:6: ' convert malformed.seq good.seq other/
holds test "$(find other -type f | wc -l)" = 1
expect 2 'never: expected a folder, for 2 paths' convert good.seq many never
expect 2 'sequences go in binary only' convert --to text good.seq folder
expect 3 'missing: No such file' convert missing folder
expect 3 'good\.seq/: is no folder' convert good.bin good.seq/

# ---- coverage ----
expect 0 '^coverage: states 2 of [0-9]+, edges 1 of ' coverage many/below/other.seq --floor edges=0.0
expect 3 'missing: No such file' coverage --beside missing good.seq
expect 0 '^minimise: 1 of 2 sequences cover as much; [0-9]+ bytes written to few$' coverage many/below --minimise few
expect 0 '^minimise: 0 of 2 sequences cover as much; ' coverage --catalogue --beside good.seq many/below --minimise none
expect 6 '^rpcancel coverage: edges: 2 of [0-9]+ covered, the floor is 99\.50 %$' coverage good.seq --floor edges=99.5

# What cannot be written is found out before anything is run, not after: the deadline is never reached.
waits="child:sleep 60"
expect 3 'nowhere/never\.json: No such file or directory' check --json nowhere/never.json --runtime "$waits"
expect 3 'nowhere/never\.xml: No such file or directory' check --junit nowhere/never.xml --runtime "$waits"
expect 3 'nowhere/never\.sarif: No such file or directory' check --sarif nowhere/never.sarif --runtime "$waits"
expect 3 'nowhere/never: No such file or directory' check --save nowhere/never --runtime "$waits"
expect 3 'good\.seq: Not a directory' check --save good.seq --runtime "$waits"
expect 3 'nowhere/never\.dot: No such file or directory' explore --calls 4 --dot nowhere/never.dot
expect 3 'nowhere/never\.edges: No such file or directory' explore --calls 4 --edges nowhere/never.edges
expect 2 '--view: found "top", expected client, server or both' explore --view top --dot never.dot
expect 2 '--view is about the diagram that --dot writes' explore --view client
expect 3 'nowhere/never\.seq: No such file or directory' random --seconds 60 --out nowhere/never.seq
expect 0 '' check --save saved # a folder that exists
holds test -z "$(find . -name 'never*')"
holds test -z "$(find . -name 'good.seq.*' -o -name 'empty.*')"

# ---- expectation lists ----
lying="child:$TEST_BUILD_DIRECTORY/rpcancel-child --lie 1791=0"
expect 1 '^FAIL RpcServerTestCancel/2 ' check --runtime "$lying"
expect 0 '^  XFAIL +[1-9]' check --runtime "$lying" --expect known.expect --fix
holds grep -q '^FAIL RpcServerTestCancel/2 "got 0 RPC_S_OK, want 1791' known.expect
expect 0 '^conformant but for [1-9][0-9]* rules? listed as known$' check --runtime "$lying" --expect known.expect
expect 5 '^known\.expect:1: stale: RpcServerTestCancel/2 passes, listed as FAIL$' check --expect known.expect
# What no sequence decided, as not all were run, is left alone, and what one decided is not.
printf 'FAIL RpcServerTestCancel/11 "" # of others\n' >others.expect
expect 1 '^not conformant$' check --expect others.expect 'rules/RpcServerTestCancel/1-*'
expect 5 '^others\.expect:1: stale: RpcServerTestCancel/11 passes' check --expect others.expect 'rules/RpcServerTestCancel/11-*'
: >empty.expect
expect 1 '^not conformant$' check --runtime "$lying" --expect empty.expect
holds "$rpcancel" check --runtime "$lying" --expect known.expect
grep -q ' $' said && complain "a line of the report ends with a blank"
echo 'FAIL RpcServerTestCancel/99 "" # bogus' >>known.expect
expect 5 'stale: no rule or sequence is called RpcServerTestCancel/99' check --runtime "$lying" --expect known.expect
expect 5 '; 1 stale entry in the expectation list$' check --runtime "$lying" --expect known.expect
echo 'nonsense' >malformed.expect
expect 3 '^rpcancel check: malformed\.expect:1:1: found "nonsense", expected FAIL' check --expect malformed.expect
expect 3 'missing\.expect: No such file or directory' check --expect missing.expect

# ---- children that are no runtimes ----
mark=1000.$$ # tells our processes from others
sed "s/MARK/$mark/" >child.sh <<'CHILD'
case $1 in
never) touch up && sleep MARK ;;
again) [[ ! -e was ]] || { touch up && sleep MARK; } ;;
esac
# The first line asks for a description, which a child need not have; the last one is never answered well.
read -r id _ && echo "$id unimplemented"
read -r id _
case $1 in
late) sleep MARK ;;
stays) touch up && sleep MARK ;;
again) touch was && kill -SEGV $$ ;;
dies) echo "these are my last words" >&2; kill -SEGV $$ ;;
nonsense) echo "what?"; sleep MARK ;;
floods) yes MARK ;;
slow) while echo "$id unimplemented"; do read -r id _ || exit; sleep 0.1; done ;;
esac
CHILD
expect 3 'cannot start `\./missing`: No such file or directory' check --runtime child:./missing
expect 2 'this . is not closed' check --runtime "child:a 'b"
expect 3 'ended with exit code 1 instead of answering' check --runtime child:false
expect 3 'answered `1 describe` with `y`' check --runtime child:yes
expect 3 'did not answer `describe` within 100 ms' check --runtime "child:sleep $mark" --start-deadline 100
expect 4 'did not answer .* within 100 ms' check --runtime "child:bash $work/child.sh late" --deadline 100
expect 4 'given up after 3 sequences in a row without an answer' check --runtime "child:bash $work/child.sh late" --deadline 100
expect 4 'late\.expect: not rewritten, as the check is incomplete' check --runtime "child:bash $work/child.sh late" --deadline 100 --expect late.expect --fix
expect 4 'signal 11' check --runtime "child:bash $work/child.sh dies"
expect 4 'these are my last words' check --runtime "child:bash $work/child.sh dies"
expect 3 'with `what\?`' check --runtime "child:bash $work/child.sh nonsense"
expect 3 'HARNESS-ERROR' check --runtime "child:bash $work/child.sh floods"
expect 3 'HARNESS-ERROR' replay --runtime "child:bash $work/child.sh floods" good.seq
expect 4 'CRASH good.seq' replay --runtime "child:bash $work/child.sh dies" good.seq
expect 4 'HANG good.seq' replay --runtime "child:bash $work/child.sh late" --deadline 100 good.seq
expect 1 'UNIMPLEMENTED good.seq' replay --runtime "child:bash $work/child.sh slow" good.seq

# ---- Ctrl-C ----
"$rpcancel" check --runtime "child:bash $work/child.sh slow" --json partial.json --junit partial.xml --sarif partial.sarif \
    >partial.txt 2>&1 </dev/null &
check=$!
sleep 1
kill -INT "$check"
wait "$check"
code=$?
((code == 3)) || complain "interrupted: exit code $code, expected 3"
holds grep -Eq '^interrupted after [1-9][0-9]* of [0-9]+ sequences$' partial.txt
holds jq -e '.complete == false and ([.sequences[] | select(.verdict != "SKIP")] | length > 0)' partial.json
holds jq -e '.runs[0].invocations[0] | .executionSuccessful == false and .exitCode == 3' partial.sarif
holds grep -Eq '<error message="interrupted after [1-9][0-9]* of [0-9]+ sequences"' partial.xml

# until CONDITION…: waits for it, for some seconds.
until_true() {
    for ((i = 0; i < 200; i++)); do
        ! "$@" || return 0
        sleep 0.05
    done
    complain "waited in vain: $*"
}

# interrupted CODE SIGNAL ARGUMENT…: runs the program until the file `up` is there, and ends it by SIGNAL, which comes
# twice, as timeout(1) sends it; then it has to end soon.
interrupted() {
    local code began
    rm -f up
    "$rpcancel" "${@:3}" >said.txt 2>&1 </dev/null &
    check=$!
    until_true test -e up
    began=$SECONDS
    kill "-$2" "$check"
    sleep 0.05
    kill "-$2" "$check" 2>/dev/null
    wait "$check"
    code=$?
    ((code == $1)) || complain "interrupted, exit code $code, expected $1: ${*:3}: $(cat said.txt)"
    ((SECONDS - began < 8)) || complain "went on for $((SECONDS - began)) s after Ctrl-C: ${*:3}"
}

# One that does not start, one that hangs, and one that hangs when it is started again, after a crash.
interrupted 3 TERM check --runtime "child:bash $work/child.sh never" --json never.json
holds grep -q '^rpcancel check: interrupted before the runtime was there$' said.txt
holds test ! -e never.json
for way in stays again; do
    rm -f was
    interrupted 3 TERM check --runtime "child:bash $work/child.sh $way" --deadline 60000 --json "$way.json"
    holds jq -e '.complete == false' "$way.json"
    holds grep -Eq '^interrupted after [0-9]+ of [0-9]+ sequences$' said.txt
    # What was going on then is nothing that the runtime did.
    holds jq -e '[.sequences[] | select(.verdict == "HANG")] == []' "$way.json"
done
holds jq -e '[.sequences[] | select(.verdict == "CRASH")] | length == 1' again.json
# A second later it is meant again.
rm -f up
"$rpcancel" check --runtime "plugin:$TEST_BUILD_DIRECTORY/plugin-hangs-at-load.so" --in-process >said.txt 2>&1 </dev/null &
check=$!
sleep 0.5
kill -TERM "$check"
sleep 1.2
kill -TERM "$check"
wait "$check"
code=$?
((code == 143)) || complain "interrupted for a second time: exit code $code, expected 143"

# ---- nothing is left ----
sleep 0.2
holds test -z "$(pgrep -f "(sleep|yes) $mark|$work/child\.sh")"

# ---- a link to where standard output leads is standard output ----
mkdir standard && ln -s /proc/self/fd/1 standard/out
"$rpcancel" rules --json standard/out >standard/file
[[ -L standard/out ]] || complain "a link to standard output is replaced"
holds jq -e '.rules | length > 80' standard/file

finish
