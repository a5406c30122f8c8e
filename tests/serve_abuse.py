# SPDX-License-Identifier: Apache-2.0
"""serve_abuse.py PORT PID [sanitized]: what peers that mean harm get from `rpcancel serve --timeout 1 --memory 16 --connections 200`, and that
others are served all the while, within bounded memory. The server's process is PID; `sanitized`: it has sanitizers in it.

Each check is a function; the first that fails ends the run. The last line is `N checks`.
"""
import itertools
import os
import random
import socket
import struct
import sys
import time

from dcerpc_client import (BIND, BIND_NAK, CANCELLED, CO_CANCEL, COUNT, ECHO, FAULT, FIRST, LAST, MPX, NDR, ORPHANED, PARK, PARK_AND_IGNORE,
                           RELEASE, REQUEST, RESPONSE, STREAM, TEST, Client, header)

PORT, PID = int(sys.argv[1]), int(sys.argv[2])
PROTOCOL_ERROR, ACCESS_DENIED = 0x1C01000B, 5
MEMORY = 16 << 20  # of --memory
SANITIZED = 1 if sys.argv[3:] else 0  # the sanitizer keeps as much again
GONE = (BrokenPipeError, ConnectionResetError)


def resident():
    """Octets of the server's memory that are in use."""
    with open("/proc/%d/statm" % PID, encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def call(client, call_id=2):
    client.request(call_id, ECHO, b"12345678")
    client.responds(call_id, b"12345678")


def outcome(client):
    """How the server ends it: the types of what it sends and, of a fault, the status."""
    heard = []
    try:
        while True:
            kind, _, _, body = client.receive()
            heard.append((kind, struct.unpack("<I", body[8:12])[0]) if kind == FAULT else kind)
    except (EOFError,) + GONE:
        return heard


def bind(contexts=1, flags=FIRST | LAST):
    one = struct.pack("<HBB", 1, 1, 0) + TEST + NDR
    return header(BIND, flags, 1, struct.pack("<HHIBBH", 4280, 4280, 0, contexts, 0, 0) + one * contexts)


def request(call_id, opnum, stub=b"", flags=FIRST | LAST, hint=0):
    return header(REQUEST, flags, call_id, struct.pack("<IHH", hint, 1, opnum) + stub)


def conversation():
    alter = bytearray(bind())
    alter[2], alter[12] = 14, 2
    return bind() + bytes(alter) + request(3, ECHO, b"1" * 8, flags=FIRST) + header(CO_CANCEL, LAST, 3) + request(
        3, ECHO, b"2" * 8, flags=0) + header(ORPHANED, FIRST | LAST, 3) + request(4, PARK) + header(CO_CANCEL, LAST, 4) + request(
            5, PARK) + header(ORPHANED, FIRST | LAST, 5) + request(6, STREAM, struct.pack("<I", 9000)) + request(7, PARK)


def cancels_for_nobody():
    before = resident()
    many = b"".join(header(CO_CANCEL if i % 2 else ORPHANED, LAST, 1000 + i * 7919) for i in range(1000))

    def send_many():
        for _ in range(100):
            client.socket.sendall(many)

    with Client(bound=False) as client:
        send_many()
        client.socket.sendall(bind())
        client.receive()
        send_many()
        call(client)
        client.request(3, ECHO, b"1" * 8, flags=FIRST)
        send_many()
        client.request(3, ECHO, b"2" * 8, flags=LAST)
        client.responds(3, b"1" * 8 + b"2" * 8)
        client.request(4, PARK)
        send_many()
        client.send(CO_CANCEL, LAST, 4)
        client.faults(4, CANCELLED)
        call(client, 5)
    assert resident() - before < 1 << 20 + SANITIZED, resident() - before  # 16 octets kept of each would be 6 MiB


def cancels_for_one_call():
    with Client(flags=MPX) as client:
        client.request(2, PARK_AND_IGNORE)
        for _ in range(100):
            client.socket.sendall(header(CO_CANCEL, LAST, 2) * 1000)
        call(client, 3)
        client.request(4, RELEASE)
        answers = sorted(client.receive()[2] for _ in range(2))
        assert answers == [2, 4], answers


def ends_anywhere():
    """By closing, by a reset, and by closing one direction only."""
    whole = conversation()
    reset = struct.pack("ii", 1, 0)
    before = resident()
    for size in range(len(whole) + 1):
        for how in ("close", "reset", "half"):
            client = socket.create_connection(("127.0.0.1", PORT), timeout=10)
            client.sendall(whole[:size])
            if how == "reset":
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            elif how == "half":
                client.shutdown(socket.SHUT_WR)
                try:
                    while client.recv(65536):
                        pass
                except ConnectionResetError:
                    pass
            client.close()
    with Client() as client:
        assert client.ask(COUNT) == b"\0" * 4, "calls of connections that are gone wait still"
    assert resident() - before < 4 << 20 + SANITIZED, resident() - before


def heard_of(client):
    """What is there to be heard, without waiting: None for nothing yet."""
    client.socket.setblocking(False)
    try:
        return client.socket.recv(4096, socket.MSG_PEEK)
    except BlockingIOError:
        return None
    except ConnectionResetError:
        return b""
    finally:
        client.socket.settimeout(10)


def fragments_that_never_end():
    before, most = resident(), 0
    clients = [Client() for _ in range(24)]
    for client in clients:
        client.request(2, ECHO, b"\0" * 4256, flags=FIRST)
    with Client() as good:
        while clients:
            for client in list(clients):
                if heard_of(client) is None:
                    try:
                        client.socket.sendall(request(2, ECHO, b"\0" * 4256, flags=0) * 16)
                    except GONE:
                        pass
                else:
                    heard = outcome(client)
                    assert heard in ([(FAULT, ACCESS_DENIED)], []), heard  # or a reset took it away
                    client.socket.close()
                    clients.remove(client)
            most = max(most, resident())
            call(good)
    assert most - before < MEMORY + (16 << 20), most - before


def drips_by_the_dozen():
    """An octet every twentieth of a second from each of them, up to their end; half of them have not bound. And two dozen that never
    say anything."""
    whole = bind() + request(2, ECHO, b"1" * 64)
    dripping = [(Client(bound=i % 2 == 0), iter(whole)) for i in range(48)]
    dripping += [(Client(bound=False), iter(b"")) for _ in range(24)]
    with Client() as good:
        begin = time.monotonic()
        while dripping:
            assert time.monotonic() - begin < 20, "%d drip still" % len(dripping)
            for pair in list(dripping):
                client, octets = pair
                try:
                    client.socket.sendall(bytes(itertools.islice(octets, 1)))
                except GONE:
                    pass
                if heard_of(client) == b"":
                    client.socket.close()
                    dripping.remove(pair)
            call(good)
            time.sleep(0.05)
        assert time.monotonic() - begin > 0.9, "they were not waited for"


def replies_that_nobody_reads():
    before = resident()
    clients = [Client() for _ in range(24)]
    for client in clients:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.request(2, STREAM, struct.pack("<I", 0x400000))
    with Client() as good:
        for _ in range(20):
            call(good)
    assert resident() - before < MEMORY + (16 << 20), resident() - before
    for client in clients:
        client.socket.close()


def hints_that_lie():
    for hint in (0, 1, 7, 9, 0x7FFFFFFF, 0xFFFFFFFF):  # of a whole request
        with Client() as client:
            client.socket.sendall(request(2, ECHO, b"12345678", hint=hint))
            client.responds(2, b"12345678")
    for hint in (0, 1, 0x400000):  # of one in fragments
        with Client() as client:
            client.socket.sendall(request(2, ECHO, b"1234", flags=FIRST, hint=hint) + request(2, ECHO, b"5678", flags=LAST, hint=hint))
            client.responds(2, b"12345678")
    for hint in (0x400001, 0xFFFFFFFF):
        with Client() as client:
            client.socket.sendall(request(2, ECHO, b"1234", flags=FIRST, hint=hint))
            assert outcome(client) == [(FAULT, ACCESS_DENIED)]


def with_auth_length(fragment, length):
    return fragment[:10] + struct.pack("<H", length) + fragment[12:]


def verifiers_that_are_not_there():
    for length in (1, 8, 9, 24, 100, 0xFFFF):
        with Client(bound=False) as client:
            client.socket.sendall(with_auth_length(bind(), length))
            assert outcome(client) == [BIND_NAK], length
        with Client() as client:
            client.socket.sendall(with_auth_length(request(2, ECHO, b"12345678" * 2), length))
            heard = outcome(client)
            assert heard in ([(FAULT, PROTOCOL_ERROR)], [(FAULT, ACCESS_DENIED)]), (length, heard)
        for kind in (CO_CANCEL, ORPHANED):
            with Client() as client:
                client.request(2, PARK)
                client.socket.sendall(with_auth_length(header(kind, LAST, 2), length))
                heard = outcome(client)
                assert heard == [(FAULT, PROTOCOL_ERROR)], (kind, length, heard)


def headers_that_lie():
    """Each octet of the first twelve, with other values, on a bound connection."""
    good = request(2, ECHO, b"12345678")
    for at in range(12):
        for value in (0, 1, 2, 4, 15, 16, 17, 127, 128, 255):
            if value == good[at] or at in (8, 9) and good[at] < value:
                continue  # longer than what is sent: the time-out ends it
            with Client() as client:
                client.socket.sendall(good[:at] + bytes([value]) + good[at + 1:])
                client.socket.shutdown(socket.SHUT_WR)
                for heard in outcome(client):
                    assert heard in (RESPONSE, 13, 15) or heard[0] == FAULT, (at, value, heard)
    for at, value, wanted in ((0, 4, []), (0, 6, []), (2, 21, [(FAULT, PROTOCOL_ERROR)]), (2, 255, [(FAULT, PROTOCOL_ERROR)])):
        with Client() as client:
            client.socket.sendall(good[:at] + bytes([value]) + good[at + 1:])
            heard = outcome(client)
            assert heard == wanted, (at, value, heard)


def noise():
    numbers = random.Random(1)
    whole = conversation()
    for i in range(400):
        spoilt = bytearray(whole)
        for _ in range(numbers.randint(1, 8)):
            spoilt[numbers.randrange(len(spoilt))] = numbers.randrange(256)
        with Client(bound=False) as client:
            client.socket.sendall(spoilt if i % 4 else numbers.randbytes(len(whole)))
            client.socket.shutdown(socket.SHUT_WR)
            try:
                while client.socket.recv(65536):
                    pass
            except ConnectionResetError:
                pass


def main():
    checks = (cancels_for_nobody, cancels_for_one_call, ends_anywhere, hints_that_lie, verifiers_that_are_not_there, headers_that_lie, noise,
              fragments_that_never_end, replies_that_nobody_reads, drips_by_the_dozen)
    Client.port = PORT
    for check in checks:
        begin = time.monotonic()
        try:
            check()
            with Client() as client:
                call(client)
        except Exception as error:
            raise SystemExit("FAILED: %s: %r" % (check.__name__, error)) from error
        print("%5.1f s  %s" % (time.monotonic() - begin, check.__name__))
    print("%d checks" % len(checks))


main()
