# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Rows of ci/bench: each is made of files with one measurement a line. Sourced after common.sh, not run; `work` is a folder.

# median: of the numbers on standard input, one a line.
median() {
    sort -g | awk '{v[NR] = $1} END {if (NR) print v[int((NR + 1) / 2)]}'
}

# rates FILE: the figure after the first word of each line.
rates() {
    awk '{print $2}' "$1"
}

# list FILE: its numbers as a JSON array; - is null.
list() {
    if [[ $1 == - ]]; then echo null; else jq -cs . "$1"; fi
}

# row NAME UNIT COMPARE TARGET VALUES REFERENCES YARDSTICKS WORK: adds a row to $work/rows. VALUES is a file, REFERENCES what the peer
# did in the same turns, YARDSTICKS how fast the machine was just before each; either may be -. COMPARE says what is held against
# TARGET: ratio (VALUE / REFERENCE is at least that), least (VALUE is) or most (VALUE is at most that).
# `compared` is what later runs are held against: the ratio where there is a peer, the value by the yardstick where there is
# one, which takes out what else the machine did, and otherwise the value itself.
row() {
    # shellcheck disable=SC2154 # ci/bench sets it
    jq -cn --arg name "$1" --arg unit "$2" --arg compare "$3" --argjson target "$4" --argjson values "$(list "$5")" \
        --argjson references "$(list "$6")" --argjson yardsticks "$(list "$7")" --arg work "$8" '
        def median: sort | .[(length - 1) / 2 | floor];
        def spread: if . == null then null else [min, max] end;
        def by($others; f): [[., $others] | transpose[] | select(all(. != null)) | f];
        ($values | median) as $value
        | (if $references then $references | median else null end) as $reference
        | (if $references then $values | by($references; .[0] / .[1]) else null end) as $ratios
        | (if $reference then $value / $reference else null end) as $ratio
        | (if $ratios then {by: "peer", each: $ratios}
           elif $yardsticks then
               {by: "yardstick", each: ($values | by($yardsticks; if $compare == "most" then .[0] * .[1] else .[0] / .[1] end))}
           else {by: "value", each: $values} end) as $compared
        | {$name, $value, $unit, $reference, $ratio, $target, $compare,
           met: (if $compare == "ratio" then $ratio != null and $ratio >= $target
                 elif $compare == "least" then $value >= $target else $value <= $target end),
           runs: ($values | length), spread: ($values | spread), reference_spread: ($references | spread), ratio_spread: ($ratios | spread),
           compared: {by: $compared.by, median: ($compared.each | median), low: ($compared.each | min), high: ($compared.each | max)},
           $work}' >>"$work/rows"
    echo "measured: $1" >&2
}

# table FILE: the rows there, one JSON object a line, for people.
table() {
    jq -r 'def short: if . == null then "-" elif . >= 100 then round else . * 1000 | round / 1000 end;
        [.name, (.value | short), "\(.spread[0] | short) … \(.spread[1] | short)", .unit, (.reference | short),
         (.ratio | short), .target, (if .met then "yes" else "NO" end)] | map(tostring) | join("|")' "$1" |
        awk -F '|' 'BEGIN {form = "%-38s %11s %24s %-15s %11s %7s %9s %s\n"
            printf form, "what", "median", "spread", "unit", "reference", "ratio", "target", "met"}
            {printf form, $1, $2, $3, $4, $5, $6, $7, $8}'
}
