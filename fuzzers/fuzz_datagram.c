// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzzes calls over datagrams: a client and a server, on virtual time, over a network that loses, doubles, reorders and
 * changes what they send, with strangers on it; and the codec.
 *
 * Exercised: src/datagram. Found: what breaks an invariant of the table `datagram` of streams/invariants.h, of which
 * two are that neither end breaks a rule of harness/datagram; what sanitizers find.
 * Input: parcels (streams/parcel.h), whose tags are enum tag, counted around. Settings: bits 0-2 the profile.
 * Environment: streams/watch.h.
 */
#include "streams/datagram_codec.h"
#include "streams/datagram_oracle.h"
#include "streams/datagram_under_test.h"
#include "streams/parcel.h"
#include "streams/watch.h"

/* What a parcel says, with what its octets mean. Which: of those that there are, counted around. */
enum tag {
    CALL,           /* opnum with bit 7 for idempotent; cancel time-out in 100 ms, 0: none; then stub data */
    CANCEL,         /* the client's caller does */
    ORPHAN,         /* it gives the call up */
    ELAPSE,         /* ms, two octets */
    TO_SERVER,      /* which; bit 0: it stays on its way as well; then pairs of an offset and what that octet becomes */
    TO_CLIENT,      /* the same */
    LOST_TO_SERVER, /* which */
    LOST_TO_CLIENT,
    RESPOND,            /* which call; then stub data */
    FAULT,              /* which call; status, four octets */
    TAKE_CANCEL,        /* which call */
    STRANGER_TO_SERVER, /* a datagram of another peer */
    STRANGER_TO_CLIENT,
    CODEC,         /* octets for the codec alone */
    ALL_TO_SERVER, /* all that is on its way */
    ALL_TO_CLIENT,
    TAGS
};

/* What the application does, by opnum. */
enum { ECHO, REFUSE, END_WHEN_TOLD, WAIT, OPERATIONS };

enum { QUEUE_MAX = 16, STUB_MAX = RPCANCEL_DATAGRAM_MAX - RPCANCEL_DATAGRAM_HEADER_SIZE, PEER = 1, STRANGER = 2 };
enum { LONGEST_STEP = 20000 /* ms */, LONGEST_TIMER = 60000 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rpcancel_datagram_defect defect;

struct queue {
    unsigned count;
    struct {
        size_t size;
        uint8_t bytes[RPCANCEL_DATAGRAM_MAX];
    } datagrams[QUEUE_MAX];
};

static struct {
    struct rpcancel_datagram_client client;
    struct rpcancel_datagram_server server;
    struct rpcancel_datagram_oracle oracle;
    struct queue to_server, to_client;
    bool is_open[RPCANCEL_ACTIVITIES_MAX]; /* calls that the application has */
    uint16_t opnums[RPCANCEL_ACTIVITIES_MAX];
    uint8_t stubs[RPCANCEL_ACTIVITIES_MAX][STUB_MAX], stub[STUB_MAX];
} world;

static const struct rpcancel_interface interface = {{{0x72706361, 0x6E63, 0x656C, {0xD6}}, 1}, OPERATIONS};
static const struct rpcancel_uuid activity = {0xAC71, 0x1771, 0x1234, {0x80, 1, 2, 3, 4, 5, 6, 7}};

static bool has(enum rpcancel_datagram_defect which)
{
    return defect == which;
}

static unsigned octet(const struct rpcancel_span *arguments, size_t at)
{
    return at < arguments->size ? arguments->bytes[at] : 0;
}

static struct rpcancel_span behind(const struct rpcancel_span *arguments, size_t at)
{
    size_t size = arguments->size > at ? arguments->size - at : 0;
    return (struct rpcancel_span){size ? arguments->bytes + at : NULL, size < STUB_MAX ? size : STUB_MAX};
}

/* ---- the network ---- */

static void put(struct queue *queue, const uint8_t *bytes, size_t size)
{
    if (queue->count == QUEUE_MAX || size > RPCANCEL_DATAGRAM_MAX)
        return;
    memcpy(queue->datagrams[queue->count].bytes, bytes, size);
    queue->datagrams[queue->count++].size = size;
}

static void drop(struct queue *queue, unsigned which)
{
    queue->count--;
    memmove(&queue->datagrams[which], &queue->datagrams[which + 1],
            (queue->count - which) * sizeof queue->datagrams[0]);
}

/* ---- the client's host ---- */

static void client_sends(void *context, const uint8_t *bytes, size_t size)
{
    uint8_t out[RPCANCEL_DATAGRAM_MAX];
    (void)context;
    size = rpcancel_tested_send(defect, bytes, size, out);
    rpcancel_datagram_oracle_client_sent(&world.oracle, out, size);
    put(&world.to_server, out, size);
}

static void client_completes(void *context, const struct rpcancel_datagram_result *result)
{
    static const uint8_t ends[RPCANCEL_DATAGRAM_ENDS] = {
        [RPCANCEL_DATAGRAM_END_RESPONSE] = RPCANCEL_TOLD_ANSWERED,
        [RPCANCEL_DATAGRAM_END_FAULT] = RPCANCEL_TOLD_ANSWERED,
        [RPCANCEL_DATAGRAM_END_REJECT] = RPCANCEL_TOLD_ANSWERED,
        [RPCANCEL_DATAGRAM_END_CANCELLED] = RPCANCEL_TOLD_CANCELLED,
        [RPCANCEL_DATAGRAM_END_TIMEOUT] = RPCANCEL_TOLD_TIMEOUT,
        [RPCANCEL_DATAGRAM_END_LOST] = RPCANCEL_TOLD_OTHERWISE,
    };
    struct rpcancel_span response = result->stub_data;
    bool is_response = result->end == RPCANCEL_DATAGRAM_END_RESPONSE;
    (void)context;
    response.size -= has(RPCANCEL_DATAGRAM_DEFECT_RESPONSE_CUT) && response.size > 0;
    for (unsigned times = 1 + has(RPCANCEL_DATAGRAM_DEFECT_COMPLETED_TWICE); times > 0; times--)
        rpcancel_datagram_oracle_completed(&world.oracle, result->sequence,
                                           (enum rpcancel_datagram_told_end)ends[result->end],
                                           is_response ? &response : NULL);
}

/* ---- the server's host, and its application ---- */

static void server_sends(void *context, uint64_t peer, const uint8_t *bytes, size_t size)
{
    uint8_t out[RPCANCEL_DATAGRAM_MAX];
    (void)context;
    size = rpcancel_tested_send(defect, bytes, size, out);
    rpcancel_datagram_oracle_server_sent(&world.oracle, peer, out, size);
    if (peer == PEER)
        put(&world.to_client, out, size);
}

static const struct rpcancel_interface *find_interface(void *context, const struct rpcancel_syntax *syntax)
{
    (void)context;
    return rpcancel_syntax_is(syntax, &interface.syntax) ? &interface : NULL;
}

/* The defect: an answer to a call that was orphaned is sent. */
static void answer_orphaned(const struct rpcancel_activity *orphaned)
{
    uint8_t bytes[RPCANCEL_DATAGRAM_MAX];
    struct rpcancel_datagram response;
    if (orphaned->state != RPCANCEL_ACTIVITY_ORPHANED || !has(RPCANCEL_DATAGRAM_DEFECT_ORPHANED_IS_ANSWERED))
        return;
    rpcancel_datagram_init(&response, RPCANCEL_PDU_RESPONSE);
    response.activity = orphaned->uuid;
    response.sequence = orphaned->sequence;
    server_sends(NULL, orphaned->peer, bytes, rpcancel_datagram_encode(&response, bytes, sizeof bytes));
}

static void respond(unsigned call, struct rpcancel_span stub_data)
{
    answer_orphaned(&world.server.activities[call]);
    world.is_open[call] = false;
    if (stub_data.size > 0)
        memcpy(world.stubs[call], stub_data.bytes, stub_data.size);
    rpcancel_datagram_server_respond(&world.server, call, (struct rpcancel_span){world.stubs[call], stub_data.size});
}

static void fault(unsigned call, uint32_t status)
{
    answer_orphaned(&world.server.activities[call]);
    world.is_open[call] = false;
    rpcancel_datagram_server_fault(&world.server, call, status);
}

static void execute(void *context, struct rpcancel_datagram_server *server,
                    const struct rpcancel_datagram_request *request)
{
    const struct rpcancel_activity *called = &server->activities[request->call];
    (void)context;
    HOLD(datagram_server_executes_once, !world.is_open[request->call]);
    for (unsigned times = 1 + has(RPCANCEL_DATAGRAM_DEFECT_EXECUTED_TWICE); times > 0; times--)
        rpcancel_datagram_oracle_executed(&world.oracle, &called->uuid, called->sequence, request->stub_data);
    world.is_open[request->call] = true;
    world.opnums[request->call] = request->opnum;
    if (request->opnum == ECHO)
        respond(request->call, behind(&request->stub_data, 0));
    else if (request->opnum == REFUSE)
        fault(request->call, RPCANCEL_NCA_UNSPEC_REJECT);
}

static void cancelled(void *context, struct rpcancel_datagram_server *server, unsigned call, uint32_t cancels)
{
    const struct rpcancel_activity *called = &server->activities[call];
    (void)context;
    for (unsigned times = 1 + has(RPCANCEL_DATAGRAM_DEFECT_CANCEL_DELIVERED_TWICE); times > 0; times--)
        rpcancel_datagram_oracle_delivered(&world.oracle, &called->uuid, called->sequence, cancels);
    if (world.opnums[call] != END_WHEN_TOLD)
        return;
    rpcancel_datagram_server_take_cancel(server, call);
    fault(call, RPCANCEL_S_FAULT_CANCEL);
}

static void orphaned(void *context, struct rpcancel_datagram_server *server, unsigned call)
{
    const struct rpcancel_activity *called = &server->activities[call];
    (void)context;
    rpcancel_datagram_oracle_orphaned(&world.oracle, &called->uuid, called->sequence);
    if (world.opnums[call] == END_WHEN_TOLD)
        respond(call, (struct rpcancel_span){NULL, 0});
}

/* ---- what parcels say ---- */

static void call(const struct rpcancel_span *arguments)
{
    unsigned opnum = octet(arguments, 0), timeout = octet(arguments, 1);
    struct rpcancel_span stub = behind(arguments, 2);
    if (world.client.state != RPCANCEL_DATAGRAM_IDLE)
        return;
    if (stub.size > 0)
        memcpy(world.stub, stub.bytes, stub.size);
    stub.bytes = world.stub;
    rpcancel_datagram_oracle_calls(&world.oracle);
    rpcancel_datagram_client_call(&world.client, (uint16_t)(opnum % (OPERATIONS + 1)), stub, opnum & 0x80,
                                  timeout ? timeout * 100 : RPCANCEL_NEVER);
    rpcancel_datagram_oracle_called(&world.oracle,
                                    world.client.sequence - has(RPCANCEL_DATAGRAM_DEFECT_SEQUENCE_STAYS));
}

static void cancel(void)
{
    if (world.client.state != RPCANCEL_DATAGRAM_CALLING)
        return;
    rpcancel_datagram_oracle_cancels(&world.oracle, world.client.timeout);
    rpcancel_datagram_client_cancel(&world.client);
}

static void orphan(void)
{
    if (world.client.state != RPCANCEL_DATAGRAM_CALLING)
        return;
    rpcancel_datagram_oracle_orphans(&world.oracle);
    rpcancel_datagram_client_orphan(&world.client);
}

static uint32_t timer(uint32_t next)
{
    next = has(RPCANCEL_DATAGRAM_DEFECT_TIMER_STANDS) && next != RPCANCEL_NEVER ? 0 : next;
    HOLD(datagram_timers, next == RPCANCEL_NEVER || (next > 0 && next <= LONGEST_TIMER));
    return next;
}

/* From timer to timer, so that what happens has its time. */
static void elapse(uint32_t ms)
{
    while (ms > 0 && !rpcancel_watch_failed()) {
        uint32_t next = rpcancel_timer_sooner(timer(rpcancel_datagram_client_next(&world.client)),
                                              timer(rpcancel_datagram_server_next(&world.server)));
        uint32_t step = rpcancel_timer_sooner(next, ms);
        if (rpcancel_watch_failed())
            return;
        rpcancel_datagram_oracle_passes(&world.oracle, step);
        rpcancel_datagram_client_elapse(&world.client, step);
        rpcancel_datagram_server_elapse(&world.server, step);
        ms -= step;
    }
    if (!rpcancel_watch_failed())
        rpcancel_datagram_oracle_settled(&world.oracle);
}

static void server_receives(uint64_t peer, const uint8_t *bytes, size_t size)
{
    rpcancel_datagram_oracle_server_receives(&world.oracle, peer, bytes, size);
    if (!rpcancel_watch_failed())
        rpcancel_datagram_server_receive(&world.server, peer, bytes, size);
}

static void client_receives(const uint8_t *bytes, size_t size)
{
    rpcancel_datagram_oracle_client_receives(&world.oracle, bytes, size);
    if (!rpcancel_watch_failed())
        rpcancel_datagram_client_receive(&world.client, bytes, size);
}

/* One that is on its way arrives, changed as |arguments| say. */
static void arrive(struct queue *queue, const struct rpcancel_span *arguments)
{
    uint8_t bytes[RPCANCEL_DATAGRAM_MAX];
    if (queue->count == 0)
        return;
    unsigned which = octet(arguments, 0) % queue->count;
    size_t size = queue->datagrams[which].size;
    memcpy(bytes, queue->datagrams[which].bytes, size);
    if (!(octet(arguments, 1) & 1))
        drop(queue, which);
    for (size_t at = 2; at + 1 < arguments->size; at += 2)
        bytes[arguments->bytes[at] % size] = arguments->bytes[at + 1];
    if (arguments->size > 2)
        rpcancel_datagram_codec_look(defect, bytes, size);
    if (rpcancel_watch_failed())
        return;
    if (queue == &world.to_server)
        server_receives(PEER, bytes, size);
    else
        client_receives(bytes, size);
}

static void arrive_all(struct queue *queue)
{
    static const struct rpcancel_span oldest = {NULL, 0};
    for (unsigned left = queue->count; left > 0 && !rpcancel_watch_failed(); left--)
        arrive(queue, &oldest);
}

static void lose(struct queue *queue, const struct rpcancel_span *arguments)
{
    if (queue->count > 0)
        drop(queue, octet(arguments, 0) % queue->count);
}

/* The application does something with a call that it has. */
static void answer(enum tag tag, const struct rpcancel_span *arguments)
{
    unsigned which = octet(arguments, 0), found = RPCANCEL_ACTIVITIES_MAX;
    for (unsigned i = 0; i < RPCANCEL_ACTIVITIES_MAX; i++) {
        unsigned at = (which + i) % RPCANCEL_ACTIVITIES_MAX;
        if (world.is_open[at] && found == RPCANCEL_ACTIVITIES_MAX)
            found = at;
    }
    if (found == RPCANCEL_ACTIVITIES_MAX)
        return;
    uint32_t status = 0;
    for (size_t i = 4; i > 0; i--)
        status = status << 8 | octet(arguments, i);
    if (tag == TAKE_CANCEL)
        rpcancel_datagram_server_take_cancel(&world.server, found);
    else if (tag == RESPOND)
        respond(found, behind(arguments, 1));
    else
        fault(found, status);
}

static void obey(enum tag tag, const struct rpcancel_span *octets)
{
    switch (tag) {
    case CALL:
        call(octets);
        break;
    case CANCEL:
        cancel();
        break;
    case ORPHAN:
        orphan();
        break;
    case ELAPSE:
        elapse((octet(octets, 0) | octet(octets, 1) << 8) % LONGEST_STEP);
        break;
    case TO_SERVER:
    case TO_CLIENT:
        arrive(tag == TO_SERVER ? &world.to_server : &world.to_client, octets);
        break;
    case LOST_TO_SERVER:
    case LOST_TO_CLIENT:
        lose(tag == LOST_TO_SERVER ? &world.to_server : &world.to_client, octets);
        break;
    case STRANGER_TO_SERVER:
        server_receives(STRANGER, octets->bytes, octets->size);
        break;
    case STRANGER_TO_CLIENT:
        client_receives(octets->bytes, octets->size);
        break;
    case ALL_TO_SERVER:
    case ALL_TO_CLIENT:
        arrive_all(tag == ALL_TO_SERVER ? &world.to_server : &world.to_client);
        break;
    case CODEC:
        break;
    default:
        answer(tag, octets);
    }
}

/* ---- an input ---- */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char *const defects[] = {
#define RPCANCEL_X(name, text) text,
        RPCANCEL_DATAGRAM_DEFECTS(RPCANCEL_X)
#undef RPCANCEL_X
    };
    (void)argc;
    (void)argv;
    defect = rpcancel_watch_open(RPCANCEL_INVARIANT_datagram_round_trip, RPCANCEL_INVARIANT_datagram_rules_of_server,
                                 defects, sizeof defects / sizeof defects[0], rpcancel_parcels_print);
    return 0;
}

static void begin(enum rpcancel_wire_profile profile)
{
    static const struct rpcancel_datagram_client_host client_host = {NULL, client_sends, client_completes};
    static const struct rpcancel_datagram_server_host server_host = {NULL,    server_sends, find_interface,
                                                                     execute, cancelled,    orphaned};
    const struct rpcancel_datagram_choices *choices = rpcancel_datagram_choices_of(profile);
    world.to_server.count = world.to_client.count = 0;
    memset(world.is_open, 0, sizeof world.is_open);
    rpcancel_datagram_client_init(&world.client, &client_host, choices, &activity, &interface.syntax);
    rpcancel_datagram_server_init(&world.server, &server_host, choices, 0xB007);
    rpcancel_datagram_oracle_begin(&world.oracle, profile, &activity);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rpcancel_span rest;
    struct rpcancel_parcel parcel;
    uint8_t settings = rpcancel_parcels_begin(data, size, &rest);
    rpcancel_watch_begin(data, size);
    begin((enum rpcancel_wire_profile)((settings & 7) % RPCANCEL_WIRE_PROFILES));
    while (!rpcancel_watch_failed() && rpcancel_parcel_next(&rest, &parcel)) {
        enum tag tag = (enum tag)(parcel.tag % TAGS);
        rpcancel_watch_piece(parcel.bytes.bytes + parcel.bytes.size);
        if (tag == STRANGER_TO_SERVER || tag == STRANGER_TO_CLIENT || tag == CODEC)
            rpcancel_datagram_codec_look(defect, parcel.bytes.bytes, parcel.bytes.size);
        if (!rpcancel_watch_failed())
            obey(tag, &parcel.bytes);
    }
    rpcancel_watch_end();
    return 0;
}
