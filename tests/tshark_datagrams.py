# SPDX-License-Identifier: Apache-2.0
"""tshark_datagrams.py: tshark must dissect the datagrams on standard input, lines of datagram-lines, without complaint, and agree with
those lines on the header and on the bodies of cl_cancel, cancel_ack, fack, fault and reject. Each goes into a UDP datagram of a
capture that Scapy writes; tshark finds DCE/RPC over UDP by its look, on any port.
"""
import os
import subprocess
import sys
import tempfile

from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Raw
from scapy.utils import wrpcap

PORT = 4135
FROM_SERVER = (2, 3, 4, 5, 6, 10)
# What tshark calls the fields of datagram-lines; it has no name for server_is_accepting.
NAMES = {
    "type": "dcerpc.pkt_type", "flags": "dcerpc.dg_flags1", "flags2": "dcerpc.dg_flags2", "interface": "dcerpc.dg_if_id",
    "activity": "dcerpc.dg_act_id", "object": "dcerpc.obj_id", "interface_version": "dcerpc.dg_if_ver",
    "sequence": "dcerpc.dg_seqnum", "opnum": "dcerpc.opnum", "interface_hint": "dcerpc.dg_ihint", "activity_hint": "dcerpc.dg_ahint",
    "fragment": "dcerpc.dg_frag_num", "auth_protocol": "dcerpc.dg_auth_proto",
    "cancel_version": "dcerpc.dg_cancel_vers", "cancel_id": "dcerpc.dg_cancel_id", "status": "dcerpc.dg_status",
    "fack_version": "dcerpc.fack_vers", "window": "dcerpc.fack_window_size", "max_tsdu": "dcerpc.fack_max_tsdu",
    "max_fragment": "dcerpc.fack_max_frag_size", "fack_serial": "dcerpc.fack_serial_num", "mask_count": "dcerpc.fack_selack_len",
}


def agrees(name, value, got):
    if name in ("interface", "activity", "object"):
        return got == value
    return got != "" and int(got, 0) == int(value)


def capture_of(datagrams):
    packets = []
    for octets, kind in datagrams:
        ports = (PORT, 50000) if kind in FROM_SERVER else (50000, PORT)
        packets.append(Ether() / IP(src="127.0.0.1", dst="127.0.0.1") / UDP(sport=ports[0], dport=ports[1]) / Raw(octets))
    capture = tempfile.NamedTemporaryFile(suffix=".pcap", delete=False)
    wrpcap(capture.name, packets)
    return capture.name


def main():
    lines = [line for line in sys.stdin.read().splitlines() if line]
    wanted = []
    for line in lines:
        digits, *words = line.split(" ")
        if " error=" in line:
            raise SystemExit("FAILED: the codec refuses " + line)
        fields = dict(word.split("=", 1) for word in words)
        wanted.append((bytes.fromhex(digits), fields, line))
    capture = capture_of([(octets, int(fields["type"])) for octets, fields, _ in wanted])
    try:
        command = ["tshark", "-r", capture, "-o", "udp.try_heuristic_first:TRUE", "-o", "dcerpc.reassemble_dcerpc:FALSE", "-T", "fields"]
        for name in NAMES.values():
            command += ["-e", name]
        command += ["-e", "_ws.malformed"]
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()
    finally:
        os.unlink(capture)
    if len(said) != len(wanted):
        raise SystemExit("FAILED: tshark shows %d packets of %d" % (len(said), len(wanted)))
    bodies = 0
    for (_, fields, line), row in zip(wanted, said):
        values = row.split("\t")
        if values[len(NAMES)]:
            raise SystemExit("FAILED: malformed, says tshark: %s" % line)
        for (name, theirs), got in zip(NAMES.items(), values):
            if name in fields and not agrees(name, fields[name], got):
                raise SystemExit("FAILED: %s: tshark %s, rpcancel %s\n%s" % (theirs, got, fields[name], line))
        bodies += any(name in fields for name in ("cancel_id", "status", "window"))
    print("tshark: %d datagrams, %d with a body that it takes apart" % (len(said), bodies))


main()
