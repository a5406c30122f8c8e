#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Mutants at each interface that a runtime can have: child, plugin, child with hidden delivery, server over TCP, client over TCP.
# Those that channel_survivors.txt lists for the interface live, with a reason; all others are caught; and variants are not rejected.
# Every fourth of them, or all.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"
# shellcheck source-path=SCRIPTDIR source=server.sh
source "$(dirname "$0")/server.sh"

child="child:'$TEST_BUILD_DIRECTORY/rpcancel-child'"
plugin="plugin:'$TEST_BUILD_DIRECTORY/rpcancel-reference.so'"
client="tcp-listen:'$TEST_BUILD_DIRECTORY/reference-client'"
grep -vE '^(#|$)' "$TEST_SOURCE_DIRECTORY/tests/channel_survivors.txt" >listed

# check ARGUMENT…: judged; true when a rule is broken, or the runtime hangs over what a rule wants. Anything but a verdict is a failure.
check() {
    local code=0
    timeout 60 "$rpcancel" check "$@" >said 2>&1 </dev/null || code=$?
    case $code in
    0) return 1 ;;
    1) grep -q '^FAIL ' said ;;
    4) grep -qE '^(FAIL|HANG) [^ ]+/[0-9]+ ' said ;;
    *)
        complain "check $*: exit code $code"
        return 1
        ;;
    esac
}

# settle CHANNEL MUTANT CAUGHT: compares with the list; CAUGHT is 0 when it is.
settle() {
    if grep -q "^$1 $2 " listed; then
        (($3 != 0)) || complain "$1: $2 is listed as not seen there, and caught"
        echo "$1 $2" >>listed.seen
    else
        (($3 == 0)) || complain "$1: $2 is not caught"
    fi
    counts[$1]=$((${counts[$1]-0} + ($3 == 0)))
}
declare -A counts=()
: >listed.seen

# list OPTION…: `NAME PROFILE [ENDS]` of mutants.
list() {
    "$rpcancel" mutants "$@" --list | awk '{
        profile = "documented"
        ends = ""
        for (i = 2; i <= NF; i++) {
            if ($i == "Profile") {
                profile = $(i + 1)
                sub(/,$/, "", profile)
            }
            if ($i == "ends" && $(i - 2) == "Profile")
                ends = $(i + 1)
        }
        print $1, profile, ends
    }'
}

# ---- of the API: what kills in process is tried first ----
list >mutants
[[ $(wc -l <mutants) -ge 95 ]] || complain "there are $(wc -l <mutants) mutants"
while read -r mutant profile _; do
    check --mutant "$mutant" --profile "$profile" --strict || complain "$mutant lives in process"
    mapfile -t killing < <(sed -nE 's/^ +shown +[0-9]+ of [0-9]+ runs of (.*)[.]seq$/\1/p' said | head -n 3)
    ((${#killing[@]})) || complain "$mutant: nothing says which sequence shows it"
    for channel in child plugin hidden; do
        case $channel in
        child) runtime="$child --mutant $mutant" ;;
        plugin) runtime="$plugin --mutant $mutant" ;;
        hidden) runtime="$child --delivery hidden --mutant $mutant" ;;
        esac
        caught=1
        if ! grep -q "^$channel $mutant " listed && check --profile "$profile" --strict --runtime "$runtime" "${killing[@]}"; then
            caught=0
        else
            check --profile "$profile" --strict --runtime "$runtime" && caught=0
        fi
        settle "$channel" "$mutant" "$caught"
    done
done < <(one_in 4 <mutants)
list --variants >variants
[[ $(wc -l <variants) -ge 29 ]] || complain "there are $(wc -l <variants) variants"
while read -r variant profile _; do
    for runtime in "$child --mutant $variant" "$child --delivery hidden --mutant $variant"; do
        ! check --profile "$profile" --runtime "$runtime" || complain "$runtime is rejected"
    done
    ! check --in-process --profile "$profile" --runtime "$plugin --mutant $variant" || complain "plugin: $variant is rejected"
done < <(one_in 4 <variants)

# ---- of the wire ----
# serve_as MUTANT PROFILE ARGUMENT…: such a server is checked by its profile.
serve_as() {
    local caught=1
    start --mutant "$1" --profile "$2"
    check --profile "$2" --strict --runtime "tcp:127.0.0.1:$port" "${@:3}" && caught=0
    kill "$server"
    wait "$server"
    server=0
    return "$caught"
}
list --wire >mutants
[[ $(wc -l <mutants) -ge 48 ]] || complain "there are $(wc -l <mutants) mutants of the wire"
while read -r mutant profile ends; do
    caught=1
    patience_of_check=(--deadline 300)
    ! grep -q "^server $mutant " listed || patience_of_check=() # a slow machine is no finding
    # What core's rules leave to the server, those of C706 do not.
    if serve_as "$mutant" "$profile" "${patience_of_check[@]}" || { [[ $profile == core ]] && serve_as "$mutant" c706 "${patience_of_check[@]}"; }; then
        caught=0
    fi
    settle server "$mutant" "$caught"
    caught=1
    check --profile "$profile" --strict --deadline 30000 --runtime "$client --profile ${ends:-$profile} --mutant $mutant {port}" \
        wire-client/plain && caught=0
    settle client "$mutant" "$caught"
done < <(one_in 4 <mutants)
list --wire --variants >variants
[[ $(wc -l <variants) -ge 17 ]] || complain "there are $(wc -l <variants) variants of the wire"
while read -r variant profile _; do
    # Of those that both ends do together one end alone is no variant.
    if grep -q "^server-variant $variant " listed; then
        serve_as "$variant" "$profile" || complain "server: $variant is listed and not rejected"
        echo "server-variant $variant" >>listed.seen
    else
        ! serve_as "$variant" "$profile" || complain "server: $variant is rejected"
    fi
    ! check --profile "$profile" --deadline 30000 --runtime "$client --profile $profile --mutant $variant {port}" wire-client/plain ||
        complain "client: $variant is rejected"
done < <(one_in 4 <variants)

# Who is not there can not be asked for, and every line of the list is of something.
expect_of 3 'there is no mutant or variant of that name' "$rpcancel" check --runtime "$child --mutant yodel"
expect_of 3 'there is no mutant or variant of that name' "$rpcancel" check --runtime "$plugin --mutant yodel"
expect_of 2 'there is no mutant or variant of the wire "yodel"' "$rpcancel" serve --mutant yodel
[[ -z ${RPCANCEL_THOROUGH-} ]] || diff <(cut -d ' ' -f 1,2 listed | sort) <(sort -u listed.seen) >said || complain "lines of channel_survivors.txt that are of nothing"
for channel in "${!counts[@]}"; do echo "$channel: ${counts[$channel]} caught"; done

finish
