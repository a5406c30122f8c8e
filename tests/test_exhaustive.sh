#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What takes long: two calls on two threads to the end, and every variant through every engine.
set -euo pipefail

# last_line ARGUMENT…: prints the program's last line.
last_line() {
    timeout 550 "$TEST_BUILD_DIRECTORY/rpcancel" "$@" </dev/null | tail -n 1
}

explored=$(last_line explore --calls 2 --threads 2)
echo "$explored"
[[ $explored == "explore: "*", 0 unjudged, closed" ]]
variants=$(last_line mutants --variants)
echo "$variants"
[[ $variants =~ ^variants:\ [0-9]+\ total,\ 0\ rejected$ ]]
