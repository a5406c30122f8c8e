#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What crashes somebody else's program is kept apart, as docs/disclosure.md says: by every command that writes it, readable by
# nobody else, with a README, and refused by what looks after the tree. So is what a server's answers are suspected to hold.
# shellcheck disable=SC2016 # backquotes in patterns are meant as they stand
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
# shellcheck source-path=SCRIPTDIR source=server.sh
source "$(dirname "$0")/server.sh"
umask 022
document=$TEST_SOURCE_DIRECTORY/docs/disclosure.md

# A child that a cancel kills, and that makes calls otherwise.
cat >falls.sh <<'end'
while read -r number what; do
    case $what in
    describe) echo "$number 0 name=falls delivery=hidden" ;;
    cancel* | "${1-}") echo "about to fall" >&2; kill -SEGV $$ ;;
    init*|call*) echo "$number 0" ;;
    *) echo "$number unimplemented" ;;
    esac
done
end
falls=(--runtime "child:bash $work/falls.sh")

# is_private FOLDER FILE…: FOLDER holds the README, these, and nothing that anybody else could read; what was said last names it.
is_private() {
    local folder=$1 file
    shift
    [[ $(stat -c %a "$folder") == 700 ]] || complain "$folder: mode $(stat -c %a "$folder")"
    for file in README.txt "$@"; do
        [[ -s $folder/$file ]] || complain "$folder/$file is not there"
    done
    file=$(find "$folder" ! -type d ! -perm 600 -o -type d ! -perm 700)
    [[ -z $file ]] || complain "can be read by others: $file"
    says "^rpcancel [a-z ]*: .*kept private in .*${folder#./}"
    says 'read the README there'
}

# ---- each command that writes ----
expect_of 4 '^the runtime crashed or hung$' "$rpcancel" check "${falls[0]}" "${falls[1]} settle" --save saved 'bugs/*'
says '^rpcancel check: .*kept private in saved/private-findings'
is_private saved/private-findings RpcAsyncCancelCall-{1,3,4}.seq
[[ -s $(find saved/private-findings -name "bugs-*.seq" -print -quit) ]] || complain "nothing was saved of settle, which no rule speaks of"
mkdir elsewhere && ln -s /tmp elsewhere/private-findings
expect_of 3 'elsewhere/private-findings: Not a directory' "$rpcancel" check "${falls[@]}" --save elsewhere
! grep -q 'kept private' said || complain "what was not kept is said to be"
! grep -qr 'runtime crashed' saved --include='*.seq' --exclude-dir=private-findings || complain "a crash is not kept apart"
crash=$(find saved/private-findings -name 'bugs-*.seq' | head -n 1)
[[ $crash == *[!q].seq ]] || complain "a name with two endings: $crash"
grep -q '^# The runtime crashed: the child was killed by signal 11' "$crash" || complain "$crash does not say what happened"
expect_of 4 '^CRASH ' "$rpcancel" replay "${falls[0]}" "${falls[1]} settle" "$crash"

# ---- what falls when it is to forget fell by what came before ----
cat >falls_late.sh <<'end'
while read -r number what; do
    case $what in
    describe) echo "$number 0 name=falls-late delivery=hidden" ;;
    call*) called=1; echo "$number 0" ;;
    reset) [[ ! ${called-} ]] || kill -SEGV $$; echo "$number 0" ;;
    init*size*) echo "$number 87" ;;
    init*) echo "$number 0" ;;
    *) echo "$number unimplemented" ;;
    esac
done
end
late=(--runtime "child:bash $work/falls_late.sh")
# The one that makes no call comes behind one that does.
innocent=rules/RpcAsyncInitializeHandle/3-never-initialised.seq guilty=rules/RpcAsyncGetCallStatus/3-outstanding.seq
expect_of 4 '^the runtime crashed or hung$' "$rpcancel" check "${late[@]}" --save late --json late.json $guilty $innocent
is_private late/private-findings "${guilty//\//-}"
says "^CRASH sequence $guilty$"
says '^  what      at the reset after the sequence: the child was killed by signal 11 .*instead of answering `reset`'
[[ $(find late -name '*.seq' | wc -l) == 1 ]] || complain "another sequence is saved: $(find late -name '*.seq')"
! grep -q "CRASH sequence $innocent" said || complain "an innocent sequence is named"
expect_of 4 '^CRASH ' "$rpcancel" replay "${late[@]}" "late/private-findings/${guilty//\//-}"
expect_of 0 '^# The runtime crashed: at the reset after the sequence' "$rpcancel" shrink "${late[@]}" "late/private-findings/${guilty//\//-}"
says '^call a  *# crashed at the reset after this$'

mkdir found inputs
printf 'init a\ncall a\ncancel a\n' >inputs/crash.seq
printf 'init a\ncall a\n' >inputs/nothing.seq
findings=("$rpcancel" findings "${falls[@]}" --out found)
expect_of 4 '1 finding, 1 new, 1 not shown$' "${findings[@]}" --json all.json --sarif all.sarif inputs/*
says "again .* found/private-findings/crash-[0-9a-f]*/sequence.seq$"
is_private found/private-findings
name=$(basename "$(echo found/private-findings/crash-*)")
[[ -s found/private-findings/$name/finding.txt && -s found/private-findings/$name/input ]] || complain "no finding was written"
[[ $(ls found) == private-findings ]] || complain "something is beside it: $(ls found)"
[[ $(jq -r '.findings[0].folder' all.json) == found/private-findings ]] || complain "the report names another folder"
grep -qF "private-findings/$name/sequence.seq" all.sarif || complain "SARIF names another file"
mkdir job && cp -r found job/findings
for baseline in found job; do
    expect_of 0 ', 0 new, ' "$rpcancel" findings "${falls[@]}" --baseline "$baseline" inputs/crash.seq
done
echo 'told on Monday' >>found/private-findings/README.txt
expect_of 4 '1 finding' "${findings[@]}" inputs/crash.seq
grep -q 'told on Monday' found/private-findings/README.txt || complain "notes in the README are lost"

mkdir drawn && cd drawn || exit 1
expect_of 4 'private-findings/random-failure.seq; again:$' "$rpcancel" random "${falls[@]}" --runs 100
is_private ./private-findings random-failure.seq
cd "$work" || exit 1
mkdir out
expect_of 4 'saved as out/private-findings/mine.seq; again:$' "$rpcancel" random "${falls[@]}" --runs 100 --out out/mine.seq
is_private out/private-findings mine.seq
[[ $(ls out) == private-findings ]] || complain "something is beside it: $(ls out)"
expect_of 4 '^CRASH ' "$rpcancel" replay "${falls[@]}" out/private-findings/mine.seq

mkdir small
expect_of 0 '^shrink: 3 operations to ' "$rpcancel" shrink "${falls[@]}" --out small/x.seq inputs/crash.seq
is_private small/private-findings x.seq
[[ $(ls small) == private-findings ]] || complain "something is beside it: $(ls small)"
expect_of 0 '^# The runtime crashed' "$rpcancel" shrink "${falls[@]}" inputs/crash.seq

# ---- a folder for private findings is in no other ----
for out in small/private-findings/y.seq small/private-findings/deeper/y.seq; do
    mkdir -p "$(dirname "$out")"
    expect_of 0 '^shrink: 3 operations to ' "$rpcancel" shrink "${falls[@]}" --out "$out" inputs/crash.seq
    is_private "$(dirname "$out")" y.seq
done
(cd small/private-findings/deeper && "$rpcancel" shrink "${falls[@]}" --out z.seq "$work/inputs/crash.seq") >said 2>&1
says 'kept private in z.seq;'
[[ $(stat -c %a small/private-findings/deeper/z.seq) == 600 ]] || complain "z.seq can be read by others, or is not there"
expect_of 4 'kept private in saved/private-findings;' "$rpcancel" check "${falls[@]}" --save saved/private-findings 'bugs/*'
says '^  saved     saved/private-findings/RpcAsyncCancelCall-1.seq$'
expect_of 4 'again:$' "$rpcancel" random "${falls[@]}" --runs 100 --out small/private-findings/mine.seq
expect_of 4 '1 finding' "$rpcancel" findings "${falls[@]}" --out found/private-findings inputs/crash.seq
nested=$(find . -path '*/private-findings/*' -name private-findings)
[[ -z $nested ]] || complain "private findings within private findings: $nested"

# ---- what is made of a private finding is one ----
mkdir made
finding=small/private-findings/x.seq
for out in made/x.bin made/x.c made/x.seq made/.x; do
    expect_of 0 "kept private in made/private-findings/${out##*/};" "$rpcancel" convert "$finding" "$out"
done
is_private made/private-findings x.bin x.c x.seq .x
[[ $(ls -A made) == private-findings ]] || complain "something is beside it: $(ls -A made)"
cp "$finding" copied.seq
expect_of 0 'kept private in made/private-findings/copied.c;' "$rpcancel" convert copied.seq made/copied.c
# What the program said last is no public report, though it may name an address.
sed 's,^# The runtime.*,& last words: report it at https://example.org/new,' "$finding" >words.seq
expect_of 0 'kept private in made/private-findings/words.c;' "$rpcancel" convert words.seq made/words.c
sed '/^# The runtime/a # https://example.org/4' "$finding" >public.seq
expect_of 0 '' "$rpcancel" convert public.seq made/public.c
[[ -s made/public.c ]] || complain "what was reported in public is kept private"
expect_of 0 '^init a' "$rpcancel" convert --to text "$finding" -
! grep -q 'kept private' said || complain "standard output is said to be private"
expect_of 0 'kept private in many/private-findings;' "$rpcancel" convert inputs "$finding" many/
[[ $(find many -type f ! -name README.txt | wc -l) == 3 ]] || complain "not all are in the folder: $(find many)"
is_private many/private-findings

# ---- not where it should be nobody's business ----
mkdir open
expect_of 1 '' "$rpcancel" check --mutant escalation-ignored --save open
[[ ! -e open/private-findings ]] || complain "what breaks a rule is kept private"
mkdir linked && ln -s "$work/open" linked/private-findings
expect_of 3 '^rpcancel random: linked/private-findings: Not a directory$' "$rpcancel" random "${falls[@]}" --runs 100 --out linked/mine.seq
! grep -q '^random: ' said || complain "that a private finding cannot be written is found out at the end"
expect_of 3 'linked/private-findings: Not a directory$' "$rpcancel" findings "${falls[@]}" --out linked inputs/crash.seq
expect_of 3 '^rpcancel shrink: linked/private-findings: Not a directory$' "$rpcancel" shrink "${falls[@]}" --out linked/x.seq inputs/crash.seq
[[ -z $(find linked/ -name 'x.seq*') ]] || complain "a private finding is left where it should not be"
[[ -z $(find open -newer linked -name 'mine*') ]] || complain "a private finding went by a link"
# A way to one by another name is one.
ln -s "$work/small/private-findings" mine
expect_of 0 "kept private in $work/small/private-findings/by-link.seq;" "$rpcancel" shrink "${falls[@]}" --out mine/by-link.seq inputs/crash.seq
[[ $(stat -c %a small/private-findings/by-link.seq) == 600 ]] || complain "by-link.seq can be read by others, or is not there"
# A path that is too long is not cut: that would be another place.
deep=$(printf './%.0s' {1..2035})small/private-findings
expect_of 3 'File name too long' "$rpcancel" shrink "${falls[@]}" --out "$deep/a-name-that-is-too-long-for-it.seq" inputs/crash.seq
[[ ! -e README.txt && -z $(find . -maxdepth 1 -name 'a-name*') ]] || complain "a private finding is in a public place"
# What cannot be made of one is not said to be kept.
mkdir -p taken/private-findings/x.bin
expect_of 3 '^rpcancel convert: taken/private-findings/x.bin: Is a directory$' "$rpcancel" convert "$finding" taken/x.bin
! grep -q 'kept private' said || complain "what could not be written is said to be kept"
expect_of 3 'has no operations of the wire' "$rpcancel" convert --to samba "$finding" made/never.py
! grep -q 'kept private' said || complain "what was not made is said to be kept"

# ---- the addresses in the README are those of the document ----
grep -oE '(https://|[a-z-]+@)[^ ]+' found/private-findings/README.txt >addresses
(($(wc -l <addresses) >= 4)) || complain "the README names nobody"
while read -r address; do
    grep -qF -- "$address" "$document" || complain "$address is not in docs/disclosure.md"
done <addresses

# ---- suspected memory ----
printf 'interface 72706361-6e63-656c-8001-746573740001 1.0\nfast 0 0102030405060708\nconstant\n' >constant.target
grep -v constant constant.target >any.target
start --port 0
healthy=$server
runtime=tcp:127.0.0.1:$port
expect_of 1 '^  UNIMPLEMENTED  ' "$rpcancel" check --runtime "$runtime" --target constant.target
[[ ! -e private-findings ]] || complain "a healthy server is suspected"
expect_of 0 'no violation$' "$rpcancel" random --runs 500 --runtime "$runtime" --target constant.target
[[ ! -e private-findings ]] || complain "a healthy server is suspected"
start_command lying python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" memory "${runtime##*:}"
liar=$server
expect_of 0 'no violation$' "$rpcancel" random --runs 50 --runtime "tcp:127.0.0.1:$port" --target any.target
[[ ! -e private-findings ]] || complain "a server is suspected of what nobody said it does not do"
kill "$liar"
start_command lying python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" memory "${runtime##*:}"
liar=$server
expect_of 1 'suspected memory$' "$rpcancel" random --runs 50 --runtime "tcp:127.0.0.1:$port" --target constant.target
is_private ./private-findings suspected-memory.seq
tr -d '\n' <private-findings/suspected-memory.seq | grep -q '6b657921' || complain "the octets are not told"
"$rpcancel" convert private-findings/suspected-memory.seq again.seq || complain "it cannot be read"
again=private-findings/again.seq
expect_of 0 '1 passed, 0 failed$' "$rpcancel" replay --runtime "$runtime" --target constant.target "$again"
# A capture shows as much.
mkdir shown
start_command lying python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" memory "${runtime##*:}"
memory=tcp:127.0.0.1:$port another=$server
expect_of 1 'kept private in shown/private-findings/memory.pcapng;' "$rpcancel" replay --runtime "$memory" --target constant.target \
    --capture shown/memory.pcapng "$again" "$again" "$again" "$again"
is_private shown/private-findings memory.pcapng
expect_of 0 '' "$rpcancel" replay --runtime "$memory" --target any.target --capture shown/open.pcapng "$again"
[[ -s shown/open.pcapng && $(stat -c %a shown/open.pcapng) == 644 ]] || complain "a capture of nothing private is kept so"
kill "$another"
printf '%s\n' 'associate plain' 'request b park' 'co_cancel b flags-04' 'await-reply b' >killer.seq
start_command killed python3 "$TEST_SOURCE_DIRECTORY/tests/fake_server.py" killer "${runtime##*:}"
expect_of 4 'kept private in shown/private-findings/crash.pcapng;' "$rpcancel" replay --deadline 500 --runtime "tcp:127.0.0.1:$port" \
    --capture shown/crash.pcapng killer.seq
is_private shown/private-findings crash.pcapng
[[ ! -e shown/crash.pcapng ]] || complain "a capture of a crash is beside it"
"$rpcancel" pcap annotate shown/private-findings/crash.pcapng shown/comments.pcapng >said 2>&1
is_private shown/private-findings comments.pcapng
kill "$liar" "$healthy"
server=0
printf 'constant too\n' | cat constant.target - >wrong.target
sed -i '/^constant$/d' wrong.target
expect_of 3 'expected constant, and nothing behind it$' "$rpcancel" check --runtime tcp:127.0.0.1:1 --target wrong.target

# ---- what looks after the tree ----
guard=$TEST_SOURCE_DIRECTORY/ci/disclosure
git init -q tree && mkdir -p tree/corpus/{bugs,runtimes,fuzz_sequence/defects} && cd tree || exit 1
cp "$TEST_SOURCE_DIRECTORY/.gitignore" .
printf '# SPDX-License-Identifier: Apache-2.0\n# A cancel that meets the answer.\ninit a\n' >corpus/bugs/fine.seq
printf 'CRASH bugs/fine.seq "" # reported, https://example.org/1\nCRASH RpcAsyncCancelCall/6 "" # https://example.org/2\n' \
    >corpus/runtimes/known.expect
cp -r ../saved/private-findings corpus/bugs/
expect_of 0 '^disclosure: nothing private$' "$guard" .
git add -A
[[ -z $(git ls-files '*private-findings*') ]] || complain "git takes private findings"
# refuses FILE PATTERN: with FILE there, which standard input is put in.
refuses() {
    mkdir -p "$(dirname "$1")"
    cat >"$1"
    expect_of 1 "^$1:?[0-9]*: .*$2" "$guard" .
    rm "$1"
}
refuses corpus/bugs/theirs.seq 'names no public report' <"../$crash"
refuses corpus/bugs/theirs.seq 'names no public report' <"../found/private-findings/$name/sequence.seq"
refuses corpus/bugs/theirs.seq 'names no public report' <../out/private-findings/mine.seq
refuses corpus/bugs/theirs.seq 'names no public report' <../small/private-findings/x.seq
refuses corpus/bugs/theirs.seq 'names no public report' <../private-findings/suspected-memory.seq
refuses corpus/bugs/theirs.txt 'names no public report' <../out/private-findings/mine.seq
{ echo && cat ../out/private-findings/mine.seq; } | refuses corpus/bugs/theirs.seq 'names no public report'
refuses corpus/fuzz_sequence/defects/0a1b 'names no public report' <../out/private-findings/mine.seq
refuses corpus/runtimes/theirs.expect 'not in the public catalogue' <<<'CRASH bugs/secret.seq "" # https://example.org/3'
refuses corpus/runtimes/theirs.expect 'no address of a public report' <<<'CRASH bugs/fine.seq "" # it just does'
refuses corpus/runtimes/theirs.expect 'no address of a public report' <<<'CRASH RpcAsyncCancelCall/6 "https://x"'
refuses corpus/runtimes/theirs.expect 'no address of a public report' <<<'CRASH RpcAsyncCancelCall/6 "# https://x" # it just does'
# All that a check reads as an entry is looked at.
for entry in 'CRASH %s "" # https://x' 'CRASH? %s "" # https://x' ' CRASH %s "" # https://x' $'\t CRASH?\t%s\t""# https://x' 'CRASH %s""#https://x'; do
    # shellcheck disable=SC2059 # the entry is the format
    printf "$entry\n" bugs/secret.seq >"$work/spelt.expect"
    expect_of 5 'spelt.expect:1: stale: no rule or sequence' "$rpcancel" check --expect "$work/spelt.expect" RpcServerTestCancel/10
    refuses corpus/runtimes/theirs.expect 'not in the public catalogue' <"$work/spelt.expect"
done
refuses corpus/runtimes/theirs.expect 'not in the public catalogue' <<<'  CRASH? bugs/secret.seq "" # https://example.org/3'
mkdir -p notes/private-findings && echo secret >notes/private-findings/x && git add -f notes
expect_of 1 '^notes/private-findings/x: a private finding' "$guard" .
git rm -rqf notes
sed '/^# The runtime/a # https://example.org/4' ../out/private-findings/mine.seq >corpus/bugs/public.seq
expect_of 0 '^disclosure: nothing private$' "$guard" .
cd "$work" || exit 1
mkdir empty && expect_of 3 'not a git repository' "$guard" empty
expect_of 0 '^disclosure: nothing private$' "$guard"
expect_of 3 'is private: what crashes' "$TEST_SOURCE_DIRECTORY/ci/corpus" merge saved --into "$work/merged/libfuzzer"
[[ ! -e merged ]] || complain "a corpus took private findings"

finish
