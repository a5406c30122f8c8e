#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Reports of real checks follow the schemas of SARIF and JUnit, which ci/schemas fetches, and JSON, JUnit, SARIF and the
# exit code say the same: for a runtime that conforms, and for ones that fail in every way there is, with text that means
# something in XML and JSON.
# shellcheck disable=SC2016 # backquotes and $ in what jq is given are meant as they stand
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

rpcancel=$TEST_BUILD_DIRECTORY/rpcancel
schemas=$TEST_SOURCE_DIRECTORY/build/schemas

"$TEST_SOURCE_DIRECTORY/ci/schemas" || {
    echo "FAILED: without the schemas nothing is tested"
    exit 1
}

fails() {
    if "$@" >said 2>&1; then complain "succeeds: $*"; fi
}

made=()

# reports NAME CODE ARGUMENT…: runs a check with all reports, NAME.json, NAME.xml and NAME.sarif; it must end with CODE.
reports() {
    local name=$1 code=$2 got
    shift 2
    timeout 120 "$rpcancel" check --json "$name.json" --junit "$name.xml" --sarif "$name.sarif" "$@" >said 2>&1 </dev/null
    got=$?
    ((got == code)) || complain "$name: exit code $got, expected $code"
    made+=("$name=$code")
}

is_json() { # SCHEMA FILE…
    python3 "$TEST_SOURCE_DIRECTORY/tests/validate_json.py" "$@"
}

is_junit() { # FILE…
    xmllint --noout --schema "$schemas/junit.xsd" "$@"
}

agree() { # NAME=CODE…
    python3 "$TEST_SOURCE_DIRECTORY/tests/compare_reports.py" "$TEST_SOURCE_DIRECTORY/corpus" "$@"
}

# The reference as a child that breaks in one way when it is asked for an operation that matches a pattern.
cat >child.sh <<'CHILD'
child=$1 way=$2 pattern=$3
odd=$'<&"\x27>]]> \x01\x1b[31m \xff caf\xc3\xa9 '
coproc reference { "$child"; }
while read -r id what; do
    if [[ $what == describe ]]; then
        echo "$id 0 name=<&\"'> version=]]> delivery=command dispatch=command"
        continue
    fi
    # shellcheck disable=SC2053 # a pattern
    if [[ $what == $pattern ]]; then
        case $way in
        crash) printf '%s\n%s%02000d\n' "$odd" "$odd" 0 >&2; kill -SEGV $$ ;;
        hang) sleep 1000 ;;
        nonsense) echo "$odd"; continue ;;
        unimplemented) echo "$id unimplemented"; continue ;;
        esac
    fi
    echo "$id $what" >&"${reference[1]}"
    read -r answer <&"${reference[0]}"
    echo "$answer"
done
CHILD
broken() {
    printf "child:bash '%s' '%s' %s '%s'" "$work/child.sh" "$TEST_BUILD_DIRECTORY/rpcancel-child" "$1" "$2"
}

# ---- a runtime that conforms, and defects ----
reports conformant 0
holds jq -e '.runs[0].results == []' conformant.sarif
reports windows 0 --strict --profile windows
for mutant in escalation-ignored test-cancel-consumes-flag; do
    reports "$mutant" 1 --mutant "$mutant"
done
holds jq -e '.runs[0].results[] | select(.ruleId == "RpcAsyncCancelCall/6") | .message.text |
    startswith("FAIL: got 258 WAIT_TIMEOUT, want 0 RPC_S_OK. ")' escalation-ignored.sarif
reports hidden 1 --mutant escalation-ignored --hide-delivery
reports filtered 1 --mutant escalation-ignored RpcAsyncCancelCall

# ---- no answers ----
reports crashes 4 --runtime "$(broken crash 'test-cancel *')" rules/RpcServerTestCancel
holds grep -q '<error message="CRASH: the child was killed by signal 11 (Segmentation fault) instead of answering' crashes.xml
holds grep -q '<system-err>&lt;&amp;&quot;' crashes.xml
holds jq -e '.runs[0].properties.runtime.name == "<&\"\u0027>" and .runs[0].properties.runtime.version == "]]>"' crashes.sarif
holds jq -e '[.runs[0].invocations[0].toolExecutionNotifications[].message.text | select(test("caf.+000000"))] | length == 1' \
    crashes.sarif
reports unblamed 4 --runtime "$(broken crash 'return *')" 'races/c*'
holds jq -e '[.runs[0].results[] | select(.ruleId == "crash" and .level == "error")] | length > 1' unblamed.sarif
holds grep -q '<testcase classname="rpcancel.sequences" name="races/' unblamed.xml
reports hangs 4 --deadline 100 --runtime "$(broken hang 'status *')" RpcAsyncGetCallStatus rules/RpcAsyncGetCallStatus
holds jq -e '.runs[0].results[] | select(.properties.verdict == "HANG") | .kind == "fail"' hangs.sarif
reports given-up 4 --deadline 50 --runtime "$(broken hang 'init *')"
holds grep -q 'type="incomplete">given up after 3 sequences' given-up.xml
reports nonsense 3 --runtime "$(broken nonsense 'cancel a abort')"
holds jq -e '.runs[0].invocations[0].toolExecutionNotifications[0] | .level == "error" and
    (.message.text | startswith("HARNESS-ERROR: the child answered"))' nonsense.sarif
reports unsettled 1 --runtime "$(broken unimplemented settle)"
missing='completion notification was not reached: `settle` is not implemented'
holds grep -q "<failure message=\"UNIMPLEMENTED: $missing\"" unsettled.xml
holds jq -e --arg missing "$missing" '[.runs[0].results[] | select(.kind == "open") | .message.text |
    select(startswith("UNIMPLEMENTED: " + $missing))] | length > 0' unsettled.sarif
holds jq -e --arg missing "$missing" '[.rules[] | select(.message == $missing)] | length > 0' unsettled.json
reports nothing 1 --runtime "$(broken unimplemented '*')"

# ---- expectation lists ----
lying="child:'$TEST_BUILD_DIRECTORY/rpcancel-child' --lie 1791=0"
reports liar 1 --runtime "$lying"
reports fixed 0 --runtime "$lying" --expect known.expect --fix
sed -i $'s/FIXME.*/<known> \\& "accepted" caf\xc3\xa9 \xff, https:\\/\\/example.org\\/1/' known.expect
reports known 0 --runtime "$lying" --expect known.expect
holds jq -e '[.runs[0].results[] | .suppressions[0].justification | startswith("<known> & \"accepted\" café")] | all and length > 0' \
    known.sarif
holds grep -q '<skipped>XFAIL: .*(listed: &lt;known&gt; &amp; &quot;accepted&quot; café' known.xml
reports stale 5 --expect known.expect
holds grep -q '<failure message="XPASS: passes, though listed" type="XPASS">' stale.xml
sed -i 's/"got [0-9]* /"got 4711 /' known.expect
reports changed 5 --runtime "$lying" --expect known.expect
reports fixed-crash 0 --runtime "$(broken crash 'raise a 87')" --expect crash.expect --fix
holds jq -e '[.runs[0].results[] | select(.ruleId == "crash") | .suppressions[0].kind] | all(. == "external") and length > 1' \
    fixed-crash.sarif

# ---- the same sequence has the same fingerprint, another one has not ----
fingerprints() {
    jq -r '.runs[0].results[] | .ruleId + " " + .partialFingerprints["ruleAndSequence/v1"]' "$1.sarif"
}
reports again 1 --mutant escalation-ignored
holds diff <(fingerprints escalation-ignored) <(fingerprints again)

# ---- all of them follow the schemas and agree ----
holds is_json "$TEST_SOURCE_DIRECTORY/docs/report.schema.json" "${made[@]/%=*/.json}"
holds is_json "$schemas/sarif-2.1.0.json" "${made[@]/%=*/.sarif}"
holds is_junit "${made[@]/%=*/.xml}"
holds agree "${made[@]}"

# ---- which means something: other ones would not ----
for change in '.version = "2.2"' '.runs[0].results[0].level = "bad"' '.runs[0].results[0].colour = 1' \
    '.runs[0].invocations[0].startTimeUtc = "yesterday"' \
    '.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri = "a b"'; do
    jq "$change" again.sarif >wrong.sarif
    fails is_json "$schemas/sarif-2.1.0.json" wrong.sarif
done
sed 's/<failure /<defect /; s/<\/failure>/<\/defect>/' again.xml >wrong.xml
fails is_junit wrong.xml
cp again.json wrong.json
cp again.sarif wrong.sarif
sed 's/failures="1"/failures="0"/' again.xml >wrong.xml
fails agree wrong=1
cp again.xml wrong.xml
fails agree wrong=0
jq '.runs[0].results[0].locations[0].physicalLocation.region.startLine = 8' again.sarif >wrong.sarif
fails agree wrong=1

finish
