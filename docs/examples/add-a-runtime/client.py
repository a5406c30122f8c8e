#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a client against rpcancel: rpcancel check --runtime 'tcp-listen:python3 client.py {host} {port}'
As it is: a bind and one call, in PDUs made here, so that there is something to see. docs/tcp.md#clients is the manual."""
import socket
import struct
import sys
import uuid

MANAGEMENT = (uuid.UUID("afa8bd80-7d8a-11c9-bef4-08002b102989"), 1)  # FILL IN: or what your client binds to
NDR = (uuid.UUID("8a885d04-1ceb-11c9-9fe8-08002b104860"), 2)
REQUEST, RESPONSE, FAULT, BIND, BIND_ACK = 0, 2, 3, 11, 12


def run_client(host, port):
    # FILL IN: in place of all this start your client, such as
    #     subprocess.run(["my-client", "--server", host, "--port", str(port)], check=False)
    # Let it do as much as it can: several calls, calls that it cancels, calls that it gives up. Its exit code does not
    # matter; it must end, and so must what it started.
    with socket.create_connection((host, port)) as connection:
        syntaxes = b"".join(syntax.bytes_le + struct.pack("<I", version) for syntax, version in (MANAGEMENT, NDR))
        exchange(connection, BIND, 1, struct.pack("<HHIIHBB", 4280, 4280, 0, 1, 0, 1, 0) + syntaxes, {BIND_ACK})
        exchange(connection, REQUEST, 2, struct.pack("<IHH", 0, 0, 0), {RESPONSE, FAULT})


def exchange(connection, kind, call_id, body, awaited):
    header = struct.pack("<BBBB4sHHI", 5, 0, kind, 3, b"\x10\0\0\0", 16 + len(body), 0, call_id)
    connection.sendall(header + body)
    while True:
        header = receive(connection, 16)
        receive(connection, struct.unpack_from("<H", header, 8)[0] - 16)
        if header[2] in awaited and struct.unpack_from("<I", header, 12)[0] == call_id and header[3] & 2:
            return


def receive(connection, size):
    got = b""
    while len(got) < size:
        more = connection.recv(size - len(got))
        if not more:
            sys.exit("the server closed the connection")
        got += more
    return got


if __name__ == "__main__":
    run_client(sys.argv[1], int(sys.argv[2]))
