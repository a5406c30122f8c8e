#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Scapy and tshark, other implementations of the PDUs, agree with the codec on thousands of them.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

lines=$TEST_BUILD_DIRECTORY/pdu-lines

# Debian's python3 has Debian's Scapy.
/usr/bin/python3 "$TEST_SOURCE_DIRECTORY/tests/scapy_pdus.py" "$lines" 4000 >said 2>&1 || complain "Scapy does not agree"
cat said
says '^rpcancel: 3[0-9]{3} fragments, 12 types$'
says '^Scapy: 4000 fragments, 11 types$'

"$lines" random 11 3000 | /usr/bin/python3 "$TEST_SOURCE_DIRECTORY/tests/tshark_pdus.py" >said 2>&1 || complain "tshark does not agree"
cat said
says '^tshark: 2[0-9]{3} fragments$'

datagrams=$TEST_BUILD_DIRECTORY/datagram-lines
/usr/bin/python3 "$TEST_SOURCE_DIRECTORY/tests/scapy_datagrams.py" "$datagrams" 4400 >said 2>&1 || complain "Scapy does not agree on datagrams"
cat said
says '^rpcancel: 4400 datagrams, 11 types$'
says '^Scapy: 4400 datagrams, 11 types$'

"$datagrams" random 11 3300 | /usr/bin/python3 "$TEST_SOURCE_DIRECTORY/tests/tshark_datagrams.py" >said 2>&1 ||
    complain "tshark does not agree on datagrams"
cat said
says '^tshark: 3300 datagrams, 1[0-9]{3} with a body that it takes apart$'

finish
