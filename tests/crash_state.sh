# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What tells crashes apart. Sourced by tests.

# crash_state: reads what a crashed program printed on standard input and reduces its stack as ClusterFuzz does: the
# frames that only end the process go, the functions of the next three are the state.
crash_state() {
    awk '
        /^ *#0 / {frames = 0} # the last stack counts
        $1 ~ /^#[0-9]+$/ && $3 == "in" && $4 !~ /^(__sanitizer_|__interceptor_|fuzzer::|__pthread_kill|pthread_kill|__restore_rt|gsignal|killpg)/ &&
            $4 !~ /^(__GI_)?(abort|raise)$/ {frame[frames++] = $4}
        END {print frame[0] "|" frame[1] "|" frame[2]}'
}

# function_of_rule RULE: the function that is on the stack when the rule is violated.
function_of_rule() {
    echo "violated_${1//[\/-]/_}"
}

# ten_defects COMMAND…: calls the command with mutant, rule and the path of an input, in binary form, that shows the defect;
# for each line of ten_defects.txt. Inputs are written to the current folder.
ten_defects() {
    local mutant rule sequence
    while read -r mutant rule sequence; do
        printf '%s\n' "${sequence//; /$'\n'}" >"$mutant.seq"
        "$TEST_BUILD_DIRECTORY/rpcancel" convert "$mutant.seq" "$mutant.bin" >/dev/null || complain "$mutant cannot be converted"
        "$@" "$mutant" "$rule" "$mutant.bin"
    done < <(grep -v '^#' "$TEST_SOURCE_DIRECTORY/tests/ten_defects.txt")
}
