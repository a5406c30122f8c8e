// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CATALOGUE_H
#define RPCANCEL_CATALOGUE_H
/*
 * The catalogue: the sequences of corpus/rules, corpus/races, corpus/bugs, corpus/wire, corpus/wire-client and
 * corpus/survey as they were when the program was built, carried inside it so that an installed program needs no data
 * files. cmake/Catalogue.cmake writes the C file.
 *
 * Everything here is constant and lives as long as the program.
 */
#include <stddef.h>

struct rpcancel_catalogue_entry {
    const char *name; /* path of the file below corpus/, such as "rules/RpcServerTestCancel/3.seq" */
    const char *text; /* its bytes, followed by a zero byte that |length| does not count */
    size_t length;    /* in bytes */
};

/* Sorted by name, in byte order. */
extern const struct rpcancel_catalogue_entry rpcancel_catalogue[];
extern const size_t rpcancel_catalogue_count;

/* corpus/wire, likewise: for servers under test. */
extern const struct rpcancel_catalogue_entry rpcancel_wire_catalogue[];
extern const size_t rpcancel_wire_catalogue_count;

/* corpus/wire-client: for clients under test. */
extern const struct rpcancel_catalogue_entry rpcancel_client_catalogue[];
extern const size_t rpcancel_client_catalogue_count;

/* corpus/survey: questions (survey/question.h), for implementations of the API and for servers. */
extern const struct rpcancel_catalogue_entry rpcancel_survey_catalogue[];
extern const size_t rpcancel_survey_catalogue_count;

/* Names all but those in reports: 16 hexadecimal digits that change with any name or byte of it. */
extern const char rpcancel_catalogue_id[];

#endif
