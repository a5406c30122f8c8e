#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Tests that rpcancel writes: they compile without a warning, pass on the reference, and fail on the defect that the
# sequence shows. cmocka tests of the whole corpus, and of what every mutant's defect, or that of every fourth, shrinks to in both styles.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

rpcancel=$TEST_BUILD_DIRECTORY/rpcancel
corpus=$TEST_SOURCE_DIRECTORY/corpus
read -ra compiler <<<"$TEST_COMPILER"
flags=(-std=c17 -Wall -Wextra -Werror "-I$TEST_SOURCE_DIRECTORY/src")
link=("-L$TEST_BUILD_DIRECTORY/tests" -lfacade_with_mutants -lcmocka "-Wl,-rpath,$TEST_BUILD_DIRECTORY/tests")
build() {
    "${compiler[@]}" "${flags[@]}" "$1" "${link[@]}" -o "$2" 2>log || { complain "$1 does not compile" && head -n 5 log; }
}

# ---- the corpus passes on the reference ----
# A third for each profile: the sequences differ in what they ask, the profiles in what they demand.
# One program of several at once: each export has a main of its own, which becomes a function.
programs=()
for profile in documented documented-98 windows; do
    while IFS= read -r sequence; do
        number=${#programs[@]}
        "$rpcancel" convert --to cmocka --profile "$profile" "$sequence" "test$number.c" || complain "$sequence is not exported"
        programs+=("$sequence ($profile)")
    done < <(find "$corpus"/{rules,races,bugs} -name '*.seq' | sort | awk -v profile="$profile" \
        'NR % 3 == (profile == "documented" ? 0 : profile == "windows" ? 1 : 2)')
done
{
    for number in "${!programs[@]}"; do echo "int main$number(void);"; done
    echo 'int (*const mains[])(void) = {'
    for number in "${!programs[@]}"; do echo "    main$number,"; done
    echo '};'
    # shellcheck disable=SC2028 # the backslash is C's
    echo '#include <stdio.h>
int main(void)
{
    int failed = 0;
    for (unsigned i = 0; i < sizeof mains / sizeof mains[0]; i++) {
        if (mains[i]() != 0 && ++failed)
            printf("program %u fails\n", i);
    }
    return failed != 0;
}'
} >all.c
seq 0 $((${#programs[@]} - 1)) | xargs -P "$(nproc)" -I{} "${compiler[@]}" "${flags[@]}" -Dmain=main{} -c test{}.c -o test{}.o \
    2>compile.log || complain "an export does not compile"
[[ ! -s compile.log ]] || { complain "warnings" && head -n 10 compile.log; }
"${compiler[@]}" "${flags[@]}" all.c test*.o "${link[@]}" -o all 2>log || { complain "the exports do not link" && head -n 5 log; }
./all >said 2>&1 || complain "exported tests fail on the reference: $(grep -c fails said)"
ran=$(grep -c '^\[==========\] Running' said)
((ran == ${#programs[@]} && ran > 200)) || complain "$ran tests ran, of ${#programs[@]}"
# A demand that holds by itself would be none: most tests have several.
demands=$(cat test*.c | grep -c 'assert_')
((demands > 5 * ran)) || complain "only $demands demands in $ran tests"

# ---- what a mutant shows: fails on it, passes on the reference ----
mkdir wine
cat >wine/test.h <<'END'
#include <stdio.h>
#include <string.h>
static int failures, todos, unexpected;
static int todo_level;
static void ok_(int condition, const char *text)
{
    if (todo_level && condition) { unexpected++; printf("todo succeeded: %s\n", text); }
    else if (todo_level) todos++;
    else if (!condition) { failures++; printf("failed: %s\n", text); }
}
#define ok(condition, ...) ok_(!!(condition), #condition)
#define todo_wine for (todo_level = 1; todo_level; todo_level = 0)
END
while read -r mutant; do
    profile=$("$rpcancel" mutants --list | awk -v name="$mutant" '$1 == name {print $(NF - 1) == "Profile" ? $NF : "documented"}')
    slice=$("$rpcancel" mutants --list | awk -v name="$mutant" '$1 == name {print $(NF - 1) == "Slice" ? $NF : "core"}')
    "$rpcancel" random --slice "$slice" --seconds 100 --runs 200000 --mutant "$mutant" --profile "$profile" --out "$mutant.seq" >random.log ||
        true # 1: found
    if [[ ! -s $mutant.seq ]]; then # what chance seldom comes to, the corpus has
        "$rpcancel" check --strict --mutant "$mutant" --profile "$profile" --json check.json >check.log || true
        jq -r 'first(.rules[] | select(.verdict == "FAIL") | .sequence)' check.json >"$mutant.seq"
    fi
    [[ -s $mutant.seq ]] || { complain "neither random nor the corpus finds $mutant" && continue; }
    rm -rf found
    "$rpcancel" findings --mutant "$mutant" --profile "$profile" --out found "$mutant.seq" >findings.log
    (($? == 1)) || { complain "findings of $mutant" && cat findings.log && continue; }
    folder=$(echo found/*)
    grep -q 'do not show it' "$folder/finding.txt" && complain "$mutant: the test does not show it"
    build "$folder/test.c" cmocka
    ./cmocka >said 2>&1 || { complain "$mutant: the test fails on the reference" && cat said; }
    if RPCANCEL_MUTANT=$mutant ./cmocka >said 2>&1; then complain "$mutant: the test passes on the mutant"; fi

    grep -q todo_wine "$folder/wine_test.c" || complain "$mutant: nothing is marked todo_wine"
    name=$(sed -n 's/^static void \(test_[A-Za-z0-9_]*\)(void)$/\1/p' "$folder/wine_test.c")
    { printf '#include "facade/scenario.h"\n#include "wine/test.h"\n' && cat "$folder/wine_test.c" &&
        printf 'int main(void)\n{\n    %s();\n    printf("%%d %%d %%d\\n", failures, todos, unexpected);\n    return 0;\n}\n' "$name"; } >wine.c
    flags+=(-I.) && build wine.c wine_test && unset 'flags[-1]'
    healthy=$(./wine_test | tail -n 1)
    defective=$(RPCANCEL_MUTANT=$mutant ./wine_test | tail -n 1)
    [[ $healthy == "0 0 1" ]] || complain "$mutant: Wine's test says \"$healthy\" of the reference (failures, todos, todos that succeed)"
    [[ $defective == *" 1 0" || $defective != "0 "* ]] || complain "$mutant: Wine's test says \"$defective\" of the mutant"
done < <("$rpcancel" mutants --list | awk '{print $1}' | one_in 4)

finish
