// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_TEMPLATES_H
#define RPCANCEL_FUZZERS_STREAMS_TEMPLATES_H
/* Fragments to begin with: well-formed ones of every type, for mutators, dictionaries and targets, and the interface
 * that the targets' server offers. */
#include "random.h"
#include "wire/server.h"

/* Operations of the interface: what the application does by itself. Those from PARK on wait for choices. */
enum rpcancel_fuzzed_operation {
    RPCANCEL_FUZZED_ECHO,
    RPCANCEL_FUZZED_FAULT,  /* takes a number of 16 bits, the status */
    RPCANCEL_FUZZED_STREAM, /* takes a number of 16 bits, how many octets to return */
    RPCANCEL_FUZZED_FAULT_WHEN_CANCELLED,
    RPCANCEL_FUZZED_RESPOND_WHEN_CANCELLED,
    RPCANCEL_FUZZED_RESPOND_WHEN_ORPHANED,
    RPCANCEL_FUZZED_PARK,
    RPCANCEL_FUZZED_OPERATIONS
};

extern const struct rpcancel_interface rpcancel_fuzzed_interface;

enum { RPCANCEL_TEMPLATE_SIZE_MAX = 256 };

/* rpcancel_template_bind writes a bind of rpcancel_fuzzed_interface as context 0 to |out|, which holds
 * RPCANCEL_TEMPLATE_SIZE_MAX octets, with |flags| besides first and last; both sizes are |fragment_max|. Returns its
 * size. */
size_t rpcancel_template_bind(uint8_t *out, uint8_t flags, uint16_t fragment_max);

/* rpcancel_template_bind_ack writes an answer to such a bind that accepts the context and grants |features|. Returns
 * its size. */
size_t rpcancel_template_bind_ack(uint8_t *out, uint8_t flags, uint16_t features);

/* rpcancel_template_write writes a fragment of |type| for the call |call_id| to |out|, which holds
 * RPCANCEL_TEMPLATE_SIZE_MAX octets. What else it says is left to chance, mostly what the other end can do something
 * with. Returns its size. */
size_t rpcancel_template_write(uint8_t *out, enum rpcancel_pdu_type type, uint32_t call_id,
                               struct rpcancel_random *random);

#endif
