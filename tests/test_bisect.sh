#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# --bisect: `git bisect run` with check and replay names the commit that brought a defect, and passes over the one that
# does not build; each exit code becomes what git makes the right thing of. docs/expectations.md shows the example.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

rpcancel=$TEST_BUILD_DIRECTORY/rpcancel
compiler=${TEST_COMPILER:-cc}

# ---- exit codes ----
bisect() { expect_of "$1" "$2" "$rpcancel" "${@:3}" --bisect; }
cat >child.py <<'PY'
#!/usr/bin/env python3
# A child that knows RpcServerTestCancel, outside of calls, and RpcAsyncGetCallStatus, of handles that nobody has
# initialised. MODE: 1914 or another code for the latter, die.
import sys

for line in sys.stdin:
    number, *words = line.split()
    answer = "unimplemented"
    if words == ["reset"]:
        answer = "0"
    elif words[:2] == ["test-cancel", "0"]:
        answer = "1725"
    elif words[:2] == ["test-cancel", "invalid"]:
        answer = "1702"
    elif words[0] == "status":
        if sys.argv[1] == "die":
            sys.exit(1)
        answer = sys.argv[1]
    print(number, answer, flush=True)
PY
child="child:python3 child.py"
sequence=rules/RpcAsyncGetCallStatus/1-never-initialised.seq
file=$TEST_SOURCE_DIRECTORY/corpus/$sequence
bisect 0 '^conformant' check
bisect 0 '0 failed$' replay "$file"
bisect 0 'no violation$' random --runs 50
bisect 1 '^not conformant' check --mutant escalation-ignored
bisect 1 '1 failed$' replay --runtime "$child 0" "$file"
bisect 1 '1 violation$' random --runs 5000 --mutant escalation-ignored --out -
bisect 125 '^no rule was decided' check --runtime "$child 0" RpcServerTestCancel/1
bisect 125 '^UNIMPLEMENTED' replay --runtime "$child 0" "$TEST_SOURCE_DIRECTORY/corpus/rules/RpcServerTestCancel/10-worker.seq"
bisect 4 '^CRASH' check --runtime "$child die" $sequence
bisect 4 '^CRASH' replay --runtime "$child die" "$file"
bisect 125 'No such file' check --runtime child:./nothing
bisect 125 'No such file' replay --runtime child:./nothing "$file"
bisect 125 'No such file' random --runtime child:./nothing
bisect 125 'ended with exit code 1 instead of answering' check --runtime child:false
bisect 125 'No such file' check --expect none.expect
bisect 128 'no option --frobnicate' check --frobnicate
bisect 128 'nothing is called|matches' check no/such.seq
bisect 128 'at least one file' replay
bisect 128 'expected a number from 1' random --runs many
bisect 128 'leave out one' check --fix --expect new.expect
expect_of 128 'no option --frobnicate' "$rpcancel" check --frobnicate --bisect
# What is said in vain is no verdict.
"$rpcancel" check --bisect >/dev/full 2>said
(($? == 125)) || complain "with standard output full"
# A list that does not fit any more is good, unless something fails behind it; the report says what it would without.
printf 'FAIL %s "" # long gone\n' RpcAsyncGetCallStatus/1 >stale.expect
expect_of 5 '^stale.expect:1: stale' "$rpcancel" check --expect stale.expect --sarif plain.sarif
bisect 0 '^stale.expect:1: stale' check --expect stale.expect --sarif stale.sarif
jq '.runs[0].invocations[0].exitCode' plain.sarif stale.sarif | tr '\n' ' ' >codes
[[ $(cat codes) == '5 5 ' ]] || complain "the reports say: $(cat codes)"
expect_of 5 '' "$rpcancel" check --expect stale.expect --mutant escalation-ignored
bisect 1 '^not conformant' check --expect stale.expect --mutant escalation-ignored
# Ctrl-C ends the whole bisection.
printf '#!/bin/sh\nread -r line; echo 1 0 delivery=command; touch up; sleep 60\n' >slow && chmod +x slow
"$rpcancel" check --bisect --runtime child:./slow --deadline 3000 >said 2>&1 &
check=$!
for ((i = 0; i < 200; i++)); do
    [[ ! -e up ]] || break
    sleep 0.05
done
kill -INT "$check"
wait "$check"
code=$?
((code >= 128)) || complain "interrupted: exit code $code"

# ---- a bisection ----
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
git init -q runtime && cd runtime || exit 1

# write NO_CALL INVALID: the runtime, of which RpcServerTestCancel answers so.
write() {
    cat >child.c <<C
#include <stdio.h>
#include <string.h>

int main(void)
{
    char line[128], what[100];
    unsigned long number;
    setvbuf(stdout, NULL, _IOLBF, 0);
    while (fgets(line, sizeof line, stdin) && sscanf(line, "%lu %99[^\n]", &number, what) == 2) {
        if (strcmp(what, "reset") == 0)
            printf("%lu 0\n", number);
        else if (strncmp(what, "test-cancel 0 ", 14) == 0)
            printf("%lu $1\n", number);
        else if (strncmp(what, "test-cancel invalid ", 20) == 0)
            $2
        else
            printf("%lu unimplemented\n", number);
    }
    return 0;
}
C
}
commit() {
    date +%N%s >notes
    git add -A && git commit -q -m "$1"
}
write 1725 'printf("%lu 1702\n", number);' && commit 'begin'
commit 'notes' && commit 'more notes'
sed -i 's/^int main/int mian/' child.c && commit 'does not build'
sed -i 's/^int mian/int main/' child.c && commit 'builds again'
write 1702 'printf("%lu 1702\n", number);' && commit 'takes 0 for a handle that is wrong'
commit 'notes again'
write 1702 'return *(volatile int *)0;' && commit 'trusts its caller'

# named SUBJECT: the bisection that was said last must have found the commit with that subject.
named() {
    grep -q 'is the first bad commit' "$work/said" || complain "the bisection found nothing"
    [[ $(git log -1 --format=%s refs/bisect/bad) == "$1" ]] || complain "it found: $(git log -1 --format=%s refs/bisect/bad)"
    git bisect log | grep -q '^# skip' || complain "nothing was skipped: $(git bisect log)"
    holds git bisect reset
}
cat >"$work/try" <<SH
$compiler -o "$work/child" child.c || exit 125
exec "\$@" --bisect --runtime "child:$work/child"
SH
holds git bisect start HEAD HEAD~7
holds git bisect run sh "$work/try" "$rpcancel" check RpcServerTestCancel/10
named 'takes 0 for a handle that is wrong'
# By a sequence, and to the commit that brought a crash.
printf 'test-cancel invalid @w => 1702\n' >"$work/invalid.seq"
holds git bisect start HEAD HEAD~7
holds git bisect run sh "$work/try" "$rpcancel" replay "$work/invalid.seq"
named 'trusts its caller'
finish
