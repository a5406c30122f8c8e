#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `rpcancel compare`: the page of many results, its counts, and that the same results make the same page.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
program=$TEST_BUILD_DIRECTORY/rpcancel

# made FILE OPTION…: the result of a check, which may end with any verdict.
made() {
    "$program" check "${@:2}" --json "$1" >/dev/null 2>&1
    (($? <= 1)) || complain "check ${*:2}: no result"
}

# page_says PATTERN: a line of the page must match.
page_says() {
    grep -Eq -- "$1" page.md || complain "the page says nothing like: $1"
}

made healthy.json
made mutant.json --mutant test-cancel-consumes-flag
made windows.json --mutant test-cancel-consumes-flag --profile windows
"$program" check --mutant test-cancel-consumes-flag --expect list --fix >/dev/null 2>&1
sed -i 's|# FIXME.*|# known, https://example.org/a_b_c|' list
made listed.json --mutant test-cancel-consumes-flag --expect list
"$program" survey --json survey.json 'api/*' >/dev/null 2>&1
"$program" survey --profile windows --json other.json 'api/*' >/dev/null 2>&1

# Both profiles of the mutant show the same, so together they count as one does.
expect_of 0 '^compare: 1 result, 0 surveys, 1 runtime; [0-9]+ deviations$' "$program" compare broken=mutant.json
alone=$(sed -n 's/^compare: .*; //p' said)
expect_of 0 "^compare: 3 results, 2 surveys, 2 runtimes; $alone\$" "$program" compare --markdown page.md --title 'A *title*' \
    well=healthy.json broken=mutant.json broken=windows.json well=survey.json well=other.json
says '^well: 0 deviations, '
page_says '^# A \\\*title\\\*$'
page_says "^\*\*$alone\*\*: "
page_says '^\| broken \| - \| documented \| [0-9-]{10} \|'
page_says '^#### FAIL RpcServerTestCancel/1, RpcServerTestCancel$'
page_says '^- shown by profile: documented, windows$'
page_says '^rpcancel check --runtime reference --mutant test-cancel-consumes-flag (rules|races|bugs)/[a-z0-9-]+\.seq$'
page_says '^\| RpcServerTestCancel/1 \| RpcServerTestCancel \| PASS \| FAIL \| FAIL \|$'
page_says '^### The API$'
page_says '^They (differ|agree):$'
! grep -q '—' page.md || complain "the page has a character that no keyboard has"

# The same page again, and on standard output; the text goes to standard error then.
cp page.md first.md
"$program" compare --markdown - --title 'A *title*' well=healthy.json broken=mutant.json broken=windows.json well=survey.json \
    well=other.json >page.md 2>said
says '^compare: 3 results'
cmp -s first.md page.md || complain "the same results make another page"

# Captures, where there are some.
mkdir -p captures/mutant && : >captures/mutant/RpcServerTestCancel-1.pcapng
expect_of 0 '^compare: ' "$program" compare --markdown page.md --captures captures \
    --note 'See [this](that.md).' broken=mutant.json
page_says '^See \[this\]\(that\.md\)\.$'
[[ $(grep -A20 '^#### FAIL RpcServerTestCancel/1,' page.md | grep -m 1 capture) == '- capture: captures/mutant/RpcServerTestCancel-1.pcapng' ]] ||
    complain "the page does not name the capture: $(grep capture page.md)"
(($(grep -c '^- capture: ' page.md) == 1)) || complain "the page names captures that are not there"

# Every command on the page repeats what it stands under.
while read -r command; do
    read -ra words <<<"$command"
    "$program" "${words[@]:1}" >said 2>&1
    (($? == 1)) || complain "$command: shows no failure"
done < <(grep '^rpcancel check' page.md)
# And so does every sequence.
awk '/^```text$/ {inside = 1; n++; next} /^```$/ {inside = 0} inside {print > ("sequence-" n ".seq")}' page.md
for sequence in sequence-*.seq; do
    expect_of 1 '^FAIL ' "$program" replay --mutant test-cancel-consumes-flag "$sequence"
done

# What is listed counts as what it is, and has its reason.
expect_of 0 "; $alone\$" "$program" compare --markdown page.md broken=listed.json
page_says '^- known: known, <https://example\.org/a_b_c>$'
page_says '^#### FAIL RpcServerTestCancel/1'

# Names: the runtime's own, with its version; of what is spoken to over TCP that of the file.
expect_of 0 '^reference: ' "$program" compare healthy.json
sed 's|"how":	"reference"|"how":	"tcp:127.0.0.1:4135"|' healthy.json >some-server.json
expect_of 0 '^some-server: ' "$program" compare some-server.json
expect_of 3 'a result of "reference" by the profile documented already' "$program" compare healthy.json mutant.json
mkdir a=b
cp healthy.json a=b/
expect_of 0 '^reference: ' "$program" compare ./a=b/healthy.json

# Paths of this machine.
sed 's|"how":	"reference"|"how":	"child:/some/where/build/it /some/where/else"|' mutant.json >path.json
expect_of 0 '' "$program" compare --relative-to /some/where --markdown page.md path.json
page_says "\`child:build/it else\`"
page_says 'the root of the sources as the current folder'
! grep -q /some/where page.md || complain "the page has a path of this machine"

# No results; usage.
echo '{' >bad.json
expect_of 3 '^rpcancel compare: bad.json:2:1: expected JSON' "$program" compare healthy.json bad.json
expect_of 3 'No such file' "$program" compare none.json
expect_of 3 'none/page.md: No such file' "$program" compare healthy.json --markdown none/page.md
expect_of 3 '^rpcancel compare: --captures none: expected a folder$' "$program" compare healthy.json --captures none
expect_of 2 'expected at least one file' "$program" compare
expect_of 2 'expected at most 64' "$program" compare r{1..65}=healthy.json
expect_of 0 'docs/reports.md' "$program" compare --help

finish
