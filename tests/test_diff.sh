#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `rpcancel diff`: what counts as worse, and what is said of files that are no results. docs/reports.md is the manual.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
program=$TEST_BUILD_DIRECTORY/rpcancel

# made FILE OPTION…: the result of a check, which may end with any verdict.
made() {
    "$program" check "${@:2}" --json "$1" >/dev/null 2>&1
    (($? <= 1)) || complain "check ${*:2}: no result"
}

# last PATTERN: the last line that was said.
last() {
    [[ $(tail -n 1 "$work/said") == "$1" ]] || complain "the last line is not: $1"
}

# changed FILE FROM TO: prints the result with the first FROM, some JSON as it was written, replaced.
changed() {
    python3 - "$@" <<'END'
import sys
text = open(sys.argv[1]).read()
assert sys.argv[2] in text, sys.argv[2]
print(text.replace(sys.argv[2], sys.argv[3], 1), end="")
END
}

made healthy.json
made mutant.json --mutant test-cancel-consumes-flag
made windows.json --profile windows
made few.json 'rules/*'

# Nothing changed; better is no reason to fail.
expect_of 0 '^diff: 0 worse, 0 changed, 0 better$' "$program" diff healthy.json healthy.json
expect_of 0 '^better$' "$program" diff mutant.json healthy.json
says '^diff: 0 worse, [0-9]+ changed, [1-9][0-9]* better$'

# A rule that held and does not.
expect_of 1 '^worse$' "$program" diff healthy.json mutant.json --json diff.json
says '^  rule RpcServerTestCancel/'
says '^    old  PASS$'
says '^    new  FAIL: got '
says '^  PASS +[0-9]+ -> [0-9]+$'
[[ $(grep -n '^worse$\|^changed$' said | head -n 1) == *worse ]] || complain "what is worse does not come first"
holds python3 "$TEST_SOURCE_DIRECTORY/tests/validate_json.py" "$TEST_SOURCE_DIRECTORY/docs/diff.schema.json" diff.json
# JSON on standard output, the text on standard error.
"$program" diff healthy.json mutant.json --json - >out.json 2>said
cmp -s out.json diff.json || complain "JSON differs between a file and standard output"
says '^diff: '

# An expectation list does not make it better, nor does it hide a crash.
rule=$(python3 -c 'import json; print(next(r["id"] for r in json.load(open("mutant.json"))["rules"] if r["verdict"] == "FAIL"))')
"$program" check --mutant test-cancel-consumes-flag --expect list --fix >/dev/null 2>&1
made listed.json --mutant test-cancel-consumes-flag --expect list
grep -q '"XFAIL"' listed.json || complain "the list excuses nothing"
expect_of 1 "^  rule $rule\$" "$program" diff healthy.json listed.json
says '^    new  XFAIL: '
expect_of 0 '' "$program" diff mutant.json listed.json

# Results that can be compared in part.
expect_of 0 '^comparable in part: the profiles differ' "$program" diff healthy.json windows.json
says ' is new: '
expect_of 0 '^comparable in part: one has more sequences' "$program" diff healthy.json few.json
says '^  sequence races/.* is gone; was PASS'
changed healthy.json '"catalogue":	"' '"catalogue":	"0' >catalogue.json
expect_of 0 '^comparable in part: the catalogues differ' "$program" diff healthy.json catalogue.json

# New crashes and lost operations; the end of one that was there is neither.
changed healthy.json '"verdict":	"PASS"' '"verdict":	"CRASH"' >crash.json
expect_of 1 '^    new  CRASH' "$program" diff healthy.json crash.json
expect_of 0 '' "$program" diff crash.json crash.json
changed healthy.json '"COMPLETE":	"command"' '"COMPLETE":	"unimplemented"' >lost.json
expect_of 1 '^  capability COMPLETE$' "$program" diff healthy.json lost.json
expect_of 0 '' "$program" diff lost.json healthy.json
changed healthy.json '"complete":	true' '"complete":	false' >interrupted.json
expect_of 1 '^  fact complete$' "$program" diff healthy.json interrupted.json

# Surveys; not a survey with a check.
"$program" survey --json survey.json 'api/*' >/dev/null 2>&1 || complain "survey: no result"
changed survey.json '"end":	"answered"' '"end":	"crashed"' >crashed.json
expect_of 0 '^diff: 0 worse, 0 changed, 0 better$' "$program" diff survey.json survey.json
expect_of 1 '^  question api/' "$program" diff survey.json crashed.json --json survey-diff.json
holds python3 "$TEST_SOURCE_DIRECTORY/tests/validate_json.py" "$TEST_SOURCE_DIRECTORY/docs/diff.schema.json" survey-diff.json
expect_of 3 'healthy.json is a check and survey.json is a survey' "$program" diff healthy.json survey.json

# Files that are no results: exit code 3, and where.
# wrong PATTERN FILE
wrong() {
    expect_of 3 "^rpcancel diff: $2$1" "$program" diff healthy.json "$2"
    expect_of 3 "^rpcancel diff: $2$1" "$program" diff "$2" healthy.json
}
wrong ': No such file' none.json
mkdir folder
wrong ': Is a directory' folder
: >empty.json
wrong ':1:1: expected JSON, found the end of the file' empty.json
echo hello >text.json
wrong ':1:1: expected JSON' text.json
head -c 2000 healthy.json >cut.json
wrong ':[0-9]+:[0-9]+: expected JSON, found the end of the file' cut.json
for length in 1 30 100 101 102 1999 2001; do
    head -c "$length" healthy.json >cut.json
    wrong ':[0-9]+:[0-9]+: expected JSON, found the end of the file' cut.json
done
printf '{"tool":\n "rpc\0ancel"}\n' >zero.json
wrong ':2:6: found a zero byte' zero.json
printf '{"tool":\n "rpc\\u0000ancel"}\n' >escaped.json
wrong ':2:6: found .u0000' escaped.json
printf '{"tool": "\xff"}\n' >bytes.json
wrong ':1:11: found octets that are no UTF-8' bytes.json
python3 -c 'print("[" * 100000 + "]" * 100000)' >deep.json
wrong ':1:65: found more than 64' deep.json
python3 -c 'print("[" + "1," * 9000000 + "1]")' >huge.json
wrong ': larger than 16 MiB' huge.json
echo '{} x' >trailing.json
wrong ':1:4: expected JSON, found something else' trailing.json
echo '[]' >array.json
wrong ': expected a result of .rpcancel check --json. or' array.json
echo '{"tool": "rpcancel", "version": "1", "runs": []}' >other.json
wrong ': expected a result of .rpcancel check --json. or' other.json
"$program" rules --json rules.json
wrong ': expected a result of .rpcancel check --json. or' rules.json
changed healthy.json '"verdict":	"PASS"' '"verdict":	"GOOD"' >verdict.json
wrong ': at "(rules|sequences)"\[[0-9]+\]: expected "verdict" to be a verdict such as FAIL, found "GOOD"' verdict.json
changed healthy.json '"checked":	' '"checked":	-' >negative.json
wrong ': at "rules"\[0\]: expected "checked" to be a whole number of at least 0, found a number' negative.json
changed healthy.json '"listed":	false' '"listed":	"no"' >type.json
wrong ': at "(rules|sequences)"\[0\]: expected "listed" to be true or false, found a string' type.json
changed healthy.json '"how":' '"whence":' >missing.json
wrong ': expected "how" to be a string, found none' missing.json
changed healthy.json '"rules":	[' '"rules":	[7, ' >number.json
wrong ': at "rules"\[0\]: expected "id" to be a string, found none' number.json
python3 - <<'END'
import json
result = json.load(open("healthy.json"))
result["rules"].append(result["rules"][4])
json.dump(result, open("twice.json", "w"))
END
wrong ': expected "rules" to name each once, found .* twice' twice.json

# Usage; standard input; what cannot be written.
expect_of 2 'expected two arguments' "$program" diff healthy.json
expect_of 2 'cannot both be standard input' "$program" diff - -
expect_of 2 'there is no option' "$program" diff --no healthy.json healthy.json
expect_of 3 'No such file' "$program" diff healthy.json healthy.json --json none/diff.json
cp healthy.json input.json
"$program" diff - healthy.json <input.json >said 2>&1 || complain "diff from standard input: exit code $?"
last 'diff: 0 worse, 0 changed, 0 better'
expect_of 0 'Exit codes: 0 nothing is worse' "$program" diff --help

finish
