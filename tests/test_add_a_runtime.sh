#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# docs/add-a-runtime.md, walked: every command that it shows is run, from an empty folder and with nothing but an installation
# (RPCANCEL_PREFIX; without it the build is installed, and moved), and says what the document says it does. Then documents
# that are wrong are walked, to see that it is noticed.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
patience=240

if [[ -z ${RPCANCEL_PREFIX-} ]]; then
    holds cmake --install "$TEST_BUILD_DIRECTORY" --prefix "$work/first"
    mv "$work/first" "$work/moved"
    RPCANCEL_PREFIX=$work/moved
fi
examples=$RPCANCEL_PREFIX/share/doc/rpcancel/docs/examples
walk=$TEST_SOURCE_DIRECTORY/tests/walk_document.py
document=$RPCANCEL_PREFIX/share/doc/rpcancel/docs/add-a-runtime.md
cmp "$document" "$TEST_SOURCE_DIRECTORY/docs/add-a-runtime.md" || complain "another document is installed"
for file in child.c child.py plugin.c my.target client.py Makefile; do
    [[ -s $examples/add-a-runtime/$file ]] || complain "the template $file is not installed"
done
export PATH=$RPCANCEL_PREFIX/bin:$PATH LC_ALL=C.UTF-8

# walked CODE PATTERN DOCUMENT: walks it in an empty folder.
count=0
walked() {
    count=$((count + 1))
    mkdir "$work/walk$count"
    cd "$work/walk$count" || exit 1
    expect_of "$1" "$2" python3 "$walk" "$3"
    cd "$work" || exit 1
}
walked 0 '^[0-9]{2} command blocks, 0 failed$' "$document"
blocks=$(sed -n 's/ command blocks, .*//p' "$work/said")
[[ $blocks == $(grep -c '^```sh$' "$document") ]] || complain "not every command block was run"

# ---- the job for CI that the document has written does what the document has done by hand ----
job=$work/walk1/my-runtime/.github/workflows/rpcancel.yml
command=$(sed -n 's/^ *- run: \(rpcancel check .*\)/\1/p' "$job")
[[ $command ]] || complain "the job has no check"
grep -qFx "$command; echo \"exit code \$?\"" "$document" || complain "the check of the job is not the one that was run"
expect_of 0 '^conformant but for ' env -C "$work/walk1/my-runtime" bash -c "$command"

# ---- the templates are C as anybody compiles it ----
for template in child plugin; do
    holds "${CC:-cc}" -std=c99 -pedantic -Wall -Wextra -Werror -I"$RPCANCEL_PREFIX/include" -fsyntax-only "$examples/add-a-runtime/$template.c"
done

# ---- drift is noticed ----
# block KIND LINE…: a fenced block.
block() {
    local kind=$1
    shift
    printf '%s\n' "\`\`\`$kind" "$@" "\`\`\`"
}
{
    sed "/^## Copy the template/,\$d" "$document"
    block sh 'echo drift'
    block text drift
} >short.md
walked 0 '^1 command blocks, 0 failed$' "$work/short.md"
sed 's/^drift$/drifted/' short.md >drifted.md
walked 1 'the output is another one' "$work/drifted.md"
sed 's/^drift$/…/' short.md >elided.md
walked 0 ' 0 failed$' "$work/elided.md"
sed 's/^drift$/dr…ft/' short.md >partly.md
walked 0 ' 0 failed$' "$work/partly.md"
block sh false >status.md
walked 1 'ended with status 1' "$work/status.md"
block sh 'echo more' >silent.md
walked 1 'the output is another one' "$work/silent.md"
{
    block sh true
    echo Words.
    block text lost
} >lost.md
walked 1 'output, but of which commands' "$work/lost.md"
block yaml 'lost: 1' >unknown.md
walked 1 "a block of kind 'yaml'" "$work/unknown.md"
block sh 'exit 3' >left.md
walked 1 'and the shell' "$work/left.md"
echo Nothing. >nothing.md
walked 1 '^0 command blocks' "$work/nothing.md"

finish
