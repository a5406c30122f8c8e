#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What docs/runtime-protocol.md shows is so: the dialogue is what rpcancel-child says, and the children to start from, to which it points,
# speak the protocol. What they are made of is walked by test_add_a_runtime.sh.
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

templates=$TEST_SOURCE_DIRECTORY/docs/examples/add-a-runtime
read -ra compiler <<<"${TEST_COMPILER:-cc}"
"${compiler[@]}" -std=c99 -o "$folder/child" "$templates/child.c"

# answers_nothing COMMAND: what a child to start from says.
answers_nothing() {
    local code=0
    printf '%s\n' '1 describe' '2 test-cancel 0 @w' "3 complete a' @t2" '4 reset' '12345 yodel' | $1 >"$folder/answered"
    diff -u - "$folder/answered" <<'end'
1 0 name=mine version=0.1 delivery=hidden dispatch=command
2 unimplemented
3 unimplemented
4 0
12345 unimplemented
end
    # Nothing is implemented, which is not conformant (1), but nothing went wrong either (3, 4).
    "$TEST_BUILD_DIRECTORY/rpcancel" check --runtime "child:$1" >"$folder/report" 2>&1 || code=$?
    if [[ $code != 1 ]] || ! grep -qFx 'no rule was decided' "$folder/report"; then
        cat "$folder/report"
        echo "rpcancel check on $1: exit code $code, expected 1, and no rule decided"
        exit 1
    fi
}
for name in child.py child.c; do
    grep -qF "(examples/add-a-runtime/$name)" "$manual" || { echo "the manual does not point to $name"; exit 1; }
done
answers_nothing "$folder/child"
if command -v python3 >/dev/null; then
    answers_nothing "python3 $templates/child.py"
else
    echo "no python3: child.py was not tried"
fi
