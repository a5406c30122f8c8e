# SPDX-License-Identifier: Apache-2.0
"""walk_document.py DOCUMENT: does in this folder what the document tells a reader to do, and compares what comes of it.

Every block ```sh is run, in their order and in one shell; all of it, standard output and error, has to be the block ```text
right behind it, and nothing where there is none. In a block ```text a line `…` stands for any number of lines, and `…` within
a line for any text. A command block ends with status 0; what ends otherwise shows it by `echo`. A fence of any other kind is
an error, and so is a block ```text that belongs to no command: nothing is passed over."""
import difflib
import os
import re
import signal
import subprocess
import sys

ELISION = "…"


def blocks(document):
    """(kind, line number, lines) of each fenced block, and whether nothing but blank lines is between it and the one before."""
    kind = start = None
    lines, follows = [], False
    for number, line in enumerate(document, 1):
        if line.startswith("```"):
            if kind is None:
                kind, start, lines = line[3:], number, []
            else:
                yield kind, start, lines, follows
                kind, follows = None, True
        elif kind is not None:
            lines.append(line)
        elif line.strip():
            follows = False
    if kind is not None:
        raise SystemExit(f"line {start}: the block has no end")


def steps(document):
    """[line number, commands, expected lines] of each command block."""
    found = []
    for kind, start, lines, follows in blocks(document):
        if kind == "sh":
            found.append([start, lines, None])
        elif kind == "text" and follows and found and found[-1][2] is None:
            found[-1][2] = lines
        elif kind == "text":
            raise SystemExit(f"line {start}: output, but of which commands?")
        else:
            raise SystemExit(f"line {start}: a block of kind {kind!r}, expected sh or text")
    return found


def fits(expected, said):
    pattern = ""
    for line in expected:
        if line.strip() == ELISION:
            pattern += "(?:.*\n)*"
        else:
            pattern += "[^\n]*".join(re.escape(part) for part in line.split(ELISION)) + "\n"
    return re.fullmatch(pattern, said) is not None


def run(shell, folder, commands, number):
    """What the commands say, and their status."""
    script, output = f"{folder}/{number}.sh", f"{folder}/{number}.out"
    with open(script, "w", encoding="utf-8") as file:
        file.write("\n".join(commands) + "\n")
    shell.stdin.write(f". {script} >{output} 2>&1 </dev/null; echo $?\n")
    shell.stdin.flush()
    status = shell.stdout.readline().strip()
    with open(output, encoding="utf-8") as file:
        said = file.read()
    return said + ("\n" if said and not said.endswith("\n") else ""), status


def walk(shell, folder, document, todo):
    failed = 0
    for start, commands, expected in todo:
        said, status = run(shell, folder, commands, start)
        if status != "0":
            failed += 1
            print(f"{document}:{start}: the commands ended with status {status or 'none, and the shell'}, and said:\n{said}")
            if not status:
                break
        if not fits(expected or [], said):
            failed += 1
            print(f"{document}:{start}: the output is another one:")
            print("\n".join(difflib.unified_diff(expected or [], said.splitlines(), "document", "said", lineterm="")))
    return failed


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        todo = steps(file.read().splitlines())
    folder = os.path.abspath(".walk")
    os.mkdir(folder)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("interrupted"))
    shell = subprocess.Popen(["bash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        failed = walk(shell, folder, sys.argv[1], todo)
    finally:  # with all that it started
        os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()
    print(f"{len(todo)} command blocks, {failed} failed")
    return failed > 0 or not todo


if __name__ == "__main__":
    sys.exit(main())
