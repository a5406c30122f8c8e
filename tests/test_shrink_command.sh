#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rpcancel shrink: what it writes, where, and which exit code it gives; on the reference, on children that crash, hang and
# fail now and then, with files that cannot be read or written, and when it is interrupted.
# shellcheck disable=SC2016 # backquotes in patterns are meant as they stand
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

rpcancel=$TEST_BUILD_DIRECTORY/rpcancel

complain() {
    echo "FAILED: $*"
    sed 's/^/    | /' out.txt error.txt
    failures=$((failures + 1))
}

# shrink CODE PATTERN ARGUMENT…: shrinks; PATTERN is an extended regular expression for a line of standard error.
# Standard output is in out.txt then.
shrink() {
    local code=$1 pattern=$2 got
    shift 2
    timeout 100 "$rpcancel" shrink "$@" >out.txt 2>error.txt </dev/null
    got=$?
    ((got == code)) || complain "shrink $*: exit code $got, expected $code"
    grep -Eq -- "$pattern" error.txt || complain "shrink $*: says nothing like: $pattern"
}

# writes LINE…: out.txt holds these lines.
writes() {
    printf '%s\n' "$@" | cmp -s - out.txt || complain "this was expected instead: $*"
}

holds() {
    "$@" || complain "$*"
}

# ---- text and binary, in and out ----
mutant=(--mutant test-cancel-consumes-flag)
heading='# RpcServerTestCancel/1 (must): A live call whose nonabortive cancel has arrived tests as cancelled (RPC_S_OK), as'
heading+=' often as it is tested, until it is completed or aborted.'
printf '%s\n' 'init b' 'init a # a comment' 'call b' 'call a => 0' 'deliver request b' 'cancel a' 'dispatch b @t1' \
    'deliver request a' 'deliver cancel a' 'status a' 'dispatch a @t2' 'test-cancel a @t2' 'test-cancel a @t2' 'await a' \
    >found.seq
left=('init a' 'call a' 'cancel a' 'settle' 'dispatch a @t1' 'test-cancel a @t1')
last='test-cancel a @t1                # 1791 RPC_S_CALL_IN_PROGRESS'
shrink 0 '^shrink: 14 operations to 7, [1-9][0-9]* runs, shown 3 of 3$' "${mutant[@]}" found.seq
writes "$heading" "${left[@]}" "$last"
(($(wc -l <error.txt) == 1)) || complain "a shrinking without incidents says more than one line"
shrink 0 '^shrink: 14 ' "${mutant[@]}" --out small.seq found.seq
holds test ! -s out.txt
cp small.seq out.txt
writes "$heading" "${left[@]}" "$last"
"$rpcancel" replay "${mutant[@]}" small.seq >out.txt 2>error.txt && complain "what is left does not fail"
holds grep -q 'breaks RpcServerTestCancel/1' out.txt

"$rpcancel" convert found.seq crash-1234 >out.txt 2>error.txt || complain "convert"
shrink 0 '^shrink: 14 operations to 7,' "${mutant[@]}" crash-1234
writes "$heading" "${left[@]}" "$last"
shrink 0 '^shrink: 14 operations to 7,' "${mutant[@]}" --out small.bin crash-1234
"$rpcancel" convert small.bin - >out.txt
writes "${left[@]}" 'test-cancel a @t1'
holds test "$(stat -c %s small.bin)" = 14

# ---- arguments and files ----
shrink 2 'expected one argument, FILE, found 0'
shrink 2 'expected one argument, FILE, found 2' found.seq found.seq
shrink 2 'there is no option --frobnicate' --frobnicate found.seq
shrink 2 '--runs: found "2", expected a number from 3 to' --runs 2 found.seq
shrink 2 '--rule: there is no rule RpcServerTestCancel/99' --rule RpcServerTestCancel/99 found.seq
shrink 2 'RpcAsyncGetCallStatus/2 is not in force under the profile documented' --rule RpcAsyncGetCallStatus/2 found.seq
shrink 2 'text \(\.seq\) and as binary \(\.bin\) only' --out small.json found.seq
shrink 2 'there is no mutant or variant' --mutant nonsense found.seq
printf 'init a\ninit z\n' >malformed.seq
printf '# nothing\n' >nothing.seq
shrink 3 '^rpcancel shrink: malformed\.seq:2:6: ' malformed.seq
shrink 3 '^rpcancel shrink: nothing\.seq: has no operation$' nothing.seq
shrink 3 'missing\.seq: No such file or directory' missing.seq
shrink 3 'nowhere/never\.seq: No such file or directory' "${mutant[@]}" --out nowhere/never.seq found.seq
mkdir folder
shrink 3 'folder: Is a directory' "${mutant[@]}" --out folder found.seq
timeout 100 "$rpcancel" shrink "${mutant[@]}" found.seq >/dev/full 2>error.txt
(($? == 3)) || complain "results that cannot be written: not exit code 3"

# ---- what does not fail ----
shrink 3 'does not fail: 14 operations carried out, 3 times, and no answer breaks a rule$' --out never.seq found.seq
printf 'init a => 87\n' >unexpected.seq
shrink 3 '1 of the answers is not what the sequence expects' unexpected.seq
shrink 3 'no answer breaks RpcServerTestCancel/2$' "${mutant[@]}" --rule RpcServerTestCancel/2 found.seq
holds test -z "$(find . -name 'never*' -o -name '*.seq.*' -o -name 'folder.*')"

# ---- the rule that is asked for ----
liar="child:'$TEST_BUILD_DIRECTORY/rpcancel-child' --lie test-cancel-invalid:1702=0 --lie status:997=0"
printf '%s\n' 'init b' 'test-cancel invalid @t1' 'init a' 'call b' 'call a' 'status a' >two.seq
shrink 0 '^shrink: 6 operations to 1,' --runtime "$liar" two.seq
holds grep -q '^# RpcServerTestCancel/11 (must)' out.txt
shrink 0 '^shrink: 6 operations to 3,' --runtime "$liar" --rule RpcAsyncGetCallStatus/3 two.seq
holds grep -q '^# RpcAsyncGetCallStatus/3 (must)' out.txt
holds grep -q '^status a .* # 0 RPC_S_OK$' out.txt

# ---- few runs; hidden delivery ----
shrink 0 'ended by --runs; more may make it smaller' "${mutant[@]}" --runs 12 found.seq
holds grep -Eq '^shrink: 14 operations to ([89]|1[0-3]), 15 runs, shown 3 of 3$' error.txt
shrink 0 '^shrink: 14 operations to [78], .* shown 3 of 3$' "${mutant[@]}" --hide-delivery found.seq
grep -q '^deliver' out.txt && complain "messages that arrive unseen are listed"

# ---- children that fail in other ways ----
# The reference behind a script that spoils it, by its first argument.
cat >spoiled.sh <<'CHILD'
coproc child { exec "$TEST_BUILD_DIRECTORY/rpcancel-child"; }
cancelled=0
while IFS= read -r line; do
    case $line in
    *' reset')
        cancelled=0
        echo x >>resets
        ;;
    *' cancel a') cancelled=1 ;;
    esac
    case $1,$cancelled,$line in
    crash,1,*' complete b') kill -SEGV $$ ;;
    hang,1,*' complete b') sleep MARK ;;
    esac
    [[ $1 == slow ]] && sleep 0.01
    echo "$line" >&"${child[1]}"
    IFS= read -r answer <&"${child[0]}"
    if [[ $1 == moody && $line == *' test-cancel invalid @w' ]]; then
        echo x >>moods
        (($(wc -l <moods) % 3 == 0)) || answer="${line%% *} 0"
    fi
    [[ $1 == slow ]] && answer=${answer/ 1702/ 0}
    echo "$answer"
done
CHILD
mark=1000.$$ # tells our processes from others
sed -i "s/MARK/$mark/" spoiled.sh
printf '%s\n' 'init b' 'call b' 'status a' 'cancel a' 'complete b' 'await a' >spoiled.seq
shrink 0 '^shrink: 6 operations to 4,' --runtime "child:bash $work/spoiled.sh crash" spoiled.seq
holds grep -q '^# The runtime crashed: .*signal 11' out.txt
holds grep -Eq '^complete b +# crashed$' out.txt
printf '%s\n' 'init b' 'call b' 'cancel a' 'status b' 'complete b' >hanging.seq
shrink 0 '^shrink: 5 operations to 4,' --deadline 150 --runtime "child:bash $work/spoiled.sh hang" hanging.seq
holds grep -q '^# The runtime hung: .*within 150 ms' out.txt
holds grep -Eq '^complete b +# hung$' out.txt
shrink 3 'no failure that could be kept, at operation 5 of 6: .*signal 11' --rule RpcServerTestCancel/11 \
    --runtime "child:bash $work/spoiled.sh crash" spoiled.seq
printf '%s\n' 'init a' 'call a' 'test-cancel invalid @w' >moody.seq
shrink 3 'moody\.seq: fails now and then, in [12] of 3 more runs: not shrunk' --out never.seq \
    --runtime "child:bash $work/spoiled.sh moody" moody.seq
holds test ! -e never.seq
shrink 3 'cannot start' --runtime child:./missing found.seq

# ---- Ctrl-C ----
for _ in {1..3}; do printf '%s\n' 'init a' 'init b' 'status a' 'init c' 'status b' 'init d'; done >many.seq
echo 'test-cancel invalid @w' >>many.seq
: >resets
"$rpcancel" shrink --runtime "child:bash $work/spoiled.sh slow" --out partial.seq many.seq >out.txt 2>error.txt &
shrinking=$!
for _ in {1..600}; do
    (($(wc -l <resets) < 12)) || break
    sleep 0.1
done
kill -INT "$shrinking"
wait "$shrinking"
code=$?
((code == 3)) || complain "interrupted: exit code $code, expected 3"
holds grep -q '^rpcancel shrink: interrupted; this is the smallest so far$' error.txt
holds grep -Eq '^shrink: 19 operations to ([2-9]|1[0-8]), .*, shown 3 of 3$' error.txt
holds grep -Eq '^test-cancel invalid @w +# 0 RPC_S_OK$' partial.seq

sleep 0.2
holds test -z "$(pgrep -f "sleep $mark|$work/spoiled\.sh")"
holds test -z "$(find . -name 'never*' -o -name '*.seq.*')"

finish
