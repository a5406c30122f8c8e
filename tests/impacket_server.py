# SPDX-License-Identifier: Apache-2.0
"""impacket's DCERPCServer as a server under test: impacket_server.py PORT (on 127.0.0.1; prints `listening on …` when it is ready)

The interface is the test interface of `rpcancel serve`, with the operations that corpus/runtimes/impacket.target names. A DCERPCServer
serves one connection at a time, so several processes have one each, behind one port: a call can be held while another connection
releases it. Each is started anew when it has ended, or when it is stuck: it does not notice the end of a connection while it holds a
call, and one that waits for the rest of a PDU goes on waiting behind the end, for good.

TCP lets several PDUs come as one. impacket reads 24 octets then, the beginning of the next PDU among them where the first one is a
co_cancel or orphaned, and what it makes of the rest is an accident. So that verdicts are none, PDUs are handed to it one by one.

The operation is chosen by stub data, not opnum, wherever the opnum is no matter: its low octet is the cancel_count of the response."""
import ctypes
import mmap
import os
import signal
import socket
import struct
import sys
import threading
import time

from impacket.dcerpc.v5.rpcrt import DCERPCServer

TEST = ("72706361-6E63-656C-8001-746573740001", "1.0")
ANY, STREAM = 0, 6
HOLD, RELEASE = b"hold", b"free"
SERVERS = 4
HEADER = 16
PR_SET_PDEATHSIG, TCP_CLOSE_WAIT = 1, 8
STUCK_SECONDS = 0.1  # the client has closed the connection, and the server has not noticed it
IDLE, HELD, RELEASED = range(3)
calls = mmap.mmap(-1, SERVERS)  # what each server's call is doing, shared


def hold(server):
    calls[server] = HELD
    while calls[server] == HELD:
        time.sleep(0.001)
    calls[server] = IDLE
    return b""


def release():
    held = [server for server in range(SERVERS) if calls[server] == HELD]
    for server in held:
        calls[server] = RELEASED
    return struct.pack("<I", len(held))


def any_operation(server, stub):
    if stub == HOLD:
        return hold(server)
    return release() if stub == RELEASE else stub


class OneByOne:
    """A connection of which no read gives more than the rest of a PDU."""

    def __init__(self, connection):
        self.connection = connection
        self.octets = b""
        self.left = 0  # of the PDU

    def recv(self, size):
        while len(self.octets) < (1 if self.left else HEADER):
            more = self.connection.recv(65536)
            if not more:
                break
            self.octets += more
        if not self.left and len(self.octets) >= HEADER:
            order = "little" if self.octets[4] & 0x10 else "big"
            self.left = max(HEADER, int.from_bytes(self.octets[8:10], order))
        size = min(size, self.left or size)
        given, self.octets = self.octets[:size], self.octets[size:]
        self.left = max(0, self.left - len(given))
        return given

    def send(self, octets):
        return self.connection.sendall(octets)

    def close(self):
        self.connection.close()

    def is_left(self):
        """Whether the client has closed it, and the server has not."""
        try:
            return self.connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == TCP_CLOSE_WAIT
        except OSError:
            return False


class Listener:
    """What a DCERPCServer takes for the socket that it listens on."""

    def __init__(self, listener):
        self.listener = listener

    def listen(self, _):
        pass  # it does

    def accept(self):
        connection, address = self.listener.accept()
        return OneByOne(connection), address


def end_when_stuck(server):
    while True:
        time.sleep(STUCK_SECONDS)
        connection = server._clientSock  # pylint: disable=protected-access
        if connection and connection.is_left():
            time.sleep(STUCK_SECONDS)
            if server._clientSock is connection and connection.is_left():  # pylint: disable=protected-access
                os._exit(1)


def serve(number, listener):
    server = DCERPCServer()
    server._sock = Listener(listener)  # pylint: disable=protected-access
    server.addCallbacks(TEST, str(listener.getsockname()[1]), {
        ANY: lambda stub: any_operation(number, stub),
        STREAM: lambda stub: bytes(struct.unpack("<I", stub[:4])[0]),
    })
    threading.Thread(target=end_when_stuck, args=(server,), daemon=True).start()
    server.run()


def start(number, listener):
    """The id of a new process that serves."""
    parent = os.getpid()
    calls[number] = IDLE
    process = os.fork()
    if process:
        return process
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # however the parent ends
    if os.getppid() == parent:
        serve(number, listener)
    os._exit(1)


def main():
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    processes = {}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        for number in range(SERVERS):
            processes[start(number, listener)] = number
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        while True:
            process, status = os.wait()
            number = processes.pop(process)
            print("server %d ended, status %d; another one is started" % (number, status), flush=True)
            processes[start(number, listener)] = number
    finally:
        for process in processes:
            os.kill(process, signal.SIGKILL)


main()
