#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rpcancel serve --datagrams: what Scapy sees of it as a client in each profile, tshark of what passed; how it begins and ends.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
# shellcheck source-path=SCRIPTDIR source=server.sh
source "$(dirname "$0")/server.sh"

for profile in core c706 ms-rpce windows freedce; do
    start --datagrams --profile "$profile"
    timeout 60 /usr/bin/python3 "$TEST_SOURCE_DIRECTORY/tests/datagram_client.py" "$port" "$profile" heard >said 2>&1 ||
        complain "profile $profile"
    says '^[0-9]{2,} checks$'
    stop TERM '^serve: [1-9][0-9]* datagrams, 1[0-9] calls, 5 cancels, 1 orphaned$'
done
"$TEST_BUILD_DIRECTORY/datagram-lines" decode <heard | grep -v ' error=' >lines
/usr/bin/python3 "$TEST_SOURCE_DIRECTORY/tests/tshark_datagrams.py" <lines >said 2>&1 ||
    complain "tshark does not agree on what passed"
says '^tshark: [1-9][0-9]+ datagrams'

start --datagrams
expect_of 3 "127\.0\.0\.1:$port: bind: Address already in use" "$rpcancel" serve --datagrams --port "$port"
stop INT '^listening on 127\.0\.0\.1:'
expect_of 2 'others could reach this server there; add --allow-host' "$rpcancel" serve --datagrams --address 0.0.0.0
expect_of 2 'expected core, c706, ms-rpce, windows or freedce' "$rpcancel" serve --datagrams --profile documented
expect_of 2 '--port' "$rpcancel" serve --datagrams --port 65536
expect_of 0 '^Usage: rpcancel serve --datagrams' "$rpcancel" serve --datagrams --help
finish
