# SPDX-License-Identifier: Apache-2.0
# What a builder may choose. CMakePresets.json holds the combinations that ci/test builds.

option(RPCANCEL_WERROR "Treat warnings as errors" OFF)
option(RPCANCEL_COVERAGE "Record which source lines run (needs clang)" OFF)
option(RPCANCEL_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
set(RPCANCEL_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=: address,undefined or memory or thread")
set(RPCANCEL_FUZZ_ENGINE standalone CACHE STRING
    "What drives the fuzz targets: standalone (replays files, any compiler), libfuzzer (needs clang), afl (needs afl-clang-fast) or external")
set_property(CACHE RPCANCEL_FUZZ_ENGINE PROPERTY STRINGS standalone libfuzzer afl external)
if(NOT RPCANCEL_FUZZ_ENGINE MATCHES "^(standalone|libfuzzer|afl|external)$")
    message(FATAL_ERROR
        "RPCANCEL_FUZZ_ENGINE is '${RPCANCEL_FUZZ_ENGINE}'; expected standalone, libfuzzer, afl or external")
endif()

# external: the engine and all flags come from outside, as OSS-Fuzz and ClusterFuzzLite hand them over in CC, CXX, CFLAGS,
# CXXFLAGS and LIB_FUZZING_ENGINE. Nothing is added to them: no optimisation, no sanitizer, no link-time optimisation.
if(RPCANCEL_FUZZ_ENGINE STREQUAL "external")
    set(LIB_FUZZING_ENGINE "$ENV{LIB_FUZZING_ENGINE}" CACHE STRING "external: what links the engine in")
    if(NOT LIB_FUZZING_ENGINE)
        message(FATAL_ERROR "RPCANCEL_FUZZ_ENGINE=external needs LIB_FUZZING_ENGINE, a library or a flag that links the "
            "engine in, in the environment or with -DLIB_FUZZING_ENGINE=…")
    endif()
    if(RPCANCEL_SANITIZE)
        message(FATAL_ERROR "RPCANCEL_FUZZ_ENGINE=external takes its sanitizers from CFLAGS and CXXFLAGS; "
            "RPCANCEL_SANITIZE must be empty")
    endif()
    enable_language(CXX) # engines are written in it: its driver links the targets
elseif(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug or Release" FORCE)
endif()
