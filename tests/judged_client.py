# SPDX-License-Identifier: Apache-2.0
"""Other people's clients, as `ci/peers clients-judged` runs them: judged_client.py samba|impacket HOST PORT

Several calls on one connection, small and large, one that is answered by a fault, and a second connection. What the server says
may be wrong on purpose; that a call fails then is no mistake, and the next one is made if the client lets us."""
import os
import struct
import sys

CLIENT, HOST, PORT = sys.argv[1:4]
TEST = "72706361-6e63-656c-8001-746573740001"
ECHO, RAISE, STREAM = 0, 5, 6
IO_TIMEOUT = 0xC00000B5
CALLS = [(ECHO, b"12345678")] * 4 + [(ECHO, bytes(20000)), (STREAM, struct.pack("<I", 20000)), (RAISE, struct.pack("<I", 5)), (ECHO, b"1")]


def samba():
    from samba.dcerpc.base import ClientConnection
    from samba.param import LoadParm
    settings = LoadParm()
    settings.load(os.environ["SMB_CONF_PATH"])
    client = ClientConnection("ncacn_ip_tcp:%s[%s]" % (HOST, PORT), (TEST, 1), lp_ctx=settings)
    client.request_timeout = 2  # seconds, not a minute: it reads nothing more after a response that fits no call

    return client.request


def impacket():
    from impacket.dcerpc.v5 import transport
    from impacket.uuid import uuidtup_to_bin
    client = transport.DCERPCTransportFactory("ncacn_ip_tcp:%s[%s]" % (HOST, PORT)).get_dce_rpc()
    client.connect()
    client.bind(uuidtup_to_bin((TEST, "1.0")))

    def request(opnum, data):
        client.call(opnum, data)
        return client.recv()

    return request


for _ in range(2):
    call = {"samba": samba, "impacket": impacket}[CLIENT]()
    for opnum, data in CALLS:
        try:
            call(opnum, data)
        except Exception as error:  # pylint: disable=broad-except
            print(type(error).__name__, error, file=sys.stderr)
            if error.args[0] == IO_TIMEOUT:
                break  # no other call on that connection would end
