// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "doctor/child_lines.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor/remedies.h"
#include "runtime/child_line.h"
#include "runtime/command_words.h"
#include "runtime/pipes.h"
#include "runtime/process.h"

enum {
    SLICE_MS = 100, /* so often an interruption is looked for */
    QUIET_MS = 30,  /* so long nothing may come behind an answer */
    LATE_MS = 500,  /* so long an answer is waited for that something may have held back */
    INPUT_MAX = 2 * 4096 + 1
};

/* One dialogue. */
struct talk {
    const struct rpcancel_doctor *doctor;
    struct rpcancel_process process;
    struct rpcancel_guard guard;
    size_t size; /* of |input|, which holds no whole line that was taken */
    char input[INPUT_MAX];
};

/* ---- lines ---- */

/* Takes the first whole line of what was read; false when there is none. */
static bool take_line(struct talk *talk, char out[RPCANCEL_LINE_KEPT_MAX], bool *has_return)
{
    char *newline = memchr(talk->input, '\n', talk->size);
    if (!newline)
        return false;
    size_t length = (size_t)(newline - talk->input);
    *has_return = length > 0 && newline[-1] == '\r';
    size_t kept = length - (*has_return ? 1 : 0);
    snprintf(out, RPCANCEL_LINE_KEPT_MAX, "%.*s", kept < RPCANCEL_LINE_KEPT_MAX ? (int)kept : INT_MAX, talk->input);
    talk->size -= length + 1;
    memmove(talk->input, newline + 1, talk->size);
    return true;
}

static void keep_rest(struct talk *talk, char out[RPCANCEL_LINE_KEPT_MAX])
{
    snprintf(out, RPCANCEL_LINE_KEPT_MAX, "%.*s", (int)(talk->size < 100 ? talk->size : 100), talk->input);
}

/* Waits for a line until |deadline|. */
static enum rpcancel_spoken_end read_line(struct talk *talk, int64_t deadline, char out[RPCANCEL_LINE_KEPT_MAX],
                                          bool *has_return)
{
    while (!take_line(talk, out, has_return)) {
        int64_t now = rpcancel_clock_ms(), until = now + SLICE_MS;
        keep_rest(talk, out);
        if (talk->size >= INPUT_MAX - 1)
            return RPCANCEL_SPOKEN_ENDLESS;
        switch (rpcancel_process_wait(&talk->process, until < deadline ? until : deadline)) {
        case RPCANCEL_PROCESS_EXPIRED:
            if (now >= deadline || *talk->doctor->options.interrupted)
                return RPCANCEL_SPOKEN_SILENT;
            continue;
        case RPCANCEL_PROCESS_ENDED:
            return RPCANCEL_SPOKEN_ENDED;
        default:
            break;
        }
        ssize_t got = read(talk->process.output, talk->input + talk->size, INPUT_MAX - 1 - talk->size);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            return RPCANCEL_SPOKEN_ENDED;
        talk->size += got > 0 ? (size_t)got : 0;
    }
    return RPCANCEL_SPOKEN_ANSWERED;
}

static void write_line(struct talk *talk, unsigned number, const char *what)
{
    char line[64];
    int length = snprintf(line, sizeof line, "%u %s\n", number, what);
    rpcancel_process_write(&talk->process, line, (size_t)length, rpcancel_clock_ms() + LATE_MS);
}

/* ---- the dialogue ---- */

/* Says a line and hears the answer. False: nothing more can be said. */
static bool say(struct talk *talk, struct rpcancel_lines_account *account, const char *what, unsigned limit_ms)
{
    struct rpcancel_spoken *spoken = &account->spoken[account->count++];
    bool ignored;
    *spoken = (struct rpcancel_spoken){.what = what};
    account->limit_ms = limit_ms;
    int64_t start = rpcancel_clock_ms();
    write_line(talk, account->count, what);
    while ((spoken->end = read_line(talk, start + limit_ms, spoken->line, &spoken->has_return)) ==
               RPCANCEL_SPOKEN_ANSWERED &&
           rpcancel_child_line_is_event(spoken->line))
        spoken->events++;
    spoken->took_ms = (unsigned)(rpcancel_clock_ms() - start);
    if (spoken->end != RPCANCEL_SPOKEN_ANSWERED)
        return false;
    int64_t quiet = rpcancel_clock_ms() + QUIET_MS;
    while (read_line(talk, quiet, spoken->excess, &ignored) == RPCANCEL_SPOKEN_ANSWERED &&
           rpcancel_child_line_is_event(spoken->excess))
        continue;
    return true;
}

/* No answer came. Is there one that something holds back? */
static void try_late(struct talk *talk, struct rpcancel_lines_account *account)
{
    char line[RPCANCEL_LINE_KEPT_MAX];
    bool ignored;
    write_line(talk, account->count + 1, "reset");
    if (read_line(talk, rpcancel_clock_ms() + LATE_MS, line, &ignored) == RPCANCEL_SPOKEN_ANSWERED) {
        account->late = RPCANCEL_LATE_AT_NEXT_LINE;
        return;
    }
    rpcancel_close(&talk->process.input);
    if (read_line(talk, rpcancel_clock_ms() + LATE_MS, line, &ignored) == RPCANCEL_SPOKEN_ANSWERED)
        account->late = RPCANCEL_LATE_AT_END;
}

static void keep_last_words(const struct rpcancel_process *process, char out[RPCANCEL_LINE_KEPT_MAX])
{
    const char *from = process->error_tail, *end = from + process->error_tail_length;
    while (end > from && end[-1] == '\n')
        end--;
    const char *line = end;
    while (line > from && line[-1] != '\n')
        line--;
    snprintf(out, RPCANCEL_LINE_KEPT_MAX, "%.*s", (int)(end - line), line);
}

static void hold(struct talk *talk, struct rpcancel_lines_account *account)
{
    const struct rpcancel_runtime_options *options = &talk->doctor->options;
    unsigned deadline_ms = rpcancel_deadline(options);
    bool goes_on = say(talk, account, "describe", rpcancel_start_limit(options)) &&
                   say(talk, account, "init a", deadline_ms) && say(talk, account, "yodel a", deadline_ms) &&
                   say(talk, account, "reset", deadline_ms);
    if (!goes_on && account->spoken[account->count - 1].end == RPCANCEL_SPOKEN_SILENT && !*options->interrupted)
        try_late(talk, account);
    bool ends = goes_on || account->spoken[account->count - 1].end == RPCANCEL_SPOKEN_ENDED;
    rpcancel_close(&talk->process.input);
    account->has_ended = rpcancel_process_finish(&talk->process, ends ? RPCANCEL_PATIENCE_MS : RPCANCEL_PATIENCE_NONE,
                                                 &talk->guard, &account->status);
    keep_last_words(&talk->process, account->last_words);
}

/* ---- what cannot be started ---- */

static void note_no_start(struct rpcancel_notes *notes, const char *word, int error, const char *failure)
{
    uint8_t head[RPCANCEL_HEAD_SIZE];
    char path[RPCANCEL_PATH_MAX];
    struct stat status;
    bool is_found = rpcancel_process_find(word, path) == 0 || snprintf(path, sizeof path, "%s", word) > 0;
    size_t size = is_found ? rpcancel_head_read(path, head) : 0;
    rpcancel_note_add(notes, RPCANCEL_NOTE_UNUSABLE, "start",
                      rpcancel_remedy_of_program(error, stat(path, &status) == 0, head, size), "%s", failure);
}

void rpcancel_doctor_see_lines(struct rpcancel_doctor *doctor, const char *command)
{
    char **words, error[RPCANCEL_COMMAND_WORDS_ERROR_MAX], failure[RPCANCEL_FAILURE_TEXT_MAX];
    static struct talk talk;
    static struct rpcancel_lines_account account;
    if (rpcancel_command_words_split(command, &words, error) != RPCANCEL_COMMAND_WORDS_OK) {
        snprintf(doctor->usage, sizeof doctor->usage, "the child's command: %s", error);
        return;
    }
    talk = (struct talk){.doctor = doctor, .guard.lifeline = -1};
    account = (struct rpcancel_lines_account){.count = 0};
    signal(SIGPIPE, SIG_IGN); /* a child that no longer reads shows by what it answers */
    if (!rpcancel_guard_start(&talk.guard)) {
        rpcancel_note_add(&doctor->notes, RPCANCEL_NOTE_UNUSABLE, "start", NULL, "cannot start a guard process: %s",
                          strerror(errno));
    } else if (!rpcancel_process_start(&talk.process, words, &talk.guard, failure)) {
        note_no_start(&doctor->notes, words[0], errno, failure);
    } else {
        hold(&talk, &account);
        if (!*doctor->options.interrupted)
            rpcancel_judge_lines(&doctor->notes, &account);
    }
    rpcancel_guard_end(&talk.guard);
    free(words);
}

void rpcancel_doctor_see_plugin_file(struct rpcancel_doctor *doctor, const char *text)
{
    char **words, error[RPCANCEL_COMMAND_WORDS_ERROR_MAX];
    uint8_t head[RPCANCEL_HEAD_SIZE];
    struct stat status;
    if (rpcancel_command_words_split(text, &words, error) != RPCANCEL_COMMAND_WORDS_OK) {
        snprintf(doctor->usage, sizeof doctor->usage, "the plugin's file and arguments: %s", error);
        return;
    }
    if (stat(words[0], &status) != 0) {
        rpcancel_note_add(&doctor->notes, RPCANCEL_NOTE_UNUSABLE, "file", "give the path of the shared object",
                          "%s: %s", words[0], strerror(errno));
    } else if (!S_ISREG(status.st_mode)) {
        rpcancel_note_add(&doctor->notes, RPCANCEL_NOTE_UNUSABLE, "file", "give the path of the shared object",
                          "%s is no plain file", words[0]);
    } else {
        const char *remedy = rpcancel_remedy_of_shared_object(head, rpcancel_head_read(words[0], head));
        if (remedy)
            rpcancel_note_add(&doctor->notes, RPCANCEL_NOTE_UNUSABLE, "file", remedy, "%s cannot be loaded", words[0]);
    }
    free(words);
}
