# SPDX-License-Identifier: Apache-2.0
# The programs carry their catalogue in themselves, so an installation can be moved anywhere.

install(TARGETS rpcancel rpcancel-child RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
# For whoever fuzzes with AFL++: AFL_CUSTOM_MUTATOR_LIBRARY.
if(TARGET rpcancel-mutator-afl)
    install(TARGETS rpcancel-mutator-afl LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
endif()
install(DIRECTORY docs/ DESTINATION "${CMAKE_INSTALL_DOCDIR}/docs")
install(FILES README.md CHANGELOG.md LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
