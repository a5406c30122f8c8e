# SPDX-License-Identifier: Apache-2.0
"""What corpus/runtimes/client-*.expect say of clients, shown by plain octets: neither rpcancel's codec nor its rules have a hand in it.

client_deviations.py: a server of one connection for each; a line for each that it shows, exit code 1 when one is not there."""
import os
import signal
import socket
import struct
import subprocess
import sys

CLIENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "judged_client.py")
REQUEST, RESPONSE, BIND_ACK = 0, 2, 12
SECONDS = 1.5  # below what the clients give a call, where they do


class Client:
    """One that has bound and sent its first request."""

    def __init__(self, name):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(20)
            self.process = subprocess.Popen(["/usr/bin/python3", CLIENT, name, "127.0.0.1", str(listener.getsockname()[1])],
                                            stderr=subprocess.DEVNULL)
            try:
                self.stream = listener.accept()[0]
            except TimeoutError:
                self.end()
                raise
        self.stream.settimeout(20)
        _, call_id, body = self.fragment()
        address = b"\x04\x00135\x00" + bytes(2)
        self.send(BIND_ACK, call_id, body[:4] + struct.pack("<L", 1) + address + b"\x01\0\0\0" + bytes(4) + body[32:52])
        kind, self.call_id, _ = self.fragment()
        assert kind == REQUEST

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
        self.stream.close()

    def end(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def exactly(self, size):
        octets = b""
        while len(octets) < size:
            more = self.stream.recv(size - len(octets))
            if not more:
                raise EOFError
            octets += more
        return octets

    def fragment(self):
        header = self.exactly(16)
        length, _, call_id = struct.unpack("<HHL", header[8:])
        return header[2], call_id, self.exactly(length - 16)

    def send(self, kind, call_id, body):
        self.stream.sendall(struct.pack("<BBBBLHHL", 5, 0, kind, 3, 0x10, 16 + len(body), 0, call_id) + body)

    def respond(self, call_id):
        self.send(RESPONSE, call_id, struct.pack("<LHBB", 8, 0, 0, 0) + b"12345678")

    def goes_on(self):
        """Whether its next request comes."""
        self.stream.settimeout(SECONDS)
        try:
            return self.fragment()[0] == REQUEST
        except (TimeoutError, EOFError, ConnectionResetError):
            return False


def answered(name, *others):
    """Whether the next request comes when the first one is answered so: by call_ids that are so far above its own."""
    with Client(name) as client:
        for other in others:
            client.respond(client.call_id + other)
        return client.goes_on()


def outlives(name):
    """Whether the client, and its call, outlive the end of the connection; the others come at it again or end."""
    with Client(name) as client:
        client.stream.shutdown(socket.SHUT_RDWR)
        try:
            client.process.wait(SECONDS)
            return False
        except subprocess.TimeoutExpired:
            return True


def main():
    assert answered("impacket", 0) and answered("samba", 0), "a response does not end the call"
    assert not answered("impacket"), "nothing ends the call"
    assert not outlives("samba"), "no client ends with its connection"
    shown = [
        ("impacket: a response to no call ends the call that is open", answered("impacket", 1000)),
        ("impacket: a call does not end with its connection", outlives("impacket")),
        ("samba: behind a response to no call, that to the open one is not read", not answered("samba", 1000, 0)),
    ]
    for what, is_shown in shown:
        print("%s: %s" % (what, "yes" if is_shown else "no"))
    count = sum(is_shown for _, is_shown in shown)
    print("%d of %d shown" % (count, len(shown)))
    sys.exit(count != len(shown))


main()
