# SPDX-License-Identifier: Apache-2.0
# The programs carry their catalogue in themselves, so an installation can be moved anywhere.

install(TARGETS rpcancel rpcancel-child RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(DIRECTORY docs/ DESTINATION "${CMAKE_INSTALL_DOCDIR}/docs")
install(FILES README.md CHANGELOG.md LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
