# SPDX-License-Identifier: Apache-2.0
"""pcap_large.py OUT OCTETS [PLANTED]: writes a capture of at least OCTETS octets to OUT, of many connections at a time with calls and
cancels, in which PLANTED (default 1000) packets break a rule of the profile core; which, to OUT.expected, a line `PACKET SIDE RULE` each.
The same arguments give the same octets.
"""
import random
import struct
import sys

AT_ONCE, CALLS = 50, 100
SYNTAX = bytes.fromhex("045d888aeb1cc9119fe808002b104860") + struct.pack("<I", 2)
STUB = bytes(range(256)) * 8


def pdu(type_, flags, call_id, body):
    return struct.pack("<BBBBIHHI", 5, 0, type_, flags, 0x10, 16 + len(body), 0, call_id) + body


BIND = pdu(11, 3, 1, struct.pack("<HHIBBHHBB", 5840, 5840, 0, 1, 0, 0, 0, 1, 0) + bytes(20) + SYNTAX)
BIND_ACK = pdu(12, 3, 1, struct.pack("<HHIH", 5840, 5840, 1, 4) + b"135\0" + bytes(2) + struct.pack("<BBHHH", 1, 0, 0, 0, 0) + SYNTAX)


class Writer:
    def __init__(self, out):
        self.out, self.size, self.number = out, 24, 0
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))

    def packet(self, connection, from_client, flags, data=b""):
        source, destination = connection if from_client else connection[::-1]
        head = struct.pack(">BBHHHBBH4s4sHHIIBBHHH", 0x45, 0, 40 + len(data), 0, 0, 64, 6, 0, source[0], destination[0],
                           source[1], destination[1], source[2], destination[2] if flags & 16 else 0, 0x50, flags, 65535, 0, 0)
        length = 14 + len(head) + len(data)
        self.out.write(struct.pack("<IIII", self.number // 100000, self.number % 100000 * 10, length, length) +
                       b"\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" + head + data)
        source[2] = (source[2] + len(data) + (flags & 3 > 0)) & 0xFFFFFFFF
        self.size += 16 + length
        self.number += 1
        return self.number


def call(writer, connections, call_id, rng, plant):
    """A call on each connection: one in eight is cancelled; what is planted breaks one rule in one packet."""
    cancelled = [rng.randrange(8) == 0 for _ in connections]
    for connection in connections:
        stub = STUB[:rng.choice((0, 8, 16, 24, 40, 64, 96, 120, 240))]
        writer.packet(connection, True, 24, pdu(0, 3, call_id, struct.pack("<IHH", len(stub), 0, 7) + stub))
    for connection, is_cancelled in zip(connections, cancelled):
        if is_cancelled:
            writer.packet(connection, True, 24, pdu(18, 6, call_id, b""))
    for connection, is_cancelled in zip(connections, cancelled):
        stub = STUB[:rng.choice((8, 16, 24, 40, 64, 96, 120, 240, 1000))]
        what = rng.choice(("count", "first", "unknown")) if plant(writer) else ""
        if what == "unknown":
            number = writer.packet(connection, True, 24, pdu(18, 6, 0x70000000 + call_id, b""))
            yield number, "client", "C706-12.6.4.6/2"
        flags, count = 2 if what == "first" else 3, 9 if what == "count" else int(is_cancelled)
        number = writer.packet(connection, False, 24, pdu(2, flags, call_id, struct.pack("<IHBB", len(stub), 0, count, 0) + stub))
        if what in ("count", "first"):
            yield number, "server", "C706-12.6.4.10/3" if what == "count" else "C706-12.6.2/3"


def main():
    octets, planted, rng = int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1000, random.Random(1)
    found, port, round_ = [], 1024, 0
    with open(sys.argv[1], "wb", buffering=1 << 20) as out:
        writer = Writer(out)

        def plant(writer):
            # Evenly over the file, all of them before its end.
            return len(found) < planted and writer.size >= octets * 0.98 * len(found) / planted

        while writer.size < octets:
            connections, round_ = [], round_ + 1
            for _ in range(AT_ONCE):
                port = port + 1 if port < 65000 else 1025
                connections.append(([struct.pack(">BBH", 10, 0, round_ & 0xFFFF), port, rng.randrange(2**32)],
                                    [bytes([10, 1, 0, 1]), 49664, rng.randrange(2**32)]))
            for connection in connections:
                for from_client, flags, data in ((True, 2, b""), (False, 18, b""), (True, 16, b""), (True, 24, BIND), (False, 24, BIND_ACK)):
                    writer.packet(connection, from_client, flags, data)
            for call_id in range(2, CALLS + 2):
                for finding in call(writer, connections, call_id, rng, plant):
                    found.append(finding)
            for connection in connections:
                for from_client, flags in ((True, 17), (False, 17), (True, 16)):
                    writer.packet(connection, from_client, flags)
    assert len(found) == planted, f"{len(found)} planted"
    with open(sys.argv[1] + ".expected", "w", encoding="utf-8") as out:
        out.writelines(f"{packet} {side} {rule}\n" for packet, side, rule in sorted(found))
    print(f"{writer.number} packets, {writer.size} octets, {len(found)} planted")


main()
