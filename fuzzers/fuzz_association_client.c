// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzzes the client's end of an association: the server's fragments come in, and the application does what the input
 * says.
 *
 * Exercised: src/wire/client.c, with the codec. Found: what breaks an invariant of the table `client` of
 * streams/invariants.h; what sanitizers find.
 * Input: a stream (streams/stream.h). Settings: bits 0-2 the profile, bits 3-4 the features that are asked for, bit 5:
 * multiplexing is, bit 6: memory for stub data is short, bit 7: the bind is answered by a good bind_ack. Choices: enum
 * choice. Environment: streams/watch.h.
 */
#include <stdlib.h>

#include "streams/stream.h"
#include "streams/client_oracle.h"
#include "streams/client_under_test.h"
#include "streams/templates.h"
#include "streams/watch.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A choice counted around; the argument says which call, or how much. */
enum choice { CALL, CALL_LONG, CALL_CANCELLED, CANCEL, ORPHAN, LOSE = 6, CHOICES };

enum { SHORT_MEMORY = 4096, LONG_STEP = 300, STUB_MAX = 65536 };

static enum rpcancel_client_defect defect;

static struct {
    struct rpcancel_client client;
    struct rpcancel_client_oracle oracle;
    bool short_memory, open;
    uint8_t *room[RPCANCEL_CLIENT_CALLS_MAX];
} end;

static uint8_t octets[STUB_MAX];

/* ---- the host ---- */

static void sent(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    rpcancel_client_oracle_sent(&end.oracle, bytes, size);
}

static void bound(void *context, bool accepted)
{
    (void)context;
    rpcancel_client_oracle_bound(&end.oracle, accepted);
}

static uint8_t *assembly(void *context, unsigned call, size_t size)
{
    (void)context;
    rpcancel_client_oracle_assembly(&end.oracle, size);
    if (rpcancel_watch_failed() || (end.short_memory && size > SHORT_MEMORY))
        return NULL;
    uint8_t *room = realloc(end.room[call], size); /* exactly as much */
    end.room[call] = room ? room : end.room[call];
    return room;
}

static void completed(void *context, const struct rpcancel_client_result *result)
{
    (void)context;
    rpcancel_client_oracle_completed(&end.oracle, result);
}

/* ---- the application ---- */

static void lose(void)
{
    rpcancel_client_oracle_lose(&end.oracle);
    rpcancel_tested_client_lost(defect, &end.client);
    rpcancel_client_oracle_lost(&end.oracle);
    end.open = false;
}

static void call(size_t size, uint16_t opnum, bool cancelled)
{
    struct rpcancel_span stub_data = {octets, size < STUB_MAX ? size : STUB_MAX};
    uint32_t call_id = 0;
    rpcancel_client_oracle_ask(&end.oracle, true, stub_data);
    bool done = rpcancel_client_call(&end.client, opnum, stub_data, cancelled, &call_id);
    rpcancel_client_oracle_called(&end.oracle, done, call_id);
}

/* The number of a call: mostly one that was given out, whether or not it is open. */
static uint32_t call_id_of(uint8_t argument)
{
    uint32_t last = end.client.last_call_id;
    return argument < last ? last - argument : argument;
}

static void cancel(uint32_t call_id)
{
    rpcancel_client_oracle_ask(&end.oracle, false, (struct rpcancel_span){NULL, 0});
    rpcancel_client_oracle_cancelled(&end.oracle, rpcancel_tested_client_cancel(defect, &end.client, call_id), call_id);
}

static void orphan(uint32_t call_id)
{
    bool close;
    rpcancel_client_oracle_ask(&end.oracle, false, (struct rpcancel_span){NULL, 0});
    bool done = rpcancel_tested_client_orphan(defect, &end.client, call_id, &close);
    rpcancel_client_oracle_orphaned(&end.oracle, done, call_id, close);
    if (close && !rpcancel_watch_failed())
        lose();
}

static void choose(const struct rpcancel_piece *piece)
{
    switch ((enum choice)(piece->choice % CHOICES)) {
    case CALL:
        call(piece->argument, piece->argument, false);
        break;
    case CALL_LONG:
        call((size_t)piece->argument * LONG_STEP, piece->argument, false);
        break;
    case CALL_CANCELLED:
        call(piece->argument, piece->argument, true);
        break;
    case CANCEL:
        cancel(call_id_of(piece->argument));
        break;
    case ORPHAN:
        orphan(call_id_of(piece->argument));
        break;
    case LOSE:
        lose();
        break;
    default: /* 5 begins a fragment; of numbers counted around it is left over */
        break;
    }
}

/* ---- an input ---- */

static void receive(const uint8_t *bytes, size_t size)
{
    rpcancel_client_oracle_receive(&end.oracle, bytes, size);
    bool open = rpcancel_tested_client_receive(defect, &end.client, bytes, size);
    if (rpcancel_watch_failed())
        return;
    rpcancel_client_oracle_received(&end.oracle, open);
    if (!open)
        lose();
}

static void connect_as(uint8_t settings)
{
    static const struct rpcancel_client_host host = {NULL, sent, bound, assembly, completed};
    enum rpcancel_wire_profile profile = (enum rpcancel_wire_profile)((settings & 7) % RPCANCEL_WIRE_PROFILES);
    bool multiplex = settings & 0x20;
    end.short_memory = settings & 0x40;
    end.open = true;
    rpcancel_client_init(&end.client, &host, rpcancel_wire_choices_of(profile));
    rpcancel_client_oracle_begin(&end.oracle, profile);
    rpcancel_client_oracle_ask(&end.oracle, false, (struct rpcancel_span){NULL, 0});
    rpcancel_client_bind(&end.client, &rpcancel_fuzzed_interface.syntax, settings >> 3 & 3, multiplex);
    if (settings & 0x80) {
        uint8_t bytes[RPCANCEL_TEMPLATE_SIZE_MAX];
        receive(bytes, rpcancel_template_bind_ack(bytes, multiplex ? RPCANCEL_PFC_CONC_MPX : 0, settings >> 3 & 3));
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char *const defects[] = {
#define RPCANCEL_X(name, text) text,
        RPCANCEL_CLIENT_DEFECTS(RPCANCEL_X)
#undef RPCANCEL_X
    };
    (void)argc;
    (void)argv;
    defect = rpcancel_watch_open(RPCANCEL_INVARIANT_client_sends_well_formed, RPCANCEL_INVARIANT_client_bounded,
                                 defects, sizeof defects / sizeof defects[0], rpcancel_stream_print);
    for (unsigned i = 0; i < STUB_MAX; i++)
        octets[i] = (uint8_t)(i ^ i >> 8);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rpcancel_span rest;
    struct rpcancel_piece piece;
    rpcancel_watch_begin(data, size);
    connect_as(rpcancel_stream_begin(data, size, &rest));
    while (end.open && !rpcancel_watch_failed() && rpcancel_piece_next(&rest, &piece)) {
        rpcancel_watch_piece(piece.bytes.bytes + piece.bytes.size);
        if (piece.kind == RPCANCEL_PIECE_CHOICE)
            choose(&piece);
        else if (piece.kind == RPCANCEL_PIECE_FRAGMENT)
            receive(piece.bytes.bytes, piece.bytes.size);
        else
            lose();
    }
    if (end.open && !rpcancel_watch_failed())
        lose();
    for (unsigned i = 0; i < RPCANCEL_CLIENT_CALLS_MAX; i++) {
        free(end.room[i]);
        end.room[i] = NULL;
    }
    rpcancel_watch_end();
    return 0;
}
