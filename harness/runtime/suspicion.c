// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "runtime/suspicion.h"

#include <stdio.h>
#include <string.h>

/* Takes |call_id| off the list; tells whether it was on it. */
static bool take(struct rpcancel_suspicion *suspicion, uint32_t call_id)
{
    for (unsigned i = 0; i < suspicion->open_count; i++) {
        if (suspicion->open[i] == call_id) {
            suspicion->open[i] = suspicion->open[--suspicion->open_count];
            return true;
        }
    }
    return false;
}

/* In the other byte order the same octets ask for something else, and in fragments they come as the client likes. */
static void take_request(struct rpcancel_suspicion *suspicion, const struct rpcancel_wire_event *event)
{
    const struct rpcancel_pdu *pdu = &event->pdu;
    bool is_whole = (pdu->flags & RPCANCEL_PFC_SINGLE) == RPCANCEL_PFC_SINGLE;
    take(suspicion, pdu->call_id);
    if (event->class == RPCANCEL_CLASS_FAST && is_whole && !rpcancel_pdu_is_big_endian(pdu) &&
        suspicion->open_count < RPCANCEL_SUSPICION_CALLS)
        suspicion->open[suspicion->open_count++] = pdu->call_id;
}

static size_t octets_kept(size_t size)
{
    return size < RPCANCEL_SUSPICION_OCTETS ? size : RPCANCEL_SUSPICION_OCTETS;
}

static void print_response(const char *which, uint32_t alloc_hint, const uint8_t *octets, size_t size, FILE *out)
{
    fprintf(out, "# %s: alloc_hint %lu, stub data of %zu octets:", which, (unsigned long)alloc_hint, size);
    for (size_t i = 0; i < octets_kept(size); i++) /* lines of a sequence are no longer than 1024 */
        fprintf(out, "%s%02x", i % 32 == 0 ? "\n#   " : "", octets[i]);
    fputs(octets_kept(size) < size ? " …\n" : "\n", out);
}

static void suspect(struct rpcancel_suspicion *suspicion, const struct rpcancel_pdu *pdu,
                    const struct rpcancel_sequence *sequence)
{
    FILE *out = fmemopen(suspicion->text, sizeof suspicion->text - 1, "w");
    if (!out)
        return;
    fputs("# Suspected memory: the target says that every response of `fast` is the same, and this one is not.\n", out);
    print_response("first", suspicion->alloc_hint, suspicion->octets, suspicion->size, out);
    print_response("now", pdu->response.alloc_hint, pdu->data.bytes, pdu->data.size, out);
    rpcancel_sequence_write_text(sequence, out);
    fclose(out);
    char *end = strrchr(suspicion->text, '\n');
    if (end)
        end[1] = '\0'; /* of a sequence that does not fit, whole lines */
}

static void take_response(struct rpcancel_suspicion *suspicion, const struct rpcancel_pdu *pdu,
                          const struct rpcancel_sequence *sequence)
{
    size_t kept = octets_kept(pdu->data.size);
    bool is_whole = (pdu->flags & RPCANCEL_PFC_SINGLE) == RPCANCEL_PFC_SINGLE;
    if (!take(suspicion, pdu->call_id) || !is_whole)
        return;
    if (!suspicion->is_known) {
        suspicion->is_known = true;
        suspicion->drep = pdu->drep[0];
        suspicion->alloc_hint = pdu->response.alloc_hint;
        suspicion->size = pdu->data.size;
        if (kept)
            memcpy(suspicion->octets, pdu->data.bytes, kept);
        return;
    }
    bool is_same = suspicion->size == pdu->data.size && suspicion->alloc_hint == pdu->response.alloc_hint &&
                   (!kept || memcmp(suspicion->octets, pdu->data.bytes, kept) == 0);
    if (!is_same && suspicion->drep == pdu->drep[0] && !suspicion->text[0])
        suspect(suspicion, pdu, sequence);
}

void rpcancel_suspicion_look(struct rpcancel_suspicion *suspicion, const struct rpcancel_wire_event *event,
                             const struct rpcancel_sequence *sequence)
{
    if (!suspicion->is_wanted)
        return;
    if (event->kind == RPCANCEL_WIRE_CLOSED)
        suspicion->open_count = 0; /* the next connection has call_ids of its own */
    if (event->kind != RPCANCEL_WIRE_PDU)
        return;
    if (event->sender == RPCANCEL_SENDER_CLIENT && event->pdu.type == RPCANCEL_PDU_REQUEST)
        take_request(suspicion, event);
    else if (event->sender == RPCANCEL_SENDER_SERVER && event->pdu.type == RPCANCEL_PDU_RESPONSE)
        take_response(suspicion, &event->pdu, sequence);
}
