#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The fuzz corpus is what corpus/README.md says: named by content, canonical, within its budget; with the catalogue it
# covers everything, no tour could be left out, and on the reference nothing of it fails. What the engines see of it,
# test_libfuzzer_corpus.sh looks at.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

rpcancel=$TEST_BUILD_DIRECTORY/rpcancel
corpus=$TEST_SOURCE_DIRECTORY/corpus

patience=200
# expect CODE PATTERN ARGUMENT…: runs the program.
expect() {
    expect_of "$1" "$2" "$rpcancel" "${@:3}"
}

# ---- names and form ----
# is_in_order FOLDER: each of its files is in a folder of its origin, named by its hash, and canonical.
is_in_order() {
    local origin
    : >said
    [[ -z $(find "$1" -mindepth 1 -maxdepth 1 ! -type d) ]] || return
    (cd "$1" && find . -type f -printf '%f  %p\n' | sha256sum --check --quiet) >said 2>&1 || return
    for origin in "$1"/*/; do
        rm -rf canonical
        "$rpcancel" convert "$origin" canonical/ >said 2>&1 && diff -r "$origin" canonical >said 2>&1 || return
    done
}
is_in_order "$corpus/fuzz_sequence" || complain "a file is not in its canonical form, or not named by its hash"
cp -r "$corpus/fuzz_sequence" copy
file=$(find copy/explore -type f | head -n 1)
mv "$file" copy/explore/misnamed
! is_in_order copy || complain "a wrong name is not seen"
printf '\xFF\xFF' | cat copy/explore/misnamed - >not-canonical
rm copy/explore/misnamed
cp not-canonical "copy/explore/$(sha256sum not-canonical | cut -c 1-64)"
! is_in_order copy || complain "a file that is not canonical is not seen"

# ---- size ----
files=$(find "$corpus/fuzz_sequence" -type f | wc -l)
bytes=$(find "$corpus/fuzz_sequence" -type f -printf '%s\n' | awk '{sum += $1} END {print sum}')
echo "$files files, $bytes bytes"
((files <= 2000 && bytes <= 1024 * 1024)) || complain "the corpus is larger than its budget"

# ---- coverage ----
all=states=100,edges=100,pairs=100,rules=100
expect 0 "^$((files + $(find "$corpus"/{rules,races,bugs} -name '*.seq' | wc -l))) sequences, [0-9]+ operations$" \
    coverage --catalogue "$corpus/fuzz_sequence" --floor $all
tail -n 1 said
tours=$(find "$corpus/fuzz_sequence/explore" -type f | wc -l)
expect 0 "^minimise: $tours of $tours sequences cover as much" coverage --catalogue "$corpus/fuzz_sequence/explore" --minimise same
rm -r copy
cp -r "$corpus/fuzz_sequence" copy
rm "$(find copy/explore -type f | tail -n 1)"
expect 6 'covered, the floor is 100' coverage --catalogue copy --floor $all

# ---- replay ----
for profile in documented documented-98 windows; do
    expect 0 '^replay: ([0-9]+) sequences, \1 passed, 0 failed$' replay --strict --profile "$profile" "$corpus"
done
expect 1 '^replay: [0-9]+ sequences, [0-9]+ passed, [1-9][0-9]* failed$' \
    replay --mutant test-cancel-consumes-flag "$corpus/fuzz_sequence"

finish
