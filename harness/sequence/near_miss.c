// SPDX-License-Identifier: Apache-2.0
#include "sequence/near_miss.h"

enum { FAR = 2 * RPCANCEL_NEAR_MISS_MAX };

unsigned rpcancel_near_miss_limit(size_t length)
{
    return length <= RPCANCEL_NEAR_MISS_MAX ? (unsigned)(length + 1) / 4 : 0;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: rows[i % 3][j] is the distance of the first i bytes of a and the first j of b. */
unsigned rpcancel_near_miss_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    unsigned rows[3][RPCANCEL_NEAR_MISS_MAX + 1];
    if (a_length > RPCANCEL_NEAR_MISS_MAX || b_length > RPCANCEL_NEAR_MISS_MAX)
        return FAR;
    for (unsigned j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= a_length; i++) {
        const unsigned *before = rows[(i - 1) % 3];
        unsigned *row = rows[i % 3];
        row[0] = i;
        for (unsigned j = 1; j <= b_length; j++) {
            row[j] = least(least(before[j], row[j - 1]) + 1, before[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], rows[(i - 2) % 3][j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}
