#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The target fuzz_capture on the captures of pcaps/, on mutations of them and on noise: nothing is found.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
mkdir seeds
holds python3 "$TEST_SOURCE_DIRECTORY/tests/pcap_seeds.py" "$TEST_SOURCE_DIRECTORY/pcaps" seeds 3000
for size in 0 1 2 3 100 5000 100000; do
    head -c "$size" /dev/urandom >"seeds/noise-$size"
done
expect_of 0 '^replayed 31[0-9]{2} inputs$' "$TEST_BUILD_DIRECTORY/fuzz_capture_standalone" seeds
finish
