#!/bin/bash -eu
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzz targets as OSS-Fuzz and ClusterFuzzLite ask for it. Compilers and flags are theirs, and only theirs:
#   CC CXX CFLAGS CXXFLAGS LIB_FUZZING_ENGINE   what to compile and link with
#   SRC WORK OUT                                where the checkout is ($SRC/rpcancel), where to build, where the results go
#   SANITIZER FUZZING_ENGINE                    say what that amounts to; nothing depends on them
# Each target comes with its seed corpus, its dictionary and its options. ci/oss-fuzz runs this without a container.
set -o pipefail

source=$SRC/rpcancel
build=$WORK/rpcancel
targets=(fuzz_sequence fuzz_plugin) # both take sequences in binary form
# These octets of the wire: streams of fragments, or packets and datagrams.
stream_targets=(fuzz_pdu fuzz_association_server fuzz_association_client fuzz_capture fuzz_datagram)

cmake -S "$source" -B "$build" -G Ninja -DRPCANCEL_FUZZ_ENGINE=external -DRPCANCEL_BUILD_TESTS=OFF
cmake --build "$build" --target "${targets[@]}" "${stream_targets[@]}" rpcancel rpcancel-dictionary rpcancel-stream-dictionary

# The catalogue in binary form, and what the project keeps as a corpus; file names are content hashes.
seeds=$WORK/seeds
rm -rf "$seeds"
"$build/rpcancel" convert "$source"/corpus/{rules,races,bugs,fuzz_sequence} "$seeds/"

for target in "${targets[@]}"; do
    rm -f "$OUT/${target}_seed_corpus.zip"
    (cd "$seeds" && find . -type f | sort | zip -q -X -@ "$OUT/${target}_seed_corpus.zip")
    "$build/rpcancel-dictionary" >"$OUT/$target.dict"
    cp "$source/.clusterfuzzlite/target.options" "$OUT/$target.options"
    cp "$build/$target" "$OUT/"
done

for target in "${stream_targets[@]}"; do
    rm -f "$OUT/${target}_seed_corpus.zip"
    find "$source/corpus/$target" -type f | sort | zip -q -X -j -@ "$OUT/${target}_seed_corpus.zip"
    "$build/rpcancel-stream-dictionary" >"$OUT/$target.dict"
    sed 's/^max_len = .*/max_len = 4096/' "$source/.clusterfuzzlite/target.options" >"$OUT/$target.options"
    cp "$build/$target" "$OUT/"
done
