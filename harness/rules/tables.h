// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TABLES_H
#define RPCANCEL_TABLES_H
/*
 * The state × operation tables: for every place an operation can be asked in, who says what of its answer. They are
 * a second reading of the documents, apart from the rules, and keep them honest: exhaustive search shows that every
 * cell marked documented or implied is judged by a rule, and no other cell by any.
 */
#include "rules/rules.h"

enum rpcancel_mark {
    RPCANCEL_MARK_DOCUMENTED,
    RPCANCEL_MARK_IMPLIED,
    RPCANCEL_MARK_HISTORICAL, /* owed in profile documented-98 */
    RPCANCEL_MARK_OBSERVED,   /* owed in profile windows */
    RPCANCEL_MARK_TRANSITION, /* documented, but it has no return code to judge: what follows shows it */
    RPCANCEL_MARK_SILENT,
    RPCANCEL_MARK_CONTRADICTING,
    RPCANCEL_MARK_UNDEFINED,
    RPCANCEL_MARK_FORBIDDEN,
    RPCANCEL_MARKS
};

enum { RPCANCEL_CELL_ANSWERS = 5 };

struct rpcancel_cell {
    uint8_t mark;   /* enum rpcancel_mark */
    uint8_t except; /* 1: any answer but those listed */
    uint8_t count;  /* answers listed */
    struct rpcancel_answer answers[RPCANCEL_CELL_ANSWERS];
};

/* rpcancel_cell_find returns what |profile| says of the answer asked for in |situation|. The tables are read at the
 * first call of rpcancel_tables_init, which must come before; after it threads may share them. */
void rpcancel_tables_init(void);
const struct rpcancel_cell *rpcancel_cell_find(const struct rpcancel_situation *situation,
                                               enum rpcancel_profile profile);

/* rpcancel_cell_is_owed tells whether a rule must decide in |cell|. */
static inline bool rpcancel_cell_is_owed(const struct rpcancel_cell *cell)
{
    return cell->mark <= RPCANCEL_MARK_OBSERVED;
}

/* rpcancel_cell_allows tells whether |answer| agrees with an owed |cell|. */
bool rpcancel_cell_allows(const struct rpcancel_cell *cell, struct rpcancel_answer answer);

const char *rpcancel_mark_name(enum rpcancel_mark mark);

/* Where a cell stands in the tables as they are written, whatever its profile. */
struct rpcancel_cell_place {
    uint8_t table; /* for rpcancel_table_at */
    uint8_t row;
    uint8_t column;
};

/* rpcancel_cell_place_of returns the place of |cell|, one that rpcancel_cell_find returned. */
struct rpcancel_cell_place rpcancel_cell_place_of(const struct rpcancel_cell *cell);

/* The tables as they are written, for docs: text of a cell by row and column, names of rows and columns. */
struct rpcancel_table {
    const char *title;
    unsigned rows;
    unsigned columns;
    const char *const *row_names;
    const char *const *column_names;
    const char *const *cells; /* row by row */
};
unsigned rpcancel_table_count(void);
const struct rpcancel_table *rpcancel_table_at(unsigned index);

#endif
