// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DOCTOR_NOTES_H
#define RPCANCEL_DOCTOR_NOTES_H
/*
 * What the doctor has to say: one note for each thing that it tried.
 */
#include <stdbool.h>

enum rpcancel_note_level {
    RPCANCEL_NOTE_OK,
    RPCANCEL_NOTE_WARNING,  /* less can be judged, or in another way, than whoever asks may think */
    RPCANCEL_NOTE_UNUSABLE, /* a check would end with trouble, or its verdicts would be about something else */
    RPCANCEL_NOTE_FAILED,   /* the runtime crashed or hung */
    RPCANCEL_NOTE_LEVELS
};

enum { RPCANCEL_NOTES_MAX = 96, RPCANCEL_TRIED_MAX = 80, RPCANCEL_CAME_MAX = 512, RPCANCEL_REMEDY_MAX = 320 };

struct rpcancel_note {
    enum rpcancel_note_level level;
    char tried[RPCANCEL_TRIED_MAX];
    char came[RPCANCEL_CAME_MAX];
    char remedy[RPCANCEL_REMEDY_MAX]; /* what to do; "": nothing */
};

/* Zero-initialise. */
struct rpcancel_notes {
    unsigned count;
    struct rpcancel_note list[RPCANCEL_NOTES_MAX];
};

/* rpcancel_note_add adds a note on what was |tried|; |format| makes what came of it, and |remedy| (NULL: nothing) says
 * what to do. Texts are copied, cut to their room; control characters become `?`. Returns the note, of which the caller
 * may write another remedy. */
__attribute__((format(printf, 5, 6))) struct rpcancel_note *rpcancel_note_add(struct rpcancel_notes *notes,
                                                                              enum rpcancel_note_level level,
                                                                              const char *tried, const char *remedy,
                                                                              const char *format, ...);

/* rpcancel_note_remedy writes the remedy of |note| anew. */
__attribute__((format(printf, 2, 3))) void rpcancel_note_remedy(struct rpcancel_note *note, const char *format, ...);

/* rpcancel_notes_of returns how many notes are of |level|. */
unsigned rpcancel_notes_of(const struct rpcancel_notes *notes, enum rpcancel_note_level level);

/* rpcancel_notes_are_bad tells whether there is a problem among them, so that nothing more need be tried. */
bool rpcancel_notes_are_bad(const struct rpcancel_notes *notes);

/* rpcancel_note_word returns `ok`, `warning` or `problem`. Static storage. */
const char *rpcancel_note_word(enum rpcancel_note_level level);

#endif
