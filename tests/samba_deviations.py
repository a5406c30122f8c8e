# SPDX-License-Identifier: Apache-2.0
"""What corpus/runtimes/samba-c706.expect lists, shown by plain octets: neither rpcancel's codec nor its rules have a hand in it.

samba_deviations.py ADDRESS PORT: asks a server for each; a line for each that it shows, exit code 1 when one is not there."""
import socket
import struct
import sys

sys.dont_write_bytecode = True  # the folder is the sources'
from plain_octets import fragments, pdu

BIND = bytes.fromhex(
    "05000b13100000004800000001000000d016d016000000000100000000000100"
    "80bda8af8a7dc911bef408002b10298901000000045d888aeb1cc9119fe808002b10486002000000")


def request(flags, call_id):
    return pdu(0, flags, call_id, struct.pack("<LHH", 0, 0, 0))


def converse(*sent):
    """What comes back behind the bind_ack, up to the reply to call 9 or the end of the connection."""
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), 5) as stream:
        replies = fragments(stream)
        stream.sendall(BIND)
        next(replies)
        stream.sendall(b"".join(sent))
        heard = []
        for reply in replies:
            heard.append(reply)
            if isinstance(reply, str) or reply[2] == 9:
                return heard


def main():
    shown = 0
    maybe = converse(request(0x43, 2), request(0x03, 9))
    shown += maybe[0][0] == 2 and maybe[0][2] == 2
    print("a maybe call is answered: %s" % (maybe[0][:3],))
    counted = converse(request(0x01, 2), pdu(18, 0x06, 2), request(0x02, 2), request(0x03, 9))
    shown += counted[0][0] == 2 and counted[0][3][6] == 0 and not counted[0][1] & 0x04
    print("co_cancel between fragments: cancel_count %d, flags 0x%02x" % (counted[0][3][6], counted[0][1]))
    orphaned = converse(request(0x01, 2), pdu(19, 0x03, 2), request(0x03, 9))
    refused = orphaned[-1] == "the end" or orphaned[-1][0] == 3
    shown += refused
    print("a new call after orphaned between fragments: %s" % ("refused" if refused else "answered"))
    print("%d of 3 shown" % shown)
    sys.exit(shown != 3)


main()
