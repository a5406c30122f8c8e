# SPDX-License-Identifier: Apache-2.0
"""datagram_client.py PORT PROFILE HEARD: Scapy as a client of `rpcancel serve --datagrams`: requests, cancels that come once, twice and
too late, loss that is played, pings, orphaned calls. Writes every datagram that passed to HEARD, in hexadecimal digits. Scapy 2.5 has the
header of connectionless PDUs; bodies are octets.
"""
import itertools
import socket
import struct
import sys
from uuid import UUID

from scapy.layers.dcerpc import DceRpc4
from scapy.packet import Raw

REQUEST, PING, RESPONSE, FAULT, WORKING, NOCALL, REJECT, ACK, CL_CANCEL, FACK, CANCEL_ACK = range(11)
ECHO, SLEEP, PARK, PARK_AND_IGNORE, POLL, RAISE, STREAM, RELEASE, COUNT = range(9)
TEST = UUID("72706361-6e63-656c-8001-746573740001")
FAULT_CANCEL = 0x1C00000D
checks = 0
activities = itertools.count(1)
heard = []


def check(holds, what):
    global checks
    checks += 1
    if not holds:
        raise SystemExit("FAILED: " + what)


class Activity:
    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", port))
        self.uuid = UUID(int=next(activities))
        self.sequence, self.opnum, self.boot = 0, 0, 0

    def send(self, kind, body=b"", sequence=None, flags=0, interface=TEST):
        # With a flag (no fack) nobody takes a request for WireGuard, whose packets begin with 04 00 00 00.
        header = DceRpc4(ptype=kind, flags1=flags | 0x08, endian="little", if_id=interface, if_vers=1, act_id=self.uuid, opnum=self.opnum,
                         seqnum=self.sequence if sequence is None else sequence, ihint=0xFFFF, ahint=0xFFFF, server_boot=self.boot)
        octets = bytes(header / Raw(body)) if body else bytes(header)
        heard.append(octets)
        self.socket.send(octets)

    def hear(self, seconds=5.0):
        self.socket.settimeout(seconds)
        try:
            octets = self.socket.recv(65536)
        except socket.timeout:
            return None
        heard.append(octets)
        packet = DceRpc4(octets)
        check(packet.act_id == self.uuid, "an answer is of another activity")
        self.boot = packet.server_boot
        return packet

    def expect(self, kind, what):
        packet = self.hear()
        check(packet is not None and packet.ptype == kind, "%s: expected type %d, found %s" % (what, kind, packet and packet.ptype))
        check(packet.seqnum == self.sequence, what + ": another call")
        return packet, bytes(packet.payload)

    def call(self, opnum, body=b"", flags=0):
        self.sequence += 1
        self.opnum = opnum
        self.send(REQUEST, body, flags=flags)

    def cancel(self, number, version=0):
        self.send(CL_CANCEL, struct.pack("<II", version, number))

    def acknowledged(self, number, accepting, what):
        body = self.expect(CANCEL_ACK, what)[1]
        check(body == struct.pack("<IIB", 0, number, accepting), what + ": cancel_ack is " + body.hex())


def plain(port):
    one = Activity(port)
    one.call(ECHO, b"abc")
    check(one.expect(RESPONSE, "echo")[1] == b"abc", "echo returns another thing")
    one.send(REQUEST, b"abc")  # our copy was late, or the reply lost
    one.expect(RESPONSE, "the reply again")
    one.send(ACK)
    one.call(RAISE, struct.pack("<I", 0x1234))
    check(one.expect(FAULT, "raise")[1] == struct.pack("<I", 0x1234), "raise has another status")
    one.send(ACK)
    one.call(99)
    check(one.expect(REJECT, "no such operation")[1] == struct.pack("<I", 0x1C010002), "the reject has another status")
    one.send(PING, sequence=one.sequence + 1)
    check(one.hear().ptype == NOCALL, "a ping of no call")


def resends(port):
    one = Activity(port)
    one.call(ECHO, b"x")
    one.expect(RESPONSE, "the first reply, which is lost")
    one.expect(RESPONSE, "the reply again, after TIMEOUT_RESEND")
    one.send(ACK)


def cancels(port, profile):
    one = Activity(port)
    one.call(PARK)
    one.send(PING)
    one.expect(WORKING, "a ping of a call that executes")
    one.cancel(1, version=1)  # W119
    one.cancel(1)
    one.acknowledged(1, 1, "a cancel")
    packet, body = one.expect(FAULT, "park")
    check(body == struct.pack("<I", FAULT_CANCEL) and int(packet.flags2) == 0, "a cancel that was taken")
    one.cancel(2)
    one.acknowledged(1, 0, "a cancel behind the reply")
    one.send(ACK)
    two = Activity(port)
    two.call(PARK_AND_IGNORE)
    two.cancel(1)
    two.acknowledged(1, 1, "a cancel")
    two.cancel(1)  # its acknowledgement was lost
    if profile == "freedce":
        check(two.hear(0.3) is None, "a cancel that comes again is acknowledged (O9)")
    else:
        two.acknowledged(1, 1, "a cancel that comes again")
    two.cancel(3)  # the second one was lost
    two.acknowledged(3, 1, "a cancel that stands for two")
    other = Activity(port)
    other.call(COUNT)
    check(other.expect(RESPONSE, "count")[1] == struct.pack("<I", 1), "one call waits")
    other.send(ACK)
    other.call(RELEASE)
    check(other.expect(RESPONSE, "release")[1] == struct.pack("<I", 1), "one call is released")
    other.send(ACK)
    packet = two.expect(RESPONSE, "park and ignore")[0]
    says = 0 if profile in ("ms-rpce", "windows") else 2
    check(int(packet.flags2) == says, "a cancel that nobody took is pending")
    two.send(ACK)
    three = Activity(port)
    three.call(POLL)
    three.cancel(1)
    three.acknowledged(1, 1, "a cancel")
    check(three.expect(RESPONSE, "poll")[1] == struct.pack("<I", 1), "poll returns another thing")
    three.send(ACK)


def orphans(port, profile):
    one = Activity(port)
    one.call(PARK)
    one.send(CL_CANCEL)
    check(one.expect(CANCEL_ACK, "orphaning")[1] == b"", "it is acknowledged with a body")
    one.call(COUNT)
    check(one.expect(RESPONSE, "count")[1] == struct.pack("<I", 0), "the orphaned call still waits")
    one.send(ACK)
    one.sequence += 1
    one.send(CL_CANCEL)  # its request was lost
    if profile in ("ms-rpce", "windows"):
        check(one.hear(0.3) is None, "orphaning an unseen call is acknowledged")
    else:
        check(one.expect(CANCEL_ACK, "orphaning an unseen call")[1] == b"", "it is acknowledged with a body")
    for kind in (RESPONSE, FAULT, WORKING, NOCALL, REJECT, CANCEL_ACK):  # W128
        body = struct.pack("<IIB", 0, 1, 1) if kind == CANCEL_ACK else b"\0\0\0\0" if kind in (FAULT, REJECT) else b""
        one.send(kind, body, sequence=one.sequence + 1)
    check(one.hear(0.3) is None, "what clients do not send is answered")


def main():
    port, profile, file = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    plain(port)
    resends(port)
    cancels(port, profile)
    orphans(port, profile)
    with open(file, "w", encoding="ascii") as out:
        out.writelines(octets.hex() + "\n" for octets in heard)
    print("%d checks" % checks)


main()
