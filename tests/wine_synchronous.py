#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the Windows shim answers for synchronous calls: wine_synchronous.py DIALOGUES WORD…

The words start the shim, options of each dialogue come behind them. Exit 0: it answered all as DIALOGUES says, and ended
when its input did. Exit 1: not so. It listens on all interfaces: run it where there is nothing but loopback (ci/peers).
"""
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
    print(f"{answers} answers, {wrong} wrong")
    return 1 if wrong or not answers else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
