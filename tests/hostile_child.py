# SPDX-License-Identifier: Apache-2.0
"""Children that turn on whoever started them in the middle of a run, for tests/test_hostile.sh.

hostile_child.py MODE CHILD PIDS: passes lines on to CHILD, a `rpcancel-child`, and back. Writes the numbers of its processes to PIDS.

changes    is right up to its 40th sequence, and says 1791 for 0 of test-cancel from then on
recovers   says 1791 for 0 of test-cancel in the first sequence that comes to that, and never again
falls      ends at the first cancel; when it is started again it is another runtime
drips      is healthy, and writes an octet at a time
unknown    answers each cancel with the number of a line that never came
cut        ends in the middle of its answer to a cancel
deaf       closes its input at the first cancel and goes on
stubborn   ignores SIGTERM, has a process that does so too, and falls silent at the first cancel"""
import os
import signal
import subprocess
import sys
import time

MODE, CHILD, PIDS = sys.argv[1:4]


def wrong(answer):
    number, _, rest = answer.partition(" ")
    return number + " 1791" if rest == "0" else answer


def write(text):
    for octet in (text if MODE == "drips" else [text]):
        os.write(1, octet.encode())


def stop(number):
    """What it does in place of the answer to a cancel; None where it goes on."""
    if MODE == "falls":
        os._exit(9)
    if MODE == "unknown":
        return "%d 0" % (int(number) + 1000)
    if MODE == "cut":
        os.write(1, number.encode())
        os._exit(0)
    if MODE == "deaf":
        os.close(0)
    if MODE in ("deaf", "stubborn"):
        time.sleep(300)
    return None


def main():
    if MODE == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if os.fork() == 0:
            with open(PIDS, "a", encoding="ascii") as file:
                file.write("%d\n" % os.getpid())
            time.sleep(300)
    with open(PIDS, "a+", encoding="ascii") as file:
        file.seek(0)
        is_first = not file.read()
        file.write("%d\n" % os.getpid())
    resets, lied_in = 0, None
    with subprocess.Popen([CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as child:
        with open(PIDS, "a", encoding="ascii") as file:
            file.write("%d\n" % child.pid)
        for line in sys.stdin:
            number, what = line.split(None, 1)
            if what.startswith("cancel "):
                said = stop(number)
                if said:
                    write(said + "\n")
                    continue
            child.stdin.write(line)
            answer = child.stdout.readline().rstrip("\n")
            resets += what.startswith("reset")
            if what.startswith("describe") and MODE == "falls" and not is_first:
                answer = answer.replace("name=reference", "name=another")
            if what.startswith("test-cancel a"):
                if MODE == "changes" and resets > 40:
                    answer = wrong(answer)
                if MODE == "recovers" and lied_in in (None, resets) and wrong(answer) != answer:
                    answer, lied_in = wrong(answer), resets
            write(answer + "\n")


main()
