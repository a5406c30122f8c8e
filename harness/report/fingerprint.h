// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FINGERPRINT_H
#define RPCANCEL_FINGERPRINT_H
/*
 * Fingerprints tell whether two reports speak of the same thing: the same rule, shown by the same shortest sequence.
 */

enum { RPCANCEL_FINGERPRINT_SIZE = 17 }; /* 16 hexadecimal digits and the zero byte */

/*
 * rpcancel_fingerprint writes the fingerprint of the rule |id| and the |text| of a sequence, one operation a line, into
 * |out|. It depends on nothing else and stays the same in all versions of the program. It guards against chance, not
 * against intent.
 */
void rpcancel_fingerprint(const char *id, const char *text, char out[RPCANCEL_FINGERPRINT_SIZE]);

#endif
