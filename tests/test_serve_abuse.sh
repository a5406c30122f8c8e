#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rpcancel serve and peers that mean harm: others are served, memory has a bound, nothing of a peer that is gone stays.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
# shellcheck source-path=SCRIPTDIR source=server.sh
source "$(dirname "$0")/server.sh"

# Memory that was freed is to be given back, so that what is in use can be seen.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1
sanitized=()
! under_sanitizer || sanitized=(sanitized)
for profile in core windows; do
    start --profile "$profile" --connections 200 --timeout 1 --memory 16
    timeout 120 python3 "$TEST_SOURCE_DIRECTORY/tests/serve_abuse.py" "$port" "$server" "${sanitized[@]}" >said 2>&1 || complain "profile $profile"
    says '^[0-9]+ checks$'
    cat said
    stop TERM '^serve: [0-9]+ connections, [0-9]+ calls, [0-9]+ cancels, [0-9]+ orphaned$'
done

finish
