# SPDX-License-Identifier: Apache-2.0
"""Clients that are run by `rpcancel check --runtime tcp-listen:…`, for tests/test_tcp_listen.sh.

fake_client.py MODE PORT

healthy  calls, cancels and gives up calls, on several connections, as every profile wants it
silent   connects, binds, and never ends; hang does the same without a connection, away ends without one
many     opens sixteen connections at once, and a seventeenth
crash    ends by a signal
few      sends five octets, and ends
half     closes its sending side behind its requests, and falls when the replies do not come
crowd    has two hundred connections more than it uses, and falls when one of them is not there at once
lazy     asks for more than is taken on its way, and does not read it for two seconds
flood    sends cancels for a call that waits, without an end, and reads nothing
drips    is healthy for one call, an octet at a time
half-a-pdu  announces more octets than it sends, and waits
leaves   ends, and leaves a process behind that holds the connection
others   break one rule each"""
import os
import signal
import socket
import struct
import sys
import time

from dcerpc_client import (CO_CANCEL, ECHO, FAULT, FIRST, LAST, MPX, ORPHANED, PARK, RESPONSE, REQUEST, STREAM, Client, header)

WHOLE = FIRST | LAST


class Peer(Client):
    believes = False  # takes whatever reply comes for its own

    def reply(self, call_id):
        """The end of a call; what is for other calls is discarded."""
        while True:
            kind, flags, got, _ = self.receive()
            if kind in (RESPONSE, FAULT) and (got == call_id or self.believes) and (kind == FAULT or flags & LAST):
                return

    def call(self, call_id, opnum=ECHO, stub=b"12345678"):
        self.request(call_id, opnum, stub)
        self.reply(call_id)

    def first(self, call_id, flags=FIRST):
        self.request(call_id, ECHO, b"12345678", flags)


def calls():
    with Peer() as peer:
        for call_id in range(2, 6):
            peer.call(call_id)
        peer.call(6, STREAM, struct.pack("<I", 20000))
        peer.request(7, ECHO, b"1234", FIRST)
        peer.request(7, ECHO, b"5678", LAST)
        peer.reply(7)
        peer.request(8, PARK)
        peer.send(CO_CANCEL, WHOLE, 8)
        peer.reply(8)
        peer.call(9)


def multiplexed():
    with Peer(flags=MPX) as peer:
        peer.request(2, PARK)
        peer.call(3)
        peer.send(CO_CANCEL, WHOLE, 2)
        peer.reply(2)


def gives_up():
    with Peer() as peer:
        peer.request(2, PARK)
        peer.send(ORPHANED, WHOLE, 2)


def healthy():
    # Of what the server may do otherwise, each connection ends on its own.
    for part in (calls, multiplexed, gives_up):
        try:
            part()
        except (EOFError, ConnectionError):
            pass


# ---- those that break a rule ----

def raw(peer, kind, flags, call_id, body, **fields):
    """A PDU with fields of the header that are not what they should be."""
    octets = bytearray(header(kind, flags, call_id, body))
    octets[0] = fields.get("version", octets[0])
    octets[1] = fields.get("minor", octets[1])
    if "length" in fields:
        octets[8:10] = struct.pack("<H", fields["length"])
    octets[10:12] = struct.pack("<H", fields.get("auth_length", 0))
    peer.socket.sendall(octets)


BODY = struct.pack("<IHH", 0, 1, ECHO)
LIARS = {
    "cancel-body": lambda p: (p.request(2, PARK), p.send(CO_CANCEL, WHOLE, 2, b"\0\0\0\0\1\0\0\0")),
    "cancel-unknown": lambda p: p.send(CO_CANCEL, WHOLE, 99),
    "cancel-early": lambda p: (p.send(CO_CANCEL, WHOLE, 2), p.request(2, ECHO)),
    "cancel-ended": lambda p: (p.call(2), p.request(3, PARK), p.send(CO_CANCEL, WHOLE, 2)),
    "orphaned-body": lambda p: (p.request(2, PARK), p.send(ORPHANED, WHOLE, 2, b"\0\0\0\0")),
    "orphaned-unknown": lambda p: p.send(ORPHANED, WHOLE, 99),
    "orphaned-twice": lambda p: (p.request(2, PARK), p.send(ORPHANED, WHOLE, 2), p.send(ORPHANED, WHOLE, 2)),
    "orphaned-ended": lambda p: (p.call(2), p.request(3, PARK), p.send(ORPHANED, WHOLE, 2)),
    "orphaned-then-more": lambda p: (p.request(2, PARK), p.send(ORPHANED, WHOLE, 2), p.request(3, ECHO)),
    "impatient": lambda p: (p.request(2, PARK), p.request(3, ECHO)),
    "interleaved": lambda p: (p.first(2), p.first(3)),
    "interleaved-later": lambda p: (p.first(2), p.first(3, 0)),
    "fragment-of-nothing": lambda p: p.first(2, LAST),
    "reused": lambda p: (p.request(2, PARK), p.request(2, ECHO)),
    "decreasing": lambda p: (p.call(7), p.call(6)),
    "two-orders": lambda p: (p.first(2), p.request(2, ECHO, b"", LAST, big_endian=True)),
    "version": lambda p: raw(p, REQUEST, WHOLE, 2, BODY, version=4),
    "minor": lambda p: raw(p, REQUEST, WHOLE, 2, BODY, minor=5),
    "reserved": lambda p: raw(p, REQUEST, WHOLE | 8, 2, BODY),
    "length-small": lambda p: raw(p, REQUEST, WHOLE, 2, BODY, length=8),
    "length-swapped": lambda p: raw(p, REQUEST, WHOLE, 2, BODY + bytes(2048 - 24), length=8),
    "length-of-none": lambda p: raw(p, REQUEST, WHOLE, 2, BODY[:4]),
    "verifier-length": lambda p: raw(p, REQUEST, WHOLE, 2, BODY, auth_length=100),
    "too-large": lambda p: p.request(2, ECHO, bytes(20000)),
    "object": lambda p: p.request(2, ECHO, b"", WHOLE | 0x80),
    "believes": lambda p: (p.call(2), p.call(3), p.call(4)),
}
MULTIPLEXED = ("interleaved", "interleaved-later", "reused")


def many():
    peers = [Peer() for _ in range(16)]
    peers[0].socket.close()
    peers.append(Peer())
    for peer in peers[1:]:
        peer.call(2)
        peer.call(3)


def leaves():
    peer = Peer()
    if os.fork() == 0:
        os.setsid()
        print("a line of the one that stays", file=sys.stderr, flush=True)
        time.sleep(3)
        os._exit(0)
    peer.call(2)


def few():
    with Peer(bound=False) as peer:
        peer.socket.sendall(b"\5\0\13\3\x10")


def flood():
    with Peer() as peer:
        peer.request(2, PARK)
        while True:
            peer.socket.sendall(header(CO_CANCEL, WHOLE, 2) * 1000)


def drips():
    with Peer() as peer:
        for octet in header(REQUEST, WHOLE, 2, struct.pack("<IHH", 8, 1, ECHO) + b"12345678"):
            peer.socket.sendall(bytes([octet]))
            time.sleep(0.005)
        peer.reply(2)


def half_a_pdu():
    with Peer() as peer:
        peer.call(2)
        peer.socket.sendall(header(REQUEST, WHOLE, 3, BODY + bytes(100))[:50])
        signal.pause()


def half():
    with Peer() as peer:
        peer.request(2, ECHO, b"12345678")
        peer.reply(2)
        peer.request(3, STREAM, struct.pack("<I", 400000))
        peer.socket.shutdown(socket.SHUT_WR)
        try:
            peer.reply(3)
        except (EOFError, ConnectionError):
            os.abort()
        if peer.socket.recv(1):
            os.abort()


def crowd():
    with Peer() as peer:
        peer.call(2)
        try:
            others = [socket.create_connection(("127.0.0.1", Peer.port), timeout=0.8) for _ in range(200)]
        except TimeoutError:
            os.abort()
        peer.call(3)
        del others


def lazy():
    with Peer(flags=MPX) as peer:
        for call_id in range(2, 10):
            peer.request(call_id, STREAM, struct.pack("<I", 4 << 20))
        time.sleep(2)


def main():
    mode, Peer.port = sys.argv[1], int(sys.argv[2])
    print("what a client prints, and nobody reads " * 50, flush=True)
    if mode == "silent":
        Peer()
        signal.pause()
    elif mode == "hang":
        signal.pause()
    elif mode == "away":
        sys.exit("nothing to do today")
    elif mode == "crash":
        with Peer() as peer:
            peer.call(2)
            print("about to fall", file=sys.stderr, flush=True)
            os.kill(os.getpid(), signal.SIGSEGV)
    elif mode in LIARS:
        Peer.believes = mode == "believes"
        with Peer(flags=MPX if mode in MULTIPLEXED else 0) as peer:
            LIARS[mode](peer)
    else:
        {"healthy": healthy, "many": many, "leaves": leaves, "lazy": lazy, "few": few, "half": half, "crowd": crowd,
         "flood": flood, "drips": drips, "half-a-pdu": half_a_pdu}[mode]()


main()
