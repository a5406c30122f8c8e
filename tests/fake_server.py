# SPDX-License-Identifier: Apache-2.0
"""Servers that are up to no good, for tests/test_tcp.sh.

fake_server.py MODE [PORT]: serves one connection after the other, of itself or, for the modes that alter what another
server sends, in front of the one at 127.0.0.1:PORT. Prints `listening on 127.0.0.1:PORT` when it is ready.

silent   takes everything and answers nothing
garbage  answers with octets that are no PDU
closing  closes every connection at once
refusing binds, and closes the connection at every request
drip     passes everything on, an octet at a time
killer   passes everything on, and is killed by a co_cancel with pfc_flags 4; killer-again is started again then
counting-again  counts as `count` does and, after a cancel, ends when the client has left; it is started again then
stuck    passes everything on, until a co_cancel with pfc_flags 4 comes: nothing passes any more; stuck-again is started again half a second later
abrupt   passes everything on, and closes a connection at a cancel, which nobody hears of before the next PDU came
release-once  passes everything on, and closes a connection behind the answer to the operation that releases
mute     passes everything on, and nothing back on a connection that a cancel came over
half     likewise, but for the first ten octets of the next fragment; cut closes the connection behind them, reset breaks it
half-shut  likewise, but for the end of what it sends
trickle  likewise, an octet every 20 ms
changes  passes everything on; from its 30th connection on replies count a cancel too much
flood    passes everything on; a cancel, and the operation that is held, it answers with a response that never ends
single   passes everything on, one connection after the other
intolerant  passes everything on, and closes the connection at a co_cancel or orphaned
serial   passes everything on, the calls of a connection one after the other: a request when the operation before has ended
lonely   grants no concurrent multiplexing; shy closes the connection where it is asked for
nak      refuses every bind, for its version
mortal   ends when it is to release calls
Others alter what a healthy server sends: count, status, call-id, call-id-1 (that of all replies), twice, ack, pending, flags, first, first-byte, memory."""
import os
import signal
import socket
import struct
import sys
import threading
import time


def fragments(stream):
    """Yields whole fragments from a socket."""
    data = b""
    while True:
        while len(data) < 16 or len(data) < int.from_bytes(data[8:10], "little" if data[4] & 0x10 else "big"):
            more = stream.recv(65536)
            if not more:
                return
            data += more
        length = int.from_bytes(data[8:10], "little" if data[4] & 0x10 else "big")
        yield data[:length]
        data = data[length:]


seen = []


def alter(mode, pdu):
    """What is sent instead of a fragment of the server."""
    changed = bytearray(pdu)
    is_response, is_fault = pdu[2] == 2, pdu[2] == 3
    if (mode.startswith("count") or mode == "changes" and Connections.count > 30) and (is_response or is_fault):
        changed[22] = (changed[22] + 1) % 256
    elif mode == "status" and is_fault and pdu[24:28] == bytes.fromhex("0d00001c"):
        changed[24:28] = bytes.fromhex("d8060000")
    elif mode == "call-id" and is_response:
        changed[15] ^= 0x40
    elif mode == "call-id-1" and (is_response or is_fault):
        changed[12:16] = (1).to_bytes(4, "little" if pdu[4] & 0x10 else "big")
    elif mode == "twice" and (is_response or is_fault):
        changed += pdu
    elif mode == "pending" and is_response:
        changed[3] ^= 0x04
    elif mode == "flags" and is_response:
        changed[3] |= 0x20
    elif mode == "first" and is_response:
        changed[3] &= 0xFE
    elif mode == "lonely" and pdu[2] == 12:
        changed[3] &= 0xEF
    elif mode == "nak" and pdu[2] == 12:
        changed = pdu[:2] + b"\x0d" + pdu[3:8] + b"\x15\0" + pdu[10:16] + b"\4\0\1\5\0"
    elif mode == "first-byte":
        changed[0] = 4
    elif mode == "memory" and is_response and len(pdu) == 32:  # of the echo of eight octets
        seen.append(1)
        if len(seen) > 9:
            changed[28:32] = b"key!"
    return bytes(changed)


MUTE, CLOSED, CANCELLED = b"mute", b"closed", b"cancelled"
AFTER_CANCEL = ("mute", "half", "cut", "reset", "half-shut", "trickle")


class Connections:
    count = 0


def turn(mode, client, pdu):
    """Does with a fragment, on a connection that a cancel came over, what the mode is for. False: it is the last that is sent."""
    if mode == "trickle":
        for octet in pdu:
            time.sleep(0.02)
            client.sendall(bytes([octet]))
        return True
    if mode in ("half", "cut"):
        client.sendall(pdu[:10])
    if mode == "half-shut":
        client.shutdown(socket.SHUT_WR)
    if mode == "reset":
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.shutdown(socket.SHUT_RD)  # the other thread lets go of it
        client.close()
    if mode == "cut":
        client.shutdown(socket.SHUT_RDWR)
    return False


closing = threading.Lock()
stuck = threading.Event()


def flood(client, call_id):
    """Sends fragments of a response until nobody takes them any longer."""
    stub = bytes(4096)
    head = b"\5\0\2%c\x10\0\0\0" + (24 + len(stub)).to_bytes(2, "little") + b"\0\0" + call_id + bytes(8) + stub
    client.sendall(head % 1)
    while True:
        client.sendall(head % 0)


def call_id(pdu):
    return int.from_bytes(pdu[12:16], "little" if pdu[4] & 0x10 else "big")


class Serial:
    """Keeps the calls of a connection apart: what is for one that has to wait goes on when the one before has ended."""

    lock = threading.Lock()
    all = set()
    HOLD = 3

    def __init__(self, server):
        self.server = server
        self.waiting = []  # PDUs
        self.running = None  # call_id of the one in hand
        self.operation = self.is_orphaned = self.is_whole = self.is_maybe = None
        with Serial.lock:
            Serial.all.add(self)

    def take(self, pdu):
        """Takes a PDU of the client."""
        with Serial.lock:
            if pdu[2] in (0, 18, 19) and any(call_id(other) == call_id(pdu) for other in self.waiting):
                self.waiting.append(pdu)
            elif pdu[2] == 0 and pdu[3] & 1 and self.running is not None:
                self.waiting.append(pdu)
            else:
                self.send(pdu)

    def send(self, pdu):
        if pdu[2] == 0 and pdu[3] & 1:
            self.running, self.operation = call_id(pdu), pdu[22] | pdu[23]
            self.is_orphaned = self.is_whole = False
            self.is_maybe = pdu[3] & 0x40 != 0
        if call_id(pdu) == self.running:
            self.is_orphaned |= pdu[2] == 19
            self.is_whole |= pdu[2] == 0 and pdu[3] & 2 != 0
        self.server.sendall(pdu)
        if pdu[2] == 0 and call_id(pdu) == self.running and self.is_maybe and self.is_whole:  # it is not answered
            self.go_on()

    def go_on(self):
        """The call in hand has ended."""
        self.running = None
        waiting, self.waiting = self.waiting, []
        for pdu in waiting:
            if self.running is None or call_id(pdu) == self.running:
                self.send(pdu)
            else:
                self.waiting.append(pdu)

    def answered(self, pdu):
        """A PDU of the server is passed on."""
        with Serial.lock:
            if call_id(pdu) == self.running and (pdu[2] == 3 or pdu[2] == 2 and pdu[3] & 2):
                self.go_on()

    @classmethod
    def released(cls):
        """The operations that are held go on; of what was orphaned nothing else tells that it has ended."""
        with cls.lock:
            for one in cls.all:
                if one.running is not None and one.is_orphaned and one.is_whole and one.operation == cls.HOLD:
                    try:
                        one.go_on()
                    except OSError:
                        pass


def pump_requests(mode, client, server, seen, serial):
    try:
        for pdu in fragments(client):
            if pdu[2] == 0 and pdu[22] == 7:
                seen.add(pdu[12:16])
            if mode == "flood" and (pdu[2] == 18 or pdu[2] == 0 and pdu[22] == 3):
                flood(client, pdu[12:16])
            if mode == "counting-again" and pdu[2] == 18:
                seen.add(CANCELLED)
            if mode in AFTER_CANCEL and pdu[2] == 18:
                seen.add(MUTE)
            if mode.startswith("killer") and pdu[2:4] == b"\x12\x04":
                with closing:  # who has closed a connection reads nothing more there
                    if CLOSED not in seen:
                        os.kill(os.getpid(), signal.SIGKILL)
            if mode == "mortal" and pdu[2] == 0 and pdu[22] == 7:
                os.kill(os.getpid(), signal.SIGKILL)
            is_refused = mode == "refusing" and pdu[2] == 0 or mode == "intolerant" and pdu[2] in (18, 19)
            if is_refused or mode == "shy" and pdu[2] == 11 and pdu[3] & 0x10:
                client.shutdown(socket.SHUT_RDWR)
            if mode.startswith("stuck") and pdu[2:4] == b"\x12\x04":
                stuck.set()
                if mode == "stuck-again":
                    time.sleep(0.5)
                    os.kill(os.getpid(), signal.SIGKILL)
            if stuck.is_set():
                continue
            if mode == "abrupt" and (CANCELLED in seen or pdu[2] in (18, 19)):
                seen.add(CANCELLED)
                if pdu[2] == 0:
                    client.shutdown(socket.SHUT_RDWR)
                continue
            if serial:
                serial.take(pdu)
            else:
                server.sendall(pdu)
            if mode == "ack" and pdu[2] in (18, 19):
                client.sendall(pdu)
    except OSError:
        pass
    finally:
        if mode == "counting-again" and CANCELLED in seen:
            os.kill(os.getpid(), signal.SIGKILL)
        try:
            server.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def relay(mode, client, port):
    server = socket.create_connection(("127.0.0.1", port))
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    seen = set()  # call_ids of releases, and what else has come to pass
    serial = Serial(server) if mode == "serial" else None
    threading.Thread(target=pump_requests, args=(mode, client, server, seen, serial), daemon=True).start()
    try:
        for pdu in fragments(server):
            if MUTE in seen and mode != "mute" and CLOSED not in seen:
                if not turn(mode, client, pdu):
                    seen.add(CLOSED)
                continue
            if MUTE in seen or stuck.is_set():
                continue
            if mode == "drip":
                for octet in pdu:
                    client.sendall(bytes([octet]))
            else:
                client.sendall(alter(mode, pdu))
            if serial:
                serial.answered(pdu)
                if pdu[12:16] in seen and pdu[2] == 2:
                    Serial.released()
            if mode == "release-once" and pdu[12:16] in seen:
                break
    except OSError:
        pass
    try:
        with closing:
            seen.add(CLOSED)
            client.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def serve(mode, client, port):
    if mode == "closing":
        client.close()
    elif mode in ("silent", "garbage"):
        while client.recv(65536):
            if mode == "garbage":
                client.sendall(b"HTTP/1.0 400 no\r\n\r\n")
    else:
        relay(mode, client, port)


def started_again():
    """Returns in a process that is made anew whenever the one before has ended."""
    while True:
        pid = os.fork()
        if pid == 0:
            return
        signal.signal(signal.SIGTERM, lambda *_: (os.kill(pid, signal.SIGKILL), os._exit(0)))
        os.waitpid(pid, 0)


def main():
    mode = sys.argv[1]
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    listener = socket.create_server(("127.0.0.1", 0))
    address = listener.getsockname()
    print("listening on %s:%d" % address, flush=True)
    if mode in ("killer-again", "stuck-again", "counting-again"):
        listener.close()
        started_again()
        listener = socket.create_server(address)
    while True:
        client, _ = listener.accept()
        Connections.count += 1
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        thread = threading.Thread(target=serve, args=(mode, client, port), daemon=True)
        thread.start()
        if mode == "single":
            thread.join()


main()
