#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What takes long: every variant by exhaustive search. By the catalogue and by chance: test_exhaustive.sh, which may run beside it.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

patience=550
expect_of 0 '^variants: [0-9]+ total, 0 rejected$' "$TEST_BUILD_DIRECTORY/rpcancel" mutants --variants --engine explore
finish
