# SPDX-License-Identifier: Apache-2.0
"""A client of connection-oriented DCE/RPC over TCP that builds and takes apart every octet itself, for tests of `rpcancel serve`."""
import socket
import struct

REQUEST, RESPONSE, FAULT, BIND, BIND_ACK, BIND_NAK, CO_CANCEL, ORPHANED = 0, 2, 3, 11, 12, 13, 18, 19
FIRST, LAST, PENDING, MPX, DID_NOT_EXECUTE = 1, 2, 4, 0x10, 0x20
ECHO, SLEEP, PARK, PARK_AND_IGNORE, POLL, RAISE, STREAM, RELEASE, COUNT = range(9)
TEST = bytes.fromhex("61637072" "636e" "6c65" "8001746573740001") + struct.pack("<I", 1)
MANAGEMENT = bytes.fromhex("80bda8af" "8a7d" "c911" "bef408002b102989") + struct.pack("<I", 1)
ENDPOINT_MAPPER = bytes.fromhex("0883afe1" "1f5d" "c911" "91a408002b14a0fa") + struct.pack("<I", 3)
NETLOGON = bytes.fromhex("78563412" "3412" "cdab" "ef0001234567cffb") + struct.pack("<I", 1)
NDR = bytes.fromhex("045d888aeb1cc9119fe808002b104860") + struct.pack("<I", 2)
CANCELLED = 0x1C00000D
NO_MORE = struct.pack("<I", 0x16C9A0D6)


def header(kind, flags, call_id, body=b"", big_endian=False):
    order = ">" if big_endian else "<"
    return struct.pack("BBBB", 5, 0, kind, flags) + (b"\0" if big_endian else b"\x10") + b"\0\0\0" + struct.pack(
        order + "HHI", 16 + len(body), 0, call_id) + body


class Client:
    port = 0  # of the server, on the loopback network
    heard = None  # a file for the fragments that come

    def __init__(self, bound=True, flags=0, interface=TEST):
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if bound:
            self.send(BIND, FIRST | LAST | flags, 1, struct.pack("<HHIBBH", 4280, 4280, 0, 1, 0, 0) + struct.pack("<HBB", 1, 1, 0) + interface + NDR)
            kind, _, _, body = self.receive()
            assert kind == BIND_ACK, kind
            assert body[-24:-20] == b"\0\0\0\0", "the context was not accepted"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *arguments, **options):
        self.socket.sendall(header(*arguments, **options))

    def request(self, call_id, opnum, stub=b"", flags=FIRST | LAST, big_endian=False):
        self.send(REQUEST, flags, call_id, struct.pack(">IHH" if big_endian else "<IHH", len(stub), 1, opnum) + stub, big_endian=big_endian)

    def exactly(self, size):
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise EOFError(len(data))
            data += more
        return data

    def receive(self):
        head = self.exactly(16)
        size, _, call_id = struct.unpack("<HHI", head[8:])
        body = self.exactly(size - 16)
        if self.heard:
            self.heard.write((head + body).hex() + "\n")
        return head[2], head[3], call_id, body

    def ask(self, opnum, stub=b""):
        """The stub data that an operation answers."""
        self.request(2, opnum, stub)
        kind, _, _, body = self.receive()
        assert kind == RESPONSE, (opnum, kind, body.hex())
        return body[8:]

    def responds(self, call_id, stub=None):
        kind, flags, got, body = self.receive()
        assert (kind, got) == (RESPONSE, call_id), (kind, got)
        assert stub is None or body[8:] == stub, body[8:]
        return flags, body[6]

    def faults(self, call_id, status):
        kind, flags, got, body = self.receive()
        assert (kind, got, struct.unpack("<I", body[8:12])[0]) == (FAULT, call_id, status), (kind, got, body.hex())
        return flags, body[6]

    def barrier(self, call_id):
        """What is not there before this answer will never be there."""
        self.request(call_id, ECHO, b"barrier.")
        self.responds(call_id, b"barrier.")

    def closes(self):
        try:
            while self.socket.recv(65536):
                pass
        except ConnectionResetError:
            pass
