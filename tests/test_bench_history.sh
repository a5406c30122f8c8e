#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# ci/bench: how a row is made of measurements, and ci/bench-history: what goes beyond noise is said, what does not is not. Nothing is
# timed here: all measurements are made up. Measuring itself is what people have ci/bench do.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

bench=$TEST_SOURCE_DIRECTORY/ci/bench
history=$TEST_SOURCE_DIRECTORY/ci/bench-history
schema=$TEST_SOURCE_DIRECTORY/docs/bench.schema.json

# ---- a row of measurements ----

# made FILTER: the row that was made last.
made() {
    jq -e -s "last | $1" rows >/dev/null || complain "the row is not such that $1: $(tail -n 1 rows)"
}
printf '%s\n' 10 30 20 50 40 >values
printf '%s\n' 5 10 10 10 10 >references
printf '%s\n' 2 2 4 5 4 >yardsticks
# shellcheck source-path=SCRIPTDIR/.. source=../ci/bench.d/rows.sh
source "$TEST_SOURCE_DIRECTORY/ci/bench.d/rows.sh"
# Turn by turn the ratio is 2, 3, 2, 5, 4; of the medians, 30 and 10, it is 3.
row peer "x/s" ratio 3 values references yardsticks "some work" 2>/dev/null
made '.value == 30 and .reference == 10 and .ratio == 3 and .met and .spread == [10, 50] and .runs == 5'
made '.ratio_spread == [2, 5] and .reference_spread == [5, 10] and .work == "some work"'
made '.compared == {by: "peer", median: 3, low: 2, high: 5}'
row peer "x/s" ratio 3.1 values references - "" 2>/dev/null
made '.met == false'
row "missing peer" "x/s" ratio 3 values - - "" 2>/dev/null
made '.met == false and .ratio == null and .compared.by == "value"'
row speed "x/s" least 30 values - yardsticks "" 2>/dev/null
made '.met and .compared == {by: "yardstick", median: 10, low: 5, high: 15}'
# Of seconds, which are fewer where the machine is faster, the product counts.
row seconds s most 29 values - yardsticks "" 2>/dev/null
made '.met == false and .compared == {by: "yardstick", median: 80, low: 20, high: 250}'
row seconds s most 30 values - - "" 2>/dev/null
made '.met and .compared == {by: "value", median: 30, low: 10, high: 50}'
table rows >said
says '^peer +30 +10 … 50 +x/s +10 +3 +3 yes$'
says '^missing peer +30 +10 … 50 +x/s +- +- +3 NO$'

# ---- what goes beyond noise ----

# result FILE FILTER: a result of three rows, changed by the jq filter.
result() {
    jq -n 'def row($name; $compare; $by; $median; $low; $high):
            {$name, value: $median, unit: "x/s", reference: (if $by == "peer" then 1 else null end),
             ratio: (if $by == "peer" then $median else null end), target: 1, $compare, met: true, runs: 5, spread: [$low, $high],
             reference_spread: (if $by == "peer" then [1, 1] else null end), ratio_spread: (if $by == "peer" then [$low, $high] else null end),
             compared: {$by, $median, $low, $high}, work: "some"};
        {date: "2026-11-01T10:00Z", commit: "0123456789", load: 0.5, compilers: {gcc: "gcc 12"},
         machine: {processor: "P", processors: 2, memory_mib: 1000, system: "Debian", kernel: "6"},
         rows: [row("with a peer"; "ratio"; "peer"; 100; 95; 105), row("by the yardstick"; "least"; "yardstick"; 100; 95; 105),
                row("octets"; "most"; "value"; 100; 100; 100)]}
        | '"$2" >"$1"
}
# to NAME MEDIAN LOW HIGH: the filter that gives that row these figures.
to() {
    echo "(.rows[] | select(.name == \"$1\").compared) |= (.median = $2 | .low = $3 | .high = $4)"
}
# compared CODE PATTERN FILTER: the result so changed is held against what is recorded.
compared() {
    result new.json "$3"
    expect_of "$1" "$2" "$history" compare new.json --history recorded
}
nothing_said() {
    ! grep -Eq '^  (WORSE|better)' said || complain "says something where there is nothing to say: $(grep -E '^  (WORSE|better)' said)"
}

result old.json .
expect_of 0 '^nothing was recorded in recorded yet$' "$history" compare old.json --history recorded
expect_of 0 '^recorded: recorded/2026-11-01T1000Z-0123456789\.json$' "$history" record old.json --history recorded
says '^drawn: recorded/history\.svg, 1 runs, 3 rows$'
cmp <(jq -S . old.json) <(jq -S . recorded/2026-11-01T1000Z-0123456789.json) || complain "what was recorded is not what there was"
compared 0 '^bench: 3 rows compared, 0 worse, 0 better beyond noise$' .
nothing_said
# Half as fast, but one turn was as fast as the slowest one before.
compared 0 ', 0 worse, 0 better' "$(to "with a peer" 50 40 95)"
nothing_said
# Apart, but by less than a tenth.
compared 0 ', 0 worse, 0 better' "$(to "with a peer" 92 91 94.9)"
nothing_said
compared 1 '^  WORSE with a peer: × 0\.90 against its peer$' "$(to "with a peer" 90 85 94)"
compared 1 '^  WORSE by the yardstick: × 0\.80 by the yardstick$' "$(to "by the yardstick" 80 75 90) | $(to "with a peer" 130 120 140)"
says '^  better with a peer: × 1\.30 against its peer$'
says '^bench: 3 rows compared, 1 worse, 1 better beyond noise$'
[[ $(grep -nE '^  (WORSE|better)' said | head -n 1) == *WORSE* ]] || complain "what is worse does not come first"
compared 1 '^  WORSE octets: × 1\.20 x/s$' "$(to octets 120 120 120)"
compared 0 '^  better octets: × 0\.80 x/s$' "$(to octets 80 80 80)"
# On another processor only what has a peer, or is no speed, can be held against anything.
compared 1 '^  WORSE with a peer' ".machine.processor = \"Q\" | $(to "by the yardstick" 1 1 1) | $(to "with a peer" 1 1 1)"
says '^  another processor \(P\): speeds without a peer are not compared$'
says ', 1 worse, 0 better'
# A row that had a peer and has none any more is not held against it; a row that is new is said to be.
compared 0 ', 0 worse, 0 better' '(.rows[0].compared) = {by: "value", median: 1, low: 1, high: 1}'
compared 0 '^  new: another$' '.rows += [.rows[0] | .name = "another"]'
says '^bench: 3 rows compared'
# It is the last run that counts.
result later.json ".date = \"2026-11-02T10:00Z\" | $(to "with a peer" 50 45 55)"
expect_of 0 'history\.svg, 2 runs, 3 rows$' "$history" record later.json --history recorded
compared 0 '^against 2026-11-02T10:00Z' "$(to "with a peer" 50 45 55)"
nothing_said

# ---- the picture, and what is kept in the repository ----

holds xmllint --noout recorded/history.svg
for name in "with a peer" "by the yardstick" octets; do grep -q ">$name<" recorded/history.svg || complain "no panel for $name"; done
cp recorded/history.svg before.svg
holds "$history" draw --history recorded
cmp before.svg recorded/history.svg || complain "the same runs give another picture"
[[ -z $(find . -name '*.part') ]] || complain "something is left behind"
holds python3 "$TEST_SOURCE_DIRECTORY/tests/validate_json.py" "$schema" recorded/*.json
mkdir -p docs/bench
printf 'before\n<!-- table last -->\nold\n<!-- end -->\nafter\n' >docs/speed.md
cp recorded/*.json docs/bench
holds "$history" draw --history docs/bench
cp docs/speed.md said
says '^2026-11-02T10:00Z, commit 0123456789, P, 2 processors, load 0\.5:$'
says '^\| with a peer \| 100 \| x/s \| 1 \| 100 \| 95 – 105 \| ratio at least 1 \| yes \|$'
says '^\| octets \| 100 \| x/s \| – \| – \| 100 – 100 \| at most 1 \| yes \|$'
says '^before$'
says '^after$'
! grep -q old docs/speed.md || complain "what stood in the place of the table is still there"
# In the repository, once a run is kept there.
if compgen -G "$TEST_SOURCE_DIRECTORY/docs/bench/*.json" >/dev/null; then
    holds python3 "$TEST_SOURCE_DIRECTORY/tests/validate_json.py" "$schema" "$TEST_SOURCE_DIRECTORY"/docs/bench/*.json
    rm -rf docs
    mkdir docs
    cp -r "$TEST_SOURCE_DIRECTORY/docs/bench" "$TEST_SOURCE_DIRECTORY/docs/speed.md" docs
    holds "$history" draw --history docs/bench
    for file in bench/history.svg speed.md; do
        cmp "docs/$file" "$TEST_SOURCE_DIRECTORY/docs/$file" || complain "docs/$file is not of the runs kept: ci/bench-history draw"
    done
fi

# ---- what cannot be ----

echo '{"rows": [{}], "date": "", "commit": "", "machine": {}}' >bad.json
expect_of 3 'bad\.json is no result of ci/bench: a row has no compare, ' "$history" compare bad.json --history recorded
echo '[]' >bad.json
expect_of 3 'bad\.json is no result of ci/bench: expected "date"' "$history" record bad.json --history recorded
echo '{' >bad.json
expect_of 3 'bad\.json is no JSON: ' "$history" compare bad.json --history recorded
expect_of 3 'missing\.json: No such file' "$history" compare missing.json --history recorded
expect_of 3 'nothing was recorded in nowhere yet' "$history" draw --history nowhere
expect_of 2 'found "nonsense", expected facts' "$history" nonsense
expect_of 2 'compare takes 1 arguments, found 0' "$history" compare
expect_of 2 '--history needs a folder' "$history" draw --history
expect_of 2 'unknown argument nonsense' "$bench" nonsense
expect_of 2 '--only: found "nonsense", expected some of: step pdu' "$bench" --only step,nonsense
expect_of 2 '--record wants all groups' "$bench" --record --only step
expect_of 3 '--json nowhere/F: there is no such folder' "$bench" --only step --json nowhere/F

finish
