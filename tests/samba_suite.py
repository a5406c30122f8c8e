# SPDX-License-Identifier: Apache-2.0
"""samba_suite.py LOG: runs Samba's own tests of the protocol (samba.tests.dcerpc.raw_protocol) against the server that the
environment names as that suite wants it (SERVER, SMB_CONF_PATH, DOMAIN, REALM, USERNAME, PASSWORD), several at once.

A line for each test: `NAME ok`, `NAME FAILED` or `NAME not applicable: REASON`. Last line: `N passed, N failed`. What the suite itself
says goes to LOG. Exit 0: none failed, and some passed.
"""
import multiprocessing
import os
import re
import sys
import unittest

AT_ONCE = 12
# Guesses which association groups there are not, and so must be alone.
ALONE = r"\.test_assoc_group_"

# What the server does not have.
NOT_APPLICABLE = (
    (r"spnego|ntlm|krb5|schannel|multi_auth|multiple_auth", "needs an authentication service"),
    (r"assoc_group_(ok2|fail3)$", "needs named pipes of SMB"),
)


def reason_against(name):
    return next((reason for pattern, reason in NOT_APPLICABLE if re.search(pattern, name)), None)


def tests_of(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from tests_of(test)
        else:
            yield test


def load(name):
    return unittest.defaultTestLoader.loadTestsFromName(name)


def passes(identifier):
    result = unittest.TestResult()
    load(identifier).run(result)
    for _, trace in result.failures + result.errors + result.skipped:
        print(identifier, trace, file=sys.stderr, flush=True)
    return result.testsRun == 1 and result.wasSuccessful() and not result.skipped


def main():
    report = os.fdopen(os.dup(1), "w", buffering=1)
    with open(sys.argv[1], "w", encoding="utf-8") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        tests = sorted(test.id() for test in tests_of(load("samba.tests.dcerpc.raw_protocol")))
        passed = failed = 0
        applicable = [test for test in tests if not reason_against(test)]
        # Most of their time they wait for what must not come.
        with multiprocessing.Pool(AT_ONCE) as pool:
            outcomes = {test: pool.apply(passes, (test,)) for test in applicable if re.search(ALONE, test)}
            others = {test: pool.apply_async(passes, (test,)) for test in applicable if test not in outcomes}
            for test in tests:
                name = test.rsplit(".", 1)[1]
                if reason_against(test):
                    print(name, "not applicable:", reason_against(test), file=report)
                    continue
                is_ok = outcomes[test] if test in outcomes else others[test].get()
                print(name, "ok" if is_ok else "FAILED", file=report)
                passed, failed = passed + is_ok, failed + (not is_ok)
    print("%d passed, %d failed" % (passed, failed), file=report)
    return 0 if passed and not failed else 1


sys.exit(main())
