# SPDX-License-Identifier: Apache-2.0
"""samba_methods.py PROGRAM RESULT.json PORT LOG: has `rpcancel convert --to samba` write methods for Samba's raw_protocol.py, runs
them with Samba's class on the server at SERVER:PORT, and holds what comes of them against the result of `rpcancel check` on that
server: where a rule failed, the method about that rule fails on the sequence that showed it; where a sequence passed, the method of it
does not fail.

A line for each method that does otherwise. Last line: `N passed, N open, N failed as they should, N wrong`; open are those that end
where no rule demands anything. Exit 0: none is wrong, and some passed. Wants SERVER and SMB_CONF_PATH, as that suite does.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
import unittest

HEAD = """import samba.dcerpc.dcerpc as dcerpc
import samba.dcerpc.base as base
import samba.dcerpc.mgmt
from samba.tests.dcerpc.raw_testcase import RawDCERPCTest


class TestDCERPC_BIND(RawDCERPCTest):
    def connect(self):
        self.primary_address = {port!r}
        super().connect()

"""


def export(program, profile, path, options=()):
    """Returns the method of a sequence, its name and the line of knownfail; None when it is none of those that can be written."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as known:
        command = [program, "convert", "--to", "samba", "--profile", profile, "--knownfail", known.name, *options, path, "-"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            print(done.stderr.strip(), file=sys.stderr)
            return None
        name = re.search(r"def (\w+)\(self\)", done.stdout).group(1)
        with open(known.name, encoding="utf-8") as lines:
            line = lines.read().rstrip("\n")
    # As Samba's selftest calls it, environment and all, and no other that begins so.
    full = "samba.tests.dcerpc.raw_protocol.samba.tests.dcerpc.raw_protocol.TestDCERPC_BIND." + name
    assert re.match(line, full + "(ad_dc)") and not re.match(line, full + "_too(ad_dc)"), line
    return name, done.stdout


def outcome_of(method, port, log):
    name, text = method
    module = {"__name__": "samba.tests.dcerpc.raw_protocol"}
    exec(compile(HEAD.format(port=port) + text, name, "exec"), module)  # what the program under test has written
    result = unittest.TestResult()
    module["TestDCERPC_BIND"](name).run(result)
    for _, trace in result.failures + result.errors:
        print(name, textwrap.indent(trace, "    "), file=log, flush=True)
    if result.errors:
        return "error"
    return "failed" if result.failures else "open" if result.skipped else "passed"


def methods_of(program, result, corpus):
    """Yields what is to become of each method, and the method."""
    for rule in result["rules"]:
        if rule.get("found", rule["verdict"]) == "FAIL":
            method = export(program, result["profile"], os.path.join(corpus, rule["found_in"]), ("--rule", rule["id"]))
            if method:
                yield "failed", method
    for sequence in result["sequences"]:
        method = None
        if sequence["verdict"] == "PASS":
            method = export(program, result["profile"], os.path.join(corpus, sequence["id"]))
        if method:
            yield "passed", method


def main():
    program, path, port, log_path = sys.argv[1:]
    corpus = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "corpus")
    with open(path, encoding="utf-8") as file:
        result = json.load(file)
    counts = dict.fromkeys(("passed", "open", "failed", "wrong"), 0)
    report = os.fdopen(os.dup(1), "w", buffering=1)
    with open(log_path, "a", encoding="utf-8") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        for wanted, method in methods_of(program, result, corpus):
            got = outcome_of(method, port, log)
            is_right = got == wanted or (wanted == "passed" and got == "open")
            counts[got if is_right else "wrong"] += 1
            if not is_right:
                print(method[0], got, "expected", wanted, file=report)
    print("%(passed)d passed, %(open)d open, %(failed)d failed as they should, %(wrong)d wrong" % counts, file=report)
    return 0 if counts["passed"] and not counts["wrong"] else 1


sys.exit(main())
