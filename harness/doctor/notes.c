// SPDX-License-Identifier: Apache-2.0
#include "doctor/notes.h"

#include <stdarg.h>
#include <stdio.h>

#include "runtime/clean_text.h"

struct rpcancel_note *rpcancel_note_add(struct rpcancel_notes *notes, enum rpcancel_note_level level, const char *tried,
                                        const char *remedy, const char *format, ...)
{
    /* More are never made; were they, the last one would be lost and no memory overwritten. */
    if (notes->count < RPCANCEL_NOTES_MAX)
        notes->count++;
    struct rpcancel_note *note = &notes->list[notes->count - 1];
    va_list arguments;
    note->level = level;
    snprintf(note->tried, sizeof note->tried, "%s", tried);
    snprintf(note->remedy, sizeof note->remedy, "%s", remedy ? remedy : "");
    va_start(arguments, format);
    vsnprintf(note->came, sizeof note->came, format, arguments);
    va_end(arguments);
    rpcancel_controls_replace(note->tried, "", '?');
    rpcancel_controls_replace(note->came, "", '?');
    return note;
}

void rpcancel_note_remedy(struct rpcancel_note *note, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(note->remedy, sizeof note->remedy, format, arguments);
    va_end(arguments);
    rpcancel_controls_replace(note->remedy, "", '?');
}

unsigned rpcancel_notes_of(const struct rpcancel_notes *notes, enum rpcancel_note_level level)
{
    unsigned count = 0;
    for (unsigned i = 0; i < notes->count; i++)
        count += notes->list[i].level == level;
    return count;
}

bool rpcancel_notes_are_bad(const struct rpcancel_notes *notes)
{
    return rpcancel_notes_of(notes, RPCANCEL_NOTE_UNUSABLE) + rpcancel_notes_of(notes, RPCANCEL_NOTE_FAILED) > 0;
}

const char *rpcancel_note_word(enum rpcancel_note_level level)
{
    static const char *const words[RPCANCEL_NOTE_LEVELS] = {"ok", "warning", "problem", "problem"};
    return words[level];
}
