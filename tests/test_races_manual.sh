#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# docs/races.md is about the races there are: each file of corpus/races has its row, which names the statements that the
# file's comment names and every choice of answers that the file expects; and each trace is what the program prints.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

manual=$TEST_SOURCE_DIRECTORY/docs/races.md
races=$TEST_SOURCE_DIRECTORY/corpus/races

# ---- rows ----
sed -nE 's#^\| \[.([a-z0-9-]+).\]\(\.\./corpus/races/\1\.seq\) .*#\1.seq#p' "$manual" | sort >named
(cd "$races" && printf '%s\n' *) | sort >there
diff -u there named || complain "docs/races.md has not one row for each file of corpus/races"

# choices FILE: the expectations that leave a choice, in the words of the rows, where L is any communication failure.
choices() {
    sed -nE 's/^[^#]*=> ([^ ]*\|[^ ]*).*/\1/p' "$1" | sort -u |
        sed -e 's/^1722|1726|1727|1818|1820$/1818 or L/' -e 's/^1722|1726|1727|1820$/L/' -e 's/|/ or /g'
}

for file in "$races"/*.seq; do
    slug=$(basename "$file" .seq)
    row=$(grep -E "^\| \[.$slug.\]" "$manual" || true)
    while read -r statement; do
        grep -Eq "[ ,|]${statement}[ ,|]" <<<"$row" || complain "docs/races.md: the row of $slug does not name $statement"
    done < <(grep '^#' "$file" | grep -Eo '\bN[0-9]+' | sort -u)
    while IFS= read -r choice; do
        grep -Eq "(^|[^0-9A-Za-z])$choice([^0-9A-Za-z]|$)" <<<"$row" ||
            complain "docs/races.md: the row of $slug does not say \"$choice\", which the file expects"
    done < <(choices "$file")
done

# ---- traces ----
# What is indented is what is seen on a terminal, explained behind #.
awk '/^    \$ /{n++} /^    /{print substr($0, 5) > ("shown." n)}' "$manual"
traces=(shown.*)
((${#traces[@]} >= 10)) || complain "docs/races.md shows less than ten traces"
for shown in "${traces[@]}"; do
    IFS= read -r command <"$shown"
    [[ $command =~ ^\$\ rpcancel\ replay\ --trace\ corpus/races/[a-z0-9-]+\.seq$ ]] ||
        complain "docs/races.md shows something else than a trace: $command"
    read -ra words <<<"${command#\$ rpcancel }"
    (cd "$TEST_SOURCE_DIRECTORY" && "$TEST_BUILD_DIRECTORY/rpcancel" "${words[@]}") >printed 2>&1
    tail -n +2 "$shown" | sed 's/ *#.*//' | diff -u - printed || complain "docs/races.md: $command prints something else"
done
finish
