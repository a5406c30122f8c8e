#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The reference gets the same verdicts over every channel: rule by rule in process, as child and as plugin; with hidden delivery,
# over TCP as server and as client each rule that is visible there is decided. docs/channels.md is what comes of it.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
# shellcheck source-path=SCRIPTDIR source=server.sh
source "$(dirname "$0")/server.sh"

mkdir results
holds "$TEST_SOURCE_DIRECTORY/ci/channels" "$TEST_BUILD_DIRECTORY" page.md results
diff "$TEST_SOURCE_DIRECTORY/docs/channels.md" page.md >said || complain "docs/channels.md is out of date: run ci/channels"

# rules RESULT: a line for each rule, with all that is the same over every channel.
rules() {
    jq -c '.rules[] | [.id, .level, .verdict, .checked]' "results/$1.json"
}
for profile in documented documented-98 windows; do
    rules "process-$profile" >in-process
    [[ $(wc -l <in-process) -ge 77 ]] || complain "$profile: $(wc -l <in-process) rules"
    for channel in child plugin; do
        diff in-process <(rules "$channel-$profile") >said || complain "$channel, $profile: other verdicts than in process"
    done
    # Verdicts stand where delivery is hidden, too; how often a rule is decided is chance, and never is possible for one seed.
    for result in results/hidden?-"$profile".json; do
        jq -r '.rules[] | select(.verdict != "PASS" and .verdict != "SKIP") | .id' "$result" >said
        [[ ! -s said ]] || complain "$result: not everything holds"
    done
    jq -r '.rules[] | select(.checked > 0) | .id' results/hidden?-"$profile".json | sort -u >found
    jq -r '.[0]' in-process | sort | diff - found >said || complain "$profile: rules that hidden delivery never decides"
done

# Of the wire: nothing but PASS, or SKIP where docs/channels.md says why.
for result in results/{server,client}-*.json; do
    jq -r '.rules[] | select(.verdict != "PASS") | "\(.verdict) \(.id)"' "$result" >said
    grep -vxE 'SKIP C706-(12\.6\.3\.8/1|12\.6\.4\.8/6|12\.6\.4\.9/1)' said >not-held && complain "$result: not everything holds: $(cat not-held)"
done
! grep -E '^\| [^ ]+/[0-9]+ .*\| (0 )?\|' page.md >said || complain "a rule that is visible, and never decided, without a reason"
# Every rule there is stands in the page, but those of other protocol sequences.
"$TEST_BUILD_DIRECTORY/rpcancel" rules --json all.json >said || complain "rules"
jq -r '.rules[] | select((.protocol_sequences // ["ncacn_ip_tcp"]) | index("ncacn_ip_tcp")) | .id' all.json | sort >wanted
grep -oE '^\| [A-Za-z0-9_.-]+/[0-9]+ ' page.md | tr -d '| ' | sort | diff wanted - >said || complain "rules that docs/channels.md lacks"

# ---- a defect of each kind, at each interface; test_channel_mutants.sh has all of them ----
# found RULE ARGUMENT…: the check says that the rule is broken.
found() {
    expect_of 1 "^FAIL $1 " "$rpcancel" check --strict --deadline 10000 "${@:2}"
}
found RpcServerTestCancel/5 --runtime "child:'$TEST_BUILD_DIRECTORY/rpcancel-child' --mutant test-cancel-consumes-flag"
found RpcServerTestCancel/5 --runtime "plugin:'$TEST_BUILD_DIRECTORY/rpcancel-reference.so' --mutant test-cancel-consumes-flag"
while read -r mutant rule; do
    start --profile c706 --mutant "$mutant"
    found "$rule" --profile c706 --runtime "tcp:127.0.0.1:$port" 'wire/cancel-*' 'wire/orphaned-*'
    kill "$server"
    wait "$server"
    server=0
done <<'END'
cancel-echoed C706-12.6.4.6/4
cancels-count-twice C706-12.6.4.10/3
cancel-closes FreeDCE-cnassm/4
orphaned-answered OSF-DCE-orphaned/1
fault-behind-response C706-9.3.4/1
END
while read -r mutant rule; do
    found "$rule" --profile c706 --runtime "tcp-listen:'$TEST_BUILD_DIRECTORY/reference-client' --mutant $mutant {port}" wire-client/plain
done <<'END'
cancel-behind-orphaned FreeDCE-cncclsm/2
orphaned-of-what-is-over FreeDCE-cncclsm/3
END

# What the generator cannot do it says.
expect_of 3 'there is no such program; build it with tests' "$TEST_SOURCE_DIRECTORY/ci/channels" "$work" page.md
finish
