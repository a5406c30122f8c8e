#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rpcancel explore --datagrams as people call them: last lines, exit codes, what is refused.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
rpcancel=$TEST_BUILD_DIRECTORY/rpcancel

for slice in core timeout reordering strays-to-server strays-to-client; do
    for profile in c706 ms-rpce freedce; do
        expect_of 0 '^explore: [0-9]+ states, [0-9]+ pairs, [0-9]+ edges, 0 unjudged, 0 violations, closed$' \
            "$rpcancel" explore --datagrams --slice "$slice" --profile "$profile"
    done
done
says '^strays-to-client +[0-9]+ states +[0-9]+ pairs +[0-9]+ edges +[0-9]+ beyond +0 unjudged, closed$'
says '^rules: [0-9]+ of 13 decided$'
expect_of 6 ', open$' "$rpcancel" explore --datagrams --slice two-calls --memory 1
expect_of 0 '^Usage: rpcancel explore --datagrams ' "$rpcancel" explore --datagrams --help
expect_of 2 'there is no slice of datagrams "deep"' "$rpcancel" explore --datagrams --slice deep
expect_of 2 'expected core, c706, ms-rpce, windows or freedce' "$rpcancel" explore --datagrams --profile documented
expect_of 2 'no option --flips' "$rpcancel" explore --datagrams --flips
finish
