// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_JSON_PRINT_H
#define RPCANCEL_JSON_PRINT_H
/*
 * Printing JSON without losing parts of it (the library leaves out what it has no memory for, silently) and without
 * spoiling it (the library writes whatever bytes a text has). Not for several threads at once.
 */
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>

/* rpcancel_json_begin must be called before the first object of a document is made. */
void rpcancel_json_begin(void);

/* rpcancel_json_root begins a document of the project's own: an object that says which tool wrote it, and its version.
 * For rpcancel_json_print. */
cJSON *rpcancel_json_root(void);

/* rpcancel_json_add_text adds |text| to |object| as its member |name|, with what is no UTF-8 replaced. */
void rpcancel_json_add_text(cJSON *object, const char *name, const char *text);

/* rpcancel_json_add_runtime adds to |object| as its member "runtime" which one it was: |how| --runtime has it, and what
 * it calls itself, "" where it does not say. */
void rpcancel_json_add_runtime(cJSON *object, const char *how, const char *name, const char *version);

/* rpcancel_json_exhausted says that there was no memory for a part of the document. */
void rpcancel_json_exhausted(void);

/* rpcancel_json_was_exhausted tells whether it was so since rpcancel_json_begin; for documents that are written in
 * parts. */
bool rpcancel_json_was_exhausted(void);

/* rpcancel_json_print writes |root| and a newline to |out| and deletes |root|; false when memory was exhausted at any
 * time since rpcancel_json_begin, and then nothing is written. */
bool rpcancel_json_print(cJSON *root, FILE *out);

#endif
