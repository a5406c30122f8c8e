// SPDX-License-Identifier: Apache-2.0
#include "streams/datagram_codec.h"

#include <stdlib.h>

#include "streams/watch.h"

/* What a reader of |strictness| says when it refuses. */
static void look_at_complaint(const struct rpcancel_datagram_complaint *complaint, bool accepted, size_t size,
                              enum rpcancel_strictness strictness)
{
    bool is_known = complaint->error < RPCANCEL_DATAGRAM_ERROR_COUNT &&
                    (strictness == RPCANCEL_STRICT || complaint->error <= RPCANCEL_DATAGRAM_ERROR_MASKS);
    HOLD(datagram_complaint, accepted == (complaint->error == RPCANCEL_DATAGRAM_ERROR_NONE));
    HOLD(datagram_complaint,
         is_known && complaint->offset <= size && rpcancel_datagram_error_text(complaint->error)[0]);
}

/* Writes |datagram| and returns whether that is the |size| octets at |bytes|. |out| holds as much. */
static bool writes(const struct rpcancel_datagram *datagram, const uint8_t *bytes, size_t size, uint8_t *out)
{
    return rpcancel_datagram_encode(datagram, out, size) == size && memcmp(out, bytes, size) == 0;
}

/* In the other byte order, and back; masks stay octets. */
static void turn_around(enum rpcancel_datagram_defect defect, const struct rpcancel_datagram *datagram,
                        const uint8_t *bytes, size_t size, uint8_t *out)
{
    struct rpcancel_datagram turned = *datagram, back;
    struct rpcancel_datagram_complaint complaint;
    uint8_t *other = malloc(size ? size : 1);
    if (!other)
        return;
    turned.drep[0] = (uint8_t)((datagram->drep[0] & 15) | (rpcancel_datagram_is_big_endian(datagram) ? 0x10 : 0));
    HOLD(datagram_byte_order,
         rpcancel_datagram_encode(&turned, other, size) == size &&
             rpcancel_tested_datagram_decode(defect, other, size, RPCANCEL_LENIENT, &back, &complaint));
    if (!rpcancel_watch_failed()) {
        back.drep[0] = datagram->drep[0];
        HOLD(datagram_byte_order, writes(&back, bytes, size, out));
    }
    free(other);
}

static void read_and_write(enum rpcancel_datagram_defect defect, const uint8_t *bytes, size_t size, uint8_t *out)
{
    struct rpcancel_datagram lenient, strict;
    struct rpcancel_datagram_complaint complaint;
    bool accepted = rpcancel_tested_datagram_decode(defect, bytes, size, RPCANCEL_LENIENT, &lenient, &complaint);
    look_at_complaint(&complaint, accepted, size, RPCANCEL_LENIENT);
    bool is_strict = rpcancel_tested_datagram_decode(defect, bytes, size, RPCANCEL_STRICT, &strict, &complaint);
    look_at_complaint(&complaint, is_strict, size, RPCANCEL_STRICT);
    HOLD(datagram_strict_is_lenient, accepted || !is_strict);
    if (!accepted || rpcancel_watch_failed())
        return;
    HOLD(datagram_size, rpcancel_tested_datagram_size(defect, &lenient) == size);
    HOLD(datagram_round_trip, writes(&lenient, bytes, size, out));
    if (is_strict)
        HOLD(datagram_strict_is_lenient, writes(&strict, bytes, size, out));
    memset(out, 0xA5, size);
    HOLD(datagram_capacity, rpcancel_datagram_encode(&lenient, out, size - 1) == 0 && out[0] == 0xA5);
    turn_around(defect, &lenient, bytes, size, out);
}

void rpcancel_datagram_codec_look(enum rpcancel_datagram_defect defect, const uint8_t *bytes, size_t size)
{
    /* Of exactly that size, so that AddressSanitizer sees who reads beyond. */
    uint8_t *copy = malloc(size ? size : 1), *out = malloc(size ? size : 1);
    if (copy && out) {
        if (size > 0)
            memcpy(copy, bytes, size);
        read_and_write(defect, copy, size, out);
    }
    free(copy);
    free(out);
}
