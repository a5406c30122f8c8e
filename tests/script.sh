# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What script tests share. Sourced first; the script ends with `finish`.
set -uo pipefail

# An empty folder to work in, gone when the script ends; file names without a folder are meant there.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
ulimit -c 0
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

# finish: says how many failures there were; its status, and so that of the script, is whether there were none.
finish() {
    echo "$failures failed"
    ((failures == 0))
}
