#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the Windows shim answers: dialogues.py DIALOGUES WORD…

The words start the shim, options of each dialogue come behind them. Exit 0: it answered all as DIALOGUES says, and ended
when its input did, and its server's process is gone when it is killed. Exit 1: not so. It listens on all interfaces: run it where there is nothing but loopback (ci/peers).
"""
import glob
import subprocess
import sys
import threading
import time

PATIENCE_S = 30


class Shim:
    def __init__(self, command):
        self.number = 0
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.guard = threading.Timer(PATIENCE_S, self.process.kill)
        self.guard.start()

    def ask(self, what):
        self.number += 1
        try:
            self.process.stdin.write(f"{self.number} {what}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return "nothing: it has ended"
        words = self.process.stdout.readline().split()
        # What init tells besides is not of interest here.
        return " ".join(words[1:2]) if words[:1] == [str(self.number)] else f"not the answer: {' '.join(words)}"

    def end(self):
        self.process.stdin.close()
        code = self.process.wait()
        self.guard.cancel()
        return code


def count_servers(mark):
    """How many servers the shims have started that got the words of the mark."""
    count = 0
    for name in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(name, encoding="utf-8", errors="replace") as file:
                text = file.read().replace("\0", " ")
        except OSError:
            continue  # it has just ended
        count += "--serve" in text and mark in text
    return count


def ends_with_its_client(command):
    """Whether no server outlives a shim that is killed while it has one."""
    mark = "--second 58"  # which nobody else has any use for
    shim = Shim(command + mark.split())
    if shim.ask("init a") != "0" or shim.ask("call a") != "0" or count_servers(mark) == 0:
        print("the shim does not get as far as to have a server")
        return False
    shim.process.kill()
    shim.process.wait()
    shim.guard.cancel()
    for _ in range(100):
        if count_servers(mark) == 0:
            return True
        time.sleep(0.05)
    print("the server outlives the shim")
    return False


def main(path, command):
    shim = None
    wrong = answers = 0

    def end():
        code = shim.end() if shim else 0
        if code != 0:
            print(f"{path}: the shim ended with {code}")
        return code != 0

    with open(path, encoding="utf-8") as file:
        for place, line in enumerate(file, 1):
            mark, _, text = line.strip().partition(" ")
            if mark == "$":
                wrong += end()
                shim = Shim(command + text.split())
            elif mark == ">":
                asked, got = text, shim.ask(text)
            elif mark == "!":
                time.sleep(float(text))
            elif mark == "<":
                answers += 1
                if got != text:
                    wrong += 1
                    print(f"{path}:{place}: {asked}: expected {text}, got {got}")
    wrong += end()
    wrong += not ends_with_its_client(command)
    print(f"{answers} answers, {wrong} wrong")
    return 1 if wrong or not answers else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
