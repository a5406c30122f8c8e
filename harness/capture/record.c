// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "capture/record.h"

#include <string.h>
#include <time.h>

#include "sequence/sequence.h"
#include "sequence/text_buffer.h"

enum { COMMENT = 4096 };
static const uint64_t nanoseconds = UINT64_C(1000000000);

static void set_time(struct rpcancel_record *record)
{
    struct timespec now;
    if (!record->has_clock)
        return;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t time = (uint64_t)now.tv_sec * nanoseconds + (uint64_t)now.tv_nsec;
    if (time > record->capture.time) /* else packets would go back */
        record->capture.time = time;
}

static void witness_opened(void *context, unsigned connection)
{
    rpcancel_record_opened(context, connection);
}

static void witness_passed(void *context, unsigned connection, struct rpcancel_operation during,
                           const struct rpcancel_wire_event *event, const struct rpcancel_wire_mask *violated)
{
    rpcancel_record_passed(context, connection, during, event, violated);
}

void rpcancel_record_begin(struct rpcancel_record *record, FILE *out, uint16_t server_port, bool has_clock,
                           const char *comment)
{
    const uint64_t seconds_to_2000 = 946684800;
    *record = (struct rpcancel_record){.has_clock = has_clock};
    record->witness = (struct rpcancel_run_witness){record, witness_opened, witness_passed};
    rpcancel_synthetic_begin(&record->capture, out, server_port, comment);
    record->capture.time = has_clock ? 0 : seconds_to_2000 * nanoseconds;
}

void rpcancel_record_opened(struct rpcancel_record *record, unsigned connection)
{
    set_time(record);
    rpcancel_synthetic_open(&record->capture, &record->connections[connection], record->title);
}

/* Names the operation that an event belongs to, once. */
static void put_operation(struct rpcancel_record *record, struct rpcancel_operation during, struct rpcancel_text *text)
{
    char operation[RPCANCEL_OPERATION_TEXT_MAX];
    if (during.kind < RPCANCEL_OPERATION_KINDS || memcmp(&during, &record->last, sizeof during) == 0)
        return;
    record->last = during;
    rpcancel_operation_print(during, operation, sizeof operation);
    rpcancel_text_put_string(text, operation);
}

static void put_violated(const struct rpcancel_wire_mask *violated, struct rpcancel_text *text)
{
    for (unsigned number = rpcancel_wire_mask_next(violated, 0); number < RPCANCEL_WIRE_RULES_MAX;
         number = rpcancel_wire_mask_next(violated, number + 1)) {
        const struct rpcancel_rule *rule = rpcancel_wire_rule_at(number);
        rpcancel_text_put_string(text, text->length ? "\nFAIL " : "FAIL ");
        rpcancel_text_put_string(text, rule->id);
        rpcancel_text_put_string(text, ": ");
        rpcancel_text_put_string(text, rule->text);
    }
}

void rpcancel_record_passed(struct rpcancel_record *record, unsigned connection, struct rpcancel_operation during,
                            const struct rpcancel_wire_event *event, const struct rpcancel_wire_mask *violated)
{
    struct rpcancel_synthetic_connection *at = &record->connections[connection];
    enum rpcancel_pdu_sender sender = (enum rpcancel_pdu_sender)event->sender;
    char comment[COMMENT];
    struct rpcancel_text text = rpcancel_text_in(comment, sizeof comment);
    if (event->kind == RPCANCEL_WIRE_RELEASED)
        return;
    set_time(record);
    put_operation(record, during, &text);
    if (violated)
        put_violated(violated, &text);
    const char *said = text.length ? comment : NULL;
    if (event->kind == RPCANCEL_WIRE_CLOSED)
        rpcancel_synthetic_close(&record->capture, at, sender, said);
    else
        rpcancel_synthetic_send(&record->capture, at, sender, event->octets.bytes, event->octets.size, said);
}
