#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What docs/runtime-protocol.md shows is so: the dialogue is what rpcancel-child says, and the child to start from works.
set -euo pipefail

manual=$TEST_SOURCE_DIRECTORY/docs/runtime-protocol.md
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# block KIND: the fenced block of that kind.
block() {
    awk -v fence="\`\`\`$1" '$0 == "```" {inside = 0} inside; $0 == fence {inside = 1}' "$manual"
}

# any_version: the version of the program is not the manual's business.
any_version() {
    sed 's/version=[0-9.]*/version=N/'
}

# side MARK: one side of the dialogue, without its explanations.
side() {
    block dialogue | sed -n "s/^$1 //p" | sed 's/ *#.*//' | any_version
}

side '>' >"$folder/asked"
side '<' >"$folder/expected"
if [[ $(wc -l <"$folder/asked") -lt 20 ]]; then
    echo "found no dialogue in $manual"
    exit 1
fi
"$TEST_BUILD_DIRECTORY/rpcancel-child" <"$folder/asked" 2>"$folder/notes" | any_version >"$folder/answered"
diff -u "$folder/expected" "$folder/answered"

if ! command -v python3 >/dev/null; then
    echo "no python3: the child to start from was not tried"
    exit 0
fi
block python >"$folder/child.py"
printf '%s\n' '1 describe' '2 test-cancel 0 @w' '3 init a' '4 reset' | python3 "$folder/child.py" >"$folder/answered"
diff -u - "$folder/answered" <<'end'
1 0 name=mine version=0.1 delivery=hidden dispatch=command
2 unimplemented
3 unimplemented
4 0
end
# Nothing is implemented, which is not conformant (1), but nothing went wrong either (3, 4).
code=0
"$TEST_BUILD_DIRECTORY/rpcancel" check --runtime "child:python3 $folder/child.py" >"$folder/report" 2>&1 || code=$?
if [[ $code != 1 ]]; then
    cat "$folder/report"
    echo "rpcancel check on the child to start from: exit code $code, expected 1"
    exit 1
fi
