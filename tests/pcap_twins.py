# SPDX-License-Identifier: Apache-2.0
"""pcap_twins.py FOLDER: each capture not.WHAT.TWIN.pcapng differs from TWIN.pcapng in the payload and the checksum of packets only,
and in as few as are concerned: at most one. The last line is `N twins`."""
import glob
import os
import struct
import sys

TRANSPORT = 28 + 14 + 20


def packets(path):
    data = open(path, "rb").read()
    while data:
        kind, size = struct.unpack_from("<II", data)
        yield kind, data[:size]
        data = data[size:]


def main():
    folder, count = sys.argv[1], 0
    for path in sorted(glob.glob(f"{folder}/not.*.pcapng")):
        twin = os.path.basename(path).split(".", 2)[2]
        ours, theirs = list(packets(path)), list(packets(f"{folder}/{twin}"))
        assert len(ours) == len(theirs), f"{path}: {len(ours)} blocks, {len(theirs)} of its twin"
        changed = [(one, other) for one, other in zip(ours, theirs) if one != other]
        assert len(changed) <= 1, f"{path}: {len(changed)} packets differ"
        for (kind, one), (_, other) in changed:
            assert kind == 6 and len(one) == len(other), path
            is_udp = one[28 + 14 + 9] == 17
            header, checksum = TRANSPORT + (8 if is_udp else 20), TRANSPORT + (6 if is_udp else 16)
            assert one[:checksum] + one[checksum + 2:header] == other[:checksum] + other[checksum + 2:header], path
        count += 1
    print(f"{count} twins")


main()
