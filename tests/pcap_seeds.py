# SPDX-License-Identifier: Apache-2.0
"""pcap_seeds.py PCAPS FOLDER [MUTATED]: the captures of pcaps/ as inputs of fuzz_capture, written to FOLDER; and MUTATED (default 0) others
that come of them: octets changed, packets left out, doubled, moved, cut.
"""
import glob
import os
import random
import struct
import sys


def frames(path):
    data = open(path, "rb").read()
    while data:
        kind, size = struct.unpack_from("<II", data)
        if kind == 6:
            yield data[28:28 + struct.unpack_from("<I", data, 20)[0]]
        data = data[size:]


def input_of(choice, packets):
    return bytes([choice]) + b"".join(struct.pack("<H", len(p) & 2047 | (0x8000 if cut else 0)) + p[:2047] for p, cut in packets)


def mutate(packets, rng):
    packets = list(packets)
    for _ in range(rng.randrange(1, 6)):
        at, what = rng.randrange(len(packets)), rng.randrange(6)
        frame, cut = packets[at]
        if what == 0:
            del packets[at]
        elif what == 1:
            packets.insert(rng.randrange(len(packets)), packets[at])
        elif what == 2:
            packets[at] = frame[:rng.randrange(len(frame) + 1)], not cut
        elif len(frame) > 0:
            changed = bytearray(frame)
            for _ in range(rng.randrange(1, 4)):
                # Headers of IP, TCP and PDUs more often than what is behind.
                changed[rng.randrange(min(len(frame), 86 if what == 3 else len(frame)))] = rng.choice((0, 1, 5, 127, 255, rng.randrange(256)))
            packets[at] = bytes(changed), cut
        if not packets:
            break
    return packets


def main():
    rng, folder = random.Random(7), sys.argv[2]
    seeds = [[(frame, False) for frame in frames(path)] for path in sorted(glob.glob(f"{sys.argv[1]}/*.pcapng"))]
    for number, packets in enumerate(seeds):
        with open(os.path.join(folder, f"seed-{number:03}"), "wb") as out:
            out.write(input_of(number % 5 | number % 2 << 3, packets))
    for number in range(int(sys.argv[3]) if len(sys.argv) > 3 else 0):
        with open(os.path.join(folder, f"mutated-{number:05}"), "wb") as out:
            out.write(input_of(rng.randrange(256) & 0x8F if rng.randrange(4) else rng.randrange(256), mutate(rng.choice(seeds), rng)))


main()
