// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DOCTOR_CHILD_LINES_H
#define RPCANCEL_DOCTOR_CHILD_LINES_H
/*
 * Children, line by line: what the runtime interface takes for granted is looked at here, such as flushing. The
 * dialogue (child_lines.c) and what is said of it (judge_lines.c, no I/O) are apart.
 */
#include "doctor/doctor.h"

enum { RPCANCEL_LINE_KEPT_MAX = 128, RPCANCEL_SPOKEN_MAX = 4 };

/* What became of a line that was written to the child. */
enum rpcancel_spoken_end {
    RPCANCEL_SPOKEN_ANSWERED,
    RPCANCEL_SPOKEN_SILENT, /* nothing came in time */
    RPCANCEL_SPOKEN_ENDED,  /* the child ended, or closed its output */
    RPCANCEL_SPOKEN_ENDLESS /* more than 4096 bytes and no line feed */
};

struct rpcancel_spoken {
    const char *what; /* "describe" */
    enum rpcancel_spoken_end end;
    unsigned took_ms;
    bool has_return;                     /* a carriage return stands before the line feed */
    unsigned events;                     /* that came before the answer */
    char line[RPCANCEL_LINE_KEPT_MAX];   /* the answer, without line end, cut; or what came of one */
    char excess[RPCANCEL_LINE_KEPT_MAX]; /* a line behind it that nobody had asked for; "" */
};

/* When an answer came after all. */
enum rpcancel_late { RPCANCEL_LATE_NEVER, RPCANCEL_LATE_AT_NEXT_LINE, RPCANCEL_LATE_AT_END };

struct rpcancel_lines_account {
    unsigned count;
    struct rpcancel_spoken spoken[RPCANCEL_SPOKEN_MAX];
    enum rpcancel_late late;                 /* of the last one, when that is SILENT */
    bool has_ended;                          /* by itself, within a second of the end of its input; or before it */
    int status;                              /* its wait status then */
    unsigned limit_ms;                       /* of the answer that did not come */
    char last_words[RPCANCEL_LINE_KEPT_MAX]; /* the last line on its standard error */
};

/* rpcancel_judge_lines says what |account| shows. */
void rpcancel_judge_lines(struct rpcancel_notes *notes, const struct rpcancel_lines_account *account);

/* rpcancel_doctor_see_lines starts the child |command|, holds a short dialogue with it, and ends it. */
void rpcancel_doctor_see_lines(struct rpcancel_doctor *doctor, const char *command);

/* rpcancel_doctor_see_plugin_file looks at the file that |words| of a plugin name. */
void rpcancel_doctor_see_plugin_file(struct rpcancel_doctor *doctor, const char *words);

#endif
