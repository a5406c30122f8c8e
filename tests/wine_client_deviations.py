# SPDX-License-Identifier: Apache-2.0
"""What corpus/runtimes/client-wine*.expect list and what docs/windows.md says of cancels, shown by plain octets: a server that has
neither rpcancel's codec nor its rules.

wine_client_deviations.py WORD…: the words start `rpcancel-winwire.exe call`; host, port and a kind of calls come behind them. A
line for each that is shown, exit code 1 when one is not there."""
import socket
import struct
import subprocess
import sys

sys.dont_write_bytecode = True  # the folder is the sources'
from plain_octets import fragments, pdu, report

ALL = struct.pack("<HH16sL", 0, 0, bytes.fromhex("045d888aeb1cc9119fe808002b104860"), 2)
PATIENCE_S = 10


def response(call_id, data):
    return pdu(2, 0x03, call_id, struct.pack("<LHBB", len(data), 0, 0, 0) + data)


class Peer:
    """The first connection of a client that makes calls of a kind; its bind is answered."""

    def __init__(self, kind):
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(PATIENCE_S)
        words = [*sys.argv[1:], "127.0.0.1", str(listener.getsockname()[1]), kind]
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.stream = listener.accept()[0]
        listener.close()  # one connection, or none: others are refused
        self.stream.settimeout(PATIENCE_S)
        self.fragments = fragments(self.stream)
        call_id = self.next()[2]
        self.send(pdu(12, 0x03, call_id, struct.pack("<HHLH4s2xB3x", 4280, 4280, 1, 4, b"135\0", 1) + ALL))

    def send(self, octets):
        self.stream.sendall(octets)

    def next(self):
        return next(self.fragments)

    def end(self):
        self.stream.close()
        self.process.kill()  # it has shown what it does
        self.process.wait()


def stray_reply():
    peer = Peer("several")
    first = peer.next()
    peer.send(response(first[2] + 64, b"12345678"))
    second = peer.next()  # nothing was said of the first one
    peer.end()
    return second[0] == 0, f"a response of call {first[2] + 64} to call {first[2]}: then comes " + (
        second if isinstance(second, str) else f"a PDU of type {second[0]}, call {second[2]}")


def cancelled_thread():
    peer = Peer("cancel")
    first = peer.next()
    second = peer.next()
    peer.end()
    is_shown = first[0] == 0 and second == "the end"
    return is_shown, "a thread is cancelled in a call: " + (second if isinstance(second, str) else f"type {second[0]}")


report([stray_reply, cancelled_thread])
