# SPDX-License-Identifier: Apache-2.0
"""What corpus/runtimes/impacket-*.expect list, shown by plain octets: neither rpcancel's codec nor its rules have a hand in it.

impacket_deviations.py ADDRESS PORT: asks tests/impacket_server.py for each; a line for each that it shows, exit code 1 when one is not
there."""
import socket
import struct
import sys

RESPONSE, FAULT, BIND_ACK = 2, 3, 12
CO_CANCEL, ORPHANED = 18, 19
NOTHING, CLOSED = "nothing", "closed"
TEST = bytes.fromhex("61637072" "636e" "6c65" "8001746573740001" "01000000")
NDR = bytes.fromhex("045d888aeb1cc9119fe808002b104860" "02000000")
FEATURES = bytes.fromhex("2c1cb76c12984045" "0300000000000000" "01000000")  # of MS-RPCE 3.3.1.5.3: 0x03 is asked for


def pdu(kind, flags, call_id, body=b"", order="<"):
    drep = b"\x10" if order == "<" else b"\0"
    return struct.pack("BBBB", 5, 0, kind, flags) + drep + b"\0\0\0" + struct.pack(order + "HHL", 16 + len(body), 0, call_id) + body


def request(flags, call_id, opnum=0, stub=b"12345678", alloc_hint=0):
    return pdu(0, flags, call_id, struct.pack("<LHH", alloc_hint, 0, opnum) + stub)


def bind(*syntaxes):
    body = struct.pack("<HHLL", 4280, 4280, 0, len(syntaxes))
    for number, syntax in enumerate(syntaxes):
        body += struct.pack("<HH", number, 1) + TEST + syntax
    return pdu(11, 3, 1, body)


def connect():
    stream = socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stream.settimeout(0.5)
    return stream


def heard(stream):
    """The next fragment, as octets."""
    octets = b""
    try:
        while len(octets) < 16 or len(octets) < struct.unpack("<H", octets[8:10])[0]:
            more = stream.recv(16 - len(octets) if len(octets) < 16 else struct.unpack("<H", octets[8:10])[0] - len(octets))
            if not more:
                return CLOSED
            octets += more
    except TimeoutError:
        return NOTHING
    except ConnectionResetError:
        return CLOSED
    return octets


def converse(*sent):
    """What comes next behind the bind_ack."""
    with connect() as stream:
        stream.sendall(bind(NDR))
        assert heard(stream)[2] == BIND_ACK
        stream.sendall(b"".join(sent))
        return heard(stream)


def to_bind(octets):
    with connect() as stream:
        stream.sendall(octets)
        return heard(stream)


def is_reply(octets, kind, call_id):
    return isinstance(octets, bytes) and octets[2] == kind and octets[12:16] == struct.pack("<L", call_id)


def is_response(call_id, condition=lambda octets: True):
    return lambda octets: is_reply(octets, RESPONSE, call_id) and condition(octets)


def is_fault(call_id, condition):
    return lambda octets: is_reply(octets, FAULT, call_id) and condition(octets)


def is_same(what):
    return lambda octets: octets == what


SHOWN = [
    ("co_cancel for no call ends the connection", converse(pdu(CO_CANCEL, 0x06, 7), request(3, 9)), is_same(CLOSED)),
    ("co_cancel with the flags 0x02 too", converse(pdu(CO_CANCEL, 0x02, 7), request(3, 9)), is_same(CLOSED)),
    ("orphaned for no call ends the connection", converse(pdu(ORPHANED, 0x03, 7), request(3, 9)), is_same(CLOSED)),
    ("co_cancel with eight octets more: a fault of 24 octets, too short for its status", converse(pdu(CO_CANCEL, 3, 7, bytes(8))),
     is_fault(7, lambda octets: len(octets) == 24)),
    ("co_cancel with sixteen octets more: a fault with the status 0", converse(pdu(CO_CANCEL, 3, 7, bytes(16))),
     is_fault(7, lambda octets: octets[24:28] == bytes(4))),
    ("a request in fragments: a response without a first fragment", converse(request(1, 2), request(2, 2, stub=b"")),
     is_response(2, lambda octets: octets[3] == 0x02)),
    ("opnum 6, no cancel: cancel_count 6", converse(request(3, 2, 6, bytes.fromhex("04000000"))),
     is_response(2, lambda octets: octets[22] == 6)),
    ("PENDING_CANCEL on a request, and on its response", converse(request(7, 2)), is_response(2, lambda octets: octets[3] & 0x04)),
    ("PENDING_CANCEL on the last fragment, and on the response", converse(request(1, 2), request(6, 2, stub=b"")),
     is_response(2, lambda octets: octets[3] & 0x04)),
    ("a maybe call is answered", converse(request(0x43, 2)), is_response(2)),
    ("a request within the fragments of another one is answered", converse(request(1, 2), request(3, 3)), is_response(3)),
    ("the last fragment of no request is answered", converse(request(2, 2)), is_response(2)),
    ("a request that announces 5 MiB is answered", converse(request(1, 2, alloc_hint=5 << 20), request(2, 2, stub=b"")), is_response(2)),
    ("behind a call that was orphaned the next one waits", converse(request(3, 2, stub=b"hold"), pdu(ORPHANED, 3, 2), request(3, 9)),
     is_same(NOTHING)),
    ("a bind that asks for features twice is acknowledged", to_bind(bind(NDR, FEATURES, FEATURES)), lambda octets: octets[2] == BIND_ACK),
    ("a bind in big-endian is not answered", to_bind(
        pdu(11, 3, 1, struct.pack(">HHLL", 4280, 4280, 0, 0x01000000) + struct.pack(">HBB", 0, 1, 0) + bytes(40), ">")), is_same(NOTHING)),
]


def main():
    found = 0
    assert is_response(2)(converse(request(3, 2))), "without a cancel a call is not answered"
    for what, came, condition in SHOWN:
        found += bool(condition(came))
        print("%s: %s" % (what, came[:40].hex(" ", 4) if isinstance(came, bytes) else came))
    print("%d of %d shown" % (found, len(SHOWN)))
    sys.exit(found != len(SHOWN))


main()
