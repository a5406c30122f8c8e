# SPDX-License-Identifier: Apache-2.0
"""tshark_pdus.py: tshark must dissect the fragments on standard input, lines of pdu-lines, without complaint, and agree with those
lines on type, flags, call_id, sizes, cancel_count and more. Each goes into a TCP segment of a capture that Scapy writes.
"""
import os
import subprocess
import sys
import tempfile

from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether
from scapy.packet import Raw
from scapy.utils import wrpcap

PORT = 4135
FIELDS = ["dcerpc.pkt_type", "dcerpc.cn_flags", "dcerpc.cn_call_id", "dcerpc.cn_frag_len", "dcerpc.cn_auth_len", "dcerpc.cn_cancel_count",
          "dcerpc.cn_ctx_id", "dcerpc.opnum", "dcerpc.cn_status", "_ws.malformed"]
FROM_SERVER = (2, 3, 12, 13, 15, 17)


def expected(fields, octets):
    """What tshark is to say, in the order of FIELDS; None where the type has no such field."""
    kind = int(fields["type"])
    order = ">" if fields["big_endian"] == "1" else "<"
    size = int.from_bytes(octets[8:10], "big" if order == ">" else "little")
    auth = int.from_bytes(octets[10:12], "big" if order == ">" else "little")
    return [kind, int(fields["flags"]), int(fields["call_id"]), size, auth, fields.get("cancel_count") if kind in (2, 3) else None,
            fields.get("context_id") if kind in (0, 2, 3) else None, fields.get("opnum"), fields.get("status"), None]


def main():
    lines = sys.stdin.read().splitlines()
    packets, wanted, position = [], [], [1, 1]
    for line in lines:
        digits, *words = line.split(" ")
        if " error=" in line:
            raise SystemExit("FAILED: the codec refuses " + line)
        fields = dict(word.split("=", 1) for word in words)
        # RTS has commands that are no random octets; fragments of a request are put together before they are shown.
        if fields["type"] == "20":
            continue
        octets = bytes.fromhex(digits)
        sender = int(fields["type"]) in FROM_SERVER
        ports = (PORT, 50000) if sender else (50000, PORT)
        packets.append(Ether() / IP(src="127.0.0.1", dst="127.0.0.1") / TCP(
            sport=ports[0], dport=ports[1], flags="PA", seq=position[sender], ack=position[not sender]) / Raw(octets))
        position[sender] += len(octets)
        wanted.append((expected(fields, octets), line))
    capture = tempfile.NamedTemporaryFile(suffix=".pcap", delete=False)
    try:
        wrpcap(capture.name, packets)
        command = ["tshark", "-r", capture.name, "-d", "tcp.port==%d,dcerpc" % PORT, "-o", "dcerpc.reassemble_dcerpc:FALSE", "-T", "fields"]
        for field in FIELDS:
            command += ["-e", field]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    finally:
        os.unlink(capture.name)
    if len(said) != len(wanted):
        raise SystemExit("FAILED: tshark shows %d packets of %d" % (len(said), len(wanted)))
    for (values, line), row in zip(wanted, said):
        for name, value, got in zip(FIELDS, values, row.split("\t")):
            if value is None and name == "_ws.malformed" and got:
                raise SystemExit("FAILED: malformed, says tshark: %s" % line)
            if value is not None and (not got or int(got, 0) != int(value)):
                raise SystemExit("FAILED: %s: tshark %s, rpcancel %s\n%s" % (name, got, value, line))
    print("tshark: %d fragments" % len(wanted))


main()
