// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzzes the server's end of an association: fragments come in, and the application does what the input says.
 *
 * Exercised: src/wire/server*.c, with the codec. Found: what breaks an invariant of the table `server` of
 * streams/invariants.h; what sanitizers find.
 * Input: a stream (streams/stream.h). Settings: bits 0-2 the profile, bits 3-4 how it is bound before (not; without and
 * with multiplexing; with the smallest fragments), bit 5: memory for stub data is short. Choices: enum choice.
 * Environment: streams/watch.h.
 */
#include <stdlib.h>

#include "streams/stream.h"
#include "streams/server_oracle.h"
#include "streams/server_under_test.h"
#include "streams/templates.h"
#include "streams/watch.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A choice counted around: the upper bits of the argument say for which call, or how much. */
enum choice { RESPOND, RESPOND_LONG, FAULT, TAKE_CANCEL, CHOICES };

enum { SHORT_MEMORY = 4096, LONG_STEP = 700, ANSWER_MAX = 65536, BAD_STUB_DATA = 0x6F7 };

static enum rpcancel_server_defect defect;

static struct {
    struct rpcancel_server server;
    struct rpcancel_server_oracle oracle;
    bool short_memory;
    uint16_t opnums[RPCANCEL_SERVER_CALLS_MAX]; /* of the calls that are not answered */
    uint8_t *room;
} end;

static uint8_t answers[ANSWER_MAX];

/* ---- the application ---- */

static void respond(unsigned call, struct rpcancel_span stub_data)
{
    rpcancel_server_oracle_answer(&end.oracle, call, 0, stub_data);
    rpcancel_tested_respond(defect, &end.server, call, stub_data);
    rpcancel_server_oracle_answered(&end.oracle);
}

static void respond_with(unsigned call, size_t size)
{
    respond(call, (struct rpcancel_span){answers, size < ANSWER_MAX ? size : ANSWER_MAX});
}

static void fault(unsigned call, uint32_t status)
{
    rpcancel_server_oracle_answer(&end.oracle, call, status, (struct rpcancel_span){NULL, 0});
    rpcancel_server_fault(&end.server, call, status);
    rpcancel_server_oracle_answered(&end.oracle);
}

static void take_cancel(unsigned call)
{
    rpcancel_server_oracle_took(&end.oracle, call, rpcancel_tested_take_cancel(defect, &end.server, call));
}

/* The first number of a request's stub data, 0 when there is none. */
static unsigned number_in(const struct rpcancel_server_request *request)
{
    return request->stub_data.size < 2 ? 0 : rpcancel_read_16(request->stub_data.bytes, request->big_endian);
}

static void take_request(void *context, struct rpcancel_server *server, const struct rpcancel_server_request *request)
{
    (void)context;
    (void)server;
    rpcancel_server_oracle_request(&end.oracle, request->call, request->opnum, request->stub_data);
    if (rpcancel_watch_failed())
        return;
    end.opnums[request->call] = request->opnum;
    if (request->opnum == RPCANCEL_FUZZED_ECHO)
        respond(request->call, request->stub_data);
    else if (request->opnum == RPCANCEL_FUZZED_FAULT)
        fault(request->call, number_in(request) ? number_in(request) : BAD_STUB_DATA);
    else if (request->opnum == RPCANCEL_FUZZED_STREAM)
        respond_with(request->call, number_in(request));
}

static void cancel(void *context, struct rpcancel_server *server, unsigned call)
{
    (void)context;
    (void)server;
    rpcancel_server_oracle_cancel(&end.oracle, call);
    if (rpcancel_watch_failed())
        return;
    if (end.opnums[call] == RPCANCEL_FUZZED_FAULT_WHEN_CANCELLED) {
        take_cancel(call);
        fault(call, RPCANCEL_S_FAULT_CANCEL);
    } else if (end.opnums[call] == RPCANCEL_FUZZED_RESPOND_WHEN_CANCELLED) {
        respond_with(call, 0);
    }
}

static void orphaned(void *context, struct rpcancel_server *server, unsigned call)
{
    (void)context;
    (void)server;
    rpcancel_server_oracle_orphaned(&end.oracle, call);
    if (!rpcancel_watch_failed() && end.opnums[call] == RPCANCEL_FUZZED_RESPOND_WHEN_ORPHANED)
        respond_with(call, 8);
}

static void choose(const struct rpcancel_piece *piece)
{
    enum { CALLS = 8 };
    int call = rpcancel_server_oracle_open(&end.oracle, piece->argument % CALLS);
    unsigned much = piece->argument / CALLS;
    if (call < 0)
        return;
    switch ((enum choice)(piece->choice % CHOICES)) {
    case RESPOND:
        respond_with((unsigned)call, much);
        break;
    case RESPOND_LONG:
        respond_with((unsigned)call, (size_t)much * LONG_STEP);
        break;
    case FAULT:
        fault((unsigned)call, much ? much : RPCANCEL_S_FAULT_CANCEL);
        break;
    default:
        take_cancel((unsigned)call);
        break;
    }
}

/* ---- the rest of the host ---- */

static void sent(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    rpcancel_server_oracle_sent(&end.oracle, bytes, size);
}

static const struct rpcancel_interface *find_interface(void *context, const struct rpcancel_syntax *syntax)
{
    static const struct rpcancel_interface other = {{{0xAFA8BD80, 0x7D8A, 0x11C9, {0xBE}}, 1}, 1};
    (void)context;
    if (rpcancel_syntax_is(syntax, &rpcancel_fuzzed_interface.syntax))
        return &rpcancel_fuzzed_interface;
    return rpcancel_syntax_is(syntax, &other.syntax) ? &other : NULL;
}

static bool join_group(void *context, uint32_t *group_id)
{
    (void)context;
    bool exists = *group_id <= 1;
    *group_id = 1;
    return exists;
}

static uint8_t *assembly(void *context, size_t size)
{
    (void)context;
    rpcancel_server_oracle_assembly(&end.oracle, size);
    if (rpcancel_watch_failed() || (end.short_memory && size > SHORT_MEMORY))
        return NULL;
    uint8_t *room = realloc(end.room, size); /* exactly as much */
    end.room = room ? room : end.room;
    return room;
}

/* ---- an input ---- */

static bool receive(const uint8_t *bytes, size_t size)
{
    rpcancel_server_oracle_receive(&end.oracle, bytes, size);
    bool open = rpcancel_tested_receive(defect, &end.server, bytes, size);
    if (!rpcancel_watch_failed())
        rpcancel_server_oracle_received(&end.oracle, open);
    return open && !rpcancel_watch_failed();
}

/* Binds as the settings say; false when that was not possible. */
static bool bind(unsigned how)
{
    static const uint16_t sizes[] = {0, 4280, 5840, 1432};
    uint8_t bytes[RPCANCEL_TEMPLATE_SIZE_MAX];
    return how == 0 || receive(bytes, rpcancel_template_bind(bytes, how > 1 ? RPCANCEL_PFC_CONC_MPX : 0, sizes[how]));
}

/* Takes in a fragment, or what may have been one. */
static bool take_in(const struct rpcancel_piece *piece)
{
    bool is_whole = piece->kind == RPCANCEL_PIECE_FRAGMENT;
    if (is_whole && piece->bytes.size <= RPCANCEL_SERVER_FRAGMENT_MAX)
        return receive(piece->bytes.bytes, piece->bytes.size);
    if (piece->kind == RPCANCEL_PIECE_NONSENSE || piece->bytes.size < RPCANCEL_PDU_HEADER_SIZE)
        return false;
    if (is_whole ||
        rpcancel_read_16(piece->bytes.bytes + 8, piece->bytes.bytes[4] >> 4 == 0) > RPCANCEL_SERVER_FRAGMENT_MAX) {
        rpcancel_server_oracle_receive(&end.oracle, piece->bytes.bytes, piece->bytes.size);
        rpcancel_server_refuse(&end.server, piece->bytes.bytes, piece->bytes.size);
        rpcancel_server_oracle_received(&end.oracle, false);
    }
    return false;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char *const defects[] = {
#define RPCANCEL_X(name, text) text,
        RPCANCEL_SERVER_DEFECTS(RPCANCEL_X)
#undef RPCANCEL_X
    };
    (void)argc;
    (void)argv;
    defect = rpcancel_watch_open(RPCANCEL_INVARIANT_server_sends_well_formed, RPCANCEL_INVARIANT_server_ends_well,
                                 defects, sizeof defects / sizeof defects[0], rpcancel_stream_print);
    for (unsigned i = 0; i < ANSWER_MAX; i++)
        answers[i] = (uint8_t)(i ^ i >> 8);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct rpcancel_server_host host = {NULL,     sent,         find_interface, join_group,
                                                     assembly, take_request, cancel,         orphaned};
    struct rpcancel_span rest;
    struct rpcancel_piece piece;
    uint8_t settings = rpcancel_stream_begin(data, size, &rest);
    enum rpcancel_wire_profile profile = (enum rpcancel_wire_profile)((settings & 7) % RPCANCEL_WIRE_PROFILES);
    rpcancel_watch_begin(data, size);
    end.short_memory = settings & 0x20;
    rpcancel_server_init(&end.server, &host, rpcancel_wire_choices_of(profile), "135");
    rpcancel_server_oracle_begin(&end.oracle, profile);
    bool open = bind(settings >> 3 & 3);
    while (open && rpcancel_piece_next(&rest, &piece)) {
        rpcancel_watch_piece(piece.bytes.bytes + piece.bytes.size);
        if (piece.kind == RPCANCEL_PIECE_CHOICE)
            choose(&piece);
        else
            open = take_in(&piece);
        open = open && !rpcancel_watch_failed();
    }
    free(end.room);
    end.room = NULL;
    rpcancel_watch_end();
    return 0;
}
