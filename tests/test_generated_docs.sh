#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What is generated and checked in is what would be generated now.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
docs=$TEST_SOURCE_DIRECTORY/docs
rpcancel=$TEST_BUILD_DIRECTORY/rpcancel

"$rpcancel" rules --markdown "$work/rules.md"
diff -u "$docs/rules.md" "$work/rules.md" || {
    echo "docs/rules.md is out of date: run \`rpcancel rules --markdown docs/rules.md\`" >&2
    exit 1
}

# Graphviz draws otherwise from version to version, so the graph is compared, and the picture says which graph it is of.
for view in client server; do
    "$rpcancel" explore --earlier 0 --view "$view" --dot "$work/$view.dot" >"$work/said" || {
        cat "$work/said" >&2
        exit 1
    }
    diff -u "$docs/diagrams/$view.dot" "$work/$view.dot" || {
        echo "docs/diagrams/$view.dot is out of date: run ci/diagrams" >&2
        exit 1
    }
    sum=$(sha256sum <"$docs/diagrams/$view.dot")
    grep -Fq "of its graph: ${sum%% *} " "$docs/diagrams/$view.svg" || {
        echo "docs/diagrams/$view.svg shows another graph: run ci/diagrams" >&2
        exit 1
    }
done
