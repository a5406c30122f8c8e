#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `rpcancel convert --to samba`: which sequences become methods, that these are Python, and what they demand. That they pass and fail
# where they should is seen where Samba's class is: ci/peers samba-suite samba.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
program=$TEST_BUILD_DIRECTORY/rpcancel
wire=$TEST_SOURCE_DIRECTORY/corpus/wire

# written FILE SEQUENCE OPTION…
written() {
    holds "$program" convert --to samba "${@:3}" "$wire/$2.seq" "$1"
}

# has FILE PATTERN / lacks FILE PATTERN
has() {
    grep -Eq -- "$2" "$1" || complain "$1 has nothing like: $2"
}
lacks() {
    ! grep -Eq -- "$2" "$1" || complain "$1 has something like: $2"
}

# All that can be written is a method that Python reads, under each profile; the same one each time.
for profile in core c706 ms-rpce windows freedce; do
    count=0
    for sequence in "$wire"/*.seq; do
        if "$program" convert --to samba --profile "$profile" "$sequence" method.py >said 2>&1; then
            count=$((count + 1))
            { echo 'class C:'; cat method.py; } >"module_${profile//-/_}_$count.py"
            [[ $(grep -c '^    def test_[a-z0-9_]*(self):$' method.py) == 1 ]] || complain "$sequence: not one method"
        else
            says 'no operation of the interface does that$|no rule demands anything|write no PDU|one piece|little-endian|more than its header'
        fi
    done
    ((count >= 20)) || complain "$profile: only $count methods"
done
holds python3 -m py_compile module_*.py
written one.py cancel-between-fragments --profile c706
written two.py cancel-between-fragments --profile c706
cmp -s one.py two.py || complain "the same sequence becomes another method"

# What profiles and rules demand of it.
has one.py '^        req = self\.generate_co_cancel\(call_id=2, pfc_flags=0x06\)$'
has one.py '^        self\.assertEqual\(rep\.u\.cancel_count, 1\)$'
has one.py '^        self\.assertTrue\(rep\.pfc_flags & dcerpc\.DCERPC_PFC_FLAG_PENDING_CANCEL\)$'
written windows.py cancel-between-fragments --profile windows
has windows.py '^        self\.assertEqual\(rep\.u\.cancel_count, 0\)$'
lacks windows.py 'PENDING_CANCEL\)$'
written core.py cancel-between-fragments
has core.py '^        self\.assertLessEqual\(rep\.u\.cancel_count, 1\)$'
written rule.py cancel-between-fragments --profile c706 --rule C706-12.6.4.10/2 --knownfail known
has rule.py 'def test_cancel_between_fragments_C706_12_6_4_10_2\(self\):'
has rule.py '^        self\.assertIn\(rep\.u\.cancel_count, range\(1, 256\)\)$'
lacks rule.py 'assertEqual'
has known '^\^samba\.tests\.dcerpc\.raw_protocol\..*\.TestDCERPC_BIND\.test_cancel_between_fragments_C706_12_6_4_10_2\\b$'
# A maybe call is not answered, be it before or behind the next one.
written maybe.py maybe --profile c706 --rule C706-12.6.3.1/3
has maybe.py '^            self\.assertNotEqual\(rep\.ptype, dcerpc\.DCERPC_PKT_RESPONSE\)$'
has maybe.py '^        self\.assertNotIn\(rep\.call_id, \[2\]\)$'
# The end of the connection, and another one.
for sequence in "$wire"/*.seq; do "$program" convert --to samba --profile windows "$sequence" - 2>/dev/null; done >all.py
has all.py '^        self\.assertNotConnected\(\)$'

# What cannot be written, and usage.
expect_of 3 'request a park.: no operation of the interface does that' "$program" convert --to samba "$wire/cancel-parked.seq" out.py
expect_of 3 'no operations of the wire for servers' "$program" convert --to samba "$TEST_SOURCE_DIRECTORY/corpus/wire-client/plain.seq" out.py
expect_of 3 'no operations of the wire for servers' "$program" convert --to samba "$(find "$TEST_SOURCE_DIRECTORY/corpus/rules" -name '*.seq' | sort | head -n 1)" out.py
expect_of 3 'is no rule on servers that the profile core has in force' "$program" convert --to samba --rule C706-12.6.3.1/3 "$wire/maybe.seq" out.py
expect_of 3 'is no rule on servers' "$program" convert --to samba --rule RpcServerTestCancel/1 "$wire/maybe.seq" out.py
expect_of 3 'none/known: No such file' "$program" convert --to samba "$wire/maybe.seq" out.py --knownfail none/known
: >empty.seq
expect_of 3 'has no operation' "$program" convert --to samba empty.seq out.py
[[ ! -e out.py ]] || complain "a method that cannot be written is there"
expect_of 2 'expected core, c706, ms-rpce, windows or freedce' "$program" convert --to samba --profile documented "$wire/maybe.seq" out.py
expect_of 2 'expected documented, documented-98 or windows' "$program" convert --to wine --profile c706 "$wire/maybe.seq" out.c
expect_of 2 '--knownfail goes with --to samba' "$program" convert --knownfail known "$wire/maybe.seq" out.bin
expect_of 2 'expected text, binary, cmocka, wine, samba or pcapng' "$program" convert --to scapy "$wire/maybe.seq" out.py

finish
