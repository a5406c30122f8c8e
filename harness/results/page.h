// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PAGE_H
#define RPCANCEL_PAGE_H
/* Results of many runtimes side by side: a page in Markdown, and a few lines for a terminal. Both say nothing but what
 * the results hold, so that the same results make the same page. */
#include <stdio.h>

#include "results/deviations.h"

struct rpcancel_page {
    const struct rpcancel_columns *columns;
    const struct rpcancel_deviations *deviations;
    const char *title;
    const char *note;     /* Markdown below the title; NULL: none */
    const char *root;     /* paths below this folder are written without it; NULL: none is */
    const char *captures; /* folder with RESULT/RULE.pcapng of deviations; NULL: there is none */
};

/* rpcancel_page_markdown writes the page. */
void rpcancel_page_markdown(const struct rpcancel_page *page, FILE *out);

/* rpcancel_page_terminal writes a line a runtime, and as the last one
 * `compare: N results, N surveys, N runtimes; N deviations`. */
void rpcancel_page_terminal(const struct rpcancel_page *page, FILE *out);

/* ---- its parts ---- */

void rpcancel_page_matrices(const struct rpcancel_page *page, FILE *out);
void rpcancel_page_deviations(const struct rpcancel_page *page, FILE *out);
void rpcancel_page_gaps(const struct rpcancel_page *page, FILE *out);
void rpcancel_page_surveys(const struct rpcancel_page *page, FILE *out);

/* rpcancel_page_path has |write| write |text|, without the root in its paths. */
void rpcancel_page_path(const struct rpcancel_page *page, const char *text, void (*write)(const char *text, FILE *out),
                        FILE *out);

/* rpcancel_page_subject returns what kind of runtimes is tested as |subject|: "the API" and so on. */
const char *rpcancel_page_subject(enum rpcancel_test_subject subject);

#endif
