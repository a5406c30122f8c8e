# SPDX-License-Identifier: Apache-2.0
# Puts the sequences of corpus/rules, corpus/races, corpus/bugs, corpus/wire, corpus/wire-client and corpus/survey into the program;
# harness/engine/catalogue.h declares what comes out. Included by harness/CMakeLists.txt; run by itself (cmake -P) it writes the C file.

function(rpcancel_embed_catalogue result)
    set(corpus "${PROJECT_SOURCE_DIR}/corpus")
    file(GLOB_RECURSE sequences CONFIGURE_DEPENDS RELATIVE "${corpus}"
        "${corpus}/rules/*.seq" "${corpus}/races/*.seq" "${corpus}/bugs/*.seq" "${corpus}/wire/*.seq" "${corpus}/wire-client/*.seq"
        "${corpus}/survey/*.seq")
    list(SORT sequences)
    set(list_file "${CMAKE_CURRENT_BINARY_DIR}/catalogue.list")
    # Rewritten only when a sequence came or went, so that the C file is made anew then and not at every configuration.
    file(CONFIGURE OUTPUT "${list_file}" CONTENT "${sequences}")
    set(output "${CMAKE_CURRENT_BINARY_DIR}/catalogue.c")
    list(TRANSFORM sequences PREPEND "${corpus}/" OUTPUT_VARIABLE sequence_files)
    add_custom_command(OUTPUT "${output}"
        COMMAND "${CMAKE_COMMAND}" "-DCORPUS=${corpus}" "-DLIST=${list_file}" "-DOUTPUT=${output}"
            -P "${PROJECT_SOURCE_DIR}/cmake/Catalogue.cmake"
        DEPENDS "${list_file}" "${PROJECT_SOURCE_DIR}/cmake/Catalogue.cmake" ${sequence_files}
        COMMENT "Embedding the catalogue of sequences"
        VERBATIM)
    set(${result} "${output}" PARENT_SCOPE)
endfunction()

function(write_catalogue)
    file(READ "${LIST}" sequences)
    foreach(array IN ITEMS catalogue wire_catalogue client_catalogue survey_catalogue)
        set(${array} "")
        set(${array}_count 0)
    endforeach()
    foreach(sequence IN LISTS sequences)
        file(SIZE "${CORPUS}/${sequence}" length)
        file(READ "${CORPUS}/${sequence}" bytes HEX)
        string(REGEX REPLACE "(..)" "\\\\x\\1" text "${bytes}")
        set(entry "    {\"${sequence}\",\n     \"${text}\", ${length}},\n")
        set(array catalogue)
        if(sequence MATCHES "^wire/")
            set(array wire_catalogue)
        elseif(sequence MATCHES "^wire-client/")
            set(array client_catalogue)
        elseif(sequence MATCHES "^survey/")
            set(array survey_catalogue)
        endif()
        string(APPEND ${array} "${entry}")
        math(EXPR ${array}_count "${${array}_count} + 1")
    endforeach()
    string(SHA256 digest "${catalogue}${wire_catalogue}${client_catalogue}")
    string(SUBSTRING "${digest}" 0 16 id)
    # The closing entry keeps the array legal C while there are no sequences; the count leaves it out.
    file(WRITE "${OUTPUT}.new" "\
/* Written by cmake/Catalogue.cmake from corpus/. */
#include \"engine/catalogue.h\"

const struct rpcancel_catalogue_entry rpcancel_catalogue[] = {
${catalogue}    {0}};

const struct rpcancel_catalogue_entry rpcancel_wire_catalogue[] = {
${wire_catalogue}    {0}};

const struct rpcancel_catalogue_entry rpcancel_client_catalogue[] = {
${client_catalogue}    {0}};

const struct rpcancel_catalogue_entry rpcancel_survey_catalogue[] = {
${survey_catalogue}    {0}};

const size_t rpcancel_catalogue_count = ${catalogue_count};
const size_t rpcancel_wire_catalogue_count = ${wire_catalogue_count};
const size_t rpcancel_client_catalogue_count = ${client_catalogue_count};
const size_t rpcancel_survey_catalogue_count = ${survey_catalogue_count};
const char rpcancel_catalogue_id[] = \"${id}\";
")
    file(RENAME "${OUTPUT}.new" "${OUTPUT}")
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
    write_catalogue()
endif()
