// SPDX-License-Identifier: Apache-2.0
#include "suite/identify.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_AT_ONCE = 64 /* by which the list grows, and one bit of the sets each */ };

struct maker {
    struct rpcancel_identifiers *identifiers;
    const struct rpcancel_machine *machine;
    struct rpcancel_apart apart;
    uint64_t **sets; /* by WORDS_AT_ONCE words: by state, a set of them */
};

static unsigned blocks(const struct maker *maker)
{
    return (maker->identifiers->count + WORDS_AT_ONCE - 1) / WORDS_AT_ONCE;
}

static bool has_word(const struct maker *maker, uint32_t state, unsigned word)
{
    return maker->sets[word / WORDS_AT_ONCE][state] >> word % WORDS_AT_ONCE & 1u;
}

static void give_word(struct maker *maker, uint32_t state, unsigned word)
{
    maker->sets[word / WORDS_AT_ONCE][state] |= UINT64_C(1) << word % WORDS_AT_ONCE;
}

/* ---- words ---- */

static int find_word(const struct rpcancel_identifiers *identifiers, const uint16_t *inputs, unsigned count)
{
    for (unsigned i = 0; i < identifiers->count; i++) {
        const struct rpcancel_word *word = &identifiers->words[i];
        if (word->count == count && memcmp(word->inputs, inputs, count * sizeof *inputs) == 0)
            return (int)i;
    }
    return -1;
}

static bool make_room(struct maker *maker)
{
    struct rpcancel_identifiers *identifiers = maker->identifiers;
    unsigned block = blocks(maker);
    if (identifiers->count % WORDS_AT_ONCE != 0)
        return true;
    struct rpcancel_word *words =
        realloc(identifiers->words, (identifiers->count + WORDS_AT_ONCE) * sizeof *identifiers->words);
    if (words)
        identifiers->words = words;
    uint64_t **sets = words ? realloc(maker->sets, (block + 1) * sizeof *sets) : NULL;
    if (!sets)
        return false;
    maker->sets = sets;
    sets[block] = calloc(maker->machine->states, sizeof **sets);
    return sets[block] != NULL;
}

/* Returns the number of the word, or -1 when memory is exhausted. */
static int add_word(struct maker *maker, const uint16_t *inputs, unsigned count)
{
    struct rpcancel_identifiers *identifiers = maker->identifiers;
    int known = find_word(identifiers, inputs, count);
    if (known >= 0)
        return known;
    if (!make_room(maker))
        return -1;
    struct rpcancel_word *word = &identifiers->words[identifiers->count];
    *word = (struct rpcancel_word){count, malloc(count * sizeof *inputs)};
    if (!word->inputs) {
        if (identifiers->count % WORDS_AT_ONCE == 0)
            free(maker->sets[identifiers->count / WORDS_AT_ONCE]);
        return -1;
    }
    memcpy(word->inputs, inputs, count * sizeof *inputs);
    return (int)identifiers->count++;
}

/* ---- which state has which ---- */

/* Whether a word that |expected| has, and where it is to be harmonised |actual| has as well, tells them apart. */
static bool have_one(const struct maker *maker, uint32_t expected, uint32_t actual)
{
    for (unsigned block = 0; block < blocks(maker); block++) {
        uint64_t common = maker->sets[block][expected];
        if (maker->apart.how == RPCANCEL_APART_CERTAINLY)
            common &= maker->sets[block][actual];
        for (; common; common &= common - 1) {
            const struct rpcancel_word *word =
                &maker->identifiers->words[block * WORDS_AT_ONCE + (unsigned)__builtin_ctzll(common)];
            if (rpcancel_apart_tells(maker->machine, maker->apart.how, expected, actual, word->inputs, word->count))
                return true;
        }
    }
    return false;
}

static bool give_one(struct maker *maker, uint32_t expected, uint32_t actual)
{
    uint16_t inputs[RPCANCEL_APART_INPUTS_MAX];
    unsigned count = rpcancel_apart_write(&maker->apart, expected, actual, inputs);
    int word = add_word(maker, inputs, count);
    if (word < 0)
        return false;
    give_word(maker, expected, (unsigned)word);
    if (maker->apart.how == RPCANCEL_APART_CERTAINLY)
        give_word(maker, actual, (unsigned)word);
    return true;
}

/* Long words first: they often do for pairs that a short one would do for. */
static bool give_all_of(struct maker *maker, unsigned length)
{
    uint32_t states = maker->machine->states;
    for (uint32_t expected = 0; expected < states; expected++) {
        uint32_t first = maker->apart.how == RPCANCEL_APART_CERTAINLY ? expected + 1 : 0;
        for (uint32_t actual = first; actual < states; actual++) {
            if (rpcancel_apart_length(&maker->apart, expected, actual) != length || have_one(maker, expected, actual))
                continue;
            if (!give_one(maker, expected, actual))
                return false;
        }
    }
    return true;
}

static unsigned longest(const struct rpcancel_apart *apart)
{
    unsigned most = 0;
    for (size_t i = 0; i < (size_t)apart->machine->states * apart->machine->states; i++)
        most = apart->length[i] > most ? apart->length[i] : most;
    return most;
}

/* The pairs that are told apart in at least one direction. */
static uint64_t count_pairs(const struct rpcancel_apart *apart)
{
    uint64_t count = 0;
    for (uint32_t one = 0; one < apart->machine->states; one++) {
        for (uint32_t other = one + 1; other < apart->machine->states; other++)
            count += rpcancel_apart_length(apart, one, other) || rpcancel_apart_length(apart, other, one);
    }
    return count;
}

static bool give_words(struct maker *maker, enum rpcancel_apart_how how, uint64_t *told)
{
    if (!rpcancel_apart_find(&maker->apart, maker->machine, how))
        return false;
    bool given = true;
    for (unsigned length = longest(&maker->apart); given && length > 0; length--)
        given = give_all_of(maker, length);
    *told = count_pairs(&maker->apart);
    rpcancel_apart_close(&maker->apart);
    return given;
}

/* ---- the result ---- */

static bool list_words(const struct maker *maker)
{
    struct rpcancel_identifiers *identifiers = maker->identifiers;
    uint32_t total = 0;
    for (unsigned block = 0; block < blocks(maker); block++) {
        for (uint32_t state = 0; state < identifiers->states; state++)
            total += (uint32_t)__builtin_popcountll(maker->sets[block][state]);
    }
    identifiers->begin = calloc(identifiers->states + 1u, sizeof *identifiers->begin);
    identifiers->of = calloc(total + 1u, sizeof *identifiers->of);
    if (!identifiers->begin || !identifiers->of)
        return false;
    uint32_t at = 0;
    for (uint32_t state = 0; state < identifiers->states; state++) {
        for (unsigned word = 0; word < identifiers->count; word++) {
            if (has_word(maker, state, word))
                identifiers->of[at++] = word;
        }
        identifiers->begin[state + 1] = at;
    }
    return true;
}

bool rpcancel_identifiers_make(struct rpcancel_identifiers *identifiers, const struct rpcancel_machine *machine)
{
    struct maker maker = {.identifiers = identifiers, .machine = machine};
    uint64_t pairs = (uint64_t)machine->states * (machine->states - 1u) / 2, certain = 0, either = 0;
    *identifiers = (struct rpcancel_identifiers){.states = machine->states};
    bool made = give_words(&maker, RPCANCEL_APART_CERTAINLY, &certain) &&
                give_words(&maker, RPCANCEL_APART_BY_REFERENCE, &either) && list_words(&maker);
    identifiers->pairs[RPCANCEL_PAIRS_CERTAIN] = certain;
    identifiers->pairs[RPCANCEL_PAIRS_BY_REFERENCE] = either - certain;
    identifiers->pairs[RPCANCEL_PAIRS_NOT] = pairs - either;
    for (unsigned block = 0; block < blocks(&maker); block++)
        free(maker.sets[block]);
    free(maker.sets);
    return made;
}

void rpcancel_identifiers_free(struct rpcancel_identifiers *identifiers)
{
    for (unsigned i = 0; i < identifiers->count; i++)
        free(identifiers->words[i].inputs);
    free(identifiers->words);
    free(identifiers->begin);
    free(identifiers->of);
    *identifiers = (struct rpcancel_identifiers){0};
}
