#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What takes long: two calls on two threads to the end, and every variant through the catalogue and by chance.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

patience=550
expect_of 0 '^explore: .*, 0 unjudged, closed$' "$TEST_BUILD_DIRECTORY/rpcancel" explore --calls 2 --threads 2
expect_of 0 '^variants: [0-9]+ total, 0 rejected$' "$TEST_BUILD_DIRECTORY/rpcancel" mutants --variants --engine check --engine random
finish
