#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A child for rpcancel that implements nothing yet, and says so: rpcancel check --runtime 'child:python3 child.py'.
docs/add-a-runtime.md fills one in, docs/runtime-protocol.md is the manual, docs/sequences.md says what operations mean."""
import sys

operations = {}  # by the first word


def operation(name):
    def add(function):
        operations[name] = function
        return function
    return add


@operation("describe")
def describe(words):
    return "0 name=mine version=0.1 delivery=hidden dispatch=command"  # FILL IN: its name, and how messages arrive


@operation("reset")
def reset(words):
    return "0"  # FILL IN: once there is something to forget, forget it; unimplemented: a new process for each sequence


# FILL IN, here, one operation after the other:
#
#     @operation("cancel")
#     def cancel(words):  # the words of the line: ["cancel", "a", "abort"]
#
# What it returns:
#   str(code)                  what the function of the runtime returned; "0": what has no return code happened
#   "exception 0x%08X" % code  what it raised
#   "unimplemented"            this child cannot do that, or not with these words
#   "refused"                  impossible here: no such call or message, nothing of the kind runs on that thread
#   "undefined"                the documents call the outcome undefined, so it was not tried


def main():
    for line in sys.stdin:
        number, *words = line.split()
        function = operations.get(words[0])
        print(number, function(words) if function else "unimplemented", flush=True)


if __name__ == "__main__":
    main()
