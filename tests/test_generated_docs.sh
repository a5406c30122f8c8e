#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What is generated and checked in is what would be generated now.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$TEST_BUILD_DIRECTORY/rpcancel" rules --markdown "$work/rules.md"
diff -u "$TEST_SOURCE_DIRECTORY/docs/rules.md" "$work/rules.md" || {
    echo "docs/rules.md is out of date: run \`rpcancel rules --markdown docs/rules.md\`" >&2
    exit 1
}
