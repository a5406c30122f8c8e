// SPDX-License-Identifier: Apache-2.0
#include "association/lockstep.h"

#include <stdlib.h>
#include <string.h>

#include "association/lockstep_compare.h"
#include "engine/alphabet.h"

enum { LOOK_EVERY = 4096 /* pairs between looks at the limits */ };

struct pair {
    struct rpcancel_world world;
    struct rpcancel_routes routes;
};
static_assert(sizeof(struct pair) == 48, "no padding: bytes are identity");

struct lockstep {
    const struct rpcancel_lockstep_options *options;
    struct rpcancel_lockstep_result *result;
    struct rpcancel_alphabet alphabet;
    struct rpcancel_network network;
    struct rpcancel_flat_table pairs, worlds;
    uint32_t *parents; /* of each pair, and the operation that led to it */
    uint16_t *leads;
    uint32_t room;
    uint8_t *world_edges; /* of each world of |worlds|, a bit for each operation that happened in it */
    uint32_t world_room;
    size_t world_octets;
    uint32_t expanding;
    bool ended;
};

const char *rpcancel_lockstep_difference_text(enum rpcancel_lockstep_difference difference)
{
    static const char *const texts[] = {
#define RPCANCEL_X(name, text) text,
        RPCANCEL_LOCKSTEP_DIFFERENCES(RPCANCEL_X)
#undef RPCANCEL_X
    };
    return texts[difference];
}

static void end_search(struct lockstep *lockstep, enum rpcancel_lockstep_end end)
{
    lockstep->result->end = end;
    lockstep->ended = true;
}

/* ---- the reference alone ---- */

static struct rpcancel_answer step_reference(const struct lockstep *lockstep, struct rpcancel_world *world,
                                             struct rpcancel_operation operation)
{
    struct rpcancel_world before = *world;
    struct rpcancel_answer answer = lockstep->options->step(&rpcancel_choices_documented, world, operation);
    if (lockstep->options->earlier || !rpcancel_answer_happened(answer))
        return answer;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        if (rpcancel_call_alive(world->lanes[i].earlier)) {
            *world = before;
            return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
        }
    }
    return answer;
}

static uint32_t number_of_world(struct lockstep *lockstep, const struct rpcancel_world *world)
{
    bool is_new;
    uint32_t number = rpcancel_flat_table_add(&lockstep->worlds, world, &is_new);
    if (number != RPCANCEL_NO_ITEM && lockstep->worlds.room > lockstep->world_room) {
        uint8_t *edges = realloc(lockstep->world_edges, lockstep->worlds.room * lockstep->world_octets);
        if (edges) {
            memset(edges + lockstep->world_room * lockstep->world_octets, 0,
                   (lockstep->worlds.room - lockstep->world_room) * lockstep->world_octets);
            lockstep->world_edges = edges;
            lockstep->world_room = lockstep->worlds.room;
            return number;
        }
        number = RPCANCEL_NO_ITEM;
    }
    if (number == RPCANCEL_NO_ITEM)
        end_search(lockstep, RPCANCEL_LOCKSTEP_MEMORY);
    return number;
}

/* Counts what the reference reaches by itself, so that it shows whether the pairs have all of it. */
static void count_reference(struct lockstep *lockstep)
{
    struct rpcancel_world start;
    rpcancel_world_reset(&start);
    number_of_world(lockstep, &start);
    for (uint32_t i = 0; i < lockstep->worlds.count && !lockstep->ended; i++) {
        struct rpcancel_world from;
        rpcancel_flat_table_get(&lockstep->worlds, i, &from);
        for (unsigned lead = 0; lead < lockstep->alphabet.count; lead++) {
            struct rpcancel_world to = from;
            if (!rpcancel_answer_happened(step_reference(lockstep, &to, lockstep->alphabet.operations[lead])))
                continue;
            lockstep->result->world_edges_of_reference++;
            number_of_world(lockstep, &to);
        }
    }
    lockstep->result->worlds_of_reference = lockstep->worlds.count;
}

static void cover(struct lockstep *lockstep, const struct rpcancel_world *world, unsigned lead)
{
    uint32_t number = number_of_world(lockstep, world);
    if (number == RPCANCEL_NO_ITEM)
        return;
    uint8_t *edges = lockstep->world_edges + number * lockstep->world_octets;
    bool was_there = false;
    for (size_t i = 0; i < lockstep->world_octets; i++)
        was_there |= edges[i] != 0;
    lockstep->result->worlds += !was_there;
    uint8_t bit = (uint8_t)(1u << lead % 8);
    lockstep->result->world_edges += !(edges[lead / 8] & bit);
    edges[lead / 8] |= bit;
}

/* ---- one operation on the wire ---- */

static bool is_waiting(struct rpcancel_handle handle)
{
    return handle.phase == RPCANCEL_HANDLE_OUTSTANDING || handle.phase == RPCANCEL_HANDLE_CANCELLING;
}

/* The call is issued, unless the stub raised; an earlier one that lives is set aside. */
static enum rpcancel_network_end issue(struct lockstep *lockstep, const struct rpcancel_world *before,
                                       struct rpcancel_routes *routes, struct rpcancel_operation operation,
                                       struct rpcancel_answer answer)
{
    unsigned place = rpcancel_place(operation.handle, false);
    struct rpcancel_call_view view;
    if (answer.kind != RPCANCEL_ANSWER_CODE)
        return RPCANCEL_NETWORK_DONE;
    rpcancel_network_view(&lockstep->network, routes, place, &view);
    if (rpcancel_call_alive(before->lanes[operation.handle].call))
        rpcancel_network_set_aside(&lockstep->network, routes, operation.handle);
    else if (view.fate.at_client != RPCANCEL_FATE_NONE)
        rpcancel_network_forget(&lockstep->network, routes, place);
    return rpcancel_network_request(&lockstep->network, routes, place);
}

/* What the wire does for an operation that happened in the reference. */
static enum rpcancel_network_end carry_out(struct lockstep *lockstep, const struct rpcancel_world *before,
                                           struct rpcancel_routes *routes, struct rpcancel_operation operation,
                                           struct rpcancel_answer answer)
{
    struct rpcancel_network *network = &lockstep->network;
    unsigned place = rpcancel_place(operation.handle, operation.earlier);
    switch (operation.kind) {
    case RPCANCEL_OP_CALL:
        return issue(lockstep, before, routes, operation, answer);
    case RPCANCEL_OP_CANCEL:
        return rpcancel_network_cancel(network, routes, place);
    case RPCANCEL_OP_CANCEL_ABORT:
        return rpcancel_network_orphan(network, routes, place);
    case RPCANCEL_OP_LOSE_LINK:
        rpcancel_network_lose(network, routes);
        return RPCANCEL_NETWORK_DONE;
    case RPCANCEL_OP_SETTLE:
        rpcancel_network_settle(network, routes);
        return RPCANCEL_NETWORK_DONE;
    case RPCANCEL_OP_SERVER_COMPLETE:
        return rpcancel_network_reply(network, routes, place, 0);
    case RPCANCEL_OP_SERVER_ABORT:
    case RPCANCEL_OP_RAISE:
        return rpcancel_network_reply(network, routes, place, rpcancel_fault_code(operation.argument));
    default:
        if (rpcancel_is_delivery(operation.kind))
            return rpcancel_network_deliver(network, routes, place, (enum rpcancel_operation_kind)operation.kind);
        return RPCANCEL_NETWORK_DONE;
    }
}

/* Whether an operation that happened may send nothing, and let nothing arrive, on the wire. */
static bool may_be_nothing(struct rpcancel_comparison *comparison, const struct rpcancel_world *before,
                           const struct rpcancel_routes *routes, struct rpcancel_operation operation)
{
    struct rpcancel_call_view view;
    if (operation.kind == RPCANCEL_OP_CANCEL || operation.kind == RPCANCEL_OP_CANCEL_ABORT)
        return !is_waiting(before->lanes[operation.handle].handle);
    if (operation.kind != RPCANCEL_OP_DELIVER_REPLY)
        return false;
    rpcancel_network_view(comparison->network, routes, rpcancel_place(operation.handle, operation.earlier), &view);
    bool withheld = view.fate.given_up == RPCANCEL_GIVEN_UP_ORPHANED;
    comparison->differences |= 1u << (withheld ? RPCANCEL_DIFFERENCE_REPLY_WITHHELD : RPCANCEL_DIFFERENCE_REPLY_CLOSED);
    return true; /* that it may be missing was found when the states were compared */
}

/* Calls that are over at both ends, and that no handle will be asked about, are nothing any more. */
static void forget_what_is_over(struct lockstep *lockstep, struct pair *pair)
{
    for (unsigned handle = 0; handle < lockstep->options->calls; handle++) {
        const struct rpcancel_lane *lane = &pair->world.lanes[handle];
        bool is_asked =
            lane->handle.phase >= RPCANCEL_HANDLE_OUTSTANDING && lane->handle.phase <= RPCANCEL_HANDLE_FAILED;
        struct rpcancel_call_view view;
        if (!rpcancel_call_alive(lane->earlier))
            rpcancel_network_forget(&lockstep->network, &pair->routes, rpcancel_place(handle, true));
        rpcancel_network_view(&lockstep->network, &pair->routes, rpcancel_place(handle, false), &view);
        bool is_over = lane->call.phase == RPCANCEL_CALL_NONE || lane->call.phase == RPCANCEL_CALL_ENDED;
        if (!rpcancel_call_alive(lane->call) && !is_asked && is_over)
            rpcancel_network_forget(&lockstep->network, &pair->routes, rpcancel_place(handle, false));
    }
}

/* ---- the search ---- */

static void note_disagreement(struct lockstep *lockstep, struct rpcancel_operation operation)
{
    struct rpcancel_lockstep_result *result = lockstep->result;
    struct rpcancel_operation way[RPCANCEL_LOCKSTEP_PATH_MAX];
    unsigned count = 1;
    way[0] = operation;
    for (uint32_t pair = lockstep->expanding; pair != 0 && count < RPCANCEL_LOCKSTEP_PATH_MAX;
         pair = lockstep->parents[pair])
        way[count++] = lockstep->alphabet.operations[lockstep->leads[pair]];
    result->path_length = count;
    for (unsigned i = 0; i < count; i++)
        result->path[i] = way[count - 1 - i];
    end_search(lockstep, RPCANCEL_LOCKSTEP_DISAGREE);
}

static bool make_room(struct lockstep *lockstep)
{
    if (lockstep->pairs.room == lockstep->room)
        return true;
    uint32_t *parents = realloc(lockstep->parents, lockstep->pairs.room * sizeof *parents);
    lockstep->parents = parents ? parents : lockstep->parents;
    uint16_t *leads = realloc(lockstep->leads, lockstep->pairs.room * sizeof *leads);
    lockstep->leads = leads ? leads : lockstep->leads;
    if (!parents || !leads)
        return false;
    lockstep->room = lockstep->pairs.room;
    return true;
}

static void add_pair(struct lockstep *lockstep, const struct pair *pair, unsigned lead)
{
    bool is_new;
    uint32_t number = rpcancel_flat_table_add(&lockstep->pairs, pair, &is_new);
    if (number == RPCANCEL_NO_ITEM || !make_room(lockstep) || lockstep->network.no_memory) {
        end_search(lockstep, RPCANCEL_LOCKSTEP_MEMORY);
        return;
    }
    if (is_new) {
        lockstep->parents[number] = lockstep->expanding;
        lockstep->leads[number] = (uint16_t)lead;
    }
}

/* An orphaned that comes in parts can be seen in parts: the manager knows of it one delivery earlier. */
static unsigned parted(struct lockstep *lockstep, const struct pair *from, struct rpcancel_operation operation)
{
    struct rpcancel_call_view view;
    if (operation.kind != RPCANCEL_OP_DELIVER_ORPHANED)
        return 0;
    rpcancel_network_view(&lockstep->network, &from->routes, rpcancel_place(operation.handle, operation.earlier),
                          &view);
    return view.parts_orphaned ? 1u << RPCANCEL_DIFFERENCE_PARTED : 0;
}

static void count_edge(struct lockstep *lockstep, const struct rpcancel_comparison *comparison)
{
    lockstep->result->edges++;
    lockstep->result->answers += comparison->answered;
    for (unsigned i = 0; i < RPCANCEL_DIFFERENCES; i++)
        lockstep->result->differences[i] += comparison->differences >> i & 1u;
}

static void follow(struct lockstep *lockstep, const struct pair *from, unsigned lead)
{
    struct rpcancel_operation operation = lockstep->alphabet.operations[lead];
    struct rpcancel_comparison comparison = {lockstep->options, &lockstep->network, lockstep->result->text, 0, false};
    struct pair to = *from;
    struct rpcancel_answer answer = step_reference(lockstep, &to.world, operation);
    if (!rpcancel_answer_happened(answer))
        return;
    bool agree = rpcancel_compare_answers(&comparison, &from->world, &from->routes, operation, answer);
    comparison.differences |= parted(lockstep, from, operation);
    enum rpcancel_network_end end = carry_out(lockstep, &from->world, &to.routes, operation, answer);
    if (end == RPCANCEL_NETWORK_BEYOND && from->world.lanes[operation.handle].call.cancel)
        end = RPCANCEL_NETWORK_DONE; /* it meets the one that is on its way (W46) */
    if (end == RPCANCEL_NETWORK_LEFT_OUT || end == RPCANCEL_NETWORK_BEYOND) {
        lockstep->result->left_out += end == RPCANCEL_NETWORK_LEFT_OUT;
        lockstep->result->beyond += end == RPCANCEL_NETWORK_BEYOND;
        return;
    }
    if (agree && end == RPCANCEL_NETWORK_NOTHING &&
        !may_be_nothing(&comparison, &from->world, &from->routes, operation)) {
        strcpy(lockstep->result->text, "it happens in the reference, and nothing does on the wire");
        agree = false;
    }
    agree = agree && rpcancel_compare_states(&comparison, &to.world, &to.routes);
    count_edge(lockstep, &comparison);
    cover(lockstep, &from->world, lead);
    if (!agree) {
        note_disagreement(lockstep, operation);
        return;
    }
    forget_what_is_over(lockstep, &to);
    add_pair(lockstep, &to, lead);
}

static void run(struct lockstep *lockstep)
{
    struct pair start = {0};
    rpcancel_world_reset(&start.world);
    add_pair(lockstep, &start, 0);
    while (lockstep->expanding < lockstep->pairs.count && !lockstep->ended) {
        struct pair pair;
        rpcancel_flat_table_get(&lockstep->pairs, lockstep->expanding, &pair);
        for (unsigned lead = 0; lead < lockstep->alphabet.count && !lockstep->ended; lead++)
            follow(lockstep, &pair, lead);
        if (!lockstep->ended && ++lockstep->expanding % LOOK_EVERY == 0 && lockstep->options->stop &&
            *lockstep->options->stop)
            end_search(lockstep, RPCANCEL_LOCKSTEP_STOPPED);
    }
    lockstep->result->states = lockstep->pairs.count;
    lockstep->result->associations = lockstep->network.states.count;
}

void rpcancel_lockstep(const struct rpcancel_lockstep_options *options, struct rpcancel_lockstep_result *result)
{
    struct rpcancel_lockstep_options chosen = *options;
    struct lockstep *lockstep = calloc(1, sizeof *lockstep);
    memset(result, 0, sizeof *result);
    result->end = RPCANCEL_LOCKSTEP_MEMORY;
    if (!lockstep)
        return;
    if (!chosen.step)
        chosen.step = rpcancel_step;
    lockstep->options = &chosen;
    lockstep->result = result;
    rpcancel_alphabet_init(&lockstep->alphabet, options->calls, options->threads, options->every_argument);
    lockstep->world_octets = (lockstep->alphabet.count + 7) / 8;
    lockstep->network = (struct rpcancel_network){.choices = rpcancel_wire_choices_of(options->profile),
                                                  .abandonment = options->abandonment,
                                                  .shared = options->shared,
                                                  .cancels = options->cancels};
    if (rpcancel_network_open(&lockstep->network)) {
        if (rpcancel_flat_table_open(&lockstep->pairs, sizeof(struct pair)) &&
            rpcancel_flat_table_open(&lockstep->worlds, sizeof(struct rpcancel_world))) {
            result->end = RPCANCEL_LOCKSTEP_CLOSED;
            count_reference(lockstep);
            if (!lockstep->ended)
                run(lockstep);
        }
        rpcancel_network_close(&lockstep->network);
    }
    rpcancel_flat_table_close(&lockstep->pairs);
    rpcancel_flat_table_close(&lockstep->worlds);
    free(lockstep->parents);
    free(lockstep->leads);
    free(lockstep->world_edges);
    free(lockstep);
}
