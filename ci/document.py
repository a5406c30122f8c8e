# SPDX-License-Identifier: Apache-2.0
"""Tables in documents, made of data. Imported by ci/bench-history and ci/scale-charts, not run."""
import re


class NoPlace(Exception):
    """The document has no place for a table."""


def write(path, content):
    """Under a temporary name first, so that nobody sees half of it. OSError where it cannot be."""
    part = path.with_name(path.name + ".part")
    part.write_text(content, encoding="utf-8")
    part.replace(path)


def table(head, rows):
    """The lines of a table for Markdown; columns of numbers to the right, whole ones with commas."""
    def cell(value):
        return f"{value:,}" if isinstance(value, int) else str(value)
    right = [all(isinstance(row[i], (int, float)) or re.fullmatch(r"[≥×<.\d, %–-]+", str(row[i])) for row in rows) for i in range(len(head))]
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join("--:" if is_right else "---" for is_right in right) + "|"]
    return lines + ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]


def put_tables(document, tables):
    """Writes each of |tables|, lines by name, into the document between `<!-- table NAME -->` and `<!-- end -->`."""
    content = document.read_text(encoding="utf-8")
    for name, lines in tables.items():
        pattern = re.compile(rf"(<!-- table {name} -->\n).*?(<!-- end -->)", re.S)
        if not pattern.search(content):
            raise NoPlace(f"{document} has no place for the table {name}: expected `<!-- table {name} -->` and `<!-- end -->`")
        content = pattern.sub(lambda found, lines=lines: found.group(1) + "\n" + "\n".join(lines) + "\n\n" + found.group(2), content)
    write(document, content)
