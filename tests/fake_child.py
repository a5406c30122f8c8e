# SPDX-License-Identifier: Apache-2.0
"""Children that are odd in one way each, for tests/test_doctor.sh.

fake_child.py CHILD MODE [ARGUMENT]: passes lines on to the child CHILD and its answers back, and then, by MODE:

good          nothing else
silent        answers nothing; half writes the beginning of a line, endless one that never ends
mute LINE     answers nothing to LINE, which is the beginning of what is asked; dies LINE ends there, with 3
held          keeps the answers in a buffer; lagging gives each with the next line
closes        closes its output, and goes on running
number, prose, behind, twice, returns    what answers look like; events stand before and behind those of the first two
knows-all     answers 0 to what it does not know
says TEXT     answers `describe` so; resets TEXT answers `reset` so, and does not
slow LINE S   takes S seconds to answer LINE; slow-start S
silent-clock  does not answer `returned` when nobody moved its clock for a second
answers LINE TEXT    answers LINE so, each time; wavers LINE TEXT every other time
stays         does not end with its input; ends 3 does so with that code
ticking       its time-outs run out by themselves; real and real-careless have a clock of which a second takes 300 ms, and
              answer `unimplemented` when nobody moved it for as long, or not
stopped       `elapse` does nothing"""
import os
import signal
import subprocess
import sys
import time

mode, arguments = sys.argv[2], sys.argv[3:]
child = subprocess.Popen(sys.argv[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
SECOND = 0.3


def ask(number, what):
    child.stdin.write(f"{number} {what}\n")
    return child.stdout.readline().rstrip("\n")


answers = open(1, "w", buffering=65536, closefd=False, newline="\n")


def reply(line):
    answers.write(line + "\n")
    if mode != "held":
        answers.flush()


class Clock:
    """Of time-outs that run out by themselves."""

    set_at = None
    asked_at = time.monotonic()


def timed(number, what):
    """What a child with a clock of its own answers."""
    now = time.monotonic()
    if what == "reset":
        Clock.set_at = None
    if what.startswith("set-c"):
        Clock.set_at = now
    late = Clock.set_at is not None and now - Clock.set_at > (1 if mode == "ticking" else SECOND / 2)
    if mode != "ticking" and what == "elapse":
        time.sleep(SECOND)
        Clock.set_at = None if Clock.set_at is None else time.monotonic()
    elif mode == "ticking" and late and what == "returned a":
        return f"{number} 1818"
    elif mode == "real" and late and what != "reset":
        return f"{number} unimplemented"
    return ask(number, what)


def altered(number, what, count):
    """The answer to a line."""
    is_meant = arguments and what.startswith(arguments[0])
    if mode == "says" and what == "describe":
        return f"{number} {arguments[0]}"
    if mode == "resets" and what == "reset":
        return f"{number} {arguments[0]}"
    if mode in ("ticking", "real", "real-careless"):
        return timed(number, what)
    if mode == "silent-clock" and time.monotonic() - Clock.asked_at > 1:
        signal.pause()
    Clock.asked_at = time.monotonic()
    if mode == "stopped" and what == "elapse":
        return f"{number} 0"
    if mode == "answers" and is_meant or mode == "wavers" and is_meant and count % 2:
        return f"{number} {arguments[1]}"
    if mode == "dies" and is_meant:
        print("so be it", file=sys.stderr)
        sys.exit(3)
    if mode == "mute" and is_meant:
        signal.pause()
    if mode == "slow" and is_meant:
        time.sleep(float(arguments[1]))
    answer = ask(number, what)
    if mode == "knows-all" and answer.endswith("unimplemented"):
        return f"{number} 0"
    return {
        "number": f"7{answer}",
        "prose": "ready.",
        "behind": f"{answer} as it should be",
        "twice": f"{answer}\n{answer}",
        "returns": f"{answer}\r",
        "events": f"event notified b\n{answer}\nevent disconnected" if int(number) < 3 and what != "reset" else answer,
    }.get(mode, answer)


def main():
    counts = {}
    held = None
    if mode == "closes":
        os.close(1)
    if mode == "slow-start":
        time.sleep(float(arguments[0]))
    for line in sys.stdin:
        number, what = line.split(maxsplit=1)
        what = what.strip()
        if mode in ("silent", "closes"):
            signal.pause()
        if mode in ("half", "endless"):
            answers.write("1 0 name=" + "x" * (9000 if mode == "endless" else 5))
            answers.flush()
            signal.pause()
        counts[what] = counts.get(what, 0) + 1
        answer = altered(number, what, counts[what])
        if mode == "lagging":
            if held:
                reply(held)
            held = answer
        else:
            reply(answer)
    if mode == "stays":
        signal.pause()
    if mode == "ends":
        sys.exit(int(arguments[0]))
    answers.flush()


main()
