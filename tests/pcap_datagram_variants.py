# SPDX-License-Identifier: Apache-2.0
"""pcap_datagram_variants.py RPCANCEL PCAPS: the captures of datagrams in pcaps/ as others might have captured them, judged by `rpcancel
pcap check`.

What loses nothing (link types, IPv6, fragments of IP in any order and doubled) must change no finding. What loses something (datagrams, the
beginning, one direction, a fragment of each), without --whole, must add none to those without --whole of the capture. The last line is `N
variants`.
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
ENDS4 = [bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])]
ENDS6 = [bytes.fromhex("20010db8000000000000000000000001"), bytes.fromhex("20010db8000000000000000000000002")]


def read(path):
    """Yields (whether the client sent it, UDP header and payload) of each packet."""
    data = open(path, "rb").read()
    while data:
        kind, size = struct.unpack_from("<II", data)
        if kind == 6:
            length = struct.unpack_from("<I", data, 20)[0]
            frame = data[28:28 + length]
            yield frame[29] == 1, frame[34:]
        data = data[size:]


def ip4(client, body, number=0, flags=0):
    ends = ENDS4 if client else ENDS4[::-1]
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), number, flags, 64, 17, 0) + b"".join(ends) + body


def ip6(client, body, number=0, flags=None):
    ends = ENDS6 if client else ENDS6[::-1]
    extension = b"" if flags is None else struct.pack(">BBHI", 17, 0, flags, number)
    return struct.pack(">IHBB", 0x60000000, len(extension) + len(body), 17 if flags is None else 44, 64) + b"".join(ends) + extension + body


def fragments4(client, body, number, size):
    return [ip4(client, body[at:at + size], number, at // 8 | (0x2000 if at + size < len(body) else 0)) for at in range(0, len(body), size)]


def fragments6(client, body, number, size):
    return [ip6(client, body[at:at + size], number, at | (at + size < len(body))) for at in range(0, len(body), size)]


def ethernet(packet):
    return bytes(12) + (b"\x86\xdd" if packet[0] >> 4 == 6 else b"\x08\x00") + packet


def write(path, packets, link=1):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link))
        for number, packet in enumerate(packets):
            frame = ethernet(packet) if link == 1 else packet
            out.write(struct.pack("<IIII", 1000000, number * 1000, len(frame), len(frame)) + frame)


def without_loss(datagrams, rng):
    yield "IPv6", [ip6(*each) for each in datagrams], 1
    yield "raw IP", [ip4(*each) for each in datagrams], 101
    for make in fragments4, fragments6:
        for size in 8, 40, 88:
            packets = []
            for number, (client, body) in enumerate(datagrams):
                pieces = make(client, body, number, size)
                rng.shuffle(pieces)
                packets += pieces
            yield f"{make.__name__} of {size}", packets, 1
        packets = []
        for number, (client, body) in enumerate(datagrams):
            pieces = make(client, body, number, 48)
            packets += pieces[1:] + pieces[1:] + pieces[:1]
        yield f"{make.__name__}, doubled", packets, 1


def with_loss(datagrams, rng):
    for count in 1, 2, 3:
        kept = list(datagrams)
        for _ in range(min(count, len(kept) - 1)):
            del kept[rng.randrange(len(kept))]
        yield f"without {count}", [ip4(*each) for each in kept], 1
    for start in range(1, len(datagrams)):
        yield f"from {start}", [ip4(*each) for each in datagrams[start:]], 1
    for client in False, True:
        yield f"only {client}", [ip4(*each) for each in datagrams if each[0] == client], 1
    packets = []
    for number, (client, body) in enumerate(datagrams):
        pieces = fragments4(client, body, number, 48)
        packets += pieces if rng.randrange(2) else pieces[1:]
    yield "without fragments", packets, 1


def judge(paths, profile, whole):
    """For each file what is found, sorted, and how many datagrams are judged. In one run: starting takes longer than judging."""
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        subprocess.run([RPCANCEL, "pcap", "check", "--profile", profile, "--json", result.name] + paths + (["--whole"] if whole else []),
                       capture_output=True, check=False)
        result = json.load(open(result.name, encoding="utf-8"))
    assert [each["file"] for each in result["files"]] == paths
    return [(sorted((found["side"], found["rule"], found["sequence"], found["found"]) for found in result["findings"]
                    if found["file"] == each["file"]), each["judged"]) for each in result["files"]]


def judge_variants(variants, profile, whole, work):
    """Yields (what was done, what is found, how many are judged) of each."""
    paths = []
    for number, (_, packets, link) in enumerate(variants):
        paths.append(os.path.join(work, f"variant-{number}.pcap"))
        write(paths[-1], packets, link)
    for (what, *_), (found, judged) in zip(variants, judge(paths, profile, whole)):
        yield what, found, judged


def main():
    rng, count = random.Random(5), 0
    with tempfile.TemporaryDirectory() as work:
        for path in sorted(glob.glob(f"{PCAPS}/D*.pcapng") + glob.glob(f"{PCAPS}/not.*.D*.pcapng")):
            profile, *whole = open(path.replace(".pcapng", ".expected"), encoding="utf-8").readline().split()[1:]
            datagrams, name = list(read(path)), os.path.basename(path)
            [(wanted, judged)] = judge([path], profile, whole)
            for what, found, count_judged in judge_variants(list(without_loss(datagrams, rng)), profile, whole, work):
                assert (found, count_judged) == (wanted, judged), f"{name}, {what}: {found}, {count_judged}, wanted {wanted}, {judged}"
                count += 1
            [(wanted, _)] = judge([path], profile, False)
            for what, found, _ in judge_variants(list(with_loss(datagrams, rng)), profile, False, work):
                assert all(each in wanted for each in found), f"{name}, {what}: {found}, in the whole {wanted}"
                count += 1
    print(f"{count} variants")


main()
