# SPDX-License-Identifier: Apache-2.0
# How every target of the project is compiled. Targets take it by linking rpcancel_build_flags, or rpcancel_warnings when
# they must not have sanitizers.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")

# Assertions guard the harness's own reasoning: a verdict must never come from a run in which one would have failed.
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")

# The search and the judge are many small functions in files of their own; inlined across files they are a fifth faster.
# Not with sanitizers: clang 19 and GNU ld cannot link such objects. Not with unit tests, whose many programs take minutes
# to link that way and seconds to run.
set(unit_tests OFF)
if(RPCANCEL_BUILD_TESTS AND RPCANCEL_FUZZ_ENGINE STREQUAL "standalone")
    set(unit_tests ON)
endif()
if(NOT RPCANCEL_SANITIZE AND NOT unit_tests AND NOT RPCANCEL_FUZZ_ENGINE STREQUAL "external")
    include(CheckIPOSupported)
    check_ipo_supported(RESULT RPCANCEL_HAS_IPO OUTPUT RPCANCEL_IPO_OUTPUT LANGUAGES C)
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION_RELEASE ${RPCANCEL_HAS_IPO})
endif()

add_library(rpcancel_warnings INTERFACE)
target_compile_options(rpcancel_warnings INTERFACE
    -Wall -Wextra -Wshadow -Wconversion
    $<$<BOOL:${RPCANCEL_WERROR}>:-Werror>)
add_library(rpcancel_build_flags INTERFACE)
target_link_libraries(rpcancel_build_flags INTERFACE rpcancel_warnings)

# Assertions name files; where they were compiled is nobody's business.
if(NOT RPCANCEL_FUZZ_ENGINE STREQUAL "external")
    target_compile_options(rpcancel_warnings INTERFACE "-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=")
endif()

if(RPCANCEL_SANITIZE)
    target_compile_options(rpcancel_build_flags INTERFACE
        -fsanitize=${RPCANCEL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(rpcancel_build_flags INTERFACE -fsanitize=${RPCANCEL_SANITIZE})
endif()

# afl-clang-fast instruments what it compiles. Here only targets with the property RPCANCEL_IS_INSTRUMENTED are to be.
if(RPCANCEL_FUZZ_ENGINE STREQUAL "afl")
    if(NOT CMAKE_C_COMPILER MATCHES "/afl-clang-[a-z]+$")
        message(FATAL_ERROR "RPCANCEL_FUZZ_ENGINE=afl needs AFL++'s compiler: set CC=afl-clang-fast (the presets do)")
    endif()
    add_compile_options($<$<NOT:$<BOOL:$<TARGET_PROPERTY:RPCANCEL_IS_INSTRUMENTED>>>:--afl-noopt>)
endif()

if(RPCANCEL_COVERAGE OR RPCANCEL_FUZZ_ENGINE STREQUAL "libfuzzer")
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "coverage and libFuzzer need clang: set CC=clang-19 (the presets do)")
    endif()
endif()
if(RPCANCEL_COVERAGE)
    # What runs by hand does not leave its record in the folder that it is run in.
    set(profile_option "-fprofile-instr-generate=${PROJECT_BINARY_DIR}/profiles/%4m.profraw")
    target_compile_options(rpcancel_build_flags INTERFACE ${profile_option} -fcoverage-mapping)
    target_link_options(rpcancel_build_flags INTERFACE ${profile_option})
endif()

# For what others link or load: position independent, and without link-time optimisation, whose objects only the same
# compiler can link. The property of a configuration comes before the general one.
function(rpcancel_properties_for_others target)
    set_target_properties(${target} PROPERTIES
        POSITION_INDEPENDENT_CODE ON INTERPROCEDURAL_OPTIMIZATION OFF INTERPROCEDURAL_OPTIMIZATION_RELEASE OFF)
endfunction()

# How a shared object that is loaded at run time is built and where it is: build/PRESET/NAME.so.
function(rpcancel_plugin_properties target)
    rpcancel_properties_for_others(${target})
    set_target_properties(${target} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")
    if(NOT RPCANCEL_SANITIZE)
        # What it lacks is noticed here. Sanitizers leave their own functions to whoever loads it.
        target_link_options(${target} PRIVATE LINKER:-z,defs)
    endif()
endfunction()
