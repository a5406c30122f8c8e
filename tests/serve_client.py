# SPDX-License-Identifier: Apache-2.0
"""serve_client.py PORT PROFILE HEARD: what a client sees of `rpcancel serve`, octet by octet, without any code of the project.
Appends the fragments that came, a line of hexadecimal digits each, to the file HEARD.

Each check is a function; the first that fails ends the run. The last line is `N checks`.
"""
import socket
import struct
import sys
import time

from dcerpc_client import (BIND, CANCELLED, CO_CANCEL, COUNT, ECHO, ENDPOINT_MAPPER, FIRST, LAST, MANAGEMENT, MPX, NDR, NETLOGON,
                           NO_MORE, ORPHANED, PARK, PARK_AND_IGNORE, PENDING, POLL, RAISE, RELEASE, REQUEST, RESPONSE, SLEEP, STREAM,
                           TEST, Client, header)

PORT, PROFILE = int(sys.argv[1]), sys.argv[2]


def counts():
    return PROFILE != "windows"


def at_once():
    with Client() as client:
        client.request(2, ECHO, b"12345678")
        assert client.responds(2, b"12345678") == (FIRST | LAST, 0)


def big_endian_sender():
    with Client() as client:
        client.request(2, RAISE, struct.pack(">I", 0x12345678), big_endian=True)
        client.faults(2, 0x12345678)


def park_and_cancel():
    with Client() as client:
        client.request(2, PARK)
        client.send(CO_CANCEL, LAST | PENDING, 2)
        flags, count = client.faults(2, CANCELLED)
        assert flags == FIRST | LAST and count == counts(), (flags, count)
        client.barrier(3)


def park_and_orphan():
    with Client() as client:
        client.request(2, PARK)
        client.send(ORPHANED, FIRST | LAST, 2)
        client.barrier(3)


def cancel_is_noticed():
    with Client() as client:
        client.request(2, POLL)
        client.send(CO_CANCEL, FIRST | LAST, 2)
        assert client.responds(2, struct.pack("<I", 1)) == (FIRST | LAST, counts())


def cancel_is_ignored():
    with Client(flags=MPX) as client, Client() as other:
        client.request(2, PARK_AND_IGNORE)
        client.send(CO_CANCEL, LAST | PENDING, 2)
        client.barrier(3)
        other.request(1, COUNT)
        other.responds(1, struct.pack("<I", 1))
        other.request(2, RELEASE)
        other.responds(2, struct.pack("<I", 1))
        flags, count = client.responds(2, b"")
        assert count == counts(), count
        assert flags == FIRST | LAST | (PENDING if PROFILE in ("c706", "freedce") else 0), flags


def sleeps_through():
    with Client() as client:
        begin = time.monotonic()
        client.request(2, SLEEP, struct.pack("<I", 200))
        client.send(CO_CANCEL, LAST | PENDING, 2)
        client.responds(2, b"")
        assert time.monotonic() - begin >= 0.19


def multiplexed():
    with Client(flags=MPX) as client:
        client.request(10, PARK)
        client.request(11, PARK)
        client.barrier(12)
        client.send(CO_CANCEL, LAST | PENDING, 11)
        client.faults(11, CANCELLED)
        client.send(CO_CANCEL, LAST | PENDING, 10)
        client.faults(10, CANCELLED)


def streams():
    with Client() as client:
        client.request(2, STREAM, struct.pack("<I", 100000))
        stub, flags = b"", 0
        while not flags & LAST:
            kind, flags, call_id, body = client.receive()
            assert (kind, call_id) == (RESPONSE, 2) and len(body) <= 4280 - 16
            stub += body[8:]
        assert stub == bytes(i & 255 for i in range(100000))


def golden_octets():
    with Client() as client:
        client.request(1, PARK)
        client.socket.sendall(bytes.fromhex("05001206100000001000000001000000"))
        client.faults(1, CANCELLED)
        client.request(8, PARK)
        client.socket.sendall(bytes.fromhex("05001303100000001000000008000000"))
        client.barrier(9)


def cancels_for_nobody():
    with Client() as client:
        many = b"".join(header(CO_CANCEL, LAST | PENDING, call_id) for call_id in range(1000, 2000)) * 100
        client.socket.sendall(many)
        client.barrier(2)


def sizes_that_lie():
    for size, closes in ((0, True), (15, True), (65535, True)):
        with Client() as client:
            client.socket.sendall(header(CO_CANCEL, 3, 2)[:8] + struct.pack("<HHI", size, 0, 2))
            client.closes()
    with Client() as client:
        client.send(CO_CANCEL, 3, 2, b"\0" * 8)  # too long, and no reason to complain
        client.barrier(3)


def before_bind():
    for kind in range(21):
        with Client(bound=False) as client:
            client.send(kind, FIRST | LAST, 1, b"\0" * 16)
            if kind not in (CO_CANCEL, ORPHANED):
                client.closes()


def closes_anywhere():
    whole = header(BIND, FIRST | LAST, 1, struct.pack("<HHIBBH", 4280, 4280, 0, 1, 0, 0) + struct.pack("<HBB", 1, 1, 0) + TEST + NDR)
    whole += header(REQUEST, FIRST | LAST, 2, struct.pack("<IHH", 0, 1, PARK)) + header(CO_CANCEL, LAST | PENDING, 2)
    for size in range(len(whole) + 1):
        with Client(bound=False) as client:
            client.socket.sendall(whole[:size])
        if size % 30 == 0:
            time.sleep(0.2)  # the server allows 60 connections, and sees an end when it comes to it


def too_many_connections():
    clients = [Client() for _ in range(60)]
    extra = Client(bound=False)
    extra.closes()
    clients[0].barrier(2)
    for client in clients:
        client.socket.close()
    extra.socket.close()
    time.sleep(0.2)


def slow_drip():
    with Client() as client:
        begin = time.monotonic()
        try:
            for octet in header(REQUEST, FIRST | LAST, 2, b"\0" * 100):
                client.socket.sendall(bytes([octet]))
                time.sleep(0.1)
        except (BrokenPipeError, ConnectionResetError):
            pass
        client.closes()
        assert time.monotonic() - begin < 8


def fragments_that_never_end():
    with Client() as client:
        try:
            for i in range(2000):
                client.request(2, ECHO, b"\0" * 4256, flags=0 if i else FIRST)
        except (BrokenPipeError, ConnectionResetError):
            return
        client.faults(2, 5)
        client.closes()


def management():
    with Client(interface=MANAGEMENT) as client:
        interfaces = client.ask(0)
        count = struct.unpack("<III", interfaces[:12])[1:]
        assert count == (4, 4) and len(interfaces) == 12 + 4 * 4 + 4 * 20 + 4, interfaces.hex()
        for syntax in (MANAGEMENT, ENDPOINT_MAPPER, TEST, NETLOGON):
            assert syntax in interfaces
        statistics = struct.unpack("<IIIIIII", client.ask(1, struct.pack("<I", 4)))
        assert statistics[:2] == (4, 4) and statistics[2] > 0 and statistics[6] == 0, statistics
        assert client.ask(2) == struct.pack("<II", 0, 1)
        assert client.ask(3) == struct.pack("<I", 5)
        assert client.ask(4, struct.pack("<II", 10, 64)) == struct.pack("<IIIII", 64, 0, 1, 0, 0)


def tower(syntax, port, protocol=b"\x07"):
    uuid, version = syntax[:16], syntax[16:18]
    floors = [(b"\x0d" + uuid + version, syntax[18:20]), (b"\x0d" + NDR[:18], NDR[18:20]), (b"\x0b", b"\0\0"),
              (protocol, struct.pack(">H", port)), (b"\x09", socket.inet_aton("127.0.0.1"))]
    return struct.pack("<H", 5) + b"".join(struct.pack("<H", len(left)) + left + struct.pack("<H", len(right)) + right
                                           for left, right in floors)


def endpoint_map():
    def map_request(asked, most=1):
        padded = asked + b"\0" * (-len(asked) % 4)
        return struct.pack("<IIII", 0, 1, len(asked), len(asked)) + padded + b"\0" * 20 + struct.pack("<I", most)

    with Client(interface=ENDPOINT_MAPPER) as client:
        answer = client.ask(3, map_request(tower(TEST, 135), most=7))
        assert answer[20:36] == struct.pack("<IIII", 1, 7, 0, 1), answer.hex()
        assert tower(TEST, PORT) in answer and answer[-4:] == b"\0" * 4, answer.hex()
        for asked in (tower(b"\1" * 20, 135), tower(TEST, 135, protocol=b"\x08"), tower(TEST, 135)[:60], b""):
            nothing = client.ask(3, map_request(asked))
            assert nothing[20:24] == b"\0" * 4 and nothing[-4:] == NO_MORE, nothing.hex()
        assert client.ask(3, b"\1" * 7)[-4:] == NO_MORE
        assert client.ask(4, b"\0" * 20) == b"\0" * 24
        client.request(3, 0)
        client.faults(3, 5)


def endpoint_lookup():
    def look_up(client, most, handle=b"\0" * 20, kind=0, syntax=None, option=1, objects=b""):
        """The handle, the interfaces, and the status."""
        request = struct.pack("<I", kind) + (struct.pack("<I", 1) + objects if objects else b"\0" * 4)
        request += (struct.pack("<I", 2) + syntax if syntax else b"\0" * 4) + struct.pack("<I", option) + handle
        answer = client.ask(2, request + struct.pack("<I", most))
        count, room, first, again = struct.unpack("<IIII", answer[20:36])
        assert (room, first, again) == (most, 0, count), answer.hex()
        found = [syntax for syntax in (MANAGEMENT, ENDPOINT_MAPPER, TEST, NETLOGON) if tower(syntax, PORT) in answer]
        assert len(found) == count, answer.hex()
        return answer[:20], found, answer[-4:]

    null, end = b"\0" * 20, b"\0" * 4 if PROFILE == "windows" else NO_MORE
    with Client(interface=ENDPOINT_MAPPER) as client:
        everything = [MANAGEMENT, ENDPOINT_MAPPER, TEST, NETLOGON]
        assert look_up(client, 100) == (null, everything, end)
        handle, found, status = look_up(client, 3)
        assert handle != null and (found, status) == (everything[:3], b"\0" * 4)
        assert look_up(client, 3, handle) == (null, everything[3:], end)
        handle, found, status = look_up(client, 1, handle)
        assert handle != null and (found, status) == (everything[3:], b"\0" * 4)
        assert look_up(client, 1, handle) == (null, [], NO_MORE)
        assert look_up(client, 0) == (null, [], NO_MORE)
        for option, version, fits in ((1, 9, True), (2, 1, True), (2, 0x10001, False), (2, 2, False), (3, 1, True), (3, 0x10001, False),
                                      (4, 0x10001, True), (4, 2, False), (5, 0x10001, True), (5, 2, True), (5, 0, False), (6, 1, False)):
            asked = TEST[:16] + struct.pack("<I", version)
            wanted = (null, [TEST], end) if fits else (null, [], NO_MORE)
            for kind in (1, 3):
                assert look_up(client, 9, kind=kind, syntax=asked, option=option) == wanted, (option, hex(version))
        assert look_up(client, 9, kind=2, objects=b"\1" * 16) == (null, [], NO_MORE)
        assert look_up(client, 9, kind=2, objects=b"\0" * 16) == (null, everything, end)
        assert look_up(client, 9, kind=4) == (null, [], NO_MORE)
        assert client.ask(2, b"\1" * 7)[-4:] == NO_MORE
        for wrong in (b"\1" * 20, handle[:-1] + b"\0", b"\1" + handle[1:]):
            client.request(3, 2, b"\0" * 12 + b"\1\0\0\0" + wrong + b"\1\0\0\0")
            client.faults(3, 0x1C00001A)


def netlogon():
    with Client(interface=NETLOGON) as client:
        assert client.ask(4, b"anything") == b"\0" * 12
        client.request(3, 0)
        client.faults(3, 0x1C010002)


def raises_and_refuses():
    with Client() as client:
        for call_id, opnum, stub, status in ((2, RAISE, struct.pack("<I", 0), 0x6F7), (3, SLEEP, b"", 0x6F7), (4, STREAM, b"\xff" * 4, 0x6F7)):
            client.request(call_id, opnum, stub)
            client.faults(call_id, status)
        client.request(5, 99)
        client.faults(5, 0x1C010002)


def main():
    Client.port = PORT
    Client.heard = open(sys.argv[3], "a", encoding="ascii")
    checks = [at_once, raises_and_refuses, management, endpoint_map, endpoint_lookup, netlogon, big_endian_sender, park_and_cancel, park_and_orphan, cancel_is_noticed, cancel_is_ignored, sleeps_through,
              multiplexed, streams, golden_octets, cancels_for_nobody, sizes_that_lie, before_bind, closes_anywhere,
              too_many_connections, fragments_that_never_end]
    if PROFILE == "core":  # takes as long as the server's time-out
        checks.append(slow_drip)
    for check in checks:
        try:
            check()
            at_once()  # others are served still
        except Exception as error:
            raise SystemExit("FAILED: %s: %r" % (check.__name__, error)) from error
    print("%d checks" % len(checks))


main()
