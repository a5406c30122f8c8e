#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What docs/plugin.md promises to somebody with a runtime of his own, from nothing but an installation: the example builds
# outside the source tree, with find_package and with pkg-config, finds what is wrong with it, and nothing else.
#
# RPCANCEL_PREFIX: where rpcancel is installed. Without it the build folder TEST_BUILD_DIRECTORY is installed, and the
# installation moved. CC: clang with libFuzzer (default clang-19, or clang). AFL++ is tried where it is.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

# expect CODE COMMAND…: runs it; its output is kept for `says`.
expect() {
    local code=$1 got
    shift
    { timeout 200 "$@" >"$work/said" 2>&1 </dev/null; } 2>/dev/null
    got=$?
    ((got == code)) || complain "$*: exit code $got, expected $code"
}

# ---- the installation ----
if [[ -z ${RPCANCEL_PREFIX-} ]]; then
    holds cmake --install "$TEST_BUILD_DIRECTORY" --prefix "$work/first"
    mv "$work/first" "$work/moved"
    RPCANCEL_PREFIX=$work/moved
    # Debug information, which nobody installs, names the sources.
    if ! grep -q '^CMAKE_BUILD_TYPE:.*=Debug$' "$TEST_BUILD_DIRECTORY/CMakeCache.txt"; then
        found=$(grep -rlF -e "$TEST_SOURCE_DIRECTORY" -e "$work/first" "$RPCANCEL_PREFIX")
        [[ -z $found ]] || complain "absolute paths are in: $found"
    fi
fi
rpcancel=$RPCANCEL_PREFIX/bin/rpcancel
expect 0 "$rpcancel" check --runtime "plugin:$RPCANCEL_PREFIX/lib/rpcancel/rpcancel-reference.so"
says '^conformant$'
PKG_CONFIG_PATH=$(dirname "$(find "$RPCANCEL_PREFIX" -name rpcancel-fuzz.pc)")
export PKG_CONFIG_PATH
[[ $("$rpcancel" --version) == "rpcancel $(pkg-config --modversion rpcancel-plugin)" ]] ||
    complain "the version of the program is not that of the package"

if [[ -z ${CC-} ]]; then
    CC=$(command -v clang-19 || command -v clang) || complain "there is no clang"
fi
symbolizer=$(command -v llvm-symbolizer-19 || command -v llvm-symbolizer) || complain "there is no llvm-symbolizer"
export ASAN_SYMBOLIZER_PATH=$symbolizer

# ---- the headers: C99 and C++, without anything else ----
printf '#include <rpcancel/fuzz.h>\n#include <rpcancel/plugin.h>\n' >"$work/header.c"
read -ra flags < <(pkg-config --cflags rpcancel-fuzz)
holds "$CC" -std=c99 -pedantic -Wall -Wextra -Werror "${flags[@]}" -fsyntax-only "$work/header.c"
holds "$CC" -x c++ -std=c++98 -pedantic -Wall -Wextra -Werror "${flags[@]}" -fsyntax-only "$work/header.c"

# ---- the example ----
example=$(find "$RPCANCEL_PREFIX" -type d -name fuzz-my-runtime)
[[ -d $example ]] || complain "the installation has no example"
(($(wc -l <"$example/fuzz_my_runtime.c") < 30)) || complain "the fuzz target has 30 lines or more"

# copy NAME: a fresh copy of the example to work in.
copy() {
    mkdir "$work/$1"
    cp "$example"/* "$work/$1"
    cd "$work/$1" || exit 1
}

# fuzz TARGET RUNS: fuzzes from nothing, at most RUNS inputs.
fuzz() {
    local code=$1 target=$2 runs=$3
    rm -f crash-*
    expect "$code" "$target" -seed=1 -runs="$runs" -max_len=256 -rss_limit_mb=4096
}

# finds_the_rule TARGET PLUGIN: the planted bug by name, on the stack, and once more outside of the engine.
finds_the_rule() {
    fuzz 77 "$1" 1000000
    says '^VIOLATED RpcAsyncCancelCall/6 \(implied\): '
    says '^  cancel a abort |^  cancel [b-d] abort '
    says '^got:  258 WAIT_TIMEOUT$'
    says '^ *#[0-9]+ .* in violated_RpcAsyncCancelCall_6 '
    says 'found LLVMFuzzerCustomMutator'
    expect 1 "$rpcancel" replay --runtime "plugin:$2" crash-*
    says '^FAIL crash-'
    says 'breaks RpcAsyncCancelCall/6: want 0 RPC_S_OK$'
    expect 1 "$rpcancel" replay --in-process --runtime "plugin:$2" crash-*
    says 'breaks RpcAsyncCancelCall/6: want 0 RPC_S_OK$'
}

# with find_package
copy cmake
holds env CC="$CC" cmake -B build -DCMAKE_PREFIX_PATH="$RPCANCEL_PREFIX"
holds cmake --build build
finds_the_rule build/fuzz_my_runtime ./build/my_runtime.so

# with pkg-config
copy make
holds make CC="$CC"
finds_the_rule ./fuzz_my_runtime ./my_runtime.so
found=("$work"/make/crash-*)

# another bug, which a sanitizer names
copy memory
holds make CC="$CC" PLANTED_BUG=2
fuzz 1 ./fuzz_my_runtime 1000000
says '^==[0-9]+==ERROR: AddressSanitizer: (heap-use-after-free|attempting double-free) '
says 'my_runtime.c:[0-9]+'

# none at all
copy healthy
holds make CC="$CC" PLANTED_BUG=0
fuzz 0 ./fuzz_my_runtime 50000
says '^Done 50000 runs '
says '^operations: [1-9][0-9]{5,}$'
expect 0 ./fuzz_my_runtime "${found[@]}"
"$rpcancel" replay --trace --runtime plugin:./my_runtime.so "${found[@]}" >"$work/said" 2>&1
says '^ +await [a-d] '
! grep -q breaks "$work/said" || complain "the healthy runtime is said to break a rule"

# ---- AFL++ ----
if command -v afl-clang-fast >/dev/null && command -v afl-fuzz >/dev/null; then
    copy afl
    holds env AFL_QUIET=1 make CC=afl-clang-fast
    expect 134 ./fuzz_my_runtime "${found[0]}"
    says '^VIOLATED RpcAsyncCancelCall/6 \(implied\): '
    # The same code of the runtime, but in another situation of the call: AFL++ sees the difference.
    printf '\20\0\25\0' >status_of_a
    printf '\20\0\25\1' >status_of_b
    for input in status_of_a status_of_b; do
        holds afl-showmap -q -o "$input.map" -- ./fuzz_my_runtime "$input"
    done
    ! cmp -s status_of_a.map status_of_b.map || complain "AFL++ does not see which situation an input is in"
    mkdir in
    printf '\20\0' >in/seed
    export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_FAST_CAL=1
    export AFL_BENCH_UNTIL_CRASH=1
    expect 0 afl-fuzz -i in -o out -s 1 -E 20000 -- ./fuzz_my_runtime
    kept=$(sed -n 's/^corpus_count *: //p' out/default/fuzzer_stats)
    ((kept > 5)) || complain "AFL++ kept $kept inputs; does it see the runtime?"
fi

finish
