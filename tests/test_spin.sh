#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPIN, searching a model that was written from the documents, reaches what `rpcancel explore` reaches; and a line changed in
# either of the two is seen. (Two calls, which take longer, are compared by ci/spin without --quick.)
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

spin=$TEST_SOURCE_DIRECTORY/ci/spin
rpcancel=$TEST_BUILD_DIRECTORY/rpcancel

# expect CODE PATTERN OPTION…: runs ci/spin.
expect() {
    expect_of "$1" "$2" "$spin" --quick --program "$rpcancel" "${@:3}"
}

expect 0 '^spin: one call: 430 states, 13158 edges, the same in both$'
cat said
says '^spin: one call, two dispatchers: 633 states, 21592 edges, the same in both$'
says '^spin: one call and an earlier one: 9323 states, 368742 edges, the same in both$'
says '^spin: one call, with what was told: 2797 pairs, 72468 edges, as many in both$'
says '^spin: one call, two dispatchers, with what was told: 4172 pairs, 118899 edges, as many in both$'

# expect_of_model PATTERN FILE FROM TO: a line of what is said when the text FROM in a file of the model is TO instead.
expect_of_model() {
    local whole
    rm -rf model
    cp -r "$TEST_SOURCE_DIRECTORY/tests/spin" model
    whole=$(<"model/$2")
    [[ $whole == *"$3"* ]] || complain "$2 has no: $3"
    printf '%s\n' "${whole/"$3"/"$4"}" >"model/$2"
    expect 1 "$1" --model model
}

tab=$'\t'
# An answer.
expect_of_model "^< lost a=final a:on-worker${tab}test-cancel a @w${tab}1725${tab}lost a=final a:on-worker$" \
    cancel.pml 'A_OK : A_1791' 'A_OK : A_1725'
says "^> lost a=final a:on-worker${tab}test-cancel a @w${tab}1791${tab}lost a=final a:on-worker$"
says "^spin: one call: 120 edges are the model's alone, 120 those of rpcancel alone$"
# An operation that is possible in one more state.
expect_of_model "^< up a=zeroed${tab}corrupt a size${tab}done${tab}up a=corrupted$" \
    cancel.pml 'HAS_NO_CALL(h) && handle[h] != ZEROED' 'HAS_NO_CALL(h)'
says "^spin: one call: [1-9][0-9]* edges are the model's alone, 0 those of rpcancel alone$"
# What only those who were told know.
expect_of_model '^spin: one call, with what was told: the model has [0-9]+ pairs, [0-9]+ edges, rpcancel 2797 pairs, 72468 edges$' \
    told.pml 'late_cancel[h] = 1' 'skip'

# In rpcancel: an answer that no document settles, which no rule may object to, and a defect.
expect 1 "^> lost a=failed,cancelled,taken${tab}complete a${tab}1818${tab}lost a=final$" --mutant late-cancel-replaces-result
expect 1 '^spin: one call: ' --mutant cancel-lost-while-queued

# What cannot be compared is no difference.
expect_of 3 '^spin: nowhere/cancel\.pml: there is no such file$' "$spin" --model nowhere --program "$rpcancel"
expect_of 2 '^usage: ci/spin ' "$spin" --speed soon
rm model/edges.pml
expect_of 3 '^spin: spin: ' "$spin" --quick --model model --program "$rpcancel"

finish
