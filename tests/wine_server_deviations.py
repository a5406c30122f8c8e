# SPDX-License-Identifier: Apache-2.0
"""What corpus/runtimes/wine-server-*.expect list, shown by plain octets: neither rpcancel's codec nor its rules have a hand in it.

wine_server_deviations.py ADDRESS PORT: asks a server of the test interface (docs/serve.md) for each; a line for each that it
shows, exit code 1 when one is not there."""
import socket
import struct
import sys

sys.dont_write_bytecode = True  # the folder is the sources'
from plain_octets import fragments, pdu, report

ECHO, HOLD, RELEASE = 0, 3, 7
TEST = bytes.fromhex("61637072636e6c65800174657374000101000000")
NDR = bytes.fromhex("045d888aeb1cc9119fe808002b10486002000000")
FEATURES = bytes.fromhex("2c1cb76c12984045020000000000000001000000")
PATIENCE_S = 2


def bind(transfers=(NDR,)):
    contexts = b"".join(struct.pack("<HBB", i, 1, 0) + TEST + syntax for i, syntax in enumerate(transfers))
    return pdu(11, 0x03, 1, struct.pack("<HHLB3x", 4280, 4280, 0, len(transfers)) + contexts)


def request(flags, call_id, opnum=ECHO, hint=4, data=b"abcd"):
    return pdu(0, flags, call_id, struct.pack("<LHH", hint, 0, opnum) + data)


class Connection:
    def __init__(self, first=None):
        self.stream = socket.create_connection((sys.argv[1], int(sys.argv[2])), PATIENCE_S)
        self.replies = fragments(self.stream)
        self.bound = self.ask(bind() if first is None else first)

    def ask(self, *sent):
        """What comes back next."""
        self.stream.sendall(b"".join(sent))
        return next(self.replies)


def is_response(reply):
    return reply[0] == 2


def call_id():
    reply = Connection().ask(request(0x03, 77))
    return is_response(reply) and reply[2] == 1, f"the reply to call 77 is of call {reply[2]}"


def stray(kind, flags):
    reply = Connection().ask(pdu(kind, flags, 99))
    return reply == "the end", f"{ {18: 'co_cancel', 19: 'orphaned'}[kind]} 0x{flags:02x} for a call that is unknown: {reply}"


def between_fragments():
    connection = Connection()
    reply = connection.ask(request(0x01, 1), pdu(18, 0x06, 1))
    return reply == "the end", f"co_cancel between the fragments of its request: {reply}"


def features_twice():
    reply = Connection(bind((NDR, FEATURES, FEATURES))).bound
    return reply[0] == 12, f"a bind that asks for features twice: type {reply[0]}"


def pending_cancel():
    reply = Connection().ask(request(0x07, 1))
    is_shown = is_response(reply) and reply[3][6] == 0 and not reply[1] & 0x04
    return is_shown, f"PENDING_CANCEL on a first fragment: type {reply[0]}, cancel_count {reply[3][6]}, flags 0x{reply[1]:02x}"


def announcing_much():
    reply = Connection().ask(request(0x01, 1, hint=5 << 20), request(0x02, 1, data=b""))
    return is_response(reply), f"5 MiB announced: type {reply[0]}"


def big_endian():
    contexts = struct.pack(">HBB", 0, 1, 0) + b"".join(
        struct.pack(">LHH", *struct.unpack("<LHH", syntax[:8])) + syntax[8:16] + struct.pack(">L", *struct.unpack("<L", syntax[16:]))
        for syntax in (TEST, NDR))
    reply = Connection(pdu(11, 0x03, 1, struct.pack(">HHLB3x", 4280, 4280, 0, 1) + contexts, ">")).bound
    return reply == "silence", f"a bind in big-endian order: {reply}"


def behind_orphaned():
    connection = Connection()
    reply = connection.ask(request(0x03, 1, HOLD, 0, b""), pdu(19, 0x03, 1), request(0x03, 2))
    Connection().ask(request(0x03, 1, RELEASE, 0, b""))
    return reply == "silence", f"a call behind one that is orphaned and runs: {reply}"


report([call_id, lambda: stray(18, 0x06), lambda: stray(18, 0x04), lambda: stray(19, 0x03), between_fragments,
        features_twice, pending_cancel, announcing_much, big_endian, behind_orphaned])
