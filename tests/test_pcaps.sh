#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The captures of pcaps/: each has its expected findings and no others, is sound to tshark, and survives being annotated and redacted.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
# shellcheck disable=SC2154 # the test's environment has it
rpcancel=$TEST_BUILD_DIRECTORY/rpcancel
pcaps=$TEST_SOURCE_DIRECTORY/pcaps

# findings_of "PROFILE [--whole]" FILE: a line for each, as in the .expected files, into the file got.
findings_of() {
    # shellcheck disable=SC2086 # a profile, and for some --whole
    "$rpcancel" pcap check --profile $1 --json found.json "$2" >said 2>&1
    local code=$?
    jq -r '.findings[] | "\(.packet) \(.side) \(.rule)"' found.json | sort -n >got
    ((code == $([[ -s got ]] && echo 1 || echo 0))) || complain "$2: exit code $code"
}

count=0
for capture in "$pcaps"/*.pcapng; do
    expected=${capture%.pcapng}.expected
    name=$(basename "$capture")
    profile=$(head -n 1 "$expected" | sed 's/^profile //; s/ whole$/ --whole/')
    sed 1d "$expected" | sort -n >wanted
    findings_of "$profile" "$capture"
    diff wanted got >said || complain "$name: other findings than expected"
    count=$((count + 1))
    # With comments and without stub data it is the same conversation.
    # shellcheck disable=SC2086
    "$rpcancel" pcap annotate --profile $profile --redact "$capture" redacted.pcapng >said 2>&1
    findings_of "$profile" redacted.pcapng
    diff wanted got >said || complain "$name, redacted: other findings than expected"
done
((count > 100)) || complain "there are $count captures only"
# In one go, as each start of tshark takes a while.
holds mergecap -a -F pcapng -w all.pcapng "$pcaps"/*.pcapng
tshark -r all.pcapng -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE -T fields -e frame.number \
    -Y '_ws.malformed or ip.checksum.status == "Bad" or tcp.checksum.status == "Bad" or udp.checksum.status == "Bad"' >said
[[ ! -s said ]] || complain "tshark finds something malformed in one of them"
python3 "$TEST_SOURCE_DIRECTORY/tests/pcap_twins.py" "$pcaps" >said 2>&1 || complain "twins"
says '^[3-9][0-9] twins$'

# ---- they can be made again ----
mkdir again
holds python3 "$pcaps/make" "$rpcancel" again
for expected in "$pcaps"/*.expected; do
    holds diff "$expected" "again/$(basename "$expected")"
done

finish
