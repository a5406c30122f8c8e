// SPDX-License-Identifier: Apache-2.0
/* How fast small PDUs are decoded, strictly: the three of a cancelled call. */
#include <inttypes.h>
#include <stdio.h>

#include "bench/bench.h"
#include "wire/pdu.h"

enum { KINDS = 3, ROUNDS = 100000, SIZE = 32 };

int bench_pdu(double seconds)
{
    static const enum rpcancel_pdu_type types[KINDS] = {RPCANCEL_PDU_REQUEST, RPCANCEL_PDU_CO_CANCEL,
                                                        RPCANCEL_PDU_FAULT};
    uint8_t octets[KINDS][SIZE];
    size_t sizes[KINDS];
    for (unsigned kind = 0; kind < KINDS; kind++) {
        struct rpcancel_pdu pdu;
        rpcancel_pdu_init(&pdu, types[kind], kind);
        sizes[kind] = rpcancel_pdu_encode(&pdu, octets[kind], SIZE);
    }
    uint64_t decoded = 0, call_ids = 0;
    double begin = bench_processor(), end = begin;
    for (; end - begin < seconds; end = bench_processor()) {
        for (unsigned round = 0; round < ROUNDS; round++) {
            for (unsigned kind = 0; kind < KINDS; kind++) {
                struct rpcancel_pdu pdu;
                struct rpcancel_pdu_complaint complaint;
                octets[kind][12] = (uint8_t)round; /* of call_id, so that nothing is known beforehand */
                decoded += rpcancel_pdu_decode(octets[kind], sizes[kind], RPCANCEL_STRICT, &pdu, &complaint);
                call_ids += pdu.call_id;
            }
        }
    }
    printf("pdu %.0f PDUs/s, %" PRIu64 " decoded, call_ids %016" PRIx64 "\n", (double)decoded / (end - begin), decoded,
           call_ids);
    return 0;
}
