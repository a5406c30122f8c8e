#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Scapy, another implementation of the PDUs, agrees with the codec on thousands of them, made by either.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

# Debian's python3 has Debian's Scapy.
/usr/bin/python3 "$TEST_SOURCE_DIRECTORY/tests/scapy_pdus.py" "$TEST_BUILD_DIRECTORY/pdu-lines" 4000 >said 2>&1 ||
    complain "Scapy does not agree"
cat said
says '^rpcancel: 3[0-9]{3} fragments, 12 types$'
says '^Scapy: 4000 fragments, 11 types$'
finish
