#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rpcancel survey: asks what is open, says what answers mean, puts surveys side by side; every question is about what rules
# have nothing to say of, and whatever a runtime does, it is told.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
# shellcheck source-path=SCRIPTDIR source=server.sh
source "$(dirname "$0")/server.sh"

survey() { expect_of "$1" "$2" "$rpcancel" survey "${@:3}"; }
# answers FILE QUESTION: what was answered there, words parted by blanks.
answers() { jq -r --arg id "$2" '[.questions[] | select(.id == $id) | .answers[].answer] | join(" ")' "$1"; }
is() { [[ $1 == "$2" ]] || complain "found \"$1\", expected \"$2\""; }

# ---- the API ----
survey 0 '^survey: [0-9]+ questions, [0-9]+ answered, 0 not$' --json reference.json
holds python3 "$TEST_SOURCE_DIRECTORY/tests/validate_json.py" "$TEST_SOURCE_DIRECTORY/docs/survey.schema.json" reference.json
is "$(answers reference.json api/cancel-then-complete)" '0 0'
is "$(answers reference.json api/no-call-zeroed)" '1914 1914 1914 1914 1914'
is "$(jq -r '.questions[] | select(.id == "api/cancel-then-complete").answers[1].meaning' reference.json)" 'the call completed normally'
# Through another process it is the same; another profile, and a variant, answer otherwise where documents leave it open.
survey 0 ' 0 not$' --runtime "child:$TEST_BUILD_DIRECTORY/rpcancel-child" --json child.json
diff <(jq .questions reference.json) <(jq .questions child.json) >said || complain "through a child the answers are others"
survey 0 ' 0 not$' --profile windows --beside reference.json --json windows.json api/no-call-zeroed
says '^    reference, documented$'
says '^        status a +1702 - as Wine'
is "$(answers windows.json api/no-call-zeroed)" '1702 1914 1914 1914 1914'
variants=$("$rpcancel" mutants --variants --list | awk '{print $1}')
[[ $(wc -w <<<"$variants") -ge 10 ]] || complain "variants: $variants"
for variant in $variants; do
    survey 0 ' 0 not$' --mutant "$variant" --json variant.json
    jq -c .questions variant.json
done | sort -u | wc -l >different
[[ $(cat different) -ge 8 ]] || complain "the variants give $(cat different) different accounts"
# A runtime that lacks something is told so, question by question.
survey 0 ' [1-9][0-9]* not$' --runtime "child:$TEST_BUILD_DIRECTORY/rpcancel-child --lie cancel:0=1914" --json lies.json
is "$(jq -r '.questions[] | select(.id == "api/cancel-twice").end' lies.json)" 'not reached'

# ---- what is undefined is asked on request only ----
grep -q 'complete-twice' reference.json && complain "what is undefined was asked"
survey 0 ' 0 not$' --undefined --json undefined.json
is "$(answers undefined.json api/complete-twice)" 'undefined'

# ---- questions are about what no rule decides ----
for question in "$TEST_SOURCE_DIRECTORY"/corpus/survey/api/*.seq; do
    expect_of 0 '0 failed$' "$rpcancel" replay --strict "$question"
done
"$rpcancel" rules --json rules.json
survey 0 '^api/' --undefined --list
grep -oE '\b[NW][0-9]+\b' said | sort -u >named
jq -r '.statements[].id' rules.json | sort | comm -13 - named >unknown
[[ ! -s unknown ]] || complain "statements that nobody knows: $(cat unknown)"

# ---- servers ----
for profile in c706 windows; do
    start_command served "$rpcancel" serve --profile $profile
    survey 0 '^survey: [0-9]+ questions, [0-9]+ answered, 0 not$' --runtime "tcp:127.0.0.1:$port" --json "$profile.json"
    holds python3 "$TEST_SOURCE_DIRECTORY/tests/validate_json.py" "$TEST_SOURCE_DIRECTORY/docs/survey.schema.json" "$profile.json"
    stop TERM .
done
is "$(answers c706.json wire/cancel-count-in-execution)" 'bind_ack CONC_MPX response cancel_count 1 PENDING_CANCEL'
is "$(answers windows.json wire/cancel-count-in-execution)" 'bind_ack CONC_MPX response cancel_count 0'
is "$(answers windows.json wire/pending-cancel-first)" 'bind_ack fault 0x000006bd cancel_count 0 DID_NOT_EXECUTE'
is "$(answers c706.json wire/maybe)" 'bind_ack nothing'
is "$(answers c706.json wire/orphaned-in-execution)" 'bind_ack CONC_MPX negotiate_ack nothing'

# ---- a runtime that goes away, and mistakes ----
survey 4 'crashed: ' --runtime "child:sh -c 'sed -u 3q | $TEST_BUILD_DIRECTORY/rpcancel-child'" api/cancel-twice
survey 2 'no question for this runtime is called so' api/nothing
survey 2 'needs a value' --json
survey 3 'README.md:1:1: ' --beside "$TEST_SOURCE_DIRECTORY/README.md"
"$rpcancel" check --json check.json >said 2>&1
survey 3 'found a result of .rpcancel check., expected one of .rpcancel survey.' --beside check.json
jq '.questions[0].answers[0].answer = 7' reference.json >number.json
survey 3 '"questions".0.: expected "answer" to be a string' --beside number.json
jq '.questions += [.questions[0] | .id = "a\u001b[31mb\nc"] | .questions += [.questions[-1]]' reference.json >twice.json
survey 3 'to name each once, found a \[31mb c twice$' --beside twice.json
# What a file says goes into one line, whatever it says.
jq '.runtime.name = "a\u001b[31mb\nc"' reference.json >odd.json
survey 0 '^    a \[31mb c, documented$' --beside odd.json api/no-call-zeroed
survey 3 'No such file' --beside nowhere.json
finish
