#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# ci/corpus: two corpora that two short jobs made are merged and nothing is lost, neither to libFuzzer nor of coverage;
# what brings nothing goes; and the report sees what is not in order. The corpus of the project is.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

target=$TEST_BUILD_DIRECTORY/fuzz_sequence
rpcancel=$TEST_BUILD_DIRECTORY/rpcancel

# corpus CODE ARGUMENT…: runs ci/corpus.
corpus() {
    local code=$1 got
    shift
    timeout 200 "$TEST_SOURCE_DIRECTORY/ci/corpus" "$@" >said 2>&1 </dev/null
    got=$?
    ((got == code)) || complain "ci/corpus $*: exit code $got, expected $code"
}

# all_of FOLDER…: libFuzzer's features and the coverage of everything there.
all_of() {
    "$target" -runs=0 "$@" 2>&1 | sed -n 's/.*DONE .* \(ft: [0-9]*\) .*/\1/p'
    "$rpcancel" coverage "$@" | tail -n 1
}

# must_be EXPECTED FOLDER…
must_be() {
    local expected=$1 got
    shift
    got=$(all_of "$@")
    [[ $expected == "$got" ]] || complain "$* has $got, expected $expected"
}

listing() {
    (cd "$1" && find . -type f | sort | xargs sha256sum)
}

# ---- two corpora ----
for seed in 1 2; do
    mkdir "job$seed"
    "$target" -runs=30000 -seed=$seed -max_len=256 "job$seed" >said 2>&1 || complain "fuzzing with seed $seed"
done
first=$(all_of job1) second=$(all_of job2) union=$(all_of job1 job2)
printf 'job1: %s\njob2: %s\nboth: %s\n' "${first//$'\n'/ }" "${second//$'\n'/ }" "${union//$'\n'/ }"
[[ $union != "$first" && $union != "$second" ]] || complain "neither job found what the other did not"
printf '\377\377' >job1/idle
printf 'complete a @w\n' >refused.seq # nothing happens here either

# ---- merged, and again, and the other way round ----
corpus 0 merge job1 --into one/jobs
must_be "$first" one/jobs
corpus 0 merge job2 refused.seq --into one/jobs
says '^merge: [1-9][0-9]* of [0-9]+ sequences added to one/jobs; libfuzzer features [0-9]+; coverage: states'
must_be "$union" one/jobs
listing one >before
corpus 0 merge job1 job2 refused.seq --into one/jobs
says '^merge: 0 of '
listing one | cmp -s - before || complain "merging the same again changes something"
corpus 0 merge job2 job1 --into two/jobs
must_be "$union" two/jobs
rm "$(find two/jobs -type f -size +4c | head -n 1)"
[[ $(all_of two/jobs) != "$union" ]] || complain "a file less does not show"

# ---- origins: what one has is not new to another ----
corpus 0 merge job2 --into one/more
says '^merge: 0 of '
[[ ! -e one/more ]] || complain "an empty folder was made"
mkdir one/more
cp "$(find job2 -type f -size +20c | head -n 1)" one/more/unneeded
for ((i = 0; i <= 2000; i++)); do printf '\x10\x00' >"one/more/$i"; done
head -c 1100000 /dev/zero | tr '\0' '\20' >one/jobs/large
corpus 6 report one --floor edges=99.5
says '^  more: not canonical, or not named by the SHA-256 of its bytes: [0-9 ]+ and 1997 more$'
says '^  more: bring nothing, ci/corpus minimise takes them away: [0-9a-f]{64} [0-9a-f]{64}$'
says '^  2[0-9]{3} files, the budget is 2000$'
says '^  11[0-9]{5} bytes, the budget is 1048576$'
says '^  coverage: edges: [0-9]+ of [0-9]+ covered, the floor is 99.50 %$'
says '^corpus: .*; NOT IN ORDER$'
rm one/more/[0-9]* one/jobs/large
mv one/more/unneeded "one/more/$(sha1sum <one/more/unneeded | cut -c 1-40)"
cp two/jobs/* one/jobs # what one merge chose and another did not
idle=one/jobs/crash-$(printf '\377\377' | sha1sum | cut -c 1-40)
printf '\377\377' >"$idle"
corpus 0 minimise one
must_be "$union" one/jobs one/more
[[ ! -e $idle ]] || complain "what brings nothing is still there"
corpus 0 report one
says '^corpus: [0-9]+ files, [0-9]+ bytes; states .*; in order$'
listing one >before
corpus 0 minimise one/jobs
listing one | cmp -s - before || complain "what is small becomes smaller"

# ---- the project's ----
corpus 0 report
cat said
says '^libfuzzer +[1-9]'
says '^corpus: .*; in order$'

# ---- what belongs to somebody else stays ----
# untouched ARGUMENT…: ci/corpus does not take mine for a corpus, and says so before it changes anything there.
untouched() {
    listing mine >before
    corpus 3 "$@"
    says 'mine.*named'
    listing mine | cmp -s - before || complain "ci/corpus $* changes what is not its own"
}
mkdir -p mine/letters mine/more
echo 'Dear Sir' >mine/letters/letter
untouched minimise mine
untouched minimise mine/letters
untouched merge job1 --into mine/new
cp job2/* mine/more
untouched minimise mine/more
printf 'init a\n' >mine/letters/letter.seq # as the catalogue's, with its comments
rm mine/letters/letter
untouched minimise mine
cp mine/letters/letter.seq "mine/letters/$(sha1sum <job1/idle | cut -c 1-40)" # another's hash
rm mine/letters/letter.seq
untouched minimise mine/letters

# ---- what it does not take ----
corpus 2
says 'expected merge, minimise or report'
corpus 2 shuffle
corpus 2 merge job1
says 'expected --into DIR/ORIGIN'
corpus 2 merge --into one/jobs
corpus 2 report --target fuzz_nothing
says 'there is no target fuzz_nothing; there are: fuzz_'
corpus 2 report --engine hongg
corpus 2 merge job1 --into jobs
corpus 2 report --floor edges=101
says '--floor: found "edges=101", expected'
corpus 3 report job1
says 'job1 has no folder of sequences'
corpus 3 report nowhere
says 'nowhere: there is no such folder'
corpus 3 merge nowhere --into two/jobs
printf 'init z\n' >malformed.seq
corpus 3 merge malformed.seq --into two/jobs
says 'malformed\.seq:1:6: '

finish
