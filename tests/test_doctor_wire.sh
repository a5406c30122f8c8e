#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rpcancel doctor, of servers and clients: what keeps them from being reached, and whether the target fits.
# shellcheck disable=SC2016 # backquotes in patterns are meant as they stand
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
# shellcheck source-path=SCRIPTDIR source=server.sh
source "$(dirname "$0")/server.sh"

export PYTHONDONTWRITEBYTECODE=1
tests=$TEST_SOURCE_DIRECTORY/tests

# doctor CODE PATTERN [OPTION…]: as expect_of, with a short deadline.
doctor() { expect_of "$1" "$2" "$rpcancel" doctor --deadline 1500 "${@:3}"; }

# ---- servers ----
# behind MODE: a fake server in front of the one at $real; sets port.
behind() {
    start_command fake python3 -S "$tests/fake_server.py" "$1" "$real"
    fake=$server
}
# server CODE PATTERN [OPTION…]: of the fake one, or the real one, at $port.
server_at() { doctor "$1" "$2" --runtime "tcp:127.0.0.1:$port" "${@:3}"; }
start --profile core
real=$port keep=$server
doctor 0 ' ok, 0 warnings, 0 problems$' --runtime "tcp:127.0.0.1:$port" --profile c706 --json server.json
holds python3 "$tests/validate_json.py" "$TEST_SOURCE_DIRECTORY/docs/doctor.schema.json" server.json
says_of() { # MODE CODE PATTERN [OPTION…]
    behind "$1"
    server_at "$2" "$3" "${@:4}"
    kill "$fake" 2>/dev/null
    wait "$fake" 2>/dev/null
    server=$keep
}
says_of silent 3 'bind: nothing within 1[56][0-9]+ ms; is this DCE/RPC over TCP'
says_of garbage 3 'octets that are no PDU: `HTTP/1.0 400.*; another protocol is spoken'
says_of closing 3 'bind: the end of the connection; .*does it take connections without authentication'
says_of refusing 3 '`fast`, opnum 0: the end of the connection; barriers are made of it'
says_of single 3 'warning  a second connection beside the first: .*no `hold` can be released'
says '`release` brings nothing'
says_of serial 0 'warning  concurrent multiplexing: granted; `fast` while another call waits brings nothing .*say a short one'
says_of mute 0 'waits, and then brings nothing within'
says_of flood 3 'fragments of a response within 15[0-9]+ ms, and no end of it'
says_of mortal 4 'after all that: `fast` brings no connection: Connection refused; look at the server'
says_of lonely 0 'warning  concurrent multiplexing: not granted; nothing, if it has none'
says_of shy 0 'warning  concurrent multiplexing: a bind that asks for it brings the end of the connection'
says_of nak 3 'bind: bind_nak, reason 4, protocol_version_not_supported; '
port=$real
# target LINE…: writes the file target.
target() { printf '%s\n' "$@" >target; }
test='interface 72706361-6e63-656c-8001-746573740001 1.0'
target 'interface 12345678-1234-1234-1234-123456789abc 1.0' 'fast 0'
server_at 3 'rejected .result 2, reason 1.: it does not know the interface; name an interface that it has' --target target
target "$test" 'fast 99' && server_at 3 'a fault with status 0x1c010002; the interface has no such operation' --target target
target "$test" 'fast 2' && server_at 3 '`fast`, opnum 2: nothing within' --target target
target "$test" 'fast 0 0102030405060708' && server_at 0 'the target names no `park`; [1-9][0-9]* rules need it' --target target --profile c706
says 'the target names no `stream`; '
target "$test" 'fast 0 01' 'park 0 01' 'hold 0 01' 'release 7' && server_at 3 '`park`, .*it does not wait; before any cancel came a response' --target target
says '`hold`, .*it does not wait; before any release'
target "$test" 'fast 0 01' 'park 3' 'hold 3' 'stream 6 00000000' && server_at 0 '`park`.*does the operation look for a cancel' --target target
says 'the target names no `release`; '
says '`stream`: a response of [0-9]+ octets in one fragment; ask for more'
target "$test" 'fast 0 01' 'hold 3' 'release 0 counts 01' && server_at 3 'leave `counts` out of the target' --target target
echo nonsense >target && server_at 3 'target:1: found' --target target
kill "$keep" && wait "$keep" 2>/dev/null
server=0
server_at 3 'no connection: Connection refused; nothing listens there'
expect_of 2 'expected tcp:HOST:PORT' "$rpcancel" doctor --runtime tcp:nowhere
expect_of 2 'is another machine' "$rpcancel" doctor --runtime tcp:192.0.2.1:135

# ---- clients ----
client="python3 -S '$tests/fake_client.py'"
listens() { expect_of "$1" "$2" "$rpcancel" doctor --deadline "${deadline:-8000}" --runtime "tcp-listen:$3"; }
listens 0 ' ok, 0 warnings, 0 problems$' "$client healthy {port}"
listens 0 'its cancels: 0 co_cancel, 0 orphaned; let it cancel a call' "$client leaves {port}"
listens 0 'what it sends: octets that are no PDU' "$client version {port}"
says 'its calls: none: rules on requests are SKIP'
listens 4 'killed by signal 11 .*about to fall.*in a debugger' "$client crash {port}"
listens 3 'sent 5 octets, no whole PDU, .*is this DCE/RPC' "$client few {port}"
listens 3 'sent nothing to .*nothing to do today.*does it take \{host\} and \{port\}, and' "$client away {port}"
deadline=1500 listens 4 'did not end within 1500 ms; let it end once' "$client silent {port}"
deadline=1500 listens 4 'did not end within 1500 ms, and never connected; does it take' "$client hang {port}"
listens 3 "the client's program: nothing-like-that: No such file" nothing-like-that
echo hello >text && chmod +x text
listens 3 'cannot start `./text`.*is it a program for this machine' './text {port}'
listens 3 'warning  the command.s words: no .port., and the port is another one each time' "$client few 1"
cat >client.py <<PY
import sys
sys.path.insert(0, "$tests")
from dcerpc_client import *
Client.port = int(sys.argv[2])
if sys.argv[1] == "other":
    with Client(bound=False) as client:
        client.send(BIND, 3, 1, struct.pack("<HHIBBH", 4280, 4280, 0, 1, 0, 0) + struct.pack("<HBB", 1, 1, 0) + bytes(20) + NDR)
        client.receive()
elif sys.argv[1] == "hasty":
    with Client(bound=False) as client:
        client.request(2, ECHO)
elif sys.argv[1] == "persistent":
    while True:
        try:
            with Client() as client:
                client.request(2, ECHO, b"1234")
                if client.receive()[0] == RESPONSE:
                    break
        except (EOFError, ConnectionError):
            pass
PY
listens 0 'its binds: 1, and none was accepted: .*let it use an interface of' 'python3 client.py other {port}'
listens 0 'its binds: none was answered; ' 'python3 client.py hasty {port}'
deadline=3000 listens 4 'faults in place of replies: .*tries again without end is HANG' 'python3 client.py persistent {port}'
start --profile core
listens 3 'Address already in use; somebody has that port' "$port:$client healthy {port}"
stop TERM .
listens 0 'no .port.: the client has to know of port' "$port:$client healthy $port"
expect_of 2 'a port from 1 to 65535' "$rpcancel" doctor --runtime tcp-listen:99999:x
expect_of 2 'tcp-listen:COMMAND, byte 1' "$rpcancel" doctor --runtime tcp-listen:

finish
