# SPDX-License-Identifier: Apache-2.0
# An installation can be moved anywhere: the programs carry their catalogue in themselves, and what helps to build against
# it (a CMake package, files for pkg-config) finds the rest from where it lies.
include(CMakePackageConfigHelpers)

install(TARGETS rpcancel rpcancel-child RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(DIRECTORY docs/ DESTINATION "${CMAKE_INSTALL_DOCDIR}/docs")
install(FILES README.md CHANGELOG.md LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# What programs load: the reference as a plugin, and what afl-fuzz mutates with (AFL_CUSTOM_MUTATOR_LIBRARY).
install(TARGETS rpcancel-reference LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/rpcancel")
if(TARGET rpcancel-mutator-afl)
    install(TARGETS rpcancel-mutator-afl LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/rpcancel")
endif()

# What others build with.
install(FILES harness/public/rpcancel/plugin.h fuzzers/public/rpcancel/fuzz.h
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/rpcancel")
install(TARGETS rpcancel_fuzz rpcancel_plugin EXPORT rpcancel
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/rpcancel")
install(EXPORT rpcancel NAMESPACE rpcancel:: DESTINATION "${package_folder}" FILE rpcancelConfig.cmake)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/rpcancelConfigVersion.cmake"
    COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/rpcancelConfigVersion.cmake" DESTINATION "${package_folder}")

set(pkgconfig_folder "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
    message(FATAL_ERROR "CMAKE_INSTALL_LIBDIR and CMAKE_INSTALL_INCLUDEDIR must be relative to the prefix")
endif()
file(RELATIVE_PATH pkgconfig_to_prefix "/${pkgconfig_folder}" "/")
foreach(name IN ITEMS rpcancel-plugin rpcancel-fuzz)
    configure_file("cmake/${name}.pc.in" "${name}.pc" @ONLY)
    install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${name}.pc" DESTINATION "${pkgconfig_folder}")
endforeach()
