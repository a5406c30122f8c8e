#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Sequences of the wire as captures: `rpcancel convert` to .pcapng and `rpcancel replay --capture`, as tshark reads them.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
# shellcheck source-path=SCRIPTDIR source=server.sh
source "$(dirname "$0")/server.sh"
corpus=$TEST_SOURCE_DIRECTORY/corpus

# is_sound FILE: tshark finds nothing malformed, no wrong checksum, and nothing that TCP would not do.
is_sound() {
    tshark -r "$1" -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -T fields -e frame.number \
        -Y '_ws.malformed or ip.checksum.status == "Bad" or tcp.checksum.status == "Bad" or tcp.analysis.flags' >said 2>said.error ||
        complain "$1: tshark cannot read it: $(cat said.error)"
    [[ ! -s said ]] || complain "$1: tshark does not like packets $(tr '\n' ' ' <said)"
}

# ---- convert: the reference server and its client ----
for sequence in "$corpus"/wire/*.seq; do
    capture=$(basename "$sequence" .seq).pcapng
    holds "$rpcancel" convert "$sequence" "$capture"
done

is_sound cancel-parked.pcapng
holds mergecap -a -F pcapng -w merged.cap ./*.pcapng
tshark -r merged.cap -Y _ws.malformed -T fields -e frame.number >said
[[ ! -s said ]] || complain "a converted sequence is malformed to tshark: $(head -3 said)"
expect_of 0 '' "$rpcancel" convert --profile windows "$corpus/wire/cancel-parked.seq" windows.pcapng
cmp -s cancel-parked.pcapng windows.pcapng && complain "the profile makes no difference to what the reference server answers"
expect_of 3 'no operations of the wire for servers' "$rpcancel" convert "$corpus/rules/RpcServerTestCancel/1-cancelled-before-hand-off.seq" api.pcapng
[[ ! -e api.pcapng ]] || complain "a capture of nothing was left"
expect_of 2 'expected core, c706, ms-rpce, windows or freedce' "$rpcancel" convert --profile documented "$corpus/wire/cancel-parked.seq" x.pcapng

# ---- replay: somebody's server ----
start --profile windows
expect_of 1 '^replay: [0-9]+ sequences' "$rpcancel" replay --runtime "tcp:127.0.0.1:$port" --profile c706 --capture replayed.pcapng "$corpus/wire"
is_sound replayed.pcapng
tshark -r replayed.pcapng -Y 'frame.comment contains "FAIL C706-12.6.4.10/2:"' -T fields -e dcerpc.pkt_type -e tcp.srcport >said
says "^[23]	$port\$"
expect_of 0 ' 0 failed$' "$rpcancel" replay --runtime "tcp:127.0.0.1:$port" --profile windows --capture good.pcapng "$corpus/wire"
is_sound good.pcapng
tshark -r good.pcapng -Y 'frame.comment contains "FAIL"' >said
[[ ! -s said ]] || complain "a comment tells of a failure where there is none"
tshark -r good.pcapng -Y 'frame.comment contains "cancel-parked.seq" and tcp.flags.syn == 1' >said
says 'SYN'
stop TERM '^serve: '
expect_of 2 'goes with runtimes that are spoken to in PDUs' "$rpcancel" replay --capture x.pcapng "$corpus/bugs"
cp good.pcapng kept.pcapng
expect_of 3 'Connection refused' "$rpcancel" replay --runtime tcp:127.0.0.1:1 --capture kept.pcapng "$corpus/wire"
cmp good.pcapng kept.pcapng || complain "a capture is lost to a server that is not there"
expect_of 3 'No such file' "$rpcancel" replay --runtime tcp:127.0.0.1:1 --capture nowhere/x.pcapng "$corpus/wire"

finish
