// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CLEAN_TEXT_H
#define RPCANCEL_CLEAN_TEXT_H
/*
 * Text from elsewhere (command lines, a child's last words) on its way into JSON and XML, which hold well-formed UTF-8
 * only, and to terminals, which obey some characters.
 */

/* What stands for bytes that are no UTF-8, and for characters that a format cannot hold: U+FFFD. */
#define RPCANCEL_REPLACEMENT "\xEF\xBF\xBD"

/* rpcancel_utf8_length returns how many bytes the character at |text| has, 1 to 4; 0 when what begins there is not
 * well-formed UTF-8. |text| ends with a zero byte, which has length 1. */
unsigned rpcancel_utf8_length(const char *text);

/* rpcancel_control_length returns how many bytes that character has when it is one that moves a terminal's cursor,
 * begins a line or turns the direction of text: the control characters of ASCII and Unicode (C1 among them), line and
 * paragraph separators, what marks, embeds and isolates directions. Of what is not well-formed UTF-8 it is the byte. 0:
 * neither, or the end of |text|. */
unsigned rpcancel_control_length(const char *text);

/* rpcancel_controls_replace puts |instead| in place of each of these in |text| but those of ASCII that are in |kept|;
 * |text| may get shorter. */
void rpcancel_controls_replace(char *text, const char *kept, char instead);

/* rpcancel_clean_text returns a copy of |text| in which each byte that is not part of well-formed UTF-8 is replaced.
 * The caller frees it. NULL: memory is exhausted. */
char *rpcancel_clean_text(const char *text);

#endif
