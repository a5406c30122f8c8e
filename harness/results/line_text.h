// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_LINE_TEXT_H
#define RPCANCEL_LINE_TEXT_H
/* Texts of results, which others may have written, on their way to a terminal or into Markdown. */
#include <stdio.h>

/* rpcancel_line_text writes |text| in one line: each control character (runtime/clean_text.h) becomes a blank. */
void rpcancel_line_text(const char *text, FILE *out);

/* rpcancel_markdown_text does so for a line of Markdown, a table's cell among them: what means something there stands
 * for itself. */
void rpcancel_markdown_text(const char *text, FILE *out);

/* rpcancel_markdown_code writes it as code; it must not be empty. Backquotes become quotes, and a | is escaped, as in
 * tables it must be. */
void rpcancel_markdown_code(const char *text, FILE *out);

#endif
