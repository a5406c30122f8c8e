#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# ci/coverage --from: what it measured earlier is held against floors; a floor that is missed, whichever it is, is named,
# and so are folders and floors that do not belong together. Measuring itself is what ci/test has it do.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

coverage=$TEST_SOURCE_DIRECTORY/ci/coverage

patience=200
# expect CODE PATTERN ARGUMENT…: runs ci/coverage.
expect() {
    expect_of "$1" "$2" "$coverage" "${@:3}"
}

# measured FILTER: figures at which every floor is kept, changed by the jq filter.
measured() {
    sed -n "/^floors='/,/^'/p" "$coverage" | awk 'NF == 2 {print $1}' | jq -Rn '
        def part($kinds): reduce $kinds[] as $kind ({}; .[$kind] = {covered: 1000, of: 1000});
        {folders: [inputs | {folder: ., corpus: part(["lines", "functions", "branches"]),
                             together: part(["lines", "functions", "branches"])}],
         uncalled: [], no_code: [], reached: part(["states", "edges", "pairs", "rules"])}
        | '"$1" >measured.json
}

measured .
expect 0 '^coverage: [1-9][0-9]+ folders, 0 floors missed; states 1000 of 1000, edges 1000 of 1000, pairs 1000 of 1000, rules 1000 of 1000$' \
    --from measured.json --floor src=100
expect 0 '^src +100 +100 +100 +100 +100 +100 +99$' --from measured.json
measured '(.folders[] | select(.folder == "src").together.lines.covered) = 989'
expect 6 '^ci/coverage: src: 98\.9 % of the lines run, the floor is 99 %$' --from measured.json
expect 6 ', 1 floors missed; states' --from measured.json
expect 0 ', 0 floors missed; states' --from measured.json --floor src=98.9
expect 6 '^ci/coverage: src: 98\.9 % .*, the floor is 98\.95 %$' --from measured.json --floor src=98.95
expect 6 ', 2 floors missed; states' --from measured.json --floor harness/rules=100 --floor src=100 --floor fuzzers=0 \
    --from <(jq '(.folders[] | select(.folder == "harness/rules").together.lines.covered) = 999' measured.json)
for figure in states edges pairs rules; do
    measured ".reached.$figure.covered = 999"
    expect 6 "^ci/coverage: 99\.9 % of the $figure reached, the floor is 100 %\$" --from measured.json
done
measured '.folders[0].folder = "harness/new"'
expect 6 '^ci/coverage: harness/new has no floor in ci/coverage$' --from measured.json
expect 6 '^ci/coverage: fuzzers has a floor in ci/coverage, and no lines$' --from measured.json

# As JSON: what was read and, for each floor, whether it is kept.
measured .
expect 6 '^ci/coverage: src: ' --from <(jq '(.folders[] | select(.folder == "src").together.lines.covered) = 1' measured.json) --json out.json
[[ $(jq -r '.folders[] | select(.met | not).folder' out.json) == src ]] || complain "the JSON does not say that src misses its floor"
[[ -z $(find . -name '*.part') ]] || complain "something is left behind"

expect 2 'there is no folder nonsense; there are: fuzzers fuzzers/streams harness ' --floor nonsense=1
expect 2 'found "src", expected FOLDER=N' --floor src
expect 2 'expected at most 100 per cent' --floor src=101
expect 2 '--floor needs a value' --floor
expect 2 'found "nonsense", expected an option' nonsense
expect 2 '--html needs a run' --from measured.json --html pages
mkdir theirs && touch theirs/letter
expect 2 'theirs is there and not of an earlier run' --html theirs
[[ -e theirs/letter ]] || complain "somebody's folder was emptied"
expect 3 'missing\.json: there is no such file' --from missing.json
echo '{"folders": 1}' >other.json
expect 3 'other\.json was not written by ci/coverage --json' --from other.json

finish
