# SPDX-License-Identifier: Apache-2.0
# What a builder may choose. CMakePresets.json holds the combinations that ci/test builds.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug or Release" FORCE)
endif()

option(RPCANCEL_WERROR "Treat warnings as errors" OFF)
option(RPCANCEL_COVERAGE "Record which source lines run (needs clang)" OFF)
option(RPCANCEL_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
set(RPCANCEL_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=: address,undefined or memory or thread")
set(RPCANCEL_FUZZ_ENGINE standalone CACHE STRING
    "What drives the fuzz targets: standalone (replays files, any compiler) or libfuzzer (needs clang)")
set_property(CACHE RPCANCEL_FUZZ_ENGINE PROPERTY STRINGS standalone libfuzzer)
if(NOT RPCANCEL_FUZZ_ENGINE MATCHES "^(standalone|libfuzzer)$")
    message(FATAL_ERROR "RPCANCEL_FUZZ_ENGINE is '${RPCANCEL_FUZZ_ENGINE}'; expected standalone or libfuzzer")
endif()
