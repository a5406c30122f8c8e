# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What script tests share. Sourced first; the script ends with `finish`.
set -uo pipefail

# An empty folder to work in, gone when the script ends; file names without a folder are meant there.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
ulimit -c 0
# Debian's python3 first: its packages are what the tests need, and a launcher in its place (pyenv's) would be paid for with
# each start of a child.
PATH=/usr/bin:$PATH
failures=0
: >said # what was said last

# complain TEXT: a failure; shows the end of what was said last.
complain() {
    echo "FAILED: $*"
    tail -n 40 "$work/said" | sed 's/^/    | /'
    failures=$((failures + 1))
}

# holds COMMAND…: it must succeed.
holds() {
    "$@" >"$work/said" 2>&1 || complain "$*: exit code $?"
}

# says PATTERN: a line of what was said last must match the extended regular expression.
says() {
    grep -Eq -- "$1" "$work/said" || complain "says nothing like: $1"
}

# expect_of CODE PATTERN COMMAND…: the command must end with CODE within `patience` seconds, and a line that it says, on
# standard output or error, match the extended regular expression; empty: no matter.
patience=60
expect_of() {
    local code=$1 pattern=$2 got
    shift 2
    timeout "$patience" "$@" >"$work/said" 2>&1 </dev/null
    got=$?
    ((got == code)) || complain "$*: exit code $got, expected $code"
    [[ -z $pattern ]] || grep -Eq -- "$pattern" "$work/said" || complain "$*: says nothing like: $pattern"
}

# under_sanitizer: whether what is tested has sanitizers in it, where what takes minutes of the same steps is left to other builds.
under_sanitizer() {
    [[ ${TEST_COMPILER-} == *-fsanitize=* ]]
}

# one_in N: passes lines on: all of them where RPCANCEL_THOROUGH is set (`ci/test --thorough`), else every Nth, always the same ones:
# what a commit is judged by must not be chance.
one_in() {
    awk -v n="${RPCANCEL_THOROUGH:+1}" -v otherwise="$1" 'NR % (n ? n : otherwise) == 0'
}

# finish: says how many failures there were; its status, and so that of the script, is whether there were none.
finish() {
    echo "$failures failed"
    ((failures == 0))
}
