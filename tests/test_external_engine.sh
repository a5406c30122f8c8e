#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# RPCANCEL_FUZZ_ENGINE=external: flags and engine come from outside, nothing is added, the C++ compiler links.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

# configure FOLDER [OPTION…]
configure() {
    local folder=$1
    shift
    cmake -S "$TEST_SOURCE_DIRECTORY" -B "$folder" -G Ninja -D RPCANCEL_FUZZ_ENGINE=external -D RPCANCEL_BUILD_TESTS=OFF "$@" >said 2>&1
}

export CC=gcc CXX=g++ CFLAGS="-O0 -DFROM_CFLAGS" CXXFLAGS="-O0 -DFROM_CXXFLAGS"
unset LIB_FUZZING_ENGINE LDFLAGS

# ---- what is refused ----
configure refused && complain "it can be configured without an engine"
grep -q 'needs LIB_FUZZING_ENGINE' said || complain "it does not say that LIB_FUZZING_ENGINE is missing"
export LIB_FUZZING_ENGINE="$work/engine.a -DFROM_ENGINE"
configure refused -D RPCANCEL_SANITIZE=address && complain "it adds sanitizers of its own"
grep -q 'takes its sanitizers from CFLAGS' said || complain "it does not say where sanitizers come from"

# ---- an engine in C++ that runs files ----
cat >engine.cc <<'END'
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
extern "C" int LLVMFuzzerInitialize(int *argc, char ***argv);

int main(int argc, char **argv)
{
    LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++) {
        std::ifstream file(argv[i], std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size());
    }
    std::cout << "ran " << argc - 1 << std::endl;
}
END
{ g++ -c engine.cc -o engine.o && ar rc engine.a engine.o; } >said 2>&1 || complain "the engine cannot be built"
configure build || complain "it cannot be configured"
cmake --build build --target fuzz_sequence --parallel 2 >said 2>&1 || complain "it cannot be built"

printf '%s\n' 'init a' 'call a' 'cancel a' 'cancel a abort' 'settle' 'await a' >escalation.seq
"$TEST_BUILD_DIRECTORY/rpcancel" convert escalation.seq escalation.bin >said 2>&1 || complain "the input cannot be converted"
build/fuzz_sequence escalation.bin >said 2>&1 || complain "the target ended with $?"
grep -q '^ran 1$' said || complain "the engine is not the one from outside"
{ RPCANCEL_MUTANT=escalation-ignored build/fuzz_sequence escalation.bin >said 2>&1; } 2>/dev/null && complain "the target does not crash"
grep -q '^VIOLATED RpcAsyncCancelCall/6 ' said || complain "the rule is not named"
nm build/fuzz_sequence >said
grep -q rpcancel_feedback_take_edge said || complain "the target has no edges for situations"
ldd build/fuzz_sequence >said
grep -q cjson said && complain "the target needs cJSON where it runs"

# ---- flags ----
jq -r '.[] | select(.file | endswith("/fuzz_sequence.c")) | .command' build/compile_commands.json | tr ' ' '\n' >flags
for flag in -O0 -DFROM_CFLAGS; do
    grep -qx -- "$flag" flags || complain "CFLAGS: $flag is missing"
done
added=$(grep -E '^-(O|f|m|g)' flags | grep -vxE -- '-O0|-fvisibility=hidden')
[[ -z $added ]] || complain "flags were added: $added"
grep -q 'FLAGS = .*FROM_CXXFLAGS' build/build.ninja || complain "CXXFLAGS do not link"

finish
