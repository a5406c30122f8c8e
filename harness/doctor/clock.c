// SPDX-License-Identifier: Apache-2.0
/* Time: what answers take, and whose clock it is. */
#include "doctor/capabilities.h"

/* Milliseconds as people read them. */
static const char *seconds(char out[32], unsigned ms)
{
    if (ms < 1000)
        snprintf(out, 32, "%u ms", ms);
    else
        snprintf(out, 32, "%u.%u s", ms / 1000, ms / 100 % 10);
    return out;
}

void rpcancel_judge_latency(struct rpcancel_notes *notes, const struct rpcancel_watch *watch, unsigned deadline_ms)
{
    unsigned slowest = 0;
    char text[RPCANCEL_OPERATION_TEXT_MAX], took[32], limit[32];
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        if (watch->kinds[kind].slowest_us > watch->kinds[slowest].slowest_us)
            slowest = kind;
    }
    unsigned slowest_ms = watch->kinds[slowest].slowest_us / 1000;
    rpcancel_operation_print((struct rpcancel_operation){.kind = (uint8_t)slowest}, text, sizeof text);
    seconds(took, slowest_ms);
    seconds(limit, deadline_ms);
    bool is_slow = slowest_ms > deadline_ms / 2;
    struct rpcancel_note *note =
        rpcancel_note_add(notes, is_slow ? RPCANCEL_NOTE_WARNING : RPCANCEL_NOTE_OK, "time of answers", NULL,
                          "the slowest, to `%s`, took %s of %s", text, took, limit);
    if (is_slow)
        rpcancel_note_remedy(note, "raise --deadline to %u: what is late once is HANG", 4 * slowest_ms);
}

void rpcancel_judge_start(struct rpcancel_notes *notes, unsigned took_ms, unsigned limit_ms)
{
    char took[32], limit[32];
    seconds(took, took_ms);
    seconds(limit, limit_ms);
    bool is_slow = took_ms > limit_ms / 2;
    struct rpcancel_note *note =
        rpcancel_note_add(notes, is_slow ? RPCANCEL_NOTE_WARNING : RPCANCEL_NOTE_OK, "time to start", NULL,
                          "%s of %s to the answer to `describe`", took, limit);
    if (is_slow)
        rpcancel_note_remedy(note, "raise --start-deadline to %u", 4 * took_ms);
}

static bool has_returned(struct rpcancel_answer answer)
{
    return answer.kind == RPCANCEL_ANSWER_CODE && answer.code != 258;
}

static void judge_own_clock(struct rpcancel_notes *notes, const struct rpcancel_clock_trial *clock)
{
    char pause[32];
    seconds(pause, clock->pause_ms);
    if (has_returned(clock->paused))
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, "clock",
                          "let nothing but `elapse` move it, or answer `unimplemented` to `elapse` and to time-outs",
                          "`elapse` takes no time, yet a time-out of a second ran out in %s without one", pause);
    else
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "clock", NULL,
                          "`elapse` moves it and takes no time; in %s without one no time-out ran out", pause);
}

static void judge_real_clock(struct rpcancel_notes *notes, const struct rpcancel_clock_trial *clock)
{
    char pause[32], second[32];
    seconds(pause, clock->pause_ms);
    seconds(second, clock->elapse_ms);
    if (clock->paused.kind == RPCANCEL_ANSWER_UNIMPLEMENTED)
        rpcancel_note_add(notes, RPCANCEL_NOTE_OK, "clock", NULL,
                          "real: `elapse` takes %s; after %s without one it answers `unimplemented`, as it should",
                          second, pause);
    else
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, "clock",
                          "add up real time since a time-out was set, and answer `unimplemented` up to `reset` once "
                          "half a second of the harness's may have gone by without `elapse` (docs/runtime-protocol.md, "
                          "Time)",
                          "real: `elapse` takes %s; after %s without one it still answers (%s), though a time-out may "
                          "have run out that nobody told of",
                          second, pause, has_returned(clock->paused) ? "the call is over" : "the call goes on");
}

void rpcancel_judge_clock(struct rpcancel_notes *notes, const struct rpcancel_clock_trial *clock)
{
    if (clock->elapse_ms < RPCANCEL_ELAPSE_IS_SHORT_MS)
        judge_own_clock(notes, clock);
    else
        judge_real_clock(notes, clock);
    if (clock->elapsed.kind == RPCANCEL_ANSWER_CODE && !has_returned(clock->elapsed))
        rpcancel_note_add(notes, RPCANCEL_NOTE_WARNING, "clock and time-outs",
                          "let `elapse` move the clock that the runtime takes its time-outs from, or answer "
                          "`unimplemented` to both",
                          "behind a time-out of a second, an `elapse` and a `settle` the call still waits");
}
