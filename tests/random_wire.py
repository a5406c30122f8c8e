# SPDX-License-Identifier: Apache-2.0
"""Random sequences of the wire, for tests that hold a healthy server to all rules: random_wire.py COUNT SEED FOLDER."""
import os
import random
import sys

ASSOCIATIONS = ["plain", "multiplexed", "keep", "multiplexed-keep", "signing", "big-endian"]
REQUESTS = ["fast", "park", "hold", "stream"] * 3 + ["fast-pending-cancel", "park-pending-cancel", "fast-maybe", "fast-announcing"]
FORMS = ["flags-06", "flags-03", "flags-00", "flags-02", "flags-04", "flags-07", "verifier", "junk"]
WRONG = ["response", "fault", "bind_ack", "bind_nak", "shutdown", "ping", "cancel_ack", "unknown"]
FRAGMENTS = ["plain", "plain", "pending-cancel"]
# How often, of a hundred, and what; % is a handle.
OPERATIONS = [(16, "request %", REQUESTS), (10, "first %", REQUESTS), (4, "middle %", FRAGMENTS), (10, "last %", FRAGMENTS),
              (18, "co_cancel %", FORMS), (14, "orphaned %", FORMS), (2, "same-call-id %", None), (14, "settle", None),
              (2, "await-first %", None), (5, "release", None), (2, "wrong", WRONG), (3, "associate", ASSOCIATIONS)]


def operation(source):
    _, words, arguments = source.choices(OPERATIONS, [weight for weight, _, _ in OPERATIONS])[0]
    words = words.replace("%", source.choice("abcd"))
    return "%s %s" % (words, source.choice(arguments)) if arguments else words


def main():
    count, seed, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    source = random.Random(seed)
    os.makedirs(folder)
    for number in range(count):
        # Of `settle` alone, nobody could tell that it is of the wire.
        lines = ["associate " + source.choice(ASSOCIATIONS) if source.random() < 0.95 else "request a fast"]
        lines += [operation(source) for _ in range(source.randint(2, 12))] + ["settle", "settle"]
        with open("%s/%d-%d.seq" % (folder, seed, number), "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")


main()
