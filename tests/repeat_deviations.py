# SPDX-License-Identifier: Apache-2.0
"""Whether the commands by which a page of `rpcancel compare` repeats deviations do so, on runtimes that are up.

repeat_deviations.py PAGE RPCANCEL MOST: runs those of MOST deviations, spread over the page, with the program RPCANCEL, from the folder of
the project. Not of what hangs, which takes its deadlines. A line for each; exit code 1 when one does not show what the page says, or
there is none."""
import os
import re
import shlex
import subprocess
import sys

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PATIENCE_S = 30


def deviations(page):
    """Yields verdict, rule or sequence, and command of each."""
    for part in re.split(r"^#### ", page, flags=re.M)[1:]:
        verdict, name = re.match(r"(\S+) ([^,\n]+)", part).groups()
        command = re.search(r"^```sh\n(.*)\n```$", part, flags=re.M)
        if verdict == "HANG":
            continue
        yield verdict, name.replace("\\", ""), command and command.group(1)


def shows(verdict, name, command, program):
    """Runs the command; whether a line of what it prints begins with the verdict on that rule, or sequence."""
    words = shlex.split(command)
    if words[0] != "rpcancel":
        sys.exit(f"{command}: not a command of rpcancel")
    ran = subprocess.run([program] + words[1:], cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, timeout=PATIENCE_S, check=False)
    found = re.search(rf"^{re.escape(verdict)} +(sequence )?{re.escape(name)}(\s|$)", ran.stdout, flags=re.M)
    print(f"{verdict} {name}: {'repeated' if found else 'not repeated'}, exit code {ran.returncode}")
    if not found:
        print(f"    {command}\n" + "".join(f"    | {line}\n" for line in ran.stdout.splitlines()[-20:]))
    return found and ran.returncode in (1, 4)


def main():
    page, program, most = sys.argv[1:]
    with open(page, encoding="utf-8") as file:
        all_of_them = list(deviations(file.read()))
    count = min(int(most), len(all_of_them))
    chosen = [all_of_them[i * len(all_of_them) // count] for i in range(count)]
    shown = sum(bool(command and shows(verdict, name, command, program)) for verdict, name, command in chosen)
    print(f"{shown} of {count} repeated by their commands, of {len(all_of_them)} that do not hang")
    sys.exit(0 if count and shown == count else 1)


main()
