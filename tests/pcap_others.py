# SPDX-License-Identifier: Apache-2.0
"""pcap_others.py FOLDER: writes captures of what cannot be judged, and such as nobody should have to read, into FOLDER."""
import os
import struct
import sys

FOLDER = sys.argv[1]
CLIENT, SERVER = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])
SYNTAX = bytes.fromhex("045d888aeb1cc9119fe808002b104860") + struct.pack("<I", 2)


class File:
    def __init__(self, name, link=1):
        self.out = open(os.path.join(FOLDER, name), "wb", buffering=1 << 20)
        self.out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link))
        self.time = 0

    def frame(self, ip):
        frame = bytes.fromhex("020000000001020000000002" "0800") + ip
        self.time += 1
        self.out.write(struct.pack("<IIII", self.time // 1000000, self.time % 1000000, len(frame), len(frame)) + frame)

    def ip(self, source, destination, protocol, body, fragment=0):
        self.frame(struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 7, fragment, 64, protocol, 0) + source + destination + body)

    def udp(self, body, port=1025):
        self.ip(CLIENT, SERVER, 17, struct.pack(">HHHH", port, 135, 8 + len(body), 0) + body)

    def tcp(self, from_client, port, seq, ack, flags, data=b"", client=CLIENT, server_port=135):
        ports = (port, server_port) if from_client else (server_port, port)
        head = struct.pack(">HHIIBBHHH", *ports, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 0x50, flags, 65535, 0, 0)
        self.ip(*((client, SERVER) if from_client else (SERVER, client)), 6, head + data)

    def talk(self, *said, port=40000, client=CLIENT, server_port=135):
        """A connection: octets of the client and of the server in turn."""
        at = [1000, 2000]
        self.tcp(True, port, at[0], 0, 2, b"", client, server_port)
        self.tcp(False, port, at[1], at[0] + 1, 18, b"", client, server_port)
        at = [at[0] + 1, at[1] + 1]
        for number, data in enumerate(said):
            side = number % 2
            self.tcp(side == 0, port, at[side], at[1 - side], 24, data, client, server_port)
            at[side] += len(data)


def pdu(type_, body, call_id=1, flags=3, auth=0, length=None):
    return struct.pack("<BBBBIHHI", 5, 0, type_, flags, 0x10, length or 16 + len(body), auth, call_id) + body


def bind():
    return pdu(11, struct.pack("<HHIBBHHBB", 5840, 5840, 0, 1, 0, 0, 0, 1, 0) + bytes(20) + SYNTAX)


def bind_ack():
    return pdu(12, struct.pack("<HHIH", 5840, 5840, 1, 4) + b"135\0" + bytes(2) + struct.pack("<BBHHH", 1, 0, 0, 0, 0) + SYNTAX)


def request(stub, call_id=2, auth=b""):
    return pdu(0, struct.pack("<IHH", len(stub), 0, 7) + stub + auth, call_id, 3, max(0, len(auth) - 8))


def response(stub, call_id=2, auth=b""):
    return pdu(2, struct.pack("<IHBB", len(stub), 0, 0, 0) + stub + auth, call_id, 3, max(0, len(auth) - 8))


def others():
    File("smb.pcap").talk(b"\0\0\0\x40\xfeSMB" + bytes(60), b"\0\0\0\x40\xfeSMB" + bytes(12) + request(b""), server_port=445)
    File("http.pcap").talk(b"RPC_IN_DATA /rpc/rpcproxy.dll?a:593 HTTP/1.1\r\n\r\n", server_port=80)
    File("socks.pcap").talk(b"\5\1\0", b"\5\0", b"\5\1\0\1\x7f\0\0\1\0\x87" + bytes(8), b"\5\0\0\1" + bytes(6), server_port=1080)
    udp = File("udp.pcap")
    for kind in (0, 8, 10):
        udp.udp(struct.pack("<BBBBI", 4, kind, 0, 0, 0x10) + bytes(66) + struct.pack("<H", 0) + bytes(4))
    udp.udp(b"\4" + bytes(20))
    sealed = bytes([10, 6, 0, 0]) + bytes(4) + bytes(16)
    File("sealed.pcap").talk(bind(), bind_ack(), request(b"\x99" * 16, 2, sealed), response(b"\x77" * 16, 2, sealed))
    wlan = File("wlan.pcap", 105)
    wlan.udp(b"")
    variant = File("variant.pcap")
    variant.talk(bind(), bind_ack())
    secret = File("secret.pcap")
    secret.talk(bind(), bind_ack(), request(b"SECRET" * 4), response(b"SECRET" * 4))
    secret.talk(b"SECRET of something else", b"SECRET", port=40001, server_port=80)
    secret.udp(b"SECRET of a datagram")
    secret.ip(CLIENT, SERVER, 1, b"SECRET in a ping")


def floods():
    fragments = File("fragments.pcap")
    for number in range(200000):
        fragments.ip(CLIENT, SERVER, 6, bytes(8), 0x2000 | number % 8192)
    half_open = File("half-open.pcap")
    for number in range(1000000):
        client = struct.pack(">I", 0x0A000000 + number // 60000)
        half_open.tcp(True, 1024 + number % 60000, number, 0, 2, b"", client)
        if number == 500000:
            half_open.talk(bind(), bind_ack(), request(b""), response(b""))
    gaps = File("gaps.pcap")
    gaps.talk(bind(), bind_ack())
    for number in range(50000):
        gaps.tcp(True, 40000, 5000 + 2000 * number, 2061, 24, bytes(1000))
    unfinished = File("unfinished.pcap")
    for number in range(20000):
        unfinished.talk(bind(), bind_ack(), pdu(0, bytes(8) + bytes(1200), 2, 3, 0, 65000), b"", port=1024 + number)


def lies():
    good = open(os.path.join(FOLDER, "commented.pcapng"), "rb").read()
    for number, (at, value) in enumerate([(4, 0), (4, 27), (4, 29), (4, 0xFFFFFFFF), (8, 0x11111111), (12, 9)]):
        lie = bytearray(good)
        struct.pack_into("<I", lie, at, value)
        open(os.path.join(FOLDER, f"lie-section-{number}.pcapng"), "wb").write(lie)
    first = struct.unpack_from("<I", good, 4)[0]
    packet = first + struct.unpack_from("<I", good, first + 4)[0]
    places = [(first + 4, 8), (first + 4, 0xFFFFFFF0), (packet + 4, 12), (packet + 4, 0x7FFFFFFC), (packet + 8, 9),
              (packet + 20, 0xFFFFFFFF), (packet + 20, 0x100000)]
    for number, (at, value) in enumerate(places):
        lie = bytearray(good)
        struct.pack_into("<I", lie, at, value)
        open(os.path.join(FOLDER, f"lie-block-{number}.pcapng"), "wb").write(lie)


others()
floods()
lies()
