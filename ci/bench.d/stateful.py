#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""stateful.py SECONDS: how many steps a second Hypothesis' stateful tests make, which is what people would else write random
sequences with: a call that is made, cancelled, delivered, tested and completed, held against a model of a few lines. Prints
`stateful RATE steps/s, N steps`, in seconds of the processor; steps whose precondition fails are none."""
import sys
import time

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

NO_CALL_ACTIVE, CALL_IN_PROGRESS, OK = 1725, 1791, 0
steps = 0


class Call:
    """What is under test."""

    def __init__(self):
        self.live = self.cancel_sent = self.cancelled = False

    def test_cancel(self):
        if not self.live:
            return NO_CALL_ACTIVE
        return OK if self.cancelled else CALL_IN_PROGRESS


class Cancelling(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.call = Call()
        self.cancels = self.arrived = 0

    def count(self):
        global steps
        steps += 1

    @precondition(lambda self: not self.call.live)
    @rule()
    def make(self):
        self.count()
        self.call.live, self.call.cancel_sent, self.call.cancelled = True, False, False
        self.cancels = self.arrived = 0

    @precondition(lambda self: self.call.live)
    @rule()
    def cancel(self):
        self.count()
        self.call.cancel_sent = True
        self.cancels += 1

    @precondition(lambda self: self.cancels > self.arrived)
    @rule()
    def deliver(self):
        self.count()
        self.call.cancelled = self.call.cancel_sent
        self.arrived = self.cancels

    @rule()
    def test(self):
        self.count()
        expected = NO_CALL_ACTIVE if not self.call.live else OK if self.arrived else CALL_IN_PROGRESS
        assert self.call.test_cancel() == expected

    @precondition(lambda self: self.call.live)
    @rule()
    def complete(self):
        self.count()
        self.call.live = False
        self.cancels = self.arrived = 0


def main():
    seconds = float(sys.argv[1])
    options = settings(max_examples=40, stateful_step_count=60, deadline=None, database=None, verbosity=Verbosity.quiet,
                       phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    begin = time.process_time()
    while time.process_time() - begin < seconds:
        run_state_machine_as_test(Cancelling, settings=options)
    print(f"stateful {steps / (time.process_time() - begin):.0f} steps/s, {steps} steps")


main()
