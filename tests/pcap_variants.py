# SPDX-License-Identifier: Apache-2.0
"""pcap_variants.py RPCANCEL PCAPS: the captures of pcaps/ as others might have captured them, judged by `rpcancel pcap check`.

What loses nothing (link types, formats of files, other segments, retransmissions, packets out of order) must change no
finding; what loses something (packets, octets, the beginning, one direction) must add none. The last line is
`N variants`.
"""
import glob
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

RPCANCEL, PCAPS = sys.argv[1:3]
FIN, SYN, RST, PUSH, ACK = 1, 2, 4, 8, 16


class Segment:
    """A TCP segment; |client|: of the client's."""

    def __init__(self, client, port, seq, ack, flags, data):
        self.client, self.port, self.seq, self.ack, self.flags, self.data = client, port, seq, ack, flags, data

    def part(self, start, end):
        flags = self.flags if end >= len(self.data) else self.flags & ~FIN
        return Segment(self.client, self.port, (self.seq + start) & 0xFFFFFFFF, self.ack, flags, self.data[start:end])

    def tcp(self):
        ports = (self.port, 135) if self.client else (135, self.port)
        return struct.pack(">HHIIBBHHH", *ports, self.seq, self.ack, 0x50, self.flags, 65535, 0, 0) + self.data

    def ip4(self, more=b""):
        ends = [bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])]
        body = self.tcp()
        return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 0, 0, 64, 6, 0) + b"".join(
            ends if self.client else ends[::-1]) + body + more

    def ip6(self, extension=False):
        ends = [bytes.fromhex("20010db8000000000000000000000001"), bytes.fromhex("20010db8000000000000000000000002")]
        body = (bytes([6, 0, 1, 4, 0, 0, 0, 0]) if extension else b"") + self.tcp()
        return struct.pack(">IHBB", 0x60000000, len(body), 0 if extension else 6, 64) + b"".join(
            ends if self.client else ends[::-1]) + body


def read(path):
    """The segments of a capture of pcaps/."""
    data, segments = open(path, "rb").read(), []
    while data:
        kind, size = struct.unpack_from("<II", data)
        if kind == 6:
            length = struct.unpack_from("<I", data, 20)[0]
            frame = data[28:28 + length]
            source, destination, seq, ack, _, flags = struct.unpack_from(">HHIIBB", frame, 34)
            client = frame[29] == 1
            segments.append(Segment(client, source if client else destination, seq, ack, flags, frame[54:]))
        data = data[size:]
    return segments


# ---- files ----

def ethernet(payload, kind=0x0800, tags=b""):
    return bytes([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]) + tags + struct.pack(">H", kind) + payload


def pcap(frames, link=1, order="<", magic=0xA1B2C3D4, snap=262144):
    out = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, link)]
    for number, frame in enumerate(frames):
        kept = frame[:snap]
        out.append(struct.pack(order + "IIII", 1000000 + number, 0, len(kept), len(frame)) + kept)
    return b"".join(out)


def option(code, value):
    return struct.pack(">HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def pcapng_big_endian(frames):
    """With what nobody needs: a block of a kind that is not known, statistics, simple packets, options."""
    def block(kind, body):
        return struct.pack(">II", kind, len(body) + 12) + body + struct.pack(">I", len(body) + 12)
    out = [block(0x0A0D0D0A, struct.pack(">IHHq", 0x1A2B3C4D, 1, 0, -1) + option(1, b"a comment") + option(0, b"")),
           block(1, struct.pack(">HHI", 1, 0, 0)), block(0x0BAD, b"12345678")]
    for number, frame in enumerate(frames):
        padded = frame + b"\0" * (-len(frame) % 4)
        if number % 3 == 2:
            out.append(block(3, struct.pack(">I", len(frame)) + padded))
        else:
            out.append(block(6, struct.pack(">IIIII", 0, 0, number, len(frame), len(frame)) + padded))
    out.append(block(5, struct.pack(">III", 0, 0, 0)))
    return b"".join(out)


def ip4(segments):
    return [s.ip4() for s in segments]


WRAPPED = {
    "ethernet": lambda s: pcap(map(ethernet, ip4(s))),
    "padded": lambda s: pcap(ethernet(x.ip4(bytes(6))) for x in s),
    "big-endian": lambda s: pcap(map(ethernet, ip4(s)), order=">"),
    "nanoseconds": lambda s: pcap(map(ethernet, ip4(s)), magic=0xA1B23C4D),
    "pcapng": lambda s: pcapng_big_endian([ethernet(x) for x in ip4(s)]),
    "vlan": lambda s: pcap(ethernet(x, tags=bytes.fromhex("81000007")) for x in ip4(s)),
    "two-tags": lambda s: pcap(ethernet(x, tags=bytes.fromhex("88a8000781000009")) for x in ip4(s)),
    "ip6": lambda s: pcap(ethernet(x.ip6(), 0x86DD) for x in s),
    "ip6-extension": lambda s: pcap(ethernet(x.ip6(True), 0x86DD) for x in s),
    "cooked": lambda s: pcap((bytes.fromhex("0000000100060200000000010000" "0800") + x for x in ip4(s)), 113),
    "cooked-2": lambda s: pcap((bytes.fromhex("0800" "0000000000020001000602000000000100") + b"\0" + x for x in ip4(s)), 276),
    "null": lambda s: pcap((struct.pack("<I", 2) + x for x in ip4(s)), 0),
    "null-big-endian": lambda s: pcap((struct.pack(">I", 30) + x.ip6() for x in s), 0, ">"),
    "loop": lambda s: pcap((struct.pack(">I", 2) + x for x in ip4(s)), 108),
    "raw": lambda s: pcap(ip4(s), 101),
    "raw-ip6": lambda s: pcap((x.ip6() for x in s), 101),
}


# ---- what others may do with segments ----

def in_pieces(segments, rng):
    for s in segments:
        start = 0
        while True:
            end = min(len(s.data), start + rng.randrange(1, 40))
            yield s.part(start, end)
            start = end
            if start >= len(s.data):
                break


def together(segments):
    """Data of one direction that follows each other in one segment."""
    out = []
    for s in segments:
        last = out[-1] if out else None
        if last and last.data and s.data and (last.client, last.port) == (s.client, s.port):
            out[-1] = Segment(s.client, s.port, last.seq, s.ack, last.flags | s.flags, last.data + s.data)
        else:
            out.append(s)
    return out


def again(segments, rng):
    """Retransmissions, whole and overlapping what was before."""
    last = {}
    for s in segments:
        before = last.get((s.client, s.port), b"")
        yield s
        if s.data and rng.randrange(2):
            known = before[-rng.randrange(1, 30):]
            yield Segment(s.client, s.port, (s.seq - len(known)) & 0xFFFFFFFF, s.ack, s.flags, known + s.data)
        last[s.client, s.port] = before + s.data


def shuffled(segments, rng, distance=12):
    keyed = sorted(enumerate(segments), key=lambda entry: entry[0] + rng.uniform(0, distance))
    first = [s for s in segments if s.flags & SYN]
    return first + [s for _, s in keyed if not s.flags & SYN]


def wrapped(segments, rng):
    shift = {True: rng.randrange(1, 200), False: rng.randrange(1, 200)}
    base = {True: 1000, False: 2000}
    for s in segments:
        moved = {side: 0xFFFFFFFF - shift[side] - base[side] for side in (True, False)}
        ack = (s.ack + moved[not s.client]) & 0xFFFFFFFF if s.flags & ACK else 0
        yield Segment(s.client, s.port, (s.seq + moved[s.client]) & 0xFFFFFFFF, ack, s.flags, s.data)


LOSSLESS = {
    "in-pieces": in_pieces,
    "together": lambda s, rng: together(s),
    "again": again,
    "shuffled": shuffled,
    "shuffled-pieces": lambda s, rng: shuffled(list(in_pieces(s, rng)), rng),
    "shuffled-again": lambda s, rng: shuffled(list(again(s, rng)), rng),
    "wrapped": wrapped,
    "wrapped-shuffled": lambda s, rng: shuffled(list(wrapped(s, rng)), rng),
}
LOSSY = {
    "lost": lambda s, rng: [x for x in s if rng.randrange(6)],
    "lost-few": lambda s, rng: [x for x in s if rng.randrange(30)],
    "lost-shuffled": lambda s, rng: [x for x in shuffled(s, rng) if rng.randrange(10)],
    "lost-pieces": lambda s, rng: [x for x in in_pieces(s, rng) if rng.randrange(40)],
    "beginning": lambda s, rng: s[rng.randrange(1, len(s)):],
    "middle": lambda s, rng: (lambda at: s[:at] + s[at + rng.randrange(1, 6):])(rng.randrange(3, len(s))),
    "client-only": lambda s, rng: [x for x in s if x.client],
    "server-only": lambda s, rng: [x for x in s if not x.client],
    "no-acknowledgements": lambda s, rng: [x for x in s if x.data],
}


# ---- judging ----

def judge(paths, profile):
    """For each file what is found, as a sorted list of (side, rule), and what the JSON says of it. In one run: starting takes longer than
    judging."""
    done = subprocess.run([RPCANCEL, "pcap", "check", "--profile", profile, "--json", "-"] + paths, capture_output=True, check=False)
    assert done.returncode in (0, 1, 3), f"exit code {done.returncode}: {done.stderr.decode()}"
    result = json.loads(done.stdout)
    assert (done.returncode == 1) == (result["summary"]["findings"] > 0 and result["summary"]["judged"] > 0 and
                                      not any(each["failure"] for each in result["files"]))
    assert [each["file"] for each in result["files"]] == paths
    return [(sorted((f["side"], f["rule"]) for f in result["findings"] if f["file"] == each["file"]), each) for each in result["files"]]


def judge_octets(variants, profile, work):
    paths = []
    for number, octets in enumerate(variants):
        paths.append(os.path.join(work, f"variant-{number}"))
        with open(paths[-1], "wb") as out:
            out.write(octets)
    judged = judge(paths, profile)
    for path, (_, each) in zip(paths, judged):
        if each["judged"] == 0:  # by itself such a file has an exit code of its own
            judge([path], profile)
    return judged


def is_within(found, wanted):
    left = list(wanted)
    return all(f in left and (left.remove(f) or True) for f in found)


def variants_of(segments, rng):
    """Yields (what was done, "same" or "within": how its findings relate to those before, the octets of the file)."""
    for what, wrap in WRAPPED.items():
        yield what, "same", wrap(segments)
    for what, change in LOSSLESS.items():
        yield what, "same", pcap(map(ethernet, ip4(change(segments, rng))))
    for what, change in LOSSY.items():
        yield what, "within", pcap(map(ethernet, ip4(change(segments, rng))))
    for snap in (30, 54, 60, 70, 78, 80, 86, 100, 120):
        yield f"cut to {snap}", "within", pcap(map(ethernet, ip4(segments)), snap=snap)


def main():
    count = 0
    with tempfile.TemporaryDirectory() as work:
        for path in sorted(glob.glob(f"{PCAPS}/*.pcapng")):
            if os.path.basename(path).startswith("D") or ".D" in os.path.basename(path):
                continue  # datagrams: pcap_datagram_variants.py
            name = os.path.basename(path)
            profile = open(path[:-7] + ".expected", encoding="utf-8").readline().split()[1]
            [(wanted, plain)] = judge([path], profile)
            variants = list(variants_of(read(path), random.Random(name + os.environ.get("VARIANTS_SEED", ""))))
            for (what, relation, _), (found, each) in zip(variants, judge_octets([octets for *_, octets in variants], profile, work)):
                if relation == "within":
                    assert is_within(found, wanted), f"{name}, {what}: {found}, wanted no more than {wanted}"
                else:
                    # Behind nonsense the next PDU is looked for where a segment begins; with other link types it begins where it did.
                    is_same = each["pdus"] == plain["pdus"] or (what in LOSSLESS and plain["unjudged"]["unreadable"] > 0)
                    assert found == wanted and is_same, f"{name}, {what}: {found}, wanted {wanted}"
                count += 1
    print(f"{count} variants")


main()
