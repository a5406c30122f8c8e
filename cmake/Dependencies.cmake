# SPDX-License-Identifier: Apache-2.0
# Libraries from the distribution, as imported targets. ci/install-dependencies installs them on Debian.

function(rpcancel_find_library name header library package)
    find_path(${name}_INCLUDE_DIRECTORY ${header})
    find_library(${name}_LIBRARY ${library})
    if(NOT ${name}_INCLUDE_DIRECTORY OR NOT ${name}_LIBRARY)
        message(FATAL_ERROR "${header} or lib${library} not found: install ${package}, or run ci/install-dependencies")
    endif()
    add_library(rpcancel_${name} INTERFACE)
    target_include_directories(rpcancel_${name} SYSTEM INTERFACE "${${name}_INCLUDE_DIRECTORY}")
    target_link_libraries(rpcancel_${name} INTERFACE "${${name}_LIBRARY}")
endfunction()

rpcancel_find_library(cjson cjson/cJSON.h cjson libcjson-dev)
rpcancel_find_library(md sha2.h md libmd-dev)
rpcancel_find_library(pcap pcap/pcap.h pcap libpcap-dev)
if(RPCANCEL_BUILD_TESTS AND RPCANCEL_FUZZ_ENGINE STREQUAL "standalone")
    rpcancel_find_library(cmocka cmocka.h cmocka libcmocka-dev)
endif()
