#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rpcancel pcap: what it says, in text, JSON and comments; captures as others make them; and files that are bad.
# shellcheck disable=SC2016 # backquotes in patterns are meant as they stand
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
# shellcheck disable=SC2154 # the test's environment has it
rpcancel=$TEST_BUILD_DIRECTORY/rpcancel
pcaps=$TEST_SOURCE_DIRECTORY/pcaps
bad=$pcaps/not.cancel-counted-twice.S05-cancel-while-executing.c706.pcapng
good=$pcaps/S05-cancel-while-executing.c706.pcapng
check() {
    expect_of "$1" "$2" "$rpcancel" pcap check "${@:3}"
}

# ---- what it says ----
check 0 '^pcap check: [0-9]+ packets, 7 PDUs judged, 0 findings$' --profile c706 "$good"
check 1 '^FAIL C706-12\.6\.4\.10/3 \(must\), the server$' "$bad"
says '^  packet    8 of /.*, 20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{9}Z$'
says '^  from      192\.0\.2\.2:[0-9]+ to 192\.0\.2\.1:[0-9]+$'
says '^  call_id   2$'
says '^  found     fault 2 status 0x1c00000d cancel_count 2$'
says '^  expected  cancel_count is no more than'
check 1 ' 2 findings$' "$bad" "$good" "$bad"
says '^FAIL C706-12\.6\.4\.10/3  packet 8  .*  server  call_id 2  found fault 2'
check 1 '' --json result.json "$bad" "$good"
holds python3 "$TEST_SOURCE_DIRECTORY/tests/validate_json.py" "$TEST_SOURCE_DIRECTORY/docs/pcap.schema.json" result.json
jq -r '.pdus | "\(.request) \(.co_cancel) \(.fault)"' result.json >said
says '^4 2 2$'
check 1 '' --json - "$bad"
says '"packet": ?8'
expect_of 1 '^pcap annotate: [0-9]+ packets, 1 with comments$' "$rpcancel" pcap annotate "$bad" commented.pcapng
tshark -r commented.pcapng -Y 'frame.comment contains "FAIL C706-12.6.4.10/3"' -T fields -e frame.number >said
says '^8$'
"$rpcancel" pcap check - <"$bad" >said
says ' 1 findings$'

# ---- as others capture ----
timeout 240 python3 "$TEST_SOURCE_DIRECTORY/tests/pcap_variants.py" "$rpcancel" "$pcaps" >said 2>&1 || complain "variants"
says '^[0-9]{4} variants$'
timeout 240 python3 "$TEST_SOURCE_DIRECTORY/tests/pcap_datagram_variants.py" "$rpcancel" "$pcaps" >said 2>&1 || complain "datagrams, variants"
says '^[0-9]{3} variants$'

# ---- a needle in a haystack: what was planted is found, where it was, and nothing else ----
holds python3 "$TEST_SOURCE_DIRECTORY/tests/pcap_large.py" large.pcap 12000000
check 1 ' 1000 findings$' --json large.json large.pcap
jq -r '.findings[] | "\(.packet) \(.side) \(.rule)"' large.json | sort -n >got
sort -n large.pcap.expected | diff - got >said || complain "other findings than planted"
rm -f large.pcap

# Memory is bounded; what sanitizers reserve of it is another matter.
bounded=400000
[[ $TEST_COMPILER != *-fsanitize=* ]] || bounded=unlimited

# ---- what is none of ours ----
timeout 240 python3 "$TEST_SOURCE_DIRECTORY/tests/pcap_others.py" . >said 2>&1 || complain "pcap_others.py"
check 3 '^nothing judged$' smb.pcap
says '^  1 conversation in SMB: not judged; named pipes are not looked into$'
check 3 '^nothing judged$' http.pcap
says '^  1 conversation in RPC over HTTP: not judged$'
check 0 '^udp\.pcap: 4 packets, 0 conversations over TCP, 0 in DCE/RPC; 3 datagrams of 1 activities$' udp.pcap
says '^  0 judged by all rules of the profile core, 3 by some$'
check 0 '^  3 judged by all rules of the profile core, 0 by some$' --whole udp.pcap
check 3 '^nothing judged$' fragments.pcap
says '^  200000 fragments of IP packets that are not whole: not judged$'
check 0 '^  1 conversation that is sealed: headers judged, stub data not$' sealed.pcap
check 3 '^nothing judged$' socks.pcap
says '^  1 conversation in something else$'
# 10^6 half-open conversations, of which nobody said anything, and one that is judged all the same
(ulimit -v $bounded; "$rpcancel" pcap check half-open.pcap >said 2>&1) || complain "half-open: exit code $?"
says '^  1 conversation|^half-open.pcap: 100000[0-9] packets'
says ' 4 PDUs judged, 0 findings$'
# Segments behind a gap that is never filled, and PDUs that never end
(ulimit -v $bounded; "$rpcancel" pcap check gaps.pcap >said 2>&1)
(($? <= 3)) || complain "gaps"
(ulimit -v $bounded; "$rpcancel" pcap check unfinished.pcap >said 2>&1)
(($? <= 3)) || complain "unfinished"
says 'conversations forgotten, as there was too much at once'

# ---- bad files ----
check 3 'No such file' none.pcap
check 3 'directory' .
: >empty.pcap
check 3 'truncated|unknown' empty.pcap
says '^nothing judged$'
head -c 24 variant.pcap >header.pcap
check 3 '^nothing judged$' header.pcap
head -c 3000 /dev/urandom >noise.pcap
check 3 'unknown file format|bad' noise.pcap
check 3 '' /dev/zero
cp "$TEST_SOURCE_DIRECTORY/README.md" text.pcap
check 3 'unknown file format' text.pcap
check 3 'link type 105 \(IEEE802_11\) cannot be read' wlan.pcap
size=$(stat -c %s "$bad")
for ((cut = 1; cut < size; cut += 37)); do
    head -c $((size - cut)) "$bad" >cut.pcapng
    "$rpcancel" pcap check cut.pcapng >said 2>&1
    [[ $? =~ ^[013]$ ]] || complain "cut by $cut: exit code"
done
head -c $((size - 10)) "$bad" >cut.pcapng
check 3 'cut\.pcapng: after packet [0-9]+: truncated' cut.pcapng # what was found before it is said
says '^FAIL C706-12\.6\.4\.10/3'
for lie in lie-*.pcapng; do
    "$rpcancel" pcap check "$lie" >said 2>&1
    (($? == 3)) || complain "$lie: exit code"
    says "$lie: "
done
# An endless pipe: what was found is told at Ctrl-C.
mkfifo pipe
{ cat "$bad" && exec sleep 60; } >pipe &
writer=$!
"$rpcancel" pcap check --json piped.json pipe >said 2>&1 &
reader=$!
sleep 1
kill -INT $reader
wait $reader
(($? == 3)) || complain "interrupted: exit code"
kill $writer
says '^rpcancel pcap check: pipe: interrupted after packet [0-9]+$'
says '^FAIL C706-12\.6\.4\.10/3'
[[ $(jq '.findings | length' piped.json) == 1 ]] || complain "what was found is not in the JSON"

# ---- usage, and outputs ----
check 2 'expected at least one file'
expect_of 2 'expected check or annotate, found nothing' "$rpcancel" pcap
expect_of 2 '^rpcancel pcap check: expected at least one file$' "$rpcancel" pcap check
expect_of 2 '^Try `rpcancel pcap annotate --help`\.$' "$rpcancel" pcap annotate --frobnicate
expect_of 0 '^  --redact ' "$rpcancel" pcap --help
expect_of 2 'expected check or annotate, found "look"' "$rpcancel" pcap look "$bad"
check 2 'expected core, c706' --profile documented "$bad"
expect_of 2 'expected two arguments' "$rpcancel" pcap annotate "$bad"
expect_of 2 'is no file, and IN is read twice' "$rpcancel" pcap annotate pipe x.pcapng
cp "$bad" same.pcapng
expect_of 2 'name the same file' "$rpcancel" pcap annotate same.pcapng ./same.pcapng
expect_of 3 'No such file' "$rpcancel" pcap annotate none.pcap x.pcapng
[[ ! -e x.pcapng ]] || complain "a capture of nothing was left"
expect_of 3 'No such file' "$rpcancel" pcap annotate "$bad" nowhere/x.pcapng
# shellcheck disable=SC2016 # expands in there
expect_of 3 'No space left' bash -c 'exec "$0" pcap annotate "$1" /dev/full' "$rpcancel" "$bad"
check 3 'No space left' --json /dev/full "$bad"

# ---- what is dropped is gone ----
holds "$rpcancel" pcap annotate --redact secret.pcap redacted.pcapng
grep -c SECRET secret.pcap >said
says '^[1-9]'
! grep -aq SECRET redacted.pcapng || complain "stub data is still there"
tshark -r redacted.pcapng -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE -Y '_ws.malformed or tcp.checksum.status == "Bad" or udp.checksum.status == "Bad"' >said
[[ ! -s said ]] || complain "a checksum of what was redacted is wrong"

finish
