# SPDX-License-Identifier: Apache-2.0
"""scapy_pdus.py PDU-LINES COUNT: Scapy and the codec of PDUs must agree, field by field, on fragments that either made.

What Scapy 2.5 does otherwise is allowed for: it takes the auth_context_id for little-endian always, a version in a
syntax for two numbers of 16 bits, and knows nothing of RTS. Verifiers have a type (99) that it does not interpret.
"""
import random
import subprocess
import sys
from uuid import UUID

from scapy.layers import dcerpc
from scapy.packet import Raw

TYPES = {
    0: dcerpc.DceRpc5Request, 2: dcerpc.DceRpc5Response, 3: dcerpc.DceRpc5Fault, 11: dcerpc.DceRpc5Bind,
    12: dcerpc.DceRpc5BindAck, 13: dcerpc.DceRpc5BindNak, 14: dcerpc.DceRpc5AlterContext,
    15: dcerpc.DceRpc5AlterContextResp, 16: dcerpc.DceRpc5Auth3, 17: None, 18: None, 19: None,
}


def fields_of(line):
    """The bytes and the fields of a line of pdu-lines; fields that come more than once are lists."""
    digits, *words = line.split(" ")
    fields = {"context": [], "result": []}
    for word in words:
        name, value = word.split("=", 1)
        if name == "error":
            raise SystemExit("FAILED: refused: " + line)
        if isinstance(fields.get(name), list):
            fields[name].append(value)
        else:
            fields[name] = value
    return bytes.fromhex(digits), fields


def lists_of(body, big_endian):
    def syntax_of(packet, minor="if_version_minor"):
        halves = packet.if_version, getattr(packet, minor)
        low, high = reversed(halves) if big_endian else halves
        return "%s/%d" % (packet.if_uuid, low | high << 16)

    contexts = [
        "%d,%s:%s" % (context.context_id, syntax_of(context.abstract_syntax),
                      ":".join(syntax_of(transfer, "reserved") for transfer in context.transfer_syntaxes))
        for context in getattr(body, "context_elem", None) or []
    ]
    results = [
        "%d,%d,%s" % (result.result, result.reason, syntax_of(result.transfer_syntax, "reserved"))
        for result in getattr(body, "results", None) or []
    ]
    return contexts, results


def reversed_octets(number, size=4):
    return int.from_bytes(number.to_bytes(size, "big"), "little")


def body_of(packet):
    """What Scapy says of the body, in the words of pdu-lines."""
    body = packet.payload
    said = {}
    if packet.ptype in (0, 2, 3):
        said.update(alloc_hint=body.alloc_hint, context_id=body.cont_id)
    if packet.ptype == 0:
        said["opnum"] = body.opnum
    if packet.ptype in (2, 3):
        said["cancel_count"] = body.cancel_count
    if packet.ptype == 3:
        said.update(reserved=body.reserved, status=body.status)
    if packet.ptype in (11, 12, 14, 15):
        said.update(max_transmit=body.max_xmit_frag, max_receive=body.max_recv_frag, group_id=body.assoc_group_id)
    if packet.ptype in (12, 15):
        said["address"] = body.sec_addr.port_spec.hex()
    if packet.ptype == 13:
        said["reason"] = body.provider_reject_reason
    if packet.ptype == 16:
        said["padding"] = body.pad.hex()
    return said


def compare(line):
    """One line of pdu-lines against Scapy's dissection; returns the type."""
    octets, fields = fields_of(line)
    packet = dcerpc.DceRpc5(octets)
    big_endian = fields["big_endian"] == "1"
    said = {
        "type": packet.ptype, "minor": packet.rpc_vers_minor, "flags": int(packet.pfc_flags), "call_id": packet.call_id,
    }
    said.update(body_of(packet))
    contexts, results = lists_of(packet.payload, big_endian)
    if packet.auth_len:
        verifier = packet.auth_verifier
        said.update(auth_type=verifier.auth_type, auth_level=verifier.auth_level, auth_pad=verifier.auth_pad_length,
                    auth_context=reversed_octets(verifier.auth_context_id) if big_endian else verifier.auth_context_id)
    wrong = ["%s: Scapy %s, rpcancel %s" % (name, value, fields.get(name))
             for name, value in said.items() if fields.get(name) != str(value)]
    if packet.ptype in (11, 14) and contexts != fields["context"]:
        wrong.append("contexts: Scapy %s, rpcancel %s" % (contexts, fields["context"]))
    if packet.ptype in (12, 15) and results != fields["result"]:
        wrong.append("results: Scapy %s, rpcancel %s" % (results, fields["result"]))
    if wrong:
        raise SystemExit("FAILED: %s\n%s\n%s" % ("; ".join(wrong), line, packet.show(dump=True)))
    return packet.ptype


def random_syntax(kind, chance, minor):
    return kind(if_uuid=UUID(int=chance.getrandbits(128)), if_version=chance.getrandbits(16), **{minor: chance.getrandbits(16)})


def random_body(kind, chance):
    number = chance.getrandbits
    if kind == 0:
        return dcerpc.DceRpc5Request(alloc_hint=number(32), cont_id=number(16), opnum=number(16)) / Raw(chance.randbytes(number(6)))
    if kind == 2:
        return dcerpc.DceRpc5Response(alloc_hint=number(32), cont_id=number(16), cancel_count=number(8)) / Raw(chance.randbytes(number(6)))
    if kind == 3:
        return dcerpc.DceRpc5Fault(alloc_hint=number(32), cont_id=number(16), cancel_count=number(8), status=number(32))
    if kind in (11, 14):
        contexts = [
            dcerpc.DceRpc5Context(
                context_id=number(16), abstract_syntax=random_syntax(dcerpc.DceRpc5AbstractSyntax, chance, "if_version_minor"),
                transfer_syntaxes=[random_syntax(dcerpc.DceRpc5TransferSyntax, chance, "reserved") for _ in range(chance.randint(1, 3))])
            for _ in range(chance.randint(0, 4))
        ]
        return TYPES[kind](max_xmit_frag=number(16), max_recv_frag=number(16), assoc_group_id=number(32),
                           n_context_elem=len(contexts), context_elem=contexts, reserved=b"\0\0\0")
    if kind in (12, 15):
        results = [
            dcerpc.DceRpc5Result(result=number(2), reason=number(2),
                                 transfer_syntax=random_syntax(dcerpc.DceRpc5TransferSyntax, chance, "reserved"))
            for _ in range(chance.randint(0, 4))
        ]
        return TYPES[kind](max_xmit_frag=number(16), max_recv_frag=number(16), assoc_group_id=number(32),
                           sec_addr=dcerpc.DceRpc5PortAny(port_spec=b"%d\0" % number(16)), n_results=len(results),
                           results=results, reserved=b"\0\0\0")
    if kind == 13:
        versions = [dcerpc.DceRpc5Version(major=5, minor=number(1)) for _ in range(chance.randint(0, 3))]
        return dcerpc.DceRpc5BindNak(provider_reject_reason=number(4), n_protocols=len(versions), protocols=versions)
    return None


def built_by_scapy(count, chance):
    kinds = [kind for kind in TYPES if kind != 16]
    for _ in range(count):
        kind = chance.choice(kinds)
        packet = dcerpc.DceRpc5(ptype=kind, pfc_flags=chance.getrandbits(3), call_id=chance.getrandbits(32),
                                endian=chance.choice(["big", "little"]), auth_len=0)
        body = random_body(kind, chance)
        yield bytes(packet / body if body is not None else packet)


def main():
    program, count = sys.argv[1], int(sys.argv[2])
    seen = {"rpcancel": set(), "Scapy": set()}

    def run(*arguments, **options):
        return subprocess.run([program, *arguments], check=True, capture_output=True, text=True, **options).stdout.splitlines()

    def take(maker, lines):
        compared = 0
        for line in lines:
            if " type=20 " not in line:
                seen[maker].add(compare(line))
                compared += 1
        print("%s: %d fragments, %d types" % (maker, compared, len(seen[maker])))
        return compared

    made = take("rpcancel", run("random", "7", str(count)))
    digits = "".join(octets.hex() + "\n" for octets in built_by_scapy(count, random.Random(7)))
    built = take("Scapy", run("decode", input=digits))
    if built != count or made < count * 8 // 10:
        raise SystemExit("FAILED: not all of them were compared")
    if seen["rpcancel"] != set(TYPES) or seen["Scapy"] != set(TYPES) - {16}:
        raise SystemExit("FAILED: not every type was seen: %s" % seen)


main()
