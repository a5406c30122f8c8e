# SPDX-License-Identifier: Apache-2.0
"""What corpus/runtimes/client-wine*.expect list and what docs/windows.md says of cancels, shown by plain octets: a server that has
neither rpcancel's codec nor its rules.

wine_client_deviations.py WORD…: the words start `rpcancel-winwire.exe call`; host, port and a kind of calls come behind them. A
line for each that is shown, exit code 1 when one is not there."""
import socket
import struct
import subprocess
import sys

ALL = struct.pack("<HH16sL", 0, 0, bytes.fromhex("045d888aeb1cc9119fe808002b104860"), 2)
PATIENCE_S = 10


def pdu(kind, call_id, body):
    return struct.pack("<BBBBLHHL", 5, 0, kind, 0x03, 0x10, 16 + len(body), 0, call_id) + body


def response(call_id, data):
    return pdu(2, call_id, struct.pack("<LHBB", len(data), 0, 0, 0) + data)


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
        self.file = self.stream.makefile("rb")
        call_id = self.next()[1]
        self.send(pdu(12, call_id, struct.pack("<HHLH4s2xB3x", 4280, 4280, 1, 4, b"135\0", 1) + ALL))

    def send(self, octets):
        self.stream.sendall(octets)

    def next(self):
        """Type, call_id and body of what comes next; None at the end of the connection."""
        try:
            header = self.file.read(16)
        except ConnectionError:
            header = b""
        if len(header) < 16:
            return None
        return header[2], struct.unpack("<L", header[12:16])[0], self.file.read(struct.unpack("<H", header[8:10])[0] - 16)

    def end(self):
        self.stream.close()
        self.process.kill()  # it has shown what it does
        self.process.wait()


def stray_reply():
    peer = Peer("several")
    first = peer.next()
    peer.send(response(first[1] + 64, b"12345678"))
    second = peer.next()  # nothing was said of the first one
    peer.end()
    is_shown = second is not None and second[0] == 0
    return is_shown, f"a response of call {first[1] + 64} to call {first[1]}: then comes " + (
        "the end" if second is None else f"a PDU of type {second[0]}, call {second[1]}")


def cancelled_thread():
    peer = Peer("cancel")
    first = peer.next()
    second = peer.next()
    peer.end()
    is_shown = first[0] == 0 and second is None
    return is_shown, "a thread is cancelled in a call: " + ("the end of the connection" if second is None else f"type {second[0]}")


def main():
    shown = 0
    checks = [stray_reply, cancelled_thread]
    for check in checks:
        is_shown, what = check()
        shown += is_shown
        print(what if is_shown else f"NOT SHOWN: {what}")
    print(f"{shown} of {len(checks)} shown")
    sys.exit(shown != len(checks))


main()
