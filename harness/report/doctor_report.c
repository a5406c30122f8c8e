// SPDX-License-Identifier: Apache-2.0
#include "report/doctor_report.h"

#include "report/json_print.h"

static unsigned problems_of(const struct rpcancel_notes *notes)
{
    return rpcancel_notes_of(notes, RPCANCEL_NOTE_UNUSABLE) + rpcancel_notes_of(notes, RPCANCEL_NOTE_FAILED);
}

void rpcancel_doctor_print(const struct rpcancel_doctor_report *report, FILE *out)
{
    const struct rpcancel_notes *notes = &report->doctor->notes;
    unsigned warnings = rpcancel_notes_of(notes, RPCANCEL_NOTE_WARNING), problems = problems_of(notes);
    for (unsigned i = 0; i < notes->count; i++) {
        const struct rpcancel_note *note = &notes->list[i];
        fprintf(out, "%-7s  %s: %s%s%s\n", rpcancel_note_word(note->level), note->tried, note->came,
                note->remedy[0] ? "; " : "", note->remedy);
    }
    fprintf(out, "doctor: %u ok, %u warning%s, %u problem%s\n", rpcancel_notes_of(notes, RPCANCEL_NOTE_OK), warnings,
            warnings == 1 ? "" : "s", problems, problems == 1 ? "" : "s");
}

static cJSON *note_object(const struct rpcancel_note *note)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "level", rpcancel_note_word(note->level));
    cJSON_AddBoolToObject(object, "failed", note->level == RPCANCEL_NOTE_FAILED);
    rpcancel_json_add_text(object, "tried", note->tried);
    rpcancel_json_add_text(object, "came", note->came);
    rpcancel_json_add_text(object, "remedy", note->remedy);
    return object;
}

bool rpcancel_doctor_json(const struct rpcancel_doctor_report *report, FILE *out)
{
    const struct rpcancel_doctor *doctor = report->doctor;
    cJSON *root = rpcancel_json_root();
    rpcancel_json_add_runtime(root, doctor->how, doctor->name, doctor->version);
    cJSON_AddStringToObject(root, "profile", report->profile);
    cJSON_AddBoolToObject(root, "complete", report->is_complete);
    cJSON_AddNumberToObject(root, "exitCode", report->exit_code);
    cJSON *summary = cJSON_AddObjectToObject(root, "summary");
    cJSON_AddNumberToObject(summary, "ok", rpcancel_notes_of(&doctor->notes, RPCANCEL_NOTE_OK));
    cJSON_AddNumberToObject(summary, "warnings", rpcancel_notes_of(&doctor->notes, RPCANCEL_NOTE_WARNING));
    cJSON_AddNumberToObject(summary, "problems", problems_of(&doctor->notes));
    cJSON *notes = cJSON_AddArrayToObject(root, "notes");
    for (unsigned i = 0; i < doctor->notes.count; i++)
        cJSON_AddItemToArray(notes, note_object(&doctor->notes.list[i]));
    return rpcancel_json_print(root, out);
}
