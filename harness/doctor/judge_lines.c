// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "doctor/child_lines.h"
#include "runtime/child_line.h"
#include "runtime/description.h"

static const char by_hand[] = "try it by hand: printf '1 describe\\n' | COMMAND";

static const char *last_words(const struct rpcancel_lines_account *account, char *out, size_t size)
{
    snprintf(out, size, account->last_words[0] ? "; last on its standard error: `%s`" : "%s", account->last_words);
    return out;
}

/* How the process ended. */
static void say_end(const struct rpcancel_lines_account *account, char *out, size_t size)
{
    if (!account->has_ended)
        snprintf(out, size, "closed its output and went on running");
    else if (WIFSIGNALED(account->status))
        snprintf(out, size, "was killed by signal %d (%s)", WTERMSIG(account->status),
                 strsignal(WTERMSIG(account->status)));
    else
        snprintf(out, size, "ended with exit code %d", WEXITSTATUS(account->status));
}

static const char *remedy_of_end(const struct rpcancel_lines_account *account)
{
    enum { NOT_FOUND = 127, NOT_EXECUTABLE = 126 };
    bool is_first = account->count == 1;
    if (!account->has_ended)
        return "keep standard output open until the input ends";
    if (is_first && WIFEXITED(account->status) && WEXITSTATUS(account->status) == 0)
        return "a child answers each line, and lives until its input ends; a launcher that goes into the background is "
               "none";
    if (is_first && WIFEXITED(account->status) &&
        (WEXITSTATUS(account->status) == NOT_FOUND || WEXITSTATUS(account->status) == NOT_EXECUTABLE))
        return "so ends a shell or loader that cannot run what it is told to: is the program there, and its libraries?";
    return is_first ? by_hand : "answer `unimplemented` to what it cannot do, and catch what it raises";
}

static void judge_silence(struct rpcancel_notes *notes, const struct rpcancel_lines_account *account)
{
    const struct rpcancel_spoken *spoken = &account->spoken[account->count - 1];
    static const char *const came[] = {
        [RPCANCEL_LATE_NEVER] = "no answer",
        [RPCANCEL_LATE_AT_NEXT_LINE] = "no answer until the next line was written",
        [RPCANCEL_LATE_AT_END] = "no answer until the input ended",
    };
    static const char *const remedies[] = {
        [RPCANCEL_LATE_NEVER] = "if it is only slow, raise --start-deadline or --deadline; does it read its standard "
                                "input, and is each answer flushed?",
        [RPCANCEL_LATE_AT_NEXT_LINE] = "flush standard output after each answer, not before it",
        [RPCANCEL_LATE_AT_END] = "the answers are kept in a buffer, or the input is read to its end first: flush after "
                                 "each line (flush=True, setvbuf(stdout, NULL, _IOLBF, 0)), and read line by line",
    };
    bool is_first = account->count == 1 || account->late != RPCANCEL_LATE_NEVER;
    struct rpcancel_note *note =
        rpcancel_note_add(notes, is_first ? RPCANCEL_NOTE_UNUSABLE : RPCANCEL_NOTE_FAILED, spoken->what,
                          remedies[account->late], "%s within %u ms", came[account->late], account->limit_ms);
    size_t length = strlen(note->came);
    if (spoken->line[0] && account->late == RPCANCEL_LATE_NEVER) {
        snprintf(note->came + length, sizeof note->came - length, ", but the beginning of a line: `%s`", spoken->line);
        rpcancel_note_remedy(note, "end each answer with a line feed");
    }
    length = strlen(note->came);
    last_words(account, note->came + length, sizeof note->came - length);
}

/* The last line was not answered. */
static void judge_end(struct rpcancel_notes *notes, const struct rpcancel_lines_account *account)
{
    const struct rpcancel_spoken *spoken = &account->spoken[account->count - 1];
    char end[256], words[256];
    if (spoken->end == RPCANCEL_SPOKEN_SILENT) {
        judge_silence(notes, account);
    } else if (spoken->end == RPCANCEL_SPOKEN_ENDLESS) {
        rpcancel_note_add(notes, RPCANCEL_NOTE_UNUSABLE, spoken->what, "answer with one line, ended by a line feed",
                          "more than 4096 bytes without a line feed, `%.40s…`", spoken->line);
    } else {
        say_end(account, end, sizeof end);
        rpcancel_note_add(notes, account->count == 1 ? RPCANCEL_NOTE_UNUSABLE : RPCANCEL_NOTE_FAILED, spoken->what,
                          remedy_of_end(account), "the child %s instead of answering%s", end,
                          last_words(account, words, sizeof words));
    }
}

/* What is wrong with an answer to line |number|; true when nothing is. */
static bool judge_form(struct rpcancel_notes *notes, const struct rpcancel_spoken *spoken, unsigned number,
                       struct rpcancel_child_line *parts)
{
    const char *expected;
    if (!rpcancel_child_read_answer(spoken->line, parts, &expected)) {
        rpcancel_note_add(notes, RPCANCEL_NOTE_UNUSABLE, spoken->what,
                          "nothing but answers and events may go to standard output: write notes to standard error",
                          "answered `%u %s` with `%s`; expected %s", number, spoken->what, spoken->line, expected);
        return false;
    }
    if (parts->id != number) {
        rpcancel_note_add(notes, RPCANCEL_NOTE_UNUSABLE, spoken->what,
                          "an answer begins with the number of the line it answers; numbers count from 1",
                          "answered `%u %s` with `%s`; expected %u in front", number, spoken->what, spoken->line,
                          number);
        return false;
    }
    if (spoken->excess[0]) {
        rpcancel_note_add(notes, RPCANCEL_NOTE_UNUSABLE, spoken->what,
                          "exactly one line answers a line; what happens by itself is an event (`event notified a`)",
                          "answered `%u %s`, and then wrote `%s`", number, spoken->what, spoken->excess);
        return false;
    }
    return true;
}

static bool judge_describe(struct rpcancel_notes *notes, const struct rpcancel_child_line *parts, const char *line)
{
    static struct rpcancel_runtime described; /* large for a stack */
    const char *expected = "0 or unimplemented";
    char text[256];
    bool is_code = rpcancel_answer_is_code(parts->answer, 0);
    if ((!is_code && parts->answer.kind != RPCANCEL_ANSWER_UNIMPLEMENTED) ||
        !rpcancel_description_read(&described, parts->keys, &expected)) {
        rpcancel_note_add(notes, RPCANCEL_NOTE_UNUSABLE, "describe",
                          "docs/runtime-protocol.md, describe: all keys may be left out", "answered `%s`; expected %s",
                          line, expected);
        return false;
    }
    rpcancel_description_write(&described, text, sizeof text);
    rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "describe", NULL, "%s%s", text,
                      is_code ? "" : " (it answered `unimplemented`: these are the defaults)");
    return true;
}

static void judge_unknown(struct rpcancel_notes *notes, const struct rpcancel_child_line *parts, const char *line)
{
    if (parts->answer.kind == RPCANCEL_ANSWER_UNIMPLEMENTED)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "an operation that does not exist", NULL, "unimplemented");
    else
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, "an operation that does not exist",
                          "answer `unimplemented` to whatever it does not know: else what it lacks is judged as if it "
                          "were there",
                          "answered `%s`", line);
}

static bool judge_reset_line(struct rpcancel_notes *notes, const struct rpcancel_child_line *parts, const char *line,
                             unsigned start_ms)
{
    enum { SEQUENCES = 400 };
    if (rpcancel_answer_is_code(parts->answer, 0)) {
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "reset", NULL, "answered 0: one process serves all sequences");
        return true;
    }
    if (parts->answer.kind == RPCANCEL_ANSWER_UNIMPLEMENTED) {
        unsigned seconds = start_ms * SEQUENCES / 1000;
        rpcancel_note_add(
            notes, seconds > 60 ? RPCANCEL_NOTE_WARNING : RPCANCEL_NOTE_OK, "reset",
            seconds > 60 ? "if that is too long, implement `reset`" : NULL,
            "unimplemented: the child is started anew for each sequence, %u ms each time, about %u s in a "
            "check",
            start_ms, seconds);
        return true;
    }
    rpcancel_note_add(notes, RPCANCEL_NOTE_UNUSABLE, "reset",
                      "answer 0 when everything is forgotten, `unimplemented` where that cannot be promised",
                      "answered `%s`; expected 0 or unimplemented", line);
    return false;
}

/* What an answer says, once it is one. */
static bool judge_meaning(struct rpcancel_notes *notes, const struct rpcancel_lines_account *account, unsigned i,
                          const struct rpcancel_child_line *parts)
{
    const struct rpcancel_spoken *spoken = &account->spoken[i];
    if (strcmp(spoken->what, "describe") == 0)
        return judge_describe(notes, parts, spoken->line);
    if (strcmp(spoken->what, "reset") == 0)
        return judge_reset_line(notes, parts, spoken->line, account->spoken[0].took_ms);
    if (strcmp(spoken->what, "yodel a") == 0)
        judge_unknown(notes, parts, spoken->line);
    return true;
}

static void judge_good_end(struct rpcancel_notes *notes, const struct rpcancel_lines_account *account)
{
    char end[256];
    bool is_good = account->has_ended && WIFEXITED(account->status) && WEXITSTATUS(account->status) == 0;
    say_end(account, end, sizeof end);
    if (is_good)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "end of input", NULL, "the child ended, with exit code 0");
    else
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, "end of input",
                          "end with 0 when the input ends: a child that does not is given a second each time",
                          "the child %s", account->has_ended ? end : "did not end within a second");
}

void rpcancel_judge_lines(struct rpcancel_notes *notes, const struct rpcancel_lines_account *account)
{
    bool has_return = false;
    for (unsigned i = 0; i < account->count; i++) {
        const struct rpcancel_spoken *spoken = &account->spoken[i];
        struct rpcancel_child_line parts;
        if (spoken->end != RPCANCEL_SPOKEN_ANSWERED) {
            judge_end(notes, account);
            return;
        }
        if (!judge_form(notes, spoken, i + 1, &parts) || !judge_meaning(notes, account, i, &parts))
            return;
        has_return |= spoken->has_return;
    }
    rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "lines", NULL, "one answer to each, flushed%s",
                      has_return ? "; they end with carriage returns, which are ignored" : "");
    judge_good_end(notes, account);
}
