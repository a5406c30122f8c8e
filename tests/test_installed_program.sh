#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An installation that was moved still finds its catalogue, from any folder and without the source tree in sight.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$TEST_BUILD_DIRECTORY" --prefix "$work/first" >"$work/log" || {
    cat "$work/log"
    exit 1
}
mv "$work/first" "$work/moved"
cd /
here=$("$work/moved/bin/rpcancel" check --list | wc -l)
expected=$(find "$TEST_SOURCE_DIRECTORY"/corpus/{rules,races,bugs} -name '*.seq' | wc -l)
if ((here < expected || expected == 0)); then
    echo "the installed program lists $here lines for $expected sequences"
    exit 1
fi
"$work/moved/bin/rpcancel" check
