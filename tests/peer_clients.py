# SPDX-License-Identifier: Apache-2.0
"""peer_clients.py LOG DOCUMENTED WINDOWS: lets other people's clients call `rpcancel serve --netlogon`, which listens on port
135 of two addresses: at DOCUMENTED with the default profile, at WINDOWS with `--profile windows`. SMB_CONF_PATH names a
configuration for Samba's.

A line for each check: `NAME ok`, `NAME FAILED: WHAT`, `NAME not applicable: REASON` or `NAME not installed: WHAT`. Last line: `N passed,
N failed`. What the clients themselves say goes to LOG. Exit 0: none failed, some passed. Exit 3: a client is not installed.
"""
import multiprocessing
import os
import re
import shutil
import struct
import subprocess
import sys
import traceback

LOG, DOCUMENTED, WINDOWS = sys.argv[1:4]
SECONDS = 30  # for each check
RPCDUMP = "/usr/share/doc/python3-impacket/examples/rpcdump.py"
TEST = "72706361-6e63-656c-8001-746573740001"
NETLOGON = "12345678-1234-abcd-ef00-01234567cffb"
INTERFACES = {"afa8bd80-7d8a-11c9-bef4-08002b102989": 1, "e1af8308-5d1f-11c9-91a4-08002b14a0fa": 3, TEST: 1, NETLOGON: 1}
ECHO, RAISE, STREAM = 0, 5, 6
LARGE = bytes(i * 7 & 255 for i in range(100000))
STREAMED = bytes(i & 255 for i in range(100000))

# Tests of smbtorture that are not for this server, with the reason. They are run all the same, and must fail.
NOT_APPLICABLE = {
    "epmapper.Map_full": "registers an endpoint, which only programs of the same machine may (ncalrpc)",
    "epmapper.Insert_noreplace": "registers an endpoint, which only programs of the same machine may (ncalrpc)",
}


class NotInstalled(Exception):
    pass


def expect(condition, *what):
    if not condition:
        raise AssertionError(" ".join(str(part) for part in what))


def says(*command):
    """The exit code of a program, and what it prints."""
    if not shutil.which(command[0]):
        raise NotInstalled(command[0])
    print("$", *command)
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS)
    print(done.stdout)
    return done.returncode, done.stdout


# ---- python3-samba ----

def samba_binding(address):
    return "ncacn_ip_tcp:%s[135]" % address


def samba_settings():
    from samba.param import LoadParm
    settings = LoadParm()
    settings.load(os.environ["SMB_CONF_PATH"])
    return settings


def samba_management(address):
    from samba.dcerpc import mgmt
    client = mgmt.mgmt(samba_binding(address), samba_settings())
    found = {str(entry.id.uuid): entry.id.if_version for entry in client.inq_if_ids().if_id}
    expect(found == INTERFACES, "inq_if_ids:", found)
    expect(client.is_server_listening() == (0, 1), "is_server_listening")
    expect(client.inq_stats(4, 0).statistics[0] > 0, "inq_stats")
    expect(client.inq_princ_name(10, 64) == "", "inq_princ_name")


def samba_endpoint_mapper(address):
    from samba.dcerpc import epmapper, misc
    client = epmapper.epmapper(samba_binding(address), samba_settings())
    found, handle = {}, misc.policy_handle()
    for _ in INTERFACES:
        handle, entries, status = client.epm_Lookup(0, None, None, 1, handle, 1)
        expect(len(entries) == 1 and status == 0, "epm_Lookup:", len(entries), hex(status))
        floor = entries[0].tower.tower.floors[0].lhs.lhs_data
        uuid, version = misc.GUID(floor[:16]), struct.unpack("<H", floor[16:18])[0]
        found[str(uuid)] = version
    expect(found == INTERFACES, "epm_Lookup:", found)
    _, entries, status = client.epm_Lookup(0, None, None, 1, handle, 1)
    expect((entries, status) == ([], 0x16C9A0D6), "epm_Lookup at the end:", entries, hex(status))


def samba_client_connection(address):
    from samba import NTSTATUSError
    from samba.dcerpc.base import ClientConnection
    client = ClientConnection(samba_binding(address), (TEST, 1), lp_ctx=samba_settings())
    for data in (b"", b"12345678", LARGE):
        expect(client.request(ECHO, data) == data, "an echo of", len(data), "octets")
    expect(client.request(STREAM, struct.pack("<I", len(STREAMED))) == STREAMED, "a large answer")
    try:
        client.request(RAISE, struct.pack("<I", 5))
        expect(False, "a fault was taken for an answer")
    except NTSTATUSError as error:
        expect(error.args[0] == 0xC0000022, "fault 5 as", error)
    expect(client.request(ECHO, b"still here") == b"still here", "an echo after the fault")


def samba_netlogon(address):
    from samba.dcerpc import netlogon
    client = netlogon.netlogon(samba_binding(address), samba_settings())
    challenge = netlogon.netr_Credential()
    challenge.data = [1, 2, 3, 4, 5, 6, 7, 8]
    answer = client.netr_ServerReqChallenge("server", "client", challenge)
    expect(list(answer.data) == [0] * 8, "netr_ServerReqChallenge:", answer.data)


# ---- impacket ----

def impacket_connect(address, uuid, version):
    from impacket.dcerpc.v5 import transport
    from impacket.uuid import uuidtup_to_bin
    client = transport.DCERPCTransportFactory(samba_binding(address)).get_dce_rpc()
    client.connect()
    client.bind(uuidtup_to_bin((uuid, "%d.0" % version)))
    return client


def impacket_management(address):
    from impacket.dcerpc.v5 import mgmt
    from impacket.uuid import bin_to_uuidtup
    client = impacket_connect(address, "afa8bd80-7d8a-11c9-bef4-08002b102989", 1)
    answer = mgmt.hinq_if_ids(client)
    found = {}
    for i in range(answer["if_id_vector"]["count"]):
        uuid, version = bin_to_uuidtup(answer["if_id_vector"]["if_id"][i]["Data"].getData())
        found[uuid.lower()] = int(float(version))
    expect(found == INTERFACES, "inq_if_ids:", found)
    expect(mgmt.hinq_stats(client)["statistics"][0] > 0, "inq_stats")
    expect(mgmt.his_server_listening(client)["status"] == 0, "is_server_listening")
    mgmt.hinq_princ_name(client)


def impacket_endpoint_mapper(address):
    from impacket.dcerpc.v5 import epm
    from impacket.uuid import uuidtup_to_bin
    entries = epm.hept_lookup(address)
    expect(len(entries) == len(INTERFACES), "hept_lookup:", len(entries), "entries")
    where = epm.hept_map(address, uuidtup_to_bin((TEST, "1.0")), protocol="ncacn_ip_tcp")
    expect(where == samba_binding(address), "hept_map:", where)


def impacket_calls(address):
    from impacket.dcerpc.v5.rpcrt import DCERPCException
    client = impacket_connect(address, TEST, 1)

    def ask(opnum, data):
        client.call(opnum, data)
        return client.recv()

    for data in (b"12345678", LARGE):
        expect(ask(ECHO, data) == data, "an echo of", len(data), "octets")
    client.set_max_fragment_size(100)
    expect(ask(ECHO, LARGE[:5000]) == LARGE[:5000], "an echo in many fragments")
    expect(ask(STREAM, struct.pack("<I", len(STREAMED))) == STREAMED, "a large answer")
    try:
        ask(RAISE, struct.pack("<I", 5))
        expect(False, "a fault was taken for an answer")
    except DCERPCException as error:
        expect("access_denied" in str(error), "fault 5 as", error)
    expect(ask(ECHO, b"still here") == b"still here", "an echo after the fault")


def impacket_alter_context(address):
    from impacket.uuid import uuidtup_to_bin
    client = impacket_connect(address, TEST, 1)
    other = client.alter_ctx(uuidtup_to_bin((NETLOGON, "1.0")))
    other.call(4, b"anything")
    expect(other.recv() == b"\0" * 12, "the other interface")
    client.call(ECHO, b"12345678")
    expect(client.recv() == b"12345678", "the first interface")


def rpcdump(address):
    if not os.path.exists(RPCDUMP):
        raise NotInstalled(RPCDUMP)
    status, text = says(sys.executable, RPCDUMP, address)
    found = {uuid.lower(): int(version) for uuid, version in re.findall(r"UUID +: (\S+) v(\d+)\.0", text)}
    expect(status == 0 and found == INTERFACES, "exit code", status, "and", found)
    expect(text.count("ncacn_ip_tcp:%s[135]" % address) == len(INTERFACES), "bindings")


# ---- Samba's programs ----

def samba_program(name, *arguments):
    return says(name, "--configfile=" + os.environ["SMB_CONF_PATH"], "--user=%", *arguments)


def rpcclient_map(address):
    status, text = samba_program("rpcclient", "--command=epmmap netlogon ncacn_ip_tcp", "ncacn_ip_tcp:" + address)
    wanted = "tower[0] ncacn_ip_tcp:%s[135,abstract_syntax=%s/0x00000001]" % (address, NETLOGON)
    expect(status == 0 and wanted in text, "exit code", status, "and", text)


def rpcclient_lookup(address):
    status, text = samba_program("rpcclient", "--command=epmlookup", "ncacn_ip_tcp:" + address)
    found = {uuid: int(version, 16) for uuid, version in re.findall(r"abstract_syntax=([-0-9a-f]+)/(\S+)\]", text)}
    expect(status == 0 and found == INTERFACES, "exit code", status, "and", text)


def rpcclient_fault(address):
    status, text = samba_program("rpcclient", "--command=logonctrl", "ncacn_ip_tcp:" + address)
    expect(status == 1 and "0x0000002e" in text, "exit code", status, "and", text)


def smbtorture(address, suite):
    """The outcome of each test, and all that was said."""
    _, text = samba_program("smbtorture", "ncacn_ip_tcp:" + address, suite)
    return {name: outcome for outcome, name in re.findall(r"^(success|failure|error|skip): (\S+)", text, re.MULTILINE)}, text


def torture_management(address):
    outcomes, text = smbtorture(address, "rpc.mgmt")
    expect(outcomes == {"mgmt": "success"}, outcomes)
    # It is content when it can reach no interface at all.
    for name in ("netlogon", "epmapper"):
        part = text.split("Testing pipe '%s'\n" % name)[1].split("Testing pipe")[0]
        expect("server is listening" in part and all(uuid in part for uuid in INTERFACES), name, "has", part)


def torture_endpoint_mapper(address, test):
    outcomes, _ = smbtorture(address, "rpc.epmapper")
    if test in NOT_APPLICABLE:
        expect(outcomes.get(test) == "failure", test, "is listed as not applicable; it was", outcomes.get(test))
    else:
        expect(outcomes.get(test) == "success", outcomes.get(test, "was not run"))


def checks():
    yield "python3-samba mgmt", samba_management, (DOCUMENTED,)
    yield "python3-samba epmapper", samba_endpoint_mapper, (DOCUMENTED,)
    yield "python3-samba ClientConnection", samba_client_connection, (DOCUMENTED,)
    yield "python3-samba ClientConnection, profile windows", samba_client_connection, (WINDOWS,)
    yield "python3-samba netlogon", samba_netlogon, (DOCUMENTED,)
    yield "impacket mgmt", impacket_management, (WINDOWS,)
    yield "impacket epm", impacket_endpoint_mapper, (WINDOWS,)
    yield "impacket call", impacket_calls, (DOCUMENTED,)
    yield "impacket call, profile windows", impacket_calls, (WINDOWS,)
    yield "impacket alter_ctx", impacket_alter_context, (DOCUMENTED,)
    yield "rpcdump.py", rpcdump, (WINDOWS,)
    yield "rpcclient epmmap", rpcclient_map, (DOCUMENTED,)
    yield "rpcclient epmlookup", rpcclient_lookup, (DOCUMENTED,)
    yield "rpcclient epmlookup, profile windows", rpcclient_lookup, (WINDOWS,)
    yield "rpcclient logonctrl", rpcclient_fault, (DOCUMENTED,)
    yield "smbtorture rpc.mgmt", torture_management, (DOCUMENTED,)
    for test in ("Map_simple", "Map_full", "Lookup_simple", "Lookup_terminate_search", "Insert_noreplace"):
        yield "smbtorture rpc.epmapper " + test, torture_endpoint_mapper, (DOCUMENTED, "epmapper." + test)


def in_child(result, check, arguments):
    log = os.open(LOG, os.O_WRONLY | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        check(*arguments)
        result.send(("ok", ""))
    except (NotInstalled, ModuleNotFoundError) as error:
        result.send(("not installed", str(error)))
    except BaseException as error:  # pylint: disable=broad-except
        traceback.print_exc()
        result.send(("FAILED", "%s: %s" % (type(error).__name__, " ".join(str(error).split())[:300])))
    sys.stdout.flush()


def outcome_of(check, arguments):
    """In a process of its own, as clients may crash or never return."""
    ours, theirs = multiprocessing.Pipe(False)
    process = multiprocessing.Process(target=in_child, args=(theirs, check, arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        if ours.poll(SECONDS + 5):
            return ours.recv()
        return "FAILED", "no end after %d s" % SECONDS
    except EOFError:
        process.join()
        return "FAILED", "ended with %s" % process.exitcode
    finally:
        process.kill()
        process.join()


def main():
    count = {"ok": 0, "FAILED": 0, "not installed": 0}
    with open(LOG, "w", encoding="utf-8"):
        pass
    for name, check, arguments in checks():
        with open(LOG, "a", encoding="utf-8") as log:
            log.write("\n==== %s\n" % name)
        outcome, what = outcome_of(check, arguments)
        count[outcome] += 1
        reason = NOT_APPLICABLE.get(arguments[-1])
        if outcome == "ok" and reason:
            count["ok"] -= 1
            outcome, what = "not applicable", reason
        print(name, outcome + (": " + what if what else ""), flush=True)
    print("%d passed, %d failed" % (count["ok"], count["FAILED"]))
    if count["not installed"]:
        return 3
    return 0 if count["ok"] and not count["FAILED"] else 1


sys.exit(main())
