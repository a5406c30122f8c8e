# SPDX-License-Identifier: Apache-2.0
"""scapy_datagrams.py DATAGRAM-LINES COUNT: Scapy and the codec of connectionless PDUs must agree, field by field, on the headers of
datagrams that either made. Bodies Scapy 2.5 does not take apart (tshark does): here they are octets, which must be those behind the header.
"""
import random
import struct
import subprocess
import sys
from uuid import UUID

from scapy.layers import dcerpc
from scapy.packet import Raw

NAMES = {
    "type": "ptype", "object": "object", "interface": "if_id", "activity": "act_id", "server_boot": "server_boot",
    "interface_version": "if_vers", "sequence": "seqnum", "opnum": "opnum", "interface_hint": "ihint", "activity_hint": "ahint",
    "fragment": "fragnum", "auth_protocol": "auth_proto",
}


def fields_of(line):
    digits, *words = line.split(" ")
    if " error=" in line:
        raise SystemExit("FAILED: refused: " + line)
    return bytes.fromhex(digits), dict(word.split("=", 1) for word in words)


def compare(line):
    """One line of datagram-lines against Scapy's dissection; returns the type."""
    octets, fields = fields_of(line)
    packet = dcerpc.DceRpc4(octets)
    said = {name: getattr(packet, theirs) for name, theirs in NAMES.items()}
    said.update(flags=int(packet.flags1), flags2=int(packet.flags2), big_endian=1 - packet.endian,
                serial=packet.serial_hi << 8 | packet.serial_lo)
    wrong = ["%s: Scapy %s, rpcancel %s" % (name, value, fields.get(name))
             for name, value in said.items() if fields.get(name) != str(value)]
    length = len(octets) - 80 - len(fields["auth"]) // 2
    if packet.len != length:
        wrong.append("len: Scapy %d, %d octets are there" % (packet.len, length))
    if bytes(packet.payload) != octets[80:]:
        wrong.append("the body is another")
    if bytes(packet) != octets:
        wrong.append("Scapy writes other octets than it read")
    if wrong:
        raise SystemExit("FAILED: %s\n%s\n%s" % ("; ".join(wrong), line, packet.show(dump=True)))
    return packet.ptype


def body_of(kind, order, chance):
    """A body as C706 12.5.3 lays it out, and what the codec must say of it."""
    number = chance.getrandbits
    if kind in (0, 2):
        octets = chance.randbytes(number(6))
        return octets, {"data": octets.hex()}
    if kind in (3, 6):
        status = number(32)
        return struct.pack(order + "I", status), {"status": status}
    if kind == 8 and number(2):
        cancel_id = 1 + number(31)
        return struct.pack(order + "II", 0, cancel_id), {"cancel_version": 0, "cancel_id": cancel_id}
    if kind == 10 and number(2):
        cancel_id, accepting, form = number(32), number(1), chance.choice("BI")
        return struct.pack(order + "II" + form, 0, cancel_id, accepting), {"cancel_id": cancel_id, "accepting": accepting}
    if kind in (5, 9) and number(2):
        window, tsdu, size, serial, masks = number(16), number(32), number(32), number(16), number(2)
        return (struct.pack(order + "BBHIIHH", 1, 0, window, tsdu, size, serial, masks) + chance.randbytes(4 * masks),
                {"fack_version": 1, "window": window, "max_tsdu": tsdu, "max_fragment": size, "fack_serial": serial, "mask_count": masks})
    return b"", {}


def built_by_scapy(count, chance):
    number = chance.getrandbits
    for i in range(count):
        kind, endian = i % 11, chance.choice(["big", "little"])
        body, said = body_of(kind, ">" if endian == "big" else "<", chance)
        header = dcerpc.DceRpc4(
            ptype=kind, flags1=number(8), flags2=number(2) if kind in (2, 3) else number(1), endian=endian, serial_hi=number(8),
            object=UUID(int=number(128)), if_id=UUID(int=number(128)), act_id=UUID(int=number(128)), server_boot=number(32),
            if_vers=number(32), seqnum=number(32), opnum=number(16), ihint=number(16), ahint=number(16), fragnum=number(16),
            serial_lo=number(8))
        yield bytes(header / Raw(body) if body else header), said


def main():
    program, count = sys.argv[1], int(sys.argv[2])

    def run(*arguments, **options):
        return subprocess.run([program, *arguments], check=True, capture_output=True, text=True, **options).stdout.splitlines()

    def take(maker, lines):
        types = [compare(line) for line in lines]
        print("%s: %d datagrams, %d types" % (maker, len(types), len(set(types))))

    take("rpcancel", run("random", "7", str(count)))
    built = list(built_by_scapy(count, random.Random(7)))
    lines = run("decode", input="".join(octets.hex() + "\n" for octets, _ in built))
    take("Scapy", lines)
    for line, (_, said) in zip(lines, built):
        fields = fields_of(line)[1]
        for name, value in said.items():
            if fields.get(name) != str(value):
                raise SystemExit("FAILED: %s: laid out %s, rpcancel %s\n%s" % (name, value, fields.get(name), line))


main()
