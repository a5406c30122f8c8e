#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `rpcancel mutants --engine libfuzzer`: every mutant dies, by a named rule.
set -uo pipefail
bash "$TEST_SOURCE_DIRECTORY/tests/mutants_by_fuzzer.sh" libfuzzer
