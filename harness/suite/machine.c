// SPDX-License-Identifier: Apache-2.0
#include "suite/machine.h"

#include <stdlib.h>
#include <string.h>

bool rpcancel_machine_open(struct rpcancel_machine *machine, uint32_t states, unsigned inputs)
{
    size_t count = (size_t)states * inputs;
    *machine = (struct rpcancel_machine){states, inputs, malloc((count + 1) * sizeof *machine->transitions)};
    for (size_t i = 0; machine->transitions && i < count; i++)
        machine->transitions[i] = (struct rpcancel_transition){.next = RPCANCEL_MACHINE_IMPOSSIBLE};
    return machine->transitions != NULL;
}

void rpcancel_machine_close(struct rpcancel_machine *machine)
{
    free(machine->transitions);
    *machine = (struct rpcancel_machine){0};
}

/* ---- partition refinement ---- */

struct partition {
    const struct rpcancel_machine *machine;
    uint32_t classes;
    uint32_t *now;   /* by state: its class */
    uint32_t *after; /* the same, one round finer */
    uint32_t *first; /* by class: its first state */
    uint32_t *slots; /* hash table of classes + 1; 0 is empty */
    uint32_t mask;   /* number of slots - 1 */
};

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

/* The class that |transition| leads to, for which IMPOSSIBLE is one as well. */
static uint32_t target(const struct partition *partition, const struct rpcancel_transition *transition)
{
    return rpcancel_transition_is_possible(transition) ? partition->now[transition->next] : transition->next;
}

static uint64_t hash_of(const struct partition *partition, uint32_t state)
{
    uint64_t hash = partition->now[state];
    for (unsigned input = 0; input < partition->machine->inputs; input++) {
        const struct rpcancel_transition *transition = rpcancel_machine_at(partition->machine, state, input);
        hash = mix(mix(hash, target(partition, transition)), transition->allowed);
    }
    return hash;
}

static bool look_alike(const struct partition *partition, uint32_t one, uint32_t other)
{
    if (partition->now[one] != partition->now[other])
        return false;
    for (unsigned input = 0; input < partition->machine->inputs; input++) {
        const struct rpcancel_transition *a = rpcancel_machine_at(partition->machine, one, input);
        const struct rpcancel_transition *b = rpcancel_machine_at(partition->machine, other, input);
        if (target(partition, a) != target(partition, b) || a->allowed != b->allowed)
            return false;
    }
    return true;
}

static void refine(struct partition *partition)
{
    uint32_t classes = 0;
    memset(partition->slots, 0, ((size_t)partition->mask + 1) * sizeof *partition->slots);
    for (uint32_t state = 0; state < partition->machine->states; state++) {
        uint32_t at = (uint32_t)hash_of(partition, state) & partition->mask;
        while (partition->slots[at] && !look_alike(partition, partition->first[partition->slots[at] - 1], state))
            at = (at + 1) & partition->mask;
        if (!partition->slots[at]) {
            partition->first[classes] = state;
            partition->slots[at] = ++classes;
        }
        partition->after[state] = partition->slots[at] - 1;
    }
    memcpy(partition->now, partition->after, partition->machine->states * sizeof *partition->now);
    partition->classes = classes;
}

static bool open_partition(struct partition *partition, const struct rpcancel_machine *machine)
{
    *partition = (struct partition){.machine = machine, .mask = 1};
    while (partition->mask < 2 * (uint64_t)machine->states)
        partition->mask = partition->mask * 2 + 1;
    partition->now = calloc(machine->states, sizeof *partition->now);
    partition->after = calloc(machine->states, sizeof *partition->after);
    partition->first = calloc(machine->states, sizeof *partition->first);
    partition->slots = calloc((size_t)partition->mask + 1, sizeof *partition->slots);
    return partition->now && partition->after && partition->first && partition->slots;
}

static void close_partition(struct partition *partition)
{
    free(partition->now);
    free(partition->after);
    free(partition->first);
    free(partition->slots);
}

static bool make_folded(const struct partition *partition, struct rpcancel_machine *folded)
{
    if (!rpcancel_machine_open(folded, partition->classes, partition->machine->inputs))
        return false;
    for (uint32_t number = 0; number < partition->classes; number++) {
        for (unsigned input = 0; input < folded->inputs; input++) {
            struct rpcancel_transition *transition = rpcancel_machine_at(folded, number, input);
            *transition = *rpcancel_machine_at(partition->machine, partition->first[number], input);
            transition->next = target(partition, transition);
        }
    }
    return true;
}

bool rpcancel_machine_fold(const struct rpcancel_machine *machine, struct rpcancel_machine *folded, uint32_t *class_of)
{
    struct partition partition;
    bool made = open_partition(&partition, machine);
    for (uint32_t before = UINT32_MAX; made && before != partition.classes;) {
        before = partition.classes;
        refine(&partition);
    }
    made = made && make_folded(&partition, folded);
    if (made)
        memcpy(class_of, partition.now, machine->states * sizeof *class_of);
    close_partition(&partition);
    return made;
}
