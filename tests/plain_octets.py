# SPDX-License-Identifier: Apache-2.0
"""What the scripts share that show deviations by plain octets: neither rpcancel's codec nor its rules have a hand in it."""
import struct
import sys


def pdu(kind, flags, call_id, body=b"", order="<"):
    return struct.pack("BBBBBBBB", 5, 0, kind, flags, 0x10 if order == "<" else 0, 0, 0, 0) + struct.pack(
        order + "HHL", 16 + len(body), 0, call_id) + body


def fragments(stream):
    """Type, flags, call_id and body of each fragment; then "the end" of the connection, or "silence"."""
    file = stream.makefile("rb")
    try:
        while len(header := file.read(16)) == 16:
            yield header[2], header[3], struct.unpack("<L", header[12:16])[0], file.read(struct.unpack("<H", header[8:10])[0] - 16)
        yield "the end"
    except TimeoutError:
        yield "silence"
    except ConnectionError:
        yield "the end"


def report(checks):
    """A line for each check, which returns whether it was shown and what came; ends with 1 when one was not shown."""
    shown = 0
    for check in checks:
        is_shown, what = check()
        shown += is_shown
        print(what if is_shown else f"NOT SHOWN: {what}")
    print(f"{shown} of {len(checks)} shown")
    sys.exit(shown != len(checks))
