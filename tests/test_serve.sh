#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rpcancel serve: what clients see of it in each profile, good ones and bad ones; how it begins, ends and refuses.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
# shellcheck source-path=SCRIPTDIR source=server.sh
source "$(dirname "$0")/server.sh"

for profile in core c706 ms-rpce windows freedce; do
    start --profile "$profile" --netlogon --connections 60 --timeout 2 --memory 16
    timeout 120 python3 "$TEST_SOURCE_DIRECTORY/tests/serve_client.py" "$port" "$profile" heard >said 2>&1 || complain "profile $profile"
    says '^2[12] checks$'
    stop TERM '^serve: [0-9]+ connections, [0-9]+ calls, [0-9]+ cancels, [0-9]+ orphaned$'
done

# ---- what it sent, as tshark sees it ----
"$TEST_BUILD_DIRECTORY/pdu-lines" decode <heard | /usr/bin/python3 "$TEST_SOURCE_DIRECTORY/tests/tshark_pdus.py" >said 2>&1 ||
    complain "tshark does not agree on what the server sent"
says '^tshark: [1-9][0-9]{2,} fragments$'

# ---- who may reach it, and where ----
start --address 127.0.0.9
taken=$port
expect_of 3 "127\.0\.0\.9:$taken: bind: Address already in use" "$rpcancel" serve --address 127.0.0.9 --port "$taken"
stop INT '^listening on 127\.0\.0\.9:'
expect_of 2 'others could reach this server there; add --allow-host' "$rpcancel" serve --address 0.0.0.0
expect_of 3 '192\.0\.2\.1:0: bind: Cannot assign requested address' "$rpcancel" serve --address 192.0.2.1 --allow-host
expect_of 2 'found "localhost", expected an IPv4 address' "$rpcancel" serve --address localhost
expect_of 2 'expected core, c706, ms-rpce, windows or freedce' "$rpcancel" serve --profile documented
expect_of 2 '--port' "$rpcancel" serve --port 65536
# shellcheck disable=SC2016 # expands in there
expect_of 3 'open files, one for each connection: Too many open files' bash -c 'ulimit -n 100; exec "$0" serve' "$rpcancel"
# Nobody could read where it listens.
# shellcheck disable=SC2016 # expands in there
expect_of 3 'standard output: Bad file descriptor' bash -c 'exec "$0" serve >&-' "$rpcancel"
# shellcheck disable=SC2016 # expands in there
expect_of 3 'standard output: No space left on device' bash -c 'exec "$0" serve >/dev/full' "$rpcancel"
expect_of 0 '^Usage: rpcancel serve' "$rpcancel" serve --help
expect_of 2 'unexpected argument "now"' "$rpcancel" serve now

finish
